//! The work of every platform: it signs, and shows the root and the revocation list that belong to its signature.

use std::{collections::BTreeMap, fmt::Debug, sync::Arc, time::Duration};

use super::{ErrorKind, Holder, PlatformError, Registry, Reply, Skew, TrustStore};
use crate::{
    device_id::DeviceId,
    pki::{certificate::Certificate, csr_attributes::CsrAttributes},
};

/// A signer of certification requests for devices.
///
/// Answers are not trusted here: the caller checks them (see [`crate::enroll::check`]).
pub trait Platform: Debug + Send + Sync {
    /// Its name for people: a URL, or a directory.
    fn display_name(&self) -> String;

    /// The difference of its clock and ours, by its latest answer; `None` when it has no clock of its own, or named no
    /// time.
    fn clock_skew(&self) -> Option<Skew> {
        None
    }

    /// True when another process cannot use it while it is open here: then it is closed between requests.
    fn locks_others_out(&self) -> bool {
        false
    }

    /// The root certificate every device trusts.
    fn root(&self) -> Reply<'_, Certificate>;

    /// The root's revocation list, PEM; [`ErrorKind::NotOffered`] where platforms of this kind have none.
    fn crl(&self) -> Reply<'_, String>;

    /// One of the `of` lists, from 0, that the root's revocations are divided into, PEM: certificates name its URL.
    fn crl_of_part(&self, part: u16, of: u16) -> Reply<'_, String> {
        let text = format!("{} has no list of part {part} of {of}", self.display_name());
        Box::pin(async move { Err(PlatformError::new(ErrorKind::NotOffered, text)) })
    }

    /// How long a revocation may take to reach the revocation list; `None` when the next list has it.
    fn list_delay(&self) -> Option<Duration>;

    /// Signs one request and records its device as the owner, where the platform keeps records. **Not idempotent**:
    /// after [`ErrorKind::OutcomeUnknown`] a certificate may exist; look for it with
    /// [`Registry::certificates`] before asking again.
    fn sign<'a>(&'a self, request: &'a SignRequest) -> Reply<'a, Signed>;

    /// The time, counted from its sending, for which a request without a timely answer may still be carried out. For
    /// that long its certificate is looked for before the request is sent again.
    fn longest_request(&self) -> Duration {
        Duration::ZERO
    }

    /// Attributes that it wants in requests, once its root is known.
    fn csr_attributes(&self) -> Option<&CsrAttributes> {
        None
    }

    /// The time for which a request that has to be approved there is sent again within one run.
    fn approval_patience(&self) -> Duration {
        Duration::ZERO
    }

    /// It renews a certificate for its holder: then requests have the subject and the names of the certificate in
    /// use, and [`SignRequest::holder`].
    fn renews_for_holders(&self) -> bool {
        false
    }

    /// The root rests on the platform's own word so far: it is not written down before an answer proved it.
    fn root_is_provisional(&self) -> bool {
        false
    }

    /// Services that its certificates are good for: name to URL, checked so that they can be shown; to be kept beside
    /// each pair.
    fn services(&self) -> BTreeMap<String, String> {
        BTreeMap::new()
    }

    /// Its records of devices and certificates; `None` when it keeps none that we may see.
    fn registry(&self) -> Option<&dyn Registry> {
        None
    }

    /// The CAs of others that it trusts; `None` when it trusts only its own.
    fn trust_store(&self) -> Option<&dyn TrustStore> {
        None
    }
}

/// A device's request for a certificate.
#[derive(Clone, Debug)]
pub struct SignRequest {
    pub device: DeviceId,
    /// PKCS#10 PEM without a final newline.
    pub csr_pem: String,
    /// The pair that is renewed, for a platform that asks for it.
    pub holder: Option<Arc<Holder>>,
}

/// The platform's answer to a request; no part of it was checked yet.
#[derive(Clone, Debug)]
pub struct Signed {
    /// One or more PEM certificates, leaf first.
    pub certificate_pem: String,
    /// The fingerprint as the platform wrote it.
    pub fingerprint: String,
    /// The id under which the platform logged the request, for its operators.
    pub request_id: Option<String>,
}
