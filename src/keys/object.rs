//! Keys in an open token: making them, finding them, signing with them, removing them.

use std::sync::{PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};

use aws_lc_rs::digest::{self, Algorithm};
use cryptoki::{
    error::{Error, RvError},
    mechanism::{
        Mechanism, MechanismType,
        rsa::{PkcsMgfType, PkcsPssParams},
    },
    object::{Attribute, AttributeType, KeyType, ObjectClass, ObjectHandle},
    session::Session,
};
use der::{
    Decode, Encode,
    asn1::{ObjectIdentifier, OctetStringRef},
};
use rustls::SignatureScheme;

use super::{error::TokenError, token::Token};
use crate::pki::{
    held,
    key::KeySpec,
    token_uri::{TokenUri, octets},
};

/// Objects of a token that are looked at; a token with more is not one of devices.
const MOST: usize = 100_000;

/// The DigestInfo (RFC 8017 §9.2, note 1) of SHA-256, SHA-384 and SHA-512, up to the digest.
const DIGEST_INFO: [(usize, [u8; 19]); 3] = [
    (32, [0x30, 0x31, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20]),
    (48, [0x30, 0x41, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2, 5, 0, 4, 0x30]),
    (64, [0x30, 0x51, 0x30, 0x0d, 0x06, 0x09, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3, 5, 0, 4, 0x40]),
];

/// A key that a token shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// CKA_LABEL.
    pub label: String,
    /// CKA_ID.
    pub id: Vec<u8>,
}

/// A key pair found in a token.
pub(super) struct FoundKey {
    pub(super) private: ObjectHandle,
    pub(super) id: Vec<u8>,
    pub(super) label: String,
}

/// Makes a pair that stays in the token, and returns its SubjectPublicKeyInfo, DER.
pub(super) fn make(token: &Token, spec: KeySpec, label: &str, id: &[u8]) -> Result<Vec<u8>, TokenError> {
    if token.write_protected {
        return Err(TokenError::ReadOnly(token.name.clone()));
    }
    let unsupported = || TokenError::Kind { token: token.name.clone(), kind: spec.to_string() };
    let (mechanism, shape) = match spec {
        KeySpec::P256 | KeySpec::P384 | KeySpec::P521 => {
            let curve = curve(spec).and_then(|curve| curve.to_der().ok()).ok_or_else(unsupported)?;
            (Mechanism::EccKeyPairGen, vec![Attribute::EcParams(curve)])
        }
        KeySpec::Rsa2048 | KeySpec::Rsa3072 | KeySpec::Rsa4096 => {
            let bits = match spec {
                KeySpec::Rsa2048 => 2048,
                KeySpec::Rsa3072 => 3072,
                _ => 4096,
            };
            let exponent = Attribute::PublicExponent(vec![1, 0, 1]);
            (Mechanism::RsaPkcsKeyPairGen, vec![Attribute::ModulusBits(bits.into()), exponent])
        }
    };
    let both =
        [Attribute::Token(true), Attribute::Label(label.as_bytes().to_vec()), Attribute::Id(id.to_vec())];
    let public = [&both[..], &[Attribute::Private(false), Attribute::Verify(true)], &shape].concat();
    let kept = [
        Attribute::Private(true),
        Attribute::Sensitive(true),
        Attribute::Extractable(false),
        Attribute::Sign(true),
    ];
    let private = [&both[..], &kept].concat();
    let _alone = alone();
    token.with(|session| {
        let (public, private) = session.generate_key_pair(&mechanism, &public, &private).map_err(|error| {
            match error {
                Error::Pkcs11(
                    RvError::MechanismInvalid
                    | RvError::MechanismParamInvalid
                    | RvError::CurveNotSupported
                    | RvError::KeySizeRange
                    | RvError::DomainParamsInvalid
                    | RvError::AttributeValueInvalid,
                    _,
                ) => unsupported(),
                // While objects are made this means that there is no room for one.
                Error::Pkcs11(RvError::DeviceMemory, _) if !token.name.ends_with(super::token::OF_TPM) => {
                    TokenError::Full(token.name.clone())
                }
                error => TokenError::of(&error, &token.name),
            }
        })?;
        let made = stays(token, session, private).and_then(|()| info_of(token, session, public, label));
        if made.is_err() {
            // The key is not used, so an error of its removal changes no result.
            let _ = session.destroy_object(private);
            let _ = session.destroy_object(public);
        }
        made
    })
}

fn curve(spec: KeySpec) -> Option<ObjectIdentifier> {
    Some(match spec {
        KeySpec::P256 => ObjectIdentifier::new_unwrap("1.2.840.10045.3.1.7"),
        KeySpec::P384 => ObjectIdentifier::new_unwrap("1.3.132.0.34"),
        KeySpec::P521 => ObjectIdentifier::new_unwrap("1.3.132.0.35"),
        _ => return None,
    })
}

