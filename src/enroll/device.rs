//! One device's way: key, request, answer, check, pair on disk.

use std::time::{Duration, Instant};

use tokio::task;
use zeroize::Zeroizing;

use super::{
    approval::Approval,
    backoff::Backoff,
    check::{self, Checked, Expected, Fault},
    context::Context,
    lost_key,
    outcome::{DeviceFailure, Fate, Issued},
    recovery::{Found, Wanted},
    search_barrier::Participant,
    token_key,
    work::{ExternalCsr, Key, Predecessor, Work},
};
use crate::{
    device_id::DeviceId,
    failure::Exit,
    fleet::{
        carried,
        journal::Event,
        vault::{Occupied, Publication, Subject, Vault, VaultError},
    },
    keys::KeyStore,
    pki::{
        alt_name::AltName,
        csr,
        csr_attributes::CsrAttributes,
        fingerprint::Fingerprint,
        key::{KeySpec, PrivateKey},
    },
    platform::{Ended, ErrorKind, PlatformError, Registry, SignRequest, wait},
};

/// The reason for the early end of a run whose every request fails.
const FAILS_ALL: &str = "answers every request with an error of its own";

/// The pauses between two searches for a certificate that may still come: the first one, and the longest.
const FIRST_PAUSE: Duration = Duration::from_millis(500);
const LONGEST_PAUSE: Duration = Duration::from_secs(8);

/// A certificate that passed the check, and how it came.
struct Obtained {
    checked: Checked,
    recovered: bool,
    request_id: Option<String>,
    surplus: Vec<String>,
}

/// Enrols one device, from the key to the pair on disk. After a cut at any step, the next run goes on from the files
/// and records of the steps before.
pub(super) async fn enroll(
    context: &Context,
    participant: &mut Participant<'_>,
    work: Work,
) -> Result<Issued, DeviceFailure> {
    let Work { device, key, occupied, names, predecessor } = work;
    if let Some(tenant) = predecessor.as_ref().and_then(|old| old.tenant.as_deref()) {
        of_our_tenant(context, &device, tenant, "nothing was requested")?;
    }
    let mut resumed = matches!(key, Key::Resumed(_));
    let plain = CsrAttributes::default();
    let wanted = context.platform.csr_attributes().unwrap_or(&plain);
    let key = match key {
        Key::ExternalCsr(external) => return for_other(context, participant, device, names, external).await,
        Key::New(kind, KeyStore::File) => new_key(context, &device, wanted.key.unwrap_or(kind)).await?,
        Key::New(kind, KeyStore::Token(store)) => {
            let kind = wanted.key.unwrap_or(kind);
            token_key::new(&context.vault, &context.stop, &device, kind, store).await?
        }
        Key::Resumed(key) => {
            match lost_key::replacement(context, participant, &device, &key, predecessor.as_ref()).await? {
                Some(new) => {
                    resumed = false;
                    new
                }
                None => key,
            }
        }
        Key::Reused(key, pem) => {
            stage(&context.vault, &device, &key, pem).await?;
            key
        }
    };
    let subject = subject(&device, &key);
    let holder = predecessor.as_ref().and_then(|old| old.holder.clone());
    let csr_pem = match &holder {
        Some(holder) => csr::request_like(&key, &holder.leaf, wanted),
        None => csr::request_wanted(&key, device.as_str(), &names, wanted),
    }
    .map_err(|error| DeviceFailure::new(Exit::Failed, error.to_string()))?;
    let kept = resumed.then(|| context.vault.kept_request(&device)).flatten();
    let kept = kept.filter(|kept| csr::asks_the_same(kept, &csr_pem));
    let waits = kept.is_some();
    let request = SignRequest { device, csr_pem: kept.unwrap_or(csr_pem), holder };
    let public_key_info = key.public_key_info();
    drop(key);
    let asked = Asked { request, subject, public_key_info, names, predecessor, keeps_key: true };
    // A request that waits for its approval has no certificate yet, so the search is left out.
    let obtained = obtain(context, participant, &asked, resumed && !waits).await?;
    publish(context, asked, obtained, occupied).await
}

/// Checks that the tenant in a certificate's name is that of the login: for the platform, the tenant is a part of the
/// device's identity.
fn of_our_tenant(
    context: &Context,
    device: &DeviceId,
    tenant: &str,
    consequence: &str,
) -> Result<(), DeviceFailure> {
    let Some(ours) = context.platform.registry().and_then(Registry::tenant).filter(|ours| ours != tenant)
    else {
        return Ok(());
    };
    let text =
        format!("the certificate names the tenant {tenant} (of {tenant}:{device}), and the login is of {ours}");
    Err(DeviceFailure::new(Exit::Unsafe, text)
        .hint(format!("{consequence}; log in with a user of the tenant {tenant} (-u)")))
}

