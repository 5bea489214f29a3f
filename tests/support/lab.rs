//! A real server on a free port of this machine, openssl, and a clock that can be moved.

use std::{
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicI64, Ordering},
    },
};

use certreq::{
    authority::{Authority, Options},
    pki::time::Time,
    serve::{self, Settings},
};
use reqwest::{Client, Method, RequestBuilder, Response, StatusCode};
use serde_json::{Value, json};
use tokio::{sync::oneshot, task::JoinHandle};
use zeroize::Zeroizing;

use super::postgres;

/// The secret of `admin` in every lab.
pub(crate) const SECRET: &str = "correct horse";

/// A clock for one lab, starting at the real time.
#[derive(Clone)]
pub(crate) struct LabClock(Arc<AtomicI64>);

impl LabClock {
    pub(crate) fn new() -> Self {
        Self(Arc::new(AtomicI64::new(Time::from(std::time::SystemTime::now()).unix())))
    }

    pub(crate) fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }

    pub(crate) fn now(&self) -> Time {
        Time::from_unix(self.0.load(Ordering::SeqCst))
    }
}

/// A running server and what it takes to talk to it.
pub(crate) struct Lab {
    pub(crate) dir: Arc<tempfile::TempDir>,
    pub(crate) clock: LabClock,
    pub(crate) authority: Arc<Authority>,
    pub(crate) url: String,
    pub(crate) client: Client,
    pub(crate) token: String,
    options: Options,
    settings: Settings,
    stop: Option<oneshot::Sender<()>>,
    server: Option<JoinHandle<()>>,
}

impl Lab {
    /// A new authority without a login limit.
    pub(crate) async fn start() -> Self {
        Self::with(|_, settings| settings.login_limit = false).await
    }

    /// A new authority, set up by `change`.
    pub(crate) async fn with(change: impl FnOnce(&mut Options, &mut Settings)) -> Self {
        let clock = LabClock::new();
        let at = clock.clone();
        let mut options = Options { clock: Arc::new(move || at.now()), ..Options::default() };
        let mut settings = Settings::default();
        // The whole suite runs on either database.
        if postgres::chosen() {
            options.database = postgres::required().fresh().database();
        }
        change(&mut options, &mut settings);
        let dir = Arc::new(tempfile::tempdir().unwrap());
        Self::launch(dir, clock, options, settings).await
    }

    async fn launch(
        dir: Arc<tempfile::TempDir>,
        clock: LabClock,
        options: Options,
        settings: Settings,
    ) -> Self {
        let bound = serve::bind(([127, 0, 0, 1], 0).into(), None).unwrap();
        let url = bound.url();
        let opened = options.clone();
        let opened = Options { public_url: Some(url.clone()), ..opened };
        let authority = Arc::new(Authority::open(&dir.path().join("ca"), opened).await.unwrap());
        authority.introduce_admin(Some(Zeroizing::new(SECRET.to_owned()))).await.unwrap();
        let (stop, stopped) = oneshot::channel();
        let behind = Arc::clone(&authority);
        let chosen = settings.clone();
        let server = tokio::spawn(async move {
            let stopped = async move {
                let _ = stopped.await;
            };
            bound.serve(behind, chosen, stopped).await.unwrap();
        });
        let mut lab = Self {
            dir,
            clock,
            authority,
            url,
            client: client(),
            token: String::new(),
            options,
            settings,
            stop: Some(stop),
            server: Some(server),
        };
        lab.log_in().await;
        lab
    }

    /// Gets a fresh token for `admin`.
    pub(crate) async fn log_in(&mut self) {
        let (status, body) = self.auth(json!({ "username": "admin", "passwd": SECRET })).await;
        assert_eq!(status, 200, "{body}");
        body["jwt"].as_str().unwrap().clone_into(&mut self.token);
    }

    /// Stops the server, closes the authority, and starts again on the same directory.
    pub(crate) async fn restart(mut self) -> Self {
        self.stop.take().unwrap().send(()).unwrap();
        self.server.take().unwrap().await.unwrap();
        let Self { dir, clock, authority, options, settings, client, .. } = self;
        drop(client);
        assert!(Arc::into_inner(authority).is_some(), "the server let go of the authority");
        Self::launch(dir, clock, options, settings).await
    }

    pub(crate) async fn auth(&self, body: Value) -> (u16, Value) {
        let answer = self.client.post(format!("{}/auth", self.url)).json(&body).send().await.unwrap();
        read(answer).await
    }

