//! One part of a file: its bytes, what they are, and how they were wrapped. Nothing is decoded yet.

use zeroize::Zeroizing;

use super::{Encoding, Found, Item, SniffError};
use crate::pki::{
    damage,
    facts::{
        CertificateFacts, KeyFacts, ListFacts, OcspAnswerFacts, OcspRequestFacts, PrivateKeyFacts,
        RequestFacts, TpmKeyFacts,
        private_key::{self, KeyFormat, PrivateKeyError},
    },
    signature, token_key,
};

/// A part of a file.
#[derive(Debug)]
pub(super) struct Piece {
    pub(super) content: Content,
    pub(super) encoding: Encoding,
    pub(super) remark: Option<String>,
}

/// DER of what its shape says it is.
pub(super) enum Content {
    Certificate(Vec<u8>),
    Request(Vec<u8>),
    List(Vec<u8>),
    OcspRequest(Vec<u8>),
    OcspAnswer(Vec<u8>),
    PublicKey(Vec<u8>),
    RsaPublicKey(Vec<u8>),
    PrivateKey(KeyFormat, Zeroizing<Vec<u8>>),
    EncryptedKey(Vec<u8>),
    /// The name of a key in a token.
    TokenKey(Vec<u8>),
    /// A key wrapped for one TPM.
    TpmKey(Vec<u8>),
    /// A key encrypted by the headers of its PEM block (RFC 1421).
    LegacyKey,
}

impl std::fmt::Debug for Content {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.holds())
    }
}

impl Content {
    /// `a certificate`, for messages about what a file holds instead.
    pub(super) fn holds(&self) -> &'static str {
        match self {
            Self::Certificate(_) => "a certificate",
            Self::Request(_) => "a certification request",
            Self::List(_) => "a revocation list",
            Self::OcspRequest(_) => "an OCSP request",
            Self::OcspAnswer(_) => "an OCSP answer",
            Self::PublicKey(_) | Self::RsaPublicKey(_) => "a public key",
            Self::PrivateKey(..) => "a private key",
            Self::TokenKey(_) => "the name of a key in a token",
            Self::TpmKey(_) => "a key that only its TPM can use",
            Self::EncryptedKey(_) | Self::LegacyKey => "an encrypted private key",
        }
    }
}

impl Piece {
    pub(super) fn new(content: Content, encoding: Encoding) -> Self {
        Self { content, encoding, remark: None }
    }

    /// Decodes it.
    pub(super) fn decode(mut self, password: Option<&str>) -> Result<Found, SniffError> {
        let malformed = |what| move |why| SniffError::Malformed { what, why };
        let item = match self.content {
            Content::Certificate(der) => {
                let facts = CertificateFacts::from_der(&der);
                let facts = facts.map_err(|error| malformed("certificate")(error.reason()))?;
                Item::Certificate { facts: Box::new(facts), der }
            }
            Content::Request(der) => {
                let facts = RequestFacts::from_der(&der).map_err(malformed("certification request"))?;
                Item::Request { facts: Box::new(facts), der }
            }
            Content::List(der) => {
                let (facts, der) = ListFacts::from_der(der).map_err(malformed("revocation list"))?;
                Item::List { facts: Box::new(facts), der }
            }
            Content::OcspRequest(der) => {
                let facts = OcspRequestFacts::from_der(&der).map_err(malformed("readable OCSP request"))?;
                Item::OcspRequest(Box::new(facts))
            }
            Content::OcspAnswer(der) => {
                let facts = OcspAnswerFacts::from_der(&der).map_err(malformed("readable OCSP answer"))?;
                Item::OcspAnswer(Box::new(facts))
            }
            Content::PublicKey(der) => {
                if KeyFacts::from_der(&der).is_some_and(|key| signature::is_point(&key, &der) == Some(false)) {
                    let words = "its public key is not a point of the curve it names: no private key fits it";
                    self.remark.get_or_insert_with(|| words.to_owned());
                }
                public_key(der)?
            }
            Content::RsaPublicKey(der) => {
                let info = private_key::of_pkcs1_public(&der);
                public_key(info.map_err(|error| malformed("RSA public key")(damage::of_der(&error)))?)?
            }
            Content::TokenKey(der) => {
                let uri = token_key::uri_of(&der).map_err(malformed("readable name of a key in a token"))?;
                Item::TokenKey(uri)
            }
            Content::TpmKey(der) => {
                let facts = TpmKeyFacts::from_der(&der).map_err(malformed("readable key of a TPM"))?;
                Item::TpmKey(facts)
            }
            Content::LegacyKey => {
                let facts = PrivateKeyFacts { format: KeyFormat::LegacyPem, encrypted: true, key: None };
                Item::PrivateKey(facts)
            }
            Content::PrivateKey(format, der) => {
                PrivateKeyFacts::from_der(&der, format).map(Item::PrivateKey).map_err(refused)?
            }
            Content::EncryptedKey(der) => {
                PrivateKeyFacts::from_encrypted(&der, password).map(Item::PrivateKey).map_err(refused)?
            }
        };
        Ok(Found { item, encoding: self.encoding, remark: self.remark })
    }
}

fn public_key(der: Vec<u8>) -> Result<Item, SniffError> {
    let facts = KeyFacts::from_der(&der).ok_or_else(|| SniffError::Malformed {
        what: "public key",
        why: "its structure is another".to_owned(),
    })?;
    Ok(Item::PublicKey { facts, der })
}

fn refused(error: PrivateKeyError) -> SniffError {
    match error {
        PrivateKeyError::Password => SniffError::WrongPassword,
        error => SniffError::Malformed { what: "private key that can be read", why: error.to_string() },
    }
}
