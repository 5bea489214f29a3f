//! The service of releases 0.5 and 0.6, scripted after its own code: `{"message"}` for errors, `schemaErrors` beside
//! `schema$id`, `tenant:name` as the common name, records without owners, and trusted CAs that are stubs.

use std::{
    collections::BTreeMap,
    path::Path,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use rcgen::{CertificateSigningRequestParams, DnType, DnValue};
use serde_json::{Value, json};

use crate::support::{
    forger::{self, Forger, Wish, signed_answer},
    held::{Held, page},
    scripted::{Reply, Request, Scripted},
    terminal::{Ended, certreq},
};

/// Devices of both tenants.
const DEVICES: [&str; 3] = ["a1998e", "b2c3d4", "c3d4e5"];

/// Tenant and PEM by fingerprint.
type Records = Mutex<BTreeMap<String, (String, String)>>;

/// The platform, and what a test does to it.
pub(super) struct Old {
    server: Scripted,
    state: Arc<State>,
}

struct State {
    forger: Forger,
    records: Records,
    /// EJBCA does not answer.
    is_broken: AtomicBool,
    /// The tenant that is written into names, for a user of any tenant.
    tenant: Mutex<Option<&'static str>>,
    admin: String,
    eve: String,
}

impl Old {
    pub(super) fn start() -> Self {
        let state = Arc::new(State {
            forger: Forger::new("the root"),
            records: Records::default(),
            is_broken: AtomicBool::new(false),
            tenant: Mutex::new(None),
            admin: forger::token_in("admin", "admin"),
            eve: forger::token_in("acme", "eve"),
        });
        let shared = Arc::clone(&state);
        Self { server: Scripted::start(move |request| shared.answer(request)), state }
    }

    /// As a user of the tenant `admin`.
    pub(super) fn call(&self, home: &Path, args: &[&str]) -> Ended {
        self.call_as(home, "admin", args)
    }

    /// `eve` is of the tenant `acme`.
    pub(super) fn call_as(&self, home: &Path, user: &str, args: &[&str]) -> Ended {
        certreq(home)
            .args(args)
            .args(["-h", &self.server.url(), "-u", user])
            .env("CERTREQ_SECRET", "right")
            .run()
    }

    /// How often a certificate was asked for.
    pub(super) fn posts(&self) -> usize {
        self.server.count("POST /x509/v1/certificates")
    }

    pub(super) fn fail_to_sign(&self) {
        self.state.is_broken.store(true, Ordering::SeqCst);
    }

    pub(super) fn sign_as(&self, tenant: &'static str) {
        *self.state.tenant.lock().unwrap() = Some(tenant);
    }

    pub(super) fn forget_records(&self) {
        self.state.records.lock().unwrap().clear();
    }

    /// PEM of a certificate of its authority.
    pub(super) fn leaf(&self, device: &str) -> String {
        Held::new(&self.state.forger, device).certificate.to_pem()
    }
}

fn message(status: u16, text: &str) -> Reply {
    Reply::json(status, json!({ "message": text }))
}

fn text(status: u16, body: &str) -> Reply {
    Reply::status(status).header("content-type", "text/plain; charset=utf-8").body(body)
}

/// As ajv says it there.
fn schema(property: &str) -> Reply {
    let error = json!({ "keyword": "pattern", "dataPath": property, "message": "should match pattern" });
    Reply::json(
        400,
        json!({ "schema$id": "http://www.dojot.com.br/x509/schemas/x.json", "schemaErrors": [error] }),
    )
}

impl State {
    fn answer(&self, request: &Request) -> Reply {
        let line = request.line();
        if line == "POST /auth" {
            let is_eve = String::from_utf8_lossy(&request.body).contains("eve");
            return Reply::json(200, json!({ "jwt": if is_eve { &self.eve } else { &self.admin } }));
        }
        let is_eve = request.header("authorization").is_some_and(|header| header.ends_with(&self.eve));
        let tenant = if is_eve { "acme" } else { "admin" };
        let (method, path) = line.split_once(' ').unwrap();
        match path {
            "/x509/v1/ca" => Reply::json(200, self.forger.ca_answer()),
            "/x509/v1/ca/crl" => Reply::json(200, json!({ "crl": self.forger.revocation_list(&[]) })),
            "/device" if request.query("idsOnly").is_some() && request.query("page_num") != Some("1") => {
                Reply::json(200, json!([]))
            }
            "/device" if request.query("idsOnly").is_some() => Reply::json(200, json!(DEVICES)),
            "/device" => devices(request),
            "/x509/v1/certificates" if method == "POST" => self.sign(request, tenant),
            "/x509/v1/certificates" => self.list(request, tenant),
            path if path.starts_with("/device/") => {
                let id = &path["/device/".len()..];
                if DEVICES.contains(&id) {
                    Reply::json(200, json!({ "id": id }))
                } else {
                    message(404, &format!("No such device: {id}"))
                }
            }
            path if path.starts_with("/x509/v1/certificates/") => self.record(method, path, tenant),
            // Stubs: the word of the status, whatever is asked.
            path if path.starts_with("/x509/v1/trusted-cas") => match method {
                "GET" => text(200, "OK"),
                "POST" => text(201, "Created"),
                _ => Reply::status(204),
            },
            _ => panic!("unexpected request: {line}"),
        }
    }

    /// Owners are ids of ten hex digits, and devices are not looked for.
    fn sign(&self, request: &Request, tenant: &str) -> Reply {
        let body = request.json();
        let owner = body["belongsTo"]["device"].as_str();
        if owner.is_some_and(|id| id.len() != 10 || !id.bytes().all(|byte| byte.is_ascii_hexdigit())) {
            return schema(".belongsTo.device");
        }
        let csr = body["csr"].as_str().unwrap();
        if csr.ends_with('\n') {
            return schema(".csr");
        }
        if self.is_broken.load(Ordering::SeqCst) {
            return message(500, "Failed to communicate with EJBCA");
        }
        let tenant = self.tenant.lock().unwrap().unwrap_or(tenant).to_owned();
        let params = CertificateSigningRequestParams::from_pem(csr).unwrap().params;
        let Some(DnValue::Utf8String(name)) = params.distinguished_name.get(&DnType::CommonName) else {
            return schema(".csr");
        };
        let wish = Wish { common_name: Some(format!("{tenant}:{name}")), ..Wish::default() };
        let pem = self.forger.sign(csr, &wish);
        let answer = signed_answer(&pem);
        let fingerprint = answer["certificateFingerprint"].as_str().unwrap().to_owned();
        self.records.lock().unwrap().insert(fingerprint, (tenant, pem));
        Reply::json(201, answer)
    }

    fn list(&self, request: &Request, tenant: &str) -> Reply {
        if request.query("fields").is_some_and(|fields| fields.contains("subjectDN")) {
            return schema(".fields");
        }
        let records = self.records.lock().unwrap();
        let theirs = records.iter().filter(|(_, (owner, _))| owner == tenant);
        let all: Vec<Value> = theirs
            .map(|(fingerprint, (_, pem))| json!({ "fingerprint": fingerprint, "pem": pem, "tenant": tenant }))
            .collect();
        page(&all, 1, 1, all.len())
    }

    fn record(&self, method: &str, path: &str, tenant: &str) -> Reply {
        let fingerprint = path.rsplit('/').next().unwrap();
        if path.ends_with("/belongsto") {
            return message(404, "Not Found");
        }
        let mut records = self.records.lock().unwrap();
        let Some((_, pem)) = records.get(fingerprint).filter(|(owner, _)| owner == tenant) else {
            return message(404, "No records found for the following parameters: {\"tenant\":\"admin\"}");
        };
        let answer = json!({ "fingerprint": fingerprint, "pem": pem, "tenant": tenant });
        match method {
            "GET" => Reply::json(200, answer),
            "DELETE" => {
                records.remove(fingerprint);
                Reply::status(204)
            }
            // Taken, and of no consequence: the name says whose it is.
            _ => Reply::status(204),
        }
    }
}

fn devices(request: &Request) -> Reply {
    let is_first = request.query("page_num").is_none_or(|page| page == "1");
    let shown: Vec<Value> =
        if is_first { DEVICES.iter().map(|id| json!({ "id": id })).collect() } else { Vec::new() };
    Reply::json(
        200,
        json!({ "pagination": { "page": 1, "total": 1, "has_next": false, "next_page": null }, "devices": shown }),
    )
}
