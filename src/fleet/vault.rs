//! How pairs reach the disk: one thread, many devices to a disk flush.
//!
//! A pair grows in `.certreq/staged/<id>` and gets its final name in one rename. The thread takes whatever is
//! waiting, writes it, flushes once for all of it, renames what is complete, and reports a rename only after the
//! next flush made it durable as well. One device costs two flushes; a thousand in flight cost a few.

use std::{
    fs::{self, File},
    io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
};

use tokio::sync::oneshot;
use zeroize::Zeroizing;

use super::{
    device_id::DeviceId,
    journal::{Event, Journal, JournalError},
    layout::{CERTIFICATE_FILE, KEY_FILE, Layout},
    scan,
    write::{self, DiskError, at},
};
use crate::pki::{fingerprint::Fingerprint, key::PrivateKey, time::Time};

/// The most jobs one flush serves; bounds how long the first of them waits.
const BATCH: usize = 256;

/// Writes pairs. Clones share the one thread; it ends when the last clone is gone.
#[derive(Clone, Debug)]
pub struct Vault {
    jobs: mpsc::Sender<Job>,
}

/// What may stand under the final name when a pair is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Occupied {
    /// Nothing: anything that appeared meanwhile is left alone.
    Refuse,
    /// A directory: it is archived.
    Archive,
}

/// Work that an earlier run left unfinished.
#[derive(Debug)]
pub struct Unfinished {
    pub device: DeviceId,
    /// The key whose certificate may exist already.
    pub key: PrivateKey,
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

type Done = oneshot::Sender<Result<(), VaultError>>;

enum Job {
    Stage(Subject, Zeroizing<String>, Done),
    Publish(Box<Publication>, Done),
    /// Written with the next batch; nobody waits for it.
    Note(Subject, Event),
    Compact(Done),
}

/// A checked certificate on its way beside its key.
#[derive(Debug)]
pub struct Publication {
    pub subject: Subject,
    /// `cert.pem`.
    pub certificate_pem: String,
    pub fingerprint: Fingerprint,
    pub serial: String,
    pub recovered: bool,
    pub request_id: Option<String>,
    pub occupied: Occupied,
}

impl Vault {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the directory for staged pairs cannot be made, or the journal is damaged.
    pub fn open(layout: Layout, now: fn() -> Time) -> Result<Self, VaultError> {
        let staging = layout.staging();
        write::create_directory(&layout.own(), 0o700)?;
        write::create_directory(&staging, 0o700)?;
        let directory = File::open(&staging).map_err(at(&staging))?;
        let journal = Journal::open(&layout.journal(), now)?;
        let (jobs, inbox) = mpsc::channel();
        let writer = Writer { layout, directory, journal, renamed: Vec::new() };
        thread::Builder::new()
            .name("vault".to_owned())
            .spawn(move || writer.work_off(&inbox))
            .map_err(at(&staging))?;
        Ok(Self { jobs })
    }

    /// Puts a new key on disk. Durable when it returns: only now may its CSR leave the machine.
    ///
    /// # Errors
    /// When the disk refuses; nothing is left behind that looks like a key.
    pub async fn stage(&self, subject: Subject, key_pem: Zeroizing<String>) -> Result<(), VaultError> {
        self.run(|done| Job::Stage(subject, key_pem, done)).await
    }

    /// Adds the checked certificate to the staged key and gives the pair its final name. Durable when it returns.
    ///
    /// # Errors
    /// When the disk refuses, or something has the final name: the staged pair stays for the next run.
    pub async fn publish(&self, publication: Publication) -> Result<(), VaultError> {
        self.run(|done| Job::Publish(Box::new(publication), done)).await
    }

    /// Adds a line to the journal, durable with the next key or certificate.
    pub fn note(&self, subject: Subject, event: Event) {
        // When the thread is gone the next stage or publish says so.
        let _ = self.jobs.send(Job::Note(subject, event));
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
        self.jobs.send(job(done)).map_err(|_| VaultError::Gone)?;
        answer.await.unwrap_or(Err(VaultError::Gone))
    }
}

struct Writer {
    layout: Layout,
    /// An open directory on the file system that is flushed.
    directory: File,
    journal: Journal,
    /// Renamed, but not known to be durable yet.
    renamed: Vec<Done>,
}

impl Writer {
    fn work_off(mut self, inbox: &mpsc::Receiver<Job>) {
        loop {
            let mut batch = Vec::new();
            if self.renamed.is_empty() {
                match inbox.recv() {
                    Ok(job) => batch.push(job),
                    Err(mpsc::RecvError) => return,
                }
            }
            batch.extend(inbox.try_iter().take(BATCH));
            self.commit(batch);
        }
    }

