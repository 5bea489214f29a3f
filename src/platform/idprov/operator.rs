//! Requests of an operator to a server: secrets in and out, devices approved. Over mutual TLS always.

use reqwest::{Method, StatusCode};

use super::{Options, session::Session};
use crate::{
    device_id::DeviceId,
    pki::idprov::{
        OobSecret,
        hub::{Approval, Ledger},
    },
    platform::{
        ErrorKind, Holder, PlatformError,
        dojot::{
            answer::Answer,
            asked::{Ask, Asked, LIST, NORMAL},
            http::Http,
        },
    },
};

/// Paths of this program's server for requests that the standard does not know.
const SECRETS: &str = "/idprov/oobsecret";
const APPROVAL: &str = "/idprov/approval";

/// An operator at one server.
#[derive(Debug)]
pub struct Operator {
    http: Http,
    /// The path for secrets, as the directory names it.
    post: String,
}

impl Operator {
    /// Reaches the server. A secret is protected on its way by TLS alone, so the server's root has to be known.
    ///
    /// # Errors
    /// When it cannot be reached, or its root is neither known nor pinned.
    pub async fn open(options: &Options, holder: &Holder) -> Result<Self, PlatformError> {
        let session = Session::open(options).await?;
        if !session.is_pinned {
            let text = format!(
                "the root certificate of {} is not known here, and secrets would go there",
                session.address
            );
            return Err(PlatformError::new(ErrorKind::Untrusted, text)
                .hint("give the server's root: --cacert FILE, or --ca-fingerprint FINGERPRINT"));
        }
        let post = session.directory.endpoints.post_oob_secret.clone();
        let post = if post.is_empty() { SECRETS.to_owned() } else { post };
        Ok(Self { http: session.shown_by(options, holder)?, post })
    }

    /// The URL of the server, for people.
    #[must_use]
    pub fn place(&self) -> &str {
        self.http.place()
    }

    /// Brings the secret of a device to the server.
    ///
    /// # Errors
    /// When the server refuses, or does not answer.
    pub async fn add(&self, device: &DeviceId, secret: &OobSecret) -> Result<(), PlatformError> {
        let body = secret.to_bytes();
        let ask = Ask {
            what: Asked::Secret(device),
            method: Method::POST,
            path: &self.post,
            body: Some(&body),
            limit: NORMAL,
        };
        self.done(&ask).await.map(drop)
    }

    /// The list of secrets, without their texts, and of devices that wait.
    ///
    /// # Errors
    /// [`ErrorKind::NotOffered`] where the server has no such list, as the Go server.
    pub async fn ledger(&self) -> Result<Ledger, PlatformError> {
        let ask = Ask::get(Asked::Secrets, SECRETS, LIST);
        let answer = self.beyond(&ask).await?;
        serde_json::from_slice(&answer.body).map_err(|error| {
            answer.error(&ask, ErrorKind::InvalidResponse, format!("{}: {error}", self.place()))
        })
    }

    /// Takes a secret back.
    ///
    /// # Errors
    /// As [`Self::ledger`]; [`ErrorKind::NotFound`] when there is none.
    pub async fn remove(&self, device: &DeviceId) -> Result<(), PlatformError> {
        let path = format!("{SECRETS}/{device}");
        let ask =
            Ask { what: Asked::Secret(device), method: Method::DELETE, path: &path, body: None, limit: NORMAL };
        self.beyond(&ask).await.map(drop)
    }

    /// Approves one key of one device.
    ///
    /// # Errors
    /// As [`Self::ledger`].
    pub async fn approve(&self, device: &DeviceId, approval: &Approval) -> Result<(), PlatformError> {
        let body = serde_json::to_vec(approval).unwrap_or_default();
        let ask = Ask {
            what: Asked::Approve(device),
            method: Method::POST,
            path: APPROVAL,
            body: Some(&body),
            limit: NORMAL,
        };
        self.beyond(&ask).await.map(drop)
    }

    async fn done(&self, ask: &Ask<'_>) -> Result<Answer, PlatformError> {
        let answer = self.http.send(ask, None).await?;
        if answer.status.is_success() { Ok(answer) } else { Err(answer.refusal(ask, self.http.base())) }
    }

    /// The same for requests that only this program's server knows.
    async fn beyond(&self, ask: &Ask<'_>) -> Result<Answer, PlatformError> {
        let answer = self.http.send(ask, None).await?;
        if answer.status.is_success() {
            return Ok(answer);
        }
        let is_ours = serde_json::from_slice::<serde_json::Value>(&answer.body)
            .is_ok_and(|body| body.get("code").is_some());
        if is_ours && answer.status == StatusCode::NOT_FOUND {
            return Err(answer.error(ask, ErrorKind::NotFound, "there is no such record"));
        }
        if is_ours || answer.status == StatusCode::FORBIDDEN || answer.status == StatusCode::UNAUTHORIZED {
            return Err(answer.refusal(ask, self.http.base()));
        }
        let text = format!("{} is a server that takes secrets only", self.place());
        Err(answer
            .error(ask, ErrorKind::NotOffered, text)
            .hint("a list, removal and approval are in certreq's own server, not in the protocol"))
    }
}
