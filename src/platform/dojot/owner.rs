//! Changes to an issued certificate: another owner, no owner, or its revocation.

use reqwest::{Method, StatusCode};
use serde_json::json;

use super::{
    asked::{Ask, Asked, NORMAL},
    client::Dojot,
    sign::OWNER,
};
use crate::{
    device_id::DeviceId,
    pki::fingerprint::Fingerprint,
    platform::{ErrorKind, PlatformError},
};

impl Dojot {
    /// `PATCH /x509/v1/certificates/{fingerprint}`
    pub(super) async fn set_owner(
        &self,
        certificate: &Fingerprint,
        device: &DeviceId,
    ) -> Result<(), PlatformError> {
        let path = format!("/x509/v1/certificates/{certificate}");
        let body = json!({ "belongsTo": { "device": device } }).to_string();
        let what = Asked::Link(certificate);
        let ask = Ask { what, method: Method::PATCH, path: &path, body: Some(body.as_bytes()), limit: NORMAL };
        let answer = self.ask(&ask).await?;
        let owner = answer.schema_errors().filter(|errors| errors.name(OWNER));
        let done = self.succeed(&ask, answer).and_then(|answer| answer.nothing(&ask, self.http.place()));
        let Err(error) = done else { return Ok(()) };
        Err(match owner {
            Some(errors) if errors.old_release => error
                .hint("releases up to 0.6 keep no owner: the common name of the certificate has the device id"),
            Some(_) => error.hint("device ids must be 5 to 36 hex digits and dashes there"),
            None => error,
        })
    }

    /// `DELETE /x509/v1/certificates/{fingerprint}/belongsto`
    pub(super) async fn remove_owner(&self, certificate: &Fingerprint) -> Result<(), PlatformError> {
        let path = format!("/x509/v1/certificates/{certificate}/belongsto");
        let what = Asked::Link(certificate);
        let ask = Ask { what, method: Method::DELETE, path: &path, body: None, limit: NORMAL };
        let answer = self.ask(&ask).await?;
        let no_route = answer.status == StatusCode::NOT_FOUND;
        let done = self.succeed(&ask, answer).and_then(|answer| answer.nothing(&ask, self.http.place()));
        done.map_err(|error| match error.kind {
            ErrorKind::Rejected | ErrorKind::InvalidResponse if no_route => {
                PlatformError { kind: ErrorKind::Rejected, ..error }.hint(
                "releases up to 0.6 cannot do this: the common name of the certificate has the device id, and only \
                 a revocation removes it",
                )
            }
            _ => error,
        })
    }

    /// `DELETE /x509/v1/certificates/{fingerprint}`. The platform removes its record **before** it revokes, so after
    /// a failure in between the record is gone, and the revocation cannot be asked for again.
    pub(super) async fn delete(&self, certificate: &Fingerprint) -> Result<(), PlatformError> {
        let path = format!("/x509/v1/certificates/{certificate}");
        let what = Asked::Delete(certificate);
        let ask = Ask { what, method: Method::DELETE, path: &path, body: None, limit: NORMAL };
        let outcome = match self.ask(&ask).await {
            Ok(answer) => self.succeed(&ask, answer).and_then(|answer| answer.nothing(&ask, self.http.place())),
            Err(error) => Err(error),
        };
        outcome.map_err(|error| match error.kind {
            ErrorKind::OutcomeUnknown => {
                let message = format!(
                    "{}; its record may be gone although it was not revoked",
                    error.message.trim_end_matches('.')
                );
                PlatformError { message, ..error }.hint(
                    "keep the certificate file and look for its serial number in the next revocation list",
                )
            }
            _ => error,
        })
    }
}
