//! Issuing certificates, and the records of those issued.

use std::sync::Arc;

use x509_cert::ext::pkix::CrlReason;

use super::{
    authority::{Authority, Signer},
    ca,
    error::Refusal,
    profile::Period,
    repository::{CertificateQuery, Device, StoredCertificate},
    request::{self, CheckedRequest},
};
use crate::pki::{certificate::LABEL, fingerprint::Fingerprint, pem, time::Time};

/// The owner of a certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Owner<'a> {
    Nobody,
    /// An owner of `null`: the platform remembers it and shows it.
    Null,
    /// A device that must be in the registry.
    Registered(&'a str),
    /// A device that enters the registry together with its certificate.
    Any(&'a str),
}

impl Owner<'_> {
    /// As [`StoredCertificate::device`] has it, and whether the device enters the registry, too.
    pub(super) fn recorded(self) -> (Option<String>, bool) {
        match self {
            Self::Nobody => (None, false),
            Self::Null => (Some(String::new()), false),
            Self::Registered(id) => (Some(id.to_owned()), false),
            Self::Any(id) => (Some(id.to_owned()), true),
        }
    }
}

/// A new certificate. It is on the disk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Issued {
    /// Without a newline at the end.
    pub certificate_pem: String,
    pub fingerprint: Fingerprint,
}

struct Leaf {
    der: Vec<u8>,
    serial: Vec<u8>,
    period: Period,
}

impl Authority {
    /// Signs a PEM certification request for `owner` in `tenant`. The record is durable before this resolves.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] for a request or owner that is not acceptable.
    pub async fn issue(&self, tenant: &str, csr_pem: &str, owner: Owner<'_>) -> Result<Issued, Refusal> {
        self.issue_for(tenant, csr_pem, owner, None).await
    }

    /// The same for so many seconds, in place of the lifetime that leaves have.
    pub(super) async fn issue_for(
        &self,
        tenant: &str,
        csr_pem: &str,
        owner: Owner<'_>,
        seconds: Option<i64>,
    ) -> Result<Issued, Refusal> {
        let request = request::check(csr_pem)?;
        self.check_owner(tenant, owner).await?;
        let now = self.now();
        let subject_dn = request.subject_dn.clone();
        let leaf = self.sign(request, now, seconds).await?;
        let fingerprint = Fingerprint::of(&leaf.der);
        let certificate_pem = pem::encode(LABEL, &leaf.der).trim_end().to_owned();
        let (device, register) = owner.recorded();
        let record = StoredCertificate {
            tenant: tenant.to_owned(),
            fingerprint,
            serial: leaf.serial,
            der: leaf.der,
            subject_dn,
            not_before: leaf.period.not_before,
            not_after: leaf.period.not_after,
            created_at: now,
            modified_at: now,
            issued_here: true,
            auto_registered: false,
            device,
            ca: None,
        };
        if !self.repository.add_certificate(record, register).await? {
            return Err(Refusal::Failed("a serial number was drawn twice".to_owned()));
        }
        Ok(Issued { certificate_pem, fingerprint })
    }

    /// One certificate of the tenant.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub async fn certificate(
        &self,
        tenant: &str,
        fingerprint: &Fingerprint,
    ) -> Result<StoredCertificate, Refusal> {
        self.repository
            .certificate(tenant, fingerprint)
            .await?
            .ok_or_else(|| Refusal::no_certificate(&fingerprint.to_string(), tenant))
    }

    /// A slice of the tenant's certificates, and how many match in all.
    ///
    /// # Errors
    /// When the records cannot be read.
    pub async fn certificates(
        &self,
        tenant: &str,
        query: CertificateQuery,
    ) -> Result<(Vec<StoredCertificate>, u64), Refusal> {
        Ok(self.repository.certificates(tenant, query).await?)
    }

    /// Gives a certificate a new owner, or none.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] for a device that is not registered, [`Refusal::NotFound`].
    pub async fn link(&self, tenant: &str, fingerprint: &Fingerprint, owner: Owner<'_>) -> Result<(), Refusal> {
        self.check_owner(tenant, owner).await?;
        let (device, register) = owner.recorded();
        let registered = device.clone().filter(|_| register);
        if !self.repository.set_device(tenant, fingerprint, device, self.now()).await? {
            return Err(Refusal::no_certificate(&fingerprint.to_string(), tenant));
        }
        if let Some(id) = registered {
            let device = Device { label: id.clone(), id, created: self.now() };
            self.repository.add_devices(tenant, vec![device]).await?;
        }
        Ok(())
    }

    /// Removes a certificate's record; one issued here is revoked for good, with the platform's reason
    /// (superseded).
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub async fn delete(&self, tenant: &str, fingerprint: &Fingerprint) -> Result<(), Refusal> {
        let reason = CrlReason::Superseded;
        if self.repository.remove_certificate(tenant, fingerprint, self.now(), reason).await? {
            Ok(())
        } else {
            Err(Refusal::no_certificate(&fingerprint.to_string(), tenant))
        }
    }

    pub(super) async fn check_owner(&self, tenant: &str, owner: Owner<'_>) -> Result<(), Refusal> {
        let Owner::Registered(id) = owner else { return Ok(()) };
        match self.repository.device(tenant, id).await? {
            Some(_) => Ok(()),
            None => {
                Err(Refusal::invalid(format!("Device identifier '{id}' was not found for tenant '{tenant}'.")))
            }
        }
    }

    async fn sign(&self, request: CheckedRequest, now: Time, seconds: Option<i64>) -> Result<Leaf, Refusal> {
        if !self.signer.ca.is_slow() {
            return leaf(&self.signer, &request, now, seconds);
        }
        let signer = Arc::clone(&self.signer);
        tokio::task::spawn_blocking(move || leaf(&signer, &request, now, seconds))
            .await
            .unwrap_or_else(|error| Err(Refusal::Failed(error.to_string())))
    }
}

fn leaf(signer: &Signer, request: &CheckedRequest, now: Time, seconds: Option<i64>) -> Result<Leaf, Refusal> {
    if now > signer.ca.root().not_after {
        return Err(Refusal::Failed("the root certificate has expired".to_owned()));
    }
    if now < signer.ca.root().not_before {
        let (now, begins) = (now.moment(), signer.ca.root().not_before.moment());
        return Err(Refusal::Failed(format!(
            "the clock ({now}) is before the start of the root certificate ({begins})"
        )));
    }
    let mut period = signer.profile.period(&signer.ca, now);
    if let Some(seconds) = seconds {
        period.not_after = now.plus(seconds).min(signer.ca.root().not_after);
    }
    let serial = ca::serial_number()?;
    let der = signer.profile.sign(&signer.ca, request, &serial, period)?;
    Ok(Leaf { der, serial: serial.as_bytes().to_vec(), period })
}
