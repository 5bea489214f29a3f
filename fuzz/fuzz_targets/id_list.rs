//! Lists of device ids: what is accepted is a plain name.
#![no_main]

use certreq::fleet::id_list;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for column in [None, Some("id")] {
        for id in id_list::from_reader(bytes, column).into_iter().flatten() {
            assert!(id.as_str().bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-'));
        }
    }
});
