//! A certificate authority that signs whatever a test wants, right or wrong.

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CertificateSigningRequestParams,
    DistinguishedName, DnType, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams,
    SerialNumber,
};
use serde_json::{Value, json};
use time::{Duration, OffsetDateTime};

use super::scripted::{Reply, Request, Scripted};
use certreq::pki::{certificate::Certificate, fingerprint::Fingerprint};

/// A root and its key.
pub(crate) struct Forger {
    issuer: Issuer<'static, KeyPair>,
    pub(crate) root: Certificate,
}

/// How a certificate differs from the right one.
#[derive(Clone, Debug)]
pub(crate) struct Wish {
    pub(crate) common_name: Option<String>,
    /// For a key of the forger's instead of the one in the request.
    pub(crate) other_key: bool,
    /// Without the alternative names of the request.
    pub(crate) nameless: bool,
    /// Days from now.
    pub(crate) valid: std::ops::Range<i64>,
}

impl Default for Wish {
    fn default() -> Self {
        Self { common_name: None, other_key: false, nameless: false, valid: -1..30 }
    }
}

impl Forger {
    pub(crate) fn new(name: &str) -> Self {
        let key = KeyPair::generate().unwrap();
        let mut params = CertificateParams::default();
        params.distinguished_name = DistinguishedName::new();
        params.distinguished_name.push(DnType::CommonName, name);
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        params.not_before = OffsetDateTime::now_utc() - Duration::days(365);
        params.not_after = OffsetDateTime::now_utc() + Duration::days(365);
        let root = Certificate::from_der(params.self_signed(&key).unwrap().der().to_vec()).unwrap();
        Self { issuer: Issuer::new(params, key), root }
    }

    /// PEM of a certificate for the request.
    pub(crate) fn sign(&self, csr_pem: &str, wish: &Wish) -> String {
        let mut request = CertificateSigningRequestParams::from_pem(csr_pem).unwrap();
        let now = OffsetDateTime::now_utc();
        request.params.not_before = now + Duration::days(wish.valid.start);
        request.params.not_after = now + Duration::days(wish.valid.end);
        if let Some(name) = &wish.common_name {
            request.params.distinguished_name = DistinguishedName::new();
            request.params.distinguished_name.push(DnType::CommonName, name);
        }
        if wish.nameless {
            request.params.subject_alt_names.clear();
        }
        if wish.other_key {
            let key = KeyPair::generate().unwrap();
            return request.params.signed_by(&key, &self.issuer).unwrap().pem();
        }
        request.signed_by(&self.issuer).unwrap().pem()
    }

    /// PEM of a revocation list for a day that names these serial numbers.
    pub(crate) fn revocation_list(&self, serials: &[&str]) -> String {
        self.revocation_list_for(serials, Duration::days(1))
    }

    /// The same with another end, from now.
    pub(crate) fn revocation_list_for(&self, serials: &[&str], end: Duration) -> String {
        let now = OffsetDateTime::now_utc();
        let revoked = |serial: &&str| {
            let octets: Vec<u8> = serial.split(':').map(|pair| u8::from_str_radix(pair, 16).unwrap()).collect();
            RevokedCertParams {
                serial_number: SerialNumber::from_slice(&octets),
                revocation_time: now,
                reason_code: None,
                invalidity_date: None,
            }
        };
        let list = CertificateRevocationListParams {
            this_update: now - Duration::minutes(1) - (-end).max(Duration::ZERO),
            next_update: now + end,
            crl_number: SerialNumber::from(1_u64),
            issuing_distribution_point: None,
            revoked_certs: serials.iter().map(revoked).collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        list.signed_by(&self.issuer).unwrap().pem().unwrap()
    }

    /// PEM of an empty revocation list that will be made so much later.
    pub(crate) fn later_list(&self, later: Duration) -> String {
        let now = OffsetDateTime::now_utc();
        let list = CertificateRevocationListParams {
            this_update: now + later,
            next_update: now + later + Duration::days(1),
            crl_number: SerialNumber::from(2_u64),
            issuing_distribution_point: None,
            revoked_certs: Vec::new(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        list.signed_by(&self.issuer).unwrap().pem().unwrap()
    }

    /// PEM of a revocation list with this number and no entry.
    pub(crate) fn list(&self, number: u64) -> String {
        let now = OffsetDateTime::now_utc();
        let params = CertificateRevocationListParams {
            this_update: now,
            next_update: now + Duration::days(1),
            crl_number: SerialNumber::from(number),
            issuing_distribution_point: None,
            revoked_certs: Vec::new(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        params.signed_by(&self.issuer).unwrap().pem().unwrap()
    }

    /// The platform's answer to `GET /x509/v1/ca`.
    pub(crate) fn ca_answer(&self) -> Value {
        json!({"certificateFingerprint": self.root.fingerprint().to_string(), "caPem": self.root.to_pem()})
    }
}

/// The platform's answer to `POST /x509/v1/certificates`.
pub(crate) fn signed_answer(certificate_pem: &str) -> Value {
    let leaf = &Certificate::all_from_pem(certificate_pem).unwrap()[0];
    json!({"certificateFingerprint": Fingerprint::of(leaf.der()).to_string(), "certificatePem": certificate_pem})
}

/// A token of the user `admin` that has not expired; its signature is invalid.
pub(crate) fn token() -> String {
    token_of("admin")
}

/// The same for another user.
pub(crate) fn token_of(user: &str) -> String {
    token_in("admin", user)
}

/// The same for a user of another tenant.
pub(crate) fn token_in(tenant: &str, user: &str) -> String {
    use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
    let expires = OffsetDateTime::now_utc().unix_timestamp() + 400;
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let claims = json!({"service": tenant, "username": user, "exp": expires});
    format!("{}.{}.c2ln", part(json!({"alg": "HS256", "typ": "JWT"})), part(claims))
}

/// A platform that logs every user in, has the forger's root and no list of any kind; `sign` answers the requests for
/// certificates.
pub(crate) fn platform(
    forger: Forger,
    sign: impl Fn(&Forger, &Request) -> Reply + Send + Sync + 'static,
) -> Scripted {
    Scripted::start(move |request| match request.line().as_str() {
        "POST /auth" => Reply::json(200, json!({"jwt": token()})),
        "GET /x509/v1/ca" => Reply::json(200, forger.ca_answer()),
        "GET /x509/v1/ca/crl" => Reply::json(404, json!({"error": "Not Found"})),
        "GET /x509/v1/certificates" => Reply::json(
            200,
            json!({"paging": {"previous": null, "current": {"number": 1}, "next": null, "totalItems": 0,
                "totalPages": 1, "limitPerPage": 250}, "certificates": []}),
        ),
        "POST /x509/v1/certificates" => sign(&forger, request),
        line => panic!("unexpected request: {line}"),
    })
}
