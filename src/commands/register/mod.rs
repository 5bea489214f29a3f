//! `certreq register`: a certificate of a foreign CA, checked and then registered for a device.

mod report;
mod rules;

use std::path::{Path, PathBuf};

use report::State;
use rules::Chain;

use super::anchor;
use crate::{
    device_id::DeviceId,
    evidence::{bundle, read},
    failure::{Exit, Failure},
    output::{Ui, checks::Check},
    pki::{certificate::Certificate, fingerprint::Fingerprint, sniff, time::Time},
    platform::{
        CertificateRecord, ErrorKind, ForeignCertificate, Platform, PlatformError, registry_of, trust_store_of,
    },
};

/// Every decision of a run.
#[derive(Clone, Debug)]
pub struct Plan {
    /// The device's certificate; issuers may follow it.
    pub certificate: PathBuf,
    pub device: DeviceId,
    /// Files, bundles and directories with issuers.
    pub chain: Vec<PathBuf>,
    /// The root, where it is not at hand.
    pub trusted_ca: Option<Fingerprint>,
    pub dry_run: bool,
    pub now: Time,
    pub json: bool,
    /// The platform's own root must have this fingerprint.
    pub pin: Option<Fingerprint>,
}

/// Registers the certificate, if every rule holds.
///
/// # Errors
/// When it cannot be read, or the platform cannot be asked. A rule that fails is reported, and the exit code says so.
pub async fn run(platform: &dyn Platform, plan: Plan, ui: &Ui) -> Result<Exit, Failure> {
    // Asked before anything else: no file changes the answer.
    let _ = (registry_of(platform, "register")?, trust_store_of(platform, "register")?);
    let chain = read_chain(&plan)?;
    let mut findings = rules::of_leaf(&chain, plan.now);
    let is_bad = |findings: &[Check]| findings.iter().any(Check::is_bad);
    let root = match rules::root_of(&chain, plan.trusted_ca) {
        Ok(root) => Some(root),
        Err(finding) => {
            findings.push(finding);
            None
        }
    };
    // The platform would refuse the certificate by the same rules: it need not be asked.
    let (Some(root), false) = (root, is_bad(&findings)) else {
        return report::finish(&plan, &chain, State::Refused, &findings, ui);
    };
    if plan.pin.is_some() {
        anchor::pinned_root(platform, plan.pin).await?;
    }
    findings.extend(of_platform(platform, &plan, &chain, root).await?);
    if is_bad(&findings) {
        return report::finish(&plan, &chain, State::Refused, &findings, ui);
    }
    let state = match held(platform, &plan, &chain).await? {
        Held::Already => State::Already,
        Held::Another(finding) => {
            findings.push(finding);
            State::Refused
        }
        Held::No if plan.dry_run => {
            registry_of(platform, "register")?.device_exists(&plan.device).await?;
            State::WouldRegister
        }
        Held::No => {
            register(platform, &plan, &chain, root).await?;
            State::Registered
        }
    };
    report::finish(&plan, &chain, state, &findings, ui)
}

/// The rules that the platform has to be asked about: the root is trusted there, and the path to it holds.
async fn of_platform(
    platform: &dyn Platform,
    plan: &Plan,
    chain: &Chain,
    root: Fingerprint,
) -> Result<Vec<Check>, Failure> {
    match trust_store_of(platform, "register")?.trusted_root(&root).await {
        Ok(pem) => {
            let trusted = Certificate::all_from_pem(&pem).ok().and_then(|mut all| all.pop());
            let Some(trusted) = trusted.filter(|trusted| trusted.fingerprint() == root) else {
                let text = format!("{} has another certificate under {root}", platform.display_name());
                return Ok(vec![Check::fail("root", text)]);
            };
            let known = Check::ok("root", format!("trusted there: {}", trusted.subject));
            Ok(vec![known, rules::path(chain, &trusted, plan.now)])
        }
        Err(error) if error.kind == ErrorKind::NotFound => {
            let finding =
                Check::fail("root", format!("{} does not trust the CA {root}", platform.display_name()));
            Ok(vec![finding.hint("trust the CA first: certreq ca trust add FILE")])
        }
        // Ordinary users may register certificates, but not look at the trusted roots.
        Err(error) if error.kind == ErrorKind::Forbidden => {
            let mut findings = vec![Check::warn("root", "this user may not see whether it is trusted there")];
            findings.extend(chain.root.as_ref().map(|root| rules::path(chain, root, plan.now)));
            Ok(findings)
        }
        Err(error) => Err(error.into()),
    }
}

