//! Who is asked about revocation: lists that were named, lists beside the files, the platform's, and, when asked for, the network.

use tokio::runtime::{Builder, Runtime};

use super::Plan;
use crate::{
    evidence::{
        bundle,
        fleet_authorities::Authorities,
        online::{Fetcher, Online},
        platform::PlatformList,
        revocation,
    },
    failure::Failure,
    output::Ui,
    pki::{
        certificate::Certificate,
        crl::CrlSet,
        issuer::{self, Issuer},
        revocation::Revocation,
        time::Time,
    },
};

/// Everything that may be asked, for all inputs.
#[derive(Debug)]
pub(super) struct Evidence {
    named: Authorities,
    /// The platform that was named, and its list.
    platform: Option<Authorities>,
    network: Option<(Runtime, Online)>,
    at: Time,
}

impl Evidence {
    /// Reads what was named.
    ///
    /// # Errors
    /// When a file or URL that was named gives nothing.
    pub(super) fn gather(plan: &Plan, own: Option<PlatformList>, ui: &Ui) -> Result<Self, Failure> {
        let mut certificates = Vec::new();
        for path in &plan.ca {
            let read = bundle::certificates(path);
            certificates.extend(read.map_err(|error| Failure::failed(format!("{}: {error}", path.display())))?);
        }
        let mut lists = CrlSet::new();
        if !plan.lists.is_empty() {
            let fetcher = Fetcher::for_typed(plan.servers.timeout);
            let runtime = runtime()?;
            for place in &plan.lists {
                let load = revocation::load(place, &fetcher, &mut lists);
                for why in runtime.block_on(load).map_err(Failure::failed)? {
                    ui.warn(&format!("a revocation list is not used: {why}"));
                }
            }
        }
        let network = match &plan.online {
            Some(options) => Some((runtime()?, Online::new(options.clone()))),
            None => None,
        };
        let platform = own.map(|own| {
            let mut lists = CrlSet::new();
            lists.add(own.list, own.source);
            Authorities { certificates: vec![own.root], lists }
        });
        Ok(Self { named: Authorities { certificates, lists }, platform, network, at: plan.now })
    }

    /// Somebody who may be asked could say that the certificate with this serial number is revoked.
    pub(super) fn may_revoke(&self, serial: &str, beside: Option<&Authorities>) -> bool {
        self.network.is_some() || self.lists(beside).any(|lists| lists.mentions(serial))
    }

    fn lists<'a>(&'a self, beside: Option<&'a Authorities>) -> impl Iterator<Item = &'a CrlSet> {
        let all = std::iter::once(&self.named).chain(beside).chain(&self.platform);
        all.map(|authorities| &authorities.lists)
    }

    /// What is known about one certificate; `None` when there is nobody to ask.
    ///
    /// Its issuer is looked for among the named authorities, those `beside` it, the platform's, and `chain`, what came with it.
    pub(super) fn about(
        &self,
        der: &[u8],
        beside: Option<&Authorities>,
        chain: &[Certificate],
    ) -> Option<Revocation> {
        let asked: Vec<&CrlSet> = self.lists(beside).filter(|lists| !lists.is_empty()).collect();
        if asked.is_empty() && self.network.is_none() {
            return None;
        }
        let Ok(certificate) = Certificate::from_der(der.to_vec()) else {
            return Some(Revocation::unknown("the certificate is too odd to be looked up"));
        };
        let of_fleet = beside.map_or(&[][..], |authorities| &authorities.certificates);
        let of_platform = self.platform.iter().flat_map(|platform| &platform.certificates);
        let issuers = self.named.certificates.iter().chain(of_fleet).chain(of_platform).chain(chain);
        match issuer::find(&certificate, issuers) {
            Issuer::Found(issuer) => self.of_issuer(&certificate, issuer, &asked),
            // Who signed it is not certain; that its number is on the list is news all the same.
            Issuer::Unverifiable(issuer) => {
                let why = "the signature of the certificate is of a kind that is not trusted here";
                let listed = self.of_lists(&certificate, issuer, &asked);
                let listed = listed.filter(|revocation| revocation.state.is_revoked());
                Some(listed.unwrap_or_else(|| Revocation::unknown(why)))
            }
            Issuer::Missing => Some(Revocation::unknown(format!(
                "the certificate of its issuer, {}, is not at hand, so no list can be believed",
                certificate.issuer
            ))),
        }
    }

    fn of_lists(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        asked: &[&CrlSet],
    ) -> Option<Revocation> {
        Revocation::decide(asked.iter().map(|lists| lists.status(certificate, issuer, self.at)))
    }

    /// The network is asked only for what the lists at hand do not settle.
    fn of_issuer(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        asked: &[&CrlSet],
    ) -> Option<Revocation> {
        let local = self.of_lists(certificate, issuer, asked);
        let Some((runtime, online)) = &self.network else { return local };
        if local.as_ref().is_some_and(|revocation| revocation.state.is_conclusive()) {
            return local;
        }
        let remote = runtime.block_on(online.status(certificate, issuer, self.at, &self.named.lists));
        Revocation::decide(std::iter::once(remote).chain(local))
    }
}

fn runtime() -> Result<Runtime, Failure> {
    Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| Failure::failed(format!("the system gives no threads: {error}")))
}
