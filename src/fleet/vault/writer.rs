//! The thread that writes device files.

use std::{
    fs, io,
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
};

use super::{
    Done, Job, Occupied, Publication, Subject, VaultError,
    objects::{self, Objects},
};
use crate::{
    device_id::DeviceId,
    fleet::{
        archive,
        journal::{Event, Journal, ObjectStep},
        layout::{CERTIFICATE_FILE, KEY_FILE, Layout, SERVICES_FILE},
        write::{self, DiskError, at},
    },
    pki::token_uri::TokenUri,
};

/// The most jobs one flush serves; it limits how long the first of them waits.
const BATCH: usize = 1024;

pub(super) struct Writer {
    layout: Layout,
    journal: Journal,
    /// Keys in tokens.
    objects: Objects,
    flusher: mpsc::Sender<Vec<PathBuf>>,
    /// Jobs that are written, and below them the paths of their files; the next flush makes them durable.
    written: Vec<Job>,
    paths: Vec<PathBuf>,
    /// Pairs that are renamed, but not known to be durable yet.
    renamed: Vec<Renamed>,
    in_flight: Option<Flight>,
    compactions: Vec<Done>,
}

/// The jobs and the pairs that a flush under way makes durable.
struct Flight {
    written: Vec<Job>,
    renamed: Vec<Renamed>,
}

/// A pair under its final name, and the record for the journal.
struct Renamed {
    subject: Subject,
    event: Event,
    /// Keys in tokens that only pairs which are gone named.
    leaving: Vec<TokenUri>,
    done: Done,
}

impl Writer {
    pub(super) fn new(
        layout: Layout,
        journal: Journal,
        objects: Objects,
        flusher: mpsc::Sender<Vec<PathBuf>>,
    ) -> Self {
        Self {
            layout,
            journal,
            objects,
            flusher,
            written: Vec::new(),
            paths: Vec::new(),
            renamed: Vec::new(),
            in_flight: None,
            compactions: Vec::new(),
        }
    }

    pub(super) fn start(self, inbox: mpsc::Receiver<Job>) -> io::Result<thread::JoinHandle<()>> {
        thread::Builder::new().name("vault".to_owned()).spawn(move || self.work_off(&inbox))
    }

    fn work_off(mut self, inbox: &mpsc::Receiver<Job>) {
        let mut ending = false;
        while !(ending && self.is_idle()) {
            let Ok(first) = inbox.recv() else { return };
            for job in std::iter::once(first).chain(inbox.try_iter().take(BATCH)) {
                ending |= matches!(job, Job::End);
                self.take(job);
            }
            self.advance();
        }
    }

    fn is_idle(&self) -> bool {
        self.in_flight.is_none() && self.written.is_empty() && self.renamed.is_empty()
    }

    /// Writes the files and lines of a job; none of them counts before the next flush.
    fn take(&mut self, job: Job) {
        match job {
            Job::Note(subject, event) => {
                self.objects.learn(&event);
                self.journal.add(&subject.device, &subject.key, &event);
            }
            Job::Discard(subject) => self.remove(&subject),
            Job::Compact(done) => self.compactions.push(done),
            Job::Flushed(flushed) => self.landed(&flushed),
            Job::End => {}
            Job::Announce(..) | Job::Stage(..) | Job::Keep(..) | Job::Complete(..) | Job::Publish(..) => {
                match self.write(&job) {
                    Ok(()) => self.written.push(job),
                    Err(error) => answer(job, Err(error.into())),
                }
            }
        }
    }

    /// Starts the next flush when there is something to flush and none is under way.
    fn advance(&mut self) {
        if self.in_flight.is_some() {
            return;
        }
        if self.written.is_empty() && self.renamed.is_empty() {
            // The batch has only notes, which need no flush of their own. If the disk refuses them, it refuses the next
            // key or certificate as well, and that error is reported.
            let _ = self.journal.append();
            for done in std::mem::take(&mut self.compactions) {
                let _ = done.send(self.journal.compact().map_err(VaultError::from));
            }
            return;
        }
        for Renamed { subject, event, .. } in &self.renamed {
            self.journal.add(&subject.device, &subject.key, event);
        }
        let flight =
            Flight { written: std::mem::take(&mut self.written), renamed: std::mem::take(&mut self.renamed) };
        let mut paths = std::mem::take(&mut self.paths);
        paths.push(self.layout.root().to_owned());
        self.in_flight = Some(flight);
        match self.journal.append() {
            Ok(journal) => paths.push(journal.to_owned()),
            Err(error) => return self.landed(&Err(error)),
        }
        // The flusher is gone and sends no answer: the jobs are dropped, and their senders see that no answer comes.
        if self.flusher.send(paths).is_err() {
            self.in_flight = None;
        }
    }