    fn commit(&mut self, batch: Vec<Job>) {
        let mut written = Vec::new();
        let mut compactions = Vec::new();
        let mut paths = Vec::new();
        for job in batch {
            match self.write(&job, &mut paths) {
                Err(error) => answer(job, Err(error.into())),
                Ok(()) => match job {
                    Job::Note(subject, event) => self.journal.add(&subject.device, &subject.key, event),
                    Job::Compact(done) => compactions.push(done),
                    Job::Stage(..) | Job::Publish(..) => written.push(job),
                },
            }
        }
        if written.is_empty() && self.renamed.is_empty() && compactions.is_empty() {
            // Only notes: they need not be durable before what they are written beside. Should the disk refuse them,
            // it refuses the next key or certificate as well, which is told.
            let _ = self.journal.append();
            return;
        }
        let flushed = self.flush(paths);
        for done in std::mem::take(&mut self.renamed) {
            let _ = done.send(again(&flushed));
        }
        for job in written {
            if flushed.is_err() {
                self.take_back(&job);
                answer(job, again(&flushed));
            } else {
                self.complete(job);
            }
        }
        for done in compactions {
            let _ = done.send(self.journal.compact().map_err(VaultError::from));
        }
    }

    /// One flush for all of it: keys, certificates, journal, and the renames of the batch before.
    fn flush(&mut self, mut paths: Vec<PathBuf>) -> Result<(), DiskError> {
        paths.push(self.journal.append()?.to_owned());
        if !self.renamed.is_empty() {
            paths.push(self.layout.root().to_owned());
        }
        write::sync_all_below(&self.directory, &paths).map_err(|error| {
            let source = io::Error::new(error.kind(), format!("it could not be flushed to disk: {error}"));
            at(self.layout.root())(source)
        })
    }

    fn complete(&mut self, job: Job) {
        match job {
            Job::Publish(publication, done) => {
                match self.give_final_name(&publication.subject.device, publication.occupied) {
                    Ok(()) => {
                        let Publication { subject, fingerprint, serial, .. } = *publication;
                        let event = Event::Published { fingerprint: fingerprint.to_string(), serial };
                        self.journal.add(&subject.device, &subject.key, event);
                        self.renamed.push(done);
                    }
                    Err(error) => drop(done.send(Err(error.into()))),
                }
            }
            job => answer(job, Ok(())),
        }
    }

    /// A key that is not known to be durable was never used: without it the next run makes a new one.
    fn take_back(&self, job: &Job) {
        if let Job::Stage(subject, ..) = job {
            // The failure itself is what gets reported.
            let _ = fs::remove_dir_all(self.layout.staged(&subject.device));
        }
    }

    fn write(&mut self, job: &Job, paths: &mut Vec<PathBuf>) -> Result<(), DiskError> {
        match job {
            Job::Stage(subject, key_pem, _) => {
                let staged = self.layout.staged(&subject.device);
                fs::create_dir(&staged).map_err(at(&staged))?;
                let path = staged.join(KEY_FILE);
                write::create_new(&path, 0o600, key_pem.as_bytes()).inspect_err(|_| self.take_back(job))?;
                paths.extend([path, staged]);
                self.journal.add(&subject.device, &subject.key, Event::Begun);
            }
            Job::Publish(publication, _) => {
                let device = &publication.subject.device;
                let staged = self.layout.staged(device);
                let path = staged.join(CERTIFICATE_FILE);
                remove_if_there(&path)?;
                write::create_new(&path, 0o644, publication.certificate_pem.as_bytes())?;
                paths.extend([path, staged]);
                if publication.occupied == Occupied::Archive {
                    self.link_into_archive(device, paths)?;
                }
                let event = Event::Answered {
                    fingerprint: publication.fingerprint.to_string(),
                    serial: publication.serial.clone(),
                    recovered: publication.recovered,
                    request_id: publication.request_id.clone(),
                };
                self.journal.add(device, &publication.subject.key, event);
            }
            Job::Note(..) | Job::Compact(_) => {}
        }
        Ok(())
    }

