//! The dojot client: whatever a platform, a gateway or a broken network does, the answer is a value or one clear error.

#![expect(clippy::unwrap_used, reason = "what fails in a test fails the test")]

mod answers;
mod auth;
mod lists;
mod network;
mod owner;
mod sign;
mod tls;
mod token;

use std::{
    sync::LazyLock,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use certreq::{
    pki::certificate::Certificate,
    platform::{
        PlatformError, SignRequest,
        dojot::{BaseUrl, Dojot, Options},
    },
};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use crate::support::scripted::{Reply, Request, Scripted};

const SECRET: &str = "correct horse";
const FINGERPRINT: &str =
    "27:98:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:AA:2D";

static ROOT: LazyLock<Certificate> = LazyLock::new(|| root("X509 Identity CA"));

fn root(name: &str) -> Certificate {
    let key = rcgen::KeyPair::generate().unwrap();
    let mut params = rcgen::CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(rcgen::DnType::CommonName, name);
    params.is_ca = rcgen::IsCa::Ca(rcgen::BasicConstraints::Unconstrained);
    Certificate::from_der(params.self_signed(&key).unwrap().der().to_vec()).unwrap()
}

/// A user with a secret; pauses between tries too short to notice.
fn options(server: &Scripted) -> Options {
    Options {
        secret: Some(Zeroizing::new(SECRET.to_owned())),
        retry_delay: Duration::from_millis(1),
        ..Options::new(BaseUrl::parse(&server.url(), None).unwrap(), "admin")
    }
}

fn client(server: &Scripted) -> Dojot {
    Dojot::new(options(server)).unwrap()
}

/// A platform where every login succeeds; `script` answers the rest.
fn platform(script: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Scripted {
    Scripted::start(move |request| if request.line() == "POST /auth" { granted() } else { script(request) })
}

/// The same, and a client of it.
fn pair(script: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> (Scripted, Dojot) {
    let server = platform(script);
    let client = client(&server);
    (server, client)
}

fn granted() -> Reply {
    Reply::json(200, json!({ "jwt": jwt(json!({ "username": "admin", "service": "acme" })) }))
}

#[expect(clippy::needless_pass_by_value, reason = "reads like the token it makes")]
fn jwt(claims: Value) -> String {
    format!("{}.{}.c2ln", URL_SAFE_NO_PAD.encode("{}"), URL_SAFE_NO_PAD.encode(claims.to_string()))
}

fn now() -> i64 {
    i64::try_from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().as_secs()).unwrap()
}

pub(crate) fn ca_answer() -> Reply {
    Reply::json(200, json!({ "certificateFingerprint": ROOT.fingerprint(), "caPem": ROOT.to_pem().trim() }))
}

fn sign_request(device: &str) -> SignRequest {
    SignRequest { device: device.parse().unwrap(), csr_pem: "csr".to_owned(), holder: None }
}

fn signed_answer() -> Reply {
    Reply::json(201, json!({ "certificateFingerprint": FINGERPRINT, "certificatePem": "pem" }))
}

/// The message and the hint, as a person would see them.
fn text(error: &PlatformError) -> String {
    format!("{error}\n{}", error.hint.as_deref().unwrap_or_default())
}
