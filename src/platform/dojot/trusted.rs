//! The trusted CAs of the tenant: `/x509/v1/trusted-cas`.

use std::collections::HashSet;

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::{
    asked::{Ask, Asked, LIST, NORMAL},
    client::Dojot,
};
use crate::{
    pki::fingerprint::Fingerprint,
    platform::{ErrorKind, PlatformError, TrustedCa},
};

/// Records asked for at once: the most the platform gives.
const PAGE: usize = 250;
/// No tenant trusts more: a list that does not end is no list.
const MOST: usize = 10_000;

#[derive(Deserialize)]
struct Page {
    #[serde(rename = "trusted-cas")]
    trusted: Vec<TrustedCa>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Added {
    ca_fingerprint: String,
}

impl Dojot {
    /// `GET`, page by page until one brings nothing new.
    pub(super) async fn every_trusted_ca(&self) -> Result<Vec<TrustedCa>, PlatformError> {
        let mut found: Vec<TrustedCa> = Vec::new();
        let mut seen = HashSet::new();
        for number in 1_u32.. {
            let path = format!("/x509/v1/trusted-cas?limit={PAGE}&page={number}");
            let ask = Ask::get(Asked::TrustedCas, &path, LIST);
            let answer = self.read(&ask).await?;
            let page: Page = answer.json(&ask, self.http.place())?;
            let before = found.len();
            let few = page.trusted.len() < PAGE;
            found.extend(page.trusted.into_iter().filter(|one| seen.insert(one.ca_fingerprint.clone())));
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
    pub(super) async fn add_trusted_ca(&self, pem: &str, auto: bool) -> Result<String, PlatformError> {
        let body = json!({ "caPem": pem.trim_end(), "allowAutoRegistration": auto }).to_string();
        let ask = Self::change(Asked::Trust, Method::POST, "/x509/v1/trusted-cas", Some(&body));
        let answer = self.succeed(&ask, self.ask(&ask).await?)?;
        Ok(answer.json::<Added>(&ask, self.http.place())?.ca_fingerprint)
    }

    /// `PATCH /{fingerprint}`.
    pub(super) async fn set_auto_registration(
        &self,
        ca: &Fingerprint,
        allow: bool,
    ) -> Result<(), PlatformError> {
        let path = format!("/x509/v1/trusted-cas/{ca}");
        let body = json!({ "allowAutoRegistration": allow }).to_string();
        let ask = Self::change(Asked::ChangeTrust(ca), Method::PATCH, &path, Some(&body));
        self.done(&ask).await
    }

    /// `DELETE /{fingerprint}`.
    pub(super) async fn remove_trusted_ca(&self, ca: &Fingerprint) -> Result<(), PlatformError> {
        let path = format!("/x509/v1/trusted-cas/{ca}");
        let ask = Self::change(Asked::Distrust(ca), Method::DELETE, &path, None);
        self.done(&ask).await
    }

    fn change<'a>(what: Asked<'a>, method: Method, path: &'a str, body: Option<&'a str>) -> Ask<'a> {
        Ask { what, method, path, body: body.map(str::as_bytes), limit: NORMAL }
    }

    /// A change is answered with 204 and nothing; a web page with 200 says nothing about what became of it.
    async fn done(&self, ask: &Ask<'_>) -> Result<(), PlatformError> {
        let answer = self.succeed(ask, self.ask(ask).await?)?;
        if answer.body.trim_ascii().is_empty() {
            return Ok(());
        }
        answer.json::<serde_json::Value>(ask, self.http.place()).map(drop)
    }
}
