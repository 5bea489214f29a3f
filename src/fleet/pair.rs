//! The one reader of a device's directory: its key and its certificate, read at one moment.

use std::path::Path;

use zeroize::Zeroizing;

use super::{
    folder::{Folder, NoFolder, Part},
    layout::{CERTIFICATE_FILE, KEY_FILE},
};
use crate::keys::{self, KeyStore, TokenStore};
use crate::pki::{
    certificate::Certificate,
    facts::KeyFacts,
    key::PrivateKey,
    pkcs8::{self, Pkcs8Error},
    sniff::{self, Found, Item},
    token_key::TokenKey,
};

/// The most octets a key or certificate file may hold; a larger file was not written by this program.
const LIMIT: u64 = 1024 * 1024;

/// Both files of a directory, read at one moment.
#[derive(Debug)]
pub struct Seen {
    pub key: KeyFile,
    pub certificate: CertificateFile,
}

/// `private.key`, as it was found.
#[derive(Debug)]
pub struct KeyFile(Part);

/// `cert.pem`, as it was found.
#[derive(Debug)]
pub struct CertificateFile(Part);

/// A complete pair: the certificate's public key is the private key's.
#[derive(Debug)]
pub struct Pair {
    pub leaf: Certificate,
    pub intermediates: Vec<Certificate>,
    pub key: PrivateKey,
}

/// Why a directory gives no pair.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PairFault {
    #[error("{KEY_FILE} {0}")]
    Key(#[from] KeyFault),
    #[error("{CERTIFICATE_FILE} {0}")]
    Certificate(#[from] CertificateFault),
    #[error("{CERTIFICATE_FILE} does not match {KEY_FILE}")]
    OtherKey,
}

/// Why a file gives no private key, in words that follow its name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyFault {
    #[error("is missing")]
    Missing,
    #[error("cannot be read: permission denied")]
    Denied,
    #[error("{0}")]
    Unusable(String),
    #[error("is empty")]
    Empty,
    #[error("is encrypted")]
    Encrypted,
    #[error("is not a private key: {0}")]
    NotAKey(String),
    /// A key all the same: whether it fits a certificate cannot be told here.
    #[error("is of a kind that cannot be used here")]
    Kind,
    /// The file names a key in a token, and the key itself was requested.
    #[error("names a key in a token, which never leaves it")]
    Stays,
    /// The file names a key in a token that cannot be reached.
    #[error("names a key in a token: {0}")]
    Token(String),
}

/// Why a file gives no certificate, in words that follow its name.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CertificateFault {
    #[error("is missing")]
    Missing,
    #[error("cannot be read: permission denied")]
    Denied,
    #[error("{0}")]
    Unusable(String),
    #[error("is empty")]
    Empty,
    #[error("holds no certificate: {0}")]
    Garbage(String),
}

impl Seen {
    /// Opens a directory that the user named, and reads both files.
    ///
    /// # Errors
    /// When there is no such directory, or it cannot be opened.
    pub fn at(directory: &Path) -> Result<Self, NoFolder> {
        Ok(Self::of(&Folder::open(directory)?))
    }

    /// Reads both files of an open directory.
    #[must_use]
    pub fn of(folder: &Folder) -> Self {
        Self { key: KeyFile::of(folder), certificate: CertificateFile::of(folder) }
    }

    /// The pair, if the two belong together.
    ///
    /// # Errors
    /// Why there is none.
    pub fn pair(&self) -> Result<Pair, PairFault> {
        let key = self.key.private_key()?;
        let mut chain = self.certificate.chain()?.into_iter();
        let leaf = chain.next().ok_or(CertificateFault::Empty)?;
        if !is_of(&leaf, &key.public_key_info()) {
            return Err(PairFault::OtherKey);
        }
        Ok(Pair { leaf, intermediates: chain.collect(), key })
    }
}

