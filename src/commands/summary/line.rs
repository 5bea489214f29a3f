//! One line of `--format json`, as far as it is added up.

use std::borrow::Cow;

use serde::Deserialize;

use crate::fleet::shard::Shard;

#[derive(Deserialize)]
pub(super) struct Line<'a> {
    #[serde(borrow)]
    pub(super) schema: Cow<'a, str>,
    #[serde(borrow, default)]
    pub(super) device: Option<Cow<'a, str>>,
    /// Input that was verified.
    #[serde(borrow, default)]
    pub(super) input: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) fingerprint: Option<Cow<'a, str>>,
    #[serde(borrow, default)]
    pub(super) state: Option<Cow<'a, str>>,
    /// Result of a verified input, in place of the state.
    #[serde(borrow, default)]
    pub(super) verdict: Option<Cow<'a, str>>,
    /// The exit code of a verified input.
    #[serde(default)]
    pub(super) code: u8,
    #[serde(default)]
    pub(super) error: Option<Problem>,
    #[serde(default)]
    pub(super) shard: Option<Shard>,
    /// Of the last line of a shard: the schema of those before, and the exit code.
    #[serde(borrow, default)]
    pub(super) of: Option<Cow<'a, str>>,
    #[serde(default)]
    pub(super) exit: Option<u8>,
}

#[derive(Deserialize)]
pub(super) struct Problem {
    pub(super) code: u8,
}

impl Line<'_> {
    /// Subject of the line: the last line about a subject counts.
    pub(super) fn subject(&self) -> Option<String> {
        let device = self.device.as_ref().or(self.input.as_ref())?;
        // A device may have several certificates that are revoked.
        let certificate = self.fingerprint.as_ref().filter(|_| self.schema.starts_with("certreq.revoke/"));
        Some(match certificate {
            Some(certificate) => format!("{device}\n{certificate}"),
            None => device.clone().into_owned(),
        })
    }

    /// How it ended, and the exit code of that; 0 when all is well.
    pub(super) fn end(&self) -> Option<(&str, u8)> {
        match (&self.state, &self.verdict) {
            (Some(state), _) => Some((state, self.error.as_ref().map_or(0, |error| error.code))),
            (None, Some(verdict)) => Some((verdict, self.code)),
            (None, None) => None,
        }
    }
}
