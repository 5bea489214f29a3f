//! PEM (RFC 7468) as it is met: blocks with text around them, any line ends, byte order marks, UTF-16.

use pem::Pem;
use zeroize::Zeroizing;

use super::{
    Encoding, Piece, Pieces, SniffError, ber,
    object::{self, Shape},
    pkcs7,
};
use crate::pki::facts::private_key::KeyFormat;

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
pub(super) fn blocks(bytes: &[u8], password: Option<&str>) -> Pieces {
    let mut results = Pieces::new();
    let (mut number, mut known) = (0, false);
    let mut start = find(bytes, 0);
    while let Some(begin) = start {
        let next = find(bytes, begin + BEGIN.len());
        let block = &bytes[begin..next.unwrap_or(bytes.len())];
        number += 1;
        start = next;
        match parsed(block) {
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

/// One block as the standard wants it, or else as consoles, tickets and program texts leave it: line ends written as
/// the characters `\\n`, empty lines between all others, quotes around each line.
fn parsed(block: &[u8]) -> Result<Pem, pem::PemError> {
    let error = match pem::parse(block) {
        Ok(parsed) => return Ok(parsed),
        Err(error) => error,
    };
    mended(block).and_then(|mended| pem::parse(mended.as_bytes()).ok()).ok_or(error)
}

fn mended(block: &[u8]) -> Option<Zeroizing<String>> {
    let text = Zeroizing::new(String::from_utf8_lossy(block).into_owned());
    let (begin, rest) = text.strip_prefix("-----BEGIN ")?.split_once("-----")?;
    let (body, end) = rest.split_once("-----END ")?;
    let (end, _) = end.split_once("-----")?;
    let body = Zeroizing::new(body.replace("\\u000a", "\n").replace("\\u000d", ""));
    let body = Zeroizing::new(body.replace("\\r", "").replace("\\n", "\n").replace("\\/", "/"));
    let lines: Vec<&str> = body
        .split(['\r', '\n'])
        .map(|line| {
            line.trim_matches(|c: char| c.is_whitespace() || matches!(c, '"' | '\'' | '\\' | '\u{feff}'))
        })
        .filter(|line| !line.is_empty())
        .collect();
    // Headers (RFC 1421 §4.4) end with the only empty line that means something.
    let headers = lines.iter().take_while(|line| line.contains(':')).count();
    let (headers, data) = lines.split_at(headers);
    let mut mended = Zeroizing::new(format!("-----BEGIN {begin}-----\n"));
    for header in headers {
        mended.push_str(header);
        mended.push('\n');
    }
    if !headers.is_empty() {
        mended.push('\n');
    }
    for line in data {
        mended.push_str(line);
        mended.push('\n');
    }
    for part in ["-----END ", end, "-----\n"] {
        mended.push_str(part);
    }
    Some(mended)
}

/// What a block holds; `None` for kinds that are none of our business, such as EC PARAMETERS.
fn content(block: Pem, password: Option<&str>) -> Option<Pieces> {
    let encrypted =
        block.headers().iter().any(|(key, value)| key == "Proc-Type" && value.contains("ENCRYPTED"));
    let label = block.tag().to_owned();
    let der = Zeroizing::new(block.into_contents());
    let public = |piece: fn(Vec<u8>) -> Piece| piece(der.to_vec());
    let piece = match label.as_str() {
        "CERTIFICATE" | "X509 CERTIFICATE" => match object::shape(&der) {
            // Windows labels its bundles so.
            Some(Shape::Pkcs7) => return Some(pkcs7::contents(&der)),
            _ => public(Piece::Certificate),
        },
        // OpenSSL's trust settings follow the certificate in the same block.
        "TRUSTED CERTIFICATE" => {
            return Some(object::all(&der, None).into_iter().take(1).collect());
        }
        "CERTIFICATE REQUEST" | "NEW CERTIFICATE REQUEST" => public(Piece::Request),
        "X509 CRL" => public(Piece::List),
        "PUBLIC KEY" => public(Piece::PublicKey),
        "RSA PUBLIC KEY" => public(Piece::RsaPublicKey),
        "PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY" | "DSA PRIVATE KEY" if encrypted => {
            Piece::SealedPem
        }
        "PRIVATE KEY" => private(KeyFormat::Pkcs8, der),
        "RSA PRIVATE KEY" => private(KeyFormat::Pkcs1, der),
        "EC PRIVATE KEY" => private(KeyFormat::Sec1, der),
        "ENCRYPTED PRIVATE KEY" => match object::shape(&der) {
            Some(Shape::PrivateKey(format)) => Piece::PrivateKey(format, der),
            _ => public(Piece::SealedKey),
        },
        "PKCS7" | "PKCS #7 SIGNED DATA" | "CMS" => match object::shape(&der) {
            Some(Shape::Certificate) => public(Piece::Certificate),
            Some(_) => return Some(pkcs7::contents(&der)),
            None => match ber::to_der(&der) {
                Some(der) => return Some(pkcs7::contents(&der)),
                None => return Some(pkcs7::contents(&der)),
            },
        },
        "PKCS12" => return Some(object::one(&der, Encoding::Pem, password)),
        _ => return None,
    };
    Some(vec![Ok((piece, Encoding::Pem))])
}

/// Labels of keys are often exchanged: the content decides, and the label only where it tells nothing.
fn private(label: KeyFormat, der: Zeroizing<Vec<u8>>) -> Piece {
    match object::shape(&der) {
        Some(Shape::PrivateKey(format)) => Piece::PrivateKey(format, der),
        Some(Shape::EncryptedPrivateKey) => Piece::SealedKey(der.to_vec()),
        _ => Piece::PrivateKey(label, der),
    }
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

/// Text that Windows editors saved as UTF-16, told by its byte order mark, or by its zeros.
pub(super) fn of_utf16(bytes: &[u8]) -> Option<Zeroizing<String>> {
    let (unit, start): (fn([u8; 2]) -> u16, usize) = match bytes {
        [0xff, 0xfe, ..] => (u16::from_le_bytes, 2),
        [0xfe, 0xff, ..] => (u16::from_be_bytes, 2),
        [first, 0, second, 0, ..] if *first != 0 && *second != 0 => (u16::from_le_bytes, 0),
        [0, first, 0, second, ..] if *first != 0 && *second != 0 => (u16::from_be_bytes, 0),
        _ => return None,
    };
    let units = bytes[start..].chunks_exact(2).map(|pair| unit([pair[0], pair[1]]));
    let text: String = char::decode_utf16(units).map(|c| c.unwrap_or(char::REPLACEMENT_CHARACTER)).collect();
    let text = Zeroizing::new(text);
    (has_block(text.as_bytes()) || is_text(text.as_bytes())).then_some(text)
}

/// Shorter words are in every text, and nothing that is looked for is as short.
const SHORTEST_BASE64: usize = 88;

/// What stands in base64 without BEGIN lines: alone in the file, in lines, or as values of JSON, YAML and XML.
pub(super) fn of_base64(bytes: &[u8]) -> Vec<Zeroizing<Vec<u8>>> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let is_value = |byte: &u8| byte.is_ascii_alphanumeric() || matches!(byte, b'+' | b'/' | b'=' | b'-' | b'_');
    if bytes.iter().all(|byte| is_value(byte) || byte.is_ascii_whitespace()) {
        let lines: Zeroizing<Vec<u8>> =
            Zeroizing::new(bytes.iter().copied().filter(|byte| !byte.is_ascii_whitespace()).collect());
        return base64(&lines).into_iter().collect();
    }
    bytes
        .split(|byte| !is_value(byte))
        .filter(|word| word.starts_with(b"MI") || word.starts_with(b"LS0tLS1CRUdJT"))
        .filter_map(base64)
        .collect()
}

fn base64(word: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    use base64::{
        Engine,
        alphabet::{STANDARD, URL_SAFE},
        engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig},
    };
    if word.len() < SHORTEST_BASE64 {
        return None;
    }
    let any = GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent);
    let is_url = word.iter().any(|byte| matches!(byte, b'-' | b'_'));
    let alphabet = if is_url { &URL_SAFE } else { &STANDARD };
    let decoded = Zeroizing::new(GeneralPurpose::new(alphabet, any).decode(word).ok()?);
    (decoded.first() == Some(&object::SEQUENCE) || has_block(&decoded)).then_some(decoded)
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
