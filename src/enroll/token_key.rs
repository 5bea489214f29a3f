//! New keys in tokens: written down, made, staged.

use tokio::task;
use zeroize::Zeroizing;

use super::{context::Context, device, outcome::DeviceFailure};
use crate::{
    device_id::DeviceId,
    failure::Exit,
    fleet::{
        journal::{Event, ObjectStep},
        vault::Subject,
    },
    keys::{Planned, TokenError, TokenStore},
    pki::{
        fingerprint::Fingerprint,
        key::{KeySpec, PrivateKey},
    },
};

/// Makes a key in a token, and puts its name where a key in a file would stand. Its name is in the journal before it
/// is made.
pub(super) async fn new(
    context: &Context,
    device: &DeviceId,
    spec: KeySpec,
    store: TokenStore,
) -> Result<PrivateKey, DeviceFailure> {
    let failed = |why: String| DeviceFailure::new(Exit::Failed, why);
    let label = device.to_string();
    let planned = task::spawn_blocking(move || store.plan(&label)).await;
    let planned = planned.map_err(|error| failed(error.to_string()))?.map_err(|error| refused(&error))?;
    if planned.is_new() {
        let announced = context.vault.announce(subject(device, &planned), event(&planned, ObjectStep::Planned));
        announced.await.map_err(|error| failed(format!("the journal could not be written: {error}")))?;
    }
    let making = planned.clone();
    // A key that is under way when the run is stopped is in the journal: the next run removes it.
    let made = context.unless_stopped(task::spawn_blocking(move || making.make(spec))).await?;
    let made = match made.map_err(|error| failed(error.to_string()))? {
        Ok(made) => made,
        Err(error) => {
            undo(context, device, planned).await;
            return Err(refused(&error));
        }
    };
    if planned.is_new() {
        context.vault.note(subject(device, &planned), event(&planned, ObjectStep::Made));
    }
    if let Err(failure) = device::stage(context, device, &made.key, Zeroizing::new(made.text)).await {
        undo(context, device, planned).await;
        return Err(failure);
    }
    Ok(made.key)
}

/// The key is not used. When the token does not answer now, the next run removes it.
async fn undo(context: &Context, device: &DeviceId, planned: Planned) {
    if !planned.is_new() {
        return;
    }
    let (subject, removed) = (subject(device, &planned), event(&planned, ObjectStep::Removed));
    if matches!(task::spawn_blocking(move || planned.undo()).await, Ok(Ok(()))) {
        context.vault.note(subject, removed);
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
