//! Certificates of a foreign CA (the platform's "external certificates"): the conditions for trusting or registering
//! one.

use x509_cert::{der::Decode, spki::SubjectPublicKeyInfoOwned};
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use super::{error::Refusal, request::subject_dn, signatures};
use crate::pki::{certificate::Certificate, time::Time};

const DAY: i64 = 24 * 60 * 60;

/// Days a certificate must still be valid when it is registered.
const REMAINING: i64 = 1;

/// Every certificate of a PEM text.
pub(super) fn certificates(pem: &str) -> Result<Vec<Certificate>, Refusal> {
    Certificate::all_from_pem(pem)
        .map_err(|_| Refusal::invalid("Can not parse ASN1 data structure from binary data"))
}

/// Enough days are left.
pub(super) fn remaining_days(certificate: &Certificate, now: Time) -> Result<(), Refusal> {
    let days = (certificate.not_after.unix() - now.unix()).div_euclid(DAY);
    if days < 0 {
        return Err(Refusal::invalid(format!("The certificate expired {} days ago.", days.abs())));
    }
    if days < REMAINING {
        return Err(Refusal::invalid(format!("The certificate must be valid for more than {REMAINING} days.")));
    }
    Ok(())
}

/// It is no CA.
pub(super) fn leaf(certificate: &Certificate) -> Result<(), Refusal> {
    if certificate.is_ca {
        return Err(Refusal::invalid(
            "The certificate is a CA certificate. It contains the flag 'CA:TRUE' in the extension 'Basic Constraints'.",
        ));
    }
    Ok(())
}

/// It is a CA, and signed by its own key.
pub(super) fn root(certificate: &Certificate) -> Result<(), Refusal> {
    let (_, parsed) = X509Certificate::from_der(certificate.der())
        .map_err(|_| Refusal::invalid("Can not parse ASN1 data structure from binary data"))?;
    if parsed.basic_constraints().ok().flatten().is_none() {
        return Err(Refusal::invalid(
            "The certificate is not a CA certificate. It does not contain the extension 'Basic Constraints' \
             (OID: 2.5.29.19).",
        ));
    }
    if !certificate.is_ca {
        return Err(Refusal::invalid(
            "The certificate is not a CA certificate. It does not contain the flag 'CA:TRUE' in the extension \
             'Basic Constraints'.",
        ));
    }
    let self_issued = parsed.subject().as_raw() == parsed.issuer().as_raw();
    let algorithm = parsed.signature_algorithm.algorithm.to_id_string();
    let signed = SubjectPublicKeyInfoOwned::from_der(parsed.public_key().raw).is_ok_and(|key| {
        let tbs = parsed.tbs_certificate.as_ref();
        signatures::verify(&key, &algorithm, tbs, &parsed.signature_value.data).is_ok()
    });
    if self_issued && signed {
        return Ok(());
    }
    Err(Refusal::invalid("The certificate is not a Root CA certificate (not self signed)."))
}

/// The subject as the platform lists it, and the serial number's octets.
pub(super) fn subject_and_serial(certificate: &Certificate) -> Result<(String, Vec<u8>), Refusal> {
    let unreadable = || Refusal::invalid("Can not parse ASN1 data structure from binary data");
    let (_, parsed) = X509Certificate::from_der(certificate.der()).map_err(|_| unreadable())?;
    let subject = subject_dn(parsed.subject().as_raw()).map_err(|_| unreadable())?;
    Ok((subject, parsed.raw_serial().to_vec()))
}
