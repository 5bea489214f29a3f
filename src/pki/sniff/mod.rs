//! Recognition of bytes by their content: PEM or DER, certificates, requests, lists, keys and bundles.

mod bare;
mod ber;
mod foreign;
mod object;
mod pick;
mod piece;
mod pkcs12;
mod pkcs7;
mod text;
mod worn;

pub(crate) use pick::token_key;
pub use pick::{PickError, certificates, lists, private_key};
use piece::{Content, Piece};

use crate::pki::{
    facts::{
        CertificateFacts, KeyFacts, ListFacts, OcspAnswerFacts, OcspRequestFacts, PrivateKeyFacts,
        RequestFacts, TpmKeyFacts,
    },
    token_uri::TokenUri,
    unicode,
};

/// One thing that was found.
#[derive(Clone, Debug)]
pub struct Found {
    pub item: Item,
    pub encoding: Encoding,
    /// A peculiarity of its wrapping, in a sentence that follows the name of the file.
    pub remark: Option<String>,
}

/// Kinds of things, decoded. Public things keep their DER.
#[derive(Clone, Debug)]
pub enum Item {
    Certificate {
        facts: Box<CertificateFacts>,
        der: Vec<u8>,
    },
    Request {
        facts: Box<RequestFacts>,
        der: Vec<u8>,
    },
    List {
        facts: Box<ListFacts>,
        der: Vec<u8>,
    },
    OcspRequest(Box<OcspRequestFacts>),
    OcspAnswer(Box<OcspAnswerFacts>),
    PublicKey {
        facts: KeyFacts,
        der: Vec<u8>,
    },
    PrivateKey(PrivateKeyFacts),
    /// The name of a private key in a token.
    TokenKey(TokenUri),
    /// A private key that is wrapped for one TPM.
    TpmKey(TpmKeyFacts),
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
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SniffError {
    #[error("it is empty")]
    Empty,
    #[error("no certificate, request, revocation list or key is in it{0}")]
    Nothing(String),
    #[error("it is {what}, which is not read here; {advice}")]
    Foreign { what: &'static str, advice: &'static str },
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

/// The number of nested wrappings that may still be opened. Without this limit a hostile file could nest them without
/// end.
#[derive(Clone, Copy, Debug)]
pub(super) struct Depth(u8);

impl Depth {
    const MOST: Self = Self(4);

    fn deeper(self) -> Option<Self> {
        self.0.checked_sub(1).map(Self)
    }
}

/// Everything in `bytes`, in order; at least one result. A damaged part does not hide the others.
#[must_use]
pub fn sniff(bytes: &[u8], password: Option<&str>) -> Vec<Result<Found, SniffError>> {
    pieces(bytes, password).into_iter().map(|piece| piece?.decode(password)).collect()
}

/// The same, not decoded yet.
fn pieces(bytes: &[u8], password: Option<&str>) -> Vec<Result<Piece, SniffError>> {
    pieces_at(bytes, password, Depth::MOST)
}

fn pieces_at(bytes: &[u8], password: Option<&str>, depth: Depth) -> Vec<Result<Piece, SniffError>> {
    if object::announced(bytes).is_some_and(|length| length == bytes.len() as u64) {
        return object::all(bytes, password);
    }
    if text::has_block(bytes) {
        return text::blocks(bytes, password);
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return vec![Err(SniffError::Empty)];
    }
    if let Some(error) = foreign::named(bytes) {
        return vec![Err(error)];
    }
    if let (Some(decoded), Some(depth)) = (unicode::of_utf16(bytes), depth.deeper()) {
        return pieces_at(decoded.as_bytes(), password, depth);
    }
    let bytes = unicode::without_mark(bytes);
    if bytes.first() == Some(&object::SEQUENCE) && !text::is_text(bytes) {
        return object::all(bytes, password);
    }
    if !text::is_text(bytes) {
        return vec![Err(SniffError::Nothing(text::beginning(bytes)))];
    }
    let lossy = String::from_utf8_lossy(bytes);
    if let Some(found) = bare::pieces(&lossy, password, depth) {
        return found;
    }
    vec![Err(foreign::written(&lossy).unwrap_or_else(|| SniffError::Nothing(text::beginning(bytes))))]
}

/// A DER certificate that came without a wrapping.
///
/// # Errors
/// When the bytes are not one certificate.
pub fn certificate(der: Vec<u8>, encoding: Encoding) -> Result<Found, SniffError> {
    Piece::new(Content::Certificate(der), encoding).decode(None)
}

#[cfg(test)]
mod tests;
