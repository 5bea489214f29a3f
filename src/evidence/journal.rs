//! Facts about certificates in a directory's journal: which were revoked from here, and which were checked before
//! they were published here.

use std::collections::{HashMap, HashSet};

use crate::{
    fleet::{
        journal::{self, Event, JournalError, Record, RevocationStep},
        layout::Layout,
    },
    pki::{fingerprint::Fingerprint, time::Time},
};

/// A journal, read once.
#[derive(Debug, Default)]
pub struct Journal {
    /// Its path, as it is shown.
    pub source: String,
    revoked: HashMap<Fingerprint, Time>,
    /// Certificates that were checked, signature included, before this directory got them.
    vouched: HashSet<Fingerprint>,
    /// The last record of every key whose outcome is not settled.
    pub open: Vec<Record>,
    /// The reason why the journal cannot be read to its end.
    pub damage: Option<String>,
    /// The journal cannot be read for lack of permission; it may be undamaged.
    pub is_denied: bool,
}

impl Journal {
    /// Reads it; a directory without one has an empty journal.
    #[must_use]
    pub fn read(layout: &Layout) -> Self {
        let path = layout.journal();
        let mut journal = Self { source: path.display().to_string(), ..Self::default() };
        let (mut revoked, mut vouched) = (HashMap::new(), HashSet::new());
        let read = journal::open_records(&path, |record| match &record.event {
            Event::Published { fingerprint, .. } | Event::Answered { fingerprint, .. } => {
                vouched.extend(fingerprint.parse::<Fingerprint>());
            }
            Event::Revocation { fingerprint, step: RevocationStep::Done, .. } => {
                if let (Ok(fingerprint), Some(at)) = (fingerprint.parse(), Time::from_rfc3339(&record.at)) {
                    revoked.entry(fingerprint).or_insert(at);
                }
            }
            _ => {}
        });
        journal.revoked = revoked;
        journal.vouched = vouched;
        match read {
            Ok(open) => journal.open = open,
            Err(JournalError::Disk(error)) if error.source.kind() == std::io::ErrorKind::PermissionDenied => {
                journal.damage = Some("it cannot be read: permission denied".to_owned());
                journal.is_denied = true;
            }
            Err(error) => journal.damage = Some(error.to_string()),
        }
        journal
    }

    /// When the platform said that it revoked this certificate.
    #[must_use]
    pub fn revoked_at(&self, certificate: &Fingerprint) -> Option<Time> {
        self.revoked.get(certificate).copied()
    }

    /// This directory checked the certificate before it published it.
    #[must_use]
    pub fn vouches_for(&self, certificate: &Fingerprint) -> bool {
        self.vouched.contains(certificate)
    }

    /// It names at least one revocation.
    #[must_use]
    pub fn has_revocations(&self) -> bool {
        !self.revoked.is_empty()
    }
}
