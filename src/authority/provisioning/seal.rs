//! Secrets at rest. The protocol needs the secret itself as the key of an HMAC, so a hash of it would not do: they are
//! encrypted under a key in a file of its own beside the database, which alone opens none of them.

use std::path::Path;

use aws_lc_rs::{
    aead::{AES_256_GCM, Aad, NONCE_LEN, Nonce, RandomizedNonceKey},
    hkdf::{HKDF_SHA256, Salt},
};
use zeroize::Zeroizing;

use crate::{
    authority::{AuthorityError, keyfile},
    pki::key::KeySpec,
};

/// Octets of the longest secret.
pub(super) const LONGEST: usize = 1024;

const PURPOSE: &[&[u8]] = &[b"certreq idprov out-of-band secrets"];

/// Encrypts and opens; bound to the device, so that no record can be moved to another.
pub(super) struct Seal {
    key: RandomizedNonceKey,
}

impl Seal {
    /// The key in `path`, made when there is none.
    pub(super) fn open(path: &Path) -> Result<Self, AuthorityError> {
        // A private key of the usual kind is made and kept as all others are; only its octets are wanted.
        let kept = if path.exists() {
            keyfile::read(path, None)?
        } else {
            keyfile::create(path, KeySpec::P256, None)?
        };
        let bad = |reason: &str| AuthorityError::Key { path: path.to_owned(), reason: reason.to_owned() };
        let material = kept.to_pkcs8_pem().map_err(|error| bad(&error.to_string()))?;
        let mut octets = Zeroizing::new([0; 32]);
        Salt::new(HKDF_SHA256, b"")
            .extract(material.as_bytes())
            .expand(PURPOSE, HKDF_SHA256)
            .and_then(|derived| derived.fill(octets.as_mut_slice()))
            .map_err(|_| bad("no key can be derived from it"))?;
        let key = RandomizedNonceKey::new(&AES_256_GCM, octets.as_slice());
        Ok(Self { key: key.map_err(|_| bad("no key can be derived from it"))? })
    }

    pub(super) fn seal(&self, device: &str, secret: &str) -> Option<Vec<u8>> {
        let mut text = secret.as_bytes().to_vec();
        let nonce = self.key.seal_in_place_append_tag(Aad::from(device.as_bytes()), &mut text).ok()?;
        Some([&nonce.as_ref()[..], &text].concat())
    }

    pub(super) fn unseal(&self, device: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        let (nonce, text) = sealed.split_at_checked(NONCE_LEN)?;
        let nonce = Nonce::try_assume_unique_for_key(nonce).ok()?;
        let mut text = Zeroizing::new(text.to_vec());
        let length = self.key.open_in_place(nonce, Aad::from(device.as_bytes()), &mut text).ok()?.len();
        text.truncate(length);
        Some(text)
    }
}

impl std::fmt::Debug for Seal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Seal(..)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_for_its_device_under_its_file_only() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("idprov.key");
        let seal = Seal::open(&path).unwrap();
        let sealed = seal.seal("dev1", "s3cret").unwrap();
        assert!(!sealed.windows(6).any(|window| window == b"s3cret"));
        let again = Seal::open(&path).unwrap();
        assert_eq!(again.unseal("dev1", &sealed).unwrap().as_slice(), b"s3cret");
        assert!(again.unseal("dev2", &sealed).is_none());
        assert!(again.unseal("dev1", &sealed[..5]).is_none());
        let other = Seal::open(&dir.path().join("other.key")).unwrap();
        assert!(other.unseal("dev1", &sealed).is_none());
        assert_ne!(seal.seal("dev1", "s3cret").unwrap(), sealed);
    }
}
