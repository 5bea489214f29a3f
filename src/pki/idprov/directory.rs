//! The directory of a server: its endpoints, its root certificate, and the services that accept its certificates.

use std::collections::BTreeMap;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::Serialize;
use serde_json::Value;
use url::Url;

use super::{DIRECTORY_PATH, VERSION, canonical, fields::Fields, message::MessageError};
use crate::pki::certificate::Certificate;

/// Services that are kept, at most.
const MOST_SERVICES: usize = 64;
/// Characters of the longest name and the longest URL that are kept.
const LONGEST_NAME: usize = 64;
const LONGEST_URL: usize = 512;

/// The endpoints of a server: paths on it, or whole https:// URLs. `{deviceID}` stands for an id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Endpoints {
    pub directory: String,
    pub status: String,
    #[serde(rename = "postOobSecret")]
    pub post_oob_secret: String,
    #[serde(rename = "postProvisionRequest")]
    pub post_provision_request: String,
}

impl Default for Endpoints {
    fn default() -> Self {
        Self {
            directory: DIRECTORY_PATH.to_owned(),
            status: "/idprov/status/{deviceID}".to_owned(),
            post_oob_secret: "/idprov/oobsecret".to_owned(),
            post_provision_request: "/idprov/provreq".to_owned(),
        }
    }
}

/// A server's directory.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Directory {
    pub endpoints: Endpoints,
    /// The certificates of `caCert`; empty when it was null.
    pub authorities: Vec<Certificate>,
    /// Name to URL.
    pub services: BTreeMap<String, String>,
}

/// An answer that is no directory.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DirectoryError {
    #[error("the answer is not an IDProv directory: {0}")]
    Message(#[from] MessageError),
    #[error("the directory has the protocol version {0:?}; certreq supports version 1")]
    Version(String),
    #[error("the directory names no place for {0}")]
    Endpoint(&'static str),
    #[error("the directory's root certificate cannot be read: {0}")]
    Certificate(String),
}

impl Directory {
    /// Reads a directory in any of the forms that are written: `caCert` null, PEM, or base64 of PEM.
    ///
    /// # Errors
    /// [`DirectoryError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, DirectoryError> {
        let mut fields = Fields::parse(bytes)?;
        let version = match fields.take("version") {
            Some(Value::String(version)) => version,
            Some(other) => other.to_string(),
            None => String::new(),
        };
        if version != VERSION && !version.starts_with("1.") {
            return Err(DirectoryError::Version(version.chars().take(40).collect()));
        }
        let endpoints = fields.take("endpoints").map(Fields::of).transpose()?;
        let endpoints = Self::endpoints(endpoints.ok_or(MessageError::Missing("endpoints"))?)?;
        let root = plain_pem(&fields.text("caCert")?);
        let authorities = if root.is_empty() { Vec::new() } else { certificates(&root)? };
        let services = fields.take("services").and_then(|value| Fields::of(value).ok());
        Ok(Self { endpoints, authorities, services: services.map(usable).unwrap_or_default() })
    }

    fn endpoints(mut fields: Fields) -> Result<Endpoints, DirectoryError> {
        let secret = match fields.text("postOobSecret")? {
            empty if empty.is_empty() => fields.text("postOOB")?,
            found => found,
        };
        let request = fields.text("postProvisionRequest")?;
        if request.is_empty() {
            return Err(DirectoryError::Endpoint("provisioning requests"));
        }
        Ok(Endpoints {
            directory: fields.text("directory")?,
            status: fields.text("status")?,
            post_oob_secret: secret,
            post_provision_request: request,
        })
    }

    /// The root certificate: of several, the first that signed itself.
    #[must_use]
    pub fn root(&self) -> Option<&Certificate> {
        let own = self.authorities.iter().find(|one| one.is_ca && one.subject == one.issuer);
        own.or_else(|| self.authorities.first())
    }

    /// The bytes that are served, as the Go programs read them: paths, and base64 of PEM.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let pem: String = self.authorities.iter().map(Certificate::to_pem).collect();
        canonical::to_bytes(&Wire {
            endpoints: &self.endpoints,
            ca_cert: (!pem.is_empty()).then(|| STANDARD.encode(pem)),
            version: VERSION,
            services: &self.services,
        })
    }
}