/// Checks that the private key stays in the token: some modules ignore the attributes that they were given.
fn stays(token: &Token, session: &Session, private: ObjectHandle) -> Result<(), TokenError> {
    let failed = |error: Error| TokenError::of(&error, &token.name);
    let asked = [AttributeType::Extractable, AttributeType::Sensitive];
    let has = session.get_attributes(private, &asked).map_err(failed)?;
    if has.contains(&Attribute::Extractable(true)) || has.contains(&Attribute::Sensitive(false)) {
        let why = "it makes keys that can be taken out of it".to_owned();
        return Err(TokenError::Other { token: token.name.clone(), why });
    }
    Ok(())
}

/// The SubjectPublicKeyInfo of a public key object.
fn info_of(token: &Token, session: &Session, public: ObjectHandle, key: &str) -> Result<Vec<u8>, TokenError> {
    let unusable = |why: &str| TokenError::Unusable {
        token: token.name.clone(),
        key: key.to_owned(),
        why: why.to_owned(),
    };
    let asked = [
        AttributeType::KeyType,
        AttributeType::EcParams,
        AttributeType::EcPoint,
        AttributeType::Modulus,
        AttributeType::PublicExponent,
    ];
    let has = session.get_attributes(public, &asked).map_err(|error| TokenError::of(&error, &token.name))?;
    let (mut kind, mut parameters, mut point, mut modulus, mut exponent) = (None, None, None, None, None);
    for attribute in has {
        match attribute {
            Attribute::KeyType(of) => kind = Some(of),
            Attribute::EcParams(value) => parameters = Some(value),
            Attribute::EcPoint(value) => point = Some(value),
            Attribute::Modulus(value) => modulus = Some(value),
            Attribute::PublicExponent(value) => exponent = Some(value),
            _ => {}
        }
    }
    let info = match (kind, parameters, point, modulus, exponent) {
        (Some(KeyType::EC), Some(parameters), Some(point), ..) => {
            // An OCTET STRING around the point (PKCS#11 §6.3.3); some modules leave it out.
            let inner = <&OctetStringRef>::from_der(&point).map(OctetStringRef::as_bytes);
            held::info_of_point(&parameters, inner.unwrap_or(&point))
        }
        (Some(KeyType::RSA), _, _, Some(modulus), Some(exponent)) => held::info_of_rsa(&modulus, &exponent),
        _ => return Err(unusable("it is of a kind that does not sign here")),
    };
    let info = info.map_err(|_| unusable("its public half cannot be read"))?;
    match KeySpec::like(&info) {
        Some(_) => Ok(info),
        None => Err(unusable("it is on a curve that is not known here")),
    }
}

fn template(class: ObjectClass, uri: &TokenUri) -> Vec<Attribute> {
    let mut template = vec![Attribute::Class(class), Attribute::Token(true)];
    template.extend(uri.id.clone().map(Attribute::Id));
    template.extend(uri.object.as_ref().map(|label| Attribute::Label(label.as_bytes().to_vec())));
    template
}

/// The one private key that a URI names.
pub(super) fn find(token: &Token, uri: &TokenUri) -> Result<FoundKey, TokenError> {
    let _unchanged = unchanged();
    token.with(|session| found(token, session, uri))
}

/// The same, if it may sign.
pub(super) fn usable(token: &Token, uri: &TokenUri) -> Result<FoundKey, TokenError> {
    let _unchanged = unchanged();
    token.with(|session| {
        let key = found(token, session, uri)?;
        check(token, session, &key).map(|()| key)
    })
}

fn found(token: &Token, session: &Session, uri: &TokenUri) -> Result<FoundKey, TokenError> {
    let failed = |error: Error| TokenError::of(&error, &token.name);
    let found = session.find_objects(&template(ObjectClass::PRIVATE_KEY, uri)).map_err(failed)?;
    let key = key_words(uri);
    let mut keys = Vec::new();
    for private in found.into_iter().take(MOST) {
        let (label, id) = names(token, session, private)?;
        keys.push(FoundKey { private, id, label });
    }
    match keys.len() {
        0 => Err(TokenError::NoKey { token: token.name.clone(), key }),
        1 => keys.pop().ok_or_else(|| TokenError::NoKey { token: token.name.clone(), key }),
        count => {
            let mut ids: Vec<String> = keys.iter().map(|key| octets(&key.id)).collect();
            ids.sort_unstable();
            Err(TokenError::ManyKeys { token: token.name.clone(), key, count, ids: ids.join(", ") })
        }
    }
}

