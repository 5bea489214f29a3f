//! Findings about a certificate, from its facts and from the key and the directory around it.

use std::collections::HashSet;

use serde::Serialize;

use super::{
    facts::{CertificateFacts, KeyFacts},
    state::Lifetime,
    time::Time,
};

/// Something an operator should know.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Finding {
    pub code: Code,
    pub severity: Severity,
    /// One sentence; may hold text of the certificate.
    pub message: String,
}

/// How bad it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    Note,
    Warning,
    /// It will not work, or it must not be used.
    Error,
}

/// Names for scripts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    KeyMismatch,
    /// The directory of a device has no `private.key`.
    KeyMissing,
    KeyEmpty,
    KeyEncrypted,
    KeyUnreadable,
    KeyExposed,
    /// Others may read the key file, and its mode lets no user write it.
    KeyReadable,
    IdMismatch,
    WeakKey,
    WeakDigest,
    NoSan,
    LastThird,
    UnknownCriticalExtension,
    MalformedExtension,
    DuplicateExtension,
    ControlCharacters,
    NegativeSerial,
    LongSerial,
    DatesReversed,
    DateEncoding,
    Algorithms,
    OldVersion,
    EmptySerial,
    Precertificate,
    CriticalIdentifier,
    KeyOffCurve,
}

impl Code {
    /// The certificate does not belong where it lies.
    #[must_use]
    pub fn is_mismatch(self) -> bool {
        matches!(self, Self::KeyMismatch | Self::IdMismatch)
    }

    /// The certificate cannot be used with what lies beside it, or others can use its key.
    #[must_use]
    pub fn is_broken(self) -> bool {
        matches!(
            self,
            Self::KeyMissing | Self::KeyEmpty | Self::KeyEncrypted | Self::KeyUnreadable | Self::KeyExposed
        )
    }
}

/// The surroundings of the certificate; every part is optional.
#[derive(Clone, Copy, Debug, Default)]
pub struct Surroundings<'a> {
    pub keys: &'a [KeyBeside],
    /// The device whose directory it lies in, when the certificate is not that device's.
    pub other_device: Option<&'a str>,
}

/// A private key that should belong to the certificate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KeyBeside {
    /// Where it is, as a person would say it.
    pub place: String,
    /// Absent where it is of a kind that is not compared; or the finding, in words that follow its name.
    pub key: Result<Option<KeyFacts>, (Code, String)>,
    /// Others than its owner may use the file.
    pub exposed: Option<Exposed>,
}

/// How a key file is open to others than its owner.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Exposed {
    /// Its mode is a slip that `chmod` mends.
    Open,
    /// Its owner cannot write it either: it was handed over for reading.
    HandedOver,
}

/// The findings, worst first.
#[must_use]
pub fn findings(facts: &CertificateFacts, around: Surroundings<'_>, now: Time) -> Vec<Finding> {
    let mut found = Findings(Vec::new());
    beside(&mut found, facts, around);
    strength(&mut found, facts);
    extensions(&mut found, facts);
    texts(&mut found, facts);
    encoding(&mut found, facts);
    life(&mut found, facts, now);
    found.0.sort_by_key(|finding| std::cmp::Reverse(finding.severity));
    found.0
}

struct Findings(Vec<Finding>);

impl Findings {
    fn add(&mut self, severity: Severity, code: Code, message: impl Into<String>) {
        self.0.push(Finding { code, severity, message: message.into() });
    }

    fn error(&mut self, code: Code, message: impl Into<String>) {
        self.add(Severity::Error, code, message);
    }

    fn warning(&mut self, code: Code, message: impl Into<String>) {
        self.add(Severity::Warning, code, message);
    }

    fn note(&mut self, code: Code, message: impl Into<String>) {
        self.add(Severity::Note, code, message);
    }
}

fn beside(found: &mut Findings, facts: &CertificateFacts, around: Surroundings<'_>) {
    let fits = |key: &KeyBeside| matches!(&key.key, Ok(Some(facts_of_key)) if facts_of_key.is_same(&facts.key));
    let one_fits = around.keys.iter().any(fits);
    for key in around.keys {
        let place = &key.place;
        match &key.key {
            Ok(Some(other)) if !one_fits && other.spki_sha256.is_some() => {
                found.error(Code::KeyMismatch, format!("the key in {place} belongs to another certificate"));
            }
            Ok(_) => {}
            Err((code, why)) => found.error(*code, format!("{place} {why}")),
        }
        let code = match key.exposed {
            None => continue,
            Some(Exposed::Open) => Code::KeyExposed,
            Some(Exposed::HandedOver) => Code::KeyReadable,
        };
        found.warning(code, format!("{place} can be read by others than its owner; chmod 600 it"));
    }
    if let Some(id) = around.other_device {
        let names = match facts.common_names.as_slice() {
            [] => "it has no common name".to_owned(),
            [name] => format!("its common name is {name}"),
            names => format!("it has {} common names: {}", names.len(), names.join(", ")),
        };
        found.error(Code::IdMismatch, format!("it lies in the directory of device {id}, but {names}"));
    }
}

