//! Key exchange on P-521. Its use is optional, but openssl as a server takes a P-521 certificate over TLS 1.2 only of a
//! client that lists the curve (RFC 8422 §5.1.1), as the libraries in devices do and rustls does not.

use aws_lc_rs::{
    agreement::{self, ECDH_P521, PrivateKey, UnparsedPublicKey},
    error::Unspecified,
};
use rustls::{
    Error, NamedGroup, PeerMisbehaved,
    crypto::{ActiveKeyExchange, GetRandomFailed, SharedSecret, SupportedKxGroup},
};

#[derive(Debug)]
pub(super) struct P521;

struct Exchange {
    key: PrivateKey,
    public: Vec<u8>,
}

impl SupportedKxGroup for P521 {
    fn start(&self) -> Result<Box<dyn ActiveKeyExchange>, Error> {
        let key = PrivateKey::generate(&ECDH_P521).map_err(|_| GetRandomFailed)?;
        let public = key.compute_public_key().map_err(|_| GetRandomFailed)?.as_ref().to_vec();
        Ok(Box::new(Exchange { key, public }))
    }

    fn name(&self) -> NamedGroup {
        NamedGroup::secp521r1
    }
}

impl ActiveKeyExchange for Exchange {
    fn complete(self: Box<Self>, peer: &[u8]) -> Result<SharedSecret, Error> {
        let peer = UnparsedPublicKey::new(&ECDH_P521, peer);
        agreement::agree(&self.key, peer, Unspecified, |secret| Ok(SharedSecret::from(secret)))
            .map_err(|_| PeerMisbehaved::InvalidKeyShare.into())
    }

    fn pub_key(&self) -> &[u8] {
        &self.public
    }

    fn group(&self) -> NamedGroup {
        NamedGroup::secp521r1
    }
}
