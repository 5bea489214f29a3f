//! Messages between devices, operators and servers.

use std::fmt;

use base64::{Engine, engine::general_purpose::STANDARD};
use serde::{Serialize, Serializer};
use serde_json::Value;
use zeroize::Zeroizing;

use super::{canonical, fields::Fields, signature};

/// Bytes that are no message of this protocol.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum MessageError {
    #[error("it is not JSON: {0}")]
    Json(String),
    #[error("it is not a JSON object")]
    NotAnObject,
    #[error("it is too long")]
    TooLong,
    #[error("the field {0} is missing")]
    Missing(&'static str),
    #[error("the field {0} is not text")]
    NoText(&'static str),
    #[error("the status {0:?} is not known")]
    Status(String),
}

/// A device's request for a certificate. Signed in this order of fields, with an empty signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProvisionRequest {
    #[serde(rename = "deviceID")]
    pub device_id: String,
    /// Never empty: a Go server refuses that.
    pub ip: String,
    pub mac: String,
    /// SubjectPublicKeyInfo, PEM (`PUBLIC KEY`).
    #[serde(rename = "publicKeyPEM")]
    pub public_key_pem: String,
    /// Base64 of the HMAC.
    pub signature: String,
}

impl ProvisionRequest {
    /// From JSON in any order and spacing, as long as the fields that must be there are there.
    ///
    /// # Errors
    /// [`MessageError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, MessageError> {
        let mut fields = Fields::parse(bytes)?;
        Ok(Self {
            device_id: fields.needed("deviceID")?,
            ip: fields.needed("ip")?,
            mac: fields.text("mac")?,
            public_key_pem: fields.needed("publicKeyPEM")?,
            signature: fields.text("signature")?,
        })
    }

    /// The bytes that are sent.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical::to_bytes(self)
    }

    /// Signs it with the secret of the device.
    #[must_use]
    pub fn signed(self, secret: &[u8]) -> Self {
        let unsigned = Self { signature: String::new(), ..self };
        let signature = signature::sign(secret, &unsigned.to_bytes());
        Self { signature, ..unsigned }
    }

    /// The signature was made with this secret.
    #[must_use]
    pub fn is_signed_with(&self, secret: &[u8]) -> bool {
        let unsigned = Self { signature: String::new(), ..self.clone() };
        signature::verify(secret, &unsigned.to_bytes(), &self.signature)
    }
}

/// The outcome of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub enum Status {
    Approved,
    Waiting,
    Rejected,
}

impl Status {
    fn parse(text: &str) -> Result<Self, MessageError> {
        match text {
            "Approved" => Ok(Self::Approved),
            "Waiting" => Ok(Self::Waiting),
            "Rejected" => Ok(Self::Rejected),
            other => Err(MessageError::Status(other.chars().take(40).collect())),
        }
    }

    #[must_use]
    pub fn word(self) -> &'static str {
        match self {
            Self::Approved => "Approved",
            Self::Waiting => "Waiting",
            Self::Rejected => "Rejected",
        }
    }
}

/// The answer to a request. Signed in this order of fields, with an empty signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ProvisionResponse {
    /// Seconds until the next try is worth its while; left out when it is 0.
    #[serde(rename = "retrySec", skip_serializing_if = "is_zero")]
    pub retry_seconds: u64,
    pub status: Status,
    /// The root certificate, PEM; empty unless approved.
    #[serde(rename = "caCert")]
    pub ca_cert: String,
    /// The device's certificate, PEM; empty unless approved.
    #[serde(rename = "clientCert")]
    pub client_cert: String,
    /// Only an approval is signed.
    pub signature: String,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde calls it with a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl ProvisionResponse {
    /// An answer without certificates.
    #[must_use]
    pub fn without_certificate(status: Status, retry_seconds: u64) -> Self {
        let empty = String::new;
        Self { retry_seconds, status, ca_cert: empty(), client_cert: empty(), signature: empty() }
    }

    /// From JSON in any order and spacing.
    ///
    /// # Errors
    /// [`MessageError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, MessageError> {
        let mut fields = Fields::parse(bytes)?;
        Ok(Self {
            retry_seconds: fields.take("retrySec").as_ref().and_then(Value::as_u64).unwrap_or(0),
            status: Status::parse(&fields.needed("status")?)?,
            ca_cert: fields.text("caCert")?,
            client_cert: fields.text("clientCert")?,
            signature: fields.text("signature")?,
        })
    }

    /// The bytes that are sent.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical::to_bytes(self)
    }

    /// Signs it with the secret of the device; an empty one for a device that showed a certificate instead.
    #[must_use]
    pub fn signed(self, secret: &[u8]) -> Self {
        let unsigned = Self { signature: String::new(), ..self };
        let signature = signature::sign(secret, &unsigned.to_bytes());
        Self { signature, ..unsigned }
    }

    /// The signature was made with this secret.
    #[must_use]
    pub fn is_signed_with(&self, secret: &[u8]) -> bool {
        let unsigned = Self { signature: String::new(), ..self.clone() };
        signature::verify(secret, &unsigned.to_bytes(), &self.signature)
    }
}

