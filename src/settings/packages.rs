//! `certreq completions` and `certreq man`: the texts to write, and their place.

use std::path::PathBuf;

use super::config::KEYS;
use crate::{
    cli::packages::{CompletionsArgs, ManArgs},
    commands::pages::{Page, Plan},
    failure::Failure,
    help::{
        completions::{SHELLS, file_name, script},
        manual,
    },
};

/// The script of one shell, or of all.
#[must_use]
pub fn completions(args: CompletionsArgs) -> Plan {
    let shells = args.shell.map_or_else(|| SHELLS.to_vec(), |shell| vec![shell]);
    let pages = shells.into_iter().map(|shell| Page { name: file_name(shell), text: script(shell) });
    plan(args.out, pages)
}

/// One page, or all.
///
/// # Errors
/// A verb that has no page.
pub fn manual(args: ManArgs) -> Result<Plan, Failure> {
    let keys: Vec<(&str, &str)> = KEYS.iter().map(|key| (key.name, key.about)).collect();
    let mut pages = manual::all(&keys);
    if args.out.is_none() {
        let wanted = [&["certreq".to_owned()][..], &args.verb].concat().join("-");
        pages.retain(|page| page.name.rsplit_once('.').is_some_and(|(name, _)| name == wanted));
        if pages.is_empty() {
            return Err(Failure::usage(format!("there is no manual page of {}", args.verb.join(" ")))
                .hint("all verbs: certreq --help"));
        }
    }
    Ok(plan(args.out, pages.into_iter().map(|page| Page { name: page.name, text: page.roff })))
}

fn plan(out: Option<PathBuf>, pages: impl Iterator<Item = Page>) -> Plan {
    Plan { pages: pages.collect(), out }
}
