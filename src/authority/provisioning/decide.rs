//! Decisions about requests of devices.

use der::Encode;
use x509_cert::spki::SubjectPublicKeyInfoOwned;

use super::{
    AUDIT, Caller, Provisioning, ProvisioningError, leaf,
    leaf::Purpose,
    records::{Granted, Ground, StoredRequest, StoredSecret, Used},
    secrets::id,
};
use crate::{
    authority::{
        ADMIN,
        repository::{CertificateQuery, Field, FieldValue, StoredCertificate, Test},
    },
    device_id::DeviceId,
    pki::{
        certificate::{Certificate, LABEL},
        fingerprint::Fingerprint,
        idprov::{ProvisionRequest, ProvisionResponse, Status},
        pem,
        time::Time,
    },
};

/// Seconds after which a device that waits may ask again.
const RETRY: u64 = 30;

/// Wrong signatures that cost nothing but their count.
const FREE_FAILURES: u32 = 4;
/// Seconds for which nothing is looked at after the next one; twice as long after each further one, up to an hour.
const FIRST_LOCK: u64 = 60;
const LONGEST_LOCK: u64 = 60 * 60;

/// Devices without a secret that are remembered for an operator to see.
const MOST_WAITING: u32 = 1000;

/// Characters of the longest address that a device says it has.
const LONGEST_ADDRESS: usize = 64;

/// A request that can be decided on.
struct Asked<'a> {
    request: &'a ProvisionRequest,
    device: DeviceId,
    info: SubjectPublicKeyInfoOwned,
    /// SHA-256 over the SubjectPublicKeyInfo.
    key: Fingerprint,
    /// From where it came.
    address: &'a str,
}

impl Provisioning {
    /// Decides on a request that came from `address`.
    ///
    /// # Errors
    /// For a request that cannot be, one whose secret is locked, and when the records fail.
    pub async fn provision(
        &self,
        caller: &Caller,
        request: &ProvisionRequest,
        address: &str,
    ) -> Result<ProvisionResponse, ProvisioningError> {
        let asked = check(request, address).inspect_err(|error| {
            tracing::info!(target: AUDIT, decision = "refused", device = ?request.device_id, address, why = %error);
        })?;
        let _gate = self.gate(asked.device.as_str()).await;
        match caller {
            Caller::Operator { name } => {
                let pem = self.issue(&asked, Ground::Credential).await?;
                say("approved", &asked, name);
                return Ok(self.approval(pem, b""));
            }
            Caller::Device { id, issued_at, .. } if *id == asked.device.as_str() => {
                return self.renew(&asked, caller, *issued_at).await;
            }
            Caller::Device { id, .. } => say("certificate of another device ignored", &asked, id),
            Caller::Unknown => {}
        }
        match self.records()?.secret(asked.device.as_str()).await? {
            Some(secret) if secret.used.is_some() || secret.valid_until >= self.now() => {
                self.by_secret(&asked, &secret).await
            }
            Some(_) => self.without_secret(&asked, "its secret has expired").await,
            None => self.without_secret(&asked, "no secret").await,
        }
    }

