//! The embedded authority as a platform, in this process: no server, no network, the same answers.

use std::{ops::ControlFlow, path::Path, time::Duration};

use super::{
    CertificateRecord, DeviceRecord, ErrorKind, ForeignCertificate, Keep, Platform, PlatformError, Registry,
    Reply, See, SignRequest, Signed, TrustStore, TrustedCa,
};
use crate::{
    authority::{
        ADMIN as TENANT, Authority, AuthorityError, Options, Owner, Refusal,
        repository::{CertificateQuery, Device, DeviceQuery, StoredCertificate, TrustedCa as TrustedRecord},
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
    /// Opens the authority in `dir`, or founds one. It has no user that can log in before it was served once.
    ///
    /// # Errors
    /// When another process uses the directory, or it cannot be used at all.
    pub async fn open(dir: &Path, options: Options) -> Result<Self, AuthorityError> {
        let authority = Authority::open(dir, options).await?;
        for concern in authority.concerns() {
            tracing::warn!("{concern}");
        }
        Ok(Self { authority, registered_only: false })
    }

    /// True when an authority was founded in `dir`.
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
    fn display_name(&self) -> String {
        self.authority.directory().display().to_string()
    }

    fn locks_others_out(&self) -> bool {
        true
    }

    fn root(&self) -> Reply<'_, Certificate> {
        Box::pin(async { Ok(self.authority.root().clone()) })
    }

    fn crl(&self) -> Reply<'_, String> {
        Box::pin(async { Ok(self.authority.crl().await?.pem()) })
    }

    fn crl_of_part(&self, part: u16, of: u16) -> Reply<'_, String> {
        Box::pin(async move {
            let list = self.authority.crl_of_part(of, part).await?;
            list.map(|list| list.pem()).ok_or_else(|| {
                let text = format!("{} has no list of part {part} of {of}", self.display_name());
                PlatformError::new(ErrorKind::NotFound, text)
            })
        })
    }

    /// The next list is made when it is asked for, and has every revocation.
    fn list_delay(&self) -> Option<Duration> {
        None
    }

    fn sign<'a>(&'a self, request: &'a SignRequest) -> Reply<'a, Signed> {
        Box::pin(async {
            let issued = self.authority.issue(TENANT, &request.csr_pem, self.owner(&request.device)).await?;
            Ok(Signed {
                certificate_pem: issued.certificate_pem,
                fingerprint: issued.fingerprint.to_string(),
                request_id: None,
            })
        })
    }

    fn registry(&self) -> Option<&dyn Registry> {
        Some(self)
    }

    fn trust_store(&self) -> Option<&dyn TrustStore> {
        Some(self)
    }
}

impl Registry for Local {
    fn tenant(&self) -> Option<String> {
        Some(TENANT.to_owned())
    }

    fn devices(&self) -> Reply<'_, Vec<String>> {
        Box::pin(async {
            let (devices, _) = self.authority.devices(TENANT, DeviceQuery::default()).await?;
            Ok(devices.into_iter().map(|device| device.id).collect())
        })
    }

    fn each_device<'a>(&'a self, see: See<'a, DeviceRecord>) -> Reply<'a, ()> {
        Box::pin(async {
            for page in 0.. {
                let query = DeviceQuery { label: None, limit: Some(PAGE), offset: page * PAGE };
                let (devices, _) = self.authority.devices(TENANT, query).await?;
                if devices.is_empty() || devices.into_iter().map(registered).try_for_each(&mut *see).is_break()
                {
                    break;
                }
            }
            Ok(())
        })
    }

    fn add_device<'a>(&'a self, device: &'a DeviceId, _template: Option<&'a str>) -> Reply<'a, bool> {
        Box::pin(async move {
            let new = self.authority.register_devices(TENANT, std::slice::from_ref(device)).await?;
            Ok(new == 1)
        })
    }

    fn certificates<'a>(&'a self, keep: Keep<'a>) -> Reply<'a, Vec<CertificateRecord>> {
        Box::pin(async {
            let mut kept = Vec::new();
            let mut see = |record| {
                if keep(&record) {
                    kept.push(record);
                }
                ControlFlow::Continue(())
            };
            self.each_certificate(&mut see).await?;
            Ok(kept)
        })
    }

    fn each_certificate<'a>(&'a self, see: See<'a, CertificateRecord>) -> Reply<'a, ()> {
        Box::pin(async {
            for page in 0.. {
                let query = CertificateQuery { tests: Vec::new(), limit: Some(PAGE), offset: page * PAGE };
                let (records, _) = self.authority.certificates(TENANT, query).await?;
                if records.is_empty() || records.into_iter().map(listed).try_for_each(&mut *see).is_break() {
                    break;
                }
            }
            Ok(())
        })
    }

    fn certificate<'a>(&'a self, fingerprint: &'a Fingerprint) -> Reply<'a, CertificateRecord> {
        Box::pin(async { Ok(listed(self.authority.certificate(TENANT, fingerprint).await?)) })
    }

    fn set_owner<'a>(&'a self, certificate: &'a Fingerprint, device: &'a DeviceId) -> Reply<'a, ()> {
        Box::pin(async { Ok(self.authority.link(TENANT, certificate, self.owner(device)).await?) })
    }

    fn remove_owner<'a>(&'a self, certificate: &'a Fingerprint) -> Reply<'a, ()> {
        Box::pin(async { Ok(self.authority.link(TENANT, certificate, Owner::Nobody).await?) })
    }

    fn delete<'a>(&'a self, certificate: &'a Fingerprint) -> Reply<'a, ()> {
        Box::pin(async { Ok(self.authority.delete(TENANT, certificate).await?) })
    }
}

