//! An IDProv server as a platform.

use std::{
    collections::BTreeMap,
    fmt,
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use tokio::sync::OnceCell;

use super::{Options, Target, session::Session};
use crate::{
    pki::certificate::Certificate,
    platform::{ErrorKind, Platform, PlatformError, Reply, SignRequest, Signed, Skew},
};

/// A server, and the secrets of devices. All tasks of a run share it; it connects with the first request.
pub struct Idprov {
    pub(super) options: Options,
    session: OnceCell<Session>,
    /// True once an answer was signed with a device's secret.
    pub(super) proven: AtomicBool,
}

impl Idprov {
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options, session: OnceCell::new(), proven: AtomicBool::new(false) }
    }

    pub(super) async fn session(&self) -> Result<&Session, PlatformError> {
        self.session.get_or_try_init(|| Session::open(&self.options)).await
    }
}

impl fmt::Debug for Idprov {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Idprov").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Platform for Idprov {
    fn display_name(&self) -> String {
        match (self.session.get(), &self.options.target) {
            (Some(session), _) => session.address.to_string(),
            (None, Target::At(address)) => address.to_string(),
            (None, Target::Found) => "the local network".to_owned(),
        }
    }

    fn clock_skew(&self) -> Option<Skew> {
        self.session.get()?.http.clock_skew()
    }

    fn root(&self) -> Reply<'_, Certificate> {
        Box::pin(async { Ok(self.session().await?.root.clone()) })
    }

    fn root_is_provisional(&self) -> bool {
        let is_pinned = self.session.get().is_some_and(|session| session.is_pinned);
        !is_pinned && !self.proven.load(Ordering::Relaxed)
    }

    /// The protocol has no request for a revocation list; the certificates name the URL of theirs.
    fn crl(&self) -> Reply<'_, String> {
        Box::pin(async {
            let text = format!("{} is an IDProv server, which has no revocation list", self.display_name());
            Err(PlatformError::new(ErrorKind::NotOffered, text)
                .hint("the certificates may name a list: certreq verify --online fetches it"))
        })
    }

    fn list_delay(&self) -> Option<Duration> {
        None
    }

    fn sign<'a>(&'a self, request: &'a SignRequest) -> Reply<'a, Signed> {
        Box::pin(self.provision(request))
    }

    fn renews_for_holders(&self) -> bool {
        true
    }

    fn approval_patience(&self) -> Duration {
        self.options.patience
    }

    fn services(&self) -> BTreeMap<String, String> {
        self.session.get().map(|session| session.directory.services.clone()).unwrap_or_default()
    }
}
