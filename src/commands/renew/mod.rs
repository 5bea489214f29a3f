//! `certreq renew`: a new pair in the place of the old one, before it is too late.

mod aftermath;
mod cycle;
mod due;
mod lazy_platform;
mod outcome;
mod report;
mod watch;

use std::{path::PathBuf, sync::Arc};

pub use due::Terms;
pub use lazy_platform::LazyPlatform;

use crate::{
    commands::{anchor::Terms as RootTerms, clock, workspace},
    device_id::DeviceId,
    enroll::{Limits, Stop, UserCommand},
    failure::{Exit, Failure},
    fleet::shard::Shard,
    keys::KeyStore,
    output::Ui,
    pki::key::KeySpec,
    platform::Platform,
};

/// Every decision that does not need the platform or the disk.
#[derive(Clone, Debug)]
pub struct Plan {
    /// `None`: every `cert_<id>` of the directory.
    pub devices: Option<Vec<DeviceId>>,
    pub dir: PathBuf,
    /// Only these devices.
    pub shard: Option<Shard>,
    pub terms: Terms,
    /// Kind of the new keys; `None`: the kind of the old one.
    pub key: Option<KeySpec>,
    /// Where new keys are made; `None`: where the old one is.
    pub store: Option<KeyStore>,
    /// Ask for a certificate for the key in use.
    pub reuse_key: bool,
    /// Replaced pairs that stay in the archive, for each device.
    pub keep: usize,
    /// Runs on the new pair before it replaces the old one.
    pub test: Option<UserCommand>,
    /// Runs after a pair was replaced.
    pub exec: Option<UserCommand>,
    /// Delete the replaced certificate on the platform.
    pub revoke_old: bool,
    pub limits: Limits,
    pub dry_run: bool,
    /// Wait for another run in the directory instead of refusing.
    pub wait: bool,
    pub json: bool,
    /// On which terms the platform's root is taken.
    pub root: RootTerms,
    /// Stay, and renew each device when it becomes due.
    pub watch: bool,
}

/// Renews due devices; with [`Plan::watch`], until the process is stopped. `again` reads the settings once more.
///
/// # Errors
/// A failure that stops the whole run. Devices that fail are reported one by one and merged into the exit code.
pub async fn run<O>(
    mut platform: LazyPlatform<O>,
    plan: Plan,
    again: impl Fn() -> Result<Plan, Failure>,
    stop: Arc<Stop>,
    ui: &Ui,
) -> Result<Exit, Failure>
where
    O: AsyncFnMut() -> Result<Arc<dyn Platform>, Failure>,
{
    clock::warn(workspace::now(), ui);
    if plan.watch {
        return watch::run(platform, plan, again, stop, ui).await;
    }
    cycle::run(&mut platform, &plan, &cycle::Memory::default(), stop, ui).await.map(|end| end.exit)
}
