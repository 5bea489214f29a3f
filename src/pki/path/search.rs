//! Path building: from the leaf up to an anchor, the likeliest issuer first, with a bound on everything.

use std::{
    cell::{OnceCell, RefCell},
    collections::HashMap,
};

use super::{
    budget::{Budget, Exhausted},
    error::{self, ChainError, refused},
    node::Node,
    policy::PolicyId,
    validate::{self, Asked, of_budget},
};
use crate::pki::{
    certificate::{Certificate, Validity},
    directory_name::may_be_same,
    signature::{self, SignatureError},
};

/// Certificates in a path, anchor included; openssl stops there, too.
const LONGEST: usize = 100;

/// A path that holds: leaf first, anchor last.
#[derive(Debug)]
pub(super) struct Found<'a> {
    pub(super) certificates: Vec<&'a Certificate>,
    pub(super) policies: Vec<PolicyId>,
}

/// Everything one search looks at: the leaf, the anchors, what may stand between.
pub(super) struct Search<'a> {
    pool: Vec<Candidate<'a>>,
    /// The leaf is 0, the anchors follow, the others come last.
    anchors: usize,
    asked: Asked<'a>,
    pub(super) budget: Budget,
    signatures: RefCell<HashMap<(usize, usize), Result<(), SignatureError>>>,
    best: RefCell<Option<Reason>>,
}

struct Candidate<'a> {
    certificate: &'a Certificate,
    node: OnceCell<Result<Node<'a>, ChainError>>,
}

/// The reason why one of the tried paths was refused. The path that came furthest gives the error.
struct Reason {
    rank: (Rank, usize),
    error: ChainError,
}

#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    /// No certificate at hand has the name of the issuer.
    Nameless,
    /// A certificate has the name, but not the key that signed.
    Unsigned,
    /// The signatures fit, and the upper end of the path is missing.
    Cut,
    /// The signature cannot be checked, so the signer is not known.
    Unchecked,
    /// The path reaches an anchor, and is not valid.
    Whole,
}

impl<'a> Search<'a> {
    pub(super) fn new(
        leaf: &'a Certificate,
        intermediates: &'a [Certificate],
        anchors: &'a [Certificate],
        asked: Asked<'a>,
    ) -> Self {
        let all = std::iter::once(leaf).chain(anchors).chain(intermediates);
        let pool = all.map(|certificate| Candidate { certificate, node: OnceCell::new() }).collect();
        Self {
            pool,
            anchors: anchors.len(),
            asked,
            budget: Budget::new(),
            signatures: RefCell::default(),
            best: RefCell::default(),
        }
    }

