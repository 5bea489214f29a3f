//! A staged key that its token does not have any more.

use tokio::task;

use super::{
    context::Context,
    device::{self, subject},
    last_look,
    outcome::DeviceFailure,
    recovery::Wanted,
    search_barrier::Participant,
    token_key,
    work::Predecessor,
};
use crate::{
    device_id::DeviceId,
    failure::Exit,
    keys::{self, TokenStore},
    pki::{
        fingerprint::Fingerprint,
        key::{KeySpec, PrivateKey},
    },
};

/// A new key in the place of a staged one that is provably lost; `None` when the staged one may be there. A certificate
/// that the platform has for the lost key is revoked before the staged name of the key is removed.
pub(super) async fn replacement(
    context: &Context,
    participant: &mut Participant<'_>,
    device: &DeviceId,
    key: &PrivateKey,
    predecessor: Option<&Predecessor>,
) -> Result<Option<PrivateKey>, DeviceFailure> {
    let Some(named) = context.vault.staged_token_key(device) else { return Ok(None) };
    let asked = named.clone();
    if !task::spawn_blocking(move || keys::is_lost(&asked)).await.unwrap_or(false) {
        return Ok(None);
    }
    tracing::warn!(
        "{} does not have the key of {device} that an earlier run made; a new one is made, and certificates of the lost one are revoked",
        named.uri.token_words()
    );
    let public = key.public_key_info();
    let lost = subject(device, key);
    if let Some(registry) = context.platform.registry() {
        let wanted = Wanted { key: Fingerprint::of(&public), predecessor: predecessor.cloned() };
        let searched =
            context.unless_stopped(device::find(context, participant, registry, wanted.clone())).await?;
        participant.resume();
        let out = match searched {
            Ok(None) => Ok(()),
            Ok(Some(_)) => {
                context.unless_stopped(last_look::take_out(context, registry, &lost, &wanted)).await?
            }
            Err(error) => Err(error),
        };
        out.map_err(DeviceFailure::from)?;
    }
    context.vault.discard(lost);
    let kind = KeySpec::like(&public)
        .ok_or_else(|| DeviceFailure::new(Exit::Failed, "the kind of the lost key is not known".to_owned()))?;
    let store = TokenStore::new(named.uri.of_token());
    token_key::new(&context.vault, &context.stop, device, kind, store).await.map(Some)
}
