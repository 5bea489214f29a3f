//! Requests that come to the EST server.
#![no_main]

use certreq::authority::Application;

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    if let Ok(application) = Application::read(bytes) {
        let _ = application.key();
    }
});
