//! Work of operators: secrets in and out, devices approved.

use jiff::{civil, tz::TimeZone};

use super::{
    AUDIT, Caller, Provisioning, ProvisioningError,
    records::{StoredRequest, StoredSecret},
    seal,
};
use crate::{
    device_id::DeviceId,
    pki::{
        fingerprint::Fingerprint,
        idprov::{
            DeviceStatus, OobSecret, Status,
            hub::{Approval, Ledger, SecretEntry, SecretState, WaitingDevice},
        },
        time::Time,
    },
};

/// Seconds a secret is good for when nothing else was said: 3 days, as in the standard.
const LIFE: i64 = 3 * 24 * 60 * 60;

impl Provisioning {
    /// Keeps the secret of a device; an earlier one, used or not, is forgotten.
    ///
    /// # Errors
    /// Unless an operator calls; for an id, a secret or a time that cannot be.
    pub async fn post_secret(&self, caller: &Caller, posted: &OobSecret) -> Result<(), ProvisioningError> {
        let operator = operator(caller)?;
        let device = id(&posted.device_id)?;
        let invalid = |why: &str| ProvisioningError::Invalid(why.to_owned());
        if posted.secret.len() > seal::LONGEST {
            return Err(invalid("the secret is too long"));
        }
        let now = self.now();
        let valid_until = match posted.valid_until.as_str() {
            "" => now.plus(LIFE),
            text => moment(text).ok_or_else(|| invalid("validUntil is not an ISO 8601 date or time"))?,
        };
        if valid_until <= now {
            return Err(invalid("validUntil is in the past"));
        }
        let sealed = self.seal.seal(device.as_str(), &posted.secret);
        let sealed =
            sealed.ok_or_else(|| ProvisioningError::Failed("the secret cannot be encrypted".to_owned()))?;
        let secret = StoredSecret {
            device: device.to_string(),
            sealed,
            created_at: now,
            valid_until,
            failures: 0,
            locked_until: None,
            used: None,
        };
        self.records()?.put_secret(secret).await?;
        tracing::info!(target: AUDIT, decision = "secret kept", %device, %valid_until, by = ?operator);
        Ok(())
    }

    /// Forgets a secret.
    ///
    /// # Errors
    /// Unless an operator calls; when there is none.
    pub async fn remove_secret(&self, caller: &Caller, device: &str) -> Result<(), ProvisioningError> {
        let operator = operator(caller)?;
        let device = id(device)?;
        if !self.records()?.remove_secret(device.as_str()).await? {
            return Err(ProvisioningError::NotFound("there is no secret of this device"));
        }
        tracing::info!(target: AUDIT, decision = "secret removed", %device, by = ?operator);
        Ok(())
    }

    /// Says yes to one key of one device, whether it asked already or not.
    ///
    /// # Errors
    /// Unless an operator calls; for a text that is no fingerprint.
    pub async fn approve(&self, caller: &Caller, approval: &Approval) -> Result<(), ProvisioningError> {
        let operator = operator(caller)?;
        let device = id(&approval.device_id)?;
        let key: Fingerprint =
            approval.fingerprint.parse().map_err(|error| ProvisioningError::Invalid(format!("{error}")))?;
        self.records()?.approve(device.as_str(), &key, self.now()).await?;
        tracing::info!(target: AUDIT, decision = "key approved", %device, %key, by = ?operator);
        Ok(())
    }

    /// Secrets, without the secrets, and devices that wait.
    ///
    /// # Errors
    /// Unless an operator calls.
    pub async fn ledger(&self, caller: &Caller) -> Result<Ledger, ProvisioningError> {
        operator(caller)?;
        let (records, now) = (self.records()?, self.now());
        let secrets = records.secrets().await?.iter().map(|secret| entry(secret, now)).collect();
        let waiting = records.requests().await?;
        let waiting = waiting.into_iter().filter(|request| request.certificate.is_none()).map(waits).collect();
        Ok(Ledger { secrets, waiting })
    }

