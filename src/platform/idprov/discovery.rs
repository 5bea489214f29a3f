//! Provisioning servers on the local network: DNS-SD over multicast DNS. A server that is found is a proposal; trust
//! comes from a fingerprint, a root that is known, or a secret.

use std::{
    collections::BTreeMap,
    net::{IpAddr, SocketAddr},
    time::Duration,
};

use mdns_sd::{ResolvedService, ServiceDaemon, ServiceEvent};
use tokio::time::{Instant, timeout_at};

use super::Address;
use crate::{
    pki::idprov::{DIRECTORY_PATH, SERVICE_TYPE},
    platform::{ErrorKind, PlatformError},
};

/// Servers that are remembered, at most.
const MOST: usize = 256;

/// Octets of the longest path that is accepted.
const LONGEST_PATH: usize = 256;

/// A server as it announces itself. Everything in it is unchecked: escape it before a terminal sees it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Found {
    /// The instance name of its service.
    pub instance: String,
    pub host: String,
    /// The addresses, IPv4 first.
    pub addresses: Vec<IpAddr>,
    pub port: u16,
    /// The path of its directory.
    pub directory: String,
}

impl Found {
    /// The address at which the server is reached.
    #[must_use]
    pub fn address(&self) -> Option<Address> {
        let at = SocketAddr::new(*self.addresses.first()?, self.port);
        Address::found(at, &self.directory)
    }
}

/// All servers that answer within `time`, by name.
///
/// # Errors
/// When multicast DNS cannot be spoken here.
pub async fn search(time: Duration) -> Result<Vec<Found>, PlatformError> {
    let failed = |error: mdns_sd::Error| {
        PlatformError::new(ErrorKind::Unreachable, format!("the local network cannot be searched: {error}"))
            .hint("name the server: --idprov HOST[:PORT]")
    };
    let daemon = ServiceDaemon::new().map_err(failed)?;
    let events = daemon.browse(SERVICE_TYPE).map_err(failed)?;
    let until = Instant::now() + time;
    let mut found: BTreeMap<String, Found> = BTreeMap::new();
    // Its addresses come as parts of the service; a receiver that is dropped ends the question.
    let mut asked = BTreeMap::new();
    while let Ok(Ok(event)) = timeout_at(until, events.recv_async()).await {
        match event {
            // It comes in parts: an address now, another one later.
            ServiceEvent::ServiceResolved(service) if found.len() < MOST => {
                let server = read(&service);
                // An answer over IPv6 may hold a link-local address only, and a responder that has just answered
                // over IPv4 says nothing there for a second (RFC 6762, 6).
                if server.addresses.is_empty() && asked.len() < MOST && !asked.contains_key(&service.host) {
                    asked.extend(
                        daemon.resolve_hostname(&service.host, None).map(|r| (service.host.clone(), r)),
                    );
                }
                found.insert(service.fullname.clone(), server);
            }
            ServiceEvent::ServiceRemoved(_, fullname) => drop(found.remove(&fullname)),
            _ => {}
        }
    }
    let _ = daemon.shutdown();
    Ok(found.into_values().filter(|found| !found.addresses.is_empty()).collect())
}

/// The server, when exactly one answers.
pub(super) async fn only_one(time: Duration) -> Result<Address, PlatformError> {
    let found = search(time).await?;
    let unusable = |text: &str| PlatformError::new(ErrorKind::Unreachable, text);
    match found.as_slice() {
        [one] => one.address().ok_or_else(|| unusable("the server that answered has no usable address")),
        [] => Err(unusable("no provisioning server was found on this network")
            .hint("name it: --idprov HOST[:PORT]; multicast DNS does not cross routers")),
        several => {
            let names: Vec<String> =
                several.iter().filter_map(|found| Some(found.address()?.to_string())).collect();
            let text =
                format!("{} servers offer provisioning on this network: {}", several.len(), names.join(", "));
            Err(PlatformError::new(ErrorKind::Rejected, text)
                .hint("name the one that is meant: --idprov HOST[:PORT]"))
        }
    }
}

fn read(service: &ResolvedService) -> Found {
    let suffix = format!(".{SERVICE_TYPE}");
    let mut addresses: Vec<IpAddr> = service.addresses.iter().map(mdns_sd::ScopedIp::to_ip_addr).collect();
    // A link-local address cannot be used without its interface.
    addresses.retain(|address| !matches!(address, IpAddr::V6(v6) if v6.is_unicast_link_local()));
    addresses.sort_unstable_by_key(|address| (address.is_ipv6(), *address));
    // The Go programs write the first key, later texts of the standard the second.
    let path =
        ["path", "directory"].into_iter().find_map(|key| service.txt_properties.get_property_val_str(key));
    let path = path.filter(|path| is_path(path)).unwrap_or(DIRECTORY_PATH);
    Found {
        instance: service.fullname.strip_suffix(&suffix).unwrap_or(&service.fullname).to_owned(),
        host: service.host.trim_end_matches('.').to_owned(),
        addresses,
        port: service.port,
        directory: path.to_owned(),
    }
}

fn is_path(text: &str) -> bool {
    let plain = |c: char| c.is_ascii_alphanumeric() || matches!(c, '/' | '-' | '_' | '.' | '~');
    text.starts_with('/') && !text.starts_with("//") && text.len() <= LONGEST_PATH && text.chars().all(plain)
}
