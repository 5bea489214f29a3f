//! One device's way: key, request, answer, check, pair on disk.

use std::time::Duration;

use backon::BackoffBuilder;
use tokio::task;

use super::{
    check::{self, Checked, Expected},
    engine::{Context, Work},
    outcome::{DeviceFailure, Issued},
};
use crate::{
    failure::Exit,
    fleet::{
        device_id::DeviceId,
        journal::Event,
        vault::{Occupied, Publication, Subject},
    },
    pki::{csr, fingerprint::Fingerprint, key::PrivateKey},
    platform::{ErrorKind, Platform, PlatformError, SignRequest},
};

/// A certificate that passed the check, and how it came.
struct Obtained {
    checked: Checked,
    recovered: bool,
    request_id: Option<String>,
}

/// The whole way. Every step before the last leaves something the next run can go on with.
pub(super) async fn enroll<P: Platform>(context: &Context<P>, work: Work) -> Result<Issued, DeviceFailure> {
    let Work { device, key, occupied } = work;
    let resumed = key.is_some();
    let key = match key {
        Some(key) => key,
        None => new_key(context, &device).await?,
    };
    let subject = subject(&device, &key);
    let csr_pem = csr::request(&key, device.as_str())
        .map_err(|error| DeviceFailure::new(Exit::Failed, error.to_string()))?;
    let request = SignRequest { device, csr_pem };
    let public_key_info = key.public_key_info();
    drop(key);
    let asked = Asked { request, subject, public_key_info };
    let obtained = obtain(context, &asked, resumed).await?;
    publish(context, asked.subject, obtained, occupied).await
}

fn subject(device: &DeviceId, key: &PrivateKey) -> Subject {
    Subject { device: device.clone(), key: Fingerprint::of(&key.public_key_info()) }
}

/// What goes to the platform, and what its answer is compared with.
struct Asked {
    request: SignRequest,
    subject: Subject,
    /// SubjectPublicKeyInfo, DER.
    public_key_info: Vec<u8>,
}

/// Makes a key on a thread of its own kind and puts it on disk.
async fn new_key<P: Platform>(context: &Context<P>, device: &DeviceId) -> Result<PrivateKey, DeviceFailure> {
    let failed = |error: String| DeviceFailure::new(Exit::Failed, error);
    let spec = context.key;
    let key = {
        // One key on each core: more would only make all of them slower.
        let _core = context.cores.acquire().await.map_err(|error| failed(error.to_string()))?;
        if spec.is_quick() {
            PrivateKey::generate(spec)
        } else {
            let made = task::spawn_blocking(move || PrivateKey::generate(spec)).await;
            made.map_err(|error| failed(error.to_string()))?
        }
    }
    .map_err(|error| failed(error.to_string()))?;
    let pem = key.to_pkcs8_pem().map_err(|error| failed(error.to_string()))?;
    context.vault.stage(subject(device, &key), pem).await.map_err(|error| {
        failed(format!("the private key could not be written: {error}"))
            .hint("nothing was asked of the platform; make room or mend the directory, then run it again")
    })?;
    Ok(key)
}

/// Asks until there is a certificate, a refusal, or no patience left.
async fn obtain<P: Platform>(
    context: &Context<P>,
    asked: &Asked,
    resumed: bool,
) -> Result<Obtained, DeviceFailure> {
    let mut delays = backon::ExponentialBuilder::default()
        .with_min_delay(Duration::from_millis(100))
        .with_max_delay(Duration::from_secs(20))
        .with_max_times(context.limits.retries)
        .with_jitter()
        .build();
    // A key of an earlier run may have a certificate already.
    let mut outcome_open = resumed;
    loop {
        let attempt =
            if outcome_open { look_up_then_ask(context, asked).await } else { ask(context, asked).await };
        let error = match attempt {
            Ok(obtained) => return Ok(obtained),
            Err(Attempt::Over(failure)) => return Err(failure),
            Err(Attempt::Again(error)) => error,
        };
        outcome_open |= matches!(error.kind, ErrorKind::Unknown | ErrorKind::Nonsense);
        let Some(delay) = delays.next() else {
            return Err(gave_up(error, context.limits.retries));
        };
        tokio::time::sleep(delay.max(error.retry_after.unwrap_or_default())).await;
    }
}

/// How one attempt failed.
enum Attempt {
    /// The same request may succeed later.
    Again(PlatformError),
    /// It will not.
    Over(DeviceFailure),
}

