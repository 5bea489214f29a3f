//! The settings of the client, already decided.

use std::{fmt, time::Duration};

use zeroize::Zeroizing;

use super::Address;
use crate::{
    pki::{certificate::Certificate, fingerprint::Fingerprint},
    platform::Holder,
};

/// Address of an EST server, and the login there.
pub struct Options {
    pub address: Address,
    pub user: Option<String>,
    pub secret: Option<Zeroizing<String>>,
    /// A pair of another CA that the server trusts, shown for first certificates.
    pub bootstrap: Option<Holder>,
    /// DER certificates trusted for the server's TLS **in addition to** the system's.
    pub cacerts: Vec<Vec<u8>>,
    /// The CA certificate with this fingerprint is the root; it also decides the trust before any root is known.
    pub pin: Option<Fingerprint>,
    /// The fingerprint of the next root, when it may take the place of the one that is known.
    pub accept: Option<Fingerprint>,
    /// The roots that the fleet trusts already.
    pub known: Vec<Certificate>,
    /// The user chose the kind of key, so the server's wish for one does not count.
    pub key_is_chosen: bool,
    /// The longest wait for an approval within one run.
    pub patience: Duration,
    /// The longest time until a connection stands, TLS included.
    pub connect_timeout: Duration,
    /// The longest time from the start of a request to the last byte of its answer.
    pub timeout: Duration,
    /// The first pause before a repeated read.
    pub retry_delay: Duration,
}

impl Options {
    /// 10 s to connect, 60 s a request; no credentials, nothing known.
    #[must_use]
    pub fn new(address: Address) -> Self {
        Self {
            address,
            user: None,
            secret: None,
            bootstrap: None,
            cacerts: Vec::new(),
            pin: None,
            accept: None,
            known: Vec::new(),
            key_is_chosen: false,
            patience: Duration::ZERO,
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(60),
            retry_delay: Duration::from_millis(200),
        }
    }
}

impl fmt::Debug for Options {
    /// Prints neither the secret nor the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("address", &self.address)
            .field("user", &self.user)
            .field("secret", &self.secret.as_ref().map(|_| "..."))
            .field("bootstrap", &self.bootstrap)
            .field("cacerts", &self.cacerts.len())
            .field("pin", &self.pin)
            .field("known", &self.known.len())
            .field("connect_timeout", &self.connect_timeout)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
