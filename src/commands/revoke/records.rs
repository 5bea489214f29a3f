//! The platform's records, compared with the targets before any of them is changed.

use std::collections::{HashMap, HashSet};

use futures_util::{StreamExt, stream};

use super::{
    Candidate, Plan,
    report::Report,
    target::{Named, Wanted},
};
use crate::{
    commands::proof::{Known, Proof, Subject, no_record},
    device_id::DeviceId,
    failure::{Exit, Failure},
    fleet::{
        journal::{self, Event},
        layout::Layout,
    },
    pki::{certificate::Certificate, fingerprint::Fingerprint, time::Time},
    platform::{CertificateRecord, ErrorKind, Platform, Registry, registry_of},
};

/// The most contradictions that are named.
const NAMED: usize = 10;

/// The named certificates that the platform has, each one once. Certificates that are gone already, or cannot be
/// fetched, are reported.
///
/// # Errors
/// A record that is not the one that was named.
pub(super) async fn compare(
    platform: &dyn Platform,
    plan: &Plan,
    proof: &Proof<'_>,
    named: Named,
    report: &mut Report<'_>,
) -> Result<Vec<Candidate>, Failure> {
    let mut found = Vec::new();
    let mut contradictions = Vec::new();
    let mut gone = Vec::new();
    let registry = registry_of(platform, "revoke")?;
    if !named.devices.is_empty() {
        for_devices(registry, &platform.display_name(), &named.devices, &mut found, report).await?;
    }
    let fetch = |wanted: Wanted| async move {
        let record = registry.certificate(&wanted.fingerprint).await;
        (wanted, record)
    };
    let mut seen: HashSet<Fingerprint> = HashSet::new();
    let wanted = named.certificates.into_iter().filter(|wanted| seen.insert(wanted.fingerprint));
    let mut records = stream::iter(wanted.map(fetch).collect::<Vec<_>>()).buffered(plan.limits.jobs);
    while let Some((wanted, record)) = records.next().await {
        match record {
            Ok(record) => match agree(&wanted, &record, registry.tenant().as_deref()) {
                Ok(candidate) => found.push(candidate),
                Err(contradiction) => contradictions.push(contradiction),
            },
            Err(error) if error.kind == ErrorKind::NotFound => gone.push(wanted),
            Err(error) if error.kind == ErrorKind::Unauthenticated => return Err(error.into()),
            Err(error) => report.not_fetched(&wanted, &error),
        }
    }
    if !contradictions.is_empty() {
        return Err(contradiction(&contradictions, &platform.display_name()));
    }
    if !gone.is_empty() {
        already_gone(platform, plan, proof, &gone, report).await;
    }
    for candidate in found.iter_mut().filter(|candidate| candidate.is_foreign.is_none()) {
        // The platform does not say which authority issued it. Without the platform's root the answer stays open.
        let is_own = proof.is_own(&candidate.certificate).await;
        candidate.is_foreign = is_own.ok().map(|is_own| !is_own);
    }
    let mut once = HashSet::new();
    found.retain(|candidate| once.insert(candidate.certificate.fingerprint()));
    Ok(found)
}

fn contradiction(all: &[String], place: &str) -> Failure {
    let mut message = format!("{place} has a record that differs from the target:");
    for one in all.iter().take(NAMED) {
        message.push_str("\n  ");
        message.push_str(one);
    }
    if all.len() > NAMED {
        message = format!("{message}\n  and {} more", all.len() - NAMED);
    }
    Failure::new(Exit::Unsafe, message).hint("nothing was done; name the certificates exactly")
}