/// Obtains a certificate for a request whose key is on another machine. The files here do not tell whether the request
/// was sent before, so the platform's list is searched first.
async fn for_other(
    context: &Context,
    participant: &mut Participant<'_>,
    device: DeviceId,
    names: Vec<AltName>,
    external: ExternalCsr,
) -> Result<Issued, DeviceFailure> {
    let ExternalCsr { csr_pem, public_key_info, out } = external;
    let subject = Subject { device: device.clone(), key: Fingerprint::of(&public_key_info) };
    let request = SignRequest { device: device.clone(), csr_pem, holder: None };
    let asked = Asked { request, subject, public_key_info, names, predecessor: None, keeps_key: false };
    let Obtained { checked, recovered, request_id, surplus } =
        obtain(context, participant, &asked, true).await?;
    let issued = Issued { recovered, request_id, surplus, ..Issued::new(&checked.leaf) };
    let pem = checked.to_pem();
    let written = task::spawn_blocking(move || carried::write_certificate(&out, &device, &pem)).await;
    written.map_err(|_| unwritten(&VaultError::Gone))?.map_err(|error| unwritten(&error.into()))?;
    let (fingerprint, serial) = (issued.fingerprint.to_string(), issued.serial.clone());
    let event = Event::Published { fingerprint, serial, request_id: issued.request_id.clone() };
    context.vault.note(asked.subject, event);
    Ok(issued)
}

pub(super) fn subject(device: &DeviceId, key: &PrivateKey) -> Subject {
    Subject { device: device.clone(), key: Fingerprint::of(&key.public_key_info()) }
}

/// A request to the platform, and the facts its answer must match.
struct Asked {
    request: SignRequest,
    subject: Subject,
    /// SubjectPublicKeyInfo, DER.
    public_key_info: Vec<u8>,
    names: Vec<AltName>,
    predecessor: Option<Predecessor>,
    /// The key is staged here; it is removed when the platform refuses the request.
    keeps_key: bool,
}

impl Asked {
    fn wanted(&self) -> Wanted {
        Wanted { key: self.subject.key, predecessor: self.predecessor.clone() }
    }
}

/// Makes a key and puts it on disk; a slow one is made on a thread for blocking work.
async fn new_key(context: &Context, device: &DeviceId, spec: KeySpec) -> Result<PrivateKey, DeviceFailure> {
    let failed = |error: String| DeviceFailure::new(Exit::Failed, error);
    let key = {
        // One key on each core: more would only make all of them slower.
        let core = context.unless_stopped(context.cores.acquire()).await?;
        let _core = core.map_err(|error| failed(error.to_string()))?;
        if spec.is_quick() {
            PrivateKey::generate(spec)
        } else {
            // A slow key that is under way when the run is stopped is dropped: it is not on disk, and no request for
            // it was sent.
            let made = task::spawn_blocking(move || PrivateKey::generate(spec));
            let made = context.unless_stopped(made).await?;
            made.map_err(|error| failed(error.to_string()))?
        }
    }
    .map_err(|error| failed(error.to_string()))?;
    let pem = key.to_pkcs8_pem().map_err(|error| failed(error.to_string()))?;
    stage(&context.vault, device, &key, pem).await?;
    Ok(key)
}

pub(super) async fn stage(
    vault: &Vault,
    device: &DeviceId,
    key: &PrivateKey,
    pem: Zeroizing<String>,
) -> Result<(), DeviceFailure> {
    vault.stage(subject(device, key), pem).await.map_err(|error| {
        DeviceFailure::new(Exit::Failed, format!("the private key could not be written: {error}"))
            .hint("nothing was requested; free disk space or repair the directory, then run it again")
    })
}

/// The step of the next attempt.
enum Next {
    /// The platform was not asked for this key, or said that it did nothing.
    Ask,
    /// A certificate may exist: adopt it, or ask again when there is none.
    LookUp,
    /// A certificate may exist, but asking again would bring the same wrong answer.
    OnlyLookUp(Box<DeviceFailure>),
}

/// How one attempt failed.
enum Attempt {
    /// Another attempt may succeed, after `wait` at the earliest.
    Again { failure: DeviceFailure, wait: Option<Duration>, next: Next },
    /// The platform keeps the request until it is approved; this counts as no failed attempt.
    Pending { failure: DeviceFailure, wait: Option<Duration> },
    /// No further attempt is made for this device.
    Over(DeviceFailure),
}

