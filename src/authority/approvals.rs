//! Requests that an operator has to approve: files in the authority's directory, so that the server that keeps them
//! and the command that settles them need not know each other.
//!
//! ```text
//! est/waiting/<mark>.pem     asked for, not decided yet          0600
//! est/approved/<mark>.pem    may be issued
//! est/refused/<mark>.pem     may not
//! ```
//!
//! The mark is the SHA-256 of what is asked for, key and names together: another request is another file.

use std::{
    fs::{self, DirBuilder},
    io,
    os::unix::fs::DirBuilderExt,
    path::{Path, PathBuf},
    time::{Duration, SystemTime},
};

use super::{
    authority::{Authority, blocking},
    enrolment::Application,
    error::AuthorityError,
};
use crate::{
    custody,
    device_id::DeviceId,
    pki::{fingerprint::Fingerprint, time::Time},
};

/// Requests that wait at a time; further ones are told to come later.
const MOST: usize = 10_000;

/// How long an approval holds: a client that lost the answer asks again.
const HOLDS: Duration = Duration::from_secs(7 * 86_400);

/// Octets of the longest request.
const LONGEST: u64 = 64 * 1024;

const WAITING: &str = "waiting";
const APPROVED: &str = "approved";
const REFUSED: &str = "refused";

/// State of a request that has to be approved.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Approval {
    Waiting,
    Approved,
    Refused,
    /// Too many wait already.
    Crowded,
}

/// A request that waits.
#[derive(Debug)]
pub struct Applied {
    pub device: DeviceId,
    pub mark: Fingerprint,
    /// SHA-256 of the SubjectPublicKeyInfo: the device's own `certreq status --journal` shows it, too.
    pub key: Fingerprint,
    pub since: Time,
}

/// The requests of one authority. Does not lock its directory: the server has it.
#[derive(Clone, Debug)]
pub struct Approvals {
    root: PathBuf,
}

impl Approvals {
    /// Of the authority in `dir`.
    #[must_use]
    pub fn of(dir: &Path) -> Self {
        Self { root: dir.join("est") }
    }

    fn file(&self, state: &str, mark: Fingerprint) -> PathBuf {
        let name = mark.to_string().replace(':', "").to_lowercase();
        self.root.join(state).join(format!("{name}.pem"))
    }

    /// State of this request; one that is new waits from now on.
    fn look(&self, application: &Application) -> io::Result<Approval> {
        let mark = application.mark;
        if is_fresh(&self.file(APPROVED, mark)) {
            return Ok(Approval::Approved);
        }
        if self.file(REFUSED, mark).exists() {
            return Ok(Approval::Refused);
        }
        let path = self.file(WAITING, mark);
        if path.exists() {
            return Ok(Approval::Waiting);
        }
        let directory = self.directory(WAITING)?;
        if fs::read_dir(&directory)?.count() >= MOST {
            return Ok(Approval::Crowded);
        }
        let mut file = tempfile::NamedTempFile::new_in(&self.root)?;
        io::Write::write_all(&mut file, application.csr_pem.as_bytes())?;
        file.persist(&path).map_err(|error| error.error)?;
        Ok(Approval::Waiting)
    }

    /// Every request that waits, the oldest first.
    ///
    /// # Errors
    /// When the directory cannot be read.
    pub fn waiting(&self) -> io::Result<Vec<Applied>> {
        let entries = match fs::read_dir(self.root.join(WAITING)) {
            Ok(entries) => entries,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
            Err(error) => return Err(error),
        };
        let mut found = Vec::new();
        for entry in entries {
            found.extend(applied(&entry?.path()));
        }
        found.sort_by(|one: &Applied, other| {
            (one.since, &one.device, one.mark.as_bytes()).cmp(&(
                other.since,
                &other.device,
                other.mark.as_bytes(),
            ))
        });
        Ok(found)
    }

    /// Approves a request that waits, or refuses it for good. False when it does not wait any more.
    ///
    /// # Errors
    /// When the directory cannot be changed.
    pub fn settle(&self, mark: Fingerprint, approve: bool) -> io::Result<bool> {
        let state = if approve { APPROVED } else { REFUSED };
        self.directory(state)?;
        let to = self.file(state, mark);
        match fs::rename(self.file(WAITING, mark), &to) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(false),
            renamed => renamed?,
        }
        // An approval holds from now on.
        fs::File::options().append(true).open(&to)?.set_modified(SystemTime::now())?;
        Ok(true)
    }

    fn directory(&self, state: &str) -> io::Result<PathBuf> {
        let path = self.root.join(state);
        DirBuilder::new().recursive(true).mode(0o700).create(&path)?;
        Ok(path)
    }
}

fn is_fresh(path: &Path) -> bool {
    let age =
        fs::metadata(path).and_then(|file| file.modified()).map(|since| since.elapsed().unwrap_or_default());
    age.is_ok_and(|age| age < HOLDS)
}

fn applied(path: &Path) -> Option<Applied> {
    let since = fs::metadata(path).and_then(|file| file.modified()).ok()?;
    let text = custody::read_text(path, LONGEST).ok()?;
    let application = Application::of_pem(&text).ok()?;
    Some(Applied {
        key: application.key(),
        device: application.device,
        mark: application.mark,
        since: Time::from(since),
    })
}

impl Authority {
    /// State of this request's approval; a request that is new waits from now on.
    ///
    /// # Errors
    /// When the directory cannot be written.
    pub async fn approval(&self, application: Application) -> Result<(Application, Approval), AuthorityError> {
        let approvals = Approvals::of(self.directory());
        blocking(move || {
            let said = approvals.look(&application);
            let said = said.map_err(|source| AuthorityError::Io { path: approvals.root.clone(), source })?;
            Ok((application, said))
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::{
        csr,
        key::{KeySpec, PrivateKey},
    };

    fn application(key: &PrivateKey, name: &str) -> Application {
        Application::of_pem(&csr::request(key, name).unwrap()).unwrap()
    }

    #[test]
    fn a_request_waits_under_its_own_mark_until_somebody_settles_it() {
        let dir = tempfile::tempdir().unwrap();
        let approvals = Approvals::of(dir.path());
        let key = PrivateKey::generate(KeySpec::P256).unwrap();
        let (one, other) = (application(&key, "a1998e"), application(&key, "b2c3d4"));
        assert_eq!(approvals.look(&one).unwrap(), Approval::Waiting);
        assert_eq!(approvals.look(&application(&key, "a1998e")).unwrap(), Approval::Waiting, "signed anew");
        assert_eq!(approvals.look(&other).unwrap(), Approval::Waiting);
        assert_eq!(approvals.waiting().unwrap().len(), 2);
        assert!(approvals.settle(one.mark, true).unwrap());
        assert!(!approvals.settle(one.mark, true).unwrap(), "once");
        assert!(approvals.settle(other.mark, false).unwrap());
        assert_eq!(approvals.look(&one).unwrap(), Approval::Approved);
        assert_eq!(approvals.look(&other).unwrap(), Approval::Refused);
        assert!(approvals.waiting().unwrap().is_empty());
    }
}