/// The record is of this certificate, this device, this tenant.
fn agree(wanted: &Wanted, record: &CertificateRecord, tenant: Option<&str>) -> Result<Candidate, String> {
    let fingerprint = wanted.fingerprint;
    let stated = record.fingerprint.parse::<Fingerprint>().ok();
    let from_record = record.pem.as_deref().map(leaf).transpose();
    let held =
        from_record.map_err(|why| format!("{fingerprint}: the record's certificate is unreadable: {why}"))?;
    let certificate = held
        .or_else(|| wanted.certificate.clone())
        .ok_or_else(|| format!("{fingerprint}: the record holds no certificate"))?;
    if stated != Some(fingerprint) || certificate.fingerprint() != fingerprint {
        return Err(format!("{fingerprint}: the record is that of {}", certificate.fingerprint()));
    }
    if let (Some(ours), Some(theirs)) = (tenant, record.tenant.as_deref())
        && ours != theirs
    {
        return Err(format!(
            "{fingerprint}: it belongs to the tenant {theirs:?}, and the login is of {ours:?}"
        ));
    }
    let owner = owner(record);
    if let Some(device) = &wanted.device {
        let is_theirs = match &owner {
            Some(owner) => owner == device.as_str(),
            None => device.is_named_by(&certificate),
        };
        if !is_theirs {
            let whose = owner.as_ref().map_or_else(
                || format!("{}, without an owner", certificate.subject),
                |owner| format!("the device {owner:?}"),
            );
            return Err(format!("{device}: its certificate {fingerprint} belongs to {whose}"));
        }
    }
    Ok(Candidate { certificate, owner, owned_by_name: record.owned_by_name, is_foreign: is_foreign(record) })
}

/// Another authority issued it, as far as the platform says.
fn is_foreign(record: &CertificateRecord) -> Option<bool> {
    record.issued_by_platform.map(|is_own| !is_own)
}

fn owner(record: &CertificateRecord) -> Option<String> {
    let application = || record.application.as_ref().map(|name| format!("application {name}"));
    record.device.clone().or_else(application)
}

fn leaf(pem: &str) -> Result<Certificate, String> {
    let chain = Certificate::all_from_pem(pem).map_err(|error| error.to_string())?;
    chain.into_iter().next().ok_or_else(|| "it is empty".to_owned())
}

/// All certificates that the platform has for these devices: those that they own, and those that name one of them and
/// have no owner.
async fn for_devices(
    registry: &dyn Registry,
    place: &str,
    devices: &[DeviceId],
    found: &mut Vec<Candidate>,
    report: &mut Report<'_>,
) -> Result<(), Failure> {
    let ids: HashSet<&str> = devices.iter().map(DeviceId::as_str).collect();
    let theirs = |record: &CertificateRecord| match owner(record) {
        Some(owner) => ids.contains(owner.as_str()),
        None => record
            .pem
            .as_deref()
            .and_then(|pem| leaf(pem).ok())
            .is_some_and(|certificate| devices.iter().any(|device| device.is_named_by(&certificate))),
    };
    let records = registry.certificates(&theirs).await;
    let mut served: HashSet<String> = HashSet::new();
    for record in records.map_err(Failure::from)? {
        let nonsense = |why: String| Failure::failed(format!("the record {} {why}", record.fingerprint));
        let pem = record.pem.as_deref().ok_or_else(|| nonsense("holds no certificate".to_owned()))?;
        let certificate =
            leaf(pem).map_err(|why| nonsense(format!("holds an unreadable certificate: {why}")))?;
        if record.fingerprint.parse::<Fingerprint>().ok() != Some(certificate.fingerprint()) {
            return Err(contradiction(
                &[format!("{}: the record is that of {}", record.fingerprint, certificate.fingerprint())],
                place,
            ));
        }
        let owner = owner(&record);
        let names = devices.iter().find(|device| device.is_named_by(&certificate));
        served.extend(owner.clone().or_else(|| names.map(ToString::to_string)));
        found.push(Candidate {
            certificate,
            owner,
            owned_by_name: record.owned_by_name,
            is_foreign: is_foreign(&record),
        });
    }
    for device in devices.iter().filter(|device| !served.contains(device.as_str())) {
        report.has_none(device);
    }
    Ok(())
}

