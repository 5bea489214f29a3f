//! See the library: this is only the door.

use std::process::ExitCode;

fn main() -> ExitCode {
    // The one provider of cryptography; a second installation in the same process changes nothing.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    certreq::app::run(std::env::args_os())
}