    /// Whether a device has a certificate. Operators may ask about any, a device about itself.
    ///
    /// # Errors
    /// For every other caller.
    pub async fn status(&self, caller: &Caller, device: &str) -> Result<DeviceStatus, ProvisioningError> {
        let device = id(device)?;
        match caller {
            Caller::Operator { .. } => {}
            Caller::Device { id, .. } if *id == device.as_str() => {}
            Caller::Device { .. } => {
                return Err(ProvisioningError::Forbidden("a device may ask about itself only"));
            }
            Caller::Unknown => return Err(NO_CERTIFICATE),
        }
        let now = self.now();
        let live = self.certificates_of(&device).await?.into_iter().rfind(|record| record.not_after >= now);
        let pem = |der: &[u8]| crate::pki::pem::encode(crate::pki::certificate::LABEL, der);
        Ok(DeviceStatus {
            device_id: device.to_string(),
            status: if live.is_some() { Status::Approved } else { Status::Waiting },
            ca_cert: self.authority.root().to_pem(),
            client_cert: live.map(|record| pem(&record.der)),
        })
    }
}

pub(super) const NO_CERTIFICATE: ProvisioningError =
    ProvisioningError::Forbidden("this needs a client certificate of this server that is not revoked");

fn operator(caller: &Caller) -> Result<&str, ProvisioningError> {
    match caller {
        Caller::Operator { name } => Ok(name),
        Caller::Device { .. } => {
            Err(ProvisioningError::Forbidden("this is for operators (OU admin or plugin)"))
        }
        Caller::Unknown => Err(NO_CERTIFICATE),
    }
}

pub(super) fn id(text: &str) -> Result<DeviceId, ProvisioningError> {
    DeviceId::wide(text).map_err(|error| ProvisioningError::Invalid(error.to_string()))
}

/// An ISO 8601 date (to its end), or a time; without a zone it is UTC.
fn moment(text: &str) -> Option<Time> {
    if let Some(time) = Time::from_rfc3339(text) {
        return Some(time);
    }
    let civil = match text.parse::<civil::Date>() {
        Ok(date) if text.len() <= 10 => date.at(23, 59, 59, 0),
        _ => text.parse::<civil::DateTime>().ok()?,
    };
    Some(Time::from_unix(civil.to_zoned(TimeZone::UTC).ok()?.timestamp().as_second()))
}

fn entry(secret: &StoredSecret, now: Time) -> SecretEntry {
    let state = match secret {
        StoredSecret { used: Some(_), .. } => SecretState::Used,
        StoredSecret { valid_until, .. } if *valid_until < now => SecretState::Expired,
        StoredSecret { locked_until: Some(until), .. } if *until > now => SecretState::Locked,
        _ => SecretState::Unused,
    };
    SecretEntry {
        device_id: secret.device.clone(),
        state,
        created_at: secret.created_at.to_string(),
        valid_until: secret.valid_until.to_string(),
        failures: secret.failures,
    }
}

fn waits(request: StoredRequest) -> WaitingDevice {
    WaitingDevice {
        device_id: request.device,
        fingerprint: request.key.to_string(),
        ip: request.ip,
        mac: request.mac,
        address: request.address,
        first_seen: request.first_seen.to_string(),
        last_seen: request.last_seen.to_string(),
        approved: request.approved_at.is_some(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_read_as_people_and_programs_write_them() {
        let read = |text: &str| moment(text).map(|time| time.to_string());
        assert_eq!(read("2026-12-01").as_deref(), Some("2026-12-01T23:59:59Z"));
        assert_eq!(read("2026-12-01T10:00:00").as_deref(), Some("2026-12-01T10:00:00Z"));
        assert_eq!(read("2026-12-01T10:00:00.000Z").as_deref(), Some("2026-12-01T10:00:00Z"));
        assert_eq!(read("2026-12-01T10:00:00+02:00").as_deref(), Some("2026-12-01T08:00:00Z"));
        for text in ["soon", "2026", "2026-13-01", "01.12.2026"] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