#[derive(Serialize)]
struct Wire<'a> {
    endpoints: &'a Endpoints,
    #[serde(rename = "caCert")]
    ca_cert: Option<String>,
    version: &'a str,
    services: &'a BTreeMap<String, String>,
}

/// PEM, of a text that is PEM or base64 of it.
pub(super) fn plain_pem(text: &str) -> String {
    let decoded = STANDARD.decode(text.trim()).ok().and_then(|bytes| String::from_utf8(bytes).ok());
    decoded.unwrap_or_else(|| text.to_owned())
}

fn certificates(pem: &str) -> Result<Vec<Certificate>, DirectoryError> {
    Certificate::all_from_pem(pem).map_err(|error| DirectoryError::Certificate(error.reason()))
}

/// Names and URLs that can be shown and used.
fn usable(services: Fields) -> BTreeMap<String, String> {
    let fits = |name: &str, url: &str| {
        let plain = |text: &str| text.chars().all(|c| c.is_ascii_graphic());
        !name.is_empty()
            && name.len() <= LONGEST_NAME
            && url.len() <= LONGEST_URL
            && plain(name)
            && plain(url)
            && Url::parse(url).is_ok()
    };
    services.into_strings().filter(|(name, url)| fits(name, url)).take(MOST_SERVICES).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As a Go server writes it.
    const GO: &str = r#"{"endpoints":{"directory":"/idprov/directory","status":"/idprov/status/{deviceID}","postOobSecret":"/idprov/oobsecret","postProvisionRequest":"/idprov/provreq"},"caCert":null,"version":"1","services":{}}"#;

    fn root() -> String {
        let key = rcgen::KeyPair::generate().unwrap();
        let mut params = rcgen::CertificateParams::default();
        params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        crate::pki::pem::encode("CERTIFICATE", params.self_signed(&key).unwrap().der())
    }

    #[test]
    fn the_directory_of_a_go_server_is_read_and_written_byte_for_byte() {
        let read = Directory::parse(GO.as_bytes()).unwrap();
        assert_eq!(read.endpoints, Endpoints::default());
        assert!(read.root().is_none());
        assert_eq!(String::from_utf8(read.to_bytes()).unwrap(), GO);
    }

    #[test]
    fn the_root_is_read_as_pem_and_as_base64_of_it() {
        let root = root();
        let text = |ca: &str| GO.replace("null", &serde_json::to_string(ca).unwrap());
        for ca in [root.clone(), STANDARD.encode(&root)] {
            let read = Directory::parse(text(&ca).as_bytes()).unwrap();
            assert_eq!(read.root().unwrap().to_pem(), root);
            assert_eq!(String::from_utf8(read.to_bytes()).unwrap(), text(&STANDARD.encode(&root)));
        }
        let broken = Directory::parse(text("AAAA").as_bytes()).unwrap_err();
        assert!(matches!(broken, DirectoryError::Certificate(_)), "{broken}");
    }

    #[test]
    fn another_version_is_named_and_1_x_is_taken() {
        let with = |version: &str| Directory::parse(GO.replace("\"1\"", version).as_bytes());
        assert!(with("\"1.4\"").is_ok() && with("1").is_ok());
        for other in ["\"2\"", "\"\"", "null", "\"10\""] {
            assert!(matches!(with(other), Err(DirectoryError::Version(_))), "{other}");
        }
    }

    #[test]
    fn services_that_cannot_be_shown_or_used_are_left_out() {
        let services = r#"{"mqtts":"tls://hub:8884","bad":"no url","worse":"https://x/\u001b[2J","n":7}"#;
        let read = Directory::parse(GO.replace("{}", services).as_bytes()).unwrap();
        assert_eq!(read.services.into_iter().collect::<Vec<_>>(), [("mqtts".into(), "tls://hub:8884".into())]);
    }

    #[test]
    fn absolute_places_and_missing_ones() {
        let absolute = GO.replace("\"/idprov", "\"https://hub:43776/idprov");
        let read = Directory::parse(absolute.as_bytes()).unwrap();
        assert_eq!(read.endpoints.post_provision_request, "https://hub:43776/idprov/provreq");
        let without = GO.replace("postProvisionRequest", "x");
        assert!(matches!(Directory::parse(without.as_bytes()), Err(DirectoryError::Endpoint(_))));
        assert!(matches!(Directory::parse(b"<html>"), Err(DirectoryError::Message(_))));
    }
}
