//! From a name to a TCP connection.

use std::{
    io,
    net::SocketAddr,
    time::{Duration, Instant},
};

use tokio::{net, time};

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum NetworkError {
    #[error("{0}")]
    Resolve(String),
    /// The host answers, and the port is closed.
    #[error("connection refused by {0}")]
    Refused(SocketAddr),
    #[error("{0} does not answer")]
    Silent(SocketAddr),
    #[error("{address} cannot be reached: {error}")]
    Unreachable { address: SocketAddr, error: io::Error },
}

/// The addresses of a name, in the order of the system's resolver; at least one.
///
/// # Errors
/// When the resolver knows no address.
pub async fn resolve(host: &str, port: u16) -> Result<Vec<SocketAddr>, NetworkError> {
    match net::lookup_host((host, port)).await.map(Vec::from_iter) {
        Ok(addresses) if addresses.is_empty() => Err(NetworkError::Resolve("it has no address".to_owned())),
        Ok(addresses) => Ok(addresses),
        Err(error) => Err(NetworkError::Resolve(plain(&error))),
    }
}

/// The resolver's words without the name of its function and the system's number.
fn plain(error: &io::Error) -> String {
    let text = error.to_string();
    let text = text.rsplit_once("address information: ").map_or(text.as_str(), |(_, words)| words);
    let mut letters = text.chars();
    letters.next().map(|first| first.to_lowercase().chain(letters).collect()).unwrap_or_default()
}

/// Tries the addresses in order until `until`; one that swallows packets does not eat the time of the others.
///
/// # Errors
/// The failure of the last address.
pub async fn connect(
    addresses: &[SocketAddr],
    until: Instant,
) -> Result<(net::TcpStream, SocketAddr), NetworkError> {
    let mut last = NetworkError::Resolve("it has no address".to_owned());
    for (index, &address) in addresses.iter().enumerate() {
        let others = u32::try_from(addresses.len() - index).unwrap_or(u32::MAX).max(1);
        let share = until.saturating_duration_since(Instant::now()) / others;
        last = match time::timeout(share.max(Duration::from_millis(1)), net::TcpStream::connect(address)).await
        {
            Ok(Ok(stream)) => {
                // Small packets one after the other: waiting for more only makes each of them late.
                let _ = stream.set_nodelay(true);
                return Ok((stream, address));
            }
            Ok(Err(error)) => match error.kind() {
                io::ErrorKind::ConnectionRefused => NetworkError::Refused(address),
                io::ErrorKind::TimedOut => NetworkError::Silent(address),
                _ => NetworkError::Unreachable { address, error },
            },
            Err(_) => NetworkError::Silent(address),
        };
    }
    Err(last)
}
