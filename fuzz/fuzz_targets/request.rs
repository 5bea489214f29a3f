//! Certification requests.
#![no_main]

use certreq::pki::facts::RequestFacts;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(facts) = RequestFacts::from_der(bytes) {
        let _ = format!("{facts:?}");
    }
});
