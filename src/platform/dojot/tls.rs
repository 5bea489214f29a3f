//! Trust over TLS when the user gave certificates with `--cacert`.

use std::{sync::Arc, time::Duration};

use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error, SignatureScheme,
    client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier},
    crypto::{CryptoProvider, aws_lc_rs},
    pki_types::{CertificateDer, ServerName, UnixTime},
    sign::SingleCertAndKey,
};
use rustls_platform_verifier::Verifier;
use webpki::EndEntityCert;

use crate::{
    pki::{
        certificate::{Certificate, Validity},
        time::Time,
    },
    platform::Holder,
};

/// The system's CAs, the given ones, and the given certificates themselves.
///
/// A self-signed server certificate, as `openssl req -x509` makes it for many gateways, is marked as a CA, and path
/// validation never takes a CA as the server. A user who gives exactly that certificate wants to trust it, so it is
/// trusted, as curl does, for its own names and its own time.
#[derive(Debug)]
struct Trust {
    paths: Verifier,
    given: Vec<CertificateDer<'static>>,
}

/// # Errors
/// When a given certificate does not parse.
pub(in crate::platform) fn trusting(given: &[Vec<u8>]) -> Result<ClientConfig, Error> {
    config(verifier(given)?, None)
}

/// The verifier of a server's certificate; setting it up reads the system's CAs.
///
/// # Errors
/// When a given certificate does not parse.
pub(in crate::platform) fn verifier(given: &[Vec<u8>]) -> Result<Arc<dyn ServerCertVerifier>, Error> {
    let given: Vec<_> = given.iter().cloned().map(CertificateDer::from).collect();
    let paths = Verifier::new_with_extra_roots(given.iter().cloned(), provider())?;
    Ok(Arc::new(Trust { paths, given }))
}

/// A client with this trust, which shows this pair to a server that asks.
///
/// # Errors
/// When certificate and key do not fit.
pub(in crate::platform) fn config(
    verifier: Arc<dyn ServerCertVerifier>,
    holder: Option<&Holder>,
) -> Result<ClientConfig, Error> {
    let provider = provider();
    let shown = holder.map(|holder| holder.certified(&provider)).transpose()?;
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()?
        .dangerous()
        .with_custom_certificate_verifier(verifier);
    Ok(match shown {
        Some(pair) => builder.with_client_cert_resolver(Arc::new(SingleCertAndKey::from(pair))),
        None => builder.with_no_client_auth(),
    })
}

fn provider() -> Arc<CryptoProvider> {
    CryptoProvider::get_default().cloned().unwrap_or_else(|| Arc::new(aws_lc_rs::default_provider()))
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        server: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, Error> {
        match self.paths.verify_server_cert(server, intermediates, name, ocsp_response, now) {
            Err(error) if untrusted(&error) && self.given.iter().any(|given| given == server) => {
                itself(server, name, now)
            }
            outcome => outcome,
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        server: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.paths.verify_tls12_signature(message, server, signature)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        server: &CertificateDer<'_>,
        signature: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, Error> {
        self.paths.verify_tls13_signature(message, server, signature)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        self.paths.supported_verify_schemes()
    }
}

/// True when path validation found no path to the certificate: its issuer is not known, or it is a CA itself.
fn untrusted(error: &Error) -> bool {
    match error {
        Error::InvalidCertificate(CertificateError::UnknownIssuer) => true,
        Error::InvalidCertificate(CertificateError::Other(other)) => {
            matches!(other.0.downcast_ref(), Some(webpki::Error::CaUsedAsEndEntity))
        }
        _ => false,
    }
}

/// Checks the time and the names of a certificate that is known byte by byte; the rest needs no check.
fn itself(
    server: &CertificateDer<'_>,
    name: &ServerName<'_>,
    now: UnixTime,
) -> Result<ServerCertVerified, Error> {
    let bad = |reason| Err(Error::InvalidCertificate(reason));
    let Ok(facts) = Certificate::from_der(server.to_vec()) else {
        return bad(CertificateError::BadEncoding);
    };
    let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    let unix =
        |time: Time| UnixTime::since_unix_epoch(Duration::from_secs(time.unix().try_into().unwrap_or(0)));
    match facts.validity_at(Time::from_unix(seconds)) {
        Validity::Expired => {
            return bad(CertificateError::ExpiredContext { time: now, not_after: unix(facts.not_after) });
        }
        Validity::NotYetValid => {
            return bad(CertificateError::NotValidYetContext { time: now, not_before: unix(facts.not_before) });
        }
        Validity::Valid => {}
    }
    match EndEntityCert::try_from(server).map(|end| end.verify_is_valid_for_subject_name(name)) {
        Ok(Ok(())) => Ok(ServerCertVerified::assertion()),
        Ok(Err(_)) => bad(CertificateError::NotValidForName),
        Err(_) => bad(CertificateError::BadEncoding),
    }
}
