//! Where a server is: what is accepted can be written and read again.
#![no_main]

use certreq::evidence::endpoint::Endpoint;

libfuzzer_sys::fuzz_target!(|text: &str| {
    if let Ok(endpoint) = text.parse::<Endpoint>() {
        assert_eq!(endpoint.to_string().parse(), Ok(endpoint));
    }
});
