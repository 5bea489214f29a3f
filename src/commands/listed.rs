//! The platform's certificate records, judged here: its own filters and words are not taken for granted.

use std::sync::Arc;

use serde::Serialize;

use crate::{
    evidence::{self, revocations::Revocations, witness::Witness},
    failure::{Exit, Failure},
    output::Ui,
    pki::{
        certificate::{Certificate, Validity},
        fingerprint::Fingerprint,
        revocation::Revocation,
        state::{Lifetime, State, Within},
        time::Time,
    },
    platform::{CertificateRecord, Platform},
};

/// Facts by which records are judged.
#[derive(Debug)]
pub(super) struct Judge {
    pub(super) now: Time,
    /// The platform as a witness: its root, and its list where that can be believed.
    platform: Arc<Witness>,
}

/// A record and its own facts.
#[derive(Debug)]
pub(super) struct Held {
    /// The owner as the platform has it: a device's id, unchecked.
    pub(super) device: Option<String>,
    pub(super) application: Option<String>,
    pub(super) certificate: Certificate,
    pub(super) revocation: Revocation,
    pub(super) state: State,
    pub(super) issued_by_platform: Option<bool>,
    pub(super) created_at: Option<String>,
}

impl Held {
    /// It has no owner.
    pub(super) fn is_orphan(&self) -> bool {
        self.device.is_none() && self.application.is_none()
    }

    /// It can be used, now or later: not expired, and not known to be revoked or on hold.
    pub(super) fn is_live(&self) -> bool {
        !matches!(self.state, State::Expired | State::Revoked | State::OnHold)
    }

    /// The end is at hand, or behind.
    pub(super) fn ends_within(&self, now: Time, within: Within) -> bool {
        let certificate = &self.certificate;
        let lifetime = Lifetime { not_before: certificate.not_before, not_after: certificate.not_after };
        lifetime.ends_within(now, within)
    }
}

/// One certificate in JSON, the same for every verb that lists them.
#[derive(Debug, Serialize)]
pub(super) struct Facts<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    device: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    application: Option<&'a str>,
    fingerprint: String,
    serial: &'a str,
    subject: &'a str,
    issuer: &'a str,
    not_before: Time,
    not_after: Time,
    state: State,
    revocation: &'a Revocation,
    #[serde(skip_serializing_if = "Option::is_none")]
    issued_by_platform: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    created_at: Option<&'a str>,
}

impl<'a> From<&'a Held> for Facts<'a> {
    fn from(held: &'a Held) -> Self {
        let certificate = &held.certificate;
        Self {
            device: held.device.as_deref(),
            application: held.application.as_deref(),
            fingerprint: certificate.fingerprint().to_string(),
            serial: &certificate.serial,
            subject: &certificate.subject,
            issuer: &certificate.issuer,
            not_before: certificate.not_before,
            not_after: certificate.not_after,
            state: held.state,
            revocation: &held.revocation,
            issued_by_platform: held.issued_by_platform,
            created_at: held.created_at.as_deref(),
        }
    }
}

impl Judge {
    /// Fetches the root and its revocation list. Without a list that can be believed, revocation stays unknown, and
    /// a warning says why.
    ///
    /// # Errors
    /// When the root cannot be had, or is not the pinned one.
    pub(super) async fn of(
        platform: &dyn Platform,
        pin: Option<Fingerprint>,
        now: Time,
        ui: &Ui,
    ) -> Result<Self, Failure> {
        let mut found = evidence::platform::look(platform, pin).await?;
        found.list = match found.list.map_err(Failure::from) {
            Ok(list) => Ok(list),
            Err(failure) if failure.exit == Exit::Refused => return Err(failure),
            Err(failure) => {
                ui.warn(&format!("revocation is not known: {failure}"));
                return Ok(Self { now, platform: Arc::new(Witness::of(vec![found.root])) });
            }
        };
        Ok(Self { now, platform: Arc::new(found.into_witness()) })
    }

    /// Content of a record.
    ///
    /// # Errors
    /// The fault of a record that cannot be read.
    pub(super) fn read(&self, record: CertificateRecord) -> Result<Held, String> {
        let pem = record.pem.as_deref().ok_or("it holds no certificate")?;
        let chain = Certificate::all_from_pem(pem).map_err(|error| error.to_string())?;
        let certificate = chain.into_iter().next().ok_or("it holds no certificate")?;
        if record.fingerprint.parse::<Fingerprint>().ok() != Some(certificate.fingerprint()) {
            return Err(format!("its certificate has the fingerprint {}", certificate.fingerprint()));
        }
        let revocation = self.revocation(&certificate);
        let lifetime = Lifetime { not_before: certificate.not_before, not_after: certificate.not_after };
        Ok(Held {
            device: record.device,
            application: record.application,
            state: lifetime.state(self.now, Within::Usual, Some(&revocation)),
            revocation,
            issued_by_platform: record.issued_by_platform,
            created_at: record.created_at,
            certificate,
        })
    }

    fn revocation(&self, certificate: &Certificate) -> Revocation {
        Revocations::new([Arc::clone(&self.platform)], None)
            .about_at_hand(certificate, &[], self.now)
            .unwrap_or_else(|| Revocation::unknown("there is no revocation list"))
    }
}

/// Whether the certificate of a record is expired, by its validity alone.
pub(super) fn has_expired(held: &Held, now: Time) -> bool {
    held.certificate.validity_at(now) == Validity::Expired
}
