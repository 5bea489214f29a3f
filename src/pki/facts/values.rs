//! Extension values the X.509 library leaves as bytes, decoded with a DER library.

use der::{
    Any, AnyRef, Decode, Reader, Sequence, SliceReader, Tag, Tagged,
    asn1::{Ia5StringRef, ObjectIdentifier, SetOfVec, UintRef},
};
use x509_parser::extensions::PolicyQualifierInfo;

use super::extensions;
use crate::pki::hex;

/// The values of an extension, `None` when it is not known here or not well-formed.
pub(super) fn of(dotted: &str, value: &[u8]) -> Option<Vec<String>> {
    match dotted {
        // freshestCRL has the syntax of cRLDistributionPoints (RFC 5280 §4.2.1.15).
        "2.5.29.46" => {
            use x509_parser::{extensions::CRLDistributionPoints, prelude::FromDer};
            let (_, points) = CRLDistributionPoints::from_der(value).ok()?;
            Some(extensions::distribution_urls(&points.points).iter().map(|url| format!("URI:{url}")).collect())
        }
        "2.5.29.27" => number(value).map(|number| vec![number]),
        "1.3.6.1.5.5.7.1.24" => features(value).ok(),
        "1.3.6.1.4.1.11129.2.4.3" => Some(vec!["yes".to_owned()]),
        "2.5.29.16" => usage_period(value).ok(),
        "2.5.29.9" => directory_attributes(value).ok(),
        _ => None,
    }
}

/// BaseCRLNumber (RFC 5280 §5.2.4).
fn number(value: &[u8]) -> Option<String> {
    let number = UintRef::from_der(value).ok()?;
    Some(x509_parser::num_bigint::BigUint::from_bytes_be(number.as_bytes()).to_string())
}

/// TLS features (RFC 7633): the numbers of TLS extensions the server promises.
fn features(value: &[u8]) -> der::Result<Vec<String>> {
    let numbers = Vec::<u16>::from_der(value)?;
    let name = |number: u16| match number {
        5 => "status_request".to_owned(),
        17 => "status_request_v2".to_owned(),
        other => other.to_string(),
    };
    Ok(numbers.into_iter().map(name).collect())
}

/// PrivateKeyUsagePeriod (RFC 3280 §4.2.1.4): two optional GeneralizedTimes.
fn usage_period(value: &[u8]) -> der::Result<Vec<String>> {
    SliceReader::new(value)?.sequence(|reader| -> der::Result<_> {
        let mut values = Vec::new();
        while !reader.is_finished() {
            let any = AnyRef::decode(reader)?;
            let word = match any.tag() {
                Tag::ContextSpecific { number, .. } if number.value() == 0 => "not before",
                Tag::ContextSpecific { number, .. } if number.value() == 1 => "not after",
                other => return Err(other.unexpected_error(None).into()),
            };
            values.push(format!("{word} {}", String::from_utf8_lossy(any.value())));
        }
        Ok(values)
    })
}

/// An attribute and its values (RFC 5280 §4.2.1.8).
#[derive(Sequence)]
struct Attribute {
    kind: ObjectIdentifier,
    values: SetOfVec<Any>,
}

/// TPMSpecification (TCG EK Credential Profile §3.1.3).
#[derive(Sequence)]
struct TpmSpecification {
    family: String,
    level: u32,
    revision: u32,
}

/// subjectDirectoryAttributes (RFC 5280 §4.2.1.8): what is known by name in words, the others by their OIDs.
fn directory_attributes(value: &[u8]) -> der::Result<Vec<String>> {
    const TPM_SPECIFICATION: ObjectIdentifier = ObjectIdentifier::new_unwrap("2.23.133.2.16");
    let words = |attribute: &Attribute, value: &Any| {
        if attribute.kind == TPM_SPECIFICATION
            && let Ok(it) = value.decode_as::<TpmSpecification>()
        {
            return format!("tpmSpecification {}, level {}, revision {}", it.family, it.level, it.revision);
        }
        format!("{}:#{}", attribute.kind, hex::pairs(value.value()))
    };
    let attributes = Vec::<Attribute>::from_der(value)?;
    Ok(attributes.iter().flat_map(|one| one.values.iter().map(|value| words(one, value))).collect())
}

/// A policy qualifier (RFC 5280 §4.2.1.4): the URL of a practice statement, or its bytes.
pub(super) fn policy_qualifier(qualifier: &PolicyQualifierInfo<'_>) -> String {
    const CPS: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.3.6.1.5.5.7.2.1");
    let is_cps = qualifier.policy_qualifier_id.as_bytes() == CPS.as_bytes();
    match Ia5StringRef::from_der(qualifier.qualifier) {
        Ok(url) if is_cps => format!("CPS:{}", url.as_str()),
        _ => format!("{}:#{}", qualifier.policy_qualifier_id, hex::pairs(qualifier.qualifier)),
    }
}
