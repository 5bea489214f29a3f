//! Against an OpenID provider that others wrote: oidc-provider for node, as tests/oidc/provider sets it up.

use std::{
    io::{BufRead, BufReader},
    process::{Child, ChildStdin, Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
};

use certreq::platform::{
    ErrorKind,
    dojot::{Dojot, Options, Token},
};
use jsonwebtoken::{Algorithm, DecodingKey, Validation, jwk::JwkSet};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use super::{SECRET, field, options, text};
use crate::support::{
    forger::{Forger, Wish, signed_answer},
    lab, node,
    platform::workplace,
    scripted::{Reply, Scripted},
    terminal::certreq,
    tools::accepts_pair,
};

/// The running provider.
struct Provider {
    child: Child,
    /// It ends with this.
    stdin: Option<ChildStdin>,
    issuer: String,
}

impl Provider {
    #[track_caller]
    fn start() -> Option<Self> {
        let (node, directory) = node::with("tests/oidc/provider")?;
        let mut command = Command::new(node);
        command.arg("server.mjs").current_dir(directory).env("PROVIDER_SECRET", SECRET);
        command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::null());
        let mut child = command.spawn().unwrap();
        let stdin = child.stdin.take();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let issuer = lines.find_map(|line| line.ok().filter(|line| line.starts_with("http://")));
        // Its later output is read and dropped: a full pipe would stop it.
        std::thread::spawn(move || lines.for_each(drop));
        Some(Self { child, stdin, issuer: issuer.expect("the provider listens") })
    }

    fn host(&self) -> &str {
        self.issuer.strip_suffix("/auth/realms/admin").unwrap()
    }

    fn token_url(&self) -> String {
        format!("{}/protocol/openid-connect/token", self.issuer)
    }

    /// Its keys, as its discovery document names them.
    async fn keys(&self) -> JwkSet {
        let http = lab::client();
        let url = format!("{}/.well-known/openid-configuration", self.issuer);
        let (_, document) = lab::read(http.get(url).send().await.unwrap()).await;
        let url = document["jwks_uri"].as_str().unwrap();
        let (_, keys) = lab::read(http.get(url).send().await.unwrap()).await;
        serde_json::from_value(keys).unwrap()
    }
}

impl Drop for Provider {
    fn drop(&mut self) {
        drop(self.stdin.take());
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The claims of a genuine token that has not ended.
fn check(token: &str, keys: &JwkSet, issuer: &str) -> Option<Value> {
    let header = jsonwebtoken::decode_header(token).ok()?;
    let key = DecodingKey::from_jwk(keys.find(&header.kid?)?).ok()?;
    let mut rules = Validation::new(Algorithm::RS256);
    rules.set_issuer(&[issuer]);
    rules.set_audience(&["urn:platform"]);
    Some(jsonwebtoken::decode::<Value>(token, &key, &rules).ok()?.claims)
}

#[tokio::test]
async fn a_provider_of_others_logs_us_in_and_refreshes_what_it_gave() {
    let Some(provider) = Provider::start() else { return };
    let kept = Arc::new(Mutex::new(Vec::new()));
    let store = Arc::clone(&kept);
    let client = Dojot::new(Options {
        on_token: Some(Box::new(move |token: &Token| store.lock().unwrap().push(token.expose().to_owned()))),
        ..options(provider.host())
    })
    .unwrap();
    // A password, then refresh tokens, of which each can be used once.
    for _ in 0..3 {
        client.login().await.unwrap();
    }
    assert_eq!(client.tenant().as_deref(), Some("admin"));
    let keys = provider.keys().await;
    let mut kept = kept.lock().unwrap().clone();
    for token in &kept {
        let claims = check(token, &keys, &provider.issuer).expect("a token of the provider");
        assert_eq!(claims["preferred_username"], "admin");
    }
    kept.dedup();
    assert_eq!(kept.len(), 3, "another token each time");

    let mut wrong = options(provider.host());
    wrong.secret = Some(Zeroizing::new("wrong".to_owned()));
    let error = Dojot::new(wrong).unwrap().login().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unauthenticated);
    assert!(text(&error).contains("password is wrong"), "{}", text(&error));
    for client_id in ["gui", "unknown"] {
        let options = Options { client_id: client_id.to_owned(), ..options(provider.host()) };
        let error = Dojot::new(options).unwrap().login().await.unwrap_err();
        assert_eq!(error.kind, ErrorKind::Unauthenticated);
        assert!(text(&error).contains(&format!("the client {client_id} cannot log in")), "{}", text(&error));
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_whole_run_with_tokens_of_another_host() {
    let Some(provider) = Provider::start() else { return };
    let (keys, issuer, forger) = (provider.keys().await, provider.issuer.clone(), Forger::new("the root"));
    let (count, ended) = (AtomicUsize::new(0), Mutex::new(None::<String>));
    let refused = Arc::new(AtomicBool::new(false));
    let seen = Arc::clone(&refused);
    // A platform that takes the provider's tokens, and the first of them for ten requests only.
    let server = Scripted::openid(move |request| {
        assert_eq!(field(request, "password"), None);
        let token =
            request.header("authorization").and_then(|value| value.strip_prefix("Bearer ")).unwrap_or("");
        let mut ended = ended.lock().unwrap();
        if check(token, &keys, &issuer).is_none() || ended.as_deref() == Some(token) {
            seen.store(true, Ordering::SeqCst);
            return Reply::json(401, json!({ "message": "Unauthorized" }));
        }
        if count.fetch_add(1, Ordering::SeqCst) == 10 {
            *ended = Some(token.to_owned());
        }
        match request.line().as_str() {
            "GET /x509/v1/ca" => Reply::json(200, forger.ca_answer()),
            "POST /x509/v1/certificates" => {
                let csr = request.json()["csr"].as_str().unwrap().to_owned();
                Reply::json(201, signed_answer(&forger.sign(&csr, &Wish::default())))
            }
            _ => Reply::status(404),
        }
    });
    let home = workplace();
    let ids: Vec<String> = (0..20).map(|n| format!("{n:06x}")).collect();
    let call = certreq(home.path()).args(["-h", &server.url(), "-u", "admin", "-i", &ids.join(",")]);
    let call = call.args(["--token-url", &provider.token_url()]).env("CERTREQ_SECRET", SECRET);
    call.run().exits(0).stderr_has(": 20 issued");
    accepts_pair(home.path(), &ids[0]);
    assert!(refused.load(Ordering::SeqCst), "the first token was refused on the way");
}