fn strength(found: &mut Findings, facts: &CertificateFacts) {
    if facts.key.is_weak() {
        found.warning(Code::WeakKey, format!("its key is weak: {}", facts.key));
    }
    if facts.oddities.off_curve {
        found.error(
            Code::KeyOffCurve,
            "its public key is not a point of the curve it names: no private key fits it",
        );
    }
    let digest = facts.signature_algorithm.to_ascii_lowercase();
    let is_weak = ["md2", "md4", "md5", "sha1"].iter().any(|old| digest.contains(old));
    // A root is trusted for its bytes. Its own signature is not verified, so its digest does not matter.
    if is_weak && facts.subject != facts.issuer {
        found.warning(
            Code::WeakDigest,
            format!("it is signed with a weak digest: {}", facts.signature_algorithm),
        );
    }
}

fn extensions(found: &mut Findings, facts: &CertificateFacts) {
    let mut seen = HashSet::new();
    for extension in &facts.extensions {
        let name = extension.name.unwrap_or(&extension.oid);
        if !seen.insert(&extension.oid) {
            found.error(Code::DuplicateExtension, format!("it has the extension {name} twice"));
        }
        if extension.malformed {
            found.error(Code::MalformedExtension, format!("the extension {name} cannot be decoded"));
        }
        if name == "precertificatePoison" {
            found.error(
                Code::Precertificate,
                "it is a precertificate, made for a log of Certificate Transparency (RFC 6962 §3.1), and no certificate",
            );
        }
        if extension.critical && matches!(name, "authorityKeyIdentifier" | "subjectKeyIdentifier") {
            found.warning(
                Code::CriticalIdentifier,
                format!(
                    "its {name} is critical, which RFC 5280 §4.2.1.1 forbids: openssl and others refuse it"
                ),
            );
        }
        if extension.critical && extension.name.is_none() {
            let message = format!(
                "it has a critical extension that is not known here ({name}): software that does not know it must refuse the certificate"
            );
            found.warning(Code::UnknownCriticalExtension, message);
        }
    }
    // A certificate that is also for clients is a device's, and it works without a name of a server.
    let is_only_for_a_server = facts.is_for("serverAuth") && !facts.is_for("clientAuth");
    if facts.names.is_empty() && is_only_for_a_server && !facts.is_ca {
        let message = "it is for a server and has no subjectAltName: clients accept no name of it";
        found.warning(Code::NoSan, message);
    }
}

fn texts(found: &mut Findings, facts: &CertificateFacts) {
    let urls = facts.distribution_points.iter().chain(&facts.ocsp_responders).map(|url| ("URL", url));
    let names = facts.names.iter().map(|name| ("name", &name.value));
    let parties = [("subject", &facts.subject), ("issuer", &facts.issuer)];
    for (what, text) in urls.chain(names).chain(parties) {
        if text.chars().any(crate::pki::names::is_hidden) {
            found.warning(Code::ControlCharacters, format!("a {what} holds control characters: {text:?}"));
        }
    }
}

fn encoding(found: &mut Findings, facts: &CertificateFacts) {
    let odd = facts.oddities;
    if facts.version < 3 {
        found.warning(Code::OldVersion, format!("it is of version {}, which has no extensions", facts.version));
    }
    if odd.negative_serial {
        found.warning(Code::NegativeSerial, "its serial number is negative");
    }
    if odd.serial_octets == 0 {
        found.error(
            Code::EmptySerial,
            "its serial number is empty: it cannot be revoked, and openssl cannot read it",
        );
    }
    if odd.serial_octets > 20 {
        let octets = odd.serial_octets;
        found.warning(Code::LongSerial, format!("its serial number has {octets} octets; 20 is the most"));
    }
    if odd.two_algorithms {
        found.error(Code::Algorithms, "it names two different signature algorithms");
    }
    if odd.odd_time {
        found.note(Code::DateEncoding, "a date is not encoded as RFC 5280 wants it");
    }
}

fn life(found: &mut Findings, facts: &CertificateFacts, now: Time) {
    let lifetime = Lifetime { not_before: facts.not_before, not_after: facts.not_after };
    if facts.not_after < facts.not_before {
        found.error(Code::DatesReversed, "it expires before it begins");
    } else if lifetime.left(now) >= 0 && lifetime.left(now) < lifetime.seconds() / 3 {
        found.note(Code::LastThird, "it is in the last third of its life: time to renew");
    }
}
