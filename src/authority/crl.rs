//! Revocation lists (RFC 5280 §5): complete, version 2, with reasons.

use bytes::Bytes;
use der::asn1::Uint;
use x509_cert::{
    Version,
    crl::{RevokedCert, TbsCertList},
    ext::{
        ToExtension,
        pkix::{AuthorityKeyIdentifier, CrlNumber, CrlReason},
    },
    serial_number::SerialNumber,
};

use super::{
    ca::{BuildError, Ca, asn1_time},
    repository::{Revocation, StoredCrl},
};
use crate::pki::{self, time::Time};

/// A signed list in both encodings.
#[derive(Debug)]
pub struct CurrentCrl {
    pub der: Bytes,
    /// Without a newline at the end.
    pub pem: String,
    pub(super) number: u64,
    pub(super) this_update: Time,
    next_update: Time,
    covers: i64,
}

impl CurrentCrl {
    pub(super) fn new(stored: StoredCrl) -> Self {
        Self {
            pem: pki::pem::encode(pki::crl::LABEL, &stored.der).trim_end().to_owned(),
            der: stored.der.into(),
            number: stored.number,
            this_update: stored.this_update,
            next_update: stored.next_update,
            covers: stored.covers,
        }
    }

    /// In the first half of its life, and complete; with `every`, made no longer ago than that, whatever was revoked
    /// meanwhile. `skew` is how many seconds the clock that made it may be ahead.
    pub(super) fn is_fresh(&self, now: Time, skew: i64, last_revocation: i64, every: Option<i64>) -> bool {
        let half = (self.next_update.unix() - self.this_update.unix()) / 2;
        let (complete, life) = match every {
            None => (self.covers >= last_revocation, half),
            Some(every) => (true, every),
        };
        let ends = self.this_update.plus(life).min(self.next_update);
        complete && self.this_update <= now.plus(skew) && now < ends
    }
}

/// The list of `revoked`, DER. `number` must be larger than that of every list before.
///
/// # Errors
/// When it cannot be encoded or signed.
pub fn list(
    ca: &Ca,
    number: u64,
    this_update: Time,
    next_update: Time,
    revoked: &[Revocation],
) -> Result<Vec<u8>, BuildError> {
    let authority = AuthorityKeyIdentifier {
        key_identifier: Some(ca.key_id().clone()),
        authority_cert_issuer: None,
        authority_cert_serial_number: None,
    };
    let number = CrlNumber(Uint::new(&number.to_be_bytes())?);
    let entries = revoked.iter().map(entry).collect::<Result<Vec<_>, _>>()?;
    let tbs = TbsCertList {
        version: Version::V2,
        signature: ca.algorithm().clone(),
        issuer: ca.name().clone(),
        this_update: asn1_time(this_update)?,
        next_update: Some(asn1_time(next_update)?),
        // An empty list is left out (RFC 5280 §5.1.2.6).
        revoked_certificates: Some(entries).filter(|entries| !entries.is_empty()),
        crl_extensions: Some(vec![
            authority.to_extension(ca.name(), &[])?,
            number.to_extension(ca.name(), &[])?,
        ]),
    };
    ca.seal(&tbs)
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
