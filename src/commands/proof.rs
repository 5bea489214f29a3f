//! Proof that a certificate is revoked when the platform has no record of it: this directory's journal, or a verified
//! list that names it. A missing record alone is no proof: the certificate may be another platform's, or another
//! tenant's.

use std::path::PathBuf;

use tokio::sync::OnceCell;

use super::{anchor::pinned_root, workspace::now};
use crate::{
    evidence::{fleet_authorities::FleetAuthorities, platform::own_list, witness::Witness},
    failure::{Exit, Failure},
    fleet::layout::Layout,
    output::Ui,
    pki::{
        certificate::Certificate,
        fingerprint::Fingerprint,
        issuer::{self, Issuer},
        time::Time,
    },
    platform::{Platform, Registry},
};

/// Everything that may prove it; the platform is asked for its root and its list at most once, and only when needed.
pub(super) struct Proof<'p> {
    platform: &'p dyn Platform,
    pin: Option<Fingerprint>,
    fleets: Vec<(Layout, FleetAuthorities)>,
    root: OnceCell<Certificate>,
    list: OnceCell<Result<(Witness, Time), String>>,
}

/// A certificate, as far as it is known.
#[derive(Clone, Copy)]
pub(super) struct Subject<'a> {
    pub(super) fingerprint: &'a Fingerprint,
    pub(super) serial: Option<&'a str>,
    pub(super) certificate: Option<&'a Certificate>,
}

/// Status of a certificate without a record.
#[derive(Debug)]
pub(super) enum Known {
    /// It is revoked; the text names the evidence.
    Revoked(String),
    /// The platform's root did not issue it, nor did an earlier one that this fleet knows.
    Foreign,
    /// The list that was made at this time does not name it.
    NotNamed(Time),
    /// The list cannot be had, or the serial number is not known.
    Undecided(String),
}

impl<'p> Proof<'p> {
    /// Reads the fleets in these directories.
    pub(super) fn new(
        platform: &'p dyn Platform,
        pin: Option<Fingerprint>,
        fleets: impl IntoIterator<Item = PathBuf>,
    ) -> Self {
        let fleets = fleets.into_iter().map(|root| {
            let layout = Layout::new(root);
            let authorities = FleetAuthorities::read(&layout);
            (layout, authorities)
        });
        Self { platform, pin, fleets: fleets.collect(), root: OnceCell::new(), list: OnceCell::new() }
    }

    /// Refuses a platform that has another root than one of the fleets, or than the pin.
    pub(super) async fn agree_on_root(&self, ui: &Ui) -> Result<(), Failure> {
        if self.pin.is_some() {
            self.root().await?;
        }
        for (layout, fleet) in &self.fleets {
            for why in &fleet.unusable {
                ui.detail(&format!("{}: {why}", layout.root().display()));
            }
            if fleet.roots.is_empty() {
                continue;
            }
            let root = self.root().await?;
            if !fleet.roots.contains(root) {
                let (place, file) = (self.platform.display_name(), layout.ca_certificate());
                return Err(Failure::new(
                    Exit::Unsafe,
                    format!(
                        "{place} has another root certificate than {}: {}",
                        file.display(),
                        root.fingerprint()
                    ),
                )
                .hint("nothing was done; give the platform that issued the certificates (-h)"));
            }
        }
        Ok(())
    }

    async fn root(&self) -> Result<&Certificate, Failure> {
        self.root.get_or_try_init(|| pinned_root(self.platform, self.pin)).await
    }

    /// The platform's root, or an earlier one of the fleets, issued it.
    pub(super) async fn is_own(&self, certificate: &Certificate) -> Result<bool, Failure> {
        let root = self.root().await?;
        let earlier = self.fleets.iter().flat_map(|(_, fleet)| &fleet.roots);
        Ok(matches!(issuer::find(certificate, std::iter::once(root).chain(earlier)), Issuer::Found(_)))
    }

    /// Status of a certificate that the platform has no record of.
    pub(super) async fn of(&self, subject: Subject<'_>) -> Known {
        if let Some(words) = self.at_hand(subject) {
            return Known::Revoked(words);
        }
        if let Some(certificate) = subject.certificate {
            match self.is_own(certificate).await {
                Ok(true) => {}
                Ok(false) => return Known::Foreign,
                Err(failure) => return Known::Undecided(failure.to_string()),
            }
        }
        let list = self.list.get_or_init(|| async { self.fetch().await.map_err(|why| why.to_string()) }).await;
        match (list, subject.serial) {
            (Ok((list, _)), Some(serial)) if list.names(serial) => {
                Known::Revoked("the revocation list names it".to_owned())
            }
            (Ok((_, made)), Some(_)) => Known::NotNamed(*made),
            (Ok(_), None) => Known::Undecided("its serial number is not known here".to_owned()),
            (Err(why), _) => Known::Undecided(why.clone()),
        }
    }

    fn at_hand(&self, subject: Subject<'_>) -> Option<String> {
        for (_, fleet) in &self.fleets {
            if fleet.witness().was_revoked_here(subject.fingerprint).is_some() {
                return Some("recorded in this directory's journal".to_owned());
            }
            let revoked = subject.certificate.and_then(|certificate| fleet.revoked(certificate, &[], now()));
            if let Some(revoked) = revoked {
                return Some(revoked.to_string());
            }
        }
        None
    }

    async fn fetch(&self) -> Result<(Witness, Time), Failure> {
        let root = self.root().await?;
        let text = self.platform.crl().await?;
        let list =
            own_list(&text, std::slice::from_ref(root)).map_err(crate::evidence::platform::ListError::from)?;
        let made = list.this_update();
        let mut witness = Witness::of(vec![root.clone()]);
        witness.add(list, self.platform.display_name());
        Ok((witness, made))
    }
}

/// Message about a certificate without a record that is not known to be revoked.
pub(super) fn no_record(platform: &dyn Platform, why: &str) -> String {
    let tenant = platform
        .registry()
        .and_then(Registry::tenant)
        .map(|tenant| format!(" for the tenant {tenant}"))
        .unwrap_or_default();
    format!("there is no record of it{tenant}: gone, never there, or another tenant's; {why}")
}
