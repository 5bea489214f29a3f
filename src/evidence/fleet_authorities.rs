//! Evidence for judging a fleet's certificates: the roots of `ca/ca.pem`, every list of `ca/crl.pem`, and the journal,
//! which names certificates that were checked and certificates that were revoked.

use std::{
    collections::HashMap,
    fs::File,
    io::{self, Read},
    os::unix::fs::{MetadataExt, OpenOptionsExt},
    path::{Path, PathBuf},
    sync::{Arc, Mutex, PoisonError},
};

use super::{
    beside,
    journal::Journal,
    revocations::Revocations,
    witness::{Witness, lists_in},
};
use crate::{
    fleet::{
        layout::Layout,
        survey::{self, Part},
    },
    pki::{
        certificate::{Certificate, Validity},
        chain::{self, Purpose},
        crl::Crl,
        directory_name,
        issuer::{self, Issuer},
        revocation::Revocation,
        sniff,
        time::Time,
    },
};

/// Limit of `ca.pem` in octets, larger than any real bundle of roots.
const ROOTS_LIMIT: u64 = 1024 * 1024;
/// Limit of `crl.pem` in octets. A list of a million entries has 40 MB.
const LIST_LIMIT: u64 = 64 * 1024 * 1024;

/// The authorities of a fleet, their lists, and the journal.
#[derive(Debug, Default)]
pub struct FleetAuthorities {
    /// Newest first.
    pub roots: Vec<Certificate>,
    /// The lists that one of the roots signed, in the order of the file.
    pub lists: Vec<ListDates>,
    /// Files that are there and cannot be used, one sentence each.
    pub unusable: Vec<String>,
    /// The same for the lists alone.
    pub unusable_lists: Vec<String>,
    witness: Arc<Witness>,
}

/// Issuer, number and dates of a list, as the list has them, and the number of its entries.
#[derive(Clone, Debug, serde::Serialize)]
pub struct ListDates {
    #[serde(skip)]
    pub issuer: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    pub this_update: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub next_update: Option<Time>,
    /// Certificates on it.
    pub revoked: usize,
}

impl From<&Crl> for ListDates {
    fn from(list: &Crl) -> Self {
        Self {
            issuer: list.issuer().to_owned(),
            number: list.number(),
            this_update: list.this_update(),
            next_update: list.next_update(),
            revoked: list.len(),
        }
    }
}

/// The files of an authority, and how they are called.
struct Places {
    roots: (PathBuf, String),
    lists: (PathBuf, String),
    /// A missing `ca.pem` is no fault: the directory is then not an authority's, and `crl.pem` is not read.
    may_lack_root: bool,
}

impl FleetAuthorities {
    /// Reads a fleet's files. Below the root of the fleet links are not followed, pipes are not waited for, and every
    /// file has a size limit. Messages call the files by their names below the root.
    #[must_use]
    pub fn read(layout: &Layout) -> Self {
        let place = |path: PathBuf| {
            let shown = path.strip_prefix(layout.root()).unwrap_or(&path).display().to_string();
            (path, shown)
        };
        let places = Places {
            roots: place(layout.ca_certificate()),
            lists: place(layout.ca_revocation_list()),
            may_lack_root: false,
        };
        let mut fleet = Self::from_files(&places, |path, limit| survey::authority_file(layout, path, limit));
        fleet.hear(Journal::read(layout));
        fleet
    }

    /// Reads `ca.pem` and `crl.pem` of a directory that was named, or lies beside a file that was named; links are
    /// followed. Without a `ca.pem` the `crl.pem` is not read: it is not certain that it is an authority's.
    #[must_use]
    pub fn of_directory(directory: &Path) -> Self {
        let place = |name: &str| {
            let path = directory.join(name);
            let shown = path.display().to_string();
            (path, shown)
        };
        let places = Places { roots: place("ca.pem"), lists: place("crl.pem"), may_lack_root: true };
        Self::from_files(&places, open)
    }

