//! The check before a certificate is published: it must really be this device's.

use crate::{
    device_id::{self, DeviceId, DeviceName},
    failure::Exit,
    pki::{
        alt_name::{self, AltName},
        certificate::{Certificate, CertificateError},
        chain::{self, ChainError},
        fingerprint::Fingerprint,
        time::Time,
    },
    platform::Skew,
};

/// The properties that a certificate must have to be published.
#[derive(Clone, Copy, Debug)]
pub struct Expected<'a> {
    pub device: &'a DeviceId,
    /// SubjectPublicKeyInfo of the key on disk, DER.
    pub public_key_info: &'a [u8],
    /// The names of the server; the certificate must have them all.
    pub names: &'a [AltName],
    pub anchors: &'a [Certificate],
    pub now: Time,
}

/// A leaf that passed the check, and the intermediates on its path to the root.
#[derive(Debug)]
pub struct Checked {
    pub leaf: Certificate,
    pub intermediates: Vec<Certificate>,
}

impl Checked {
    /// True when the common name is `tenant:id`: the platform tells devices apart by it, and needs no owner record.
    #[must_use]
    pub fn names_tenant(&self) -> bool {
        self.tenant().is_some()
    }

    /// The tenant in the common name.
    #[must_use]
    pub fn tenant(&self) -> Option<&str> {
        DeviceName::of(&self.leaf)?.tenant
    }

    /// `cert.pem`: the leaf, then the intermediates.
    #[must_use]
    pub fn to_pem(&self) -> String {
        std::iter::once(&self.leaf).chain(&self.intermediates).map(Certificate::to_pem).collect()
    }
}

/// Why an answer is not published.
#[derive(Debug, thiserror::Error)]
pub enum Fault {
    #[error("the platform's answer holds no certificate: {0}")]
    Unreadable(#[from] CertificateError),
    #[error("the certificate's fingerprint is {actual}, but the platform reports {said:?}")]
    Fingerprint { actual: Fingerprint, said: String },
    #[error("the certificate is for another key")]
    OtherKey,
    #[error("the certificate is a CA certificate")]
    Authority,
    #[error("the certificate names {names}, not {device}")]
    OtherDevice { names: String, device: DeviceId },
    #[error("the certificate is not for {}", alt_name::listed(.0))]
    Names(Vec<AltName>),
    #[error("the certificate cannot be trusted: {0}")]
    Chain(#[from] ChainError),
}

impl Fault {
    /// True when the bytes were damaged on the way, so that the certificate itself may be fine.
    #[must_use]
    pub fn is_damage(&self) -> bool {
        matches!(self, Self::Unreadable(_) | Self::Fingerprint { .. })
    }

    /// Advice about the clocks, for a certificate whose dates do not fit; `None` for every other fault.
    #[must_use]
    pub fn clock_hint(&self, skew: Option<Skew>) -> Option<String> {
        match self {
            Self::Chain(ChainError::NotYetValid(_) | ChainError::Expired(_)) => {
                let alone = "it was made just now: check the clock of this machine; if it is right, ask the platform's \
                             operator about the dates";
                Some(skew.map_or_else(|| alone.to_owned(), Skew::advice))
            }
            _ => None,
        }
    }

    /// The user's next step for a fault that the clocks do not explain.
    #[must_use]
    pub fn next_step(&self) -> &'static str {
        match self {
            Self::Names(_) => {
                "either the platform leaves names out, or an earlier run asked without them: then finish that one \
                 without --san, and issue again with --san and --force"
            }
            Self::OtherDevice { .. } => {
                "nothing was written; a key is one device's: if it is that device's key, make a new one for this \
                 device; else ask the platform's operator why it names another"
            }
            _ => "nothing was written; check the address with the platform's operator",
        }
    }

    /// The exit code of this fault: damage is a failure, everything else a safety stop.
    #[must_use]
    pub fn exit(&self) -> Exit {
        if self.is_damage() { Exit::Failed } else { Exit::Unsafe }
    }
}

/// Checks an answer: it parses, has the fingerprint the platform names, holds our key, names our device (`id` or
/// `tenant:id`), has the server's names if the device is a server, leads to the root held here, and is valid now.
///
/// # Errors
/// The first [`Fault`].
pub fn verify_issued(pem: &str, fingerprint: &str, expected: &Expected<'_>) -> Result<Checked, Fault> {
    let mut chain = Certificate::all_from_pem(pem)?.into_iter();
    let Some(leaf) = chain.next() else {
        return Err(Fault::OtherKey);
    };
    let intermediates: Vec<Certificate> =
        chain.filter(|certificate| !expected.anchors.contains(certificate)).collect();
    if fingerprint.parse::<Fingerprint>().ok() != Some(leaf.fingerprint()) {
        return Err(Fault::Fingerprint { actual: leaf.fingerprint(), said: fingerprint.to_owned() });
    }
    if leaf.public_key_info() != expected.public_key_info {
        return Err(Fault::OtherKey);
    }
    if leaf.is_ca {
        return Err(Fault::Authority);
    }
    if !expected.device.is_named_by(&leaf) {
        let names = device_id::in_words(&leaf.common_names);
        return Err(Fault::OtherDevice { names, device: expected.device.clone() });
    }
    let missing = alt_name::missing(&leaf, expected.names);
    if !missing.is_empty() {
        return Err(Fault::Names(missing));
    }
    chain::verify_client(&leaf, &intermediates, expected.anchors, expected.now)?;
    Ok(Checked { leaf, intermediates })
}
