//! Sockets: bound before anything else is done, served until told to stop, drained for a while then.

use std::{
    fs::File,
    io::{self, Read},
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    sync::Arc,
};

use rustls::{
    ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer},
};
use zeroize::Zeroizing;

use super::{accept, process, routes::router, state::Settings};
use crate::{
    authority::Authority,
    pki::{sniff, tls_words},
};

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
    tls: Option<Arc<ServerConfig>>,
    /// Connections that the system gives files for.
    most: usize,
}

/// Listens on `address`; port 0 takes a free one. `tls` is a PEM certificate chain and its key.
///
/// # Errors
/// When the address is taken or not ours, or the TLS files do not fit.
pub fn bind(address: SocketAddr, tls: Option<&(PathBuf, PathBuf)>) -> Result<Bound, ServeError> {
    let tls = tls.map(|(chain, key)| tls_config(chain, key)).transpose()?;
    let listen = |source| ServeError::Listen { address, source };
    let listener = TcpListener::bind(address).map_err(listen)?;
    listener.set_nonblocking(true).map_err(listen)?;
    let address = listener.local_addr().map_err(listen)?;
    Ok(Bound { listener, address, tls, most: process::connections() })
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
        let scheme = if self.tls.is_some() { "https" } else { "http" };
        format!("{scheme}://{}", self.address)
    }

    /// Traffic is encrypted.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.tls.is_some()
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
        let listener = tokio::net::TcpListener::from_std(self.listener)?;
        accept::serve(listener, self.tls, router(authority, settings), bounds, stop).await;
        Ok(())
    }
}

/// The chain and key of a server have less.
const LIMIT: u64 = 1024 * 1024;

fn tls_config(chain: &Path, key: &Path) -> Result<Arc<ServerConfig>, ServeError> {
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
    let private = PrivateKeyDer::Pkcs8(private.to_vec().into());
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| bad(chain, tls_words::fault(&error)))?
        .with_no_client_auth()
        .with_single_cert(certificates, private)
        .map_err(|error| bad(chain, tls_words::fault(&error)))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
