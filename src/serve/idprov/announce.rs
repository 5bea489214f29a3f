//! The announcement on the local network: DNS-SD over multicast DNS, with a goodbye at the end.

use std::{net::SocketAddr, time::Duration};

use mdns_sd::{ServiceDaemon, ServiceInfo};
use tokio::time::timeout;

use crate::pki::idprov::{DIRECTORY_PATH, SERVICE_TYPE};

/// How long the goodbye may take.
const FAREWELL: Duration = Duration::from_secs(2);

/// A service that is announced until its end.
pub struct Announcement {
    daemon: ServiceDaemon,
    fullname: String,
}

impl std::fmt::Debug for Announcement {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Announcement").field("fullname", &self.fullname).finish_non_exhaustive()
    }
}

impl Announcement {
    /// Announces a directory at `address` under `name`; another server of this name on the network makes it
    /// `name (2)`. `host` is the machine's name, one label.
    ///
    /// # Errors
    /// When multicast DNS cannot be spoken here.
    pub fn begin(name: &str, host: &str, address: SocketAddr) -> Result<Self, String> {
        let failed = |error: mdns_sd::Error| error.to_string();
        // The Go programs read the first key, later texts of the standard the second.
        let keys = [("path", DIRECTORY_PATH), ("directory", DIRECTORY_PATH)];
        let host = format!("{host}.local.");
        let (everywhere, ip) = (address.ip().is_unspecified(), address.ip().to_string());
        let ip = if everywhere { "" } else { ip.as_str() };
        let service =
            ServiceInfo::new(SERVICE_TYPE, name, &host, ip, address.port(), &keys[..]).map_err(failed)?;
        let service = if everywhere { service.enable_addr_auto() } else { service };
        let fullname = service.get_fullname().to_owned();
        let daemon = ServiceDaemon::new().map_err(failed)?;
        daemon.register(service).map_err(failed)?;
        Ok(Self { daemon, fullname })
    }

    /// Says goodbye.
    pub async fn end(self) {
        if let Ok(told) = self.daemon.unregister(&self.fullname) {
            // A listener that does not hear it forgets the service by itself, later.
            let _ = timeout(FAREWELL, told.recv_async()).await;
        }
        if let Ok(ended) = self.daemon.shutdown() {
            let _ = timeout(FAREWELL, ended.recv_async()).await;
        }
    }
}