/// The out-of-band secret of one device, on its way from an operator to the server.
#[derive(Clone, PartialEq, Eq, Serialize)]
pub struct OobSecret {
    #[serde(rename = "deviceID")]
    pub device_id: String,
    #[serde(rename = "oobSecret", serialize_with = "as_text")]
    pub secret: Zeroizing<String>,
    /// An ISO 8601 date or time; empty for the server's own limit.
    #[serde(rename = "validUntil")]
    pub valid_until: String,
}

fn as_text<S: Serializer>(secret: &Zeroizing<String>, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(secret)
}

impl OobSecret {
    /// From JSON in any order and spacing.
    ///
    /// # Errors
    /// [`MessageError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, MessageError> {
        Self::from_fields(Fields::parse(bytes)?)
    }

    /// The same from JSON that was read already.
    ///
    /// # Errors
    /// [`MessageError`].
    pub fn from_value(value: Value) -> Result<Self, MessageError> {
        Self::from_fields(Fields::of(value)?)
    }

    fn from_fields(mut fields: Fields) -> Result<Self, MessageError> {
        Ok(Self {
            device_id: fields.needed("deviceID")?,
            secret: Zeroizing::new(fields.needed("oobSecret")?),
            valid_until: fields.text("validUntil")?,
        })
    }

    /// The bytes that are sent.
    #[must_use]
    pub fn to_bytes(&self) -> Zeroizing<Vec<u8>> {
        Zeroizing::new(canonical::to_bytes(self))
    }
}

impl fmt::Debug for OobSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { device_id, valid_until, .. } = self;
        f.debug_struct("OobSecret")
            .field("device_id", device_id)
            .field("valid_until", valid_until)
            .finish_non_exhaustive()
    }
}

/// Whether a device has its certificate.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DeviceStatus {
    #[serde(rename = "deviceID")]
    pub device_id: String,
    pub status: Status,
    #[serde(rename = "caCert")]
    pub ca_cert: String,
    /// PEM; travels as base64 of it, or null.
    #[serde(rename = "clientCert", serialize_with = "as_base64")]
    pub client_cert: Option<String>,
}

#[expect(clippy::ref_option, reason = "serde calls it with a reference to the field")]
fn as_base64<S: Serializer>(pem: &Option<String>, serializer: S) -> Result<S::Ok, S::Error> {
    match pem {
        Some(pem) => serializer.serialize_str(&STANDARD.encode(pem)),
        None => serializer.serialize_none(),
    }
}

impl DeviceStatus {
    /// From JSON; the certificate may be PEM, or base64 of it.
    ///
    /// # Errors
    /// [`MessageError`].
    pub fn parse(bytes: &[u8]) -> Result<Self, MessageError> {
        let mut fields = Fields::parse(bytes)?;
        let client_cert = fields.text("clientCert")?;
        Ok(Self {
            device_id: fields.needed("deviceID")?,
            status: Status::parse(&fields.needed("status")?)?,
            ca_cert: fields.text("caCert")?,
            client_cert: Some(super::directory::plain_pem(&client_cert)).filter(|pem| !pem.is_empty()),
        })
    }

    /// The bytes that are sent.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        canonical::to_bytes(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const KEY: &str = "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n";

    fn request(device: &str) -> ProvisionRequest {
        ProvisionRequest {
            device_id: device.to_owned(),
            ip: "10.0.0.9".to_owned(),
            mac: String::new(),
            public_key_pem: KEY.to_owned(),
            signature: String::new(),
        }
    }

    fn response(retry_seconds: u64) -> ProvisionResponse {
        ProvisionResponse {
            ca_cert: "CA\n".to_owned(),
            client_cert: "CC\n".to_owned(),
            ..ProvisionResponse::without_certificate(Status::Approved, retry_seconds)
        }
    }