impl From<DeviceFailure> for Attempt {
    fn from(failure: DeviceFailure) -> Self {
        Self::Over(failure)
    }
}

/// Asks until there is a certificate or a refusal, or until no attempt and no time for an approval is left.
async fn obtain(
    context: &Context,
    participant: &mut Participant<'_>,
    asked: &Asked,
    resumed: bool,
) -> Result<Obtained, DeviceFailure> {
    let mut backoff = Backoff::new(context.limits.retries);
    let mut approval = Approval::new(context.platform.approval_patience());
    let mut last: Option<DeviceFailure> = None;
    // A key of an earlier run may have a certificate already.
    let mut next = if resumed { Next::LookUp } else { Next::Ask };
    if resumed && asked.keeps_key {
        context.doubts.open(&asked.subject, asked.wanted(), None);
    }
    loop {
        let attempt = match next {
            Next::Ask => ask(context, asked).await,
            Next::LookUp => look_up(context, participant, asked, None).await,
            Next::OnlyLookUp(failure) => look_up(context, participant, asked, Some(*failure)).await,
        };
        let (failure, wait) = match attempt {
            Ok(obtained) => return Ok(obtained),
            Err(Attempt::Over(failure)) => {
                // The run was stopped between two attempts: the failure of the first one tells the user more.
                let stopped = last.filter(|_| failure.fate == Fate::NotReached);
                return Err(stopped.map_or(failure.clone(), |last| last.interrupted(failure.exit)));
            }
            Err(Attempt::Pending { failure, wait }) => {
                let Some(pause) = approval.next(wait) else { return Err(failure) };
                next = Next::Ask;
                wait::announce("the request has to be approved", pause, "");
                if context.unless_stopped(tokio::time::sleep(pause)).await.is_err() {
                    return Err(failure);
                }
                continue;
            }
            Err(Attempt::Again { failure, wait, next: then }) => {
                next = then;
                (failure, wait)
            }
        };
        if !matches!(next, Next::Ask) {
            context.recovery.opened();
        }
        match context.stop.cause() {
            Some(cause @ Exit::Interrupted) => return Err(failure.interrupted(cause)),
            // The run may end because of this failure: it is reported as it is.
            Some(_) => return Err(failure),
            None => {}
        }
        let Some(pause) = backoff.next() else {
            return Err(gave_up(failure, context.limits.retries));
        };
        let pause = tokio::time::sleep(wait::before_next(pause, wait));
        if let Err(stopped) = context.unless_stopped(pause).await {
            return Err(failure.interrupted(stopped.exit));
        }
        last = Some(failure);
    }
}

/// Adopts the certificate the platform has for our key. When it has none, the attempt ends with the failure
/// `otherwise`; without `otherwise`, the platform is asked for one.
async fn look_up(
    context: &Context,
    participant: &mut Participant<'_>,
    asked: &Asked,
    otherwise: Option<DeviceFailure>,
) -> Result<Obtained, Attempt> {
    let Some(registry) = context.platform.registry() else {
        return without_registry(context, asked, otherwise).await;
    };
    let wanted = asked.wanted();
    let answer = context.unless_stopped(find(context, participant, registry, wanted)).await?;
    participant.resume();
    let found = answer.map_err(|error| sorted(context, asked, error, Next::LookUp))?;
    let Some(found) = found else {
        return match otherwise {
            Some(failure) => Err(Attempt::Over(failure)),
            None => ask(context, asked).await,
        };
    };
    context.reachable.seen();
    for fingerprint in &found.surplus {
        context.vault.note(asked.subject.clone(), Event::Surplus { fingerprint: fingerprint.clone() });
    }
    let checked = examine(context, asked, &found.certificate_pem, &found.fingerprint)?;
    if !found.owned && !checked.names_tenant() {
        let linked = registry.set_owner(&checked.leaf.fingerprint(), &asked.request.device).await;
        linked.map_err(|error| sorted(context, asked, error, Next::LookUp))?;
    }
    Ok(Obtained { checked, recovered: true, request_id: None, surplus: found.surplus })
}

/// Looks until there is a certificate, or until the platform cannot be at work on our request any more.
pub(super) async fn find(
    context: &Context,
    participant: &mut Participant<'_>,
    registry: &dyn Registry,
    wanted: Wanted,
) -> Result<Option<Found>, PlatformError> {
    let mut pause = FIRST_PAUSE;
    loop {
        context.recovery.want(wanted.clone());
        participant.wait_for_quiet().await;
        let found = context.recovery.find(registry, wanted.clone()).await?;
        let found = found.filter(|found| !found.has_expired((context.now)()));
        match context.doubts.left(wanted.key) {
            Some(left) if found.is_none() => {
                wait::announce("no answer in time; the request may still be in progress", left, "");
                tokio::time::sleep(left.min(pause)).await;
                pause = (pause * 2).min(LONGEST_PAUSE);
            }
            _ => return Ok(found),
        }
    }
}

