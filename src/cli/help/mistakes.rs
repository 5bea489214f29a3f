//! Mistakes that deserve a better word than the parser's.

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use crate::failure::Failure;

/// `-h` alone: most programs would print help.
pub(crate) fn explain(error: &Error) -> Option<Failure> {
    let text = |kind| match error.get(kind) {
        Some(ContextValue::String(text)) => text.as_str(),
        _ => "",
    };
    let is_host = text(ContextKind::InvalidArg).starts_with("--host");
    (error.kind() == ErrorKind::InvalidValue && is_host && text(ContextKind::InvalidValue).is_empty()).then(
        || {
            Failure::usage("-h is the host of the platform, and no host follows it")
                .hint("help is --help, of a verb: certreq help VERB")
                .hint("name the host: -h 10.0.0.2, -h https://platform.example:8443")
        },
    )
}
