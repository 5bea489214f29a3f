//! One device's request, and its outcome.

use std::{
    net::{SocketAddr, ToSocketAddrs, UdpSocket},
    sync::atomic::Ordering,
    time::{Duration, SystemTime},
};

use reqwest::Method;

use super::{Idprov, session::Session};
use crate::{
    device_id::DeviceId,
    pki::{
        certificate::Certificate,
        csr,
        fingerprint::Fingerprint,
        idprov::{ProvisionRequest, ProvisionResponse, Status},
        pem,
        time::Time,
    },
    platform::{
        ErrorKind, PlatformError, SignRequest, Signed,
        dojot::{
            answer::Answer,
            asked::{Ask, Asked, NORMAL},
        },
    },
};

/// The address in a request when our own address cannot be found.
const NOWHERE: &str = "0.0.0.0";

/// The longest pause a server may ask for between two tries.
const LONGEST_PAUSE: u64 = 24 * 60 * 60;

/// The ground on which an answer is trusted.
#[derive(Clone, Copy)]
enum Ground<'a> {
    /// The signature: made with this secret.
    Secret(&'a str),
    /// The connection: its other end has a certificate of a root that was known before.
    Connection,
}

impl Idprov {
    /// Asks for a certificate: with the one in use while that is valid, else under the secret of the device.
    pub(super) async fn provision(&self, request: &SignRequest) -> Result<Signed, PlatformError> {
        let session = self.session().await?;
        let device = &request.device;
        let now = Time::from(SystemTime::now());
        let holder = request.holder.as_deref().filter(|holder| holder.leaf.not_after >= now);
        let secret = self.options.secrets.get(device);
        let ground = match (holder, secret) {
            (None, Some(secret)) => Ground::Secret(secret),
            _ if session.is_pinned => Ground::Connection,
            _ => return Err(no_ground(device)),
        };
        let message = message(session, request)?.signed(ground.key());
        let body = message.to_bytes();
        let path = session.directory.endpoints.post_provision_request.clone();
        let ask = Ask {
            what: Asked::Sign(device),
            method: Method::POST,
            path: &path,
            body: Some(&body),
            limit: NORMAL,
        };
        let answer = match holder {
            Some(holder) => {
                session.shown_by(&self.options, holder)?.send(&ask, None).await.map_err(of_one_device)?
            }
            None => session.http.send(&ask, None).await?,
        };
        if !answer.status.is_success() {
            return Err(of_one_device(answer.refusal(&ask, session.http.base())));
        }
        let said = ProvisionResponse::parse(&answer.body).map_err(|error| {
            answer.error(&ask, ask.unreadable(), format!("{}: {error}", session.http.place()))
        })?;
        match said.status {
            Status::Approved => self.approved(session, &ask, &answer, &said, ground),
            Status::Waiting => Err(waiting(session, device, &message, &said, secret.is_some())),
            Status::Rejected => Err(rejected(session, device, secret.is_some())),
        }
    }

    /// Takes the certificate out of an approval. No part of the answer counts before its signature, or its
    /// connection, was found good.
    fn approved(
        &self,
        session: &Session,
        ask: &Ask<'_>,
        answer: &Answer,
        said: &ProvisionResponse,
        ground: Ground<'_>,
    ) -> Result<Signed, PlatformError> {
        let place = session.http.place();
        let untrusted = |text: String, next: &str| answer.error(ask, ErrorKind::Untrusted, text).hint(next);
        if !said.is_signed_with(ground.key()) {
            return Err(untrusted(
                format!("{place} answers Approved without a signature by the device's secret"),
                "nothing was written; the server does not know the secret: do not trust it, and use a new secret",
            ));
        }
        if !said.ca_cert.is_empty() {
            let roots = Certificate::all_from_pem(&said.ca_cert).unwrap_or_default();
            if !roots.contains(&session.root) {
                return Err(untrusted(
                    format!("{place} sent another root certificate than its directory has"),
                    "nothing was written; ask its operator which one is right",
                ));
            }
        }
        let unreadable = |why: String| answer.error(ask, ask.unreadable(), format!("{place}: {why}"));
        let chain =
            Certificate::all_from_pem(&said.client_cert).map_err(|error| unreadable(error.to_string()))?;
        let leaf = chain.first().ok_or_else(|| unreadable("the answer holds no certificate".to_owned()))?;
        if matches!(ground, Ground::Secret(_)) {
            self.proven.store(true, Ordering::Relaxed);
        }
        Ok(Signed {
            certificate_pem: said.client_cert.clone(),
            fingerprint: leaf.fingerprint().to_string(),
            request_id: answer.request_id.clone(),
        })
    }
}

