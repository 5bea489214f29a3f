//! Report of key, csr and join: a line for each device, and a summary.

use serde::Serialize;

use crate::{
    commands::outcomes::{Row, Run, State},
    failure::{Exit, Failure},
    output::count,
    pki::fingerprint::Fingerprint,
};

/// Fields of a device that only these verbs have.
#[derive(Debug, Serialize)]
pub(super) struct Extra {
    /// SHA-256 of the SubjectPublicKeyInfo.
    public_key: Fingerprint,
}

/// The row of a key.
pub(super) fn of_key(device: &str, state: State, public_key: Fingerprint) -> Row<'_, Extra> {
    Row { extra: Some(Extra { public_key }), ..Row::new(device, state) }
}

/// The summary (`3 keys made, 1 there already`), and the exit code.
pub(super) fn finish(
    run: Run<'_>,
    done: usize,
    what: &str,
    verb: &str,
    cause: Option<Exit>,
) -> Result<Exit, Failure> {
    let there = run.number(State::Skipped) + run.number(State::Kept);
    let first = format!("{} {verb}", count(done, what));
    run.ui.note(&run.parts(Some(first), &[(there, "there already")]));
    run.end(cause)
}
