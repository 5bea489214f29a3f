//! The outline of a list: which bytes are what. Entries stay where they are; every slice points into the list.

use der::{
    AnyRef, Decode, Reader, Result, SliceReader, Tag, TagNumber,
    asn1::{ContextSpecific, ObjectIdentifier, OctetStringRef},
};
use x509_cert::time::Time as Wire;

use crate::pki::time::Time;

/// TBSCertList (RFC 5280 §5.1.2).
pub(super) struct Body<'a> {
    /// Absent for version 1; 1 says version 2.
    pub(super) version: Option<u8>,
    pub(super) algorithm: &'a [u8],
    /// Name with its header.
    pub(super) issuer: &'a [u8],
    pub(super) this_update: Time,
    pub(super) next_update: Option<Time>,
    /// revokedCertificates with its header; empty when absent.
    pub(super) revoked: &'a [u8],
    pub(super) extensions: Vec<Extension<'a>>,
}

/// Extension (RFC 5280 §4.1).
pub(super) struct Extension<'a> {
    pub(super) id: ObjectIdentifier,
    pub(super) critical: bool,
    pub(super) value: &'a [u8],
}

/// One of revokedCertificates.
pub(super) struct Entry<'a> {
    /// Content of the INTEGER.
    pub(super) serial: &'a [u8],
    pub(super) date: Time,
    pub(super) extensions: Vec<Extension<'a>>,
}

/// The TBSCertList of a list, from its bytes with header.
pub(super) fn read_body(signed: &[u8]) -> Result<Body<'_>> {
    let mut reader = SliceReader::new(signed)?;
    let body = reader.sequence(body)?;
    reader.finish()?;
    Ok(body)
}

fn body<'a, R: Reader<'a>>(list: &mut R) -> Result<Body<'a>> {
    Ok(Body {
        version: Option::<u8>::decode(list)?,
        algorithm: list.tlv_bytes()?,
        issuer: list.tlv_bytes()?,
        this_update: time(Wire::decode(list)?),
        next_update: Option::<Wire>::decode(list)?.map(time),
        revoked: if next_is_sequence(list) { list.tlv_bytes()? } else { &[] },
        extensions: match ContextSpecific::<AnyRef<'a>>::decode_explicit(list, TagNumber(0))? {
            Some(wrapped) => wrapped.value.sequence(extensions)?,
            None => Vec::new(),
        },
    })
}

/// Reads one entry, header included.
pub(super) fn entry(bytes: &[u8]) -> Result<Entry<'_>> {
    let mut reader = SliceReader::new(bytes)?;
    let entry = reader.sequence(|entry| -> Result<_> {
        let serial = AnyRef::decode(entry)?;
        der::Tagged::tag(&serial).assert_eq(Tag::Integer)?;
        let date = time(Wire::decode(entry)?);
        let extensions = if entry.is_finished() { Vec::new() } else { entry.sequence(extensions)? };
        Ok(Entry { serial: serial.value(), date, extensions })
    })?;
    reader.finish()?;
    Ok(entry)
}

fn extensions<'a, R: Reader<'a>>(list: &mut R) -> Result<Vec<Extension<'a>>> {
    let mut found = Vec::new();
    while !list.is_finished() {
        found.push(list.sequence(|extension| -> Result<_> {
            Ok(Extension {
                id: ObjectIdentifier::decode(extension)?,
                critical: Option::<bool>::decode(extension)?.unwrap_or(false),
                value: <&OctetStringRef>::decode(extension)?.as_bytes(),
            })
        })?);
    }
    Ok(found)
}

fn next_is_sequence<'a>(reader: &impl Reader<'a>) -> bool {
    !reader.is_finished() && Tag::peek(reader).is_ok_and(|tag| tag == Tag::Sequence)
}

fn time(wire: Wire) -> Time {
    Time::from_unix(i64::try_from(wire.to_unix_duration().as_secs()).unwrap_or(i64::MAX))
}
