//! What is in these bytes? Recognised by content: PEM or DER, certificates, requests, lists, keys and bundles.

mod ber;
mod foreign;
mod object;
mod pbmac1;
mod pick;
mod piece;
mod pkcs12;
mod pkcs7;
mod text;

pub use pick::{PickError, certificates, lists, private_key};
use piece::Piece;

use crate::pki::facts::{
    CertificateFacts, KeyFacts, ListFacts, OcspAnswerFacts, OcspRequestFacts, PrivateKeyFacts, RequestFacts,
};

/// One thing that was found.
#[derive(Clone, Debug)]
pub struct Found {
    pub item: Item,
    pub encoding: Encoding,
}

/// Kinds of things, decoded. What is public keeps its DER.
#[derive(Clone, Debug)]
pub enum Item {
    Certificate { facts: Box<CertificateFacts>, der: Vec<u8> },
    Request { facts: Box<RequestFacts>, der: Vec<u8> },
    List { facts: Box<ListFacts>, der: Vec<u8> },
    OcspRequest(Box<OcspRequestFacts>),
    OcspAnswer(Box<OcspAnswerFacts>),
    PublicKey { facts: KeyFacts, der: Vec<u8> },
    PrivateKey(PrivateKeyFacts),
}

/// How a thing was wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    Pem,
    Der,
    Pkcs7,
    Pkcs12,
    /// Presented by a server.
    Tls,
}

/// Why bytes are not what they should be. Messages may quote the bytes: escape them.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub enum SniffError {
    #[error("it is empty")]
    Empty,
    #[error("no certificate, request, revocation list or key is in it{0}")]
    Nothing(String),
    #[error("it is cut short: it announces {announced} bytes, and {there} are there")]
    CutShort { announced: u64, there: usize },
    #[error("{0} bytes that belong to nothing follow it")]
    Trailing(usize),
    #[error("PEM block {number} ({label}) is damaged: {why}")]
    Pem { number: usize, label: String, why: String },
    #[error("not a {what}: {why}")]
    Malformed { what: &'static str, why: String },
    #[error("it is a PKCS#12 file and needs its password")]
    PasswordNeeded,
    #[error("the password does not open it")]
    WrongPassword,
    /// A kind of file that is known by its first octets, and not read; in words.
    #[error("{0}")]
    Foreign(&'static str),
}

/// Everything in `bytes`, in order; at least one result. A damaged part does not hide the others.
#[must_use]
pub fn sniff(bytes: &[u8], password: Option<&str>) -> Vec<Result<Found, SniffError>> {
    pieces(bytes, password)
        .into_iter()
        .map(|piece| piece.and_then(|(piece, encoding)| piece.look(encoding, password)))
        .collect()
}

/// A piece and how it was wrapped, or why one could not be had.
type Pieces = Vec<Result<(Piece, Encoding), SniffError>>;

/// Wrappings in wrappings: base64 of PEM, and what a bundle in it holds.
const DEEPEST: usize = 3;

/// The only recogniser: everything else decodes what this finds.
fn pieces(bytes: &[u8], password: Option<&str>) -> Pieces {
    unwrapped(bytes, password, 0)
}

fn unwrapped(bytes: &[u8], password: Option<&str>, depth: usize) -> Pieces {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return vec![Err(SniffError::Empty)];
    }
    if object::announced(bytes).is_some_and(|length| length == bytes.len() as u64) {
        return object::all(bytes, password);
    }
    if let Some(decoded) = text::of_utf16(bytes) {
        return unwrapped(decoded.as_bytes(), password, depth);
    }
    if let Some(what) = foreign::name(bytes) {
        return vec![Err(SniffError::Foreign(what))];
    }
    if text::has_block(bytes) {
        return text::blocks(bytes, password);
    }
    if bytes.first() == Some(&object::SEQUENCE) && !text::is_text(bytes) {
        // A length that is not announced is BER's; what follows an announced one is another object, or padding.
        let converted = if object::announced(bytes).is_none() { ber::to_der(bytes) } else { None };
        return object::all(converted.as_ref().map_or(bytes, |der| der.as_slice()), password);
    }
    let inner = if depth < DEEPEST { text::of_base64(bytes) } else { Vec::new() };
    let found: Pieces = inner
        .iter()
        .flat_map(|inner| unwrapped(inner, password, depth + 1))
        .filter(|found| !matches!(found, Err(SniffError::Nothing(_) | SniffError::Empty)))
        .collect();
    if found.is_empty() { vec![Err(SniffError::Nothing(text::beginning(bytes)))] } else { found }
}

/// A DER certificate that came without a wrapping.
///
/// # Errors
/// When it is none.
pub fn certificate(der: Vec<u8>, encoding: Encoding) -> Result<Found, SniffError> {
    Piece::Certificate(der).look(encoding, None)
}

#[cfg(test)]
mod tests;
