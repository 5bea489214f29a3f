//! Messages of this program's server for operators, beyond the standard: the state of its secrets, without their
//! values, and the devices that wait.

use serde::{Deserialize, Serialize};

/// Everything an operator can see.
#[derive(Clone, Debug, Default, Deserialize, Serialize)]
pub struct Ledger {
    pub secrets: Vec<SecretEntry>,
    pub waiting: Vec<WaitingDevice>,
}

/// A secret, by its device.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct SecretEntry {
    #[serde(rename = "deviceID")]
    pub device_id: String,
    pub state: SecretState,
    /// RFC 3339, UTC, like every time here.
    #[serde(rename = "createdAt")]
    pub created_at: String,
    #[serde(rename = "validUntil")]
    pub valid_until: String,
    /// Wrong signatures since the last right one.
    pub failures: u32,
}

/// States of a secret.
#[derive(Clone, Copy, Debug, Deserialize, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum SecretState {
    /// A certificate can be had with it.
    Unused,
    /// It brought its certificate; the same key gets the same one again.
    Used,
    Expired,
    /// Too many wrong signatures came; for a while no signature is checked.
    Locked,
}

impl SecretState {
    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Unused => "unused",
            Self::Used => "used",
            Self::Expired => "expired",
            Self::Locked => "locked",
        }
    }
}

/// A device that asked, and for which there is no secret.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct WaitingDevice {
    #[serde(rename = "deviceID")]
    pub device_id: String,
    /// SHA-256 over the SubjectPublicKeyInfo.
    pub fingerprint: String,
    pub ip: String,
    pub mac: String,
    /// From where it asked last.
    pub address: String,
    #[serde(rename = "firstSeen")]
    pub first_seen: String,
    #[serde(rename = "lastSeen")]
    pub last_seen: String,
    /// An operator said yes.
    pub approved: bool,
}

/// An operator says yes to one key of one device.
#[derive(Clone, Debug, Deserialize, Serialize)]
pub struct Approval {
    #[serde(rename = "deviceID")]
    pub device_id: String,
    /// As in [`WaitingDevice::fingerprint`].
    pub fingerprint: String,
}
