//! Facts of a fleet that need action, for `certreq doctor`: by the same rules as in `certreq status`.

use std::path::Path;

use super::{
    Format, Plan,
    device::{Code, Standing},
    fleet::Fleet,
};
use crate::{
    failure::Failure,
    pki::{certificate::Certificate, state::Within, time::Time},
};

/// A fleet in a few numbers.
#[derive(Debug)]
pub(in crate::commands) struct Glance {
    pub(in crate::commands) devices: usize,
    pub(in crate::commands) valid: usize,
    pub(in crate::commands) soon: usize,
    pub(in crate::commands) expired: Vec<String>,
    pub(in crate::commands) early: Vec<String>,
    pub(in crate::commands) mismatched: Vec<String>,
    pub(in crate::commands) broken: Vec<String>,
    pub(in crate::commands) revoked: Vec<String>,
    /// Devices whose key others than its owner may read.
    pub(in crate::commands) exposed: Vec<String>,
    /// Devices whose key another one has, too.
    pub(in crate::commands) shared: Vec<String>,
    pub(in crate::commands) half_done: Vec<String>,
    /// Keys that the journal has no outcome for.
    pub(in crate::commands) open: Vec<String>,
    pub(in crate::commands) journal_damage: Option<String>,
    /// The journal may be whole, but not for us.
    pub(in crate::commands) journal_is_denied: bool,
    pub(in crate::commands) roots: Vec<Certificate>,
    /// When the list of `ca/crl.pem` ends, if it has one and says so.
    pub(in crate::commands) list_ends: Option<Time>,
    pub(in crate::commands) list_doubt: Option<String>,
    /// The next end of a certificate, and whose.
    pub(in crate::commands) next: Option<(String, Time)>,
}

impl Glance {
    /// Looks at the disk only.
    ///
    /// # Errors
    /// When the directory cannot be listed.
    pub(in crate::commands) fn look(dir: &Path, now: Time) -> Result<Self, Failure> {
        let fleet = Fleet::look(&Plan {
            dirs: vec![dir.to_owned()],
            shard: None,
            now,
            within: Within::default(),
            check: false,
            format: Format::Text,
            columns: None,
            output: None,
            html: None,
            pin: None,
        })?;
        let are = |standing| fleet.that_are(standing).map(|device| device.id.to_string()).collect::<Vec<_>>();
        let with = |code| fleet.with(code).map(|device| device.id.to_string()).collect::<Vec<_>>();
        let mut revoked = are(Standing::Revoked);
        revoked.extend(are(Standing::OnHold));
        Ok(Self {
            devices: fleet.devices.len(),
            valid: fleet.count(Standing::Valid),
            soon: fleet.count(Standing::ExpiresSoon),
            expired: are(Standing::Expired),
            early: are(Standing::NotYetValid),
            mismatched: are(Standing::Mismatched),
            broken: are(Standing::Broken),
            revoked,
            exposed: with(Code::KeyExposed),
            shared: with(Code::KeyShared),
            half_done: fleet.half_done.iter().map(ToString::to_string).collect(),
            open: fleet.journal.open.iter().map(|record| record.device.clone()).collect(),
            journal_is_denied: fleet.journal.is_denied,
            list_ends: fleet.list.as_ref().and_then(|list| list.next_update),
            next: fleet.next(1).first().map(|(device, end)| (device.id.to_string(), *end)),
            list_doubt: fleet.list_doubt,
            journal_damage: fleet.journal.damage,
            roots: fleet.roots,
        })
    }
}
