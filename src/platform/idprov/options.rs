//! The settings of the client, already decided.

use std::{collections::HashMap, fmt, time::Duration};

use zeroize::Zeroizing;

use super::Address;
use crate::{
    device_id::DeviceId,
    pki::{certificate::Certificate, fingerprint::Fingerprint},
};

/// The server that is asked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    At(Address),
    /// The only one that is found on the local network.
    Found,
}

/// The address of a server, the secrets for it, and the limits of requests.
pub struct Options {
    pub target: Target,
    /// The out-of-band secrets of devices.
    pub secrets: HashMap<DeviceId, Zeroizing<String>>,
    /// DER certificates, of which one has to lead to the server's.
    pub cacerts: Vec<Vec<u8>>,
    /// The root of the directory must have this fingerprint.
    pub pin: Option<Fingerprint>,
    /// The fingerprint of the next root, when it may take the place of the one that is known.
    pub accept: Option<Fingerprint>,
    /// The roots that the fleet trusts already.
    pub known: Vec<Certificate>,
    /// The longest wait for the approval of a device within one run.
    pub patience: Duration,
    /// The wait for answers to a search on the network.
    pub search: Duration,
    /// The longest time until a connection stands, TLS included.
    pub connect_timeout: Duration,
    /// The longest time from the start of a request to the last byte of its answer.
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
    /// Prints no secret.
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