    /// The same for the fleet in `root`, with its journal.
    #[must_use]
    pub fn of_fleet(root: &Path) -> Self {
        let mut fleet = Self::of_directory(&root.join("ca"));
        fleet.hear(Journal::read(&Layout::new(root)));
        fleet
    }

    fn from_files(places: &Places, open: impl Fn(&Path, u64) -> Part) -> Self {
        let mut fleet = Self::default();
        let (path, shown) = &places.roots;
        let part = open(path, ROOTS_LIMIT);
        let was_read = matches!(part, Part::Read { .. });
        match roots_in(part, shown) {
            Ok(Some(roots)) => fleet.roots = roots,
            Ok(None) if places.may_lack_root => return fleet,
            Err(why) if was_read => fleet.unusable.push(why),
            missing => {
                let why = missing.err().unwrap_or_else(|| format!("{shown} is missing"));
                fleet.unusable.push(format!("{why}: issuers cannot be checked"));
            }
        }
        let (path, shown) = &places.lists;
        let mut witness = Witness::of(fleet.roots.clone());
        match open(path, LIST_LIMIT) {
            Part::Missing => {}
            Part::Read { bytes, .. } => match lists_in(bytes.to_vec()) {
                Ok(lists) => {
                    for list in lists {
                        match list {
                            Ok(list) => fleet.take(list, shown, &mut witness),
                            Err(error) => fleet.doubt_list(format!("{shown} cannot be used: {error}")),
                        }
                    }
                }
                Err(error) => fleet.doubt_list(format!("{shown} cannot be used: {error}")),
            },
            part => fleet.doubt_list(format!("{shown} {}", missing(&part))),
        }
        fleet.witness = Arc::new(witness);
        fleet
    }

    fn take(&mut self, list: Crl, shown: &str, witness: &mut Witness) {
        let verdicts: Vec<_> = self.roots.iter().map(|root| list.check_issuer(root)).collect();
        if verdicts.iter().any(Result::is_ok) {
            self.lists.push(ListDates::from(&list));
        } else {
            let why = verdicts.into_iter().find_map(Result::err).map(|error| format!(": {error}"));
            let why = why.unwrap_or_else(|| ": there is no root to check it with".to_owned());
            self.doubt_list(format!("{shown} is not trusted{why}"));
        }
        witness.add(list, shown);
    }

    fn doubt_list(&mut self, why: String) {
        self.unusable.push(why.clone());
        self.unusable_lists.push(why);
    }

    fn hear(&mut self, journal: Journal) {
        // The witness has no other owner yet, so it can be changed.
        if let Some(witness) = Arc::get_mut(&mut self.witness) {
            witness.hear(journal);
        }
    }

    /// Takes the journal out; call this last, because the revocations in it are not known afterwards. The journal is
    /// empty when the witness has other owners.
    #[must_use]
    pub fn take_journal(&mut self) -> Journal {
        Arc::get_mut(&mut self.witness).and_then(|witness| witness.journal.take()).unwrap_or_default()
    }

    /// The witness: roots, lists and journal, to be asked about revocation.
    #[must_use]
    pub fn witness(&self) -> Arc<Witness> {
        Arc::clone(&self.witness)
    }

    /// The journal of the fleet, where there is one.
    #[must_use]
    pub fn journal(&self) -> Option<&Journal> {
        self.witness.journal.as_ref()
    }

    /// Faults in the dates of roots and lists at `at`, one sentence each: those of the roots, then those of the lists.
    #[must_use]
    pub fn doubts_at(&self, at: Time) -> (Vec<String>, Vec<String>) {
        let roots = self.roots.iter().filter_map(|root| match root.validity_at(at) {
            Validity::Valid => None,
            Validity::Expired => {
                Some(format!("the root {} expired at {}", root.subject, root.not_after.moment()))
            }
            Validity::NotYetValid => {
                Some(format!("the root {} is not valid before {}", root.subject, root.not_before.moment()))
            }
        });
        let several = self.lists.len() > 1;
        let lists = self.lists.iter().filter_map(|list| {
            let name = if several {
                format!("ca/crl.pem: the list of {}", list.issuer)
            } else {
                "ca/crl.pem".to_owned()
            };
            match list.next_update {
                Some(end) if at >= end => {
                    Some(format!("{name} expired at {}: later revocations are not known", end.moment()))
                }
                None => Some(format!("{name} has no expiry time (nextUpdate)")),
                Some(_) if at < list.this_update => {
                    Some(format!("{name} begins only at {}", list.this_update.moment()))
                }
                Some(_) => None,
            }
        });
        (roots.collect(), lists.collect())
    }

