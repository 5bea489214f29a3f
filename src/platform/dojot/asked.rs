//! A request to the platform: its limits, and its name in the words that error messages use.

use std::fmt;

use reqwest::Method;

use crate::{
    device_id::DeviceId,
    pki::fingerprint::Fingerprint,
    platform::{ErrorKind, PlatformError},
};

/// Most bytes of an ordinary answer.
pub(in crate::platform) const NORMAL: usize = 1 << 20;
/// Most bytes of one page of a list.
pub(in crate::platform) const LIST: usize = 8 << 20;
/// Most bytes of a revocation list.
pub(in crate::platform) const CRL: usize = 64 << 20;

/// The purpose of a request; prints as the verb phrase after "could not".
#[derive(Clone, Copy, Debug)]
pub(in crate::platform) enum Asked<'a> {
    Greeting,
    Login(&'a str),
    Root,
    Crl,
    Devices,
    Device(&'a DeviceId),
    AddDevice(&'a DeviceId),
    Sign(&'a DeviceId),
    Certificates,
    Certificate(&'a Fingerprint),
    Link(&'a Fingerprint),
    Delete(&'a Fingerprint),
    Register(&'a DeviceId),
    TrustedRoot(&'a Fingerprint),
    TrustedCas,
    Trust,
    ChangeTrust(&'a Fingerprint),
    Distrust(&'a Fingerprint),
    Authorities,
    Attributes,
    Directory,
    Secret(&'a DeviceId),
    Secrets,
    Approve(&'a DeviceId),
}

impl fmt::Display for Asked<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Login(user) => write!(f, "log in as {user}"),
            Self::Greeting => f.write_str("reach the platform"),
            Self::Root => f.write_str("fetch the root certificate"),
            Self::Crl => f.write_str("fetch the revocation list"),
            Self::Devices => f.write_str("list the devices"),
            Self::Device(device) => write!(f, "look for the device {device}"),
            Self::AddDevice(device) => write!(f, "add the device {device}"),
            Self::Sign(device) => write!(f, "get a certificate for {device}"),
            Self::Certificates => f.write_str("list the certificates"),
            Self::Certificate(certificate) => write!(f, "fetch the record of the certificate {certificate}"),
            Self::Register(device) => write!(f, "register the certificate of {device}"),
            Self::TrustedRoot(certificate) => write!(f, "fetch the trusted CA {certificate}"),
            Self::Link(certificate) => write!(f, "change the owner of the certificate {certificate}"),
            Self::Delete(certificate) => write!(f, "revoke the certificate {certificate}"),
            Self::TrustedCas => f.write_str("list the trusted CAs"),
            Self::Trust => f.write_str("add a trusted CA"),
            Self::ChangeTrust(ca) => write!(f, "change the trusted CA {ca}"),
            Self::Distrust(ca) => write!(f, "remove the trusted CA {ca}"),
            Self::Authorities => f.write_str("fetch the CA certificates"),
            Self::Directory => f.write_str("fetch the directory"),
            Self::Secret(device) => write!(f, "add or remove the secret of {device}"),
            Self::Secrets => f.write_str("list the secrets"),
            Self::Approve(device) => write!(f, "approve the key of {device}"),
            Self::Attributes => f.write_str("ask what requests must hold"),
        }
    }
}

/// One request, ready to be sent more than once.
#[derive(Clone, Debug)]
pub(in crate::platform) struct Ask<'a> {
    pub(in crate::platform) what: Asked<'a>,
    pub(in crate::platform) method: Method,
    /// Path and query; made of literals, numbers and validated types only.
    pub(in crate::platform) path: &'a str,
    /// The body, most often JSON; the request's headers tell its type.
    pub(in crate::platform) body: Option<&'a [u8]>,
    /// Most bytes of a good answer.
    pub(in crate::platform) limit: usize,
}

impl<'a> Ask<'a> {
    pub(in crate::platform) fn get(what: Asked<'a>, path: &'a str, limit: usize) -> Self {
        Self { what, method: Method::GET, path, body: None, limit }
    }

    /// `could not {what}: {text}`.
    pub(in crate::platform) fn error(&self, kind: ErrorKind, text: impl fmt::Display) -> PlatformError {
        PlatformError::new(kind, format!("could not {}: {text}", self.what))
    }

    /// The kind of error when a good answer cannot be read: a requested change may have happened.
    pub(in crate::platform) fn unreadable(&self) -> ErrorKind {
        match self.what {
            Asked::Sign(_)
            | Asked::AddDevice(_)
            | Asked::Link(_)
            | Asked::Delete(_)
            | Asked::Register(_)
            | Asked::Trust
            | Asked::ChangeTrust(_)
            | Asked::Distrust(_) => ErrorKind::OutcomeUnknown,
            _ => ErrorKind::InvalidResponse,
        }
    }
}
