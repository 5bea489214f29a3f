//! Trusted CAs of a tenant, and certificates registered under them.

use super::{
    authority::Authority,
    certificates::Owner,
    chains,
    error::Refusal,
    repository::{Removal, StoredCertificate, TrustedCa},
};
use crate::pki::{certificate::Certificate, chain, fingerprint::Fingerprint};

/// Common name of the platform's own CA.
const PLATFORM_CA: &str = "X509 Identity CA";

impl Authority {
    /// Trusts a foreign self-signed root. `pem` must hold exactly one certificate.
    ///
    /// # Errors
    /// [`Refusal::Invalid`] for a certificate that is no usable root, [`Refusal::Conflict`] for one the tenant has
    /// already.
    pub async fn trust(
        &self,
        tenant: &str,
        pem: &str,
        allow_auto_registration: bool,
    ) -> Result<Fingerprint, Refusal> {
        let certificates = chains::certificates(pem).map_err(|error| Refusal::Unreadable(error.to_string()))?;
        let [root] = certificates.as_slice() else {
            return Err(Refusal::invalid("Only one CA certificate is expected per request."));
        };
        let now = self.now();
        chains::remaining_days(root, now)?;
        chains::root(root)?;
        if root
            .common_names
            .first()
            .is_some_and(|name| name == PLATFORM_CA || self.root().common_names.contains(name))
        {
            return Err(Refusal::invalid(
                "It is not allowed to register a CA certificate with the same 'CNAME' of the platform.",
            ));
        }
        let fingerprint = root.fingerprint();
        let record = TrustedCa {
            tenant: tenant.to_owned(),
            fingerprint,
            der: root.der().to_vec(),
            subject_dn: chains::subject_and_serial(root)?.0,
            not_before: root.not_before,
            not_after: root.not_after,
            created_at: now,
            modified_at: now,
            allow_auto_registration,
        };
        if self.repository.add_trusted_ca(record).await? { Ok(fingerprint) } else { Err(exists(&fingerprint)) }
    }

    /// One trusted CA.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub async fn trusted_ca(&self, tenant: &str, fingerprint: &Fingerprint) -> Result<TrustedCa, Refusal> {
        self.repository
            .trusted_ca(tenant, fingerprint)
            .await?
            .ok_or_else(|| Refusal::no_trusted_ca(&fingerprint.to_string(), tenant))
    }

    /// Every trusted CA of the tenant, in the order they were added.
    ///
    /// # Errors
    /// When the records fail.
    pub async fn trusted_cas(&self, tenant: &str) -> Result<Vec<TrustedCa>, Refusal> {
        Ok(self.repository.trusted_cas(tenant).await?)
    }

    /// Sets the flag; nothing here registers anything automatically, as on the platform.
    ///
    /// # Errors
    /// [`Refusal::NotFound`].
    pub async fn allow_auto_registration(
        &self,
        tenant: &str,
        fingerprint: &Fingerprint,
        allow: bool,
    ) -> Result<(), Refusal> {
        if self.repository.allow_auto_registration(tenant, fingerprint, allow, self.now()).await? {
            Ok(())
        } else {
            Err(Refusal::no_trusted_ca(&fingerprint.to_string(), tenant))
        }
    }

    /// Stops trusting a CA.
    ///
    /// # Errors
    /// [`Refusal::NotFound`]; [`Refusal::Invalid`] while certificates registered by hand depend on it.
    pub async fn distrust(&self, tenant: &str, fingerprint: &Fingerprint) -> Result<(), Refusal> {
        match self.repository.remove_trusted_ca(tenant, fingerprint).await? {
            Removal::Removed => Ok(()),
            Removal::Missing => Err(Refusal::no_trusted_ca(&fingerprint.to_string(), tenant)),
            Removal::Needed => Err(Refusal::invalid(
                "There are certificates dependent on the CA to be removed, however these certificates are not \
                 marked as 'autoRegistered'. Therefore, they must be removed manually before removing their CA \
                 certificate.",
            )),
        }
    }

    /// Registers a certificate issued under a trusted CA. `pem` holds it first, then intermediates, perhaps the
    /// root last; without the root, `ca` must name it.
    ///
    /// # Errors
    /// [`Refusal::Invalid`], [`Refusal::Chain`], or [`Refusal::Conflict`] when any tenant has the certificate.
    pub async fn register_chain(
        &self,
        tenant: &str,
        pem: &str,
        ca: Option<Fingerprint>,
        owner: Owner<'_>,
    ) -> Result<Fingerprint, Refusal> {
        self.check_owner(tenant, owner).await?;
        let mut chain = chains::certificates(pem)?;
        let leaf = chain.remove(0);
        let now = self.now();
        chains::remaining_days(&leaf, now)?;
        chains::leaf(&leaf)?;
        let ca = root_of(&mut chain, ca)?;
        let Some(trusted) = self.repository.trusted_ca(tenant, &ca).await? else {
            return Err(Refusal::invalid(
                "The root CA certificate is not registered as a trusted certificate yet.",
            ));
        };
        let root = Certificate::from_der(trusted.der).map_err(|error| Refusal::Failed(error.to_string()))?;
        chain::verify_registered(&leaf, &chain, &[root], now)
            .map_err(|error| Refusal::Chain(error.to_string()))?;
        let (subject_dn, serial) = chains::subject_and_serial(&leaf)?;
        let fingerprint = leaf.fingerprint();
        let (device, register) = owner.recorded();
        let record = StoredCertificate {
            tenant: tenant.to_owned(),
            fingerprint,
            serial,
            der: leaf.der().to_vec(),
            subject_dn,
            not_before: leaf.not_before,
            not_after: leaf.not_after,
            created_at: now,
            modified_at: now,
            issued_here: false,
            auto_registered: false,
            device,
            ca: Some(ca),
        };
        if self.repository.add_certificate(record, register).await? {
            Ok(fingerprint)
        } else {
            Err(exists(&fingerprint))
        }
    }
}

/// Takes a root off the end of the chain; it and `named` must agree, and there must be one of them.
fn root_of(chain: &mut Vec<Certificate>, named: Option<Fingerprint>) -> Result<Fingerprint, Refusal> {
    let found = chain.pop_if(|last| chains::root(last).is_ok()).map(|root| root.fingerprint());
    match (found, named) {
        (Some(found), Some(named)) if found != named => Err(Refusal::invalid(
            "The fingerprint of the CA defined in the payload of the request does not match the fingerprint of the \
             certificate of the root CA that was also informed in the certificate chain.",
        )),
        (Some(found), _) => Ok(found),
        (None, Some(named)) => Ok(named),
        (None, None) => Err(Refusal::invalid(
            "It was not possible to obtain the fingerprint of the root CA. Make sure to inform it in the request \
             payload or inform the root CA certificate as the last one in the chain of certificates.",
        )),
    }
}

fn exists(fingerprint: &Fingerprint) -> Refusal {
    Refusal::Conflict(format!("The certificate with fingerprint '{fingerprint}' already exists."))
}
