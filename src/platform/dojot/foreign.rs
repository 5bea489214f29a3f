//! Certificates of somebody else's CA, and the CAs the tenant trusts.

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::{
    asked::{Ask, Asked, NORMAL},
    client::Dojot,
};
use crate::{
    pki::fingerprint::Fingerprint,
    platform::{ForeignCertificate, PlatformError},
};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Registered {
    certificate_fingerprint: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct TrustedRoot {
    ca_pem: String,
}

impl Dojot {
    /// `POST /x509/v1/certificates` with a chain instead of a request.
    pub(super) async fn register_chain(
        &self,
        certificate: &ForeignCertificate,
    ) -> Result<String, PlatformError> {
        let body = json!({
            "certificateChain": certificate.chain_pem,
            "caFingerprint": certificate.root,
            "belongsTo": { "device": certificate.device },
        })
        .to_string();
        let what = Asked::Register(&certificate.device);
        let path = "/x509/v1/certificates";
        let ask = Ask { what, method: Method::POST, path, body: Some(body.as_bytes()), limit: NORMAL };
        let answer = self.ask(&ask).await?;
        let answer = self.succeed(&ask, answer)?;
        let registered: Registered = answer.json(&ask, self.http.place())?;
        Ok(registered.certificate_fingerprint)
    }

    /// `GET /x509/v1/trusted-cas/{fingerprint}`
    pub(super) async fn trusted_pem(&self, fingerprint: &Fingerprint) -> Result<String, PlatformError> {
        let path = format!("/x509/v1/trusted-cas/{fingerprint}");
        let ask = Ask::get(Asked::TrustedRoot(fingerprint), &path, NORMAL);
        let answer = self.read(&ask).await?;
        let root: TrustedRoot = answer.json(&ask, self.http.place())?;
        Ok(root.ca_pem)
    }
}
