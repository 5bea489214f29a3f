//! Permitted responders: the issuer itself, or a delegate whose certificate it signed for that (RFC 6960 §4.2.2.2).

use aws_lc_rs::digest::{SHA1_FOR_LEGACY_USE_ONLY, digest};
use der::{Encode, oid::db::rfc6960::ID_PKIX_OCSP_NOCHECK};
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use super::wire::{BasicOcspResponse, ResponderId};
use crate::pki::{
    certificate::Certificate,
    chain::{self, Purpose},
    crl::CrlSet,
    directory_name,
    issuer::{self, Issuer},
    revocation::State,
    signature::{self, Parts, SignatureError},
    time::Time,
};

/// How an answer is signed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Proof {
    Whole,
    /// The key is the right one, and the digest is SHA-1.
    BySha1,
}

/// Checks the signature of an answer and that the signer may give it.
pub(super) fn check(
    basic: &BasicOcspResponse,
    parts: &Parts<'_>,
    issuer: &Certificate,
    at: Time,
    lists: &CrlSet,
) -> Result<Proof, State> {
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
        .ok_or_else(|| State::unknown("the signer of the OCSP answer is not known"))?;
    let proof = signed_by(&delegate, parts)?;
    may_answer(&delegate, issuer, at).map_err(|why| {
        State::unknown(format!(
            "the OCSP answer is signed by {}, which may not answer: {why}",
            delegate.subject
        ))
    })?;
    if !need_not_be_checked(&delegate) && lists.status(&delegate, issuer, at).state.is_revoked() {
        return Err(State::unknown("the certificate of the OCSP responder was revoked"));
    }
    Ok(proof)
}

fn is_named(id: &ResponderId, certificate: &Certificate) -> bool {
    match id {
        ResponderId::ByName(name) => {
            let parsed = X509Certificate::from_der(certificate.der());
            matches!((name.to_der(), parsed), (Ok(name), Ok((_, parsed)))
                if directory_name::same(parsed.subject().as_raw(), &name))
        }
        ResponderId::ByKey(hash) => signature::key_bits(certificate.public_key_info())
            .is_ok_and(|key| digest(&SHA1_FOR_LEGACY_USE_ONLY, key).as_ref() == hash.as_bytes()),
    }
}

fn signed_by(signer: &Certificate, parts: &Parts<'_>) -> Result<Proof, State> {
    let key = signer.public_key_info();
    match signature::verify(parts.algorithm, key, parts.signed, parts.signature) {
        Ok(()) => Ok(Proof::Whole),
        Err(SignatureError::Wrong) => {
            Err(State::unknown(format!("the OCSP answer was not signed by {}", signer.subject)))
        }
        Err(_) if signature::fits_with_sha1(parts.algorithm, key, parts.signed, parts.signature) => {
            Ok(Proof::BySha1)
        }
        Err(error) => Err(State::unknown(format!("the OCSP answer is not trusted: {error}"))),
    }
}

/// Issued by this very issuer, valid now, for OCSP and with a key that may sign.
fn may_answer(delegate: &Certificate, issuer: &Certificate, at: Time) -> Result<(), String> {
    let (_, parsed) =
        X509Certificate::from_der(delegate.der()).map_err(|_| "its certificate cannot be read".to_owned())?;
    let purposes = parsed.extended_key_usage().ok().flatten();
    if !purposes.is_some_and(|purposes| purposes.value.ocsp_signing) {
        return Err("its extended key usage does not list OCSPSigning".to_owned());
    }
    if delegate.is_ca {
        return Err("it is the certificate of an authority".to_owned());
    }
    if !matches!(issuer::find(delegate, [issuer]), Issuer::Found(_)) {
        return Err("its certificate is not from the issuer".to_owned());
    }
    chain::find_path(delegate, &[], std::slice::from_ref(issuer), at, Purpose::Any)
        .map_err(|error| error.to_string())?;
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