    /// The first path that holds, or why the one that came closest does not.
    pub(super) fn run(&self) -> Result<Found<'a>, ChainError> {
        let leaf = self.node(0).map_err(Clone::clone)?;
        let is_anchor = (1..=self.anchors).any(|id| self.der(id) == self.der(0));
        // A self-issued anchor needs no path: only the end of trust in it revokes it. Any other anchor may have been
        // revoked by its issuer, so a path to that issuer is looked for first.
        if is_anchor && leaf.is_self_issued() {
            return self.alone(leaf);
        }
        match self.climb(&mut vec![0]) {
            Ok(Some(found)) => return Ok(found),
            _ if is_anchor => return self.alone(leaf),
            Ok(None) => {}
            Err(Exhausted) => self.note((Rank::Whole, 0), || of_budget(Exhausted)),
        }
        let best = self.best.borrow_mut().take();
        Err(best.map_or_else(
            || ChainError::UnknownIssuer { issuer: leaf.certificate.issuer.clone() },
            |reason| reason.error,
        ))
    }

    fn alone(&self, leaf: &Node<'_>) -> Result<Found<'a>, ChainError> {
        validate::validate_alone(leaf, self.asked)?;
        let certificates = self.pool.first().map(|candidate| candidate.certificate).into_iter().collect();
        Ok(Found { certificates, policies: Vec::new() })
    }

    /// Looks for an issuer of the last certificate of `path`, and for that one's.
    fn climb(&self, path: &mut Vec<usize>) -> Result<Option<Found<'a>>, Exhausted> {
        let (depth, Some(&child)) = (path.len() - 1, path.last()) else { return Ok(None) };
        let mut is_named = false;
        for id in self.candidates(child) {
            self.budget.work(1)?;
            let Ok(issuer) = self.node(id) else { continue };
            if !self.node(child).is_ok_and(|child| child.issuer == issuer.subject) {
                continue;
            }
            is_named = true;
            if self.is_loop(path, id) {
                continue;
            }
            if let Err(error) = self.signed(child, id)? {
                self.note_signature(depth, child, id, &error);
                continue;
            }
            path.push(id);
            let found = if id <= self.anchors { self.judge(path)? } else { self.higher(path)? };
            path.pop();
            if found.is_some() {
                return Ok(found);
            }
        }
        if !is_named {
            self.note_missing(depth, child);
        }
        Ok(None)
    }

    fn higher(&self, path: &mut Vec<usize>) -> Result<Option<Found<'a>>, Exhausted> {
        if path.len() < LONGEST {
            return self.climb(path);
        }
        self.note((Rank::Cut, path.len()), || {
            refused(format!("the path is longer than {LONGEST} certificates"))
        });
        Ok(None)
    }

    /// Validates a path that reached an anchor.
    fn judge(&self, path: &[usize]) -> Result<Option<Found<'a>>, Exhausted> {
        self.budget.work(path.len())?;
        let nodes: Vec<&Node<'_>> = path.iter().filter_map(|id| self.node(*id).ok()).collect();
        match validate::validate(&nodes, self.asked, &self.budget) {
            Ok(policies) => {
                let certificates = path.iter().filter_map(|id| self.pool.get(*id));
                let certificates = certificates.map(|candidate| candidate.certificate).collect();
                Ok(Some(Found { certificates, policies }))
            }
            Err(broken) => {
                self.note((Rank::Whole, broken.held), || broken.error);
                Ok(None)
            }
        }
    }

    /// Possible issuers of `child`, by name as far as that can be told at a glance; the likeliest first.
    fn candidates(&self, child: usize) -> Vec<usize> {
        let Some(below) = self.pool.get(child).map(|candidate| candidate.certificate) else {
            return Vec::new();
        };
        let mut ids: Vec<usize> = (1..self.pool.len())
            .filter(|id| {
                self.pool.get(*id).is_some_and(|above| may_be_same(&above.certificate.subject, &below.issuer))
            })
            .collect();
        ids.sort_by_key(|id| {
            let above = self.pool.get(*id).map(|candidate| candidate.certificate);
            let key = match (&below.authority_key_id, above.and_then(|above| above.subject_key_id.as_ref())) {
                (Some(wanted), Some(held)) if wanted == held => 0,
                (Some(_), Some(_)) => 2,
                _ => 1,
            };
            let is_valid = above.is_some_and(|above| above.validity_at(self.asked.now) == Validity::Valid);
            (key, *id > self.anchors, !is_valid)
        });
        ids
    }

    /// The same certificate again, or the same name and key below an anchor (RFC 4158 §5.2).
    fn is_loop(&self, path: &[usize], id: usize) -> bool {
        let Ok(new) = self.node(id) else { return true };
        path.iter().any(|old| {
            let Ok(old) = self.node(*old) else { return true };
            let same_key = old.certificate.public_key_info() == new.certificate.public_key_info();
            old.certificate.der() == new.certificate.der()
                || (id > self.anchors && same_key && old.subject == new.subject)
        })
    }

    fn signed(&self, child: usize, issuer: usize) -> Result<Result<(), SignatureError>, Exhausted> {
        if let Some(known) = self.signatures.borrow().get(&(child, issuer)) {
            return Ok(known.clone());
        }
        self.budget.signature()?;
        let checked = match (signature::parts(self.der(child)), self.pool.get(issuer)) {
            (Ok(parts), Some(issuer)) => {
                let key = issuer.certificate.public_key_info();
                signature::verify(parts.algorithm, key, parts.signed, parts.signature)
            }
            _ => Err(SignatureError::Wrong),
        };
        self.signatures.borrow_mut().insert((child, issuer), checked.clone());
        Ok(checked)
    }

    fn note_signature(&self, depth: usize, child: usize, issuer: usize, error: &SignatureError) {
        let subject = |id: usize| self.pool.get(id).map_or("", |candidate| &candidate.certificate.subject);
        let rank = if *error == SignatureError::Wrong { Rank::Unsigned } else { Rank::Unchecked };
        let by_root = issuer <= self.anchors;
        self.note((rank, depth), || {
            error::of_signature(depth, subject(child), subject(issuer), by_root, error)
        });
    }

    fn note_missing(&self, depth: usize, child: usize) {
        let Some(certificate) = self.pool.get(child).map(|candidate| candidate.certificate) else { return };
        let rank = if depth == 0 { Rank::Nameless } else { Rank::Cut };
        self.note((rank, depth), || {
            let issuer = certificate.issuer.clone();
            if depth == 0 {
                ChainError::UnknownIssuer { issuer }
            } else {
                ChainError::UnknownAuthority { subject: certificate.subject.clone(), issuer }
            }
        });
    }

    fn note(&self, rank: (Rank, usize), error: impl FnOnce() -> ChainError) {
        let mut best = self.best.borrow_mut();
        if best.as_ref().is_none_or(|reason| reason.rank < rank) {
            *best = Some(Reason { rank, error: error() });
        }
    }

    fn node(&self, id: usize) -> Result<&Node<'a>, &ChainError> {
        static MISSING: ChainError = ChainError::Refused(String::new());
        let Some(candidate) = self.pool.get(id) else { return Err(&MISSING) };
        candidate.node.get_or_init(|| Node::read(candidate.certificate)).as_ref()
    }

    fn der(&self, id: usize) -> &'a [u8] {
        self.pool.get(id).map_or(&[], |candidate| candidate.certificate.der())
    }
}
