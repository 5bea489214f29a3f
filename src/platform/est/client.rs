//! An EST server as a platform.

use std::{fmt, sync::atomic::AtomicBool, time::Duration};

use tokio::sync::OnceCell;

use super::{Options, session::Session};
use crate::{
    pki::{certificate::Certificate, csr_attributes::CsrAttributes},
    platform::{ErrorKind, Platform, PlatformError, Reply, SignRequest, Signed, Skew},
};

/// An EST server, and our credentials there. All tasks of a run share it; it connects with the first request.
pub struct Est {
    pub(super) options: Options,
    session: OnceCell<Session>,
    /// True when the server took the password by HTTP Basic: from then on it is sent without waiting for the 401.
    pub(super) wants_basic: AtomicBool,
}

impl Est {
    #[must_use]
    pub fn new(options: Options) -> Self {
        Self { options, session: OnceCell::new(), wants_basic: AtomicBool::new(false) }
    }

    pub(super) async fn session(&self) -> Result<&Session, PlatformError> {
        self.session.get_or_try_init(|| Session::open(&self.options)).await
    }
}

impl fmt::Debug for Est {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Est").field("options", &self.options).finish_non_exhaustive()
    }
}

impl Platform for Est {
    fn display_name(&self) -> String {
        self.options.address.to_string()
    }

    fn clock_skew(&self) -> Option<Skew> {
        self.session.get()?.http.clock_skew()
    }

    fn root(&self) -> Reply<'_, Certificate> {
        Box::pin(async { Ok(self.session().await?.authorities.root.clone()) })
    }

    /// EST has no request for a revocation list; the certificates name the URL of theirs.
    fn crl(&self) -> Reply<'_, String> {
        Box::pin(async {
            let text = format!("{} is an EST server, which has no revocation list", self.display_name());
            Err(PlatformError::new(ErrorKind::NotOffered, text)
                .hint("the certificates may name a list: certreq verify --online fetches it"))
        })
    }

    fn list_delay(&self) -> Option<Duration> {
        None
    }

    fn sign<'a>(&'a self, request: &'a SignRequest) -> Reply<'a, Signed> {
        Box::pin(self.enrol(request))
    }

    fn csr_attributes(&self) -> Option<&CsrAttributes> {
        Some(&self.session.get()?.wanted)
    }

    fn approval_patience(&self) -> Duration {
        self.options.patience
    }

    fn renews_for_holders(&self) -> bool {
        true
    }
}
