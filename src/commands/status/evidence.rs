//! What certificates are held against: the roots of `ca/ca.pem`, the list of `ca/crl.pem`, and what the journal vouches
//! for.

use std::collections::HashSet;

use crate::{
    fleet::{
        journal::{self, Event, JournalError, Record},
        layout::Layout,
        survey::{self, Part},
    },
    pki::{
        certificate::{Certificate, Validity},
        chain::{self, Purpose},
        crl::{Crl, CrlSet},
        fingerprint::Fingerprint,
        issuer::{self, Issuer},
        revocation::Revocation,
        sniff,
        time::Time,
    },
};

/// No bundle of roots is larger.
const ROOTS_LIMIT: u64 = 1024 * 1024;
/// A list of a million entries has 40 MB.
const LIST_LIMIT: u64 = 64 * 1024 * 1024;

/// The authorities of a fleet, and what they said.
#[derive(Debug)]
pub(super) struct Evidence {
    pub(super) roots: Vec<Certificate>,
    lists: CrlSet,
    /// When the list was made, and when the next is due; of a list that may be believed.
    pub(super) list: Option<ListDates>,
    /// Certificates that were checked, signature included, before this directory got them.
    vouched: HashSet<Fingerprint>,
    pub(super) journal: Journal,
    /// What is wrong with the authorities' files, one sentence each.
    pub(super) doubts: Vec<String>,
    /// There is a list, and it cannot say what is good.
    pub(super) list_is_doubtful: bool,
    /// Why not; also among the doubts.
    pub(super) list_doubt: Option<String>,
    now: Time,
}

#[derive(Clone, Debug, serde::Serialize)]
pub(super) struct ListDates {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) number: Option<String>,
    pub(super) this_update: Time,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) next_update: Option<Time>,
    /// Certificates on it.
    pub(super) revoked: usize,
}

/// What the journal says.
#[derive(Debug, Default)]
pub(super) struct Journal {
    /// The last record of every key that nothing was settled for.
    pub(super) open: Vec<Record>,
    /// Why it cannot be read to its end.
    pub(super) damage: Option<String>,
    /// It may be whole, but not for us.
    pub(super) is_denied: bool,
}

impl Evidence {
    pub(super) fn gather(layout: &Layout, now: Time) -> Self {
        let (vouched, journal) = read_journal(layout);
        let mut evidence = Self {
            roots: Vec::new(),
            lists: CrlSet::new(),
            list: None,
            vouched,
            journal,
            doubts: Vec::new(),
            list_is_doubtful: false,
            list_doubt: None,
            now,
        };
        evidence.read_roots(layout);
        evidence.read_list(layout);
        evidence
    }

    fn read_roots(&mut self, layout: &Layout) {
        let bytes = match survey::authority_file(layout, &layout.ca_certificate(), ROOTS_LIMIT) {
            Part::Read { bytes, .. } => bytes,
            part => {
                return self
                    .doubts
                    .push(format!("ca/ca.pem {}: nobody can say who issued the certificates", missing(&part)));
            }
        };
        match sniff::certificates(&bytes, None) {
            Ok(roots) => self.roots = roots,
            Err(error) => self.doubts.push(format!("ca/ca.pem cannot be used: {error}")),
        }
        for root in &self.roots {
            match root.validity_at(self.now) {
                Validity::Valid => {}
                Validity::Expired => {
                    self.doubts.push(format!("the root {} expired at {}", root.subject, root.not_after));
                }
                Validity::NotYetValid => self
                    .doubts
                    .push(format!("the root {} is not valid before {}", root.subject, root.not_before)),
            }
        }
    }

