//! The embedded authority as a platform, in this process: no server, no network, the same answers.

use std::{ops::ControlFlow, path::Path, time::Duration};

use super::{
    CertificateRecord, DeviceRecord, ErrorKind, ForeignCertificate, Owner as RecordOwner, Platform,
    PlatformError, SignRequest, Signed, TrustedCa,
};
use crate::{
    authority::{
        ADMIN as TENANT, Authority, AuthorityError, Options, Owner, Refusal,
        repository::{CertificateQuery, Device, DeviceQuery, StoredCertificate},
    },
    device_id::DeviceId,
    pki::{certificate::Certificate, certificate::LABEL, fingerprint::Fingerprint, pem},
};

/// Records read at once.
const PAGE: u64 = 1000;

/// An authority in a directory on this machine.
#[derive(Debug)]
pub struct Local {
    authority: Authority,
    registered_only: bool,
}

impl Local {
    /// Opens the authority in `dir`, or founds one. Nobody can log in to it before it was served once.
    ///
    /// # Errors
    /// When another process uses the directory, or it cannot be used at all.
    pub async fn open(dir: &Path, options: Options) -> Result<Self, AuthorityError> {
        let authority = Authority::open(dir, options).await?;
        Ok(Self { authority, registered_only: false })
    }

    /// An authority was founded in `dir`.
    #[must_use]
    pub fn exists(dir: &Path) -> bool {
        Authority::exists(dir)
    }

    /// Signs only for devices that are in the registry, as the served platform does. Otherwise a device enters the
    /// registry with its first certificate.
    #[must_use]
    pub fn registered_only(mut self, only: bool) -> Self {
        self.registered_only = only;
        self
    }

    fn owner<'a>(&self, device: &'a DeviceId) -> Owner<'a> {
        if self.registered_only { Owner::Registered(device.as_str()) } else { Owner::Any(device.as_str()) }
    }
}

impl Platform for Local {
    fn place(&self) -> String {
        self.authority.directory().display().to_string()
    }

    async fn root(&self) -> Result<Certificate, PlatformError> {
        Ok(self.authority.root().clone())
    }

    async fn crl(&self) -> Result<String, PlatformError> {
        Ok(self.authority.crl().await?.pem.clone())
    }

    async fn devices(&self) -> Result<Vec<String>, PlatformError> {
        let (devices, _) = self.authority.devices(TENANT, DeviceQuery::default()).await?;
        Ok(devices.into_iter().map(|device| device.id).collect())
    }

    async fn sign(&self, request: &SignRequest) -> Result<Signed, PlatformError> {
        let issued = self.authority.issue(TENANT, &request.csr_pem, self.owner(&request.device)).await?;
        Ok(Signed {
            certificate_pem: issued.certificate_pem,
            fingerprint: issued.fingerprint.to_string(),
            request_id: None,
        })
    }

    async fn certificates(
        &self,
        keep: &(dyn Fn(&CertificateRecord) -> bool + Sync),
    ) -> Result<Vec<CertificateRecord>, PlatformError> {
        let mut kept = Vec::new();
        let mut see = |record| {
            if keep(&record) {
                kept.push(record);
            }
            ControlFlow::Continue(())
        };
        self.each_certificate(&mut see).await?;
        Ok(kept)
    }

    async fn each_certificate(
        &self,
        see: &mut (dyn FnMut(CertificateRecord) -> ControlFlow<()> + Send),
    ) -> Result<(), PlatformError> {
        for page in 0.. {
            let query = CertificateQuery { tests: Vec::new(), limit: Some(PAGE), offset: page * PAGE };
            let (records, _) = self.authority.certificates(TENANT, query).await?;
            if records.is_empty() || records.into_iter().map(listed).try_for_each(&mut *see).is_break() {
                break;
            }
        }
        Ok(())
    }

    async fn certificate(&self, fingerprint: &Fingerprint) -> Result<CertificateRecord, PlatformError> {
        Ok(listed(self.authority.certificate(TENANT, fingerprint).await?))
    }