/// The pair in a directory.
///
/// # Errors
/// Why there is none.
pub fn at(directory: &Path) -> Result<Pair, String> {
    Seen::at(directory).map_err(|error| format!("it {error}"))?.pair().map_err(|fault| fault.to_string())
}

/// True when the key is that of the certificate, even if the two encode it differently.
#[must_use]
pub fn is_of(leaf: &Certificate, key: &[u8]) -> bool {
    let facts = || Some((KeyFacts::from_der(leaf.public_key_info())?, KeyFacts::from_der(key)?));
    leaf.public_key_info() == key || facts().is_some_and(|(leaf, key)| leaf.is_same(&key))
}

/// True for a key file that others may use, and that its owner may not write either: it came with this mode, on a
/// medium or as a mounted secret. The mode is no slip of a umask, and often no chmod helps. It is worth a warning, and
/// no reason to fail.
#[must_use]
pub fn is_handed_over(mode: u32) -> bool {
    mode & 0o077 != 0 && mode & 0o333 == 0
}

impl KeyFile {
    /// Of an open directory.
    #[must_use]
    pub fn of(folder: &Folder) -> Self {
        Self(folder.read(Path::new(KEY_FILE), LIMIT))
    }

    /// The key file from bytes that were read elsewhere, or from the reason that they could not be read.
    #[must_use]
    pub fn from_read(read: Result<Zeroizing<Vec<u8>>, String>) -> Self {
        // The mode of this file is not checked: the user who named the file answers for it.
        Self(match read {
            Ok(bytes) => Part::Read { bytes, mode: 0o600 },
            Err(why) => Part::Unusable(why),
        })
    }

    /// Permission bits of the file, where it could be read.
    #[must_use]
    pub fn mode(&self) -> Option<u32> {
        match self.0 {
            Part::Read { mode, .. } => Some(mode),
            _ => None,
        }
    }

    /// The mode of a file that others than its owner may use.
    #[must_use]
    pub fn exposed_mode(&self) -> Option<u32> {
        self.mode().filter(|mode| mode & 0o077 != 0)
    }

    /// See [`is_handed_over`].
    #[must_use]
    pub fn is_handed_over(&self) -> bool {
        self.mode().is_some_and(is_handed_over)
    }

    /// The key in a token that the file names; `None` when it holds a key itself, or neither.
    #[must_use]
    pub fn in_token(&self) -> Option<TokenKey> {
        keys::key_of(self.bytes().ok()?)
    }

    /// The store for a new key that replaces this one: the same token, or a file.
    #[must_use]
    pub fn store(&self) -> KeyStore {
        match self.in_token() {
            Some(named) => KeyStore::Token(TokenStore::new(named.uri.of_token())),
            None => KeyStore::File,
        }
    }

    /// The facts of the public half: its kind and its SubjectPublicKeyInfo.
    ///
    /// # Errors
    /// Why they cannot be told.
    pub fn facts(&self) -> Result<KeyFacts, KeyFault> {
        if let Some(named) = self.in_token() {
            let info = keys::public_key_info(&named).map_err(|error| KeyFault::Token(error.to_string()))?;
            return KeyFacts::from_der(&info).ok_or(KeyFault::Kind);
        }
        let mut trouble = None;
        let found = sniff::sniff(self.bytes()?, None).into_iter().find_map(|found| match found {
            Ok(Found { item: Item::PrivateKey(facts), .. }) => Some(facts),
            Ok(_) => None,
            Err(error) => {
                trouble.get_or_insert_with(|| error.to_string());
                None
            }
        });
        let facts = found.ok_or_else(|| match trouble {
            Some(trouble) => KeyFault::NotAKey(trouble),
            None => self.pkcs8().err().unwrap_or(KeyFault::Kind),
        })?;
        match facts.key {
            Some(key) if key.spki_sha256.is_some() => Ok(key),
            _ if facts.encrypted => Err(KeyFault::Encrypted),
            _ => Err(KeyFault::Kind),
        }
    }

