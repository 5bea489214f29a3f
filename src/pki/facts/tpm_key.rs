//! `TSS2 PRIVATE KEY`: a key wrapped for one TPM, as its tools and OpenSSL's tpm2 provider write it (the form that
//! "ASN.1 Specification for TPM 2.0 Key Files" describes). The private half is of no use without that TPM.

use der::{
    AnyRef, Decode, Sequence, Tag, Tagged,
    asn1::{ObjectIdentifier, OctetStringRef, UintRef},
};
use serde::Serialize;

use crate::pki::damage;

/// Label of its PEM block.
pub const LABEL: &str = "TSS2 PRIVATE KEY";

/// Facts of such a file that can be read without its TPM.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct TpmKeyFacts {
    /// The form of the key, which decides how a TPM takes it.
    pub form: TpmKeyForm,
    /// The key under which it is loaded: 0x40000001 is the owner's primary key, 0x81...... a persistent one.
    pub parent: String,
    /// The file claims that the key needs no password. Some programs write the opposite (tpm2-tools 5.4).
    pub empty_auth: bool,
    /// `ECDSA P-256`, `RSA 2048`; another kind by its number.
    pub key_type: String,
}

/// Forms of the key in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum TpmKeyForm {
    /// Loaded as it is.
    Loadable,
    /// Imported by its TPM first.
    Importable,
    /// No key: data that its TPM gives out.
    Sealed,
}

impl TpmKeyForm {
    fn of(oid: ObjectIdentifier) -> Option<Self> {
        Some(match oid {
            _ if oid == ObjectIdentifier::new_unwrap("2.23.133.10.1.3") => Self::Loadable,
            _ if oid == ObjectIdentifier::new_unwrap("2.23.133.10.1.4") => Self::Importable,
            _ if oid == ObjectIdentifier::new_unwrap("2.23.133.10.1.5") => Self::Sealed,
            _ => return None,
        })
    }

    /// In words.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Loadable => "its TPM loads it as it is",
            Self::Importable => "its TPM has to import it first",
            Self::Sealed => "no key: data that its TPM gives out",
        }
    }
}

#[derive(Sequence)]
struct TpmKey<'a> {
    form: ObjectIdentifier,
    // Some programs write a BOOLEAN that is not DER, so its content is read by hand.
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT", optional = "true")]
    empty_auth: Option<AnyRef<'a>>,
    #[asn1(context_specific = "1", tag_mode = "EXPLICIT", optional = "true")]
    policy: Option<AnyRef<'a>>,
    #[asn1(context_specific = "2", tag_mode = "EXPLICIT", optional = "true")]
    secret: Option<AnyRef<'a>>,
    #[asn1(context_specific = "3", tag_mode = "EXPLICIT", optional = "true")]
    auth_policy: Option<AnyRef<'a>>,
    #[asn1(context_specific = "4", tag_mode = "EXPLICIT", optional = "true")]
    description: Option<AnyRef<'a>>,
    #[asn1(context_specific = "5", tag_mode = "EXPLICIT", optional = "true")]
    rsa_parent: Option<AnyRef<'a>>,
    parent: UintRef<'a>,
    public: &'a OctetStringRef,
    private: &'a OctetStringRef,
}

impl TpmKeyFacts {
    /// Decodes one.
    ///
    /// # Errors
    /// Why it cannot be read, in words that follow the name of the file.
    pub fn from_der(der: &[u8]) -> Result<Self, String> {
        let read = TpmKey::from_der(der).map_err(|error| damage::of_der(&error))?;
        let form = TpmKeyForm::of(read.form).ok_or("it says a form that is not known here")?;
        let empty_auth = match read.empty_auth {
            None => false,
            Some(said) if said.tag() == Tag::Boolean && said.value().len() == 1 => said.value() != [0],
            Some(_) => return Err("its entry about a password is not a boolean".to_owned()),
        };
        let mut parent = [0; 4];
        let octets = read.parent.as_bytes();
        let room = parent.len().checked_sub(octets.len()).ok_or("its parent is no handle of a TPM")?;
        parent[room..].copy_from_slice(octets);
        let key_type = kind(read.public.as_bytes()).ok_or("its public half is cut short")?;
        if read.private.as_bytes().is_empty() {
            return Err("its private half is empty".to_owned());
        }
        Ok(Self { form, parent: format!("0x{:08x}", u32::from_be_bytes(parent)), empty_auth, key_type })
    }
}

impl std::fmt::Display for TpmKeyFacts {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let password = if self.empty_auth { "no password" } else { "a password" };
        write!(f, "{}, parent {}, {password}", self.key_type, self.parent)
    }
}

