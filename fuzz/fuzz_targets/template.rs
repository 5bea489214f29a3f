//! Templates of `certreq export`: whatever they say, no file leads out of the directory, and no key is open to others.
#![no_main]

use std::path::Component;

use certreq::fleet::export::Form;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let Ok(text) = std::str::from_utf8(bytes) else { return };
    let Ok(form) = Form::from_template(text) else { return };
    let id = "a1998e".parse().expect("an id");
    for file in &form.files {
        let path = file.name.of(&id);
        assert!(path.components().all(|part| matches!(part, Component::Normal(_))));
        assert!(!file.content.is_secret() || file.mode & 0o077 == 0);
    }
});
