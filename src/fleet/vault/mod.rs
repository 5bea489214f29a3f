//! How pairs reach the disk: one writer, many devices to a disk flush.
//!
//! A pair grows in `.certreq/staged/<id>` and gets its final name in one rename. The writer takes all jobs that wait,
//! writes their files, and has them flushed once for all. Then it renames the complete pairs, and reports a rename only
//! after the next flush made it durable as well. While one batch is flushed the next one is written. One device costs
//! two flushes; a thousand in flight cost a few.

mod flusher;
mod objects;
mod unfinished;
mod writer;

use std::{
    fs::File,
    io::Read,
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

use objects::Objects;
pub use objects::named as named_keys;
use tokio::sync::oneshot;
pub use unfinished::{Left, Unfinished, begun, unfinished};
use writer::Writer;
use zeroize::Zeroizing;

use super::{
    journal::{self, Event, InDoubt, Journal, JournalError},
    layout::Layout,
    write::{self, DiskError, at},
};
use crate::{
    custody,
    device_id::DeviceId,
    pki::{fingerprint::Fingerprint, time::Time, token_key::TokenKey},
};

/// Writes pairs. Clones share the one writer; it ends when the last clone is gone.
#[derive(Clone, Debug)]
pub struct Vault {
    layout: Layout,
    jobs: Arc<Inbox>,
    in_doubt: Arc<Vec<InDoubt>>,
}

/// The way to the writer; the last one to drop it ends it.
#[derive(Debug)]
struct Inbox(mpsc::Sender<Job>, Option<thread::JoinHandle<()>>);

/// The longest wait for a writer that ends.
const FAREWELL: Duration = Duration::from_secs(5);

impl Drop for Inbox {
    /// Waits for the thread, for `FAREWELL` at most: it may have used a PKCS#11 module, and the libraries below such a
    /// module fail when a thread leaves them while the process ends.
    fn drop(&mut self) {
        // The send fails only when the writer has ended already.
        let _ = self.0.send(Job::End);
        let Some(writer) = self.1.take() else { return };
        let until = Instant::now() + FAREWELL;
        while !writer.is_finished() && Instant::now() < until {
            thread::sleep(Duration::from_millis(1));
        }
        if writer.is_finished() {
            // The panic of a writer has printed its message already.
            let _ = writer.join();
        }
    }
}

/// The entry that may stand under the final name when a pair is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occupied {
    /// No entry: one that appeared meanwhile is left alone, and publishing fails.
    Refuse,
    /// A directory: it is archived.
    Archive,
}

/// Which key of which device.
#[derive(Clone, Debug)]
pub struct Subject {
    pub device: DeviceId,
    /// SHA-256 of the SubjectPublicKeyInfo.
    pub key: Fingerprint,
}

/// Why the vault could not do what it was asked.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    #[error(transparent)]
    Disk(#[from] DiskError),
    #[error(transparent)]
    Journal(#[from] JournalError),
    #[error("the thread that writes device files has ended")]
    Gone,
}

/// Octets of the longest request that is read again.
const LONGEST_REQUEST: u64 = 64 * 1024;
impl VaultError {
    /// The user's next step, in words that begin a sentence.
    #[must_use]
    pub fn next_step(&self) -> &'static str {
        match self {
            Self::Disk(error) if error.source.kind() == std::io::ErrorKind::CrossesDevices => {
                "a pair changes in one step, and only on one file system: put .certreq and the device's directory on \
                 the same one"
            }
            _ => "free disk space or repair the directory",
        }
    }
}

type Done = oneshot::Sender<Result<(), VaultError>>;

enum Job {
    Stage(Subject, Zeroizing<String>, Done),
    /// The request of a staged key, to be sent once more as it is.
    Keep(Subject, String, Done),
    /// The certificate beside the staged key, and no final name yet.
    Complete(Box<Publication>, Done),
    Publish(Box<Publication>, Done),
    Discard(Subject),
    /// A line that must be durable before the event that it announces.
    Announce(Subject, Event, Done),
    /// A line that is written with the next batch, without an answer.
    Note(Subject, Event),
    Compact(Done),
    /// From the flusher: the batch under way is durable, or could not be flushed.
    Flushed(Result<(), DiskError>),
    End,
}

/// A checked certificate on its way beside its key.
#[derive(Clone, Debug)]
pub struct Publication {
    pub subject: Subject,
    /// `cert.pem`.
    pub certificate_pem: String,
    pub fingerprint: Fingerprint,
    pub serial: String,
    pub recovered: bool,
    pub request_id: Option<String>,
    pub occupied: Occupied,
    /// Work that is owed once the pair has its final name; the journal knows of it before the pair has it.
    pub owed: Vec<Event>,
    /// How many replaced pairs of the device stay in the archive; `None`: all.
    pub keep: Option<usize>,
    /// The text of `services.json`: the services that accept the certificate, where the platform names them.
    pub services: Option<String>,
}