impl TrustStore for Local {
    fn register<'a>(&'a self, certificate: &'a ForeignCertificate) -> Reply<'a, String> {
        Box::pin(async {
            let ForeignCertificate { chain_pem, root, device } = certificate;
            let owner = self.owner(device);
            let registered = self.authority.register_chain(TENANT, chain_pem, Some(*root), owner).await?;
            Ok(registered.to_string())
        })
    }

    fn trusted_root<'a>(&'a self, fingerprint: &'a Fingerprint) -> Reply<'a, String> {
        Box::pin(async { Ok(pem::encode(LABEL, &self.authority.trusted_ca(TENANT, fingerprint).await?.der)) })
    }

    fn trusted_cas(&self) -> Reply<'_, Vec<TrustedCa>> {
        Box::pin(async {
            let records = self.authority.trusted_cas(TENANT).await?;
            Ok(records.into_iter().map(trusted).collect())
        })
    }

    fn trust<'a>(&'a self, pem: &'a str, auto: bool) -> Reply<'a, String> {
        Box::pin(async move { Ok(self.authority.trust(TENANT, pem, auto).await?.to_string()) })
    }

    fn allow_auto_registration<'a>(&'a self, ca: &'a Fingerprint, allow: bool) -> Reply<'a, ()> {
        Box::pin(async move { Ok(self.authority.allow_auto_registration(TENANT, ca, allow).await?) })
    }

    fn distrust<'a>(&'a self, ca: &'a Fingerprint) -> Reply<'a, ()> {
        Box::pin(async { Ok(self.authority.distrust(TENANT, ca).await?) })
    }
}

fn registered(device: Device) -> DeviceRecord {
    DeviceRecord { id: device.id, label: Some(device.label), created: Some(device.created.to_string()) }
}

fn listed(record: StoredCertificate) -> CertificateRecord {
    CertificateRecord {
        fingerprint: record.fingerprint.to_string(),
        pem: Some(pem::encode(LABEL, &record.der).trim_end().to_owned()),
        subject: Some(record.subject_dn),
        device: record.device.filter(|device| !device.is_empty()),
        owned_by_name: false,
        application: None,
        issued_by_platform: Some(record.issued_here),
        created_at: Some(record.created_at.to_string()),
        tenant: Some(record.tenant),
    }
}

fn trusted(record: TrustedRecord) -> TrustedCa {
    TrustedCa {
        fingerprint: record.fingerprint.to_string(),
        pem: Some(pem::encode(LABEL, &record.der).trim_end().to_owned()),
        subject: Some(record.subject_dn),
        auto_registration: Some(record.allow_auto_registration),
    }
}

impl From<Refusal> for PlatformError {
    fn from(refusal: Refusal) -> Self {
        let kind = match refusal {
            Refusal::Invalid(_) | Refusal::Unreadable(_) | Refusal::Chain(_) | Refusal::Conflict(_) => {
                ErrorKind::Rejected
            }
            Refusal::NotFound(_) => ErrorKind::NotFound,
            Refusal::Unavailable(_) => ErrorKind::Busy,
            Refusal::Failed(_) => ErrorKind::OutcomeUnknown,
        };
        Self::new(kind, refusal.to_string())
    }
}
