//! Access tokens: whatever a platform or a token file says, its claims can be shown.
#![no_main]

use certreq::platform::dojot::Token;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Some(token) = Token::new(text) {
        let _ = format!("{:?}", token.claims());
    }
});
