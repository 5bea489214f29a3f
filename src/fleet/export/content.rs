//! Contents of an exported file.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{
    Key, Material,
    token::{self, Software},
};
use crate::pki::{
    certificate::Certificate,
    pkcs8,
    pkcs12::{self, Encryption},
};

/// Contents, by the names templates and reports use.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Content {
    /// The private key, PKCS#8 PEM.
    Key,
    KeyDer,
    /// The device's certificate alone.
    Leaf,
    LeafDer,
    /// The device's certificate, then the intermediates, in the order of the path.
    Cert,
    /// The whole path: leaf, intermediates, root.
    Chain,
    /// Every root the fleet trusts, as `ca/ca.pem` has them.
    Root,
    /// The root of the path.
    RootDer,
    /// The intermediates, then every root.
    Bundle,
    /// The private key, then leaf and intermediates.
    Combined,
    /// Key and whole path in one PKCS#12 file.
    P12,
    /// The password of the PKCS#12 file, on a line.
    Password,
    /// Settings of the Mosquitto broker that name a key in a token.
    MosquittoToken,
    NginxToken,
    CurlToken,
    StrongswanToken,
    /// The revocation list of the fleet; left out when there is none.
    Crl,
}

/// Layouts for keys that stay in a token.
const TOKEN_LAYOUTS: [&str; 4] = ["curl-token", "mosquitto-token", "nginx-token", "strongswan-token"];

/// Password and encryption of PKCS#12 files.
#[derive(Debug)]
pub struct Sealing<'a> {
    pub password: &'a str,
    pub encryption: Encryption,
}

impl Content {
    /// True when a reader of the file can pose as the device.
    #[must_use]
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Key | Self::KeyDer | Self::Combined | Self::P12 | Self::Password)
    }

    /// True when the bytes are the same for every device of a fleet.
    pub(super) fn is_shared(self) -> bool {
        matches!(self, Self::Root | Self::RootDer | Self::Crl)
    }

    /// True when the content cannot be made without the root of the path.
    pub(super) fn needs_root(self) -> bool {
        matches!(self, Self::Chain | Self::Root | Self::RootDer | Self::Bundle)
    }

    /// The content in words for people.
    #[must_use]
    pub fn words(self) -> &'static str {
        match self {
            Self::Key => "private key",
            Self::KeyDer => "private key, DER",
            Self::Leaf => "certificate",
            Self::LeafDer => "certificate, DER",
            Self::Cert => "certificate, leaf first",
            Self::Chain => "certificate to root",
            Self::Root => "root",
            Self::RootDer => "root, DER",
            Self::Bundle => "authorities",
            Self::Combined => "private key, certificate",
            Self::P12 => "key and certificates, PKCS#12",
            Self::Password => "password of the PKCS#12",
            Self::MosquittoToken | Self::NginxToken | Self::CurlToken | Self::StrongswanToken => {
                "settings that name the key in its token"
            }
            Self::Crl => "revocation list",
        }
    }

    /// The bytes; `None` for a revocation list that is not there.
    ///
    /// # Errors
    /// The reason in words: a key that stays in its token, no password, or an encoding that failed.
    pub(super) fn bytes(
        self,
        of: &Material,
        sealing: Option<&Sealing<'_>>,
    ) -> Result<Option<Zeroizing<Vec<u8>>>, String> {
        let here = || here(&of.key);
        let key = || pkcs8::to_pem(here()?).map_err(|error| error.to_string());
        let bytes = match self {
            Self::Key => Zeroizing::new(key()?.as_bytes().to_vec()),
            Self::KeyDer => here()?.clone(),
            Self::Leaf => pem([&of.leaf]),
            Self::LeafDer => Zeroizing::new(of.leaf.der().to_vec()),
            Self::Cert => pem(of.presented()),
            Self::Chain => pem(of.path()),
            Self::Root => pem(&of.roots),
            Self::RootDer => {
                Zeroizing::new(of.root.as_ref().map(|root| root.der().to_vec()).unwrap_or_default())
            }
            Self::Bundle => pem(of.intermediates.iter().chain(&of.roots)),
            Self::Combined => {
                let (key, certificates) = (key()?, pem(of.presented()));
                // The buffer has its full size from the beginning: growing would leave a copy of the key behind.
                let mut bytes = Zeroizing::new(Vec::with_capacity(key.len() + certificates.len()));
                bytes.extend_from_slice(key.as_bytes());
                bytes.extend_from_slice(&certificates);
                bytes
            }
            Self::P12 => {
                let sealing = sealing.ok_or("a PKCS#12 file needs a password")?;
                let path: Vec<&Certificate> = of.path().collect();
                let sealed = pkcs12::seal(of.id.as_str(), here()?, &path, sealing.password, sealing.encryption);
                Zeroizing::new(sealed.map_err(|error| error.to_string())?)
            }
            Self::Password => {
                let sealing = sealing.ok_or("a PKCS#12 file needs a password")?;
                let mut line = Zeroizing::new(Vec::with_capacity(sealing.password.len() + 1));
                line.extend_from_slice(sealing.password.as_bytes());
                line.push(b'\n');
                line
            }
            Self::MosquittoToken => named(Software::Mosquitto, of)?,
            Self::NginxToken => named(Software::Nginx, of)?,
            Self::CurlToken => named(Software::Curl, of)?,
            Self::StrongswanToken => named(Software::StrongSwan, of)?,
            Self::Crl => match &of.revocation_list {
                Some(list) => Zeroizing::new(list.clone().into_bytes()),
                None => return Ok(None),
            },
        };
        Ok(Some(bytes))
    }
}

/// The key itself, which only a file has.
fn here(key: &Key) -> Result<&Zeroizing<Vec<u8>>, String> {
    match key {
        Key::Here(key) => Ok(key),
        Key::InToken(named) => Err(format!(
            "its private key is in {}, and cannot leave it; layouts that name it there: {}",
            named.uri.token_words(),
            TOKEN_LAYOUTS.join(", ")
        )),
    }
}

/// Settings that name a key, which only a token has.
fn named(software: Software, of: &Material) -> Result<Zeroizing<Vec<u8>>, String> {
    match &of.key {
        Key::InToken(named) => Ok(Zeroizing::new(token::settings(software, &of.id, named).into_bytes())),
        Key::Here(_) => Err("its private key is in a file; use a layout without -token".to_owned()),
    }
}

fn pem<'a>(certificates: impl IntoIterator<Item = &'a Certificate>) -> Zeroizing<Vec<u8>> {
    Zeroizing::new(certificates.into_iter().map(Certificate::to_pem).collect::<String>().into_bytes())
}