/// The SubjectPublicKeyInfo that stands in the token for a key, DER.
pub(super) fn public_of(token: &Token, uri: &TokenUri) -> Result<Vec<u8>, TokenError> {
    let _unchanged = unchanged();
    token.with(|session| {
        let failed = |error: Error| TokenError::of(&error, &token.name);
        let found = session.find_objects(&template(ObjectClass::PUBLIC_KEY, uri)).map_err(failed)?;
        let key = key_words(uri);
        match found.as_slice() {
            [public] => info_of(token, session, *public, &key),
            [] => {
                Err(TokenError::NoKey { token: token.name.clone(), key: format!("{key} with a public half") })
            }
            several => {
                let mut ids = Vec::new();
                for public in several.iter().take(10) {
                    ids.push(octets(&names(token, session, *public)?.1));
                }
                let count = several.len();
                Err(TokenError::ManyKeys { token: token.name.clone(), key, count, ids: ids.join(", ") })
            }
        }
    })
}

/// It is there, once, and may sign.
fn check(token: &Token, session: &Session, key: &FoundKey) -> Result<(), TokenError> {
    let failed = |error: Error| TokenError::of(&error, &token.name);
    let may = session.get_attributes(key.private, &[AttributeType::Sign]).map_err(failed)?;
    if may.contains(&Attribute::Sign(false)) {
        let why = "it is not for signatures (CKA_SIGN)".to_owned();
        return Err(TokenError::Unusable { token: token.name.clone(), key: key.label.clone(), why });
    }
    Ok(())
}

fn names(token: &Token, session: &Session, object: ObjectHandle) -> Result<(String, Vec<u8>), TokenError> {
    let asked = [AttributeType::Label, AttributeType::Id];
    let has = session.get_attributes(object, &asked).map_err(|error| TokenError::of(&error, &token.name))?;
    let (mut label, mut id) = (String::new(), Vec::new());
    for attribute in has {
        match attribute {
            Attribute::Label(value) => label = String::from_utf8_lossy(&value).into_owned(),
            Attribute::Id(value) => id = value,
            _ => {}
        }
    }
    Ok((label, id))
}

/// Every key of a token that can be seen.
pub(super) fn all(token: &Token) -> Result<Vec<Listed>, TokenError> {
    let class = if token.is_logged_in() { ObjectClass::PRIVATE_KEY } else { ObjectClass::PUBLIC_KEY };
    let _unchanged = unchanged();
    token.with(|session| {
        let failed = |error: Error| TokenError::of(&error, &token.name);
        let found = session.find_objects(&[Attribute::Class(class), Attribute::Token(true)]).map_err(failed)?;
        let mut listed = Vec::new();
        for object in found.into_iter().take(MOST) {
            let (label, id) = names(token, session, object)?;
            listed.push(Listed { label, id });
        }
        Ok(listed)
    })
}

/// Modules that keep objects in files (SoftHSM) fail when two threads change some at a time. A search is kept away as
/// well: it reads every object anew, also a half-made one, and the module would write back that half.
static CHANGES: RwLock<()> = RwLock::new(());

/// Held while objects are made or removed.
fn alone() -> RwLockWriteGuard<'static, ()> {
    CHANGES.write().unwrap_or_else(PoisonError::into_inner)
}

/// Held while objects are looked for; taken before a session, as the other one is.
fn unchanged() -> RwLockReadGuard<'static, ()> {
    CHANGES.read().unwrap_or_else(PoisonError::into_inner)
}

/// Removes both halves of a key; a half that is missing counts as removed.
pub(super) fn destroy(token: &Token, uri: &TokenUri) -> Result<(), TokenError> {
    let _alone = alone();
    token.with(|session| {
        let failed = |error: Error| TokenError::of(&error, &token.name);
        for class in [ObjectClass::PRIVATE_KEY, ObjectClass::PUBLIC_KEY] {
            for object in session.find_objects(&template(class, uri)).map_err(failed)? {
                session.destroy_object(object).map_err(failed)?;
            }
        }
        Ok(())
    })
}

/// Objects without a name and without a key: a process that is killed while it makes a key leaves them, where a module
/// makes objects in several steps.
fn fragments(token: &Token, session: &Session) -> Result<Vec<ObjectHandle>, TokenError> {
    let failed = |error: Error| TokenError::of(&error, &token.name);
    let mut found = Vec::new();
    for class in [ObjectClass::PRIVATE_KEY, ObjectClass::PUBLIC_KEY] {
        // Not by an empty name: a missing attribute may not count as empty.
        for object in session.find_objects(&[Attribute::Class(class)]).map_err(failed)? {
            // An object whose name cannot be read may be a key in use: it stays.
            let is_unnamed =
                names(token, session, object).is_ok_and(|(label, id)| label.is_empty() && id.is_empty());
            let is_empty = |kind| {
                let has = session.get_attributes(object, &[kind]);
                has.is_ok_and(|has| {
                    has.iter().all(|one| match one {
                        Attribute::EcParams(value) | Attribute::Modulus(value) => value.is_empty(),
                        _ => true,
                    })
                })
            };
            if is_unnamed && is_empty(AttributeType::EcParams) && is_empty(AttributeType::Modulus) {
                found.push(object);
            }
        }
    }
    Ok(found)
}

