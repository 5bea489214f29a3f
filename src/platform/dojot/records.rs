//! Records as dojot writes them in JSON, and what they mean.

use serde::Deserialize;

use crate::platform::{CertificateRecord, DeviceRecord, TrustedCa};

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Certificate {
    #[serde(default)]
    pub(super) fingerprint: String,
    pem: Option<String>,
    #[serde(rename = "subjectDN")]
    subject_dn: Option<String>,
    belongs_to: Option<Owner>,
    issued_by_dojot_pki: Option<bool>,
    created_at: Option<String>,
    tenant: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Owner {
    device: Option<String>,
    application: Option<String>,
}

impl From<Certificate> for CertificateRecord {
    /// A missing, an empty and a null owner all mean that there is none.
    fn from(record: Certificate) -> Self {
        let owner = record.belongs_to.unwrap_or_default();
        Self {
            fingerprint: record.fingerprint,
            pem: record.pem,
            subject: record.subject_dn,
            device: owner.device.filter(|id| !id.is_empty()),
            owned_by_name: false,
            application: owner.application.filter(|name| !name.is_empty()),
            issued_by_platform: record.issued_by_dojot_pki,
            created_at: record.created_at,
            tenant: record.tenant,
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Device {
    pub(super) id: String,
    label: Option<String>,
    created: Option<String>,
}

impl From<Device> for DeviceRecord {
    fn from(Device { id, label, created }: Device) -> Self {
        Self { id, label, created }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Trusted {
    #[serde(default)]
    pub(super) ca_fingerprint: String,
    ca_pem: Option<String>,
    #[serde(rename = "subjectDN")]
    subject_dn: Option<String>,
    allow_auto_registration: Option<bool>,
}

impl From<Trusted> for TrustedCa {
    fn from(ca: Trusted) -> Self {
        Self {
            fingerprint: ca.ca_fingerprint,
            pem: ca.ca_pem,
            subject: ca.subject_dn,
            auto_registration: ca.allow_auto_registration,
        }
    }
}
