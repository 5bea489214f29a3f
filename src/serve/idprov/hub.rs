//! The hub's socket: bound before anything else is done, served until told to stop.

use std::{collections::BTreeMap, net::SocketAddr, sync::Arc};

use super::router;
use crate::{
    authority::provisioning::Provisioning,
    pki::alt_name::AltName,
    serve::{
        encryption::{ClientDoor, Encryption, Own},
        listen::{self, Bound, ServeError},
    },
};

/// A hub that listens. Nothing is answered yet.
#[derive(Debug)]
pub struct Hub {
    bound: Bound,
}

impl Hub {
    /// Listens on `address`; port 0 takes a free one.
    ///
    /// # Errors
    /// When the address is taken or not ours.
    pub fn bind(address: SocketAddr) -> Result<Self, ServeError> {
        Ok(Self { bound: listen::bind(address, None)? })
    }

    /// The address with its real port.
    #[must_use]
    pub fn address(&self) -> SocketAddr {
        self.bound.address()
    }

    /// Answers requests until `stop` resolves. `names` are those under which the hub is reached: its certificate has
    /// them. `services` is what the directory says the certificates are good for.
    ///
    /// # Errors
    /// When the socket fails, or the hub's certificate cannot be made.
    pub async fn serve(
        self,
        provisioning: Provisioning,
        names: Vec<AltName>,
        services: BTreeMap<String, String>,
        stop: impl Future<Output = ()> + Send + 'static,
    ) -> Result<(), ServeError> {
        let own = Own::Authority(names);
        let door = ClientDoor::new(Arc::clone(provisioning.authority()), own);
        let encryption = Encryption::Clients(Arc::new(door));
        self.bound.serve_router(encryption, router(provisioning, services), stop).await
    }
}
