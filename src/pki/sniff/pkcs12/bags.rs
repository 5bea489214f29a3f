//! The bags of a PKCS#12 file (RFC 7292 §4.2), also those in other bags.

use der::{
    Any, Decode, Encode, Sequence,
    asn1::{ObjectIdentifier, OctetString},
};
use zeroize::Zeroizing;

use super::{super::Content, Piece, Refusal, SniffError};
use crate::pki::{
    facts::private_key::KeyFormat,
    pbe::{self, Password},
    sniff::Encoding,
};

const KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.1");
const SHROUDED_KEY: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.2");
const CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.3");
const LIST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.4");
const SECRET: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.5");
const NESTED: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.12.10.1.6");
const X509_CERTIFICATE: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.22.1");
const X509_LIST: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.9.23.1");

/// Bags in bags in bags.
const DEPTH: usize = 8;

/// Each encrypted key takes its own derivation.
const MOST_KEYS: usize = 100;

/// SafeBag (RFC 7292 §4.2).
#[derive(Sequence)]
struct SafeBag {
    kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    value: Any,
    attributes: Option<Any>,
}

/// CertBag and CRLBag (RFC 7292 §4.2.3, §4.2.4).
#[derive(Sequence)]
struct Value {
    kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    value: OctetString,
}

/// The contents of a file's bags.
#[derive(Default)]
pub(super) struct Opened {
    certificates: Vec<Content>,
    keys: Vec<Content>,
    /// How many bags hold secrets (passwords, symmetric keys).
    secrets: usize,
    /// How many bags are of a kind that is not known here.
    others: usize,
}

impl Opened {
    /// Takes everything out of SafeContents.
    pub(super) fn read(&mut self, contents: &[u8], password: Password<'_>) -> Result<(), Refusal> {
        self.bags(contents, password, DEPTH)
    }

    fn bags(&mut self, contents: &[u8], password: Password<'_>, depth: usize) -> Result<(), Refusal> {
        for bag in Vec::<SafeBag>::from_der(contents)? {
            match bag.kind {
                KEY => self.keys.push(key(Zeroizing::new(bag.value.to_der()?))),
                SHROUDED_KEY if self.keys.len() >= MOST_KEYS => {
                    return Err(Refusal::Unsupported(format!("it holds more than {MOST_KEYS} keys")));
                }
                SHROUDED_KEY => {
                    let sealed: pbe::Sealed = bag.value.decode_as()?;
                    self.keys.push(key(sealed.open(password)?));
                }
                CERTIFICATE => {
                    let held: Value = bag.value.decode_as()?;
                    self.take(held, X509_CERTIFICATE, Content::Certificate);
                }
                LIST => {
                    let held: Value = bag.value.decode_as()?;
                    self.take(held, X509_LIST, Content::List);
                }
                NESTED if depth > 0 => self.bags(&bag.value.to_der()?, password, depth - 1)?,
                SECRET => self.secrets += 1,
                _ => self.others += 1,
            }
        }
        Ok(())
    }

    fn take(&mut self, held: Value, known: ObjectIdentifier, content: fn(Vec<u8>) -> Content) {
        if held.kind == known {
            self.certificates.push(content(held.value.into_bytes().into()));
        } else {
            self.others += 1;
        }
    }

    pub(super) fn into_pieces(self) -> Vec<Result<Piece, SniffError>> {
        let count = |number: usize, one: &str, many: &str| match number {
            0 => None,
            1 => Some(format!("1 {one}")),
            _ => Some(format!("{number} {many}")),
        };
        let left: Vec<String> =
            [count(self.secrets, "secret", "secrets"), count(self.others, "unknown bag", "unknown bags")]
                .into_iter()
                .flatten()
                .collect();
        let left = left.join(" and ");
        let found = self.certificates.into_iter().chain(self.keys);
        let mut pieces: Vec<_> = found.map(|content| Piece::new(content, Encoding::Pkcs12)).collect();
        match pieces.first_mut() {
            Some(first) if !left.is_empty() => {
                first.remark = Some(format!("it also holds {left}, left out here"));
            }
            Some(_) => {}
            None if left.is_empty() => {
                return vec![Err(SniffError::Nothing(": it is an empty PKCS#12 file".to_owned()))];
            }
            None => {
                return vec![Err(SniffError::Nothing(format!(
                    ": it is a PKCS#12 file that holds only {left}"
                )))];
            }
        }
        pieces.into_iter().map(Ok).collect()
    }
}

fn key(der: Zeroizing<Vec<u8>>) -> Content {
    Content::PrivateKey(KeyFormat::Pkcs8, der)
}
