//! Judges the certificates a server presents as a device does, and keeps them and the reason in words.

use std::sync::{Mutex, MutexGuard, PoisonError};

use rustls::{
    CertificateError, DigitallySignedStruct, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{WebPkiSupportedAlgorithms, verify_tls12_signature, verify_tls13_signature},
    pki_types::{CertificateDer, ServerName, UnixTime},
};

use super::tls::ServerFault;
use crate::pki::{
    certificate::Certificate,
    chain::{self, Purpose},
    time::Time,
};

/// No laxer than the library's own verifier: [`chain::find_path`] asks that first, then more.
#[derive(Debug)]
pub(super) struct Judge {
    algorithms: WebPkiSupportedAlgorithms,
    anchors: Vec<Certificate>,
    /// Name that the certificate must be for.
    name: String,
    now: Time,
    seen: Mutex<Seen>,
}

#[derive(Debug, Default)]
struct Seen {
    chain: Vec<Certificate>,
    fault: Option<ServerFault>,
}

impl Judge {
    pub(super) fn new(anchors: Vec<Certificate>, name: String, now: Time) -> Self {
        let algorithms = rustls::crypto::aws_lc_rs::default_provider().signature_verification_algorithms;
        Self { algorithms, anchors, name, now, seen: Mutex::default() }
    }

    /// Certificates that the server presented, leaf first; those that parsed.
    pub(super) fn chain(&self) -> Vec<Certificate> {
        self.seen().chain.clone()
    }

    /// Why it was refused.
    pub(super) fn fault(&self) -> Option<ServerFault> {
        self.seen().fault.clone()
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn verdict(&self, leaf: &CertificateDer<'_>, others: &[CertificateDer<'_>]) -> Result<(), ServerFault> {
        let parse = |der: &CertificateDer<'_>| Certificate::from_der(der.to_vec());
        let leaf = parse(leaf).map_err(|error| ServerFault::Unreadable(error.to_string()))?;
        // One certificate that cannot be parsed must not hide the others: a path may exist without it.
        let others: Vec<Certificate> = others.iter().filter_map(|der| parse(der).ok()).collect();
        self.seen().chain = std::iter::once(leaf.clone()).chain(others.clone()).collect();
        chain::find_path(&leaf, &others, &self.anchors, self.now, Purpose::ServerIfLimited)?;
        chain::check_name(&leaf, &self.name)?;
        Ok(())
    }
}

impl ServerCertVerifier for Judge {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        _: &ServerName<'_>,
        _: &[u8],
        _: UnixTime,
    ) -> Result<ServerCertVerified, rustls::Error> {
        self.verdict(end_entity, intermediates).map(|()| ServerCertVerified::assertion()).map_err(|fault| {
            let told = fault.as_library();
            self.seen().fault = Some(fault);
            told.into()
        })
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls12_signature(message, certificate, signed, &self.algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        certificate: &CertificateDer<'_>,
        signed: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, rustls::Error> {
        verify_tls13_signature(message, certificate, signed, &self.algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.algorithms.supported_schemes()
    }
}

impl ServerFault {
    /// As the library names it, which chooses the alert the server gets.
    fn as_library(&self) -> CertificateError {
        match self {
            Self::Unreadable(_) => CertificateError::BadEncoding,
            Self::Name(_) => CertificateError::NotValidForName,
            Self::Chain(error) if error.is_expired() => CertificateError::Expired,
            Self::Chain(error) if error.is_not_yet_valid() => CertificateError::NotValidYet,
            Self::Chain(_) => CertificateError::UnknownIssuer,
        }
    }
}
