//! PEM (RFC 7468) as it is met: blocks with text around them, any line ends, labels that do not fit.

use zeroize::Zeroizing;

use super::{
    Content, Encoding, Piece, SniffError, ber, foreign,
    object::{self, Shape},
    worn::{self, Block},
};
use crate::pki::{
    damage,
    facts::{private_key::KeyFormat, tpm_key},
    token_key,
};

const BEGIN: &[u8] = b"-----BEGIN ";

pub(super) fn has_block(bytes: &[u8]) -> bool {
    find(bytes, 0).is_some()
}

fn find(bytes: &[u8], from: usize) -> Option<usize> {
    let tail = bytes.get(from..)?;
    // The first dash decides quickly in binary data.
    let mut at = 0;
    while let Some(dash) = tail[at..].iter().position(|byte| *byte == b'-') {
        at += dash;
        if tail[at..].starts_with(BEGIN) {
            return Some(from + at);
        }
        at += 1;
    }
    None
}

/// Every block. Each is parsed alone, so that one that is damaged or has no end does not hide the next.
pub(super) fn blocks(bytes: &[u8], password: Option<&str>) -> Vec<Result<Piece, SniffError>> {
    let mut results = Vec::new();
    let mut number = 0;
    let mut start = find(bytes, 0);
    while let Some(begin) = start {
        let next = find(bytes, begin + BEGIN.len());
        let block = &bytes[begin..next.unwrap_or(bytes.len())];
        number += 1;
        start = next;
        match read(block) {
            Ok(block) => results.extend(content(block, password)),
            Err(why) => results.push(Err(SniffError::Pem { number, label: label(block), why })),
        }
    }
    if results.is_empty() {
        let blocks = if number == 1 { "its only PEM block is" } else { "its PEM blocks are" };
        return vec![Err(SniffError::Nothing(format!(
            ": {blocks} of another kind ({})",
            label_of_first(bytes)
        )))];
    }
    results
}

/// Reads a block by the standard (RFC 7468), or else mends a damaged one.
fn read(block: &[u8]) -> Result<Block, String> {
    match pem::parse(block) {
        Ok(parsed) => {
            let encrypted =
                parsed.headers().iter().any(|(key, value)| key == "Proc-Type" && value.contains("ENCRYPTED"));
            let label = parsed.tag().to_owned();
            Ok(Block { label, encrypted, content: Zeroizing::new(parsed.into_contents()) })
        }
        Err(error) => worn::mended(block).ok_or_else(|| damage::of_pem(&error)),
    }
}

/// The pieces of a block. Where label and content differ, the shape of the content decides. Kinds that are not read
/// here, such as EC PARAMETERS, give no pieces.
fn content(block: Block, password: Option<&str>) -> Vec<Result<Piece, SniffError>> {
    let expected = match block.label.as_str() {
        "CERTIFICATE" | "X509 CERTIFICATE" | "TRUSTED CERTIFICATE" => Some(Shape::Certificate),
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => Some(Shape::Request),
        "X509 CRL" => Some(Shape::List),
        "PUBLIC KEY" => Some(Shape::PublicKey),
        "RSA PUBLIC KEY" => Some(Shape::RsaPublicKey),
        "PRIVATE KEY" => Some(Shape::PrivateKey(KeyFormat::Pkcs8)),
        "RSA PRIVATE KEY" => Some(Shape::PrivateKey(KeyFormat::Pkcs1)),
        "EC PRIVATE KEY" => Some(Shape::PrivateKey(KeyFormat::Sec1)),
        "ENCRYPTED PRIVATE KEY" => Some(Shape::EncryptedPrivateKey),
        "PKCS7" | "PKCS #7 SIGNED DATA" | "CMS" => Some(Shape::Pkcs7),
        _ => None,
    };
    if block.label == token_key::LABEL {
        return vec![Ok(Piece::new(Content::TokenKey(block.content.to_vec()), Encoding::Pem))];
    }
    if block.label == tpm_key::LABEL {
        return vec![Ok(Piece::new(Content::TpmKey(block.content.to_vec()), Encoding::Pem))];
    }
    if block.encrypted && block.label.ends_with("PRIVATE KEY") {
        return vec![Ok(Piece::new(Content::LegacyKey, Encoding::Pem))];
    }
    if expected.is_none()
        && let Some(error) = foreign::labelled(&block.label)
    {
        return vec![Err(error)];
    }
    let converted = ber::is_indefinite(&block.content).then(|| ber::to_der(&block.content)).flatten();
    let whole = converted.map_or(block.content, |(der, _)| Zeroizing::new(der));
    let (der, after) = split(&whole);
    let is_own = |shape: Shape| {
        use Shape::{Certificate, List, Request};
        let signed = |shape| matches!(shape, Certificate | Request | List);
        expected.is_none_or(|expected| expected == shape || (signed(expected) && signed(shape)))
    };
    let shape = match (object::shape(der), expected) {
        // Certificates, requests and lists have the same outer shape, so among these three the label decides.
        (Some(shape), Some(expected)) if is_own(shape) => expected,
        (Some(shape), _) => shape,
        // Neither label nor shape is of a kind that is read here.
        (None, None) => return Vec::new(),
        (None, Some(expected)) => expected,
    };
    // OpenSSL's trust settings follow the certificate in the same block.
    let is_trusted = block.label == "TRUSTED CERTIFICATE";
    let der = if is_trusted || object::is_whole(&whole) { der } else { &whole };
    let mut pieces = object::of_shape(shape, der.to_vec(), Encoding::Pem, password);
    if let (Some(Ok(last)), false, false) = (pieces.last_mut(), after.is_empty(), is_trusted) {
        last.remark = Some(format!("{} bytes of padding follow it", after.len()));
    }
    pieces
}

/// The first object, and what follows it.
fn split(bytes: &[u8]) -> (&[u8], &[u8]) {
    let length = object::announced(bytes).and_then(|length| usize::try_from(length).ok());
    length.and_then(|length| bytes.split_at_checked(length)).unwrap_or((bytes, &[]))
}

/// The label of a block that may be damaged.
fn label(block: &[u8]) -> String {
    let after = &block[BEGIN.len().min(block.len())..];
    let end = after
        .iter()
        .take(64)
        .position(|byte| matches!(byte, b'-' | b'\n' | b'\r'))
        .unwrap_or(after.len().min(64));
    String::from_utf8_lossy(&after[..end]).into_owned()
}

fn label_of_first(bytes: &[u8]) -> String {
    find(bytes, 0).map(|begin| label(&bytes[begin..])).unwrap_or_default()
}

/// Whether the first 32 bytes are text. The first byte cannot decide: the digit 0 is also the first octet of DER.
/// But DER soon has a byte that is no text.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    bytes.iter().take(32).all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace())
}

/// The beginning of a text without any known content, for the message: `null` and `<html>` show its origin.
pub(super) fn beginning(bytes: &[u8]) -> String {
    let start = &bytes[..bytes.len().min(24)];
    match std::str::from_utf8(start) {
        Ok(text) if text.chars().all(|c| !c.is_control() || c.is_whitespace()) => {
            let first = text.lines().next().unwrap_or_default().trim();
            if first.is_empty() { String::new() } else { format!(": it begins with {first:?}") }
        }
        _ => String::new(),
    }
}
