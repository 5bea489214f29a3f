//! Lists of device ids: what is accepted has one safe name as a directory, and that name gives the id again.
#![no_main]

use certreq::{device_id::DeviceId, fleet::id_list};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for column in [None, Some("id")] {
        for id in id_list::from_reader(bytes, column).into_iter().flatten() {
            let name = id.directory_name();
            assert!(name.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_')));
            assert_eq!(DeviceId::from_directory_name(&name), Some(id));
        }
    }
});
