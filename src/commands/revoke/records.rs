//! The platform's records, compared with what was named before anything is done to them.

use std::collections::HashSet;

use futures_util::{StreamExt, stream};

use super::{
    Candidate, Plan,
    report::Report,
    target::{Named, Wanted},
};
use crate::{
    device_id::DeviceId,
    failure::{Exit, Failure},
    fleet::{
        journal::{self, Event},
        layout::Layout,
    },
    pki::{
        certificate::Certificate,
        crl::{self, Crl},
        fingerprint::Fingerprint,
        time::Time,
    },
    platform::{CertificateRecord, ErrorKind, Platform, PlatformError, Registry, registry_of},
};

/// The most contradictions that are named.
const NAMED: usize = 10;

/// What the platform has of what was named, each certificate once. What is gone already is reported, and so is what
/// cannot be fetched.
///
/// # Errors
/// A record that is not the one that was named.
pub(super) async fn compare(
    platform: &dyn Platform,
    plan: &Plan,
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
        already_gone(platform, plan, &gone, report).await?;
    }
    let mut once = HashSet::new();
    found.retain(|candidate| once.insert(candidate.certificate.fingerprint()));
    Ok(found)
}

fn contradiction(all: &[String], place: &str) -> Failure {
    let mut message = format!("{place} has something else than what was named:");
    for one in all.iter().take(NAMED) {
        message.push_str("\n  ");
        message.push_str(one);
    }
    if all.len() > NAMED {
        message = format!("{message}\n  and {} more", all.len() - NAMED);
    }
    Failure::new(Exit::Unsafe, message).hint("nothing was done; name the certificates that are meant")
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
            return Err(format!("{device}: its certificate {fingerprint} is that of {whose}"));
        }
    }
    Ok(Candidate { certificate, owner })
}

fn owner(record: &CertificateRecord) -> Option<String> {
    let application = || record.application.as_ref().map(|name| format!("application {name}"));
    record.device.clone().or_else(application)
}

fn leaf(pem: &str) -> Result<Certificate, String> {
    let chain = Certificate::all_from_pem(pem).map_err(|error| error.to_string())?;
    chain.into_iter().next().ok_or_else(|| "it is empty".to_owned())
}

/// Everything the platform has for these devices: what they own, and what names one of them and has no owner.
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
        found.push(Candidate { certificate, owner });
    }
    for device in devices.iter().filter(|device| !served.contains(device.as_str())) {
        report.has_none(device);
    }
    Ok(())
}

/// Records that are gone: fine, unless an earlier attempt ended without an answer. Then only the revocation list
/// can tell.
async fn already_gone(
    platform: &dyn Platform,
    plan: &Plan,
    gone: &[Wanted],
    report: &mut Report<'_>,
) -> Result<(), Failure> {
    let open = open_revocations(&Layout::new(&plan.dir));
    let mut list: Option<Result<(Crl, Vec<Certificate>), PlatformError>> = None;
    for wanted in gone {
        let Some(certificate) = open.iter().find(|one| one.fingerprint == wanted.fingerprint.to_string())
        else {
            report.gone(wanted);
            continue;
        };
        if list.is_none() {
            list = Some(revocation_list(platform).await);
        }
        match &list {
            Some(Ok((crl, _))) if names(crl, &certificate.serial) => report.found_revoked(wanted, certificate),
            Some(Ok((crl, _))) => report.left_open(wanted, certificate, &format!(
                "its record is gone, an earlier attempt here was never answered, and the revocation list of {} does \
                 not name it",
                crl.this_update()
            )),
            Some(Err(error)) => report.left_open(wanted, certificate, &format!(
                "its record is gone, an earlier attempt here was never answered, and the revocation list cannot be \
                 read: {error}"
            )),
            None => {}
        }
    }
    Ok(())
}

fn names(crl: &Crl, serial: &str) -> bool {
    let octets: Option<Vec<u8>> = serial.split(':').map(|pair| u8::from_str_radix(pair, 16).ok()).collect();
    octets.is_some_and(|octets| crl.lists(&octets))
}

async fn revocation_list(platform: &dyn Platform) -> Result<(Crl, Vec<Certificate>), PlatformError> {
    let root = platform.root().await?;
    let pem = platform.crl().await?;
    let nonsense = |why: String| PlatformError::new(ErrorKind::InvalidResponse, why);
    let anchors = vec![root];
    let der = crl::verified_from_pem(&pem, &anchors).map_err(|error| nonsense(error.to_string()))?;
    Ok((Crl::from_der(der).map_err(|error| nonsense(error.to_string()))?, anchors))
}

/// A revocation of which nobody knows what came of it.
#[derive(Debug)]
pub(super) struct OpenRevocation {
    pub(super) device: String,
    pub(super) key: Option<Fingerprint>,
    pub(super) fingerprint: String,
    pub(super) serial: String,
}

/// A journal that cannot be read has nothing to say here; it is told when it is opened for writing.
fn open_revocations(layout: &Layout) -> Vec<OpenRevocation> {
    let mut open: Vec<OpenRevocation> = Vec::new();
    let _ = journal::each(&layout.journal(), |record| {
        let Event::Revocation { fingerprint, serial, step, .. } = record.event else { return };
        open.retain(|one| one.fingerprint != fingerprint);
        if step.is_open() {
            let key = record.key.parse().ok();
            open.push(OpenRevocation { device: record.device, key, fingerprint, serial });
        }
    });
    open
}

/// For the report: when a certificate ends, if it is at hand.
pub(super) fn end_of(wanted: &Wanted) -> Option<Time> {
    wanted.certificate.as_ref().map(|certificate| certificate.not_after)
}
