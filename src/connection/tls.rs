//! The handshake with a pair, and its result: also after it, where TLS 1.3 tells a client that it was refused.

use std::{
    future::poll_fn,
    io,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    task::Poll,
};

use rustls::{
    AlertDescription, ClientConfig, SignatureScheme,
    client::ResolvesClientCert,
    crypto::CryptoProvider,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer, ServerName},
    sign::{CertifiedKey, SigningKey},
};
use tokio::{
    io::{AsyncRead, AsyncReadExt, AsyncWriteExt, ReadBuf},
    net::TcpStream,
};
use tokio_rustls::{TlsConnector, client::TlsStream};
use zeroize::Zeroizing;

use super::{curve::P521, judge::Judge};
use crate::pki::{
    certificate::Certificate,
    chain::{ChainError, NameError},
    held_tls,
    key::PrivateKey,
    time::Time,
    tls_words,
};

/// The client's identity for a server.
#[derive(Clone, Copy, Debug)]
pub struct Identity<'a> {
    /// Leaf first.
    pub chain: &'a [Certificate],
    pub key: &'a OurKey,
}

/// The key of our pair.
#[derive(Debug)]
pub enum OurKey {
    /// PKCS#8, DER.
    Here(Zeroizing<Vec<u8>>),
    /// It signs where it lies.
    Held(PrivateKey),
}

impl OurKey {
    fn signing(&self, provider: &CryptoProvider) -> Option<Arc<dyn SigningKey>> {
        match self {
            Self::Here(der) => {
                let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(der.to_vec()));
                provider.key_provider.load_private_key(key).ok()
            }
            Self::Held(key) => held_tls::signing_key(key),
        }
    }
}

/// Which server is believed.
#[derive(Clone, Debug)]
pub struct Trust {
    pub anchors: Vec<Certificate>,
    /// The DNS name or address it is asked for (SNI) and its certificate must be for.
    pub name: String,
    pub now: Time,
}

/// Why a server is not believed.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ServerFault {
    #[error("it cannot be read: {0}")]
    Unreadable(String),
    #[error(transparent)]
    Chain(#[from] ChainError),
    #[error(transparent)]
    Name(#[from] NameError),
}

/// Why there is no TLS connection, or why it ended.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TlsError {
    #[error("{0} is neither a DNS name nor an IP address")]
    Name(String),
    #[error("our pair cannot be used: {0}")]
    Identity(String),
    #[error("the server's certificate is not trusted: {0}")]
    Server(ServerFault),
    /// The server ended it, and says why.
    #[error("the server refused with the TLS alert {}", tls_words::alert(*.0))]
    Alert(AlertDescription),
    #[error("it does not answer in TLS")]
    NotTls,
    #[error("the server closed the connection without a word")]
    Closed,
    #[error("{0}")]
    Other(String),
}

/// A handshake and the facts seen in it.
#[derive(Debug)]
pub struct Handshake {
    /// Certificates that the server presented, leaf first, trusted or not.
    pub chain: Vec<Certificate>,
    /// The server asked for a client certificate, and was shown our pair.
    pub asked: bool,
    pub result: Result<Channel, TlsError>,
}

/// A TLS connection.
#[derive(Debug)]
pub struct Channel {
    stream: TlsStream<TcpStream>,
    judge: Arc<Judge>,
}

/// Shakes hands over a fresh connection. The time limit is the caller's.
pub async fn shake(stream: TcpStream, identity: Identity<'_>, trust: Trust, alpn: &[&str]) -> Handshake {
    let Ok(name) = ServerName::try_from(trust.name.clone()) else {
        return Handshake { chain: Vec::new(), asked: false, result: Err(TlsError::Name(trust.name)) };
    };
    let judge = Arc::new(Judge::new(trust.anchors, trust.name, trust.now));
    let (mut config, pair) = match configure(identity, &judge) {
        Ok(configured) => configured,
        Err(error) => return Handshake { chain: Vec::new(), asked: false, result: Err(error) },
    };
    config.alpn_protocols = alpn.iter().map(|protocol| protocol.as_bytes().to_vec()).collect();
    let result = TlsConnector::from(Arc::new(config)).connect(name, stream).await;
    let result = result
        .map(|stream| Channel { stream, judge: Arc::clone(&judge) })
        .map_err(|error| of_io(&error, &judge));
    Handshake { chain: judge.chain(), asked: pair.asked.load(Ordering::Relaxed), result }
}

/// Our pair, and whether it was asked for.
#[derive(Debug)]
struct OurPair {
    key: Arc<CertifiedKey>,
    asked: AtomicBool,
}

impl ResolvesClientCert for OurPair {
    fn resolve(&self, _: &[&[u8]], _: &[SignatureScheme]) -> Option<Arc<CertifiedKey>> {
        self.asked.store(true, Ordering::Relaxed);
        Some(Arc::clone(&self.key))
    }

    fn has_certs(&self) -> bool {
        true
    }
}

