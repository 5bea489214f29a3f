//! Private keys in every format.
#![no_main]

use certreq::pki::{
    facts::private_key::{KeyFormat, PrivateKeyFacts},
    sniff,
};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for format in [KeyFormat::Pkcs8, KeyFormat::Pkcs1, KeyFormat::Sec1] {
        let _ = PrivateKeyFacts::from_der(bytes, format);
    }
    let _ = PrivateKeyFacts::from_encrypted(bytes, None);
    let _ = sniff::private_key(bytes, None);
    let _ = sniff::private_key(bytes, Some("secret"));
    let _ = sniff::certificates(bytes, None);
    let _ = sniff::lists(bytes.to_vec(), None);
});
