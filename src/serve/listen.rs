//! Sockets: bound before anything else is done, served until told to stop, drained for a while then.

use std::{
    fs::File,
    io::{self, BufReader},
    net::{SocketAddr, TcpListener},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use axum_server::{
    Handle, Server,
    accept::NoDelayAcceptor,
    tls_rustls::{RustlsAcceptor, RustlsConfig},
};
use hyper_util::rt::TokioTimer;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};

use super::{routes::router, state::Settings};
use crate::authority::Authority;

/// How long a client may take to send the head of a request; a connection that idles longer is closed, too.
const HEADER_PATIENCE: Duration = Duration::from_secs(30);

/// How long requests under way may take once the server is told to stop.
const DRAIN: Duration = Duration::from_secs(10);

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
    tls: Option<RustlsConfig>,
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
    Ok(Bound { listener, address, tls })
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
        let service = router(authority, settings).into_make_service_with_connect_info::<SocketAddr>();
        let handle = Handle::new();
        let stopping = handle.clone();
        tokio::spawn(async move {
            stop.await;
            stopping.graceful_shutdown(Some(DRAIN));
        });
        let mut server = axum_server::from_tcp(self.listener)?.handle(handle).http1_only();
        patience(&mut server);
        let plain = NoDelayAcceptor::new();
        match self.tls {
            None => server.acceptor(plain).serve(service).await?,
            Some(config) => server.acceptor(RustlsAcceptor::new(config).acceptor(plain)).serve(service).await?,
        }
        Ok(())
    }
}

/// A head that comes a byte at a time is not waited for.
fn patience(server: &mut Server<SocketAddr>) {
    server.http_builder().http1().timer(TokioTimer::new()).header_read_timeout(HEADER_PATIENCE);
}

fn tls_config(chain: &Path, key: &Path) -> Result<RustlsConfig, ServeError> {
    let bad = |path: &Path, reason: String| ServeError::Tls { path: path.to_owned(), reason };
    let open = |path: &Path| File::open(path).map(BufReader::new).map_err(|error| bad(path, error.to_string()));
    let certificates: Vec<CertificateDer<'static>> = CertificateDer::pem_reader_iter(open(chain)?)
        .collect::<Result<_, _>>()
        .map_err(|error| bad(chain, error.to_string()))?;
    let private = PrivateKeyDer::from_pem_reader(open(key)?).map_err(|error| bad(key, error.to_string()))?;
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| bad(chain, error.to_string()))?
        .with_no_client_auth()
        .with_single_cert(certificates, private)
        .map_err(|error| bad(chain, error.to_string()))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(RustlsConfig::from_config(Arc::new(config)))
}
