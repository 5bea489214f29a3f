//! Mistakes that deserve a better word than the parser's.

use clap::error::{ContextKind, ContextValue, Error, ErrorKind};

use crate::failure::Failure;

/// Explains mistakes better than clap: `-h` alone, where most programs print help, and flags before the verb.
pub(crate) fn explain(error: &Error) -> Option<Failure> {
    match error.kind() {
        ErrorKind::InvalidValue => lonely_host(error),
        ErrorKind::ArgumentConflict => before_the_verb(error),
        ErrorKind::InvalidSubcommand => other_word(error),
        _ => None,
    }
}

/// Verbs as other tools call them.
const OTHER_WORDS: [(&str, &[&str]); 10] = [
    (
        "issue",
        &["create", "new", "generate", "gen", "request", "req", "enroll", "enrol", "sign", "obtain", "get"],
    ),
    ("renew", &["update", "rotate", "refresh", "reissue", "rekey"]),
    ("revoke", &["delete", "remove", "rm", "ban"]),
    ("inspect", &["show", "info", "view", "print", "cat", "x509", "dump", "read", "describe"]),
    ("verify", &["check", "validate", "test"]),
    ("list", &["ls", "certificates", "certs"]),
    ("serve", &["server", "start", "run", "daemon"]),
    ("doctor", &["diagnose", "debug", "health"]),
    ("connect", &["ping", "try", "probe"]),
    ("config", &["configure", "settings", "profile", "profiles"]),
];

fn other_word(error: &Error) -> Option<Failure> {
    let typed = text(error, ContextKind::InvalidSubcommand);
    let verb = OTHER_WORDS.iter().find(|(_, words)| words.contains(&typed)).map(|(verb, _)| verb)?;
    Some(
        Failure::usage(format!("certreq has no verb {typed}"))
            .hint(format!("most likely it is: certreq {verb}"))
            .hint("all verbs: certreq --help"),
    )
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
        Failure::usage(format!("these flags must follow the verb {verb}"))
            .hint(format!("write: certreq {verb} ..."))
    })
}

fn text(error: &Error, kind: ContextKind) -> &str {
    match error.get(kind) {
        Some(ContextValue::String(text)) => text,
        _ => "",
    }
}