/// Removes the fragments of a key that a killed process left. Another process may be making a key at this time: a
/// fragment that is still empty after a while belongs to no process.
pub(super) fn clear_fragments(token: &Token) -> Result<(), TokenError> {
    const A_WHILE: std::time::Duration = std::time::Duration::from_millis(500);
    let _alone = alone();
    token.with(|session| {
        let before = fragments(token, session)?;
        if before.is_empty() {
            return Ok(());
        }
        std::thread::sleep(A_WHILE);
        for object in fragments(token, session)?.into_iter().filter(|object| before.contains(object)) {
            session.destroy_object(object).map_err(|error| TokenError::of(&error, &token.name))?;
        }
        Ok(())
    })
}

/// Signs, in the form that certificates and TLS carry.
pub(super) fn sign(
    token: &Token,
    session: &Session,
    key: ObjectHandle,
    scheme: SignatureScheme,
    message: &[u8],
) -> Result<Vec<u8>, TokenError> {
    let (hash, way) = way(scheme).ok_or_else(|| TokenError::Other {
        token: token.name.clone(),
        why: format!("signatures as {scheme:?} are not made here"),
    })?;
    let digest = digest::digest(hash, message);
    let digest = digest.as_ref();
    let failed = |error: Error| TokenError::of(&error, &token.name);
    match way {
        Way::Ecdsa => {
            let raw = session.sign(&Mechanism::Ecdsa, key, digest).map_err(failed)?;
            held::ecdsa_to_der(&raw).map_err(|_| TokenError::Other {
                token: token.name.clone(),
                why: "its signature cannot be read".to_owned(),
            })
        }
        Way::Pkcs1 => {
            let prefix = DIGEST_INFO.iter().find(|(length, _)| *length == digest.len());
            let prefix = prefix.map(|(_, prefix)| &prefix[..]).unwrap_or_default();
            session.sign(&Mechanism::RsaPkcs, key, &[prefix, digest].concat()).map_err(failed)
        }
        Way::Pss(hash_alg, mgf) => {
            let length = u64::try_from(digest.len()).unwrap_or(0);
            let parameters = PkcsPssParams { hash_alg, mgf, s_len: length.into() };
            session.sign(&Mechanism::RsaPkcsPss(parameters), key, digest).map_err(failed)
        }
    }
}

enum Way {
    Ecdsa,
    Pkcs1,
    Pss(MechanismType, PkcsMgfType),
}

/// The digest is made here: some modules cannot make one.
fn way(scheme: SignatureScheme) -> Option<(&'static Algorithm, Way)> {
    use SignatureScheme as S;
    Some(match scheme {
        S::ECDSA_NISTP256_SHA256 => (&digest::SHA256, Way::Ecdsa),
        S::ECDSA_NISTP384_SHA384 => (&digest::SHA384, Way::Ecdsa),
        S::ECDSA_NISTP521_SHA512 => (&digest::SHA512, Way::Ecdsa),
        S::RSA_PKCS1_SHA256 => (&digest::SHA256, Way::Pkcs1),
        S::RSA_PKCS1_SHA384 => (&digest::SHA384, Way::Pkcs1),
        S::RSA_PKCS1_SHA512 => (&digest::SHA512, Way::Pkcs1),
        S::RSA_PSS_SHA256 => (&digest::SHA256, Way::Pss(MechanismType::SHA256, PkcsMgfType::MGF1_SHA256)),
        S::RSA_PSS_SHA384 => (&digest::SHA384, Way::Pss(MechanismType::SHA384, PkcsMgfType::MGF1_SHA384)),
        S::RSA_PSS_SHA512 => (&digest::SHA512, Way::Pss(MechanismType::SHA512, PkcsMgfType::MGF1_SHA512)),
        _ => return None,
    })
}

/// `dev1`, `with the id %01%02`.
fn key_words(uri: &TokenUri) -> String {
    match (&uri.object, &uri.id) {
        (Some(label), _) => label.clone(),
        (None, Some(id)) => format!("with the id {}", octets(id)),
        (None, None) => "at all".to_owned(),
    }
}
