//! Facts of a public key (RFC 5280 §4.1.2.7): what it is and how strong.

use serde::Serialize;
use x509_parser::{asn1_rs::Tag, prelude::FromDer, public_key::PublicKey, x509::SubjectPublicKeyInfo};

use crate::pki::{explicit, fingerprint::Fingerprint, oid};

/// A public key, or the public half of a private one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct KeyFacts {
    pub algorithm: KeyAlgorithm,
    /// Strength as the algorithm counts it; 0 when it is not known here.
    pub bits: usize,
    /// Of elliptic curve keys: `P-256`, or the OID of a curve without a name here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub curve: Option<String>,
    /// OID of an algorithm without a name here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub oid: Option<String>,
    /// SHA-256 over the DER SubjectPublicKeyInfo: equal for a key and its certificate.
    ///
    /// Absent for private keys whose public half cannot be computed here.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub spki_sha256: Option<Fingerprint>,
    /// The point on a curve with a name, however key and curve are written.
    #[serde(skip)]
    point: Option<Point>,
}

/// Where a point lies: the name of its curve, x, and whether y is odd.
type Point = (&'static str, Box<[u8]>, bool);

/// Kinds of key.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum KeyAlgorithm {
    Rsa,
    RsaPss,
    Ec,
    Ed25519,
    Ed448,
    X25519,
    X448,
    Dsa,
    Other,
}

impl KeyFacts {
    /// Decodes a DER SubjectPublicKeyInfo; `None` when the bytes are something else.
    #[must_use]
    pub fn from_der(der: &[u8]) -> Option<Self> {
        let (rest, info) = SubjectPublicKeyInfo::from_der(der).ok()?;
        rest.is_empty().then(|| Self::of(&info))
    }

    /// Facts that follow from an algorithm's OID alone, for private keys whose public half is not computed here.
    #[must_use]
    pub(crate) fn of_algorithm(dotted: &str) -> Self {
        let algorithm = algorithm(dotted);
        let bits = match algorithm {
            KeyAlgorithm::Ed25519 | KeyAlgorithm::X25519 => 256,
            KeyAlgorithm::Ed448 | KeyAlgorithm::X448 => 456,
            _ => 0,
        };
        let oid = (algorithm == KeyAlgorithm::Other).then(|| oid::signature(dotted));
        Self { algorithm, bits, curve: None, oid, spki_sha256: None, point: None }
    }

    pub(crate) fn of(info: &SubjectPublicKeyInfo<'_>) -> Self {
        let dotted = info.algorithm.algorithm.to_id_string();
        let mut facts = Self { spki_sha256: Some(Fingerprint::of(info.raw)), ..Self::of_algorithm(&dotted) };
        match facts.algorithm {
            KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss => facts.bits = modulus_bits(info),
            KeyAlgorithm::Ec => facts.set_curve(info),
            KeyAlgorithm::Dsa => facts.bits = dsa_bits(info),
            _ => {}
        }
        facts
    }

    fn set_curve(&mut self, info: &SubjectPublicKeyInfo<'_>) {
        let parameters = info.algorithm.parameters.as_ref();
        let named = parameters.filter(|any| any.tag() == Tag::Oid).and_then(|any| any.as_oid().ok());
        let dotted = named.map(|oid| oid.to_id_string());
        if let Some((name, bits)) = dotted.as_deref().and_then(oid::curve) {
            self.curve = Some(name.to_owned());
            self.bits = bits;
            self.point = point(name, info);
            return;
        }
        self.bits = info.parsed().map_or(0, |key| key.key_size());
        self.curve = Some(match (dotted, parameters.and_then(|any| explicit::curve(any.data))) {
            (Some(dotted), _) => dotted,
            (None, Some((name, bits))) => {
                self.bits = bits;
                self.point = point(name, info);
                format!("{name} with explicit parameters")
            }
            (None, None) => "unknown curve with explicit parameters".to_owned(),
        });
    }

