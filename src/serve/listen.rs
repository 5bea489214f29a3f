//! Sockets: bound before anything else is done, served until told to stop, drained for a while then.

use std::{
    fs::File,
    io::{self, Read},
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    sync::Arc,
};

use axum::Router;
use rustls::pki_types::{CertificateDer, PrivateKeyDer};
use zeroize::Zeroizing;

use super::{
    accept,
    encryption::{self, ClientDoor, Encryption, Own, ServerPair},
    process,
    routes::router,
    state::Settings,
};
use crate::{authority::Authority, pki::sniff};

/// The server cannot start.
#[derive(Debug, thiserror::Error)]
pub enum ServeError {
    #[error("cannot listen on {address}: {source}")]
    Listen { address: SocketAddr, source: io::Error },
    #[error("the TLS file {} cannot be used: {reason}", .path.display())]
    Tls { path: PathBuf, reason: String },
    #[error("the server stopped: {0}")]
    Stopped(#[from] io::Error),
}

/// A socket that listens, and how to speak on it. Nothing is answered yet.
#[derive(Debug)]
pub struct Bound {
    listener: TcpListener,
    address: SocketAddr,
    tls: Option<ServerPair>,
    /// The authority issues the server's certificate.
    certified: bool,
    /// Connections that the system gives files for.
    most: usize,
}

/// Listens on `address`; port 0 takes a free one. `tls` is a PEM certificate chain and its key.
///
/// # Errors
/// When the address is taken or not ours, or the TLS files do not fit.
pub fn bind(address: SocketAddr, tls: Option<&(PathBuf, PathBuf)>) -> Result<Bound, ServeError> {
    let tls = tls.map(|(chain, key)| read_pair(chain, key)).transpose()?;
    let listen = |source| ServeError::Listen { address, source };
    let listener = TcpListener::bind(address).map_err(listen)?;
    listener.set_nonblocking(true).map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    Ok(Bound { listener, address, tls, certified: false, most: process::connections() })
}

impl Bound {
    /// The address with its real port.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:8000`, without a slash at the end.
    #[must_use]
    pub fn url(&self) -> String {
        let scheme = if self.is_encrypted() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Traffic is encrypted.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.tls.is_some() || self.certified
    }

    /// Encrypted in any case: without files, with a certificate that the authority issues.
    #[must_use]
    pub fn certified(mut self) -> Self {
        self.certified = self.tls.is_none();
        self
    }

    /// Answers requests until `stop` resolves, then finishes those under way, for ten seconds at most.
    ///
    /// # Errors
    /// When the socket fails.
    pub async fn serve(
        self,
        authority: Arc<Authority>,
        settings: Settings,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServeError> {
        let bounds = (settings.patience, settings.connections.unwrap_or(self.most));
        let failed = |why: String| ServeError::Stopped(io::Error::other(why));
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        let own = match self.tls {
            Some(pair) => Some(Own::Files(pair)),
            None if self.certified => Some(Own::Authority(settings.server_names.clone())),
            None => None,
        };
        let encryption = match own {
            None => None,
            Some(Own::Files(pair)) if settings.est.is_none() => {
                Some(Encryption::Plain(encryption::config(pair, None).map_err(failed)?))
            }
            Some(own) => {
                let door = Encryption::Clients(Arc::new(ClientDoor::new(Arc::clone(&authority), own)));
                // A configuration of TLS that cannot work is reported now, not to the first client.
                door.acceptor().await.map_err(failed)?;
                Some(door)
            }
        };
        accept::serve(listener, encryption, router(authority, settings), bounds, stop).await;
        Ok(())
    }
}

impl Bound {
    /// Answers the requests of another face than the platform's, in the same way.
    pub(super) async fn serve_router(
        self,
        encryption: Encryption,
        router: Router,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServeError> {
        let failed = |why: String| ServeError::Stopped(io::Error::other(why));
        // A configuration of TLS that cannot work is reported now, not to the first client.
        encryption.acceptor().await.map_err(failed)?;
        let bounds = (Settings::default().patience, self.most);
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        accept::serve(listener, Some(encryption), router, bounds, stop).await;
        Ok(())
    }
}
/// Octets that are read of a file at most; the chain and the key of a server have less.
const LIMIT: u64 = 1024 * 1024;

fn read_pair(chain: &Path, key: &Path) -> Result<ServerPair, ServeError> {
    let bad = |path: &Path, reason: String| ServeError::Tls { path: path.to_owned(), reason };
    let read = |path: &Path| -> Result<Zeroizing<Vec<u8>>, ServeError> {
        let mut bytes = Zeroizing::new(Vec::new());
        let file = File::open(path).and_then(|file| file.take(LIMIT).read_to_end(&mut bytes));
        file.map_err(|error| bad(path, error.to_string()))?;
        Ok(bytes)
    };
    let certificates =
        sniff::certificates(&read(chain)?, None).map_err(|error| bad(chain, error.to_string()))?;
    let certificates = certificates.iter().map(|one| CertificateDer::from(one.der().to_vec())).collect();
    let private = sniff::private_key(&read(key)?, None).map_err(|error| bad(key, error.to_string()))?;
    let pair = ServerPair { chain: certificates, key: PrivateKeyDer::Pkcs8(private.to_vec().into()) };
    encryption::config(pair.clone(), None).map_err(|reason| bad(chain, reason))?;
    Ok(pair)
}
