//! Pages of certreq and its verbs, from clap's arguments and the texts of the verbs.

use std::collections::BTreeMap;

use clap::{ArgAction, Command};
use clap_mangen::Man;

use super::{Page, page::Sections};
use crate::help::{self, GROUPS, Text};

/// Flags that every verb has; certreq's own page describes only them.
const EVERYWHERE: [&str; 7] = ["help", "help_all", "verbose", "quiet", "json", "color", "profile"];

/// The command with the parts that clap adds when it parses: full names, and the flags every verb has.
pub(super) fn built(command: Command) -> Command {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    command
}

/// `certreq.1`
pub(super) fn own(command: &Command) -> Page {
    let short = command.clone().mut_args(|arg| {
        let hidden =
            !EVERYWHERE.contains(&arg.get_id().as_str()) && !matches!(arg.get_action(), ArgAction::Version);
        arg.hide(hidden)
    });
    let mut head = Sections::titled("certreq", "1");
    head.heading("NAME").prose(&format!("certreq - {}", about(command)));
    head.heading("SYNOPSIS")
        .listing("certreq [issue] -h HOST [-p PORT] -i ID[,ID...] -u USER\ncertreq VERB ...");
    head.heading("DESCRIPTION").prose(DESCRIPTION);
    for (group, verbs) in GROUPS {
        head.heading(&format!("VERBS: {}", group.to_uppercase()));
        for verb in verbs.iter().filter_map(|verb| command.find_subcommand(verb)) {
            head.entry(&format!("certreq-{}(1)", verb.get_name()), None, &about(verb));
        }
    }
    let mut tail = Sections::continued();
    tail.heading("EXAMPLES").listing(help::EXAMPLES);
    tail.heading("EXIT STATUS");
    for (code, meaning) in CODES {
        tail.entry(code, None, meaning);
    }
    environment(&mut tail, &short);
    files(&mut tail, command);
    let verbs =
        command.get_subcommands().map(|verb| format!("certreq-{}", verb.get_name())).collect::<Vec<_>>();
    let others = [("certreq.toml", "5"), ("certreq-json", "7")];
    tail.see_also(verbs.iter().map(|verb| (verb.as_str(), "1")).chain(others));
    Page { name: "certreq.1".to_owned(), roff: head.roff() + &options(&short) + &tail.roff() }
}

/// The pages of the verbs of a command, and of theirs.
pub(super) fn below(command: &Command, pages: &mut Vec<Page>) {
    for verb in command.get_subcommands() {
        pages.push(page(verb));
        below(verb, pages);
    }
}

fn page(verb: &Command) -> Page {
    let name = verb.get_display_name().unwrap_or_else(|| verb.get_name());
    let text = Text::of(verb);
    let mut head = Sections::titled(name, "1");
    head.heading("NAME").prose(&format!("{name} - {}", about(verb)));
    head.heading("SYNOPSIS").listing(&synopsis(verb));
    head.heading("DESCRIPTION").prose(&format!("{}.", about(verb)));
    if let Some(notes) = &text.notes {
        head.prose(&format!("\n\n{notes}"));
    }
    if let Some(examples) = &text.examples {
        head.heading("EXAMPLES").listing(examples);
    }
    let mut tail = Sections::continued();
    if verb.has_subcommands() {
        tail.heading("VERBS");
        for nested in verb.get_subcommands() {
            tail.entry(&format!("{name}-{}(1)", nested.get_name()), None, &about(nested));
        }
    }
    if let Some(exits) = &text.exits {
        tail.heading("EXIT STATUS").prose(exits);
    }
    environment(&mut tail, verb);
    files(&mut tail, verb);
    tail.see_also([("certreq", "1"), ("certreq.toml", "5"), ("certreq-json", "7")]);
    let roff = head.roff() + &options(verb) + &tail.roff();
    Page { name: format!("{name}.1"), roff }
}