    /// The state of a certificate of this fleet. Its issuer is looked for among the roots and in `chain`, the
    /// certificates that came with it. `None` when there is no list and the journal does not name the certificate.
    #[must_use]
    pub fn about(&self, certificate: &Certificate, chain: &[Certificate], at: Time) -> Option<Revocation> {
        match self.vouched(certificate) {
            Some(root) => self.revocation(certificate, chain, Some(root), at),
            None => Revocations::new([self.witness()], None).about_at_hand(certificate, chain, at),
        }
    }

    /// Like [`Self::about`], but answers only when the certificate is revoked or on hold. That is cheaper: no signature
    /// is verified for a certificate that no list and no journal names.
    #[must_use]
    pub fn revoked(&self, certificate: &Certificate, chain: &[Certificate], at: Time) -> Option<Revocation> {
        let revocations = Revocations::new([self.witness()], None);
        if !revocations.may_revoke(&certificate.serial, &certificate.fingerprint()) {
            return None;
        }
        self.about(certificate, chain, at).filter(|revocation| revocation.state.is_revoked())
    }

    /// The state of a certificate that leads to `root` through `chain`. Like [`Self::about`], but the signature is not
    /// checked a second time. Without a `root`, or without a list, only the journal answers; `None` when it does not
    /// name the certificate.
    #[must_use]
    pub fn revocation(
        &self,
        leaf: &Certificate,
        chain: &[Certificate],
        root: Option<&Certificate>,
        at: Time,
    ) -> Option<Revocation> {
        let journal = self.witness.was_revoked_here(&leaf.fingerprint());
        let (Some(root), true) = (root, self.witness.has_lists()) else { return journal };
        let listed = if directory_name::may_be_same(&root.subject, &leaf.issuer) {
            Some(self.witness.lists.status_among(leaf, root, self.witness.certified(chain), at))
        } else {
            Revocations::new([self.witness()], None).about_at_hand(leaf, chain, at)
        };
        // Lists drop expired certificates, so an inconclusive answer about one is not worth reporting.
        let is_told = |listed: &Revocation| listed.state.is_conclusive() || leaf.not_after >= at;
        Revocation::decide(listed.filter(is_told).into_iter().chain(journal))
    }

    /// The root of a certificate whose signature was checked before this directory got it, as the journal says.
    fn vouched(&self, leaf: &Certificate) -> Option<&Certificate> {
        let names_it = |root: &&Certificate| {
            root.subject == leaf.issuer
                && leaf.authority_key_id.is_some()
                && leaf.authority_key_id == root.subject_key_id
        };
        let root = self.roots.iter().find(names_it)?;
        self.journal()?.vouches_for(&leaf.fingerprint()).then_some(root)
    }

    /// The root a certificate leads to.
    ///
    /// Verifying a signature costs more than all other checks. Certificates that certreq put into this directory were
    /// verified then, and the journal has their fingerprints. Equal bytes need no second check while the root is the
    /// same.
    ///
    /// # Errors
    /// Why it leads to none.
    pub fn issuer(&self, leaf: &Certificate, others: &[Certificate], at: Time) -> Result<&Certificate, String> {
        if let Some(root) = self.vouched(leaf) {
            return Ok(root);
        }
        match issuer::find(leaf, &self.roots) {
            Issuer::Found(root) => return Ok(root),
            Issuer::Unverifiable(_) => {
                return Err("its signature is of a kind that is not trusted here".to_owned());
            }
            Issuer::Missing => {}
        }
        // Dates are judged elsewhere, so the path is looked for at a moment when the leaf is valid.
        let moment = at.clamp(leaf.not_before, leaf.not_after.max(leaf.not_before));
        let path = chain::find_path(leaf, others, &self.roots, moment, Purpose::ClientIfLimited)
            .map_err(|error| error.to_string())?;
        let last = path.certificates().last();
        self.roots
            .iter()
            .find(|root| Some(*root) == last)
            .ok_or_else(|| "no root of ca/ca.pem issued it".to_owned())
    }
}