    async fn by_secret(
        &self,
        asked: &Asked<'_>,
        stored: &StoredSecret,
    ) -> Result<ProvisionResponse, ProvisioningError> {
        let now = self.now();
        if let Some(until) = stored.locked_until.filter(|until| *until > now) {
            say("locked", asked, "-");
            let left = u64::try_from(until.unix() - now.unix()).unwrap_or(0).max(1);
            return Err(ProvisioningError::Locked(left));
        }
        let Some(secret) = self.seal.unseal(&stored.device, &stored.sealed) else {
            return Err(ProvisioningError::Failed(
                "a secret cannot be decrypted: idprov.key is another".to_owned(),
            ));
        };
        if !asked.request.is_signed_with(&secret) {
            let failures = stored.failures.saturating_add(1);
            let locked = lock(failures).map(|seconds| now.plus(seconds));
            self.records()?.set_failures(asked.device.as_str(), failures, locked).await?;
            say("rejected: wrong signature", asked, "-");
            return Ok(ProvisionResponse::without_certificate(Status::Rejected, 0));
        }
        if stored.failures > 0 {
            self.records()?.set_failures(asked.device.as_str(), 0, None).await?;
        }
        match stored.used {
            Some(Used { key, certificate }) if key == asked.key => {
                self.again(asked, &certificate, &secret).await
            }
            // As without a secret: it was good for one key.
            Some(_) => self.without_secret(asked, "its secret was used for another key").await,
            None => match self.grant(asked, Ground::Secret).await? {
                Some(pem) => {
                    say("approved by secret", asked, "-");
                    Ok(self.approval(pem, &secret))
                }
                None => self.without_secret(asked, "its secret was used meanwhile").await,
            },
        }
    }

    /// The certificate that the same key got before.
    async fn again(
        &self,
        asked: &Asked<'_>,
        certificate: &Fingerprint,
        secret: &[u8],
    ) -> Result<ProvisionResponse, ProvisioningError> {
        if let Some(record) = self.authority.repository.certificate(ADMIN, certificate).await? {
            say("approved again, with the same certificate", asked, "-");
            return Ok(self.approval(pem::encode(LABEL, &record.der), secret));
        }
        say("rejected: its certificate was revoked", asked, "-");
        Ok(ProvisionResponse::without_certificate(Status::Rejected, 0))
    }

    async fn without_secret(
        &self,
        asked: &Asked<'_>,
        why: &str,
    ) -> Result<ProvisionResponse, ProvisioningError> {
        let known = self.records()?.request(asked.device.as_str(), &asked.key).await?;
        if let Some(StoredRequest { approved_at: Some(_), certificate, .. }) = known {
            if let Some(certificate) = certificate {
                return self.again(asked, &certificate, b"").await;
            }
            if let Some(pem) = self.grant(asked, Ground::Approval).await? {
                say("approved by an operator", asked, "-");
                return Ok(self.approval(pem, b""));
            }
        }
        let now = self.now();
        let request = StoredRequest {
            device: asked.device.to_string(),
            key: asked.key,
            ip: asked.request.ip.clone(),
            mac: asked.request.mac.clone(),
            address: asked.address.to_owned(),
            first_seen: now,
            last_seen: now,
            approved_at: None,
            certificate: None,
        };
        self.records()?.note_request(request, MOST_WAITING).await?;
        say(&format!("pending: {why}"), asked, "-");
        Ok(ProvisionResponse::without_certificate(Status::Waiting, RETRY))
    }

    /// Over the device's own certificate. For a key that got one after that was issued, the answer was lost.
    async fn renew(
        &self,
        asked: &Asked<'_>,
        caller: &Caller,
        issued_at: Time,
    ) -> Result<ProvisionResponse, ProvisioningError> {
        let Caller::Device { certificate: in_use, .. } = caller else {
            return Err(super::secrets::NO_CERTIFICATE);
        };
        let later = self.certificates_of(&asked.device).await?.into_iter().rfind(|record| {
            record.created_at >= issued_at && record.fingerprint != *in_use && is_for(record, &asked.key)
        });
        if let Some(record) = later.filter(|record| record.not_after > self.now()) {
            say("renewed again, with the same certificate", asked, caller.name());
            return Ok(self.approval(pem::encode(LABEL, &record.der), b""));
        }
        let pem = self.issue(asked, Ground::Credential).await?;
        say("renewed", asked, caller.name());
        Ok(self.approval(pem, b""))
    }

    async fn issue(&self, asked: &Asked<'_>, ground: Ground) -> Result<String, ProvisioningError> {
        let lost = || ProvisioningError::Failed("a serial number was drawn twice".to_owned());
        self.grant(asked, ground).await?.ok_or_else(lost)
    }

