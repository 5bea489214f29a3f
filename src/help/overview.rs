//! `certreq` alone: the verbs, by what one wants to do.

use std::fmt::Write;

use clap::Command;

/// What one wants to do, and the verbs for it.
pub const GROUPS: &[(&str, &[&str])] = &[
    ("Get", &["issue", "register", "key", "csr", "join"]),
    ("Keep alive", &["renew", "revoke", "ca"]),
    ("Know", &["inspect", "verify", "status", "summary", "whoami", "doctor"]),
    ("Platform", &["list", "devices", "login", "logout", "config"]),
    ("Prove", &["connect", "export"]),
    ("Lab", &["serve", "authority", "est", "oob", "discover"]),
    ("Package", &["completions", "man"]),
];

pub(crate) const EXAMPLES: &str = "  certreq issue --local a1998e          try it: no platform is needed
  certreq -h HOST -i a1998e -u admin    issue, as the shell tool did
  certreq inspect cert_a1998e           what is in it, and is it well?
  certreq help issue                    all about a verb; see man certreq";

const END: &str = "\
Without a verb, certreq issues. -h is the host; help is --help.
Exit codes: 0 done, 1 failed, 2 wrong usage, 3 some devices failed, 4 the
platform refused, 5 it cannot be reached, 6 stopped by a safety check, 10 to 15
what verify found (certreq help verify), 130 interrupted.";

pub(super) fn text(command: &Command) -> String {
    let (header, literal) = (*command.get_styles().get_header(), *command.get_styles().get_literal());
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let mut text = format!("{about}\n\n{header}Examples:{header:#}\n{EXAMPLES}\n\n");
    let _ = write!(text, "{header}Usage:{header:#} {literal}certreq{literal:#} VERB ...\n\n");
    for (group, verbs) in GROUPS {
        let (mut label, mut pad) = (*group, 11 - group.len());
        for verb in verbs.iter().filter_map(|verb| command.find_subcommand(verb)) {
            let name = verb.get_name();
            let about = purpose(verb);
            let _ =
                writeln!(text, "  {header}{label}{header:#}{:pad$} {literal}{name:<11}{literal:#} {about}", "");
            (label, pad) = ("", 11);
        }
    }
    let _ = write!(text, "\n{END}\n");
    text
}

/// The first part of a verb's line: what follows a colon or semicolon are details.
fn purpose(verb: &Command) -> String {
    let about = verb.get_about().map(ToString::to_string).unwrap_or_default();
    about.split([':', ';']).next().unwrap_or_default().to_owned()
}
