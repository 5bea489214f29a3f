//! Facts of a certificate that every report about it has.

use serde::Serialize;

use crate::pki::{certificate::Certificate, fingerprint::Fingerprint, time::Time};

/// Fingerprint, serial number and validity period of a certificate.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Brief<'a> {
    pub fingerprint: Fingerprint,
    /// Octets in hexadecimal, with colons.
    pub serial: &'a str,
    pub not_before: Time,
    pub not_after: Time,
}

impl<'a> From<&'a Certificate> for Brief<'a> {
    fn from(certificate: &'a Certificate) -> Self {
        Self {
            fingerprint: certificate.fingerprint(),
            serial: &certificate.serial,
            not_before: certificate.not_before,
            not_after: certificate.not_after,
        }
    }
}

/// The facts of [`Brief`], with subject and issuer.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Identity<'a> {
    pub fingerprint: Fingerprint,
    pub subject: &'a str,
    pub issuer: &'a str,
    pub serial: &'a str,
    pub not_before: Time,
    pub not_after: Time,
}

impl<'a> From<&'a Certificate> for Identity<'a> {
    fn from(certificate: &'a Certificate) -> Self {
        let Brief { fingerprint, serial, not_before, not_after } = certificate.into();
        let (subject, issuer) = (certificate.subject.as_str(), certificate.issuer.as_str());
        Self { fingerprint, subject, issuer, serial, not_before, not_after }
    }
}
