//! What is in these bytes? Recognised by content: PEM or DER, certificates, requests, lists, keys and bundles.

mod object;
mod pkcs12;
mod pkcs7;
mod text;

use crate::pki::facts::{CertificateFacts, KeyFacts, ListFacts, PrivateKeyFacts, RequestFacts};

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
}

/// Everything in `bytes`, in order; at least one result. A damaged part does not hide the others.
#[must_use]
pub fn sniff(bytes: &[u8], password: Option<&str>) -> Vec<Result<Found, SniffError>> {
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return vec![Err(SniffError::Empty)];
    }
    if let Some(decoded) = text::of_utf16(bytes) {
        return sniff(decoded.as_bytes(), password);
    }
    if object::announced(bytes).is_some_and(|length| length == bytes.len() as u64) {
        return object::all(bytes, password);
    }
    if text::has_block(bytes) {
        return text::blocks(bytes, password);
    }
    match bytes.first() {
        Some(&object::SEQUENCE) if !text::is_text(bytes) => object::all(bytes, password),
        _ => vec![Err(SniffError::Nothing(text::beginning(bytes)))],
    }
}

/// A DER certificate that came without a wrapping.
///
/// # Errors
/// When it is none.
pub fn certificate(der: Vec<u8>, encoding: Encoding) -> Result<Found, SniffError> {
    let facts = CertificateFacts::from_der(&der)
        .map_err(|error| SniffError::Malformed { what: "certificate", why: error.reason() })?;
    Ok(Found { item: Item::Certificate { facts: Box::new(facts), der }, encoding })
}

fn request(der: Vec<u8>, encoding: Encoding) -> Result<Found, SniffError> {
    let facts = RequestFacts::from_der(&der)
        .map_err(|why| SniffError::Malformed { what: "certification request", why })?;
    Ok(Found { item: Item::Request { facts: Box::new(facts), der }, encoding })
}

fn list(der: Vec<u8>, encoding: Encoding) -> Result<Found, SniffError> {
    let (facts, der) =
        ListFacts::from_der(der).map_err(|why| SniffError::Malformed { what: "revocation list", why })?;
    Ok(Found { item: Item::List { facts: Box::new(facts), der }, encoding })
}

fn public_key(der: Vec<u8>, encoding: Encoding) -> Result<Found, SniffError> {
    let facts = KeyFacts::from_der(&der).ok_or_else(|| SniffError::Malformed {
        what: "public key",
        why: "its structure is another".to_owned(),
    })?;
    Ok(Found { item: Item::PublicKey { facts, der }, encoding })
}

#[cfg(test)]
mod tests;
