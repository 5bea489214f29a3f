//! The CA key on disk: PKCS#8 PEM (RFC 5958), mode 0600 from its first byte, encrypted (PBES2) when there is a
//! passphrase.

use std::{fs, io::Write, path::Path};

use aws_lc_rs::rand;
use pkcs8::{EncryptedPrivateKeyInfoRef, LineEnding, PrivateKeyInfoRef, SecretDocument, pkcs5::pbes2};
use zeroize::Zeroizing;

use super::{ca::BuildError, error::AuthorityError, options::Options, token_key};
use crate::{
    custody::{self, Exposure},
    keys::{self, KeyStore},
    pki::key::{KeySpec, PrivateKey},
};

const PLAIN: &str = "PRIVATE KEY";
const ENCRYPTED: &str = "ENCRYPTED PRIVATE KEY";

/// Octets of the longest key file.
const LONGEST: usize = 64 * 1024;

/// PBKDF2-HMAC-SHA256 rounds; a quarter of a second, once per start.
const ROUNDS: u32 = 600_000;
/// Error that no input of a person can cause.
const UNWRITTEN: &str = "it cannot be written as PKCS#8";

/// Makes a key and writes it; a file that exists is never touched.
pub(super) fn create(
    path: &Path,
    spec: KeySpec,
    passphrase: Option<&str>,
) -> Result<PrivateKey, AuthorityError> {
    let bad = |reason: String| AuthorityError::Key { path: path.to_owned(), reason };
    let key = PrivateKey::generate(spec).map_err(|error| bad(error.to_string()))?;
    let plain = key.to_pkcs8_pem().map_err(|error| bad(error.to_string()))?;
    match passphrase {
        None => write(path, &plain)?,
        Some(passphrase) => write(path, &encrypted(path, &plain, passphrase)?)?,
    }
    Ok(key)
}

/// The key of a new authority: one that an earlier start left, or a new one where the options say.
pub(super) fn of_new(path: &Path, options: &Options) -> Result<PrivateKey, AuthorityError> {
    let passphrase = options.passphrase.as_ref().map(|passphrase| passphrase.as_str());
    let KeyStore::Token(store) = &options.store else {
        return if path.exists() {
            read(path, passphrase)
        } else {
            create(path, options.key.into(), passphrase)
        };
    };
    if path.exists() && !token_key::is_unmade(path) {
        return of_existing(path, options);
    }
    let _ = fs::remove_file(path);
    token_key::create(path, options.key.into(), store)
}

/// The key of an authority that exists; where it is was decided when it was made.
pub(super) fn of_existing(path: &Path, options: &Options) -> Result<PrivateKey, AuthorityError> {
    let key = read(path, options.passphrase.as_ref().map(|passphrase| passphrase.as_str()))?;
    if matches!(options.store, KeyStore::Token(_)) && key.signer().is_none() {
        let reason =
            "it is in this file, and --ca-key-store names a token; that is decided when an authority is made";
        return Err(AuthorityError::Key { path: path.to_owned(), reason: reason.to_owned() });
    }
    Ok(key)
}

/// Reads a key written by [`create`], or by openssl.
pub(super) fn read(path: &Path, passphrase: Option<&str>) -> Result<PrivateKey, AuthorityError> {
    let bad = |reason: String| AuthorityError::Key { path: path.to_owned(), reason };
    let failed = |source| AuthorityError::Io { path: path.to_owned(), source };
    let file = custody::open(path).map_err(failed)?;
    if let Some(exposure) = Exposure::of(&file.metadata().map_err(failed)?) {
        return Err(AuthorityError::Exposed { path: path.to_owned(), exposure });
    }
    let text = custody::read_secret(file, LONGEST).map_err(failed)?;
    if let Some(named) = keys::key_of(text.as_bytes()) {
        return token_key::open(path, &named);
    }
    let (label, document) =
        SecretDocument::from_pem(&text).map_err(|_| bad("it is not a PEM of a private key".to_owned()))?;
    match (label, passphrase) {
        (ENCRYPTED, None) => Err(AuthorityError::PassphraseNeeded(path.to_owned())),
        (ENCRYPTED, Some(passphrase)) => {
            let info = EncryptedPrivateKeyInfoRef::try_from(document.as_bytes())
                .map_err(|_| bad("its encryption is damaged, or of a kind that is not read here".to_owned()))?;
            let plain =
                info.decrypt(passphrase).map_err(|_| AuthorityError::PassphraseWrong(path.to_owned()))?;
            let pem = plain.to_pem(PLAIN, LineEnding::LF).map_err(|_| bad(UNWRITTEN.to_owned()))?;
            // A wrong passphrase can decrypt to garbage with valid padding: one time in 256.
            PrivateKey::from_pem(&pem).map_err(|_| AuthorityError::PassphraseWrong(path.to_owned()))
        }
        (_, Some(_)) => Err(AuthorityError::NotEncrypted(path.to_owned())),
        (_, None) => PrivateKey::from_pem(&text).map_err(|error| bad(error.to_string())),
    }
}

