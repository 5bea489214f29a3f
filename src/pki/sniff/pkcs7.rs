//! PKCS#7 bundles: the certificates and lists a SignedData carries (RFC 2315 §9.1, RFC 5652 §5.1).
//!
//! Their bytes are handed on as they stand. Decoding into structures and encoding again would change what a
//! fingerprint is made of, and would refuse what only a stricter profile forbids.

use der::{AnyRef, Decode, Encode, Reader, SliceReader, Tag, Tagged, asn1::ObjectIdentifier};

use super::{Content, Encoding, Piece, SniffError};
use crate::pki::damage;

const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");

/// Certificates first, then lists, as they are encoded.
pub(super) fn pieces(der: &[u8]) -> Vec<Result<Piece, SniffError>> {
    let malformed = |why: String| vec![Err(SniffError::Malformed { what: "PKCS#7 bundle", why })];
    match members(der) {
        Err(error) => malformed(damage::of_der(&error)),
        Ok(None) => malformed("it holds no certificates: it is not SignedData".to_owned()),
        Ok(Some(members)) if members.is_empty() => {
            vec![Err(SniffError::Nothing(": it is an empty PKCS#7 bundle".to_owned()))]
        }
        Ok(Some(members)) => {
            members.into_iter().map(|member| Ok(Piece::new(member, Encoding::Pkcs7))).collect()
        }
    }
}

fn members(der: &[u8]) -> der::Result<Option<Vec<Content>>> {
    let Some(signed) = SliceReader::new(der)?.sequence(|reader| -> der::Result<_> {
        let kind = ObjectIdentifier::decode(reader)?;
        let content = AnyRef::decode(reader)?;
        Ok((kind == SIGNED_DATA).then_some(content))
    })?
    else {
        return Ok(None);
    };
    let mut members = Vec::new();
    SliceReader::new(signed.value())?.sequence(|reader| -> der::Result<()> {
        while !reader.is_finished() {
            let field = AnyRef::decode(reader)?;
            match field.tag() {
                Tag::ContextSpecific { constructed: true, number } if number.value() == 0 => {
                    members.extend(elements(field)?.into_iter().map(Content::Certificate));
                }
                Tag::ContextSpecific { constructed: true, number } if number.value() == 1 => {
                    members.extend(elements(field)?.into_iter().map(Content::List));
                }
                _ => {}
            }
        }
        Ok(())
    })?;
    Ok(Some(members))
}

fn elements(set: AnyRef<'_>) -> der::Result<Vec<Vec<u8>>> {
    let mut reader = SliceReader::new(set.value())?;
    let mut elements = Vec::new();
    while !reader.is_finished() {
        elements.push(AnyRef::decode(&mut reader)?.to_der()?);
    }
    Ok(elements)
}
