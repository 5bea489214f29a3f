//! PEM (RFC 7468) as it is met: blocks with text around them, any line ends, byte order marks, UTF-16.

use pem::Pem;
use zeroize::Zeroizing;

use super::{Encoding, Found, Item, SniffError, certificate, list, object, pkcs7, public_key, request};
use crate::pki::facts::private_key::{KeyFormat, PrivateKeyFacts};

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
pub(super) fn blocks(bytes: &[u8], password: Option<&str>) -> Vec<Result<Found, SniffError>> {
    let mut results = Vec::new();
    let (mut number, mut known) = (0, false);
    let mut start = find(bytes, 0);
    while let Some(begin) = start {
        let next = find(bytes, begin + BEGIN.len());
        let block = &bytes[begin..next.unwrap_or(bytes.len())];
        number += 1;
        start = next;
        match pem::parse(block) {
            Ok(parsed) => {
                let found = content(parsed, password);
                known |= found.is_some();
                results.extend(found.into_iter().flatten());
            }
            Err(error) => {
                results.push(Err(SniffError::Pem { number, label: label(block), why: reason(&error) }));
            }
        }
    }
    if results.is_empty() && !known {
        let blocks = if number == 1 { "its only PEM block is" } else { "its PEM blocks are" };
        return vec![Err(SniffError::Nothing(format!(
            ": {blocks} of another kind ({})",
            label_of_first(bytes)
        )))];
    }
    results
}

/// What a block holds; `None` for kinds that are none of our business, such as EC PARAMETERS.
fn content(block: Pem, password: Option<&str>) -> Option<Vec<Result<Found, SniffError>>> {
    let encrypted =
        block.headers().iter().any(|(key, value)| key == "Proc-Type" && value.contains("ENCRYPTED"));
    let label = block.tag().to_owned();
    let der = Zeroizing::new(block.into_contents());
    let private = |format| object::private(PrivateKeyFacts::from_der(&der, format), Encoding::Pem);
    let found = match label.as_str() {
        "CERTIFICATE" | "X509 CERTIFICATE" => certificate(der.to_vec(), Encoding::Pem),
        // OpenSSL's trust settings follow the certificate in the same block.
        "TRUSTED CERTIFICATE" => {
            return Some(object::all(&der, None).into_iter().take(1).collect());
        }
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => request(der.to_vec(), Encoding::Pem),
        "X509 CRL" => list(der.to_vec(), Encoding::Pem),
        "PUBLIC KEY" => public_key(der.to_vec(), Encoding::Pem),
        "RSA PUBLIC KEY" => object::rsa_public_key(&der, Encoding::Pem),
        "RSA PRIVATE KEY" | "EC PRIVATE KEY" | "DSA PRIVATE KEY" if encrypted => {
            let facts = PrivateKeyFacts { format: KeyFormat::LegacyPem, encrypted: true, key: None };
            Ok(Found { item: Item::PrivateKey(facts), encoding: Encoding::Pem })
        }
        "PRIVATE KEY" => private(KeyFormat::Pkcs8),
        "RSA PRIVATE KEY" => private(KeyFormat::Pkcs1),
        "EC PRIVATE KEY" => private(KeyFormat::Sec1),
        "ENCRYPTED PRIVATE KEY" => {
            object::private(PrivateKeyFacts::from_encrypted(&der, password), Encoding::Pem)
        }
        "PKCS7" | "PKCS #7 SIGNED DATA" | "CMS" => return Some(pkcs7::contents(&der)),
        _ => return None,
    };
    Some(vec![found])
}

fn reason(error: &pem::PemError) -> String {
    match error {
        pem::PemError::MalformedFraming => "it has no end line".to_owned(),
        other => other.to_string(),
    }
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

/// Text that Windows editors saved as UTF-16, told by its byte order mark.
pub(super) fn of_utf16(bytes: &[u8]) -> Option<String> {
    let unit: fn([u8; 2]) -> u16 = match bytes {
        [0xff, 0xfe, ..] => u16::from_le_bytes,
        [0xfe, 0xff, ..] => u16::from_be_bytes,
        _ => return None,
    };
    let units = bytes[2..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text: String = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    has_block(text.as_bytes()).then_some(text)
}

/// It begins as text does; DER soon has a byte that is none. The digit 0 is DER's first octet, too.
pub(super) fn is_text(bytes: &[u8]) -> bool {
    bytes.iter().take(32).all(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace())
}

/// How text that holds nothing begins: `null` and `<html>` tell where it came from.
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
