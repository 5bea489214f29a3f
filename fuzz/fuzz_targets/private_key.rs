//! Private keys in every format.
#![no_main]

use certreq::pki::{
    facts::private_key::{KeyFormat, PrivateKeyFacts},
    pkcs8,
};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for format in [KeyFormat::Pkcs8, KeyFormat::Pkcs1, KeyFormat::Sec1] {
        let _ = PrivateKeyFacts::from_der(bytes, format);
    }
    let _ = PrivateKeyFacts::from_encrypted(bytes, None);
    if let Ok(text) = std::str::from_utf8(bytes) {
        let _ = pkcs8::from_pem(text);
    }
});