    fn read_list(&mut self, layout: &Layout) {
        let bytes = match survey::authority_file(layout, &layout.ca_revocation_list(), LIST_LIMIT) {
            Part::Read { bytes, .. } => bytes,
            Part::Missing => return,
            part => return self.doubt_list(format!("ca/crl.pem {}", missing(&part))),
        };
        let list = match Crl::from_bytes(bytes.to_vec()) {
            Ok(list) => list,
            Err(error) => return self.doubt_list(format!("ca/crl.pem cannot be used: {error}")),
        };
        let verdicts: Vec<_> = self.roots.iter().map(|root| list.check_issuer(root)).collect();
        if !verdicts.iter().any(Result::is_ok) {
            let why = verdicts.into_iter().find_map(Result::err).map(|error| format!(": {error}"));
            let why = why.unwrap_or_else(|| ": there is no root to check it with".to_owned());
            return self.doubt_list(format!("ca/crl.pem is not believed{why}"));
        }
        match list.next_update() {
            Some(end) if self.now >= end => {
                self.doubt_list(format!("ca/crl.pem ended at {end}: what was revoked since is not known"));
            }
            None => self.doubt_list("ca/crl.pem does not say when it ends (no nextUpdate)".to_owned()),
            Some(_) if self.now < list.this_update() => {
                self.doubt_list(format!("ca/crl.pem begins only at {}", list.this_update()));
            }
            Some(_) => {}
        }
        self.list = Some(ListDates {
            number: list.number(),
            this_update: list.this_update(),
            next_update: list.next_update(),
            revoked: list.len(),
        });
        self.lists.add(list, "ca/crl.pem");
    }

    fn doubt_list(&mut self, why: String) {
        self.list_is_doubtful = true;
        self.list_doubt = Some(why.clone());
        self.doubts.push(why);
    }

    /// What the list says about a certificate that leads to the root `issuer`; `None` without a list to believe.
    pub(super) fn revocation(&self, leaf: &Certificate, issuer: &Certificate) -> Option<Revocation> {
        if self.lists.is_empty() {
            return None;
        }
        if issuer.subject != leaf.issuer {
            return Some(Revocation::unknown("the list is not of the authority that issued it"));
        }
        let answer = self.lists.status(leaf, issuer, self.now);
        // Lists drop what has expired: that is no news, and no doubt.
        let expected = leaf.not_after < self.now && !answer.state.is_conclusive();
        (!expected).then_some(answer)
    }

    /// The root a certificate leads to.
    ///
    /// A signature costs more than everything else that is looked at. What this directory got through certreq was
    /// checked then; the journal has its fingerprint, and equal bytes need no second check while the root is the same.
    ///
    /// # Errors
    /// Why it leads to none.
    pub(super) fn issuer(&self, leaf: &Certificate, others: &[Certificate]) -> Result<&Certificate, String> {
        let named = |root: &&Certificate| {
            root.subject == leaf.issuer
                && leaf.authority_key_id.is_some()
                && leaf.authority_key_id == root.subject_key_id
        };
        if let Some(root) = self.roots.iter().find(named)
            && self.vouched.contains(&leaf.fingerprint())
        {
            return Ok(root);
        }
        match issuer::find(leaf, &self.roots) {
            Issuer::Found(root) => return Ok(root),
            Issuer::Unverifiable(_) => {
                return Err("its signature is of a kind that is not trusted here".to_owned());
            }
            Issuer::Missing => {}
        }
        // Dates are judged elsewhere; a path is looked for at a moment when the leaf was valid.
        let moment = self.now.clamp(leaf.not_before, leaf.not_after.max(leaf.not_before));
        let path = chain::find_path(leaf, others, &self.roots, moment, Purpose::ClientIfLimited)
            .map_err(|error| error.to_string())?;
        let last = path.certificates().last();
        self.roots
            .iter()
            .find(|root| Some(*root) == last)
            .ok_or_else(|| "no root of ca/ca.pem issued it".to_owned())
    }
}

/// Why a file gives nothing, in words that follow its name.
pub(super) fn missing(part: &Part) -> &str {
    match part {
        Part::Missing => "is missing",
        Part::Denied => "cannot be read: permission denied",
        Part::Unusable(why) => why,
        Part::Read { .. } => "is there",
    }
}

fn read_journal(layout: &Layout) -> (HashSet<Fingerprint>, Journal) {
    let mut vouched = HashSet::new();
    let read = journal::open_records(&layout.journal(), |record| {
        if let Event::Published { fingerprint, .. } | Event::Answered { fingerprint, .. } = &record.event
            && let Ok(fingerprint) = fingerprint.parse()
        {
            vouched.insert(fingerprint);
        }
    });
    let journal = match read {
        Ok(open) => Journal { open, ..Journal::default() },
        Err(JournalError::Disk(error)) if error.source.kind() == std::io::ErrorKind::PermissionDenied => {
            let damage = Some("it cannot be read: permission denied".to_owned());
            Journal { damage, is_denied: true, ..Journal::default() }
        }
        Err(error) => Journal { damage: Some(error.to_string()), ..Journal::default() },
    };
    (vouched, journal)
}
