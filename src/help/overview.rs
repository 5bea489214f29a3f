//! `certreq` alone: the verbs, by task.

use std::fmt::Write;

use clap::Command;

use super::{WIDTH, fitted};

/// Tasks, and the verbs for each.
pub const GROUPS: &[(&str, &[&str])] = &[
    ("Get", &["issue", "register", "key", "csr", "join"]),
    ("Maintain", &["renew", "revoke", "ca"]),
    ("Inspect", &["inspect", "verify", "status", "summary", "whoami", "doctor"]),
    ("Platform", &["list", "devices", "login", "logout", "config"]),
    ("Use", &["connect", "export"]),
    ("Lab", &["serve", "authority", "est", "oob", "discover"]),
    ("Package", &["completions", "man"]),
];

pub(crate) const EXAMPLES: &str = "  certreq issue --local a1998e          a first try, without a platform
  certreq -h HOST -i a1998e -u admin    issue, as the shell tool did
  certreq inspect cert_a1998e           show a certificate and its problems
  certreq help issue                    help for a verb; also: certreq man";

/// The column at which the purpose of a verb begins.
const ABOUT: usize = 26;

const END: [&str; 2] = [
    "Without a verb, certreq issues. -h is the host; help is --help.",
    "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 some devices failed, 4 the platform refused, 5 it cannot be \
     reached, 6 stopped by a safety check, 10 to 15 the result of verify (certreq help verify), 130 interrupted.",
];

pub(super) fn text(command: &Command) -> String {
    let (header, literal) = (*command.get_styles().get_header(), *command.get_styles().get_literal());
    let about = command.get_about().map(ToString::to_string).unwrap_or_default();
    let width = fitted::width(WIDTH);
    let (about, examples) = (fitted::paragraph(&about, width), fitted::examples(EXAMPLES, width));
    let mut text = format!("{about}\n\n{header}Examples:{header:#}\n{examples}\n\n");
    let _ = write!(text, "{header}Usage:{header:#} {literal}certreq{literal:#} VERB ...\n\n");
    for (group, verbs) in GROUPS {
        let (mut label, mut pad) = (*group, 11 - group.len());
        for verb in verbs.iter().filter_map(|verb| command.find_subcommand(verb)) {
            let name = verb.get_name();
            let about = fitted::beside("", &purpose(verb), ABOUT, width);
            let _ =
                writeln!(text, "  {header}{label}{header:#}{:pad$} {literal}{name:<11}{literal:#} {about}", "");
            (label, pad) = ("", 11);
        }
    }
    for paragraph in END {
        let _ = write!(text, "\n{}", fitted::paragraph(paragraph, width));
    }
    text.push('\n');
    text
}

/// The first part of a verb's line: details follow a colon or semicolon.
fn purpose(verb: &Command) -> String {
    let about = verb.get_about().map(ToString::to_string).unwrap_or_default();
    about.split([':', ';']).next().unwrap_or_default().to_owned()
}
