//! Certificates with an invalid date. The library refuses them whole, but a person wants to see the rest.

use der::{AnyRef, Decode, Encode, SliceReader, Tag, Tagged};
use x509_parser::{prelude::FromDer, time::ASN1Time, x509::X509Name};

use super::{hex, names, signature};

/// The invalid date and the names of the certificate, in words; `None` when its dates are valid.
#[must_use]
pub(super) fn words(der: &[u8]) -> Option<String> {
    let tbs = AnyRef::from_der(signature::parts(der).ok()?.signed).ok()?;
    let mut reader = SliceReader::new(tbs.value()).ok()?;
    let mut next = || AnyRef::decode(&mut reader).ok();
    let first = next()?;
    let serial = if first.tag() == Tag::Integer { first } else { next()? };
    let (_algorithm, issuer, validity, subject) = (next()?, next()?, next()?, next()?);
    let mut reader = SliceReader::new(validity.value()).ok()?;
    let dates =
        [("notBefore", AnyRef::decode(&mut reader).ok()?), ("notAfter", AnyRef::decode(&mut reader).ok()?)];
    let is_date = |date: &AnyRef<'_>| date.to_der().is_ok_and(|der| ASN1Time::from_der(&der).is_ok());
    let shown: Vec<String> = dates
        .iter()
        .map(|(which, date)| {
            let text = String::from_utf8_lossy(date.value());
            if is_date(date) {
                format!("{which} {text}")
            } else {
                format!("its {which} {text:?} is not a date")
            }
        })
        .collect();
    if dates.iter().all(|(_, date)| is_date(date)) {
        return None;
    }
    let name = |name: AnyRef<'_>| {
        let der = name.to_der().ok()?;
        X509Name::from_der(&der).ok().map(|(_, name)| names::distinguished(&name))
    };
    Some(format!(
        "{}; it is {}, issued by {}, serial {}",
        shown.join(", "),
        name(subject)?,
        name(issuer)?,
        hex::pairs(serial.value())
    ))
}
