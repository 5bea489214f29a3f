//! Revocation lists (RFC 5280 §5): complete for their certificates, version 2, with reasons.

use bytes::Bytes;
use der::{
    Encode,
    asn1::{OctetString, Uint},
    oid::db::rfc5280::ID_CE_ISSUING_DISTRIBUTION_POINT,
};
use x509_cert::{
    Version,
    crl::{RevokedCert, TbsCertList},
    ext::{
        Extension, ToExtension,
        pkix::{AuthorityKeyIdentifier, CrlNumber, CrlReason, crl::IssuingDistributionPoint},
    },
    serial_number::SerialNumber,
};

use super::{
    ca::{BuildError, Ca, asn1_time},
    profile::point_name,
    repository::{ListHead, Revocation, StoredCrl},
};
use crate::pki::{self, time::Time};

/// A signed list in both encodings.
#[derive(Debug)]
pub struct CurrentCrl {
    pub der: Bytes,
    pub(super) number: u64,
    pub(super) this_update: Time,
    next_update: Time,
    covers: i64,
    urls: i64,
}

impl CurrentCrl {
    pub(super) fn new(stored: StoredCrl) -> Self {
        Self {
            der: stored.der.into(),
            number: stored.number,
            this_update: stored.this_update,
            next_update: stored.next_update,
            covers: stored.covers,
            urls: stored.urls,
        }
    }

    /// Without a newline at the end.
    #[must_use]
    pub fn pem(&self) -> String {
        pki::pem::encode(pki::crl::LABEL, &self.der).trim_end().to_owned()
    }

    /// In the first half of its life, complete, and for all its URLs; with `every`, made no longer ago than that,
    /// whatever was revoked meanwhile. `skew` is how many seconds the clock that made it may be ahead.
    pub(super) fn is_fresh(&self, now: Time, skew: i64, wanted: &ListHead, every: Option<i64>) -> bool {
        let half = (self.next_update.unix() - self.this_update.unix()) / 2;
        let (complete, life) = match every {
            None => (self.covers >= wanted.last_revocation, half),
            Some(every) => (true, every),
        };
        let ends = self.this_update.plus(life).min(self.next_update);
        complete && self.urls == wanted.urls && self.this_update <= now.plus(skew) && now < ends
    }
}

/// The list of `revoked`, DER. `number` must be larger than that of every list before. With `urls` it is for the
/// certificates that name one of these as their distribution point, and for no others (RFC 5280 §5.2.5).
///
/// # Errors
/// When it cannot be encoded or signed.
pub fn list(
    ca: &Ca,
    number: u64,
    this_update: Time,
    next_update: Time,
    revoked: &[Revocation],
    urls: &[String],
) -> Result<Vec<u8>, BuildError> {
    let authority = AuthorityKeyIdentifier {
        key_identifier: Some(ca.key_id().clone()),
        authority_cert_issuer: None,
        authority_cert_serial_number: None,
    };
    let number = CrlNumber(Uint::new(&number.to_be_bytes())?);
    let entries = revoked.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    let mut extensions = vec![authority.to_extension(ca.name(), &[])?, number.to_extension(ca.name(), &[])?];
    if !urls.is_empty() {
        extensions.push(issuing_distribution_point(urls)?);
    }
    let tbs = TbsCertList {
        version: Version::V2,
        signature: ca.algorithm().clone(),
        issuer: ca.name().clone(),
        this_update: asn1_time(this_update)?,
        next_update: Some(asn1_time(next_update)?),
        // An empty list is left out (RFC 5280 §5.1.2.6).
        revoked_certificates: Some(entries).filter(|entries| !entries.is_empty()),
        crl_extensions: Some(extensions),
    };
    ca.seal(&tbs)
}

/// Always critical (RFC 5280 §5.2.5).
fn issuing_distribution_point(urls: &[String]) -> Result<Extension, der::Error> {
    let point = IssuingDistributionPoint {
        distribution_point: Some(point_name(urls)?),
        only_contains_user_certs: false,
        only_contains_ca_certs: false,
        only_some_reasons: None,
        indirect_crl: false,
        only_contains_attribute_certs: false,
    };
    // The type itself claims another identifier.
    let extn_id = ID_CE_ISSUING_DISTRIBUTION_POINT;
    Ok(Extension { extn_id, critical: true, extn_value: OctetString::new(point.to_der()?)? })
}

fn entry(revocation: &Revocation) -> Result<RevokedCert, der::Error> {
    // "Unspecified" is said by saying nothing (RFC 5280 §5.3.1).
    let reason = match revocation.reason {
        CrlReason::Unspecified => None,
        reason => Some(vec![reason.to_extension(&x509_cert::name::Name::default(), &[])?]),
    };
    Ok(RevokedCert {
        serial_number: SerialNumber::new(&revocation.serial)?,
        revocation_date: asn1_time(revocation.at)?,
        crl_entry_extensions: reason,
    })
}