/// Record that the platform has of the certificate.
enum Held {
    No,
    /// Registered for this device.
    Already,
    Another(Check),
}

async fn held(platform: &dyn Platform, plan: &Plan, chain: &Chain) -> Result<Held, Failure> {
    match registry_of(platform, "register")?.certificate(&chain.leaf.fingerprint()).await {
        Ok(record) if is_for(&record, &plan.device) => Ok(Held::Already),
        Ok(record) => {
            let owner = record.device.as_deref().unwrap_or("no device");
            let finding = Check::fail("new", format!("it is registered already, and its owner is {owner:?}"));
            Ok(Held::Another(finding.hint("remove the record first: certreq revoke FILE")))
        }
        Err(error) if error.kind == ErrorKind::NotFound => Ok(Held::No),
        Err(error) => Err(error.into()),
    }
}

fn is_for(record: &CertificateRecord, device: &DeviceId) -> bool {
    record.device.as_deref() == Some(device.as_str())
}

async fn register(
    platform: &dyn Platform,
    plan: &Plan,
    chain: &Chain,
    root: Fingerprint,
) -> Result<(), Failure> {
    let ours = chain.leaf.fingerprint();
    let request = ForeignCertificate { chain_pem: chain.to_pem(), root, device: plan.device.clone() };
    match trust_store_of(platform, "register")?.register(&request).await {
        Ok(theirs) if theirs.parse::<Fingerprint>().ok() == Some(ours) => Ok(()),
        Ok(theirs) => Err(Failure::failed(format!(
            "{} registered another certificate: it reports {theirs:?}, but this one has {ours}",
            platform.display_name()
        ))
        .hint("list its certificates: certreq list")),
        // The answer may have been lost on the way.
        Err(error) if error.kind == ErrorKind::OutcomeUnknown => look_again(platform, plan, &ours, error).await,
        Err(error) => Err(error.into()),
    }
}

async fn look_again(
    platform: &dyn Platform,
    plan: &Plan,
    fingerprint: &Fingerprint,
    error: PlatformError,
) -> Result<(), Failure> {
    match registry_of(platform, "register")?.certificate(fingerprint).await {
        Ok(record) if is_for(&record, &plan.device) => Ok(()),
        _ => Err(Failure::from(error).hint("run the same command again: it looks for the record first")),
    }
}

/// The device's certificate and its issuers, from the file and from those of `--intermediates`.
fn read_chain(plan: &Plan) -> Result<Chain, Failure> {
    let mut found = certificates(&plan.certificate)?;
    // The first certificate of the named file that is no authority's is the leaf; where all are authorities', a rule
    // refuses the first.
    let leaf = found.iter().position(|one| !one.is_ca).unwrap_or(0);
    let leaf = found.swap_remove(leaf);
    for path in &plan.chain {
        let more = bundle::certificates(path);
        found.extend(
            more.map_err(|error| Failure::failed(format!("--intermediates {}: {error}", path.display())))?,
        );
    }
    Ok(Chain::of(leaf, &found))
}

fn certificates(path: &Path) -> Result<Vec<Certificate>, Failure> {
    let failed = |why: String| Failure::failed(format!("{}: {why}", path.display()));
    let bytes = read::file(path).map_err(|error| failed(error.to_string()))?;
    sniff::certificates(&bytes, None).map_err(|error| failed(error.to_string()))
}