impl Vault {
    /// Starts the writer.
    ///
    /// # Errors
    /// When the directory for staged pairs cannot be made, or the journal is damaged.
    pub fn open(layout: Layout, now: fn() -> Time) -> Result<Self, VaultError> {
        let staging = layout.staging();
        write::create_directory(&layout.own(), 0o700)?;
        write::create_directory(&staging, 0o700)?;
        let directory = File::open(&staging).map_err(at(&staging))?;
        let mut journal = Journal::open(&layout.journal(), now)?;
        unfinished::complete_journal(&layout, &mut journal)?;
        let objects = Objects::settle(&layout, &mut journal)?;
        let in_doubt = Arc::new(journal::in_doubt(&layout.journal())?);
        let (jobs, inbox) = mpsc::channel();
        let flusher =
            flusher::start(directory, layout.root().to_owned(), jobs.clone()).map_err(at(&staging))?;
        let writer =
            Writer::new(layout.clone(), journal, objects, flusher).start(inbox).map_err(at(&staging))?;
        Ok(Self { layout, jobs: Arc::new(Inbox(jobs, Some(writer))), in_doubt })
    }

    /// The keys in doubt: earlier runs ended before they looked for further certificates of these keys.
    #[must_use]
    pub fn in_doubt(&self) -> &[InDoubt] {
        &self.in_doubt
    }

    /// Puts a new key on disk. Durable when it returns: only now may its CSR leave the machine.
    ///
    /// # Errors
    /// When the disk refuses; nothing is left behind that looks like a key.
    pub async fn stage(&self, subject: Subject, key_pem: Zeroizing<String>) -> Result<(), VaultError> {
        self.run(|done| Job::Stage(subject, key_pem, done)).await
    }

    /// Keeps the request of a staged key: a platform that has to approve it may know it by its bytes. Durable when
    /// it returns.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn keep_request(&self, subject: Subject, csr_pem: String) -> Result<(), VaultError> {
        self.run(|done| Job::Keep(subject, csr_pem, done)).await
    }

    /// The key in a token that the staged directory of a device names.
    #[must_use]
    pub fn staged_token_key(&self, device: &DeviceId) -> Option<TokenKey> {
        objects::key_in(&self.layout.staged(device))
    }

    /// The request that an earlier run kept; `None` when there is none that can be read.
    #[must_use]
    pub fn kept_request(&self, device: &DeviceId) -> Option<String> {
        let file = custody::open_own(&self.layout.request(device)).ok()?;
        let mut text = String::new();
        file.take(LONGEST_REQUEST).read_to_string(&mut text).ok()?;
        Some(text.trim_end().to_owned())
    }

    /// Adds the checked certificate to the staged key, without giving the pair its final name: [`Self::publish`] does
    /// that afterwards. Durable when it returns.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn complete(&self, publication: Publication) -> Result<(), VaultError> {
        self.run(|done| Job::Complete(Box::new(publication), done)).await
    }

    /// Adds the checked certificate to the staged key and gives the pair its final name. Durable when it returns.
    ///
    /// # Errors
    /// When the disk refuses, or something has the final name: the staged pair stays for the next run.
    pub async fn publish(&self, publication: Publication) -> Result<(), VaultError> {
        self.run(|done| Job::Publish(Box::new(publication), done)).await
    }

    /// Adds a line to the journal. Durable when it returns.
    ///
    /// # Errors
    /// When the disk refuses.
    pub async fn announce(&self, subject: Subject, event: Event) -> Result<(), VaultError> {
        self.run(|done| Job::Announce(subject, event, done)).await
    }

    /// Adds a line to the journal, durable with the next key or certificate.
    pub fn note(&self, subject: Subject, event: Event) {
        // The send fails only when the thread is gone; the next stage or publish says so.
        let _ = self.jobs.0.send(Job::Note(subject, event));
    }

    /// Removes a staged key that certainly has no certificate and never gets one.
    pub fn discard(&self, subject: Subject) {
        // The send fails only when the thread is gone; the key then stays, and the next run looks at it again.
        let _ = self.jobs.0.send(Job::Discard(subject));
    }

    /// Shortens the journal; for the end of a complete run.
    ///
    /// # Errors
    /// When it cannot be rewritten; it stays as it was.
    pub async fn compact(&self) -> Result<(), VaultError> {
        self.run(Job::Compact).await
    }

    async fn run(&self, job: impl FnOnce(Done) -> Job) -> Result<(), VaultError> {
        let (done, answer) = oneshot::channel();
        self.jobs.0.send(job(done)).map_err(|_| VaultError::Gone)?;
        answer.await.unwrap_or(Err(VaultError::Gone))
    }
}
