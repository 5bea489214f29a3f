//! PKCS#7 bundles, bare and in PEM: what comes out of one is what was in it.
#![no_main]

use certreq::pki::{
    pem,
    sniff::{Encoding, sniff},
};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for found in sniff(bytes, None).into_iter().flatten() {
        if found.encoding == Encoding::Pkcs7 {
            let _ = format!("{found:?}");
        }
    }
    assert!(!sniff(pem::encode("PKCS7", bytes).as_bytes(), None).is_empty());
});
