//! Verbs that look at the same directory say the same of it.

mod exchange;
mod files;
mod points;
mod table;

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use rcgen::{
    CertificateParams, DistinguishedName, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose, SerialNumber,
};
use tempfile::TempDir;
use time::{Duration, OffsetDateTime};

use crate::support::{
    platform::workplace,
    scripted::{Reply, Scripted},
};

/// A fleet directory with `ca/ca.pem`, and the authority that signs for it.
struct Fleet {
    home: TempDir,
    issuer: Issuer<'static, KeyPair>,
}

impl Fleet {
    fn new() -> Self {
        let home = workplace();
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, "Agreed Root");
        params.is_ca = IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let now = OffsetDateTime::now_utc();
        (params.not_before, params.not_after) = (now - Duration::days(400), now + Duration::days(4000));
        fs::create_dir(home.path().join("ca")).unwrap();
        fs::write(home.path().join("ca/ca.pem"), params.self_signed(&key).unwrap().pem()).unwrap();
        Self { home, issuer: Issuer::new(params, key) }
    }

    fn path(&self) -> &Path {
        self.home.path()
    }

    /// A revocation list of its authority that names some other certificate; PEM.
    fn list(&self) -> String {
        self.list_of(77_u64.into())
    }

    /// The same, with another serial number on it.
    fn list_of(&self, serial: SerialNumber) -> String {
        let now = OffsetDateTime::now_utc();
        let params = rcgen::CertificateRevocationListParams {
            this_update: now - Duration::days(1),
            next_update: now + Duration::days(30),
            crl_number: 1_u64.into(),
            issuing_distribution_point: None,
            revoked_certs: vec![rcgen::RevokedCertParams {
                serial_number: serial,
                revocation_time: now - Duration::days(2),
                reason_code: None,
                invalidity_date: None,
            }],
            key_identifier_method: rcgen::KeyIdMethod::Sha256,
        };
        params.signed_by(&self.issuer).unwrap().pem().unwrap()
    }

    /// A TLS server of its authority, at 127.0.0.1, that asks for a client certificate and takes any.
    fn server(&self) -> Scripted {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
        params.use_authority_key_identifier_extension = true;
        let now = OffsetDateTime::now_utc();
        (params.not_before, params.not_after) = (now - Duration::days(1), now + Duration::days(300));
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        Scripted::tls(certificate.der(), &key.serialize_der(), |_| Reply::status(200).body("hello"))
    }

    /// Puts a pair into a directory, valid for so many days from now; its DER and the key's PEM.
    fn pair(&self, directory: &str, name: &str, days: std::ops::Range<i64>) -> (Vec<u8>, String) {
        self.pair_named(directory, &[name], days)
    }

    /// The same with several common names.
    fn pair_named(&self, directory: &str, names: &[&str], days: std::ops::Range<i64>) -> (Vec<u8>, String) {
        const COMMON_NAME: [u64; 4] = [2, 5, 4, 3];
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        for (index, name) in names.iter().enumerate() {
            // rcgen keeps one value of each kind; the second has the same number under another name.
            let kind = if index == 0 { DnType::CommonName } else { DnType::CustomDnType(COMMON_NAME.to_vec()) };
            params.distinguished_name.push(kind, *name);
        }
        params.use_authority_key_identifier_extension = true;
        let now = OffsetDateTime::now_utc();
        (params.not_before, params.not_after) =
            (now + Duration::days(days.start), now + Duration::days(days.end));
        let certificate = params.signed_by(&key, &self.issuer).unwrap();
        let directory = self.path().join(directory);
        fs::create_dir(&directory).unwrap();
        fs::write(directory.join("cert.pem"), certificate.pem()).unwrap();
        let file = directory.join("private.key");
        fs::write(&file, key.serialize_pem()).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
        (certificate.der().to_vec(), key.serialize_pem())
    }
}
