//! A certificate for a device, in one request where the release allows it.

use std::sync::atomic::Ordering;

use reqwest::Method;
use serde::{Deserialize, Serialize};

use super::{
    answer::Answer,
    asked::{Ask, Asked, NORMAL},
    client::Dojot,
};
use crate::platform::{ErrorKind, PlatformError, SignRequest, Signed};

/// How the platform's JSON schema names the owner.
pub(super) const OWNER: &str = ".belongsTo.device";

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Body<'a> {
    csr: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    belongs_to: Option<Owner<'a>>,
}

#[derive(Serialize)]
struct Owner<'a> {
    device: &'a str,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SignedAnswer {
    certificate_fingerprint: String,
    certificate_pem: String,
}

impl Dojot {
    /// `POST /x509/v1/certificates`. Releases up to 0.6 refuse a request that names the owner: the common name does so.
    pub(super) async fn sign(&self, request: &SignRequest) -> Result<Signed, PlatformError> {
        let ask = Ask {
            what: Asked::Sign(&request.device),
            method: Method::POST,
            path: "/x509/v1/certificates",
            body: None,
            limit: NORMAL,
        };
        if self.owner_in_name.load(Ordering::Relaxed) {
            return self.sign_by_name(&ask, request).await;
        }
        let answer = self.post(&ask, request, true).await?;
        match answer.schema_errors().filter(|errors| errors.name(OWNER)) {
            Some(errors) if errors.old_release => {
                // The words of the refusal prove such a release, even if the request without an owner fails, too.
                self.owner_in_name.store(true, Ordering::Relaxed);
                self.sign_by_name(&ask, request).await
            }
            Some(_) => Err(self.unfit_id(&ask, &answer, request)),
            None => self.read_signed(&ask, &answer),
        }
    }

    /// Asks a release up to 0.6 for a certificate. It signs for devices that it does not have, so the device is looked
    /// for first.
    async fn sign_by_name(&self, ask: &Ask<'_>, request: &SignRequest) -> Result<Signed, PlatformError> {
        self.device_exists(&request.device).await?;
        self.read_signed(ask, &self.post(ask, request, false).await?)
    }

    async fn post(
        &self,
        ask: &Ask<'_>,
        request: &SignRequest,
        with_owner: bool,
    ) -> Result<Answer, PlatformError> {
        let belongs_to = with_owner.then(|| Owner { device: request.device.as_str() });
        let body = serde_json::to_vec(&Body { csr: &request.csr_pem, belongs_to })
            .map_err(|error| ask.error(ErrorKind::Rejected, error))?;
        self.ask(&Ask { body: Some(&body), ..ask.clone() }).await
    }

    fn read_signed(&self, ask: &Ask<'_>, answer: &Answer) -> Result<Signed, PlatformError> {
        if !answer.status.is_success() {
            return Err(answer.refusal(ask, self.http.base()));
        }
        let signed: SignedAnswer = answer.json(ask, self.http.place())?;
        Ok(Signed {
            certificate_pem: signed.certificate_pem,
            fingerprint: signed.certificate_fingerprint,
            request_id: answer.request_id.clone(),
        })
    }

    fn unfit_id(&self, ask: &Ask<'_>, answer: &Answer, request: &SignRequest) -> PlatformError {
        let text = format!(
            "device ids of {} must be 5 to 36 hex digits and dashes, and {} is not",
            self.http.place(),
            request.device,
        );
        answer.error(ask, ErrorKind::Rejected, text).hint("give the device another id on the platform")
    }
}
