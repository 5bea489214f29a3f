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
    layout::{CERTIFICATE_FILE, KEY_FILE, Layout},
    scan,
    write::{self, DiskError, at},
};
use crate::pki::key::PrivateKey;

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

struct Job {
    device: DeviceId,
    work: Work,
    done: oneshot::Sender<Result<(), DiskError>>,
}

enum Work {
    Stage(Zeroizing<String>),
    Publish(String, Occupied),
}

impl Vault {
    /// Starts the thread.
    ///
    /// # Errors
    /// When the directory for staged pairs cannot be made.
    pub fn open(layout: Layout) -> Result<Self, DiskError> {
        let staging = layout.staging();
        write::create_directory(&layout.own(), 0o700)?;
        write::create_directory(&staging, 0o700)?;
        let directory = File::open(&staging).map_err(at(&staging))?;
        let (jobs, inbox) = mpsc::channel();
        let writer = Writer { layout, directory, renamed: Vec::new() };
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
    pub async fn stage(&self, device: &DeviceId, key_pem: Zeroizing<String>) -> Result<(), DiskError> {
        self.run(device, Work::Stage(key_pem)).await
    }

    /// Adds the checked certificate to the staged key and gives the pair its final name. Durable when it returns.
    ///
    /// # Errors
    /// When the disk refuses, or something has the final name: the staged pair stays for the next run.
    pub async fn publish(
        &self,
        device: &DeviceId,
        certificate_pem: String,
        occupied: Occupied,
    ) -> Result<(), DiskError> {
        self.run(device, Work::Publish(certificate_pem, occupied)).await
    }

    async fn run(&self, device: &DeviceId, work: Work) -> Result<(), DiskError> {
        let gone = || DiskError {
            path: PathBuf::from(device.as_str()),
            source: io::Error::other("the thread that writes device files has ended"),
        };
        let (done, answer) = oneshot::channel();
        self.jobs.send(Job { device: device.clone(), work, done }).map_err(|_| gone())?;
        answer.await.unwrap_or_else(|_| Err(gone()))
    }
}

struct Writer {
    layout: Layout,
    /// An open directory on the file system that is flushed.
    directory: File,
    /// Renamed, but not known to be durable yet.
    renamed: Vec<Job>,
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
        let mut paths = Vec::new();
        for job in batch {
            match self.write(&job, &mut paths) {
                Ok(()) => written.push(job),
                Err(error) => answer(job, Err(error)),
            }
        }
        if !self.renamed.is_empty() {
            paths.push(self.layout.root().to_owned());
        }
        let flushed = write::sync_all_below(&self.directory, &paths);
        for job in std::mem::take(&mut self.renamed) {
            answer(job, self.flush_result(&flushed));
        }
        for job in written {
            match (&flushed, &job.work) {
                (Err(_), _) | (Ok(()), Work::Stage(_)) => answer(job, self.flush_result(&flushed)),
                (Ok(()), Work::Publish(_, occupied)) => match self.give_final_name(&job.device, *occupied) {
                    Ok(()) => self.renamed.push(job),
                    Err(error) => answer(job, Err(error)),
                },
            }
        }
    }

    fn flush_result(&self, flushed: &io::Result<()>) -> Result<(), DiskError> {
        flushed.as_ref().map(|&()| ()).map_err(|error| {
            let source = io::Error::new(error.kind(), format!("it could not be flushed to disk: {error}"));
            at(self.layout.root())(source)
        })
    }

    fn write(&self, job: &Job, paths: &mut Vec<PathBuf>) -> Result<(), DiskError> {
        let staged = self.layout.staged(&job.device);
        match &job.work {
            Work::Stage(key_pem) => {
                fs::create_dir(&staged).map_err(at(&staged))?;
                let path = staged.join(KEY_FILE);
                write::create_new(&path, 0o600, key_pem.as_bytes()).inspect_err(|_| {
                    // A key that is half there was never used; the error itself is what gets reported.
                    let _ = fs::remove_dir_all(&staged);
                })?;
                paths.extend([path, staged]);
            }
            Work::Publish(certificate_pem, occupied) => {
                let path = staged.join(CERTIFICATE_FILE);
                remove_if_there(&path)?;
                write::create_new(&path, 0o644, certificate_pem.as_bytes())?;
                paths.extend([path, staged]);
                if *occupied == Occupied::Archive {
                    self.link_into_archive(&job.device, paths)?;
                }
            }
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

fn answer(job: Job, result: Result<(), DiskError>) {
    // Nobody waits any more when the run was abandoned; the disk is right all the same.
    let _ = job.done.send(result);
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
