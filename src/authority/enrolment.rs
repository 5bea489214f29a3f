//! Certificates for clients that ask for their own: which client may, and for which names (RFC 7030 §4.2).

use der::asn1::OctetString;
use x509_parser::{
    certification_request::X509CertificationRequest,
    cri_attributes::ParsedCriAttribute,
    prelude::{FromDer, X509Certificate},
};

use super::{
    authority::{ADMIN, Authority},
    certificates::Owner,
    error::Refusal,
    repository::{Status, StoredCertificate},
    request::{self, CheckedRequest},
};
use crate::{
    device_id::{self, DeviceId, DeviceName},
    pki::{
        certificate::Certificate,
        csr,
        fingerprint::Fingerprint,
        issuer::{self, Issuer},
        names, pem, signature,
    },
};

/// Why nothing is issued.
#[derive(Debug, thiserror::Error)]
pub enum Denial {
    /// The applicant may not have this certificate.
    #[error("{0}")]
    Forbidden(String),
    #[error(transparent)]
    Refused(#[from] Refusal),
}

/// A request that may be granted, once the applicant is known.
#[derive(Debug)]
pub struct Application {
    /// The device it is for: its only common name.
    pub device: DeviceId,
    /// SHA-256 of the signed part, without the signature: two ECDSA signatures of the same content differ.
    pub mark: Fingerprint,
    /// challengePassword, where a client ties its request to the connection (RFC 7030 §3.5).
    pub challenge: Option<String>,
    pub csr_pem: String,
    request: CheckedRequest,
}

impl Application {
    /// Reads a request, DER; checks its signature, and that it names one device.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] and [`Refusal::Unreadable`].
    pub fn read(der: &[u8]) -> Result<Self, Refusal> {
        let csr_pem = pem::encode(csr::LABEL, der).trim_end().to_owned();
        let request = request::check(&csr_pem)?;
        let parts = signature::parts(der).map_err(|error| Refusal::Unreadable(error.to_string()))?;
        let (named, challenge) = match X509CertificationRequest::from_der(der) {
            Ok((_, parsed)) => {
                let info = &parsed.certification_request_info;
                let challenge = info.iter_attributes().find_map(|one| match one.parsed_attribute() {
                    ParsedCriAttribute::ChallengePassword(text) => Some(text.0.clone()),
                    _ => None,
                });
                (names::common_names(&info.subject), challenge)
            }
            // Without attributes there is nothing to tie it to.
            Err(_) => (common_names(&request.subject_dn), None),
        };
        let only = DeviceName::only(&named).filter(|named| named.tenant.is_none()).map(|named| named.id);
        let id =
            only.ok_or_else(|| Refusal::invalid("the request must name one device as its only common name"))?;
        let device = id.parse().map_err(|error| Refusal::invalid(format!("the common name: {error}")))?;
        Ok(Self { device, mark: Fingerprint::of(parts.signed), challenge, csr_pem, request })
    }
}

impl Application {
    /// The same from PEM.
    ///
    /// # Errors
    /// As [`Self::read`].
    pub fn of_pem(text: &str) -> Result<Self, Refusal> {
        let ders = pem::decode_all(csr::LABEL, text).map_err(|error| Refusal::Unreadable(error.to_string()))?;
        Self::read(ders.first().map(Vec::as_slice).unwrap_or_default())
    }

    /// SHA-256 of the SubjectPublicKeyInfo.
    #[must_use]
    pub fn key(&self) -> Fingerprint {
        Fingerprint::of(&csr::public_key_info(&self.csr_pem).unwrap_or_default())
    }
}

fn common_names(subject_dn: &str) -> Vec<String> {
    subject_dn.split(", ").filter_map(|part| part.strip_prefix("CN=")).map(str::to_owned).collect()
}

impl Authority {
    /// Issues a first certificate, or one more, to an applicant that may ask for any device's.
    ///
    /// # Errors
    /// As for every request.
    pub async fn enrol(&self, application: &Application) -> Result<Certificate, Denial> {
        let owner = Owner::Any(application.device.as_str());
        let issued = self.issue(ADMIN, &application.csr_pem, owner).await?;
        let unreadable = |error: String| Refusal::Failed(error);
        let mut made = Certificate::all_from_pem(&issued.certificate_pem)
            .map_err(|error| unreadable(error.to_string()))?;
        Ok(made.pop().ok_or_else(|| unreadable("nothing was issued".to_owned()))?)
    }

