//! Doing it: many at once, as patient as an issuing run.

use std::{future::Future, sync::Arc, time::Duration};

use futures_util::{StreamExt, stream};

use super::Candidate;
use crate::{
    commands::proof::{Known, Proof, Subject, no_record},
    enroll::{Backoff, Limits, Reachable, RequestLimiter, Stop},
    failure::{Exit, Failure},
    fleet::{
        journal::{Event, RevocationStep},
        ledger::{Entry, Ledger},
    },
    pki::fingerprint::Fingerprint,
    platform::{ErrorKind, Platform, PlatformError, Registry, wait},
};

/// How long requests in flight may take once the run was stopped.
const GRACE: Duration = Duration::from_secs(10);

/// Context that all certificates of a run share.
pub(super) struct Context<'a> {
    pub(super) platform: &'a dyn Platform,
    pub(super) registry: &'a dyn Registry,
    /// Proof for certificates that the platform has no record of any more.
    pub(super) proof: &'a Proof<'a>,
    pub(super) unlink: bool,
    pub(super) limits: Limits,
    pub(super) limiter: RequestLimiter,
    pub(super) reachable: Reachable,
    pub(super) stop: Arc<Stop>,
    /// `None` for a run that needs no record in the journal.
    pub(super) ledger: Option<Ledger>,
}

/// Result for one certificate.
#[derive(Debug)]
pub(super) struct Outcome {
    pub(super) candidate: Candidate,
    pub(super) end: End,
}

#[derive(Debug)]
pub(super) enum End {
    Revoked,
    Unlinked,
    /// Another authority issued it: the platform forgot its record.
    Removed,
    /// The platform has no record of it any more, and it is known to be revoked.
    Gone,
    /// The platform has no record of it any more; the text says why that is no proof of a revocation.
    NoRecord(String),
    /// It had no owner.
    Ownerless,
    /// The record may be gone although the certificate was not revoked.
    Open(PlatformError),
    /// It is as it was.
    Failed(PlatformError),
    /// The run was stopped for this cause before another attempt.
    Interrupted(Exit, PlatformError),
    /// The run was stopped before it.
    NotReached(Exit),
    /// It was done, and the journal does not say so.
    Unwritten(String),
}

/// Calls `report` once for every candidate, in the order in which they finish.
pub(super) async fn all(context: Context<'_>, candidates: Vec<Candidate>, mut report: impl FnMut(Outcome)) {
    let context = &context;
    let one = |candidate| async move {
        let end = context.one(&candidate).await;
        let end = context.write_down(&candidate, end);
        Outcome { candidate, end }
    };
    let mut running = stream::iter(candidates).map(one).buffer_unordered(context.limits.jobs);
    while let Some(outcome) = running.next().await {
        report(outcome);
    }
    if let Some(ledger) = &context.ledger {
        // The lines are written; a disk that refuses now has them in its cache, and "asked" before them.
        let _ = ledger.flush();
    }
}

