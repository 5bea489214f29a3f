//! The journal of a fleet: whatever is in the file, reading it ends, and what is read can be shown.
#![no_main]

use std::{cell::RefCell, fs, path::PathBuf};

use certreq::fleet::journal;

thread_local! {
    static FILE: RefCell<PathBuf> =
        RefCell::new(std::env::temp_dir().join(format!("certreq-fuzz-journal-{}", std::process::id())));
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    FILE.with_borrow(|file| {
        fs::write(file, bytes).expect("the temporary directory can be written");
        let _ = journal::each(file, |record| drop(format!("{record:?}")));
        let _ = journal::open_records(file, |_| {});
    });
});
