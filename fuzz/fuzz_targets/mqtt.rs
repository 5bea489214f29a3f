//! MQTT packets of a broker, both versions: taking them one by one ends, and takes nothing that was not there.
#![no_main]

use certreq::connection::mqtt::{Version, codec};

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    for version in [Version::V311, Version::V5] {
        let mut buffer = bytes.to_vec();
        let mut left = buffer.len();
        while let Ok(Some(packet)) = codec::take(&mut buffer, version) {
            let _ = format!("{packet:?}");
            assert!(buffer.len() < left && bytes.ends_with(&buffer));
            left = buffer.len();
        }
    }
});
