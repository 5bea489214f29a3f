//! Records as the platform's JSON shows them.

use serde_json::{Map, Value, json};

use crate::{
    authority::repository::{StoredCertificate, TrustedCa},
    pki::{certificate::LABEL, pem, time::Time},
};

/// Fields of a certificate that `fields=` may name.
pub(super) const CERTIFICATE_FIELDS: &[&str] = &[
    "fingerprint",
    "caFingerprint",
    "pem",
    "subjectDN",
    "validity",
    "validity.notBefore",
    "validity.notAfter",
    "createdAt",
    "modifiedAt",
    "issuedByDojotPki",
    "autoRegistered",
    "belongsTo",
    "belongsTo.device",
    "belongsTo.application",
    "tenant",
];

/// Fields of a trusted CA that `fields=` may name.
pub(super) const TRUSTED_CA_FIELDS: &[&str] = &[
    "caFingerprint",
    "caPem",
    "subjectDN",
    "validity",
    "validity.notBefore",
    "validity.notAfter",
    "createdAt",
    "modifiedAt",
    "allowAutoRegistration",
    "tenant",
];

pub(super) fn certificate(record: &StoredCertificate) -> Value {
    let belongs_to = match &record.device {
        Some(device) if device.is_empty() => json!({ "device": null }),
        Some(device) => json!({ "device": device }),
        None => json!({}),
    };
    let mut shown = json!({
        "fingerprint": record.fingerprint,
        "pem": pem::encode(LABEL, &record.der).trim_end(),
        "subjectDN": record.subject_dn,
        "validity": { "notBefore": date(record.not_before), "notAfter": date(record.not_after) },
        "createdAt": date(record.created_at),
        "modifiedAt": date(record.modified_at),
        "issuedByDojotPki": record.issued_here,
        "autoRegistered": record.auto_registered,
        "belongsTo": belongs_to,
        "tenant": record.tenant,
    });
    if let Some(ca) = &record.ca {
        shown["caFingerprint"] = json!(ca);
    }
    shown
}

pub(super) fn trusted_ca(record: &TrustedCa) -> Value {
    json!({
        "caFingerprint": record.fingerprint,
        "caPem": pem::encode(LABEL, &record.der).trim_end(),
        "subjectDN": record.subject_dn,
        "validity": { "notBefore": date(record.not_before), "notAfter": date(record.not_after) },
        "createdAt": date(record.created_at),
        "modifiedAt": date(record.modified_at),
        "allowAutoRegistration": record.allow_auto_registration,
        "tenant": record.tenant,
    })
}

/// The form dates have in the platform's JSON: with milliseconds.
fn date(time: Time) -> String {
    let text = time.to_string();
    text.strip_suffix('Z').map_or(text.clone(), |seconds| format!("{seconds}.000Z"))
}

/// Only the named fields; all when none is named. Dots reach into objects.
pub(super) fn project(record: Value, fields: &[String]) -> Value {
    if fields.is_empty() {
        return record;
    }
    let mut shown = Map::new();
    for field in fields {
        match field.split_once('.') {
            None => {
                if let Some(value) = record.get(field) {
                    shown.insert(field.clone(), value.clone());
                }
            }
            Some((outer, inner)) => {
                let part = shown.entry(outer).or_insert_with(|| json!({}));
                if let (Some(part), Some(value)) =
                    (part.as_object_mut(), record.get(outer).and_then(|v| v.get(inner)))
                {
                    part.insert(inner.to_owned(), value.clone());
                }
            }
        }
    }
    Value::Object(shown)
}
