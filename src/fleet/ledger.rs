//! The journal of commands that revoke or delete certificates: the entry is written before the platform is asked.

use std::{
    fs::File,
    sync::{Mutex, MutexGuard, PoisonError},
};

use super::{
    journal::{Event, Journal, JournalError},
    layout::Layout,
    lock::FleetLock,
    write::{DiskError, at},
};
use crate::pki::{fingerprint::Fingerprint, time::Time};

/// A fleet's journal, open for this process alone.
#[derive(Debug)]
pub struct Ledger {
    journal: Mutex<Journal>,
    _lock: FleetLock,
}

/// One line that is to be written.
#[derive(Clone, Debug)]
pub struct Entry {
    /// The owner as the platform has it; empty when there is none.
    pub device: String,
    /// SHA-256 of the SubjectPublicKeyInfo.
    pub key: Fingerprint,
    pub event: Event,
}

impl Ledger {
    /// Opens the journal of the fleet whose lock is held.
    ///
    /// # Errors
    /// When it is damaged, or cannot be written.
    pub fn open(layout: &Layout, lock: FleetLock, now: fn() -> Time) -> Result<Self, JournalError> {
        Ok(Self { journal: Mutex::new(Journal::open(&layout.journal(), now)?), _lock: lock })
    }

    /// Writes the entries; durable when it returns.
    ///
    /// # Errors
    /// When the disk refuses; none of them was written then.
    pub fn write(&self, entries: impl IntoIterator<Item = Entry>) -> Result<(), DiskError> {
        self.note(entries)?;
        self.flush()
    }

    /// Writes the entries; durable with the next [`Self::flush`]. For the outcome of a step that an earlier line
    /// announced.
    ///
    /// # Errors
    /// When the disk refuses; none of them was written then.
    pub fn note(&self, entries: impl IntoIterator<Item = Entry>) -> Result<(), DiskError> {
        let mut journal = self.journal();
        for Entry { device, key, event } in entries {
            journal.add_for(&device, &key, &event);
        }
        journal.append().map(drop)
    }

    /// Makes durable what was written.
    ///
    /// # Errors
    /// When the disk refuses.
    pub fn flush(&self) -> Result<(), DiskError> {
        let mut journal = self.journal();
        let path = journal.append()?;
        File::open(path).and_then(|file| file.sync_all()).map_err(at(path))
    }

    fn journal(&self) -> MutexGuard<'_, Journal> {
        // A panic elsewhere leaves at most a batch that was not written.
        self.journal.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