    /// The key itself.
    ///
    /// # Errors
    /// Why it cannot be used.
    pub fn private_key(&self) -> Result<PrivateKey, KeyFault> {
        if let Some(named) = self.in_token() {
            return keys::private_key(&named).map_err(|error| KeyFault::Token(error.to_string()));
        }
        PrivateKey::from_pkcs8(&self.pkcs8()?).map_err(|_| self.facts().err().unwrap_or(KeyFault::Kind))
    }

    /// The key as PKCS#8, DER, whatever the file is.
    ///
    /// # Errors
    /// Why there is none.
    pub fn pkcs8(&self) -> Result<Zeroizing<Vec<u8>>, KeyFault> {
        if self.in_token().is_some() {
            return Err(KeyFault::Stays);
        }
        sniff::private_key(self.bytes()?, None).map_err(|error| match error {
            Pkcs8Error::Encrypted => KeyFault::Encrypted,
            Pkcs8Error::Missing(others) if others.is_empty() => {
                KeyFault::NotAKey("it holds other things".to_owned())
            }
            Pkcs8Error::Missing(others) => KeyFault::NotAKey(format!("it holds {others}")),
            error => {
                self.facts().err().unwrap_or_else(|| KeyFault::Unusable(format!("cannot be used: {error}")))
            }
        })
    }

    /// The text of the file, as it is, when it is PEM that this program reads, or names a key in a token; any other
    /// encoding becomes PEM of PKCS#8.
    ///
    /// # Errors
    /// When it cannot be read.
    pub fn text(&self) -> Result<Zeroizing<String>, KeyFault> {
        match std::str::from_utf8(self.bytes()?) {
            Ok(text) if self.in_token().is_some() || PrivateKey::from_pem(text).is_ok() => {
                Ok(Zeroizing::new(text.to_owned()))
            }
            _ => pkcs8::to_pem(&self.pkcs8()?).map_err(|_| KeyFault::Kind),
        }
    }

    fn bytes(&self) -> Result<&[u8], KeyFault> {
        match &self.0 {
            Part::Missing => Err(KeyFault::Missing),
            Part::Denied => Err(KeyFault::Denied),
            Part::Unusable(why) => Err(KeyFault::Unusable(why.clone())),
            Part::Read { bytes, .. } if bytes.iter().all(u8::is_ascii_whitespace) => Err(KeyFault::Empty),
            Part::Read { bytes, .. } => Ok(bytes),
        }
    }
}

impl CertificateFile {
    /// Of an open directory.
    #[must_use]
    pub fn of(folder: &Folder) -> Self {
        Self(folder.read(Path::new(CERTIFICATE_FILE), LIMIT))
    }

    /// The certificates, leaf first; at least one. One alone may be DER.
    ///
    /// # Errors
    /// Why there is none.
    pub fn chain(&self) -> Result<Vec<Certificate>, CertificateFault> {
        let mut chain = sniff::certificates(self.bytes()?, None)
            .map_err(|error| CertificateFault::Garbage(error.to_string()))?;
        // Some programs write the root first: the first certificate that is no CA moves to the front.
        let own = chain.iter().position(|one| !one.is_ca);
        if let Some(own) = own {
            chain[..=own].rotate_right(1);
        }
        Ok(chain)
    }

    /// The bytes of the file, as they are.
    ///
    /// # Errors
    /// When it cannot be read, or holds nothing.
    pub fn bytes(&self) -> Result<&[u8], CertificateFault> {
        match &self.0 {
            Part::Missing => Err(CertificateFault::Missing),
            Part::Denied => Err(CertificateFault::Denied),
            Part::Unusable(why) => Err(CertificateFault::Unusable(why.clone())),
            Part::Read { bytes, .. } if bytes.iter().all(u8::is_ascii_whitespace) => {
                Err(CertificateFault::Empty)
            }
            Part::Read { bytes, .. } => Ok(bytes),
        }
    }
}
