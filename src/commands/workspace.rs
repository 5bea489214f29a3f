//! Access to a fleet directory: the lock, the vault, and keys that earlier runs left.

use std::{future::Future, path::Path};

use crate::{
    enroll::Stop,
    failure::{Exit, Failure},
    fleet::{
        journal::JournalError,
        layout::Layout,
        lock::{FleetLock, LockError},
        shard::{self, ClaimError, Shard},
        vault::{self, Vault, VaultError},
    },
    output::{Ui, escape},
    pki::time::Time,
    platform::Platform,
};

/// The clock.
pub(super) fn now() -> Time {
    std::time::SystemTime::now().into()
}

/// Result of `work`, unless the run is stopped first; no device was begun then.
pub(super) async fn or_stop<T>(
    stop: &Stop,
    work: impl Future<Output = Result<T, Failure>>,
) -> Result<T, Failure> {
    tokio::select! {
        biased;
        cause = stop.stopped() => Err(Failure::new(cause, "interrupted before the first device")
            .hint("run the same command again")),
        outcome = work => outcome,
    }
}

pub(super) async fn lock(layout: &Layout, wait: bool, ui: &Ui) -> Result<FleetLock, Failure> {
    let failure = match FleetLock::take(layout, false) {
        Ok(lock) => return Ok(lock),
        Err(LockError::Disk(error)) => {
            return Err(Failure::failed(format!("the directory cannot be used: {error}")));
        }
        Err(LockError::Exposed { path, why }) => return Err(exposed(&path, &why)),
        Err(LockError::Busy(place)) if wait => {
            ui.note(&format!("waiting for another certreq that works in {place}"));
            let layout = layout.clone();
            // A thread of its own: the wait may be long, and an interrupt must be heard meanwhile.
            let waited = tokio::task::spawn_blocking(move || FleetLock::take(&layout, true)).await;
            match waited {
                Ok(Ok(lock)) => return Ok(lock),
                Ok(Err(error)) => error.to_string(),
                Err(error) => error.to_string(),
            }
        }
        Err(error @ LockError::Busy(_)) => error.to_string(),
    };
    Err(Failure::new(Exit::Unsafe, failure).hint("wait until it ends, or let this run wait: --wait"))
}

/// A directory of the program's own that others can use, or that is not this user's, is not worked in.
pub(super) fn exposed(path: &Path, why: &str) -> Failure {
    let path = path.display();
    Failure::new(Exit::Unsafe, format!("{path} is not used: {why}"))
        .hint(format!("check its content; if all of it is yours: chmod 700 {path}; else move it away"))
}

/// The part of the devices that a run in this directory is for: the given shard, which the directory belongs to from
/// now on (with `write`), or the shard that the directory was given to before.
pub(super) fn shard(layout: &Layout, said: Option<Shard>, write: bool) -> Result<Option<Shard>, Failure> {
    let known = match said {
        Some(said) if write => shard::claim(layout, said).map(|()| Some(said)),
        Some(said) => shard::may_claim(layout, said).map(|_| Some(said)),
        None => shard::recorded(layout),
    };
    known.map_err(|error| match error {
        ClaimError::Other { recorded, .. } => Failure::new(Exit::Unsafe, error.to_string())
            .hint(format!("give --shard {recorded}, or another directory for this shard: --dir DIR")),
        ClaimError::Foreign { .. } => Failure::new(Exit::Unsafe, error.to_string())
            .hint("name a directory of its own for each shard: --dir DIR"),
        ClaimError::Damaged { .. } => Failure::new(Exit::Unsafe, error.to_string()),
        ClaimError::Disk(error) => {
            Failure::failed(format!("the shard of the directory cannot be known: {error}"))
        }
    })
}

/// Leaves the ids of the given shard. Without a given shard, in a directory that belongs to one, an id of another shard
/// is refused: a run elsewhere may be at work on it.
pub(super) fn of_shard<T>(
    ids: &mut Vec<T>,
    name: impl Fn(&T) -> &str,
    said: Option<Shard>,
    known: Option<Shard>,
) -> Result<(), Failure> {
    if let Some(shard) = said {
        ids.retain(|id| shard.holds(name(id)));
    } else if let Some(shard) = known
        && let Some(stranger) = ids.iter().map(&name).find(|id| !shard.holds(id))
    {
        return Err(Failure::new(
            Exit::Unsafe,
            format!("{stranger} does not belong to shard {shard}, which this directory is for"),
        )
        .hint(format!("skip the devices of other shards: --shard {shard}"))
        .hint("or name another directory: --dir DIR"));
    }
    Ok(())
}

pub(super) fn open_vault(layout: Layout) -> Result<Vault, Failure> {
    Vault::open(layout, now).map_err(|error| match error {
        VaultError::Journal(JournalError::Damaged { .. }) => Failure::new(Exit::Unsafe, error.to_string())
            .hint("nothing was requested; see the rest of it: certreq status --journal")
            .hint("then move it away: unfinished keys are recovered without it"),
        _ => Failure::failed(error.to_string()),
    })
}

/// Keys that earlier runs left. An unusable one is reported and left alone: it stops its own device, no other.
pub(super) fn unfinished(layout: &Layout, ui: &Ui) -> Result<Vec<vault::Unfinished>, Failure> {
    let left = vault::unfinished(layout)
        .map_err(|error| Failure::failed(format!("the files of an earlier run cannot be read: {error}")))?;
    for stuck in &left.stuck {
        ui.warn(&format!(
            "{} is not used: {}; look into it, then remove it",
            stuck.path.display(),
            stuck.source
        ));
    }
    Ok(left.found)
}

/// Reports attributes that a CA wants in requests, and does not get.
pub(super) fn say_unmet(platform: &dyn Platform, ui: &Ui) {
    let unmet = platform.csr_attributes().map(|wanted| wanted.unmet.as_slice()).unwrap_or_default();
    if !unmet.is_empty() {
        let place = escape::line(&platform.display_name());
        ui.note(&format!("{place} also wants, and does not get: {}", escape::line(&unmet.join("; "))));
    }
}