/// Sends the same request again, for a platform without a list that could be searched for a certificate of our key. The
/// journal says why. A certificate in a lost answer stays unknown.
async fn without_registry(
    context: &Context,
    asked: &Asked,
    otherwise: Option<DeviceFailure>,
) -> Result<Obtained, Attempt> {
    if let Some(failure) = otherwise {
        return Err(Attempt::Over(failure));
    }
    let place = context.platform.display_name();
    let error = format!(
        "{place} keeps no records to search for a certificate of this key; the same request is sent again"
    );
    context.vault.note(asked.subject.clone(), Event::Unanswered { request_id: None, error });
    ask(context, asked).await
}

async fn ask(context: &Context, asked: &Asked) -> Result<Obtained, Attempt> {
    let permit = context.unless_stopped(context.limiter.enter()).await?;
    context.vault.note(asked.subject.clone(), Event::Sent);
    context.doubts.asks(asked.subject.key);
    let sent = Instant::now();
    let signed = match context.platform.sign(&asked.request).await {
        Ok(signed) => signed,
        Err(error) => {
            match error.kind {
                ErrorKind::Busy | ErrorKind::OutcomeUnknown | ErrorKind::Unreachable => {
                    permit.congested(error.retry_after);
                }
                _ => permit.answered(),
            }
            if matches!(error.kind, ErrorKind::OutcomeUnknown | ErrorKind::InvalidResponse) {
                let late = (error.ended == Ended::TooSlow).then_some(sent);
                context.doubts.open(&asked.subject, asked.wanted(), late);
            }
            if error.kind == ErrorKind::Pending && asked.keeps_key {
                let kept =
                    context.vault.keep_request(asked.subject.clone(), asked.request.csr_pem.clone()).await;
                // Without the kept request, the next run makes another one of the same key and the same names.
                kept.unwrap_or_else(|error| tracing::warn!("a request was not kept: {error}"));
            }
            let refused = matches!(error.kind, ErrorKind::Rejected | ErrorKind::NotFound);
            let mut attempt = unsigned(context, asked, error);
            if let (true, Attempt::Over(failure)) = (refused, &mut attempt) {
                if asked.keeps_key {
                    context.vault.discard(asked.subject.clone());
                }
                failure.resumable = false;
            }
            return Err(attempt);
        }
    };
    permit.answered();
    context.reachable.seen();
    let checked = examine(context, asked, &signed.certificate_pem, &signed.fingerprint)?;
    Ok(Obtained { checked, recovered: false, request_id: signed.request_id, surplus: Vec::new() })
}

/// Writes to the journal that a request brought no certificate, and whether the platform may still have issued one.
fn unsigned(context: &Context, asked: &Asked, error: PlatformError) -> Attempt {
    let (request_id, text) = (error.request_id.clone(), error.message.clone());
    let (event, next) = match error.kind {
        ErrorKind::OutcomeUnknown | ErrorKind::InvalidResponse => {
            (Event::Unanswered { request_id, error: text }, Next::LookUp)
        }
        ErrorKind::Pending => (Event::Pending { request_id, error: text }, Next::Ask),
        _ => (Event::Refused { request_id, error: text }, Next::Ask),
    };
    context.vault.note(asked.subject.clone(), event);
    sorted(context, asked, error, next)
}

fn sorted(context: &Context, asked: &Asked, error: PlatformError, next: Next) -> Attempt {
    match error.kind {
        ErrorKind::Busy | ErrorKind::OutcomeUnknown | ErrorKind::Unreachable | ErrorKind::InvalidResponse => {
            let wait = error.retry_after;
            if context.reachable.missed(wait) {
                context.stop.halt(Exit::Unavailable);
            } else if error.ended == Ended::Failed && context.reachable.failed(&asked.request.device) {
                context.stop.halt_because(Exit::Unavailable, FAILS_ALL);
            }
            Attempt::Again { failure: error.into(), wait, next }
        }
        ErrorKind::Unauthenticated => {
            // The same login serves every other device of this run, so the run ends.
            context.stop.halt(Exit::Refused);
            Attempt::Over(error.into())
        }
        ErrorKind::Forbidden | ErrorKind::NotFound | ErrorKind::Rejected => {
            context.reachable.seen();
            Attempt::Over(error.into())
        }
        ErrorKind::Pending => {
            context.reachable.seen();
            Attempt::Pending { wait: error.retry_after, failure: error.into() }
        }
        // These kinds of error mean that no certificate was issued; they tell nothing about whether the platform is
        // reachable.
        ErrorKind::NotOffered | ErrorKind::Untrusted | ErrorKind::Pretended => Attempt::Over(error.into()),
    }
}

