//! New keys in tokens: announced in the journal, made, staged.

use tokio::task;
use zeroize::Zeroizing;

use super::{device, outcome::DeviceFailure, stop::Stop};
use crate::{
    device_id::DeviceId,
    failure::Exit,
    fleet::{
        journal::{Event, ObjectStep},
        vault::{Subject, Vault},
    },
    keys::{Planned, TokenError, TokenStore},
    pki::{
        fingerprint::Fingerprint,
        key::{KeySpec, PrivateKey},
    },
};

/// Makes a key in a token, and puts its name where a key in a file would stand. Its name is in the journal before it
/// is made.
///
/// # Errors
/// When the token or the disk refuses, or the run is stopped; the journal names every key that is then in the token.
pub async fn new(
    vault: &Vault,
    stop: &Stop,
    device: &DeviceId,
    spec: KeySpec,
    store: TokenStore,
) -> Result<PrivateKey, DeviceFailure> {
    let failed = |why: String| DeviceFailure::new(Exit::Failed, why);
    let label = device.to_string();
    let planned = task::spawn_blocking(move || store.plan(&label)).await;
    let planned = planned.map_err(|error| failed(error.to_string()))?.map_err(|error| refused(&error))?;
    if planned.is_new() {
        let announced = vault.announce(subject(device, &planned), event(&planned, ObjectStep::Planned));
        announced.await.map_err(|error| failed(format!("the journal could not be written: {error}")))?;
    }
    let making = planned.clone();
    // A key that is under way when the run is stopped is in the journal: the next run removes it.
    let made = tokio::select! {
        biased;
        cause = stop.stopped() => return Err(DeviceFailure::not_reached(cause)),
        made = task::spawn_blocking(move || making.make(spec)) => made,
    };
    let made = match made.map_err(|error| failed(error.to_string()))? {
        Ok(made) => made,
        Err(error) => {
            undo(vault, device, planned).await;
            return Err(refused(&error));
        }
    };
    // The record that the key was made is written together with the file that names it.
    if let Err(failure) = device::stage(vault, device, &made.key, Zeroizing::new(made.text)).await {
        undo(vault, device, planned).await;
        return Err(failure);
    }
    Ok(made.key)
}

/// Removes a key that is not used. When the token does not answer now, the next run removes it.
async fn undo(vault: &Vault, device: &DeviceId, planned: Planned) {
    if !planned.is_new() {
        return;
    }
    let (subject, removed) = (subject(device, &planned), event(&planned, ObjectStep::Removed));
    if matches!(task::spawn_blocking(move || planned.undo()).await, Ok(Ok(()))) {
        vault.note(subject, removed);
    }
}

fn refused(error: &TokenError) -> DeviceFailure {
    let failure = DeviceFailure::new(Exit::Failed, error.to_string());
    match error.hint() {
        Some(hint) => failure.hint(hint),
        None => failure,
    }
}

fn subject(device: &DeviceId, planned: &Planned) -> Subject {
    Subject { device: device.clone(), key: Fingerprint::of(planned.uri.to_string().as_bytes()) }
}

fn event(planned: &Planned, object: ObjectStep) -> Event {
    Event::Object { uri: planned.uri.to_string(), object }
}
