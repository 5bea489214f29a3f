//! The CA certificates of an EST server: which is the root, and what leads there (RFC 7030 §4.1).

use crate::pki::{
    certificate::Certificate,
    chain,
    fingerprint::Fingerprint,
    issuer::{self, Issuer},
};

/// The longest chain that is put together.
const LONGEST: usize = 8;

/// What `cacerts` held, and the root that was chosen of it.
#[derive(Clone, Debug)]
pub(super) struct Authorities {
    pub(super) root: Certificate,
    all: Vec<Certificate>,
}

impl Authorities {
    /// The root is the first of `preferred` that is there. Without one it is the newest that signed itself; where a
    /// server leaves its root out, the newest that no other of them issued. `None` when there is no CA certificate.
    ///
    /// While a CA changes its key there are two roots and two certificates between them (RFC 4210 §4.4).
    pub(super) fn new(all: Vec<Certificate>, preferred: &[Fingerprint]) -> Option<Self> {
        let by_wish = || preferred.iter().find_map(|wish| all.iter().find(|one| one.fingerprint() == *wish));
        let newest = |of: Vec<Certificate>| of.into_iter().max_by_key(|one| one.not_before);
        let root = match by_wish() {
            Some(root) => root.clone(),
            None => {
                let authorities = all.iter().filter(|one| one.is_ca).cloned().collect();
                let (roots, others) = chain::self_signed(authorities);
                newest(roots).or_else(|| {
                    let issued = |one: &Certificate| matches!(issuer::find(one, &others), Issuer::Found(_));
                    newest(others.iter().filter(|one| !issued(one)).cloned().collect())
                })?
            }
        };
        Some(Self { root, all })
    }

    /// What stands between a certificate and the root, the issuer first; `more` came beside the certificate.
    pub(super) fn between(&self, leaf: &Certificate, more: &[Certificate]) -> Vec<Certificate> {
        // One that signed itself leads nowhere, though its key and its name may be those of one that does.
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
