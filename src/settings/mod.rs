//! Settings of a run: flag, then variable, then profile, then default, resolved once. Secrets are fetched here.

pub mod airgap;
pub mod authority;
pub mod ca;
mod client;
pub mod config;
pub mod connect;
mod database;
pub mod doctor;
pub mod duration;
pub mod est;
pub mod export;
pub mod idprov;
pub mod inspect;
pub mod issue;
pub(crate) mod key_store;
pub mod list;
mod login;
pub mod moment;
pub mod oob;
mod oob_list;
mod pace;
pub mod packages;
pub mod place;
pub mod register;
pub mod renew;
pub mod revoke;
pub mod secret;
pub mod serve;
mod shard;
pub mod status;
pub mod verify;
pub mod whoami;

use std::path::PathBuf;

use etcetera::BaseStrategy;

use crate::failure::Failure;

/// Default directory of the embedded authority: `certreq/authority` in the user's data directory.
pub(crate) fn default_authority() -> Result<PathBuf, Failure> {
    etcetera::choose_base_strategy()
        .map(|strategy| strategy.data_dir().join("certreq").join("authority"))
        .map_err(|_| Failure::usage("the user has no home directory").hint("name a directory: --authority DIR"))
}
