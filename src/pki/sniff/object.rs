//! DER: which structure is it? Decided by the tags of its first children, before anything is decoded.

use der::{AnyRef, Decode, Header, Reader, SliceReader, Tag, Tagged};
use zeroize::Zeroizing;

use super::{Content, Encoding, Piece, SniffError, ber, pkcs7, pkcs12};
use crate::pki::facts::private_key::KeyFormat;

/// The first octet of everything recognised here.
pub(super) const SEQUENCE: u8 = 0x30;

/// Structures with a different shape.
#[derive(Clone, Copy, PartialEq, Eq)]
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

/// Whether only padding follows an object, as memory and editors leave it: zeros, the ones of erased flash, the
/// end-of-file mark of DOS, white space.
fn is_padding(rest: &[u8]) -> bool {
    rest.iter().all(|byte| matches!(byte, 0 | 0xff | 0x1a) || byte.is_ascii_whitespace())
}

/// Whether the bytes are one object with only padding after it.
pub(super) fn is_whole(bytes: &[u8]) -> bool {
    let length = announced(bytes).and_then(|length| usize::try_from(length).ok());
    length.and_then(|length| bytes.get(length..)).is_some_and(is_padding)
}

/// Every object of a file of DER, one after the other.
pub(super) fn all(bytes: &[u8], password: Option<&str>) -> Vec<Result<Piece, SniffError>> {
    let mut results = Vec::new();
    let mut rest = bytes;
    while !rest.is_empty() {
        if !results.is_empty() && is_padding(rest) {
            // Editors and shells add a newline.
            if !rest.iter().all(u8::is_ascii_whitespace) {
                remark_padding(&mut results, rest.len());
            }
            break;
        }
        if ber::is_indefinite(rest) {
            let Some((der, taken)) = ber::to_der(rest) else {
                let why = "its lengths are open (BER), and it does not end".to_owned();
                results.push(Err(SniffError::Malformed { what: "file that is whole", why }));
                break;
            };
            results.extend(one(&der, Encoding::Der, password));
            rest = &rest[taken..];
            continue;
        }
        let length = match announced(rest) {
            Some(length) if length > rest.len() as u64 => {
                results.push(Err(SniffError::CutShort { announced: length, there: rest.len() }));
                break;
            }
            Some(length) => usize::try_from(length).unwrap_or(rest.len()),
            None if results.is_empty() => {
                results.push(Err(SniffError::Nothing(
                    ": it looks like DER, and its first length is not valid".to_owned(),
                )));
                break;
            }
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

fn remark_padding(results: &mut [Result<Piece, SniffError>], octets: usize) {
    if let Some(Ok(last)) = results.last_mut() {
        last.remark = Some(format!("{octets} bytes of padding follow it"));
    }
}

/// One object; bundles hold several things.
pub(super) fn one(der: &[u8], encoding: Encoding, password: Option<&str>) -> Vec<Result<Piece, SniffError>> {
    match shape(der) {
        None => {
            let why = ": it is DER, of a kind that is not known here".to_owned();
            vec![Err(SniffError::Nothing(why))]
        }
        Some(shape) => of_shape(shape, der.to_vec(), encoding, password),
    }
}

/// An object whose shape is known.
pub(super) fn of_shape(
    shape: Shape,
    der: Vec<u8>,
    encoding: Encoding,
    password: Option<&str>,
) -> Vec<Result<Piece, SniffError>> {
    let content = match shape {
        Shape::Certificate => Content::Certificate(der),
        Shape::Request => Content::Request(der),
        Shape::List => Content::List(der),
        Shape::OcspRequest => Content::OcspRequest(der),
        Shape::OcspAnswer => Content::OcspAnswer(der),
        Shape::PublicKey => Content::PublicKey(der),
        Shape::RsaPublicKey => Content::RsaPublicKey(der),
        Shape::PrivateKey(format) => Content::PrivateKey(format, Zeroizing::new(der)),
        Shape::EncryptedPrivateKey => Content::EncryptedKey(der),
        Shape::Pkcs7 => return pkcs7::pieces(&der),
        Shape::Pkcs12 => return pkcs12::pieces(&der, password),
    };
    vec![Ok(Piece::new(content, encoding))]
}

/// Whether the bytes are exactly one revocation list.
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
        [Tag::Sequence] | [Tag::Sequence, Tag::ContextSpecific { .. }] => {
            is_question(first?).then_some(Shape::OcspRequest)
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

/// In an OCSP request (RFC 6960 §4.1.1) a list of requests leads down to a CertID.
fn is_question(request: AnyRef<'_>) -> bool {
    fn first(of: AnyRef<'_>) -> Option<AnyRef<'_>> {
        parts(of).into_iter().find(|part| part.tag() == Tag::Sequence)
    }
    let id = first(request).and_then(first).and_then(first);
    let tags: Vec<Tag> = id.map(parts).unwrap_or_default().iter().map(Tagged::tag).collect();
    tags == [Tag::Sequence, Tag::OctetString, Tag::OctetString, Tag::Integer]
}

/// The first parts of a structure, as far as they can be read.
fn parts(of: AnyRef<'_>) -> Vec<AnyRef<'_>> {
    let mut parts = Vec::new();
    if let Ok(mut reader) = SliceReader::new(of.value()) {
        while let (false, Ok(part)) = (reader.is_finished() || parts.len() > 7, AnyRef::decode(&mut reader)) {
            parts.push(part);
        }
    }
    parts
}

/// Certificates, requests and lists are all `SEQUENCE { content, algorithm, signature }`; the content tells.
fn signed(content: AnyRef<'_>) -> Shape {
    let tags: Vec<Tag> = parts(content).iter().map(Tagged::tag).collect();
    let is_time = |tag: &Tag| matches!(tag, Tag::UtcTime | Tag::GeneralizedTime);
    match tags[..] {
        [Tag::Integer, Tag::Sequence, Tag::Sequence, Tag::ContextSpecific { .. }]
        | [Tag::Integer, Tag::Sequence, Tag::Sequence] => Shape::Request,
        _ if tags.iter().take(4).any(is_time) => Shape::List,
        _ => Shape::Certificate,
    }
}
