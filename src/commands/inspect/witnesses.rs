//! The witnesses that are asked about revocation: lists that were named, the platform's, and, when that was allowed,
//! the network. Each fleet adds its own.

use std::sync::Arc;

use tokio::runtime::{Builder, Runtime};

use super::Plan;
use crate::{
    evidence::{
        bundle,
        fleet_authorities::FleetAuthorities,
        online::{Fetcher, Online},
        platform::PlatformEvidence,
        revocations::Revocations,
        witness::Witness,
    },
    failure::Failure,
    output::Ui,
    pki::{certificate::Certificate, revocation::Revocation, time::Time},
};

/// Everything that may be asked, for all inputs.
#[derive(Debug)]
pub(super) struct Witnesses {
    named: Arc<Witness>,
    /// The platform that was named, and its list.
    platform: Option<Arc<Witness>>,
    network: Option<(Runtime, Arc<Online>)>,
    at: Time,
}

impl Witnesses {
    /// Reads the named evidence.
    ///
    /// # Errors
    /// When a file or URL that was named gives no evidence.
    pub(super) fn gather(plan: &Plan, own: Option<PlatformEvidence>, ui: &Ui) -> Result<Self, Failure> {
        let mut certificates = Vec::new();
        for path in &plan.ca {
            let read = bundle::certificates(path);
            certificates.extend(read.map_err(|error| Failure::failed(format!("{}: {error}", path.display())))?);
        }
        let mut named = Witness::of(certificates);
        if !plan.lists.is_empty() {
            let fetcher = Fetcher::for_typed(plan.servers.timeout);
            let runtime = runtime()?;
            for place in &plan.lists {
                for why in runtime.block_on(named.load(place, &fetcher)).map_err(Failure::failed)? {
                    ui.warn(&format!("a revocation list is not used: {why}"));
                }
            }
        }
        let network = match &plan.online {
            Some(options) => Some((runtime()?, Arc::new(Online::new(options.clone())))),
            None => None,
        };
        let platform = own.map(|own| Arc::new(own.into_witness()));
        Ok(Self { named: Arc::new(named), platform, network, at: plan.now })
    }

    /// All that may be asked about a certificate of this fleet.
    pub(super) fn with(&self, fleet: Option<&FleetAuthorities>) -> Revocations {
        let fleet = fleet.map(FleetAuthorities::witness);
        let witnesses = [Some(Arc::clone(&self.named)), fleet, self.platform.clone()];
        let online = self.network.as_ref().map(|(_, online)| Arc::clone(online));
        Revocations::new(witnesses.into_iter().flatten(), online)
    }

    /// Revocation of one certificate; `None` without evidence to ask. `chain` holds the certificates that came with it.
    pub(super) fn about(
        &self,
        revocations: &Revocations,
        der: &[u8],
        chain: &[Certificate],
    ) -> Option<Revocation> {
        let Ok(certificate) = Certificate::from_der(der.to_vec()) else {
            let why = "the certificate is too odd to be looked up";
            return revocations.can_be_asked().then(|| Revocation::unknown(why));
        };
        match &self.network {
            Some((runtime, _)) => runtime.block_on(revocations.about(&certificate, chain, self.at)),
            None => revocations.about_at_hand(&certificate, chain, self.at),
        }
    }
}

fn runtime() -> Result<Runtime, Failure> {
    Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .map_err(|error| Failure::failed(format!("threads cannot be started: {error}")))
}