/// The roots of `ca/ca.pem`; `None` when there is no such file. The file may be of any kind, even a pipe that never
/// ends: only a regular file is read.
///
/// # Errors
/// Why it cannot be used.
pub fn roots(layout: &Layout) -> Result<Option<Vec<Certificate>>, String> {
    roots_in(survey::authority_file(layout, &layout.ca_certificate(), ROOTS_LIMIT), "ca/ca.pem")
}

fn roots_in(part: Part, shown: &str) -> Result<Option<Vec<Certificate>>, String> {
    let bytes = match part {
        Part::Missing => return Ok(None),
        Part::Read { bytes, .. } => bytes,
        part => return Err(format!("{shown} {}", missing(&part))),
    };
    sniff::certificates(&bytes, None).map(Some).map_err(|error| format!("{shown} cannot be used: {error}"))
}

/// The authorities of many fleets, each read once.
#[derive(Debug, Default)]
pub struct Fleets {
    known: Mutex<HashMap<PathBuf, Arc<FleetAuthorities>>>,
}

impl Fleets {
    /// Of the fleet that a file in `directory` belongs to: a device directory's, or the `ca` directory itself.
    #[must_use]
    pub fn of(&self, directory: &Path) -> Arc<FleetAuthorities> {
        let is_device = beside::device_id(directory).is_some();
        let place = match (is_device, directory.file_name()) {
            (false, _) => directory.to_owned(),
            // By its name, so that all device directories of a fleet share one entry.
            (true, Some(_)) => directory.parent().map(Path::to_path_buf).unwrap_or_default(),
            (true, None) => directory.join(".."),
        };
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(fleet) = known.get(&place) {
            return Arc::clone(fleet);
        }
        let fleet = Arc::new(if is_device {
            FleetAuthorities::of_fleet(&place)
        } else {
            FleetAuthorities::of_directory(&place)
        });
        known.insert(place, Arc::clone(&fleet));
        fleet
    }
}

/// The reason why a file gives no bytes, in words that follow its name.
#[must_use]
pub fn missing(part: &Part) -> &str {
    match part {
        Part::Missing => "is missing",
        Part::Denied => "cannot be read: permission denied",
        Part::Unusable(why) => why,
        Part::Read { .. } => "is there",
    }
}

/// A file by its path: links are followed, pipes are not waited for.
fn open(path: &Path, limit: u64) -> Part {
    let flags = i32::try_from(rustix::fs::OFlags::NONBLOCK.bits()).unwrap_or_default();
    let read = || -> io::Result<Part> {
        let file = File::options().read(true).custom_flags(flags).open(path)?;
        let metadata = file.metadata()?;
        if !metadata.is_file() {
            return Ok(Part::Unusable("is not a regular file".to_owned()));
        }
        if metadata.len() > limit {
            return Ok(Part::Unusable(format!("has {} bytes, far too many", metadata.len())));
        }
        let mut bytes = zeroize::Zeroizing::new(Vec::new());
        file.take(limit).read_to_end(&mut bytes)?;
        Ok(Part::Read { bytes, mode: metadata.mode() & 0o7777 })
    };
    match read() {
        Ok(part) => part,
        Err(error) if error.kind() == io::ErrorKind::NotFound => Part::Missing,
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied => Part::Denied,
        Err(error) => Part::Unusable(format!("cannot be read: {error}")),
    }
}
