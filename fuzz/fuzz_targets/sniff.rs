//! Whatever is put in, recognising it ends, and what was recognised can be shown.
#![no_main]

use certreq::pki::sniff::sniff;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let results = sniff(bytes, Some("sesame"));
    assert!(!results.is_empty());
    for result in results {
        let _ = format!("{result:?}");
    }
});
