//! The search at the end of a run for further certificates of keys whose request was sent more than once.

use std::collections::HashMap;

use super::{
    context::Context,
    doubt::Doubtful,
    recovery::{self, Wanted},
};
use crate::{
    device_id::DeviceId,
    fleet::{
        journal::{Event, RevocationStep},
        vault::Subject,
    },
    pki::{certificate::Certificate, fingerprint::Fingerprint},
    platform::{ErrorKind, PlatformError, Registry, wait},
};

/// A certificate beside the one that is used, for the same key.
#[derive(Debug)]
pub struct Extra {
    pub device: DeviceId,
    pub fingerprint: String,
    /// The result of its revocation.
    pub revoked: Result<(), PlatformError>,
}

/// The result of the last search.
#[derive(Debug, Default)]
pub struct LastLook {
    pub extras: Vec<Extra>,
    /// Why the platform could not be looked through.
    pub failed: Option<PlatformError>,
}

/// Waits until the platform cannot be at work on a request of ours, and revokes certificates that are not used. A run
/// that was stopped does not search.
pub(super) async fn last_look(context: &Context) -> LastLook {
    let (rest, left) = context.doubts.rest();
    let Some(registry) = context.platform.registry().filter(|_| !rest.is_empty()) else {
        return LastLook::default();
    };
    if !left.is_zero() {
        wait::announce("a request without an answer may still be carried out", left, "");
        if context.unless_stopped(tokio::time::sleep(left)).await.is_err() {
            return LastLook::default();
        }
    }
    let Ok(looked) = context.unless_stopped(look(context, registry, rest)).await else {
        return LastLook::default();
    };
    looked.unwrap_or_else(|error| LastLook { failed: Some(error), ..LastLook::default() })
}

async fn look(
    context: &Context,
    registry: &dyn Registry,
    rest: Vec<Doubtful>,
) -> Result<LastLook, PlatformError> {
    let wanted: HashMap<Fingerprint, Wanted> =
        rest.iter().map(|doubtful| (doubtful.wanted.key, doubtful.wanted.clone())).collect();
    let mut found = recovery::all(registry, &wanted).await?;
    let mut extras = Vec::new();
    for doubtful in rest {
        let leaves = found.remove(&doubtful.wanted.key).unwrap_or_default();
        let mut is_settled = true;
        for leaf in leaves.into_iter().filter(|leaf| leaf.fingerprint() != doubtful.used) {
            let extra = revoke(context, registry, &doubtful.subject, &doubtful.noted, &leaf).await;
            is_settled &= extra.revoked.is_ok();
            extras.push(extra);
        }
        if is_settled {
            let fingerprint = doubtful.used.to_string();
            context.vault.note(doubtful.subject, Event::LookedThrough { fingerprint });
        }
    }
    Ok(LastLook { extras, failed: None })
}

/// Revokes every certificate of a lost key, as no certificate of it can be used any more.
pub(super) async fn take_out(
    context: &Context,
    registry: &dyn Registry,
    subject: &Subject,
    wanted: &Wanted,
) -> Result<(), PlatformError> {
    let mut found = recovery::all(registry, &HashMap::from([(wanted.key, wanted.clone())])).await?;
    for leaf in found.remove(&wanted.key).unwrap_or_default() {
        revoke(context, registry, subject, &[], &leaf).await.revoked?;
    }
    Ok(())
}

async fn revoke(
    context: &Context,
    registry: &dyn Registry,
    of: &Subject,
    noted: &[String],
    leaf: &Certificate,
) -> Extra {
    let fingerprint = leaf.fingerprint();
    let text = fingerprint.to_string();
    let note = |event| context.vault.note(of.clone(), event);
    let step = |step, error: Option<&PlatformError>| Event::Revocation {
        fingerprint: text.clone(),
        serial: leaf.serial.clone(),
        step,
        request_id: error.and_then(|error| error.request_id.clone()),
        error: error.map(|error| error.message.clone()),
    };
    if !noted.contains(&text) {
        note(Event::Surplus { fingerprint: text.clone() });
    }
    note(step(RevocationStep::Asked, None));
    let revoked = match registry.delete(&fingerprint).await {
        Err(error) if error.kind == ErrorKind::NotFound => {
            note(step(RevocationStep::Gone, Some(&error)));
            Ok(())
        }
        Err(error) => {
            let open = matches!(error.kind, ErrorKind::OutcomeUnknown | ErrorKind::InvalidResponse);
            let how = if open { RevocationStep::Open } else { RevocationStep::Refused };
            note(step(how, Some(&error)));
            Err(error)
        }
        Ok(()) => {
            note(step(RevocationStep::Done, None));
            Ok(())
        }
    };
    Extra { device: of.device.clone(), fingerprint: text, revoked }
}
