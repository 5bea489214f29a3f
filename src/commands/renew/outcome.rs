//! Results of a cycle: tasks after each renewal, their results, and the end of the cycle.

use crate::{
    device_id::DeviceId,
    enroll::Issued,
    failure::Exit,
    fleet::{journal::Replaced, vault::Subject},
    pki::time::Time,
};

/// Tasks for a pair that is in use: the user's command, and old certificates to delete.
#[derive(Clone, Debug)]
pub(super) struct AfterTask {
    pub(super) subject: Subject,
    pub(super) pair: Issued,
    pub(super) exec: bool,
    pub(super) delete: Vec<Replaced>,
}

/// Result of an [`AfterTask`], for the report.
#[derive(Debug, Default)]
pub(super) struct AfterResult {
    /// `None`: there was no command to run.
    pub(super) exec: Option<Result<(), String>>,
    pub(super) deleted: Vec<Replaced>,
    pub(super) kept: Vec<(Replaced, String)>,
}

/// How a cycle ended.
#[derive(Debug)]
pub(super) struct End {
    pub(super) exit: Exit,
    pub(super) failed: usize,
    /// Pairs that were replaced.
    pub(super) renewed: Vec<(DeviceId, Issued)>,
    /// The first device to become due, then; and when it expires.
    pub(super) next: Option<Next>,
}

/// The device that is due next.
#[derive(Clone, Debug)]
pub(super) struct Next {
    pub(super) device: DeviceId,
    pub(super) due_at: Time,
    pub(super) not_after: Time,
}
