//! PKCS#12 files. Long key derivations are cut off: they are slow on purpose and teach nothing.
#![no_main]

use certreq::pki::sniff::sniff;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    assert!(!sniff(bytes, Some("sesame")).is_empty());
});
