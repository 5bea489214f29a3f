//! Mistakes that deserve a better word than the parser's.

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use crate::failure::Failure;

/// What clap says less well: `-h` alone, where most programs print help, and flags before the verb.
pub(crate) fn explain(error: &Error) -> Option<Failure> {
    match error.kind() {
        ErrorKind::InvalidValue => lonely_host(error),
        ErrorKind::ArgumentConflict => before_the_verb(error),
        _ => None,
    }
}

fn lonely_host(error: &Error) -> Option<Failure> {
    let is_host = text(error, ContextKind::InvalidArg).starts_with("--host");
    (is_host && text(error, ContextKind::InvalidValue).is_empty()).then(|| {
        Failure::usage("-h is the host of the platform, and no host follows it")
            .hint("help is --help, of a verb: certreq help VERB")
            .hint("name the host: -h 10.0.0.2, -h https://platform.example:8443")
    })
}

fn before_the_verb(error: &Error) -> Option<Failure> {
    let verb = text(error, ContextKind::InvalidSubcommand);
    (!verb.is_empty()).then(|| {
        Failure::usage(format!("flags stand before the verb {verb}"))
            .hint(format!("put them behind it: certreq {verb} ..."))
    })
}

fn text(error: &Error, kind: ContextKind) -> &str {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text,
        _ => "",
    }
}