async fn look_up_then_ask<P: Platform>(context: &Context<P>, asked: &Asked) -> Result<Obtained, Attempt> {
    let found = context.recovery.find(&*context.platform, &asked.public_key_info).await;
    let Some(found) = found.map_err(|error| sorted(context, error))? else {
        return ask(context, asked).await;
    };
    context.reachable.seen();
    let checked = examine(context, asked, &found.certificate_pem, &found.fingerprint)?;
    if !found.owned && !checked.names_tenant() {
        let linked = context.platform.link(&checked.leaf.fingerprint(), Some(&asked.request.device)).await;
        linked.map_err(|error| sorted(context, error))?;
    }
    Ok(Obtained { checked, recovered: true, request_id: None })
}

async fn ask<P: Platform>(context: &Context<P>, asked: &Asked) -> Result<Obtained, Attempt> {
    let place = context.pace.enter().await;
    context.vault.note(asked.subject.clone(), Event::Sent);
    let signed = match context.platform.sign(&asked.request).await {
        Ok(signed) => {
            place.answered();
            context.reachable.seen();
            signed
        }
        Err(error) => {
            match error.kind {
                ErrorKind::Busy | ErrorKind::Unknown | ErrorKind::Unreachable => {
                    place.congested(error.retry_after);
                }
                _ => place.answered(),
            }
            let event =
                Event::Unanswered { request_id: error.request_id.clone(), error: error.message.clone() };
            context.vault.note(asked.subject.clone(), event);
            return Err(sorted(context, error));
        }
    };
    let checked = examine(context, asked, &signed.certificate_pem, &signed.fingerprint)?;
    Ok(Obtained { checked, recovered: false, request_id: signed.request_id })
}

fn sorted<P: Platform>(context: &Context<P>, error: PlatformError) -> Attempt {
    match error.kind {
        ErrorKind::Busy | ErrorKind::Unknown | ErrorKind::Unreachable | ErrorKind::Nonsense => {
            context.reachable.missed();
            Attempt::Again(error)
        }
        ErrorKind::Unauthenticated | ErrorKind::Forbidden | ErrorKind::NotFound | ErrorKind::Refused => {
            context.reachable.seen();
            Attempt::Over(error.into())
        }
    }
}

/// Damage on the way is worth another look; anything else about a certificate is final.
fn examine<P: Platform>(
    context: &Context<P>,
    asked: &Asked,
    pem: &str,
    fingerprint: &str,
) -> Result<Checked, Attempt> {
    let expected = Expected {
        device: &asked.request.device,
        public_key_info: &asked.public_key_info,
        anchors: &context.anchors,
        now: (context.now)(),
    };
    check::answer(pem, fingerprint, &expected).map_err(|fault| {
        if fault.is_damage() {
            return Attempt::Again(PlatformError::new(ErrorKind::Nonsense, fault.to_string()));
        }
        Attempt::Over(
            DeviceFailure { resumable: true, ..DeviceFailure::new(fault.exit(), fault.to_string()) }
                .hint("nothing was written; ask the platform's operator what answers at this address"),
        )
    })
}

fn gave_up(error: PlatformError, retries: usize) -> DeviceFailure {
    let mut failure = DeviceFailure::from(error);
    if retries > 0 {
        failure.message = format!("{}; gave up after {} attempts", failure.message, retries + 1);
    }
    failure.hint.get_or_insert_with(|| "run the same command again: it continues where it stopped".to_owned());
    failure
}

async fn publish<P: Platform>(
    context: &Context<P>,
    subject: Subject,
    obtained: Obtained,
    occupied: Occupied,
) -> Result<Issued, DeviceFailure> {
    let Obtained { checked, recovered, request_id } = obtained;
    let issued = Issued::new(&checked.leaf, recovered, request_id);
    let publication = Publication {
        subject,
        certificate_pem: checked.to_pem(),
        fingerprint: issued.fingerprint,
        serial: issued.serial.clone(),
        recovered,
        request_id: issued.request_id.clone(),
        occupied,
    };
    match context.vault.publish(publication).await {
        Ok(()) => Ok(issued),
        Err(error) => Err(DeviceFailure {
            resumable: true,
            ..DeviceFailure::new(Exit::Failed, format!("the certificate was issued but not written: {error}"))
                .hint("nothing is lost: make room or mend the directory, then run the same command again")
        }),
    }
}