    /// The holder of a certificate may ask for the device it names: of this authority, or of a CA that is trusted here.
    ///
    /// # Errors
    /// [`Denial::Forbidden`] when it was revoked, or names another device.
    pub async fn may_enrol(&self, shown: &[u8], application: &Application) -> Result<(), Denial> {
        let forbidden = |text: String| Err(Denial::Forbidden(text));
        let shown = Certificate::from_der(shown.to_vec());
        let shown = shown.map_err(|error| Denial::Forbidden(error.to_string()))?;
        if self.is_own(&shown) {
            self.in_use(&shown).await?;
        }
        if !application.device.is_named_by(&shown) && !names_serial(&shown, &application.device) {
            return forbidden(format!(
                "the certificate shown names {}, and the request {}",
                device_id::in_words(&shown.common_names),
                application.device
            ));
        }
        Ok(())
    }

    /// The holder of a certificate of ours may have the next one, for the same names (RFC 7030 §4.2.2).
    ///
    /// # Errors
    /// [`Denial::Forbidden`] when the certificate is not ours, was revoked, or has other names.
    pub async fn may_renew(&self, shown: &[u8], application: &Application) -> Result<(), Denial> {
        let forbidden = |text: &str| Denial::Forbidden(text.to_owned());
        let shown = Certificate::from_der(shown.to_vec());
        let shown = shown.map_err(|error| Denial::Forbidden(error.to_string()))?;
        if !self.is_own(&shown) {
            return Err(forbidden("the certificate shown was not issued here; enrol first"));
        }
        let record = self.in_use(&shown).await?;
        if application.request.subject_dn != record.subject_dn {
            return Err(Denial::Forbidden(format!(
                "the subject of the request is not the one of the certificate in use ({})",
                record.subject_dn
            )));
        }
        let asked = application.request.alt_name.as_ref().map(OctetString::as_bytes);
        if asked != alt_name(&shown).as_deref() {
            return Err(forbidden(
                "the subjectAltName of the request is not the one of the certificate in use",
            ));
        }
        Ok(())
    }

    fn is_own(&self, shown: &Certificate) -> bool {
        matches!(issuer::find(shown, std::slice::from_ref(self.root())), Issuer::Found(_))
    }

    /// The record of a certificate of ours that was not revoked.
    async fn in_use(&self, shown: &Certificate) -> Result<StoredCertificate, Denial> {
        if let Some(record) =
            self.repository.certificate(ADMIN, &shown.fingerprint()).await.map_err(Refusal::from)?
        {
            return Ok(record);
        }
        let serial = serial(shown);
        let known = self.repository.statuses(vec![serial]).await.map_err(Refusal::from)?;
        Err(Denial::Forbidden(match known.first() {
            Some(Status::Revoked { at, .. }) => format!("the certificate shown was revoked at {}", at.moment()),
            _ => "the certificate is in no record here".to_owned(),
        }))
    }
}

/// Octets of the serial number's DER value.
fn serial(of: &Certificate) -> Option<Vec<u8>> {
    let (_, parsed) = X509Certificate::from_der(of.der()).ok()?;
    Some(parsed.raw_serial().to_vec())
}

fn alt_name(of: &Certificate) -> Option<Vec<u8>> {
    let (_, parsed) = X509Certificate::from_der(of.der()).ok()?;
    let found = parsed.extensions().iter().find(|one| one.oid.to_id_string() == request::SUBJECT_ALT_NAME);
    found.map(|one| one.value.to_vec())
}

/// Makers put the number of a device into serialNumber (IEEE 802.1AR §8.6).
fn names_serial(of: &Certificate, device: &DeviceId) -> bool {
    let Ok((_, parsed)) = X509Certificate::from_der(of.der()) else { return false };
    let mut numbers = parsed.subject().iter_by_oid(&x509_parser::oid_registry::OID_X509_SERIALNUMBER);
    let only = numbers.next();
    numbers.next().is_none() && only.and_then(|one| one.as_str().ok()) == Some(device.as_str())
}
