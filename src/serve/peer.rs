//! The other end of an encrypted connection, for handlers: in the extensions of each request.

use std::sync::Arc;

use rustls::{ProtocolVersion, ServerConnection, pki_types::CertificateDer};

/// RFC 9266 §4.1.
const BINDING: &[u8] = b"EXPORTER-Channel-Binding";

/// Facts about a client from TLS. Only the path of its certificate was checked, not whether it was revoked.
#[derive(Clone, Debug, Default)]
pub(super) struct Peer {
    /// Its certificates, its own first; empty when it showed none.
    pub(super) chain: Arc<[CertificateDer<'static>]>,
    /// tls-exporter of the connection; TLS 1.3 only.
    pub(super) binding: Option<[u8; 32]>,
}

impl Peer {
    pub(super) fn of(connection: &ServerConnection) -> Self {
        let chain = connection.peer_certificates().unwrap_or_default();
        let is_bound = connection.protocol_version() == Some(ProtocolVersion::TLSv1_3);
        let binding = is_bound.then(|| connection.export_keying_material([0; 32], BINDING, Some(&[])).ok());
        Self {
            chain: chain.iter().cloned().map(CertificateDer::into_owned).collect(),
            binding: binding.flatten(),
        }
    }

    /// The client's own certificate.
    pub(super) fn certificate(&self) -> Option<&[u8]> {
        self.chain.first().map(AsRef::as_ref)
    }
}
