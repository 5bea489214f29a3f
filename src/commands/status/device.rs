//! One device as its directory shows it.

use serde::Serialize;

use crate::{
    device_id::DeviceId,
    failure::Exit,
    pki::{certificate::Certificate, fingerprint::Fingerprint, revocation, time::Time},
};

/// One word for a device; the worst that is true of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Standing {
    Valid,
    ExpiresSoon,
    Expired,
    NotYetValid,
    Revoked,
    OnHold,
    /// The pair does not match: another key, another device, another authority.
    Mismatched,
    /// There is no pair that could be used.
    Broken,
}

impl Standing {
    /// In the order in which they are shown: healthy ones first.
    pub(super) const ALL: [Self; 8] = [
        Self::Valid,
        Self::ExpiresSoon,
        Self::Expired,
        Self::NotYetValid,
        Self::Revoked,
        Self::OnHold,
        Self::Mismatched,
        Self::Broken,
    ];

    /// As programs read it; the same word JSON has.
    pub(super) fn name(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::ExpiresSoon => "expires_soon",
            Self::Expired => "expired",
            Self::NotYetValid => "not_yet_valid",
            Self::Revoked => "revoked",
            Self::OnHold => "on_hold",
            Self::Mismatched => "mismatched",
            Self::Broken => "broken",
        }
    }

    /// As people read it.
    pub(super) fn words(self) -> &'static str {
        match self {
            Self::Valid => "valid",
            Self::ExpiresSoon => "expires soon",
            Self::Expired => "expired",
            Self::NotYetValid => "not yet valid",
            Self::Revoked => "revoked",
            Self::OnHold => "on hold",
            Self::Mismatched => "mismatched",
            Self::Broken => "broken",
        }
    }

    /// Its place in [`Self::ALL`].
    pub(super) fn index(self) -> usize {
        Self::ALL.iter().position(|standing| *standing == self).unwrap_or(0)
    }

    pub(super) fn exit(self) -> Exit {
        match self {
            Self::Valid => Exit::Done,
            Self::ExpiresSoon => Exit::ExpiresSoon,
            Self::Expired => Exit::Expired,
            Self::NotYetValid => Exit::NotYetValid,
            Self::Revoked | Self::OnHold => Exit::Revoked,
            Self::Mismatched | Self::Broken => Exit::NotTrusted,
        }
    }
}

/// Something that is wrong with a device, or odd.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub(super) struct Problem {
    pub(super) code: Code,
    /// One sentence; may hold text from the files.
    pub(super) message: String,
}

/// Names for programs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Code {
    /// A file is missing, or has the wrong content.
    NoPair,
    KeyMismatch,
    IdMismatch,
    /// No authority of `ca/ca.pem` issued it.
    NotTrusted,
    /// The key can be read by others than its owner. It counts as a failure unless it was handed over like that.
    KeyExposed,
    KeyShared,
    /// The key cannot be compared: it is encrypted, or we may not read it.
    KeyNotCompared,
}

/// Facts about one device.
#[derive(Debug)]
pub(super) struct Device {
    pub(super) id: DeviceId,
    /// Which of the fleet's directories it is in.
    pub(super) part: usize,
    pub(super) standing: Standing,
    pub(super) leaf: Option<Leaf>,
    /// SHA-256 over the SubjectPublicKeyInfo of the private key, or of the certificate where that is not known.
    pub(super) key: Option<Fingerprint>,
    /// Permission bits of the key file.
    pub(super) key_mode: Option<u32>,
    pub(super) revocation: Known,
    pub(super) problems: Vec<Problem>,
}

/// Revocation state of a certificate, as the lists tell.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Known {
    /// There is no list.
    NotAsked,
    Good,
    Revoked,
    OnHold,
    /// There is a list, and it cannot tell.
    Unknown,
}

impl Known {
    pub(super) fn of(state: &revocation::State) -> Self {
        match state {
            revocation::State::Good => Self::Good,
            revocation::State::Revoked { .. } => Self::Revoked,
            revocation::State::OnHold { .. } => Self::OnHold,
            _ => Self::Unknown,
        }
    }
}

/// Fields of a certificate that are shown; the certificates of a whole fleet would fill the memory.
#[derive(Debug)]
pub(super) struct Leaf {
    pub(super) subject: Box<str>,
    pub(super) issuer: Box<str>,
    pub(super) serial: Box<str>,
    pub(super) fingerprint: Fingerprint,
    pub(super) not_before: Time,
    pub(super) not_after: Time,
}

impl From<Certificate> for Leaf {
    fn from(certificate: Certificate) -> Self {
        Self {
            fingerprint: certificate.fingerprint(),
            subject: certificate.subject.into(),
            issuer: certificate.issuer.into(),
            serial: certificate.serial.into(),
            not_before: certificate.not_before,
            not_after: certificate.not_after,
        }
    }
}

impl Device {
    /// When its certificate ends, if that is still to come and still matters.
    pub(super) fn ends(&self, now: Time) -> Option<Time> {
        let counts = !matches!(self.standing, Standing::Revoked | Standing::OnHold);
        self.leaf.as_ref().map(|leaf| leaf.not_after).filter(|end| counts && *end >= now)
    }

    pub(super) fn has(&self, code: Code) -> bool {
        self.problems.iter().any(|problem| problem.code == code)
    }

    pub(super) fn add(&mut self, code: Code, message: impl Into<String>) {
        self.problems.push(Problem { code, message: message.into() });
    }
}
