//! Certificates on a scripted platform, and the device directories that hold them.

use std::path::Path;

use certreq::pki::{certificate::Certificate, csr, key};
use serde_json::{Value, json};

use super::{
    forger::{Forger, Wish},
    scripted::Reply,
};

/// A device's certificate and key.
pub(crate) struct Held {
    pub(crate) device: String,
    pub(crate) certificate: Certificate,
    key_pem: String,
}

impl Held {
    /// Signed by the forger, valid for 30 days.
    pub(crate) fn new(forger: &Forger, device: &str) -> Self {
        Self::with(forger, device, &Wish::default())
    }

    pub(crate) fn with(forger: &Forger, device: &str, wish: &Wish) -> Self {
        let key = key::PrivateKey::generate(key::KeySpec::P256).unwrap();
        let pem = forger.sign(&csr::request(&key, device).unwrap(), wish);
        let certificate = Certificate::all_from_pem(&pem).unwrap().remove(0);
        let key_pem = key.to_pkcs8_pem().unwrap().to_string();
        Self { device: device.to_owned(), certificate, key_pem }
    }

    pub(crate) fn fingerprint(&self) -> String {
        self.certificate.fingerprint().to_string()
    }

    /// Its record, owned by its device.
    pub(crate) fn record(&self) -> Value {
        self.owned_by(json!({ "device": self.device }))
    }

    /// Its record with another owner.
    #[expect(clippy::needless_pass_by_value, reason = "reads like the record it makes")]
    pub(crate) fn owned_by(&self, owner: Value) -> Value {
        json!({
            "fingerprint": self.fingerprint(),
            "pem": self.certificate.to_pem().trim_end(),
            "belongsTo": owner,
            "issuedByDojotPki": true,
            "tenant": "admin",
        })
    }

    /// Makes its device directory, below a fleet's.
    pub(crate) fn put(&self, fleet: &Path) {
        self.put_as(fleet, &format!("cert_{}", self.device));
    }

    pub(crate) fn put_as(&self, fleet: &Path, name: &str) {
        let directory = fleet.join(name);
        std::fs::create_dir_all(&directory).unwrap();
        let key = directory.join("private.key");
        std::fs::write(&key, &self.key_pem).unwrap();
        std::fs::set_permissions(key, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
        std::fs::write(directory.join("cert.pem"), self.certificate.to_pem()).unwrap();
    }
}

/// One page of `GET /x509/v1/certificates`.
pub(crate) fn page(records: &[Value], number: usize, pages: usize, total: usize) -> Reply {
    Reply::json(
        200,
        json!({
            "paging": { "previous": null, "current": { "number": number }, "next": null, "totalItems": total,
                "totalPages": pages, "limitPerPage": 250 },
            "certificates": records,
        }),
    )
}

/// The platform's answer about a record that is not there.
pub(crate) fn no_record() -> Reply {
    Reply::json(
        404,
        json!({ "error": "No records found for the following parameters: {\"tenant\":\"admin\"}" }),
    )
}
