//! One source: read, recognised, judged.

use super::{Plan, View, check::Worst, json, place::Place, short, text, witnesses::Witnesses};
use crate::{
    device_id::DeviceId,
    evidence::{
        contents,
        endpoint::{self, Options},
        fleet_authorities::{FleetAuthorities, Fleets},
        input::{InputError, Source},
        platform::PlatformEvidence,
        read,
    },
    failure::Failure,
    fleet::layout::CERTIFICATE_FILE,
    output::Ui,
    pki::{
        certificate::Certificate,
        fingerprint::Fingerprint,
        issuer::{self, Issuer},
        lint::{self, Finding, KeyBeside, Surroundings},
        revocation::Revocation,
        sniff::{self, Encoding, Found, Item, SniffError},
        state::{Lifetime, State},
    },
};

/// Result of one source.
#[derive(Debug, Default)]
pub(super) struct Examined {
    /// Ready for stdout, with its line feed; empty without any output.
    pub(super) shown: String,
    /// Things that were shown.
    pub(super) items: usize,
    /// Parts that could not be read: place, reason, and a hint.
    pub(super) failures: Vec<(String, String, Option<&'static str>)>,
    pub(super) worst: Worst,
    /// Further warnings, each to be printed once.
    pub(super) warnings: Vec<String>,
}

/// One thing with everything that is known about it.
pub(super) struct Judged<'a> {
    pub(super) source: &'a str,
    /// Position in the source, from 0.
    pub(super) index: usize,
    /// It is not alone in its source.
    pub(super) is_one_of_many: bool,
    pub(super) found: &'a Found,
    /// Of certificates only.
    pub(super) verdict: Option<Verdict>,
}

/// How a certificate stands.
pub(super) struct Verdict {
    pub(super) state: State,
    pub(super) lifetime: Lifetime,
    /// `None` when there is no list to ask, or none that could know it.
    pub(super) revocation: Option<Revocation>,
    /// It signed itself, so no list can revoke it: a list of a revoked signer is not believed any more.
    pub(super) self_signed: bool,
    pub(super) findings: Vec<Finding>,
}

/// Looks at sources; shared by all workers.
pub(super) struct Examiner<'a> {
    plan: &'a Plan,
    witnesses: Witnesses,
    fleets: Fleets,
}

impl<'a> Examiner<'a> {
    /// # Errors
    /// When evidence that was named cannot be used.
    pub(super) fn new(plan: &'a Plan, own: Option<PlatformEvidence>, ui: &Ui) -> Result<Self, Failure> {
        Ok(Self { plan, witnesses: Witnesses::gather(plan, own, ui)?, fleets: Fleets::default() })
    }

    pub(super) fn examine(&self, step: &Result<Source, (String, InputError)>) -> Examined {
        let mut examined = Examined::default();
        match step {
            Ok(source) => self.source(source, &mut examined),
            Err((named, error)) => examined.fail(named.clone(), error.to_string(), hint_of(error)),
        }
        examined
    }

    fn source(&self, source: &Source, examined: &mut Examined) {
        let name = source.to_string();
        let place = Place::of(source);
        let results = match source {
            Source::Server(endpoint) => self.fetch(endpoint, examined),
            Source::Stdin => self.recognise(&name, read::stdin()),
            Source::File(path) | Source::Found(path) => self.recognise(&name, place.read(path)),
        };
        let is_found = matches!(source, Source::Found(_));
        let is_name = |one: &Found| matches!(one.item, Item::TokenKey(_));
        let names_key = results.iter().any(|one| one.as_ref().is_ok_and(is_name));
        let mut found = Vec::new();
        for result in results {
            match result {
                // Keys in a directory belong to the certificates beside them; other files may lie anywhere.
                Ok(Found { item: Item::PrivateKey(_) | Item::TokenKey(_) | Item::TpmKey(_), .. })
                    if is_found =>
                {
                    if place.lacks_certificate() {
                        let why = format!("there is no {CERTIFICATE_FILE} beside it");
                        examined.fail(name.clone(), why, None);
                    }
                }
                // The public half beside the name of a key in a token.
                Ok(Found { item: Item::PublicKey { .. }, .. }) if is_found && names_key => {}
                Err(Unread::Sniff(SniffError::Nothing(_) | SniffError::Empty | SniffError::Foreign { .. }))
                    if is_found && !place.is_pair() => {}
                Ok(one) => {
                    examined.warnings.extend(one.remark.as_ref().map(|remark| format!("{name}: {remark}")));
                    found.push(one);
                }
                Err(error) => examined.fail(name.clone(), error.to_string(), error.hint()),
            }
        }
        self.judge(&place, &name, &found, examined);
    }

    fn recognise(
        &self,
        name: &str,
        bytes: Result<zeroize::Zeroizing<Vec<u8>>, read::ReadError>,
    ) -> Vec<Result<Found, Unread>> {
        let bytes = match bytes {
            Ok(bytes) => bytes,
            Err(error) => return vec![Err(Unread::Read(error))],
        };
        let password = &self.plan.password;
        let results = contents::recognise(&bytes, password.given(), || password.ask(name));
        results.into_iter().map(|result| result.map_err(Unread::Sniff)).collect()
    }

    fn fetch(&self, endpoint: &endpoint::Endpoint, examined: &mut Examined) -> Vec<Result<Found, Unread>> {
        let servers = &self.plan.servers;
        let options = Options {
            server_name: servers.name.clone(),
            timeout: servers.timeout,
            client: servers.client.clone(),
        };
        match endpoint::fetch(endpoint, options) {
            Ok(presented) => {
                if let Some(why) = &presented.broken_off {
                    examined.warnings.push(format!("{endpoint} showed its certificates and broke off: {why}"));
                }
                let chain = presented.chain.into_iter();
                chain.map(|der| sniff::certificate(der, Encoding::Tls).map_err(Unread::Sniff)).collect()
            }
            Err(error) => vec![Err(Unread::Server(error))],
        }
    }