    /// Made by the Go programs, and by a client in Python.
    #[test]
    fn requests_are_signed_as_the_go_programs_sign_them() {
        for (device, written, signature) in [
            ("dev1", "dev1", "WfQUQWX3pRSlX1JYv0B0ON4bco+GfVkoPaLvLEOFXck="),
            ("a&b<c>", "a\\u0026b\\u003cc\\u003e", "nqTXyhrhSfaQz0DQh68xV3tLlnU1B8A7PCeLpJ8nN9Y="),
        ] {
            let unsigned = request(device);
            let key = KEY.replace('\n', "\\n");
            assert_eq!(
                String::from_utf8(unsigned.to_bytes()).unwrap(),
                format!(
                    r#"{{"deviceID":"{written}","ip":"10.0.0.9","mac":"","publicKeyPEM":"{key}","signature":""}}"#
                )
            );
            let signed = unsigned.signed(b"s3cret");
            assert_eq!(signed.signature, signature);
            assert!(signed.is_signed_with(b"s3cret") && !signed.is_signed_with(b"s3creT"));
        }
    }

    #[test]
    fn responses_are_signed_as_the_go_programs_sign_them() {
        for (retry, secret, signature) in [
            (3600, "s3cret", "BR5VPsPkDSptjckpm3qHyJCQwo6xwkyISXLwcm/SVWU="),
            (3600, "", "av5Kien7p3I8lyPaSkfbeQbqnMEHFB3OIqQ9vXAW9eY="),
            (0, "s3cret", "ebiOp6J++v2QZtXM73Qm4pp4aUzaNx+zAxYx4RkmcbA="),
            (0, "", "gdrwFBbGagkc+jpmivY8o/yNTOtcV4KYrOYUeR3I1fo="),
        ] {
            let signed = response(retry).signed(secret.as_bytes());
            assert_eq!(signed.signature, signature);
            let again = ProvisionResponse::parse(&signed.to_bytes()).unwrap();
            assert_eq!(again, signed);
            assert!(again.is_signed_with(secret.as_bytes()) && !again.is_signed_with(b"other"));
            let moved = ProvisionResponse { client_cert: "CD\n".to_owned(), ..again };
            assert!(!moved.is_signed_with(secret.as_bytes()));
        }
        assert_eq!(
            String::from_utf8(response(3600).to_bytes()).unwrap(),
            r#"{"retrySec":3600,"status":"Approved","caCert":"CA\n","clientCert":"CC\n","signature":""}"#
        );
        assert!(!String::from_utf8(response(0).to_bytes()).unwrap().contains("retrySec"));
    }

    #[test]
    fn a_request_is_read_in_any_order_and_spacing_and_whatever_the_case_of_its_names() {
        let signed = request("dev1").signed(b"s3cret");
        let sent = format!(
            r#"{{ "signature": "{}", "PublicKeyPem": "{}", "extra": [1], "IP": "10.0.0.9", "deviceid": "dev1" }}"#,
            signed.signature,
            KEY.replace('\n', "\\n")
        );
        let read = ProvisionRequest::parse(sent.as_bytes()).unwrap();
        assert_eq!(read, signed);
        assert!(read.is_signed_with(b"s3cret"));
    }

    #[test]
    fn what_is_no_message_is_refused_in_words() {
        let refused = |text: &str| ProvisionRequest::parse(text.as_bytes()).unwrap_err().to_string();
        assert_eq!(refused("[]"), "it is not a JSON object");
        assert!(refused("<html>").starts_with("it is not JSON: "));
        assert_eq!(refused(r#"{"deviceID":"a","ip":""}"#), "the field ip is missing");
        assert_eq!(refused(r#"{"deviceID":7}"#), "the field deviceID is not text");
        assert!(matches!(
            ProvisionResponse::parse(br#"{"status":"Maybe"}"#).unwrap_err(),
            MessageError::Status(_)
        ));
        let long = format!(r#"{{"deviceID":"{}"}}"#, "x".repeat(300_000));
        assert_eq!(ProvisionRequest::parse(long.as_bytes()).unwrap_err(), MessageError::TooLong);
    }

    #[test]
    fn a_status_carries_its_certificate_as_base64_and_no_secret_reaches_a_log() {
        let status = DeviceStatus {
            device_id: "dev1".to_owned(),
            status: Status::Approved,
            ca_cert: "CA\n".to_owned(),
            client_cert: Some("-----BEGIN CERTIFICATE-----\n".to_owned()),
        };
        let bytes = status.to_bytes();
        assert!(String::from_utf8_lossy(&bytes).contains(r#""clientCert":"LS0t"#));
        assert_eq!(DeviceStatus::parse(&bytes).unwrap(), status);
        let waiting = DeviceStatus { status: Status::Waiting, client_cert: None, ..status };
        assert!(String::from_utf8_lossy(&waiting.to_bytes()).contains(r#""clientCert":null"#));
        let secret = OobSecret::parse(br#"{"deviceID":"dev1","oobSecret":"hush"}"#).unwrap();
        assert!(!format!("{secret:?}").contains("hush"));
        assert_eq!(&secret.to_bytes()[..], br#"{"deviceID":"dev1","oobSecret":"hush","validUntil":""}"#);
    }
}
