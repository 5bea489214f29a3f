//! The certificates a TLS server presents, not verified.

mod address;
mod handshake;
mod recorder;
#[cfg(test)]
mod tests;

use std::{
    fmt, io,
    net::{SocketAddr, TcpStream, ToSocketAddrs},
    sync::{Arc, mpsc},
    thread,
    time::{Duration, Instant},
};

pub use address::{AddressError, Endpoint};
use recorder::Recorder;
use rustls::{
    ClientConfig, ClientConnection,
    pki_types::{CertificateDer, PrivateKeyDer, ServerName},
};

use crate::pki::tls_words;

/// How to ask.
#[derive(Debug)]
pub struct Options {
    /// The name to ask for (SNI) in place of the host's.
    pub server_name: Option<String>,
    /// Limit for name, connection and handshake together.
    pub timeout: Duration,
    /// The client certificate for a server that requests one.
    pub client: Option<Identity>,
}

impl Default for Options {
    fn default() -> Self {
        Self { server_name: None, timeout: Duration::from_secs(10), client: None }
    }
}

/// A client certificate, leaf first, and its key.
pub struct Identity {
    pub chain: Vec<CertificateDer<'static>>,
    pub key: PrivateKeyDer<'static>,
}

impl Clone for Identity {
    fn clone(&self) -> Self {
        Self { chain: self.chain.clone(), key: self.key.clone_key() }
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").field("chain", &self.chain.len()).finish_non_exhaustive()
    }
}

/// Certificates that a server presented, and facts of the handshake. The certificates are not verified; only
/// `key_proven` rests on a check.
#[derive(Clone, Debug)]
pub struct Presented {
    /// DER, in the order they came; the first is the server's own.
    pub chain: Vec<Vec<u8>>,
    /// The address that answered.
    pub address: SocketAddr,
    /// `TLS 1.3`; unknown when the handshake ended too early.
    pub protocol: Option<String>,
    /// The IANA name of the cipher suite.
    pub cipher: Option<String>,
    /// The server holds the private key of the first certificate.
    pub key_proven: bool,
    /// Why the handshake ended after the certificates: often a server that wants one from us.
    pub broken_off: Option<String>,
}

/// Reasons why a server gave no certificates.
#[derive(Debug, thiserror::Error)]
pub enum EndpointError {
    #[error("{0} is neither a DNS name nor an IP address that TLS can ask for")]
    ServerName(String),
    #[error("the name {host} cannot be resolved: {error}")]
    Resolve { host: String, error: io::Error },
    #[error("no connection: {0}")]
    Connect(io::Error),
    #[error("no answer within {} seconds", .0.as_secs_f32())]
    Timeout(Duration),
    /// The server answers with another protocol than TLS.
    #[error("the server has no TLS on this port: {0}")]
    NotTls(String),
    #[error("the server closed the connection before it showed a certificate")]
    Closed,
    #[error("the TLS handshake failed before a certificate came: {0}")]
    Tls(String),
    #[error("the client certificate cannot be used: {}", tls_words::fault(.0))]
    Identity(rustls::Error),
}

/// Connects, and ends as soon as the certificates are there and the handshake is over.
///
/// Blocks up to the timeout.
///
/// # Errors
/// When no certificate came.
pub fn fetch(endpoint: &Endpoint, options: Options) -> Result<Presented, EndpointError> {
    let deadline = Deadline { at: Instant::now() + options.timeout, timeout: options.timeout };
    let wanted = options.server_name.unwrap_or_else(|| endpoint.host.clone());
    let name = ServerName::try_from(wanted.clone()).map_err(|_| EndpointError::ServerName(wanted))?;
    let recorder = Arc::new(Recorder::new());
    let config = configure(&recorder, options.client)?;
    let connection = ClientConnection::new(Arc::new(config), name)
        .map_err(|error| EndpointError::Tls(tls_words::fault(&error)))?;
    let (stream, address) = connect(&endpoint.host, endpoint.port, deadline)?;
    handshake::run(connection, stream, address, &recorder, deadline)
}

fn configure(recorder: &Arc<Recorder>, client: Option<Identity>) -> Result<ClientConfig, EndpointError> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| EndpointError::Tls(tls_words::fault(&error)))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(recorder) as _);
    match client {
        Some(Identity { chain, key }) => {
            builder.with_client_auth_cert(chain, key).map_err(EndpointError::Identity)
        }
        None => Ok(builder.with_no_client_auth()),
    }
}

/// The common deadline of name, connection and handshake.
#[derive(Clone, Copy, Debug)]
struct Deadline {
    at: Instant,
    timeout: Duration,
}

impl Deadline {
    /// Time until the deadline. It is never zero, because a socket takes zero for "no limit".
    fn left(self) -> Result<Duration, EndpointError> {
        let left = self.at.saturating_duration_since(Instant::now());
        if left.is_zero() { Err(self.passed()) } else { Ok(left) }
    }

    fn passed(self) -> EndpointError {
        EndpointError::Timeout(self.timeout)
    }
}

/// Tries the addresses of the name in order.
fn connect(host: &str, port: u16, deadline: Deadline) -> Result<(TcpStream, SocketAddr), EndpointError> {
    let addresses = resolve(host, port, deadline)?;
    let count = u32::try_from(addresses.len()).unwrap_or(u32::MAX);
    let mut last = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for (tried, address) in (0..).zip(addresses) {
        // An address that swallows packets must not eat the time of the others.
        let share = deadline.left()? / (count - tried).max(1);
        match TcpStream::connect_timeout(&address, share) {
            Ok(stream) => return Ok((stream, address)),
            Err(error) => last = error,
        }
    }
    match last.kind() {
        io::ErrorKind::TimedOut | io::ErrorKind::WouldBlock => Err(deadline.passed()),
        _ => Err(EndpointError::Connect(last)),
    }
}

/// The system's resolver knows no time limit, so it is asked on a thread of its own.
fn resolve(host: &str, port: u16, deadline: Deadline) -> Result<Vec<SocketAddr>, EndpointError> {
    let (sender, receiver) = mpsc::channel();
    let name = host.to_owned();
    thread::spawn(move || {
        // The receiver is gone when the deadline has passed, and then the answer is not needed.
        let _ = sender.send((name.as_str(), port).to_socket_addrs().map(Vec::from_iter));
    });
    match receiver.recv_timeout(deadline.left()?) {
        Ok(answer) => answer.map_err(|error| EndpointError::Resolve { host: host.to_owned(), error }),
        Err(_) => Err(deadline.passed()),
    }
}