fn configure(identity: Identity<'_>, judge: &Arc<Judge>) -> Result<(ClientConfig, Arc<OurPair>), TlsError> {
    let chain = identity.chain.iter().map(|certificate| CertificateDer::from(certificate.der().to_vec()));
    let mut provider = rustls::crypto::aws_lc_rs::default_provider();
    provider.kx_groups.push(&P521);
    let kind = || TlsError::Identity("its key is of a kind that TLS here does not sign with".to_owned());
    let key = identity.key.signing(&provider).ok_or_else(kind)?;
    // Whether it is the certificate's was checked before; the library would refuse version 1 in looking again.
    let key = Arc::new(CertifiedKey::new(chain.collect(), key));
    let pair = Arc::new(OurPair { key, asked: AtomicBool::new(false) });
    let provider = Arc::new(provider);
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| TlsError::Other(tls_words::fault(&error)))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::clone(judge) as _)
        .with_client_cert_resolver(Arc::clone(&pair) as _);
    // A session of before would prove an identity of before.
    config.resumption = rustls::client::Resumption::disabled();
    Ok((config, pair))
}

fn of_io(error: &io::Error, judge: &Judge) -> TlsError {
    let inner = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match (inner, error.kind()) {
        (Some(rustls::Error::AlertReceived(alert)), _) => TlsError::Alert(*alert),
        // The holder of our key, such as a token, did not sign.
        (Some(rustls::Error::General(why)), _) => TlsError::Identity(why.clone()),
        (Some(rustls::Error::InvalidMessage(_)), _) if judge.chain().is_empty() => TlsError::NotTls,
        (Some(other), _) => {
            judge.fault().map_or_else(|| TlsError::Other(tls_words::fault(other)), TlsError::Server)
        }
        (
            None,
            io::ErrorKind::UnexpectedEof
            | io::ErrorKind::ConnectionReset
            | io::ErrorKind::ConnectionAborted
            | io::ErrorKind::BrokenPipe
            | io::ErrorKind::WriteZero,
        ) => TlsError::Closed,
        (None, _) => TlsError::Other(error.to_string()),
    }
}

impl Channel {
    /// `TLS 1.3`
    #[must_use]
    pub fn version(&self) -> String {
        let version = self.stream.get_ref().1.protocol_version();
        let name = version.and_then(|version| version.as_str()).unwrap_or("unknown");
        name.replacen("TLSv", "TLS ", 1).replace('_', ".")
    }

    /// The IANA name of the cipher suite.
    #[must_use]
    pub fn cipher(&self) -> String {
        let suite = self.stream.get_ref().1.negotiated_cipher_suite();
        suite.and_then(|suite| suite.suite().as_str()).unwrap_or("unknown").replacen("TLS13_", "TLS_", 1)
    }

    /// Waits until the server says something: in TLS 1.3 that shows that it accepted the pair.
    ///
    /// # Errors
    /// When the server refuses.
    pub async fn first_word(&mut self) -> Result<(), TlsError> {
        let mut byte = [0];
        let read = poll_fn(|context| {
            let mut buffer = ReadBuf::new(&mut byte);
            match Pin::new(&mut self.stream).poll_read(context, &mut buffer) {
                Poll::Pending if self.stream.get_ref().1.tls13_tickets_received() > 0 => Poll::Ready(Ok(true)),
                Poll::Pending => Poll::Pending,
                Poll::Ready(result) => Poll::Ready(result.map(|()| !buffer.filled().is_empty())),
            }
        });
        match read.await {
            Ok(true) => Ok(()),
            Ok(false) => Err(TlsError::Closed),
            Err(error) => Err(of_io(&error, &self.judge)),
        }
    }

    /// Reads the available octets into `buffer`.
    ///
    /// # Errors
    /// Also at the end of the connection.
    pub(super) async fn read(&mut self, buffer: &mut Vec<u8>) -> Result<(), TlsError> {
        match self.stream.read_buf(buffer).await {
            Ok(0) => Err(TlsError::Closed),
            Ok(_) => Ok(()),
            Err(error) => Err(of_io(&error, &self.judge)),
        }
    }

    /// Writes all octets. A server that closed the connection often sent the reason before: then that is the error.
    pub(super) async fn write(&mut self, bytes: &[u8]) -> Result<(), TlsError> {
        let written = async {
            self.stream.write_all(bytes).await?;
            self.stream.flush().await
        };
        let Err(error) = written.await else { return Ok(()) };
        let mut unread = Vec::new();
        loop {
            match self.read(&mut unread).await {
                Ok(()) => unread.clear(),
                Err(TlsError::Closed) => return Err(of_io(&error, &self.judge)),
                Err(said) => return Err(said),
            }
        }
    }

    /// Says goodbye; whether it arrives makes no difference.
    pub async fn close(mut self) {
        let _ = self.stream.shutdown().await;
    }

    pub(super) fn into_parts(self) -> (TlsStream<TcpStream>, impl Fn(&io::Error) -> TlsError) {
        let judge = self.judge;
        (self.stream, move |error: &io::Error| of_io(error, &judge))
    }
}
