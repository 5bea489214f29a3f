//! Which certificates were revoked, by the platform's own verified list.

use crate::{
    custody,
    fleet::{layout::Layout, scan::Pair},
    pki::{
        certificate::Certificate,
        chain,
        crl::{self, Crl, CrlSet},
        revocation::State,
        time::Time,
    },
    platform::Platform,
};

/// No file of revocation lists is larger.
const LIMIT: u64 = 64 * 1024 * 1024;

/// The fleet's list, and what it is judged with.
pub(super) struct Revoked<'a> {
    lists: CrlSet,
    anchors: &'a [Certificate],
    now: Time,
}

impl<'a> Revoked<'a> {
    /// `ca/crl.pem`, which was just fetched if the platform has one; in a dry run the platform's own answer.
    ///
    /// # Errors
    /// Why there is no list that may be believed.
    pub(super) async fn read(
        platform: &dyn Platform,
        layout: &Layout,
        anchors: &'a [Certificate],
        dry_run: bool,
        now: Time,
    ) -> Result<Self, String> {
        let path = layout.ca_revocation_list();
        let fetched = if dry_run { platform.crl().await.ok() } else { None };
        let pem = match fetched {
            Some(pem) => pem,
            None => custody::read_text(&path, LIMIT).map_err(|error| format!("{}: {error}", path.display()))?,
        };
        let list = crl::verified_from_pem(&pem, anchors)
            .and_then(Crl::from_der)
            .map_err(|error| format!("the revocation list cannot be believed: {error}"))?;
        if let Some(end) = list.next_update().filter(|end| *end < now) {
            return Err(format!("the revocation list ended at {end}"));
        }
        let mut lists = CrlSet::new();
        lists.add(list, path.display().to_string());
        Ok(Self { lists, anchors, now })
    }

    /// The words for a revoked certificate; `None` for one that is not.
    pub(super) fn words(&self, pair: &Pair) -> Option<String> {
        let issuers = pair.intermediates.iter().chain(self.anchors);
        let issued = |issuer: &&Certificate| {
            chain::verify_client(&pair.leaf, &pair.intermediates, std::slice::from_ref(*issuer), self.now)
                .is_ok()
        };
        issuers
            .filter(issued)
            .map(|issuer| self.lists.status(&pair.leaf, issuer, self.now).state)
            .find(State::is_revoked)
            .map(|state| state.to_string())
    }
}