/// Records that are not there: fine where it can be proven that the certificate is revoked.
async fn already_gone(
    platform: &dyn Platform,
    plan: &Plan,
    proof: &Proof<'_>,
    gone: &[Wanted],
    report: &mut Report<'_>,
) {
    let journal = Attempts::read(&Layout::new(&plan.dir));
    for wanted in gone {
        let open = journal.open.iter().find(|one| one.fingerprint == wanted.fingerprint.to_string());
        let serial = wanted.certificate.as_ref().map(|certificate| certificate.serial.as_str());
        let serial = serial.or_else(|| journal.serials.get(&wanted.fingerprint).map(String::as_str));
        let certificate = wanted.certificate.as_ref();
        let known = proof.of(Subject { fingerprint: &wanted.fingerprint, serial, certificate }).await;
        match (known, open) {
            (Known::Revoked(words), Some(open)) => report.found_revoked(wanted, open, &words),
            (Known::Revoked(_), None) => report.gone(wanted),
            (Known::NotNamed(made), Some(open)) if open.asked_at.is_some_and(|asked| made > asked) => {
                let issuer = certificate.map_or("the platform's CA", |certificate| &certificate.issuer);
                report.not_revoked(wanted, open, made, issuer);
            }
            (Known::NotNamed(made), Some(open)) => report.left_open(wanted, open, &format!(
                "its record is gone, an earlier attempt here was never answered, and the revocation list of {made} \
                 does not name it"
            )),
            (Known::Undecided(why), Some(open)) => report.left_open(wanted, open, &format!(
                "its record is gone, an earlier attempt here was never answered, and the revocation list cannot be \
                 read: {why}"
            )),
            (Known::Foreign, _) => {
                let issuer = certificate.map_or("another authority", |certificate| &certificate.issuer);
                let why = no_record(platform, &format!("{issuer} issued it, which is not the platform's CA"));
                report.no_record(wanted, Exit::Unsafe, &why, "name the platform that issued it (-h)");
            }
            (Known::NotNamed(made), None) => {
                let why = no_record(platform, &format!("the revocation list of {made} does not name it"));
                report.no_record(wanted, Exit::Failed, &why, LOOK);
            }
            (Known::Undecided(why), None) => {
                report.no_record(wanted, Exit::Failed, &no_record(platform, &why), LOOK);
            }
        }
    }
}

/// Hint for a certificate without a record.
const LOOK: &str = "check the user (-u) and the platform (-h): certreq list; a list may be a day behind";

/// A revocation whose outcome is not known.
#[derive(Debug)]
pub(super) struct OpenRevocation {
    pub(super) device: String,
    pub(super) key: Option<Fingerprint>,
    pub(super) fingerprint: String,
    pub(super) serial: String,
    /// When the last attempt ended without an answer.
    pub(super) asked_at: Option<Time>,
}

/// Revocations that earlier runs tried, as this directory's journal has them.
#[derive(Default)]
struct Attempts {
    /// Revocations without an answer.
    open: Vec<OpenRevocation>,
    /// Serial numbers of certificates that this directory knows.
    serials: HashMap<Fingerprint, String>,
}

impl Attempts {
    /// Reads the journal. One that cannot be read counts as empty here, and is reported when it is opened for writing.
    fn read(layout: &Layout) -> Self {
        let mut attempts = Self::default();
        let _ = journal::each(&layout.journal(), |record| match record.event {
            Event::Revocation { fingerprint, serial, step, .. } => {
                attempts.know(&fingerprint, &serial);
                attempts.open.retain(|one| one.fingerprint != fingerprint);
                if step.is_open() {
                    let (key, asked_at) = (record.key.parse().ok(), Time::from_rfc3339(&record.at));
                    attempts.open.push(OpenRevocation {
                        device: record.device,
                        key,
                        fingerprint,
                        serial,
                        asked_at,
                    });
                }
            }
            Event::Published { fingerprint, serial, .. } | Event::Answered { fingerprint, serial, .. } => {
                attempts.know(&fingerprint, &serial);
            }
            _ => {}
        });
        attempts
    }

    fn know(&mut self, fingerprint: &str, serial: &str) {
        if let Ok(fingerprint) = fingerprint.parse() {
            self.serials.insert(fingerprint, serial.to_owned());
        }
    }
}

/// For the report: when a certificate ends, if it is at hand.
pub(super) fn end_of(wanted: &Wanted) -> Option<Time> {
    wanted.certificate.as_ref().map(|certificate| certificate.not_after)
}