fn about(command: &Command) -> String {
    command.get_about().map(ToString::to_string).unwrap_or_default()
}

fn synopsis(verb: &Command) -> String {
    let usage = verb.clone().render_usage().to_string();
    let lines = usage.trim_start_matches("Usage:").lines();
    lines.map(str::trim).filter(|line| !line.is_empty()).collect::<Vec<_>>().join("\n")
}

fn options(command: &Command) -> String {
    let mut roff = Vec::new();
    // A vector takes everything.
    let _ = Man::new(command.clone()).render_options_section(&mut roff);
    let roff = String::from_utf8_lossy(&roff);
    // The page has the text before the first heading (`.SH`) already.
    roff.find(".SH").map(|start| roff[start..].to_owned()).unwrap_or_default()
}

fn environment(page: &mut Sections, command: &Command) {
    page.heading("ENVIRONMENT");
    let flags =
        command.get_arguments().filter(|arg| !arg.is_hide_set() && !arg.is_hide_env_set()).filter_map(|arg| {
            let (variable, flag) = (arg.get_env()?.to_string_lossy().into_owned(), arg.get_long()?);
            Some((variable, format!("As --{flag}, which is stronger.")))
        });
    let mut variables: BTreeMap<String, String> = flags.collect();
    for variable in help::variables(command) {
        let (first, rest) = variable.about.split_at(1);
        variables.insert(variable.name.to_owned(), format!("{}{rest}.", first.to_uppercase()));
    }
    for (name, about) in variables {
        page.entry(&name, None, &about);
    }
}

fn files(page: &mut Sections, command: &Command) {
    let has = |flag: &str| command.get_arguments().any(|arg| arg.get_id() == flag && !arg.is_hide_set());
    page.heading("FILES");
    if has("dir") && command.get_name() != "serve" {
        for (name, about) in FLEET {
            page.entry(name, None, about);
        }
    }
    if has("local") || command.get_name() == "serve" {
        page.entry(
            "~/.local/share/certreq/authority/",
            None,
            "The embedded authority, where no directory is named.",
        );
    }
    page.entry(
        "~/.config/certreq/config.toml, /etc/certreq/config.toml",
        None,
        "Profiles; see certreq.toml(5).",
    );
}

const DESCRIPTION: &str = "\
certreq gives each device of a fleet its identity: a key pair made locally, a certificate signed by the platform, and \
the platform's root certificate. Later it inspects, verifies, renews and revokes the certificates.

Without a verb, certreq issues: certreq -i a1998e ... is certreq issue -i a1998e ..., with the options of \
certreq-issue(1). -h is the host; help is --help.

Data goes to stdout, everything else to stderr. Without a terminal certreq never prompts.";

const CODES: &[(&str, &str)] = &[
    ("0", "Everything is as required."),
    ("1", "The command failed."),
    ("2", "Wrong usage."),
    ("3", "Some devices succeeded, and others failed."),
    ("4", "The platform refused the login or the action."),
    ("5", "The platform cannot be reached, or is overloaded: try later."),
    ("6", "Stopped by a safety check: another root, another key, a directory that would be overwritten."),
    ("10", "The certificate expires soon."),
    ("11", "It expired."),
    ("12", "It was revoked, or is on hold."),
    ("13", "It is not valid yet."),
    ("14", "It is not trusted, or does not match."),
    ("15", "Revocation cannot be determined."),
    ("130", "Interrupted; started again, it continues."),
];

const FLEET: &[(&str, &str)] = &[
    ("ca/ca.pem", "The platform's root certificate."),
    ("ca/crl.pem", "Its revocation list, when it has one."),
    ("cert_<id>/private.key", "The key of a device: PKCS#8 in PEM, readable by its owner alone."),
    ("cert_<id>/cert.pem", "Its certificate, then the intermediates."),
    (".certreq/", "The journal, keys without a certificate yet, and replaced pairs."),
];