    /// A flush is over: keys may be used, pairs get their names, renames are reported.
    fn landed(&mut self, flushed: &Result<(), DiskError>) {
        let Some(Flight { written, renamed }) = self.in_flight.take() else { return };
        for Renamed { subject, event, leaving, done } in renamed {
            if flushed.is_err() {
                // The pair has its name all the same, so the next batch writes the record again.
                self.journal.add(&subject.device, &subject.key, &event);
            } else {
                for uri in leaving {
                    self.objects.remove(&mut self.journal, &subject.device, &uri);
                }
            }
            let _ = done.send(again(flushed));
        }
        for job in written {
            if flushed.is_err() {
                self.take_back(&job);
                answer(job, again(flushed));
            } else {
                self.complete(job);
            }
        }
    }

    fn complete(&mut self, job: Job) {
        let Job::Publish(publication, done) = job else { return answer(job, Ok(())) };
        match self.give_final_name(&publication.subject.device, publication.occupied) {
            Ok(()) => {
                let Publication { subject, fingerprint, serial, request_id, keep, .. } = *publication;
                let leaving = keep.map(|keep| self.prune(&subject.device, keep)).unwrap_or_default();
                self.forget_request(&subject.device);
                let event = Event::Published { fingerprint: fingerprint.to_string(), serial, request_id };
                self.renamed.push(Renamed { subject, event, leaving, done });
            }
            Err(error) => drop(done.send(Err(error.into()))),
        }
    }

    /// Removes replaced pairs; returns the keys in tokens that only they named, to be removed once that is durable.
    fn prune(&mut self, device: &DeviceId, keep: usize) -> Vec<TokenUri> {
        let going = archive::beyond(&self.layout, device, keep).unwrap_or_default();
        let leaving = self.objects.only_in(&self.layout, device, &going);
        self.announce(device, &leaving);
        match archive::prune(&self.layout, device, keep) {
            Ok(()) => leaving,
            Err(error) => {
                // The pair that stays is removed with the next renewal.
                tracing::warn!("an archived pair was not removed: {error}");
                Vec::new()
            }
        }
    }

    /// Writes to the journal that keys in tokens go, before the last file that names them is removed.
    fn announce(&mut self, device: &DeviceId, leaving: &[TokenUri]) {
        if leaving.is_empty() {
            return;
        }
        for uri in leaving {
            objects::add(&mut self.journal, device, uri, ObjectStep::Leaving);
        }
        // The error is passed over: without these lines the keys would only stay in their token, and doctor would list
        // them.
        let _ = self.journal.append();
    }

    /// Removes a staged key that is not known to be durable: it was never used, and the next run makes a new one.
    fn take_back(&mut self, job: &Job) {
        if let Job::Stage(subject, ..) = job {
            self.remove(subject);
        }
    }

    fn remove(&mut self, subject: &Subject) {
        let staged = self.layout.staged(&subject.device);
        let leaving = self.objects.only_in(&self.layout, &subject.device, std::slice::from_ref(&staged));
        self.announce(&subject.device, &leaving);
        // The failure that led here is reported, not this one.
        let _ = fs::remove_dir_all(staged);
        for uri in &leaving {
            self.objects.remove(&mut self.journal, &subject.device, uri);
        }
        self.forget_request(&subject.device);
    }

    /// Removes the kept request. An error is passed over: a later run compares the request's content before it uses it.
    fn forget_request(&self, device: &DeviceId) {
        let _ = fs::remove_file(self.layout.request(device));
    }