impl Context<'_> {
    /// Writes the planned changes into the journal, before any of them can have happened.
    pub(super) fn announce(&self, candidates: &[Candidate]) -> Result<(), Failure> {
        let Some(ledger) = &self.ledger else { return Ok(()) };
        let entries = candidates.iter().map(|candidate| entry(candidate, RevocationStep::Asked, None));
        ledger.write(entries).map_err(|error| {
            Failure::failed(format!("the journal cannot be written: {error}")).hint("nothing was revoked")
        })
    }

    fn write_down(&self, candidate: &Candidate, end: End) -> End {
        let Some(ledger) = &self.ledger else { return end };
        let (step, error) = match &end {
            End::Revoked | End::Unlinked | End::Ownerless => (RevocationStep::Done, None),
            End::Removed => (RevocationStep::Removed, None),
            End::Gone | End::NoRecord(_) => (RevocationStep::Gone, None),
            End::Open(error) => (RevocationStep::Open, Some(error)),
            End::Failed(error) | End::Interrupted(_, error) => (RevocationStep::Refused, Some(error)),
            End::NotReached(_) | End::Unwritten(_) => (RevocationStep::Refused, None),
        };
        let line = [entry(candidate, step, error)];
        // The journal has the line `Asked` already: if this line is lost, the next run finds out the result.
        let written = if step == RevocationStep::Open { ledger.write(line) } else { ledger.note(line) };
        match (written, &end) {
            // Failed and open revocations are reported in any case, and the line `Asked` is in the journal.
            (Err(error), End::Revoked | End::Removed | End::Gone) => End::Unwritten(error.to_string()),
            _ => end,
        }
    }

    async fn one(&self, candidate: &Candidate) -> End {
        if self.unlink && candidate.owner.is_none() {
            return End::Ownerless;
        }
        if self.unlink && candidate.owned_by_name {
            return End::Failed(named_owner(candidate));
        }
        let mut doubt = None;
        match (self.tries(candidate, &mut doubt).await, doubt) {
            (end @ (End::Revoked | End::Unlinked | End::Open(_)), _) | (end, None) => end,
            (_, Some(doubt)) => End::Open(doubt),
        }
    }

    /// Asks until there is an answer. `doubt` is the error of an attempt that ended without one: after it a missing
    /// record is no proof.
    async fn tries(&self, candidate: &Candidate, doubt: &mut Option<PlatformError>) -> End {
        let fingerprint = &candidate.certificate.fingerprint();
        let mut backoff = Backoff::new(self.limits.retries);
        let mut last: Option<PlatformError> = None;
        loop {
            let mut error = match self.attempt(fingerprint).await {
                Ok(()) if self.unlink => return End::Unlinked,
                Ok(()) if candidate.is_foreign == Some(true) => return End::Removed,
                Ok(()) => return End::Revoked,
                Err(Attempt::Stopped(cause)) => {
                    return last.map_or(End::NotReached(cause), |error| End::Interrupted(cause, error));
                }
                Err(Attempt::CutOff(error)) => return End::Open(error),
                Err(Attempt::Refused(error)) => error,
            };
            match error.kind {
                ErrorKind::NotFound => return self.without_record(candidate, doubt.take()).await,
                ErrorKind::Unauthenticated => {
                    self.stop.halt(Exit::Refused);
                    return End::Failed(error);
                }
                ErrorKind::Forbidden | ErrorKind::Rejected => return End::Failed(error),
                ErrorKind::OutcomeUnknown | ErrorKind::InvalidResponse if !self.unlink => {
                    // The platform removes a record before it revokes: one that is there was not revoked.
                    *doubt = match self.registry.certificate(fingerprint).await {
                        Ok(_) => {
                            error.message.push_str("; the record still exists");
                            error.hint = Some("it is not revoked: run the same command again".to_owned());
                            None
                        }
                        Err(look) if look.kind == ErrorKind::NotFound => return End::Open(error),
                        Err(_) => Some(error.clone()),
                    };
                }
                _ => {}
            }
            if self.reachable.missed(error.retry_after) {
                self.stop.halt(Exit::Unavailable);
            }
            match self.pause(&mut backoff, &error).await {
                Ok(()) => last = Some(error),
                Err(Some(cause)) => return End::Interrupted(cause, error),
                Err(None) => return End::Failed(error),
            }
        }
    }

    /// Waits for the next attempt. The error says why there is no next one: the run was stopped, or this was the last.
    async fn pause(&self, backoff: &mut Backoff, error: &PlatformError) -> Result<(), Option<Exit>> {
        if let Some(cause) = self.stop.cause() {
            // A platform that is gone may have been found so by this attempt.
            return Err(Some(cause).filter(|cause| *cause == Exit::Interrupted));
        }
        let pause = backoff.next().ok_or(None)?;
        let wait = tokio::time::sleep(wait::before_next(pause, error.retry_after));
        self.unless_stopped(wait).await.map_err(Some)
    }

    /// A record that was there a moment ago, and is not any more.
    async fn without_record(&self, candidate: &Candidate, doubtful: Option<PlatformError>) -> End {
        let certificate = &candidate.certificate;
        let subject = Subject {
            fingerprint: &certificate.fingerprint(),
            serial: Some(&certificate.serial),
            certificate: Some(certificate),
        };
        let why = match (self.proof.of(subject).await, doubtful) {
            (Known::Revoked(_), Some(_)) => return End::Revoked,
            (Known::Revoked(_), None) => return End::Gone,
            (_, Some(error)) => return End::Open(error),
            (Known::Foreign, None) => {
                format!("{} issued it, which is not the platform's CA", certificate.issuer)
            }
            (Known::NotNamed(made), None) => format!("the revocation list of {made} does not name it"),
            (Known::Undecided(why), None) => why,
        };
        End::NoRecord(no_record(self.platform, &why))
    }

    async fn attempt(&self, fingerprint: &Fingerprint) -> Result<(), Attempt> {
        let permit = self.unless_stopped(self.limiter.enter()).await.map_err(Attempt::Stopped)?;
        let ask = async {
            if self.unlink {
                self.registry.remove_owner(fingerprint).await
            } else {
                self.registry.delete(fingerprint).await
            }
        };
        let too_late = async {
            self.stop.stopped().await;
            tokio::time::sleep(GRACE).await;
        };
        let answer = tokio::select! {
            answer = ask => answer,
            () = too_late => {
                let message = "the run stopped before the platform answered";
                return Err(Attempt::CutOff(PlatformError::new(ErrorKind::OutcomeUnknown, message)));
            }
        };
        match &answer {
            Err(error)
                if matches!(
                    error.kind,
                    ErrorKind::Busy | ErrorKind::OutcomeUnknown | ErrorKind::Unreachable
                ) =>
            {
                permit.congested(error.retry_after);
            }
            _ => {
                permit.answered();
                self.reachable.seen();
            }
        }
        answer.map_err(Attempt::Refused)
    }

    async fn unless_stopped<T>(&self, work: impl Future<Output = T>) -> Result<T, Exit> {
        tokio::select! {
            biased;
            cause = self.stop.stopped() => Err(cause),
            done = work => Ok(done),
        }
    }
}

enum Attempt {
    Stopped(Exit),
    /// It was asked, and the run does not wait any longer.
    CutOff(PlatformError),
    Refused(PlatformError),
}

fn entry(candidate: &Candidate, step: RevocationStep, error: Option<&PlatformError>) -> Entry {
    let certificate = &candidate.certificate;
    Entry {
        device: candidate.device().to_owned(),
        key: Fingerprint::of(certificate.public_key_info()),
        event: Event::Revocation {
            fingerprint: certificate.fingerprint().to_string(),
            serial: certificate.serial.clone(),
            step,
            request_id: error.and_then(|error| error.request_id.clone()),
            error: error.map(|error| error.message.clone()),
        },
    }
}

/// Releases up to 0.6 answer with success, and the device connects as before.
fn named_owner(candidate: &Candidate) -> PlatformError {
    let names = candidate.certificate.common_names.join(", ");
    let message =
        format!("no owner is recorded: the common name of the certificate has the device id ({names})");
    PlatformError::new(ErrorKind::Rejected, message).hint("only a revocation removes it: certreq revoke")
}
