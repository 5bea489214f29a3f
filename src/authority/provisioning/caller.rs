//! The caller, by its client certificate.

use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use super::{AUDIT, Provisioning, ProvisioningError, leaf::ORGANIZATION};
use crate::{
    authority::ADMIN,
    pki::{
        fingerprint::Fingerprint,
        idprov::{ADMIN_UNIT, DEVICE_UNIT, PLUGIN_UNIT},
        time::Time,
    },
};

/// The caller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Caller {
    /// No certificate, or one that says nothing here.
    Unknown,
    /// A device with the certificate in use.
    Device { id: String, certificate: Fingerprint, issued_at: Time },
    /// An operator, who may post secrets and approve devices.
    Operator { name: String },
}

impl Caller {
    /// For the log.
    pub(super) fn name(&self) -> &str {
        match self {
            Self::Unknown => "-",
            Self::Device { id, .. } => id,
            Self::Operator { name } => name,
        }
    }
}

impl Provisioning {
    /// The holder of this certificate (DER). Its chain and its dates were checked in the handshake; here it is looked
    /// up: a certificate that was revoked counts as unknown.
    ///
    /// # Errors
    /// When the records fail.
    pub async fn caller(&self, certificate: Option<&[u8]>) -> Result<Caller, ProvisioningError> {
        let Some(der) = certificate else { return Ok(Caller::Unknown) };
        let fingerprint = Fingerprint::of(der);
        let Some(record) = self.authority.repository.certificate(ADMIN, &fingerprint).await? else {
            tracing::info!(target: AUDIT, decision = "ignored", %fingerprint, "a certificate that is revoked or unknown");
            return Ok(Caller::Unknown);
        };
        let Some((name, units)) = subject(der).filter(|_| record.issued_here) else {
            return Ok(Caller::Unknown);
        };
        let has = |unit: &str| units.iter().any(|one| one == unit);
        if has(ADMIN_UNIT) || has(PLUGIN_UNIT) {
            return Ok(Caller::Operator { name });
        }
        if has(DEVICE_UNIT) {
            return Ok(Caller::Device { id: name, certificate: fingerprint, issued_at: record.created_at });
        }
        Ok(Caller::Unknown)
    }
}

/// The only common name, and the organizational units, of a subject of our own organization.
fn subject(der: &[u8]) -> Option<(String, Vec<String>)> {
    let (_, parsed) = X509Certificate::from_der(der).ok()?;
    let subject = parsed.subject();
    let mut organizations = subject.iter_organization().map(|one| one.as_str().unwrap_or_default());
    if organizations.next() != Some(ORGANIZATION) || organizations.next().is_some() {
        return None;
    }
    let names = crate::pki::names::common_names(subject);
    let [name] = names.as_slice() else { return None };
    let units = subject.iter_organizational_unit().filter_map(|unit| unit.as_str().ok().map(str::to_owned));
    Some((name.clone(), units.collect()))
}