    /// A new certificate, or the earlier one of the same ground; `None` when the ground is gone.
    async fn grant(&self, asked: &Asked<'_>, ground: Ground) -> Result<Option<String>, ProvisioningError> {
        let signer = &self.authority.signer;
        let period = signer.profile.period(&signer.ca, self.now());
        let leaf = Purpose::Device(asked.device.as_str()).sign(signer, &asked.info, period)?;
        let record = self.record(leaf, Some(asked.device.as_str()));
        let made = pem::encode(LABEL, &record.der);
        match self.records()?.grant(record, asked.key, ground).await? {
            Granted::New => Ok(Some(made)),
            Granted::Earlier(certificate) => {
                let earlier = self.authority.repository.certificate(ADMIN, &certificate).await?;
                Ok(earlier.map(|record| pem::encode(LABEL, &record.der)))
            }
            Granted::Gone => Ok(None),
        }
    }

    /// The root stands in every approval: a Go client passes over one without it.
    fn approval(&self, client_cert: String, secret: &[u8]) -> ProvisionResponse {
        let response = ProvisionResponse {
            retry_seconds: 0,
            status: Status::Approved,
            ca_cert: self.authority.root().to_pem(),
            client_cert,
            signature: String::new(),
        };
        response.signed(secret)
    }

    /// Every certificate of a device, oldest first.
    pub(super) async fn certificates_of(
        &self,
        device: &DeviceId,
    ) -> Result<Vec<StoredCertificate>, ProvisioningError> {
        let is = |field, value| (field, Test::Is(value));
        let tests = vec![
            is(Field::Device, FieldValue::Text(device.to_string())),
            is(Field::IssuedHere, FieldValue::Flag(true)),
        ];
        let query = CertificateQuery { tests, ..CertificateQuery::default() };
        Ok(self.authority.repository.certificates(ADMIN, query).await?.0)
    }
}

/// Writes a decision into the log.
fn say(decision: &str, asked: &Asked<'_>, by: &str) {
    let Asked { device, key, address, .. } = asked;
    tracing::info!(target: AUDIT, decision, %device, %key, address, by = ?by);
}

fn check<'a>(request: &'a ProvisionRequest, address: &'a str) -> Result<Asked<'a>, ProvisioningError> {
    let device = id(&request.device_id)?;
    let invalid = |why: String| ProvisioningError::Invalid(why);
    for (name, text) in [("ip", &request.ip), ("mac", &request.mac)] {
        if text.len() > LONGEST_ADDRESS || text.chars().any(char::is_control) {
            return Err(invalid(format!("the field {name} is not an address")));
        }
    }
    let info =
        leaf::public_key(&request.public_key_pem).map_err(|why| invalid(format!("publicKeyPEM: {why}")))?;
    let der = info.to_der().map_err(|error| invalid(error.to_string()))?;
    Ok(Asked { request, device, key: Fingerprint::of(&der), info, address })
}

fn is_for(record: &StoredCertificate, key: &Fingerprint) -> bool {
    Certificate::from_der(record.der.clone())
        .is_ok_and(|certificate| Fingerprint::of(certificate.public_key_info()) == *key)
}

/// For how many seconds nothing is looked at after so many wrong signatures in a row.
fn lock(failures: u32) -> Option<i64> {
    let beyond = failures.checked_sub(FREE_FAILURES + 1)?;
    let seconds = FIRST_LOCK.saturating_mul(1 << beyond.min(10)).min(LONGEST_LOCK);
    i64::try_from(seconds).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_signatures_lock_longer_and_longer_but_never_for_good() {
        assert_eq!((1..=4).filter_map(lock).count(), 0);
        assert_eq!((5..=8).map(lock).collect::<Vec<_>>(), [60, 120, 240, 480].map(Some));
        assert_eq!(lock(100), Some(3600));
        assert_eq!(lock(u32::MAX), Some(3600));
    }
}