fn encrypted(path: &Path, plain: &str, passphrase: &str) -> Result<Zeroizing<String>, AuthorityError> {
    let bad = |reason: String| AuthorityError::Key { path: path.to_owned(), reason };
    let (mut salt, mut iv) = ([0; 16], [0; 16]);
    rand::fill(&mut salt).and_then(|()| rand::fill(&mut iv)).map_err(|_| BuildError::Random)?;
    let (_, document) = SecretDocument::from_pem(plain).map_err(|_| bad(UNWRITTEN.to_owned()))?;
    let info = PrivateKeyInfoRef::try_from(document.as_bytes()).map_err(|_| bad(UNWRITTEN.to_owned()))?;
    let parameters = pbes2::Parameters::generate_pbkdf2_sha256_aes256cbc(ROUNDS, &salt, iv)
        .map_err(|_| bad(UNWRITTEN.to_owned()))?;
    let sealed = info.encrypt_with_params(parameters, passphrase).map_err(|_| bad(UNWRITTEN.to_owned()))?;
    sealed.to_pem(ENCRYPTED, LineEnding::LF).map_err(|_| bad(UNWRITTEN.to_owned()))
}

/// Complete and on the disk before it has its name.
pub(super) fn write(path: &Path, pem: &str) -> Result<(), AuthorityError> {
    let at = |source| AuthorityError::Io { path: path.to_owned(), source };
    let dir = path.parent().unwrap_or(Path::new("."));
    // Created with mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(dir).map_err(at)?;
    file.write_all(pem.as_bytes()).map_err(at)?;
    file.as_file().sync_all().map_err(at)?;
    file.persist_noclobber(path).map_err(|error| at(error.error))?;
    fs::File::open(dir).and_then(|dir| dir.sync_all()).map_err(at)
}

#[cfg(test)]
mod tests {
    use std::{os::unix::fs::MetadataExt, process::Command};

    use super::*;

    #[test]
    fn a_plain_key_is_for_its_owner_only_and_reads_back() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ca.key");
        let key = create(&path, KeySpec::P256, None).unwrap();
        assert_eq!(fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        assert_eq!(read(&path, None).unwrap().public_key_info(), key.public_key_info());
        assert!(matches!(read(&path, Some("x")), Err(AuthorityError::NotEncrypted(_))));
        assert!(create(&path, KeySpec::P256, None).is_err(), "an existing key is never replaced");
        assert_eq!(fs::read_dir(dir.path()).unwrap().count(), 1, "nothing is left lying about");
    }

    #[test]
    fn an_encrypted_key_opens_with_its_passphrase_only_and_openssl_agrees() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("ca.key");
        let key = create(&path, KeySpec::P256, Some("three words here")).unwrap();
        assert!(fs::read_to_string(&path).unwrap().starts_with("-----BEGIN ENCRYPTED PRIVATE KEY-----"));
        let again = read(&path, Some("three words here")).unwrap();
        assert_eq!(again.public_key_info(), key.public_key_info());
        assert!(matches!(read(&path, Some("other")), Err(AuthorityError::PassphraseWrong(_))));
        assert!(matches!(read(&path, None), Err(AuthorityError::PassphraseNeeded(_))));
        let openssl = Command::new("openssl")
            .args(["pkey", "-noout", "-passin", "pass:three words here", "-in"])
            .arg(&path)
            .output()
            .unwrap();
        assert!(openssl.status.success(), "{}", String::from_utf8_lossy(&openssl.stderr));
    }
}
