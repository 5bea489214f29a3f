//! One recognised thing that was not decoded yet.

use zeroize::Zeroizing;

use super::{Encoding, Found, Item, SniffError};
use crate::pki::facts::{
    CertificateFacts, KeyFacts, ListFacts, OcspAnswerFacts, OcspRequestFacts, PrivateKeyFacts, RequestFacts,
    private_key::{self, KeyFormat, PrivateKeyError},
};

/// DER of a kind that its wrapping or its shape told.
pub(super) enum Piece {
    Certificate(Vec<u8>),
    Request(Vec<u8>),
    List(Vec<u8>),
    OcspRequest(Vec<u8>),
    OcspAnswer(Vec<u8>),
    PublicKey(Vec<u8>),
    RsaPublicKey(Vec<u8>),
    PrivateKey(KeyFormat, Zeroizing<Vec<u8>>),
    /// EncryptedPrivateKeyInfo (RFC 5958 §3).
    SealedKey(Vec<u8>),
    /// A key under the PEM headers of old OpenSSL (RFC 1421).
    SealedPem,
}

impl Piece {
    /// Decodes it.
    pub(super) fn look(self, encoding: Encoding, password: Option<&str>) -> Result<Found, SniffError> {
        let malformed = |what, why| SniffError::Malformed { what, why };
        let item = match self {
            Self::Certificate(der) => {
                let facts = CertificateFacts::from_der(&der)
                    .map_err(|error| malformed("certificate", error.reason()))?;
                Item::Certificate { facts: Box::new(facts), der }
            }
            Self::Request(der) => {
                let facts =
                    RequestFacts::from_der(&der).map_err(|why| malformed("certification request", why))?;
                Item::Request { facts: Box::new(facts), der }
            }
            Self::List(der) => {
                let (facts, der) = ListFacts::from_der(der).map_err(|why| malformed("revocation list", why))?;
                Item::List { facts: Box::new(facts), der }
            }
            Self::OcspRequest(der) => {
                let facts = OcspRequestFacts::from_der(&der);
                Item::OcspRequest(Box::new(facts.map_err(|why| malformed("readable OCSP request", why))?))
            }
            Self::OcspAnswer(der) => {
                let facts = OcspAnswerFacts::from_der(&der);
                Item::OcspAnswer(Box::new(facts.map_err(|why| malformed("readable OCSP answer", why))?))
            }
            Self::PublicKey(der) => public_key(der)?,
            Self::RsaPublicKey(der) => {
                let info = private_key::of_pkcs1_public(&der)
                    .map_err(|error| malformed("RSA public key", error.to_string()))?;
                public_key(info)?
            }
            Self::PrivateKey(format, der) => private(PrivateKeyFacts::from_der(&der, format))?,
            Self::SealedKey(der) => private(PrivateKeyFacts::from_encrypted(&der, password))?,
            Self::SealedPem => {
                let facts = PrivateKeyFacts { format: KeyFormat::LegacyPem, encrypted: true, key: None };
                Item::PrivateKey(facts)
            }
        };
        Ok(Found { item, encoding })
    }
}

fn public_key(der: Vec<u8>) -> Result<Item, SniffError> {
    let facts = KeyFacts::from_der(&der).ok_or_else(|| SniffError::Malformed {
        what: "public key",
        why: "its structure is another".to_owned(),
    })?;
    Ok(Item::PublicKey { facts, der })
}

fn private(facts: Result<PrivateKeyFacts, PrivateKeyError>) -> Result<Item, SniffError> {
    match facts {
        Ok(facts) => Ok(Item::PrivateKey(facts)),
        Err(PrivateKeyError::Password) => Err(SniffError::WrongPassword),
        Err(error) => {
            Err(SniffError::Malformed { what: "private key that can be read", why: error.to_string() })
        }
    }
}