    /// A request with the token.
    pub(crate) fn request(&self, method: Method, path: &str) -> RequestBuilder {
        self.client.request(method, format!("{}{path}", self.url)).bearer_auth(&self.token)
    }

    pub(crate) async fn get(&self, path: &str) -> (u16, Value) {
        read(self.request(Method::GET, path).send().await.unwrap()).await
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        read(self.request(Method::POST, path).json(&body).send().await.unwrap()).await
    }

    pub(crate) async fn patch(&self, path: &str, body: Value) -> (u16, Value) {
        read(self.request(Method::PATCH, path).json(&body).send().await.unwrap()).await
    }

    pub(crate) async fn delete(&self, path: &str) -> (u16, Value) {
        read(self.request(Method::DELETE, path).send().await.unwrap()).await
    }

    /// Bytes served without a token.
    pub(crate) async fn bytes(&self, path: &str) -> (StatusCode, Vec<u8>) {
        let answer = self.client.get(format!("{}{path}", self.url)).send().await.unwrap();
        (answer.status(), answer.bytes().await.unwrap().to_vec())
    }

    /// A certificate for a request, with or without an owner: fingerprint and PEM.
    pub(crate) async fn issue(&self, csr: &str, device: Option<&str>) -> (String, String) {
        let body = match device {
            Some(device) => json!({ "csr": csr, "belongsTo": { "device": device } }),
            None => json!({ "csr": csr }),
        };
        let (status, body) = self.post("/x509/v1/certificates", body).await;
        assert_eq!(status, 201, "{body}");
        (text(&body["certificateFingerprint"]), text(&body["certificatePem"]))
    }

    pub(crate) async fn register(&self, ids: &[&str]) {
        let ids: Vec<_> = ids.iter().map(|id| id.parse().unwrap()).collect();
        self.authority.register_devices("admin", &ids).await.unwrap();
    }

    /// Writes the root and returns its path.
    pub(crate) fn root_file(&self) -> PathBuf {
        self.file("root.pem", self.authority.root().to_pem().as_bytes())
    }

    /// Writes a file into the lab's directory.
    pub(crate) fn file(&self, name: &str, content: &[u8]) -> PathBuf {
        let path = self.dir.path().join(name);
        std::fs::write(&path, content).unwrap();
        path
    }
}

/// A client that goes nowhere but where it is sent.
pub(crate) fn client() -> Client {
    Client::builder().no_proxy().tls_certs_only([]).build().unwrap()
}

/// Status and JSON; an empty body is null, what is no JSON a string.
pub(crate) async fn read(answer: Response) -> (u16, Value) {
    let status = answer.status().as_u16();
    let body = answer.text().await.unwrap();
    if body.is_empty() {
        return (status, Value::Null);
    }
    (status, serde_json::from_str(&body).unwrap_or(Value::String(body)))
}

pub(crate) fn text(value: &Value) -> String {
    value.as_str().unwrap_or_else(|| panic!("no text: {value}")).to_owned()
}

/// A quick P-256 request for a common name.
pub(crate) fn csr(name: &str) -> String {
    use certreq::pki::{csr, key};
    let key = key::PrivateKey::generate(key::KeySpec::P256).unwrap();
    csr::request(&key, name).unwrap()
}

/// Runs openssl; its stdout. Panics with stderr when it fails.
pub(crate) fn openssl(args: &[&str], input: &[u8]) -> String {
    let (success, out, err) = openssl_raw(args, input);
    assert!(success, "openssl {args:?}: {err}");
    out
}

/// Runs openssl: success, stdout, stderr.
pub(crate) fn openssl_raw(args: &[&str], input: &[u8]) -> (bool, String, String) {
    let mut child = Command::new("openssl")
        .args(args)
        .env("no_proxy", "127.0.0.1")
        .env_remove("http_proxy")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child.stdin.take().unwrap().write_all(input).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8_lossy(&bytes).into_owned();
    (output.status.success(), text(output.stdout), text(output.stderr))
}

/// A request made by openssl, without a newline at the end: `key` are arguments of genpkey, `more` of req.
pub(crate) fn openssl_csr(dir: &Path, key: &[&str], more: &[&str]) -> String {
    let file = dir.join(format!("key-{}.pem", key.join("-").replace([':', '='], "-")));
    let file = file.to_str().unwrap();
    openssl(&[&["genpkey", "-out", file][..], key].concat(), b"");
    let args = ["req", "-new", "-key", file, "-subj", "/CN=a1998e"];
    openssl(&[&args[..], more].concat(), b"").trim_end().to_owned()
}
