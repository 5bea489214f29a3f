//! The pair that is exported, read and checked: the key is the certificate's, and the path to the root is whole.

use std::path::Path;

use zeroize::Zeroizing;

use crate::{
    device_id::{self, DeviceId, DeviceName},
    fleet::{
        layout::{CERTIFICATE_FILE, KEY_FILE},
        pair::{CertificateFault, KeyFault, Seen},
    },
    pki::{
        certificate::{Certificate, Validity},
        chain::{self, ChainError, Purpose},
        facts::{
            KeyFacts,
            private_key::{KeyFormat, PrivateKeyFacts},
        },
        pkcs8::Pkcs8Error,
        time::Time,
        token_key::TokenKey,
    },
};

/// The key of a pair.
#[derive(Debug)]
pub enum Key {
    /// PKCS#8, DER.
    Here(Zeroizing<Vec<u8>>),
    /// The key is in a token, and stays there.
    InToken(Box<TokenKey>),
}

/// A checked pair, and what belongs to it.
#[derive(Debug)]
pub struct Material {
    pub id: DeviceId,
    pub key: Key,
    pub leaf: Certificate,
    /// Between leaf and root, in the order of the path.
    pub intermediates: Vec<Certificate>,
    /// Where the path ends; `None` when no root is known.
    pub root: Option<Certificate>,
    /// Everything the fleet trusts.
    pub roots: Vec<Certificate>,
    /// PEM.
    pub revocation_list: Option<String>,
    /// The mode of a key file that others may use.
    pub exposed: Option<u32>,
}

/// Why there is nothing to export.
#[derive(Debug, thiserror::Error)]
pub enum SourceError {
    #[error("{file} {why}")]
    Unreadable { file: &'static str, why: String },
    #[error("{KEY_FILE} cannot be exported: {0}")]
    Key(#[from] Pkcs8Error),
    #[error("{CERTIFICATE_FILE} does not match {KEY_FILE}")]
    OtherKey,
    #[error("{CERTIFICATE_FILE} is for {0}, not for this device")]
    OtherDevice(String),
    #[error("its common name {0:?} cannot be a device id")]
    NoId(String),
    #[error("the path of {CERTIFICATE_FILE} is not whole: {0}")]
    Path(#[from] ChainError),
}

impl Material {
    /// Leaf, then intermediates: what a TLS peer shows.
    pub(super) fn presented(&self) -> impl Iterator<Item = &Certificate> {
        std::iter::once(&self.leaf).chain(&self.intermediates)
    }

    /// Leaf, intermediates, root.
    pub(super) fn path(&self) -> impl Iterator<Item = &Certificate> {
        self.presented().chain(&self.root)
    }
}

/// Reads the pair in a directory. It must belong to the device `id`; without `id`, the common name gives the device.
/// Without `roots` the path is not checked. An expired certificate is good enough: its path is judged on its last day.
///
/// # Errors
/// A file that cannot be read, a certificate for another key or device, a path that does not lead to a root.
pub fn read(
    directory: &Path,
    id: Option<&DeviceId>,
    roots: &[Certificate],
    now: Time,
) -> Result<Material, SourceError> {
    let seen = Seen::at(directory)
        .map_err(|error| SourceError::Unreadable { file: "the directory", why: error.to_string() })?;
    let key =
        match seen.key.pkcs8() {
            Ok(key) => Key::Here(key),
            Err(KeyFault::Stays) => Key::InToken(Box::new(seen.key.in_token().ok_or_else(|| {
                SourceError::Unreadable { file: KEY_FILE, why: KeyFault::Stays.to_string() }
            })?)),
            Err(KeyFault::Encrypted) => return Err(Pkcs8Error::Encrypted.into()),
            Err(fault) => return Err(SourceError::Unreadable { file: KEY_FILE, why: fault.to_string() }),
        };
    let unreadable =
        |fault: CertificateFault| SourceError::Unreadable { file: CERTIFICATE_FILE, why: fault.to_string() };
    let mut given = seen.certificate.chain().map_err(unreadable)?.into_iter();
    let leaf = given.next().ok_or_else(|| unreadable(CertificateFault::Empty))?;
    if !belong_together(&key, &seen, &leaf) {
        return Err(SourceError::OtherKey);
    }
    let id = whose(&leaf, id)?;
    let (intermediates, root) = path(&leaf, given.collect(), roots, now)?;
    let exposed = seen.key.exposed_mode();
    let roots = roots.to_vec();
    Ok(Material { id, key, leaf, intermediates, root, roots, revocation_list: None, exposed })
}

fn belong_together(key: &Key, seen: &Seen, leaf: &Certificate) -> bool {
    let of_key = match key {
        Key::Here(key) => PrivateKeyFacts::from_der(key, KeyFormat::Pkcs8).ok().and_then(|facts| facts.key),
        Key::InToken(_) => seen.key.facts().ok(),
    };
    let of_leaf = KeyFacts::from_der(leaf.public_key_info());
    of_key.zip(of_leaf).is_some_and(|(key, leaf)| key.is_same(&leaf))
}

/// The device that the certificate names; it must be the expected one.
fn whose(leaf: &Certificate, expected: Option<&DeviceId>) -> Result<DeviceId, SourceError> {
    let names = || device_id::in_words(&leaf.common_names);
    match expected {
        Some(expected) if expected.is_named_by(leaf) => Ok(expected.clone()),
        Some(_) => Err(SourceError::OtherDevice(names())),
        None => DeviceName::of(leaf)
            .and_then(|named| named.id.parse().ok())
            .ok_or_else(|| SourceError::NoId(leaf.common_names.join(", "))),
    }
}

type Above = (Vec<Certificate>, Option<Certificate>);

fn path(
    leaf: &Certificate,
    given: Vec<Certificate>,
    roots: &[Certificate],
    now: Time,
) -> Result<Above, ChainError> {
    if roots.is_empty() {
        return Ok((given, None));
    }
    let at = match leaf.validity_at(now) {
        Validity::Valid => now,
        Validity::Expired => leaf.not_after,
        Validity::NotYetValid => leaf.not_before,
    };
    let found = chain::find_path(leaf, &given, roots, at, Purpose::Any)?;
    let mut above = found.certificates().get(1..).unwrap_or_default().to_vec();
    let root = above.pop();
    Ok((above, root))
}
