//! Who may answer: the issuer itself, or a delegate whose certificate it signed for that (RFC 6960 §4.2.2.2).

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use der::{Encode, oid::db::rfc6960::ID_PKIX_OCSP_NOCHECK};
use rustls::pki_types::{CertificateDer, UnixTime};
use webpki::{EndEntityCert, KeyUsage};
use x509_ocsp::{BasicOcspResponse, ResponderId};
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use crate::pki::{
    certificate::Certificate,
    crl::CrlSet,
    revocation::State,
    signature::{self, Parts, SignatureError},
    time::Time,
};

/// id-kp-OCSPSigning, 1.3.6.1.5.5.7.3.9, as the content of an OBJECT IDENTIFIER.
const OCSP_SIGNING: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 9];

/// Checks the signature of an answer and that the signer may give it.
pub(super) fn check(
    basic: &BasicOcspResponse,
    parts: &Parts<'_>,
    issuer: &Certificate,
    at: Time,
    lists: &CrlSet,
) -> Result<(), State> {
    let id = &basic.tbs_response_data.responder_id;
    if is_named(id, issuer) {
        return signed_by(issuer, parts);
    }
    let delegate = basic
        .certs
        .iter()
        .flatten()
        .filter_map(|certificate| Certificate::from_der(certificate.to_der().ok()?).ok())
        .find(|certificate| is_named(id, certificate))
        .ok_or_else(|| State::unknown("the OCSP answer is signed by somebody unknown"))?;
    signed_by(&delegate, parts)?;
    may_answer(&delegate, issuer, at).map_err(|why| {
        State::unknown(format!("the OCSP answer is signed by {}, who may not answer: {why}", delegate.subject))
    })?;
    if !need_not_be_checked(&delegate) && lists.status(&delegate, issuer, at).state.is_revoked() {
        return Err(State::unknown("the certificate of the OCSP responder was revoked"));
    }
    Ok(())
}

fn is_named(id: &ResponderId, certificate: &Certificate) -> bool {
    match id {
        ResponderId::ByName(name) => {
            let parsed = X509Certificate::from_der(certificate.der());
            matches!((name.to_der(), parsed), (Ok(name), Ok((_, parsed))) if parsed.subject().as_raw() == name)
        }
        ResponderId::ByKey(hash) => signature::key_bits(certificate.public_key_info())
            .is_ok_and(|key| digest(&SHA1_FOR_LEGACY_USE_ONLY, key).as_ref() == hash.as_bytes()),
    }
}

fn signed_by(signer: &Certificate, parts: &Parts<'_>) -> Result<(), State> {
    signature::verify(parts.algorithm, signer.public_key_info(), parts.signed, parts.signature).map_err(
        |error| {
            State::unknown(match error {
                SignatureError::Wrong => format!("the OCSP answer was not signed by {}", signer.subject),
                _ => format!("the OCSP answer is not believed: {error}"),
            })
        },
    )
}

/// Issued by this very issuer, valid now, for OCSP and with a key that may sign.
fn may_answer(delegate: &Certificate, issuer: &Certificate, at: Time) -> Result<(), String> {
    let anchor_der = CertificateDer::from(issuer.der());
    let anchor = webpki::anchor_from_trusted_cert(&anchor_der).map_err(|error| error.to_string())?;
    let der = CertificateDer::from(delegate.der());
    let seconds = u64::try_from(at.unix()).unwrap_or(0);
    EndEntityCert::try_from(&der)
        .and_then(|end_entity| {
            end_entity
                .verify_for_usage(
                    rustls::crypto::aws_lc_rs::default_provider().signature_verification_algorithms.all,
                    &[anchor],
                    &[],
                    UnixTime::since_unix_epoch(std::time::Duration::from_secs(seconds)),
                    KeyUsage::required(OCSP_SIGNING),
                    None,
                    None,
                )
                .map(|_| ())
        })
        .map_err(|error| match error {
            webpki::Error::RequiredEkuNotFoundContext(_) => {
                "its extended key usage does not list OCSPSigning".to_owned()
            }
            webpki::Error::UnknownIssuer | webpki::Error::InvalidSignatureForPublicKey => {
                "its certificate is not from the issuer".to_owned()
            }
            other => other.to_string(),
        })?;
    let (_, parsed) = X509Certificate::from_der(delegate.der()).map_err(|error| error.to_string())?;
    match parsed.key_usage() {
        Ok(None) => Ok(()),
        Ok(Some(usage)) if usage.value.digital_signature() || usage.value.non_repudiation() => Ok(()),
        _ => Err("its key usage lacks digitalSignature".to_owned()),
    }
}

/// id-pkix-ocsp-nocheck (RFC 6960 §4.2.2.2.1).
fn need_not_be_checked(delegate: &Certificate) -> bool {
    X509Certificate::from_der(delegate.der()).is_ok_and(|(_, parsed)| {
        parsed.extensions().iter().any(|extension| extension.oid.as_bytes() == ID_PKIX_OCSP_NOCHECK.as_bytes())
    })
}
