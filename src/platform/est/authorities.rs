//! The CA certificates of an EST server: the root, and the intermediates on the path to it (RFC 7030 §4.1).

use crate::pki::{
    certificate::Certificate,
    chain,
    fingerprint::Fingerprint,
    issuer::{self, Issuer},
};

/// The longest chain that is put together.
const LONGEST: usize = 8;

/// Certificates of `cacerts`, and the root that was chosen among them.
#[derive(Clone, Debug)]
pub(super) struct Authorities {
    pub(super) root: Certificate,
    all: Vec<Certificate>,
}

impl Authorities {
    /// Chooses the root: the first of `preferred` that is there. Without one it is the newest self-signed CA
    /// certificate; where a server leaves its root out, the newest one that no other of them issued. `None` when there
    /// is no CA certificate.
    ///
    /// While a CA changes its key there are two roots and two certificates between them (RFC 4210 §4.4).
    pub(super) fn new(all: Vec<Certificate>, preferred: &[Fingerprint]) -> Option<Self> {
        let wished = preferred.iter().find_map(|wish| all.iter().find(|one| one.fingerprint() == *wish));
        let newest = |of: Vec<Certificate>| of.into_iter().max_by_key(|one| one.not_before);
        let root = wished.cloned().or_else(|| {
            let (roots, others) = chain::self_signed(all.iter().filter(|one| one.is_ca).cloned().collect());
            newest(roots).or_else(|| {
                let issued = |one: &Certificate| matches!(issuer::find(one, &others), Issuer::Found(_));
                newest(others.iter().filter(|one| !issued(one)).cloned().collect())
            })
        })?;
        Some(Self { root, all })
    }

    /// The certificates between a certificate and the root, the issuer first; `more` came beside the certificate.
    pub(super) fn between(&self, leaf: &Certificate, more: &[Certificate]) -> Vec<Certificate> {
        // A self-signed certificate leads to no root but itself, though another certificate with its key and its name
        // may lead to ours.
        let (_, others) =
            chain::self_signed(more.iter().chain(&self.all).filter(|one| one.is_ca).cloned().collect());
        let mut found: Vec<Certificate> = Vec::new();
        while found.len() < LONGEST {
            let last = found.last().unwrap_or(leaf);
            if matches!(issuer::find(last, std::slice::from_ref(&self.root)), Issuer::Found(_)) {
                return found;
            }
            match issuer::find(last, others.iter().filter(|one| **one != self.root)) {
                Issuer::Found(next) if !found.contains(next) => found.push(next.clone()),
                _ => break,
            }
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use rcgen::{BasicConstraints, CertificateParams, DnType, IsCa, Issuer as Signer, KeyPair};
    use time::{Duration, OffsetDateTime};

    use super::*;

    fn params(name: &str, days_ago: i64, is_ca: bool) -> CertificateParams {
        let mut params = CertificateParams::default();
        params.distinguished_name = rcgen::DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        params.not_before = OffsetDateTime::now_utc() - Duration::days(days_ago);
        params.not_after = OffsetDateTime::now_utc() + Duration::days(30);
        if is_ca {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        }
        params
    }

    fn read(made: &rcgen::Certificate) -> Certificate {
        Certificate::from_der(made.der().to_vec()).unwrap()
    }

    #[test]
    fn while_a_ca_changes_its_key_both_roots_can_be_trusted() {
        let (old_key, new_key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
        let (old, new) = (params("CA", 300, true), params("CA", 1, true));
        let old_root = read(&old.self_signed(&old_key).unwrap());
        let new_root = read(&new.self_signed(&new_key).unwrap());
        let by_old = Signer::new(old.clone(), &old_key);
        let by_new = Signer::new(new.clone(), &new_key);
        let new_with_old = read(&params("CA", 1, true).signed_by(&new_key, &by_old).unwrap());
        let old_with_new = read(&params("CA", 1, true).signed_by(&old_key, &by_new).unwrap());
        let leaf_key = KeyPair::generate().unwrap();
        let leaf = read(&params("a1998e", 0, false).signed_by(&leaf_key, &by_new).unwrap());
        let all = vec![old_with_new, new_root.clone(), old_root.clone(), new_with_old.clone()];
        let now = crate::pki::time::Time::from(std::time::SystemTime::now()).plus(60);
        let holds = |authorities: &Authorities| {
            let between = authorities.between(&leaf, &[]);
            let anchors = std::slice::from_ref(&authorities.root);
            chain::verify_client(&leaf, &between, anchors, now).unwrap();
            between
        };
        // A fleet that trusts the old root goes on doing so.
        let held = Authorities::new(all.clone(), &[old_root.fingerprint()]).unwrap();
        assert_eq!(held.root, old_root);
        assert_eq!(holds(&held), [new_with_old]);
        // A new fleet begins with the new root.
        let fresh = Authorities::new(all, &[]).unwrap();
        assert_eq!(fresh.root, new_root);
        assert!(holds(&fresh).is_empty());
    }

    #[test]
    fn a_server_that_leaves_its_root_out_is_trusted_by_what_is_there() {
        let (root_key, key) = (KeyPair::generate().unwrap(), KeyPair::generate().unwrap());
        let root = params("Root", 300, true);
        let issuing = params("Issuing", 200, true);
        let issuing_ca = read(&issuing.signed_by(&key, &Signer::new(root, &root_key)).unwrap());
        let found = Authorities::new(vec![issuing_ca.clone()], &[]).unwrap();
        assert_eq!(found.root, issuing_ca);
        let leaf = read(&params("a1998e", 0, false).signed_by(&root_key, &Signer::new(issuing, &key)).unwrap());
        assert!(found.between(&leaf, &[]).is_empty());
        assert!(Authorities::new(vec![leaf], &[]).is_none(), "no CA is there");
    }
}
