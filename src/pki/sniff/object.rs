//! DER: which structure is it? Decided by the tags of its first children, before anything is decoded.

use der::{AnyRef, Decode, Header, Reader, SliceReader, Tag, Tagged};

use zeroize::Zeroizing;

use super::{Encoding, Piece, Pieces, SniffError, pkcs7, pkcs12};
use crate::pki::facts::{OcspRequestFacts, private_key::KeyFormat};

/// The first octet of everything recognised here.
pub(super) const SEQUENCE: u8 = 0x30;

/// Structures with a different shape.
pub(super) enum Shape {
    Certificate,
    Request,
    List,
    PublicKey,
    RsaPublicKey,
    PrivateKey(KeyFormat),
    EncryptedPrivateKey,
    Pkcs7,
    Pkcs12,
    OcspRequest,
    OcspAnswer,
}

/// Octets the outermost header announces, itself included.
pub(super) fn announced(bytes: &[u8]) -> Option<u64> {
    let mut reader = SliceReader::new(bytes).ok()?;
    let header = Header::decode(&mut reader).ok()?;
    if header.tag() != Tag::Sequence {
        return None;
    }
    Some(u64::from(u32::from(header.length())) + u64::from(u32::from(reader.position())))
}

/// Every object of a file of DER, one after the other.
pub(super) fn all(bytes: &[u8], password: Option<&str>) -> Pieces {
    let mut results = Pieces::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        let length = match announced(rest) {
            Some(length) if length > rest.len() as u64 => {
                results.push(Err(SniffError::CutShort { announced: length, there: rest.len() }));
                break;
            }
            Some(length) => usize::try_from(length).unwrap_or(rest.len()),
            None if results.is_empty() => {
                results.push(Err(SniffError::Nothing(
                    ": it looks like DER, and its first length is no length".to_owned(),
                )));
                break;
            }
            // Editors and shells add a newline; TPMs and flash memory pad.
            None if rest.iter().all(|octet| octet.is_ascii_whitespace() || matches!(octet, 0 | 0xff)) => break,
            None => {
                results.push(Err(SniffError::Trailing(rest.len())));
                break;
            }
        };
        let (object, after) = rest.split_at(length);
        results.extend(one(object, Encoding::Der, password));
        rest = after;
    }
    results
}

/// One object; bundles hold several things.
pub(super) fn one(der: &[u8], encoding: Encoding, password: Option<&str>) -> Pieces {
    let Some(shape) = shape(der) else {
        let why = ": it is DER, of a kind that is not known here".to_owned();
        return vec![Err(SniffError::Nothing(why))];
    };
    let piece = match shape {
        Shape::Certificate => Piece::Certificate(der.to_vec()),
        Shape::Request => Piece::Request(der.to_vec()),
        Shape::List => Piece::List(der.to_vec()),
        Shape::OcspRequest => Piece::OcspRequest(der.to_vec()),
        Shape::OcspAnswer => Piece::OcspAnswer(der.to_vec()),
        Shape::PublicKey => Piece::PublicKey(der.to_vec()),
        Shape::RsaPublicKey => Piece::RsaPublicKey(der.to_vec()),
        Shape::PrivateKey(format) => Piece::PrivateKey(format, Zeroizing::new(der.to_vec())),
        Shape::EncryptedPrivateKey => Piece::SealedKey(der.to_vec()),
        Shape::Pkcs7 => return pkcs7::contents(der),
        Shape::Pkcs12 => return pkcs12::contents(der, password),
    };
    vec![Ok((piece, encoding))]
}

/// It is one revocation list and nothing else.
pub(super) fn is_list(bytes: &[u8]) -> bool {
    announced(bytes).is_some_and(|length| length == bytes.len() as u64)
        && matches!(shape(bytes), Some(Shape::List))
}

/// The tags of the first children of a SEQUENCE, and the first child itself.
fn children(der: &[u8]) -> der::Result<(Vec<Tag>, Option<AnyRef<'_>>)> {
    const ENOUGH: usize = 8;
    let outer = AnyRef::from_der(der)?;
    outer.tag().assert_eq(Tag::Sequence)?;
    let mut reader = SliceReader::new(outer.value())?;
    let (mut tags, mut first) = (Vec::with_capacity(ENOUGH), None);
    while !reader.is_finished() && tags.len() < ENOUGH {
        let child = AnyRef::decode(&mut reader)?;
        tags.push(child.tag());
        first = first.or(Some(child));
    }
    Ok((tags, first))
}

pub(super) fn shape(der: &[u8]) -> Option<Shape> {
    let (tags, first) = children(der).ok()?;
    match tags[..] {
        [Tag::Sequence, Tag::Sequence, Tag::BitString] => Some(signed(first?)),
        // A SEQUENCE in a SEQUENCE may be anything: this shape alone says too little.
        [Tag::Sequence] | [Tag::Sequence, Tag::ContextSpecific { .. }] => {
            OcspRequestFacts::from_der(der).is_ok().then_some(Shape::OcspRequest)
        }
        [Tag::Enumerated] | [Tag::Enumerated, Tag::ContextSpecific { .. }] => Some(Shape::OcspAnswer),
        [Tag::Sequence, Tag::BitString] => Some(Shape::PublicKey),
        [Tag::Sequence, Tag::OctetString] => Some(Shape::EncryptedPrivateKey),
        [Tag::ObjectIdentifier, Tag::ContextSpecific { .. }] => Some(Shape::Pkcs7),
        [Tag::Integer, Tag::Integer] => Some(Shape::RsaPublicKey),
        [Tag::Integer, Tag::Integer, Tag::Integer, ..] => Some(Shape::PrivateKey(KeyFormat::Pkcs1)),
        [Tag::Integer, Tag::OctetString, ..] => Some(Shape::PrivateKey(KeyFormat::Sec1)),
        [Tag::Integer, Tag::Sequence, Tag::OctetString, ..] => Some(Shape::PrivateKey(KeyFormat::Pkcs8)),
        [Tag::Integer, Tag::Sequence] | [Tag::Integer, Tag::Sequence, Tag::Sequence] => Some(Shape::Pkcs12),
        _ => None,
    }
}

/// Certificates, requests and lists are all `SEQUENCE { content, algorithm, signature }`; the content tells.
fn signed(content: AnyRef<'_>) -> Shape {
    let mut tags = Vec::new();
    if let Ok(mut reader) = SliceReader::new(content.value()) {
        while let (false, Ok(child)) = (reader.is_finished() || tags.len() > 7, AnyRef::decode(&mut reader)) {
            tags.push(child.tag());
        }
    }
    let is_time = |tag: &Tag| matches!(tag, Tag::UtcTime | Tag::GeneralizedTime);
    match tags[..] {
        [Tag::Integer, Tag::Sequence, Tag::Sequence, Tag::ContextSpecific { .. }]
        | [Tag::Integer, Tag::Sequence, Tag::Sequence] => Shape::Request,
        _ if tags.iter().take(4).any(is_time) => Shape::List,
        _ => Shape::Certificate,
    }
}
