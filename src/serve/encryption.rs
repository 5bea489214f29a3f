//! How connections are encrypted: with files, or for EST with a certificate that is renewed here, and clients that may
//! show one.

use std::sync::Arc;

use rustls::{
    RootCertStore, ServerConfig,
    pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer},
    server::WebPkiClientVerifier,
};
use tokio::sync::Mutex;
use tokio_rustls::TlsAcceptor;

use crate::{
    authority::{ADMIN, Authority},
    pki::{alt_name::AltName, fingerprint::Fingerprint, time::Time, tls_words},
};

/// Seconds after which the server's own certificate is looked at again: it is renewed well before it ends.
const LOOK_AGAIN: i64 = 3600;

/// A certificate chain and its key.
#[derive(Debug)]
pub(super) struct ServerPair {
    pub(super) chain: Vec<CertificateDer<'static>>,
    pub(super) key: PrivateKeyDer<'static>,
}

impl Clone for ServerPair {
    fn clone(&self) -> Self {
        Self { chain: self.chain.clone(), key: self.key.clone_key() }
    }
}

/// Where the server's own certificate comes from.
#[derive(Debug)]
pub(super) enum Own {
    Files(ServerPair),
    /// The authority issues one for these names.
    Authority(Vec<AltName>),
}

/// How connections are accepted.
#[derive(Clone, Debug)]
pub(super) enum Encryption {
    /// Clients show no certificate.
    Plain(Arc<ServerConfig>),
    Clients(Arc<ClientDoor>),
}

impl Encryption {
    /// The acceptor for the next connection.
    pub(super) async fn acceptor(&self) -> Result<TlsAcceptor, String> {
        match self {
            Self::Plain(config) => Ok(TlsAcceptor::from(Arc::clone(config))),
            Self::Clients(door) => door.config().await.map(TlsAcceptor::from),
        }
    }
}

/// Takes certificates of the authority's own, and of the CAs it trusts at the time of a connection.
#[derive(Debug)]
pub(super) struct ClientDoor {
    authority: Arc<Authority>,
    own: Own,
    current: Mutex<Option<Current>>,
}

/// The configuration of the last connection, and the trusted CAs it was made for.
#[derive(Debug)]
struct Current {
    trusted: Vec<Fingerprint>,
    /// From then on the server's own certificate is looked at again.
    until: Time,
    config: Arc<ServerConfig>,
}

impl ClientDoor {
    pub(super) fn new(authority: Arc<Authority>, own: Own) -> Self {
        Self { authority, own, current: Mutex::default() }
    }

    async fn config(&self) -> Result<Arc<ServerConfig>, String> {
        let cas = self.authority.trusted_cas(ADMIN).await.map_err(|error| error.to_string())?;
        let trusted: Vec<Fingerprint> = cas.iter().map(|ca| ca.fingerprint).collect();
        let mut current = self.current.lock().await;
        let now = self.authority.now();
        if let Some(Current { trusted: before, until, config }) = &*current
            && *before == trusted
            && now < *until
        {
            return Ok(Arc::clone(config));
        }
        let pair = self.pair().await?;
        let mut roots = RootCertStore::empty();
        let own_root = CertificateDer::from(self.authority.root().der().to_vec());
        roots.add(own_root).map_err(|error| tls_words::fault(&error))?;
        for ca in cas {
            if let Err(error) = roots.add(CertificateDer::from(ca.der)) {
                tracing::warn!(ca = %ca.fingerprint, %error, "a trusted CA is of no use to TLS");
            }
        }
        let config = config(pair, Some(roots))?;
        *current = Some(Current { trusted, until: now.plus(LOOK_AGAIN), config: Arc::clone(&config) });
        Ok(config)
    }

    async fn pair(&self) -> Result<ServerPair, String> {
        let names = match &self.own {
            Own::Files(pair) => return Ok(pair.clone()),
            Own::Authority(names) => names,
        };
        let (certificate, key) = self.authority.server_pair(names).await.map_err(|error| error.to_string())?;
        let key = key.to_pkcs8_der().map_err(|error| error.to_string())?;
        Ok(ServerPair {
            chain: vec![CertificateDer::from(certificate.der().to_vec())],
            key: PrivatePkcs8KeyDer::from(key.to_vec()).into(),
        })
    }
}

/// A server with this certificate; with `clients`, a client may show one that leads there.
pub(super) fn config(pair: ServerPair, clients: Option<RootCertStore>) -> Result<Arc<ServerConfig>, String> {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .map_err(|error| tls_words::fault(&error))?;
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(roots) => {
            let verifier = WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider)
                .allow_unauthenticated()
                .build()
                .map_err(|error| error.to_string())?;
            builder.with_client_cert_verifier(verifier)
        }
    };
    let mut config =
        builder.with_single_cert(pair.chain, pair.key).map_err(|error| tls_words::fault(&error))?;
    config.alpn_protocols = vec![b"http/1.1".to_vec()];
    Ok(Arc::new(config))
}