    /// Whether both are the same key, even if one writes out its curve or leaves out a coordinate (SEC 1 §2.3.3).
    #[must_use]
    pub fn is_same(&self, other: &Self) -> bool {
        match (&self.point, &other.point) {
            (Some(mine), Some(others)) => mine == others,
            _ => self.spki_sha256.is_some() && self.spki_sha256 == other.spki_sha256,
        }
    }

    /// Whether the key is weaker than RFC 9325 §4.5 and NIST SP 800-57 demand today.
    #[must_use]
    pub fn is_weak(&self) -> bool {
        match self.algorithm {
            KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss => self.bits < 2048,
            KeyAlgorithm::Ec => self.bits < 256,
            KeyAlgorithm::Dsa => true,
            _ => false,
        }
    }
}

fn point(curve: &'static str, info: &SubjectPublicKeyInfo<'_>) -> Option<Point> {
    match info.subject_public_key.data.as_ref() {
        [form @ (2 | 3), x @ ..] => Some((curve, x.into(), form & 1 == 1)),
        [4, both @ ..] if both.len() % 2 == 0 => {
            let (x, y) = both.split_at(both.len() / 2);
            Some((curve, x.into(), y.last()? & 1 == 1))
        }
        _ => None,
    }
}

impl std::fmt::Display for KeyFacts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match (self.algorithm, &self.curve, &self.oid) {
            (KeyAlgorithm::Dsa, ..) if self.bits == 0 => f.write_str("DSA"),
            (KeyAlgorithm::Rsa, ..) => write!(f, "RSA {} bits", self.bits),
            (KeyAlgorithm::RsaPss, ..) => write!(f, "RSA-PSS {} bits", self.bits),
            (KeyAlgorithm::Dsa, ..) => write!(f, "DSA {} bits", self.bits),
            (KeyAlgorithm::Ec, Some(curve), _) => write!(f, "EC {curve}"),
            (KeyAlgorithm::Other, _, Some(oid)) => f.write_str(oid),
            (other, ..) => write!(f, "{other:?}"),
        }
    }
}

fn algorithm(dotted: &str) -> KeyAlgorithm {
    match dotted {
        "1.2.840.113549.1.1.1" => KeyAlgorithm::Rsa,
        "1.2.840.113549.1.1.10" => KeyAlgorithm::RsaPss,
        "1.2.840.10045.2.1" => KeyAlgorithm::Ec,
        "1.2.840.10040.4.1" => KeyAlgorithm::Dsa,
        "1.3.101.110" => KeyAlgorithm::X25519,
        "1.3.101.111" => KeyAlgorithm::X448,
        "1.3.101.112" => KeyAlgorithm::Ed25519,
        "1.3.101.113" => KeyAlgorithm::Ed448,
        _ => KeyAlgorithm::Other,
    }
}

fn modulus_bits(info: &SubjectPublicKeyInfo<'_>) -> usize {
    match x509_parser::public_key::RSAPublicKey::from_der(&info.subject_public_key.data) {
        Ok((_, key)) => bit_length(key.modulus),
        Err(_) => 0,
    }
}

/// DSA's size is that of its prime, which stands in the parameters (RFC 3279 §2.3.2).
fn dsa_bits(info: &SubjectPublicKeyInfo<'_>) -> usize {
    use x509_parser::asn1_rs::{Any, Integer};
    let prime = info.algorithm.parameters.as_ref().and_then(|any| Any::from_der(any.data).ok());
    match prime.map(|(_, prime)| Integer::try_from(prime)) {
        Some(Ok(prime)) => bit_length(prime.as_ref()),
        _ => match info.parsed() {
            Ok(PublicKey::DSA(y)) => bit_length(y),
            _ => 0,
        },
    }
}

fn bit_length(number: &[u8]) -> usize {
    let significant = number.iter().position(|byte| *byte != 0).map_or(&[][..], |start| &number[start..]);
    significant.first().map_or(0, |first| significant.len() * 8 - first.leading_zeros() as usize)
}
