//! The outcome for one device.

use crate::{
    device_id::DeviceId,
    failure::Exit,
    pki::{certificate::Certificate, facts::Brief, fingerprint::Fingerprint, time::Time},
    platform::{ErrorKind, PlatformError},
};

/// The end of one device's way through the engine.
#[derive(Debug)]
pub struct Outcome {
    pub device: DeviceId,
    pub result: Result<Issued, DeviceFailure>,
}

/// A certificate that is on disk beside its key.
#[derive(Clone, Debug)]
pub struct Issued {
    pub fingerprint: Fingerprint,
    pub serial: String,
    pub not_before: Time,
    pub not_after: Time,
    /// The certificate had been issued before, to the same key, and only the answer was lost.
    pub recovered: bool,
    pub request_id: Option<String>,
    /// Fingerprints of further certificates the platform has for the same key.
    pub surplus: Vec<String>,
}

impl Issued {
    /// The facts of a published leaf.
    #[must_use]
    pub fn new(leaf: &Certificate) -> Self {
        Self {
            fingerprint: leaf.fingerprint(),
            serial: leaf.serial.clone(),
            not_before: leaf.not_before,
            not_after: leaf.not_after,
            recovered: false,
            request_id: None,
            surplus: Vec::new(),
        }
    }

    /// The facts that identify the certificate.
    #[must_use]
    pub fn brief(&self) -> Brief<'_> {
        let Self { fingerprint, serial, not_before, not_after, .. } = self;
        Brief { fingerprint: *fingerprint, serial, not_before: *not_before, not_after: *not_after }
    }
}

/// How far a device came that has no new certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    Failed,
    /// The platform keeps the request until an operator there approves it; this is no fault of the device.
    Pending,
    /// The run was stopped in the middle of its work; this is no fault of the device.
    Interrupted,
    /// The run was stopped before the platform was asked; this is no fault of the device.
    NotReached,
}

/// Why a device has no new certificate.
#[derive(Clone, Debug)]
pub struct DeviceFailure {
    /// The exit code if every device ended like this.
    pub exit: Exit,
    pub message: String,
    /// The user's next step.
    pub hint: Option<String>,
    /// The key stays on disk and the next run goes on with it.
    pub resumable: bool,
    pub fate: Fate,
}

impl DeviceFailure {
    #[must_use]
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), hint: None, resumable: false, fate: Fate::Failed }
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The failure of a device that was not reached before the run was stopped.
    #[must_use]
    pub fn not_reached(exit: Exit) -> Self {
        let message = "the run stopped before this device";
        Self { resumable: true, fate: Fate::NotReached, ..Self::new(exit, message) }
    }

    /// The failure of a device whose request was sent, and whose answer the stopped run did not wait for.
    #[must_use]
    pub fn cut_off(exit: Exit, can_be_searched: bool) -> Self {
        let next = if can_be_searched { "looks for it" } else { "sends the same request again" };
        let message = format!("the run stopped before the platform answered; the next run {next}");
        Self { resumable: true, fate: Fate::Interrupted, ..Self::new(exit, message) }
    }

    /// The same failure, after the run was stopped for this cause before another attempt.
    #[must_use]
    pub fn interrupted(self, cause: Exit) -> Self {
        Self { exit: cause, fate: Fate::Interrupted, ..self }
    }
}

impl From<PlatformError> for DeviceFailure {
    fn from(error: PlatformError) -> Self {
        Self {
            exit: error.kind.into(),
            message: error.to_string(),
            hint: error.hint,
            resumable: true,
            fate: if error.kind == ErrorKind::Pending { Fate::Pending } else { Fate::Failed },
        }
    }
}
