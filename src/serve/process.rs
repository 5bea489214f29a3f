//! Limits that a server sets for its process: as many open files as the system allows, and no core dump of its
//! memory.

use rustix::process::{DumpableBehavior, Resource, Rlimit, getrlimit, set_dumpable_behavior, setrlimit};

/// Connections at a time, when the system gives enough file handles.
const MOST: usize = 4096;

/// File handles that are kept for everything else: the database, its readers, the log.
const RESERVE: u64 = 96;

/// The fewest connections that are worth serving.
const FEWEST: usize = 16;

/// Raises the limit of open files to the hard one, and says how many connections fit.
pub(super) fn connections() -> usize {
    let Rlimit { current, maximum } = getrlimit(Resource::Nofile);
    let raised = setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum });
    let files = if raised.is_ok() { maximum } else { current };
    let Some(files) = files else { return MOST };
    usize::try_from(files.saturating_sub(RESERVE)).unwrap_or(MOST).clamp(FEWEST, MOST)
}

/// Keeps keys and secrets out of core dumps. False when the system refuses.
#[must_use]
pub fn forbid_core_dumps() -> bool {
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    setrlimit(Resource::Core, none).is_ok() && set_dumpable_behavior(DumpableBehavior::NotDumpable).is_ok()
}