    /// Gives the pair that is about to be replaced a second name, so that the swap can be cut at any point.
    fn link_into_archive(&self, device: &DeviceId, paths: &mut Vec<PathBuf>) -> Result<(), DiskError> {
        let old = self.layout.device(device);
        if !old.exists() {
            return Ok(());
        }
        let kept = self.next_archive(device)?;
        for name in [KEY_FILE, CERTIFICATE_FILE] {
            match fs::hard_link(old.join(name), kept.join(name)) {
                Ok(()) => paths.push(kept.join(name)),
                Err(error) if error.kind() == io::ErrorKind::NotFound => {}
                Err(error) => return Err(at(&kept.join(name))(error)),
            }
        }
        Ok(())
    }

    /// Makes the next numbered directory of a device's archive.
    fn next_archive(&self, device: &DeviceId) -> Result<PathBuf, DiskError> {
        let archive = self.layout.archive(device);
        write::create_directory(&archive, 0o700)?;
        let last = newest_archive(&archive)?.unwrap_or(0);
        let path = archive.join((last + 1).to_string());
        write::create_directory(&path, 0o700)?;
        Ok(path)
    }

    fn give_final_name(&self, device: &DeviceId, occupied: Occupied) -> Result<(), DiskError> {
        let (staged, target) = (self.layout.staged(device), self.layout.device(device));
        match write::rename_new(&staged, &target) {
            Err(error)
                if occupied == Occupied::Archive && error.source.kind() == io::ErrorKind::AlreadyExists =>
            {
                write::exchange(&staged, &target)?;
                put_away(&self.layout, device)
            }
            result => result,
        }
    }
}

fn answer(job: Job, result: Result<(), VaultError>) {
    if let Job::Stage(_, _, done) | Job::Publish(_, done) | Job::Compact(done) = job {
        // Nobody waits any more when the run was abandoned; the disk is right all the same.
        let _ = done.send(result);
    }
}

/// The same failure for everybody in the batch.
fn again(flushed: &Result<(), DiskError>) -> Result<(), VaultError> {
    flushed.as_ref().map(|&()| ()).map_err(|error| {
        let source = io::Error::new(error.source.kind(), error.source.to_string());
        VaultError::Disk(DiskError { path: error.path.clone(), source })
    })
}

fn remove_if_there(path: &Path) -> Result<(), DiskError> {
    match fs::remove_file(path) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => Err(at(path)(error)),
        _ => Ok(()),
    }
}

fn newest_archive(archive: &Path) -> Result<Option<u32>, DiskError> {
    let entries = match fs::read_dir(archive) {
        Ok(entries) => entries,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(at(archive)(error)),
    };
    Ok(entries.flatten().filter_map(|entry| entry.file_name().to_str()?.parse::<u32>().ok()).max())
}

/// Takes away what a swap left in `staged`: the replaced directory, whose pair is in the archive already. Whatever
/// else somebody kept in it moves to the archive too.
fn put_away(layout: &Layout, device: &DeviceId) -> Result<(), DiskError> {
    let (staged, archive) = (layout.staged(device), layout.archive(device));
    let newest = newest_archive(&archive)?.unwrap_or(1);
    let kept = archive.join(newest.to_string());
    for entry in fs::read_dir(&staged).map_err(at(&staged))?.flatten() {
        let target = kept.join(entry.file_name());
        if target.symlink_metadata().is_ok() {
            fs::remove_file(entry.path()).map_err(at(&entry.path()))?;
        } else {
            fs::rename(entry.path(), &target).map_err(at(&target))?;
        }
    }
    fs::remove_dir(&staged).map_err(at(&staged))
}

/// Tidies `.certreq/staged` and returns the keys that earlier runs left there. Call it under the lock.
///
/// # Errors
/// When the directory cannot be read or tidied.
pub fn unfinished(layout: &Layout) -> Result<Vec<Unfinished>, DiskError> {
    let staging = layout.staging();
    let mut found = Vec::new();
    for device in scan::staged_devices(layout).map_err(at(&staging))? {
        let staged = layout.staged(&device);
        if was_replaced(&staged) {
            put_away(layout, &device)?;
            continue;
        }
        match scan::key(&staged) {
            Ok(Some(key)) => found.push(Unfinished { device, key }),
            // The flush before the CSR left never happened, so no certificate can exist for it.
            Ok(None) | Err(_) => fs::remove_dir_all(&staged).map_err(at(&staged))?,
        }
    }
    Ok(found)
}

/// A swap puts the replaced directory where the new one was; its files are known by their second link.
fn was_replaced(staged: &Path) -> bool {
    [KEY_FILE, CERTIFICATE_FILE]
        .iter()
        .any(|name| staged.join(name).symlink_metadata().is_ok_and(|metadata| metadata.nlink() > 1))
}