    fn judge(&self, place: &Place, name: &str, found: &[Found], examined: &mut Examined) {
        let around = Around::of(&self.fleets, place, found, examined);
        for (index, one) in found.iter().enumerate() {
            let verdict = match &one.item {
                Item::Certificate { facts, der } => Some(self.verdict(facts, der, index, &around)),
                _ => None,
            };
            let judged = Judged { source: name, index, is_one_of_many: found.len() > 1, found: one, verdict };
            examined.worst.take(&judged, self.plan.now);
            examined.items += 1;
            match self.plan.view {
                View::Json => json::show(&judged, self.plan, &mut examined.shown),
                View::Short => short::show(&judged, self.plan, &mut examined.shown),
                View::Text { all } => text::show(&judged, self.plan, all, &mut examined.shown),
            }
        }
    }

    fn verdict(
        &self,
        facts: &crate::pki::facts::CertificateFacts,
        der: &[u8],
        index: usize,
        around: &Around,
    ) -> Verdict {
        let plan = self.plan;
        let lifetime = Lifetime { not_before: facts.not_before, not_after: facts.not_after };
        let self_signed = facts.subject == facts.issuer
            && Certificate::from_der(der.to_vec())
                .is_ok_and(|root| matches!(issuer::find(&root, [&root]), Issuer::Found(_)));
        let revocations = self.witnesses.with(around.fleet.as_deref());
        // A short line without a grade shows only that a certificate is revoked. Where no list has the serial number,
        // the line claims no state, so no signature needs to be verified for it.
        let tells = plan.view != View::Short || plan.check;
        let may_revoke = || revocations.may_revoke(&facts.serial, &Fingerprint::of(der));
        let asks = !self_signed && (tells || may_revoke());
        let revocation = if asks { self.witnesses.about(&revocations, der, &around.chain) } else { None };
        // The first certificate of a file is the device's own; its issuers follow.
        let own = index == around.own && !facts.is_ca;
        let surroundings = if own {
            let strange = around.id.as_ref().filter(|id| !id.is_named_in(&facts.common_names));
            Surroundings { keys: &around.keys, other_device: strange.map(DeviceId::as_str) }
        } else {
            Surroundings::default()
        };
        Verdict {
            state: lifetime.state(plan.now, plan.within, revocation.as_ref()),
            lifetime,
            revocation,
            self_signed,
            findings: lint::findings(facts, surroundings, plan.now),
        }
    }
}

/// Facts about the place of a source.
#[derive(Default)]
struct Around {
    keys: Vec<KeyBeside>,
    id: Option<DeviceId>,
    fleet: Option<std::sync::Arc<FleetAuthorities>>,
    /// The other certificates of the source, to find issuers in.
    chain: Vec<Certificate>,
    /// Which certificate is the device's own.
    own: usize,
}

impl Around {
    fn of(fleets: &Fleets, place: &Place, found: &[Found], examined: &mut Examined) -> Self {
        let mut around = Self::default();
        let Some(own) = found.iter().position(|one| matches!(one.item, Item::Certificate { .. })) else {
            return around;
        };
        around.own = own;
        let inside = found.iter().filter_map(|one| match &one.item {
            Item::PrivateKey(facts) => Some(facts.key.clone()),
            _ => None,
        });
        around.keys = inside
            .map(|key| KeyBeside { place: "the same file".to_owned(), key: Ok(key), exposed: None })
            .collect();
        if found.len() > 1 {
            let others = found.iter().filter_map(|one| match &one.item {
                // Those of keys that sign only lists, too: they are no authorities.
                Item::Certificate { der, .. } => Certificate::from_der(der.clone()).ok(),
                _ => None,
            });
            around.chain = others.collect();
        }
        let Some(directory) = place.directory.as_deref() else { return around };
        around.id.clone_from(&place.device);
        if around.keys.is_empty() {
            around.keys.extend(place.key(directory));
        }
        let fleet = fleets.of(directory);
        let unusable = fleet.unusable.iter().map(|why| format!("revocation cannot be told: {why}"));
        examined.warnings.extend(unusable);
        let damage = fleet.journal().filter(|journal| !journal.is_denied).and_then(|it| it.damage.as_ref());
        examined.warnings.extend(damage.map(|why| format!("the journal is not used to its end: {why}")));
        around.fleet = Some(fleet);
        around
    }
}

impl Examined {
    fn fail(&mut self, named: String, why: String, hint: Option<&'static str>) {
        self.worst.unreadable();
        self.failures.push((named, why, hint));
    }
}

/// Reason why a source could not be read.
#[derive(Debug, thiserror::Error)]
enum Unread {
    #[error(transparent)]
    Read(read::ReadError),
    #[error(transparent)]
    Sniff(SniffError),
    #[error(transparent)]
    Server(endpoint::EndpointError),
}

impl Unread {
    fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Sniff(SniffError::PasswordNeeded) => {
                Some("give it with --password-file FILE or the variable CERTREQ_PASSWORD")
            }
            _ => None,
        }
    }
}

fn hint_of(error: &InputError) -> Option<&'static str> {
    match error {
        InputError::Read(read::ReadError::Io(error)) if error.kind() == std::io::ErrorKind::NotFound => {
            Some("a server is named as host:port, https://host or mqtts://host")
        }
        _ => None,
    }
}