/// Checks a certificate of the platform. Bytes that were damaged on the way, and a certificate for another key, lead to
/// a search of the platform's list; every other fault is final.
fn examine(context: &Context, asked: &Asked, pem: &str, fingerprint: &str) -> Result<Checked, Attempt> {
    let expected = Expected {
        device: &asked.request.device,
        public_key_info: &asked.public_key_info,
        names: &asked.names,
        anchors: &context.anchors,
        now: (context.now)(),
    };
    let checked = check::verify_issued(pem, fingerprint, &expected).map_err(|fault| {
        let mut failure =
            DeviceFailure { resumable: true, ..DeviceFailure::new(fault.exit(), fault.to_string()) };
        if fault.is_damage() {
            return Attempt::Again { failure, wait: None, next: Next::LookUp };
        }
        failure = match fault.clock_hint(context.platform.clock_skew()) {
            Some(hint) => failure.hint(hint),
            None => failure.hint(fault.next_step()),
        };
        match fault {
            Fault::OtherKey => {
                let next = Next::OnlyLookUp(Box::new(failure.clone()));
                Attempt::Again { failure, wait: None, next }
            }
            _ => Attempt::Over(failure),
        }
    })?;
    if let Some(tenant) = checked.tenant() {
        of_our_tenant(context, &asked.request.device, tenant, "nothing was written")?;
    }
    Ok(checked)
}

fn gave_up(mut failure: DeviceFailure, retries: usize) -> DeviceFailure {
    if retries > 0 {
        failure.message = format!("{}; gave up after {} attempts", failure.message, retries + 1);
    }
    failure.hint.get_or_insert_with(|| "run the same command again: it continues where it stopped".to_owned());
    failure
}

async fn publish(
    context: &Context,
    asked: Asked,
    obtained: Obtained,
    occupied: Occupied,
) -> Result<Issued, DeviceFailure> {
    let Obtained { checked, recovered, request_id, surplus } = obtained;
    let key = asked.subject.key;
    let issued = Issued { recovered, request_id, surplus, ..Issued::new(&checked.leaf) };
    let in_doubt = context
        .doubts
        .is_in_doubt(key, &issued.surplus)
        .then(|| Event::InDoubt { fingerprint: issued.fingerprint.to_string() });
    let publication = Publication {
        subject: asked.subject,
        certificate_pem: checked.to_pem(),
        fingerprint: issued.fingerprint,
        serial: issued.serial.clone(),
        recovered,
        request_id: issued.request_id.clone(),
        occupied,
        owed: asked.predecessor.iter().filter_map(|old| owed(old, &issued)).chain(in_doubt).collect(),
        keep: asked.predecessor.as_ref().map(|old| old.keep),
        services: services(context),
    };
    if let Some(trial) = &context.trial {
        context.vault.complete(publication.clone()).await.map_err(|error| unwritten(&error))?;
        trial.pass(&publication.subject.device, &issued).await?;
    }
    if let Some(first) = &context.first {
        first.done().await?;
    }
    context.vault.publish(publication).await.map_err(|error| unwritten(&error))?;
    context.doubts.settled(key, issued.fingerprint, issued.surplus.clone());
    Ok(issued)
}

/// The services that accept the platform's certificates, as the text of the file beside a pair.
fn services(context: &Context) -> Option<String> {
    let services = context.platform.services();
    if services.is_empty() {
        return None;
    }
    serde_json::to_string_pretty(&services).ok().map(|text| text + "\n")
}

fn owed(old: &Predecessor, issued: &Issued) -> Option<Event> {
    let Predecessor { run_command, delete, .. } = old;
    (*run_command || !delete.is_empty()).then(|| Event::Owed {
        fingerprint: issued.fingerprint.to_string(),
        exec: *run_command,
        delete: delete.clone(),
    })
}

fn unwritten(error: &VaultError) -> DeviceFailure {
    DeviceFailure {
        resumable: true,
        ..DeviceFailure::new(Exit::Failed, format!("the certificate was issued but not written: {error}"))
            .hint(format!("nothing is lost: {}, then run the same command again", error.next_step()))
    }
}
