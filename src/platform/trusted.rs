//! Trusted CAs: roots of others, whose certificates a tenant's devices may use.

use serde::Deserialize;

/// A trusted CA as the platform lists it. Every field comes from outside.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub struct TrustedCa {
    pub ca_fingerprint: String,
    pub ca_pem: Option<String>,
    #[serde(rename = "subjectDN")]
    pub subject_dn: Option<String>,
    pub allow_auto_registration: Option<bool>,
}
