//! PEM: the strict reader of our own files, and the one that takes what people have.
#![no_main]

use certreq::pki::{certificate::Certificate, sniff::sniff};

libfuzzer_sys::fuzz_target!(|text: &str| {
    let _ = Certificate::all_from_pem(text);
    assert!(!sniff(text.as_bytes(), None).is_empty());
});
