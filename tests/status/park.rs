//! A fleet directory with whatever a test wants in it, made without the program under test.

use std::{
    fs,
    os::unix::fs::PermissionsExt,
    path::{Path, PathBuf},
};

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DistinguishedName, DnType, IsCa,
    Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams, SerialNumber,
};
use time::{Duration, OffsetDateTime};

use crate::support::{
    platform::workplace,
    terminal::{Call, certreq},
};

/// The moment every fleet here is looked at.
pub(super) const NOW: &str = "2026-11-25T12:00:00Z";

fn now() -> OffsetDateTime {
    OffsetDateTime::from_unix_timestamp(1_795_608_000).unwrap()
}

/// A directory and the authority whose certificates lie in it.
pub(super) struct Park {
    pub(super) home: tempfile::TempDir,
    issuer: Issuer<'static, KeyPair>,
    revoked: Vec<SerialNumber>,
    serial: u64,
}

/// How a device differs from a good one.
pub(super) struct Wish<'a> {
    /// Days from now.
    pub(super) days: std::ops::Range<i64>,
    pub(super) subject: Option<&'a str>,
    pub(super) mode: u32,
    pub(super) revoked: bool,
    /// The key file holds another key.
    pub(super) other_key: bool,
    /// PEM of a key that another device has, too.
    pub(super) key: Option<String>,
}

impl Default for Wish<'_> {
    fn default() -> Self {
        Self { days: -10..355, subject: None, mode: 0o600, revoked: false, other_key: false, key: None }
    }
}

impl Park {
    /// With a root, and nothing else.
    pub(super) fn new() -> Self {
        let home = workplace();
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name = name("Park Root");
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        (params.not_before, params.not_after) = (now() - Duration::days(400), now() + Duration::days(4000));
        fs::create_dir(home.path().join("ca")).unwrap();
        fs::write(home.path().join("ca/ca.pem"), params.self_signed(&key).unwrap().pem()).unwrap();
        Self { home, issuer: Issuer::new(params, key), revoked: Vec::new(), serial: 0 }
    }

    pub(super) fn path(&self, name: &str) -> PathBuf {
        self.home.path().join(name)
    }

    /// Adds `cert_<id>`; the PEM of its key.
    #[expect(clippy::needless_pass_by_value, reason = "reads like the wish it is: Wish { revoked: true, .. }")]
    pub(super) fn device(&mut self, id: &str, wish: Wish<'_>) -> String {
        let key = wish
            .key
            .as_ref()
            .map_or_else(|| KeyPair::generate().unwrap(), |pem| KeyPair::from_pem(pem).unwrap());
        self.serial += 1;
        let serial = SerialNumber::from(self.serial + 0x1000_0000);
        if wish.revoked {
            self.revoked.push(serial.clone());
        }
        let mut params = CertificateParams::default();
        params.distinguished_name = name(wish.subject.unwrap_or(id));
        params.serial_number = Some(serial);
        params.use_authority_key_identifier_extension = true;
        params.not_before = now() + Duration::days(wish.days.start);
        params.not_after = now() + Duration::days(wish.days.end);
        let certificate = params.signed_by(&key, &self.issuer).unwrap().pem();
        let pem =
            if wish.other_key { KeyPair::generate().unwrap().serialize_pem() } else { key.serialize_pem() };
        let directory = self.path(&format!("cert_{id}"));
        fs::create_dir(&directory).unwrap();
        write(&directory.join("private.key"), &pem, wish.mode);
        write(&directory.join("cert.pem"), &certificate, 0o644);
        pem
    }

    /// Writes `ca/crl.pem`, good for `days` from now.
    pub(super) fn list(&self, days: std::ops::Range<i64>) {
        let entry = |serial: &SerialNumber| RevokedCertParams {
            serial_number: serial.clone(),
            revocation_time: now() - Duration::days(20),
            reason_code: None,
            invalidity_date: None,
        };
        let list = CertificateRevocationListParams {
            this_update: now() + Duration::days(days.start),
            next_update: now() + Duration::days(days.end),
            crl_number: SerialNumber::from(7_u64),
            issuing_distribution_point: None,
            revoked_certs: self.revoked.iter().map(entry).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        fs::write(self.path("ca/crl.pem"), list.signed_by(&self.issuer).unwrap().pem().unwrap()).unwrap();
    }

    /// `certreq status` here, at [`NOW`].
    pub(super) fn status(&self, args: &[&str]) -> Call {
        certreq(self.home.path()).args(["status", "--at", NOW]).args(args)
    }
}

/// One device in each state, and every kind of trouble.
pub(super) fn of_every_kind() -> Park {
    let mut park = Park::new();
    let good = || Wish::default();
    for id in ["a1", "a2", "a3", "a4"] {
        park.device(id, good());
    }
    park.device("soon", Wish { days: -355..10, ..good() });
    park.device("over", Wish { days: -370..-5, ..good() });
    park.device("early", Wish { days: 2..367, ..good() });
    park.device("gone", Wish { revoked: true, ..good() });
    park.device("swapped", Wish { other_key: true, ..good() });
    park.device("stranger", Wish { subject: Some("somebody"), ..good() });
    park.device("open", Wish { mode: 0o644, ..good() });
    let key = park.device("twin1", Wish { days: -1..200, ..good() });
    park.device("twin2", Wish { days: -1..200, key: Some(key), ..good() });
    fs::create_dir(park.path("cert_empty")).unwrap();
    fs::create_dir_all(park.path(".certreq/staged/half")).unwrap();
    fs::write(park.path(".certreq/staged/half/private.key"), "half").unwrap();
    park.list(-1..5);
    park
}

/// A distinguished name with one common name.
fn name(common: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    name.push(DnType::CommonName, common);
    name
}

fn write(path: &Path, text: &str, mode: u32) {
    fs::write(path, text).unwrap();
    fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}