    fn write(&mut self, job: &Job) -> Result<(), DiskError> {
        match job {
            Job::Announce(subject, event, _) => {
                self.objects.learn(event);
                self.journal.add(&subject.device, &subject.key, event);
            }
            Job::Stage(subject, key_pem, _) => {
                let staged = self.layout.staged(&subject.device);
                write::create_new_directory(&staged, 0o755)?;
                let path = staged.join(KEY_FILE);
                write::create_new(&path, 0o600, key_pem.as_bytes()).inspect_err(|_| self.take_back(job))?;
                self.paths.extend([path, staged.clone()]);
                if let Some(uri) = self.objects.in_directory(&staged) {
                    objects::add(&mut self.journal, &subject.device, &uri, ObjectStep::Made);
                }
                self.journal.add(&subject.device, &subject.key, &Event::Begun);
            }
            Job::Keep(subject, csr_pem, _) => {
                let (requests, path) = (self.layout.requests(), self.layout.request(&subject.device));
                write::create_directory(&requests, 0o700)?;
                write_anew(&path, csr_pem)?;
                self.paths.extend([path, requests]);
            }
            Job::Complete(publication, _) => self.write_certificate(publication)?,
            Job::Publish(publication, _) => {
                self.write_certificate(publication)?;
                let Publication { subject, occupied, owed, .. } = &**publication;
                if *occupied == Occupied::Archive {
                    archive::link(&self.layout, &subject.device, &mut self.paths)?;
                }
                for event in owed {
                    self.journal.add(&subject.device, &subject.key, event);
                }
            }
            Job::Note(..) | Job::Discard(_) | Job::Compact(_) | Job::Flushed(_) | Job::End => {}
        }
        Ok(())
    }

    fn write_certificate(&mut self, publication: &Publication) -> Result<(), DiskError> {
        let device = &publication.subject.device;
        let staged = self.layout.staged(device);
        let path = staged.join(CERTIFICATE_FILE);
        write_anew(&path, &publication.certificate_pem)?;
        if let Some(services) = &publication.services {
            let path = staged.join(SERVICES_FILE);
            write_anew(&path, services)?;
            self.paths.push(path);
        }
        self.paths.extend([path, staged]);
        let event = Event::Answered {
            fingerprint: publication.fingerprint.to_string(),
            serial: publication.serial.clone(),
            recovered: publication.recovered,
            request_id: publication.request_id.clone(),
        };
        self.journal.add(device, &publication.subject.key, &event);
        Ok(())
    }

    fn give_final_name(&self, device: &DeviceId, occupied: Occupied) -> Result<(), DiskError> {
        let (staged, target) = (self.layout.staged(device), self.layout.device(device));
        match write::rename_new(&staged, &target) {
            Err(error)
                if occupied == Occupied::Archive && error.source.kind() == io::ErrorKind::AlreadyExists =>
            {
                match write::exchange(&staged, &target) {
                    Err(error) if write::is_unsupported(&error) => {
                        archive::finish_exchange(&self.layout, device)
                    }
                    exchanged => {
                        exchanged?;
                        archive::put_away(&self.layout, device)
                    }
                }
            }
            result => result,
        }
    }
}

fn answer(job: Job, result: Result<(), VaultError>) {
    if let Job::Announce(_, _, done)
    | Job::Stage(_, _, done)
    | Job::Keep(_, _, done)
    | Job::Complete(_, done)
    | Job::Publish(_, done)
    | Job::Compact(done) = job
    {
        // The waiting side is gone when the run was abandoned; the disk is right all the same.
        let _ = done.send(result);
    }
}

/// A copy of the outcome of the flush, for each job of the batch.
fn again(flushed: &Result<(), DiskError>) -> Result<(), VaultError> {
    flushed.as_ref().map(|&()| ()).map_err(|error| {
        let source = io::Error::new(error.source.kind(), error.source.to_string());
        VaultError::Disk(DiskError { path: error.path.clone(), source })
    })
}

/// Writes a file that is not there, or replaces one that an earlier run may have left.
fn write_anew(path: &Path, text: &str) -> Result<(), DiskError> {
    match write::create_new(path, 0o644, text.as_bytes()) {
        Err(error) if error.source.kind() == io::ErrorKind::AlreadyExists => {
            fs::remove_file(path).map_err(at(path))?;
            write::create_new(path, 0o644, text.as_bytes())
        }
        result => result,
    }
}
