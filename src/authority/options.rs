//! How an authority is set up.

use std::{fmt, sync::Arc, time::Duration};

use zeroize::Zeroizing;

use super::{database::Database, partition::Partitions};
use crate::{
    keys::KeyStore,
    pki::{key::KeySpec, time::Time},
};

/// Where the authority reads the time. Tests hand in their own.
pub type Clock = Arc<dyn Fn() -> Time + Send + Sync>;

/// The system's clock.
#[must_use]
pub fn system_clock() -> Clock {
    Arc::new(|| Time::from(std::time::SystemTime::now()))
}

/// The kinds of key an authority signs with. Chosen when it is created, fixed from then on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CaKey {
    /// ECDSA on P-256: fast, and taken by every broker.
    #[default]
    P256,
    /// RSA with 4096 bits, as the platform's own CA has; a hundred times slower.
    Rsa4096,
}

impl From<CaKey> for KeySpec {
    fn from(key: CaKey) -> Self {
        match key {
            CaKey::P256 => Self::P256,
            CaKey::Rsa4096 => Self::Rsa4096,
        }
    }
}

/// Profile of the certificates that are issued.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum CertificateProfile {
    /// For TLS clients and servers; says where to ask about revocation.
    #[default]
    Certreq,
    /// As the platform's CA issues them: for e-mail protection, too; with a freshest list, without an OCSP responder;
    /// valid until a full minute.
    Dojot,
}

/// Everything an authority is told when it is opened.
#[derive(Clone)]
pub struct Options {
    /// The kind of key a new authority gets; an existing one keeps its own.
    pub key: CaKey,
    /// Where the key of a new authority is made.
    pub store: KeyStore,
    /// Encrypts the CA key of a new authority, and opens that of an existing one.
    pub passphrase: Option<Zeroizing<String>>,
    /// How long an issued certificate is valid.
    pub lifetime: Duration,
    /// From thisUpdate to nextUpdate of a revocation list and of an OCSP answer.
    pub crl_lifetime: Duration,
    /// A new revocation list is made no more often than this, whatever was revoked meanwhile; `None` makes one as soon
    /// as something was revoked.
    pub crl_publish_every: Option<Duration>,
    /// In how many parts revocation lists are; `None` for as many as there are, 1 for a new authority.
    pub crl_partitions: Option<Partitions>,
    /// Profile of the certificates that are issued.
    pub profile: CertificateProfile,
    /// Where the authority's own HTTP face is reached, without a final slash; goes into issued certificates.
    pub public_url: Option<String>,
    /// Which database keeps the records.
    pub database: Database,
    pub clock: Clock,
}

impl Default for Options {
    fn default() -> Self {
        const DAY: Duration = Duration::from_secs(24 * 60 * 60);
        Self {
            key: CaKey::default(),
            store: KeyStore::File,
            passphrase: None,
            lifetime: DAY * 365,
            crl_lifetime: DAY,
            crl_publish_every: None,
            crl_partitions: None,
            profile: CertificateProfile::default(),
            public_url: None,
            database: Database::default(),
            clock: system_clock(),
        }
    }
}

impl fmt::Debug for Options {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("key", &self.key)
            .field("store", &self.store)
            .field("lifetime", &self.lifetime)
            .field("crl_lifetime", &self.crl_lifetime)
            .field("crl_publish_every", &self.crl_publish_every)
            .field("crl_partitions", &self.crl_partitions)
            .field("profile", &self.profile)
            .field("public_url", &self.public_url)
            .field("database", &self.database)
            .finish_non_exhaustive()
    }
}
