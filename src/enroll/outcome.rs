//! What became of one device.

use crate::{
    device_id::DeviceId,
    failure::Exit,
    pki::{certificate::Certificate, fingerprint::Fingerprint, time::Time},
    platform::PlatformError,
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
    /// It had been issued before, to the same key, and only its answer was lost.
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
}

/// Why a device has no new certificate.
#[derive(Clone, Debug)]
pub struct DeviceFailure {
    /// The exit code if every device ended like this.
    pub exit: Exit,
    pub message: String,
    /// What to do next.
    pub hint: Option<String>,
    /// The key stays on disk and the next run goes on with it.
    pub resumable: bool,
    /// The run ended before the platform answered for this device; nothing is wrong with it.
    pub not_reached: bool,
}

impl DeviceFailure {
    #[must_use]
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self { exit, message: message.into(), hint: None, resumable: false, not_reached: false }
    }

    #[must_use]
    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// The device was not reached before the run was stopped.
    #[must_use]
    pub fn not_reached(exit: Exit) -> Self {
        let message = "not reached before the run stopped";
        Self { resumable: true, not_reached: true, ..Self::new(exit, message) }
    }

    /// The platform was asked, and the run did not wait for its answer any longer.
    #[must_use]
    pub fn cut_off(exit: Exit) -> Self {
        let message = "the run stopped before the platform's answer came; the next one looks for it";
        Self { resumable: true, ..Self::new(exit, message) }
    }
}

impl From<PlatformError> for DeviceFailure {
    fn from(error: PlatformError) -> Self {
        Self {
            exit: error.kind.into(),
            message: error.to_string(),
            hint: error.hint,
            resumable: true,
            not_reached: false,
        }
    }
}
