//! The trusted CAs of the tenant, `/x509/v1/trusted-cas`, and certificates of theirs.

use std::collections::HashSet;

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::{
    answer::Answer,
    asked::{Ask, Asked, LIST, NORMAL},
    client::Dojot,
    records,
};
use crate::{
    pki::fingerprint::Fingerprint,
    platform::{ErrorKind, ForeignCertificate, PlatformError, Reply, TrustStore, TrustedCa},
};

/// Records asked for at once: the most the platform gives.
const PAGE: usize = 250;
/// The most CAs of a tenant: a longer list is taken to be endless.
const MOST: usize = 10_000;

#[derive(Deserialize)]
struct Page {
    #[serde(rename = "trusted-cas")]
    trusted: Vec<records::Trusted>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Added {
    ca_fingerprint: String,
}

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

impl TrustStore for Dojot {
    fn register<'a>(&'a self, certificate: &'a ForeignCertificate) -> Reply<'a, String> {
        Box::pin(self.register(certificate))
    }

    fn trusted_root<'a>(&'a self, fingerprint: &'a Fingerprint) -> Reply<'a, String> {
        Box::pin(self.trusted_root(fingerprint))
    }

    fn trusted_cas(&self) -> Reply<'_, Vec<TrustedCa>> {
        Box::pin(self.trusted_cas())
    }

    fn trust<'a>(&'a self, pem: &'a str, auto: bool) -> Reply<'a, String> {
        Box::pin(self.trust(pem, auto))
    }

    fn allow_auto_registration<'a>(&'a self, ca: &'a Fingerprint, allow: bool) -> Reply<'a, ()> {
        Box::pin(self.allow_auto_registration(ca, allow))
    }

    fn distrust<'a>(&'a self, ca: &'a Fingerprint) -> Reply<'a, ()> {
        Box::pin(self.distrust(ca))
    }
}

impl Dojot {
    /// `POST /x509/v1/certificates` with a chain instead of a request.
    pub(super) async fn register(&self, certificate: &ForeignCertificate) -> Result<String, PlatformError> {
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
    pub(super) async fn trusted_root(&self, fingerprint: &Fingerprint) -> Result<String, PlatformError> {
        let path = format!("/x509/v1/trusted-cas/{fingerprint}");
        let ask = Ask::get(Asked::TrustedRoot(fingerprint), &path, NORMAL);
        let answer = self.kept(&ask, self.read(&ask).await?)?;
        let root: TrustedRoot = answer.json(&ask, self.http.place())?;
        Ok(root.ca_pem)
    }

    /// `GET`, page by page, until a page is not full, or has no new CA.
    pub(super) async fn trusted_cas(&self) -> Result<Vec<TrustedCa>, PlatformError> {
        let mut found: Vec<TrustedCa> = Vec::new();
        let mut seen = HashSet::new();
        for number in 1_u32.. {
            let path = format!("/x509/v1/trusted-cas?limit={PAGE}&page={number}");
            let ask = Ask::get(Asked::TrustedCas, &path, LIST);
            let answer = self.kept(&ask, self.read(&ask).await?)?;
            let page: Page = answer.json(&ask, self.http.place())?;
            let before = found.len();
            let few = page.trusted.len() < PAGE;
            let new = page.trusted.into_iter().filter(|one| seen.insert(one.ca_fingerprint.clone()));
            found.extend(new.map(TrustedCa::from));
            if few || found.len() == before {
                break;
            }
            if found.len() > MOST {
                let text = format!("the list of {} does not end (page {number})", self.http.place());
                return Err(answer.error(&ask, ErrorKind::InvalidResponse, text));
            }
        }
        Ok(found)
    }

    /// `POST`.
    pub(super) async fn trust(&self, pem: &str, auto: bool) -> Result<String, PlatformError> {
        let body = json!({ "caPem": pem.trim_end(), "allowAutoRegistration": auto }).to_string();
        let ask = Self::change(Asked::Trust, Method::POST, "/x509/v1/trusted-cas", Some(&body));
        let answer = self.kept(&ask, self.succeed(&ask, self.ask(&ask).await?)?)?;
        Ok(answer.json::<Added>(&ask, self.http.place())?.ca_fingerprint)
    }

    /// `PATCH /{fingerprint}`.
    pub(super) async fn allow_auto_registration(
        &self,
        ca: &Fingerprint,
        allow: bool,
    ) -> Result<(), PlatformError> {
        // Releases up to 0.6 report success and change nothing; but they cannot show a CA that they do not keep.
        self.trusted_root(ca).await?;
        let path = format!("/x509/v1/trusted-cas/{ca}");
        let body = json!({ "allowAutoRegistration": allow }).to_string();
        let ask = Self::change(Asked::ChangeTrust(ca), Method::PATCH, &path, Some(&body));
        self.done(&ask).await
    }

    /// `DELETE /{fingerprint}`.
    pub(super) async fn distrust(&self, ca: &Fingerprint) -> Result<(), PlatformError> {
        self.trusted_root(ca).await?;
        let path = format!("/x509/v1/trusted-cas/{ca}");
        let ask = Self::change(Asked::Distrust(ca), Method::DELETE, &path, None);
        self.done(&ask).await
    }

    /// The answer, unless it is the one word by which a release up to 0.6 reports a success that it did not have.
    fn kept(&self, ask: &Ask<'_>, answer: Answer) -> Result<Answer, PlatformError> {
        if !matches!(answer.body.trim_ascii(), b"OK" | b"Created") {
            return Ok(answer);
        }
        let text = format!("{} is of a release up to 0.6, which keeps no trusted CAs", self.http.place());
        Err(answer
            .error(ask, ErrorKind::Pretended, text)
            .hint("nothing was changed; releases from 0.7 on keep them"))
    }

    fn change<'a>(what: Asked<'a>, method: Method, path: &'a str, body: Option<&'a str>) -> Ask<'a> {
        Ask { what, method, path, body: body.map(str::as_bytes), limit: NORMAL }
    }

    /// Checks the answer to a change: 204 without a body. A web page with 200 leaves the outcome of the change open.
    async fn done(&self, ask: &Ask<'_>) -> Result<(), PlatformError> {
        let answer = self.succeed(ask, self.ask(ask).await?)?;
        if answer.body.trim_ascii().is_empty() {
            return Ok(());
        }
        answer.json::<serde_json::Value>(ask, self.http.place()).map(drop)
    }
}