/// The kind of key in a TPM2B_PUBLIC (TPM 2.0 library, part 2, §12.2.4 and §12.2.5).
fn kind(public: &[u8]) -> Option<String> {
    const NONE: u16 = 0x0010;
    let (size, rest) = number(public)?;
    if usize::from(size) != rest.len() {
        return None;
    }
    let (kind, rest) = number(rest)?;
    // After nameAlg and objectAttributes.
    let (policy, rest) = number(rest.get(6..)?)?;
    let rest = rest.get(usize::from(policy)..)?;
    if !matches!(kind, 0x0001 | 0x0023) {
        return Some(format!("of the kind {kind:#06x}"));
    }
    let (symmetric, rest) = number(rest)?;
    // keyBits and mode follow it.
    let rest = rest.get(if symmetric == NONE { 0 } else { 4 }..)?;
    let (scheme, rest) = number(rest)?;
    // hashAlg follows it.
    let (size, _) = number(rest.get(if scheme == NONE { 0 } else { 2 }..)?)?;
    Some(match (kind, size) {
        (0x0001, bits) => format!("RSA {bits}"),
        (_, 3) => "ECDSA P-256".to_owned(),
        (_, 4) => "ECDSA P-384".to_owned(),
        (_, 5) => "ECDSA P-521".to_owned(),
        (_, curve) => format!("ECC on the curve {curve:#06x}"),
    })
}

/// Two octets, and what follows.
fn number(bytes: &[u8]) -> Option<(u16, &[u8])> {
    let (two, rest) = bytes.split_first_chunk()?;
    Some((u16::from_be_bytes(*two), rest))
}

#[cfg(test)]
mod tests {
    use der::Encode;

    use super::*;

    const P256: [u8; 26] =
        [0, 24, 0, 0x23, 0, 0x0b, 0, 6, 0, 0x72, 0, 0, 0, 0x10, 0, 0x10, 0, 3, 0, 0x10, 0, 1, 1, 0, 1, 2];

    fn file(oid: &str, empty: Option<&[u8]>, parent: &[u8], public: &[u8]) -> Vec<u8> {
        let said = empty.map(|value| AnyRef::new(Tag::Boolean, value).unwrap());
        TpmKey {
            form: ObjectIdentifier::new_unwrap(oid),
            empty_auth: said,
            policy: None,
            secret: None,
            auth_policy: None,
            description: None,
            rsa_parent: None,
            parent: UintRef::new(parent).unwrap(),
            public: OctetStringRef::new(public).unwrap(),
            private: OctetStringRef::new(&[1, 2]).unwrap(),
        }
        .to_der()
        .unwrap()
    }

    const LOADABLE: &str = "2.23.133.10.1.3";

    #[test]
    fn it_says_parent_password_and_kind() {
        let whole = file(LOADABLE, Some(&[0xff]), &[0x40, 0, 0, 1], &P256);
        let facts = TpmKeyFacts::from_der(&whole).unwrap();
        assert_eq!(facts.to_string(), "ECDSA P-256, parent 0x40000001, no password");
        assert_eq!(facts.form, TpmKeyForm::Loadable);
        let other = TpmKeyFacts::from_der(&file(LOADABLE, None, &[0x81, 0, 0, 1], &P256)).unwrap();
        assert_eq!(other.to_string(), "ECDSA P-256, parent 0x81000001, a password");
    }

    #[test]
    fn damage_is_refused_with_a_sentence() {
        let whole = file(LOADABLE, Some(&[0xff]), &[0x40, 0, 0, 1], &P256);
        for length in 0..whole.len() {
            assert!(TpmKeyFacts::from_der(&whole[..length]).is_err(), "{length}");
        }
        let refused = |der: &[u8]| TpmKeyFacts::from_der(der).unwrap_err();
        assert!(refused(&file("1.2.3", None, &[1], &P256)).contains("a form that is not known"));
        assert!(refused(&file(LOADABLE, None, &[1, 2, 3, 4, 5], &P256)).contains("no handle"));
        for length in 0..18 {
            let mut public = P256[..length].to_vec();
            if length > 2 {
                public[1] = u8::try_from(length - 2).unwrap();
            }
            assert!(refused(&file(LOADABLE, None, &[1], &public)).contains("cut short"), "{length}");
        }
        // A policy longer than what is there.
        let mut public = P256.to_vec();
        public[10] = 0xff;
        assert!(refused(&file(LOADABLE, None, &[1], &public)).contains("cut short"));
    }
}
