//! How hard a run tries.

use super::duration;
use crate::{cli::pace::PaceArgs, enroll::Limits, failure::Failure};

/// # Errors
/// A usage failure for an invalid time.
pub(super) fn limits(args: &PaceArgs) -> Result<Limits, Failure> {
    Ok(Limits {
        jobs: args.jobs.into(),
        retries: args.retries.into(),
        give_up_after: duration::parse("--give-up-after", &args.give_up_after)?,
    })
}
