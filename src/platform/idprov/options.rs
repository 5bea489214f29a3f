//! Everything the client needs to know, already decided.

use std::{collections::HashMap, fmt, time::Duration};

use zeroize::Zeroizing;

use super::Address;
use crate::{
    device_id::DeviceId,
    pki::{certificate::Certificate, fingerprint::Fingerprint},
};

/// Which server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    At(Address),
    /// The only one that is found on the local network.
    Found,
}

/// How to reach a server, and with which secrets.
pub struct Options {
    pub target: Target,
    /// The out-of-band secrets of devices.
    pub secrets: HashMap<DeviceId, Zeroizing<String>>,
    /// DER certificates, of which one has to lead to the server's.
    pub cacerts: Vec<Vec<u8>>,
    /// The root of the directory must have this fingerprint.
    pub pin: Option<Fingerprint>,
    /// The next root, when it may take the place of the one that is known.
    pub accept: Option<Fingerprint>,
    /// The roots that the fleet trusts already.
    pub known: Vec<Certificate>,
    /// How long a device that waits is asked for again within one run.
    pub patience: Duration,
    /// How long answers to a search on the network are waited for.
    pub search: Duration,
    /// Until a connection stands, TLS included.
    pub connect_timeout: Duration,
    /// From the start of a request to the last byte of its answer.
    pub timeout: Duration,
    /// The first pause before a repeated read.
    pub retry_delay: Duration,
}

impl Options {
    /// 10 s to connect, 60 s a request, 3 s to search; no secrets, nothing known.
    #[must_use]
    pub fn new(target: Target) -> Self {
        Self {
            target,
            secrets: HashMap::new(),
            cacerts: Vec::new(),
            pin: None,
            accept: None,
            known: Vec::new(),
            patience: Duration::ZERO,
            search: Duration::from_secs(3),
            connect_timeout: Duration::from_secs(10),
            timeout: Duration::from_secs(60),
            retry_delay: Duration::from_millis(200),
        }
    }
}

impl fmt::Debug for Options {
    /// No secret.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Options")
            .field("target", &self.target)
            .field("secrets", &self.secrets.len())
            .field("cacerts", &self.cacerts.len())
            .field("pin", &self.pin)
            .field("known", &self.known.len())
            .field("search", &self.search)
            .field("connect_timeout", &self.connect_timeout)
            .field("timeout", &self.timeout)
            .finish_non_exhaustive()
    }
}