    async fn each_device(
        &self,
        see: &mut (dyn FnMut(DeviceRecord) -> ControlFlow<()> + Send),
    ) -> Result<(), PlatformError> {
        for page in 0.. {
            let query = DeviceQuery { label: None, limit: Some(PAGE), offset: page * PAGE };
            let (devices, _) = self.authority.devices(TENANT, query).await?;
            if devices.is_empty() || devices.into_iter().map(registered).try_for_each(&mut *see).is_break() {
                break;
            }
        }
        Ok(())
    }

    fn tenant(&self) -> Option<String> {
        Some(TENANT.to_owned())
    }

    async fn link(&self, certificate: &Fingerprint, device: Option<&DeviceId>) -> Result<(), PlatformError> {
        let owner = device.map_or(Owner::Nobody, |device| self.owner(device));
        Ok(self.authority.link(TENANT, certificate, owner).await?)
    }

    async fn unlink(&self, certificate: &Fingerprint) -> Result<(), PlatformError> {
        Ok(self.authority.link(TENANT, certificate, Owner::Nobody).await?)
    }

    async fn delete(&self, certificate: &Fingerprint) -> Result<(), PlatformError> {
        Ok(self.authority.delete(TENANT, certificate).await?)
    }

    /// The next list is made when it is asked for, and has every revocation.
    fn list_delay(&self) -> Option<Duration> {
        None
    }

    async fn register(&self, certificate: &ForeignCertificate) -> Result<String, PlatformError> {
        let ForeignCertificate { chain_pem, root, device } = certificate;
        let owner = self.owner(device);
        let registered = self.authority.register_chain(TENANT, chain_pem, Some(*root), owner).await?;
        Ok(registered.to_string())
    }

    async fn trusted_root(&self, fingerprint: &Fingerprint) -> Result<String, PlatformError> {
        Ok(pem::encode(LABEL, &self.authority.trusted_ca(TENANT, fingerprint).await?.der))
    }

    async fn trusted_cas(&self) -> Result<Vec<TrustedCa>, PlatformError> {
        let records = self.authority.trusted_cas(TENANT).await?;
        Ok(records
            .into_iter()
            .map(|record| TrustedCa {
                ca_fingerprint: record.fingerprint.to_string(),
                ca_pem: Some(pem::encode(LABEL, &record.der).trim_end().to_owned()),
                subject_dn: Some(record.subject_dn),
                allow_auto_registration: Some(record.allow_auto_registration),
            })
            .collect())
    }

    async fn trust(&self, pem: &str, auto: bool) -> Result<String, PlatformError> {
        Ok(self.authority.trust(TENANT, pem, auto).await?.to_string())
    }

    async fn allow_auto_registration(&self, ca: &Fingerprint, allow: bool) -> Result<(), PlatformError> {
        Ok(self.authority.allow_auto_registration(TENANT, ca, allow).await?)
    }

    async fn distrust(&self, ca: &Fingerprint) -> Result<(), PlatformError> {
        Ok(self.authority.distrust(TENANT, ca).await?)
    }
}

fn registered(device: Device) -> DeviceRecord {
    DeviceRecord { id: device.id, label: Some(device.label), created: Some(device.created.to_string()) }
}

fn listed(record: StoredCertificate) -> CertificateRecord {
    CertificateRecord {
        fingerprint: record.fingerprint.to_string(),
        pem: Some(pem::encode(LABEL, &record.der).trim_end().to_owned()),
        subject_dn: Some(record.subject_dn),
        belongs_to: Some(RecordOwner { device: record.device, application: None }),
        issued_by_dojot_pki: Some(record.issued_here),
        created_at: Some(record.created_at.to_string()),
        tenant: Some(record.tenant),
    }
}

impl From<Refusal> for PlatformError {
    fn from(refusal: Refusal) -> Self {
        let kind = match refusal {
            Refusal::Invalid(_) | Refusal::Chain(_) | Refusal::Conflict(_) => ErrorKind::Refused,
            Refusal::NotFound(_) => ErrorKind::NotFound,
            Refusal::Failed(_) => ErrorKind::Unknown,
        };
        Self::new(kind, refusal.to_string())
    }
}