impl Ground<'_> {
    fn key(&self) -> &[u8] {
        match self {
            Self::Secret(secret) => secret.as_bytes(),
            Self::Connection => b"",
        }
    }
}

fn message(session: &Session, request: &SignRequest) -> Result<ProvisionRequest, PlatformError> {
    let info = csr::public_key_info(&request.csr_pem)
        .ok_or_else(|| PlatformError::new(ErrorKind::Rejected, "the request holds no public key"))?;
    let device_id = request.device.to_string();
    let is_mac = device_id.contains(':');
    Ok(ProvisionRequest {
        ip: own_address(session).unwrap_or_else(|| NOWHERE.to_owned()),
        mac: if is_mac { device_id.clone() } else { String::new() },
        device_id,
        public_key_pem: pem::encode("PUBLIC KEY", &info),
        signature: String::new(),
    })
}

/// The address from which this machine reaches the server; no packet is sent for that.
fn own_address(session: &Session) -> Option<String> {
    let base = &session.address.base;
    let there: SocketAddr = (base.host(), base.port()).to_socket_addrs().ok()?.next()?;
    let any = if there.is_ipv4() { "0.0.0.0:0" } else { "[::]:0" };
    let socket = UdpSocket::bind(any).ok()?;
    socket.connect(there).ok()?;
    Some(socket.local_addr().ok()?.ip().to_string())
}

/// Turns a refusal of this device's certificate into one that concerns no other device.
fn of_one_device(mut error: PlatformError) -> PlatformError {
    if error.kind == ErrorKind::Unauthenticated {
        error.kind = ErrorKind::Forbidden;
    }
    error
}

fn no_ground(device: &DeviceId) -> PlatformError {
    let text =
        format!("there is no out-of-band secret of {device}, and no root certificate to believe the server by");
    PlatformError::new(ErrorKind::NotOffered, text)
        .hint("give the secret (--oob-secret-file FILE), or the root's fingerprint (--ca-fingerprint)")
}

fn waiting(
    session: &Session,
    device: &DeviceId,
    message: &ProvisionRequest,
    said: &ProvisionResponse,
    has_secret: bool,
) -> PlatformError {
    let place = session.http.place();
    let key = pem::decode_all("PUBLIC KEY", &message.public_key_pem);
    let key =
        key.ok().and_then(|keys| keys.first().map(|der| Fingerprint::of(der).to_string())).unwrap_or_default();
    let text = if has_secret {
        format!("{place} has no valid secret of {device}; the device is pending")
    } else {
        format!("{place} waits for an operator's approval of the key of {device}; the device is pending")
    };
    let mut error = PlatformError::new(ErrorKind::Pending, text);
    error.retry_after =
        (said.retry_seconds > 0).then(|| Duration::from_secs(said.retry_seconds.min(LONGEST_PAUSE)));
    error.hint(format!(
        "bring the secret there (certreq oob add {device}) or approve the key (certreq oob approve {device} {key}), \
         then run the same command again"
    ))
}

fn rejected(session: &Session, device: &DeviceId, has_secret: bool) -> PlatformError {
    let text = format!("{} rejected {device}", session.http.place());
    let (text, next) = if has_secret {
        (
            format!("{text}: the secret differs from the one on the server"),
            "compare the secrets; several wrong tries lock the device for a while",
        )
    } else {
        (text, "ask its operator; the reason is in the server's log")
    };
    PlatformError::new(ErrorKind::Forbidden, text).hint(next)
}
