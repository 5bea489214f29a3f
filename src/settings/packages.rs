//! `certreq completions` and `certreq man`: what is to be written, and where.

use std::path::PathBuf;

use super::config::KEYS;
use crate::{
    cli::packages::{CompletionsArgs, ManArgs},
    commands::pages::{Page, Plan},
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
#[must_use]
pub fn manual(args: ManArgs) -> Plan {
    let keys: Vec<(&str, &str)> = KEYS.iter().map(|key| (key.name, key.about)).collect();
    let pages = if args.out.is_some() { manual::all(&keys) } else { vec![manual::own()] };
    plan(args.out, pages.into_iter().map(|page| Page { name: page.name, text: page.roff }))
}

fn plan(out: Option<PathBuf>, pages: impl Iterator<Item = Page>) -> Plan {
    Plan { pages: pages.collect(), out }
}
