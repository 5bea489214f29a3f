//! A platform that does what a test tells it, down to the bytes: wrong answers, cut connections, endless bodies.
//!
//! ```ignore
//! let server = Scripted::start(|request| match request.line().as_str() {
//!     "POST /auth" => Reply::json(200, json!({"jwt": "a.b.c"})),
//!     _ => Reply::cut(),
//! });
//! connect(server.url());
//! assert_eq!(server.count("POST /auth"), 1);
//! ```
//!
//! The question whether it speaks OpenID Connect is answered with no, as releases up to 0.8 do, and not counted;
//! [`Scripted::openid`] leaves that to the script, too.
//!
//! It runs on a thread of its own, so it serves async tests and child processes alike, and ends when dropped.

#![expect(clippy::unwrap_used, reason = "a test server that cannot run is a failed test")]

mod wire;

use std::{
    net::{SocketAddr, TcpListener},
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
    thread::JoinHandle,
};

use serde_json::Value;
use tokio::sync::{Barrier, oneshot};
use tokio_rustls::{TlsAcceptor, rustls};
use wire::converse;

use super::any_pair::AnyPair;

/// One request as it came over the wire.
#[derive(Clone, Debug)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Path and query.
    pub(crate) target: String,
    /// Names in lower case.
    pub(crate) headers: Vec<(String, String)>,
    pub(crate) body: Vec<u8>,
    /// Counts accepted connections, from 0.
    pub(crate) connection: usize,
}

impl Request {
    pub(crate) fn path(&self) -> &str {
        self.target.split('?').next().unwrap()
    }

    /// Method and path: `GET /device`.
    pub(crate) fn line(&self) -> String {
        format!("{} {}", self.method, self.path())
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(found, _)| found == name).map(|(_, value)| value.as_str())
    }

    /// A parameter of the query, as it was written.
    pub(crate) fn query(&self, name: &str) -> Option<&str> {
        let (_, query) = self.target.split_once('?')?;
        query.split('&').filter_map(|pair| pair.split_once('=')).find(|(key, _)| *key == name).map(|(_, v)| v)
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap()
    }
}

/// The server's reaction to a request it has read.
#[derive(Clone, Debug)]
pub(crate) struct Reply {
    status: u16,
    headers: Vec<(String, String)>,
    body: Vec<u8>,
    ending: Ending,
    together: Option<Arc<Barrier>>,
}

#[derive(Clone, Debug)]
enum Ending {
    Whole,
    /// Only so many bytes of the body, though more were announced.
    Short(usize),
    /// The body again and again.
    Endless,
    /// No octet at all; the connection is closed.
    Cut,
    /// No octet, and the connection stays open.
    Hang,
    /// One byte of the body after the other, slowly, for ever.
    Drip,
    /// The body is all there is, status line included.
    Raw,
}

impl Reply {
    /// A status and no body.
    pub(crate) fn status(status: u16) -> Self {
        Self { status, headers: Vec::new(), body: Vec::new(), ending: Ending::Whole, together: None }
    }

    #[expect(clippy::needless_pass_by_value, reason = "reads like the answer it makes: json(200, json!({..}))")]
    pub(crate) fn json(status: u16, value: Value) -> Self {
        Self::status(status).header("content-type", "application/json").body(value.to_string())
    }

    pub(crate) fn html(status: u16, page: &str) -> Self {
        Self::status(status).header("content-type", "text/html").body(page)
    }

    /// Exactly these bytes on the connection, which is closed then.
    pub(crate) fn raw(bytes: impl Into<Vec<u8>>) -> Self {
        Self::status(0).body(bytes).ending(Ending::Raw)
    }

    /// The connection is closed after the request was read.
    pub(crate) fn cut() -> Self {
        Self::status(0).ending(Ending::Cut)
    }

    /// No answer ever.
    pub(crate) fn hang() -> Self {
        Self::status(0).ending(Ending::Hang)
    }

    /// The body comes byte by byte, and never ends.
    pub(crate) fn drip(self) -> Self {
        self.ending(Ending::Drip)
    }

    pub(crate) fn header(mut self, name: &str, value: &str) -> Self {
        self.headers.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// The whole length is announced, but the connection ends after `bytes` of the body.
    pub(crate) fn cut_after(self, bytes: usize) -> Self {
        self.ending(Ending::Short(bytes))
    }

    /// The body is repeated until the client has enough.
    pub(crate) fn endless(self) -> Self {
        self.ending(Ending::Endless)
    }

    /// Sent when as many requests wait at `barrier` as it was made for.
    pub(crate) fn together(mut self, barrier: &Arc<Barrier>) -> Self {
        self.together = Some(Arc::clone(barrier));
        self
    }

    fn ending(mut self, ending: Ending) -> Self {
        self.ending = ending;
        self
    }
}

type Script = dyn Fn(&Request) -> Reply + Send + Sync;

/// The running server.
pub(crate) struct Scripted {
    address: SocketAddr,
    scheme: &'static str,
    requests: Arc<Mutex<Vec<Request>>>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

/// How connections are treated before a request is read.
#[derive(Clone, Default)]
struct Door {
    /// So many connections are closed as soon as they are made.
    slam: usize,
    tls: Option<TlsAcceptor>,
    /// The question which login is spoken reaches the script.
    openid: bool,
}

impl Scripted {
    /// Asks `script` for every request.
    pub(crate) fn start(script: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::open(Door::default(), Arc::new(script))
    }

    /// Asks `script` for every request, the one how to log in included.
    pub(crate) fn openid(script: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::open(Door { openid: true, ..Door::default() }, Arc::new(script))
    }

    /// Gives the replies in their order, whatever is asked; 500 when there are none left.
    pub(crate) fn sequence(replies: impl IntoIterator<Item = Reply>) -> Self {
        let replies: Vec<Reply> = replies.into_iter().collect();
        let next = AtomicUsize::new(0);
        Self::start(move |_| {
            let index = next.fetch_add(1, Ordering::SeqCst);
            replies.get(index).cloned().unwrap_or_else(|| Reply::status(500).body("the script is over"))
        })
    }

    /// Closes the first `count` connections without reading from them.
    pub(crate) fn slamming(count: usize, script: impl Fn(&Request) -> Reply + Send + Sync + 'static) -> Self {
        Self::open(Door { slam: count, ..Door::default() }, Arc::new(script))
    }

    /// Over TLS, with this certificate and its PKCS#8 key (DER).
    pub(crate) fn tls(
        certificate: &[u8],
        key: &[u8],
        script: impl Fn(&Request) -> Reply + Send + Sync + 'static,
    ) -> Self {
        let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
        let key = rustls::pki_types::PrivatePkcs8KeyDer::from(key.to_vec());
        let config = rustls::ServerConfig::builder_with_provider(provider)
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(AnyPair::new())
            .with_single_cert(vec![certificate.to_vec().into()], key.into())
            .unwrap();
        let tls = Some(TlsAcceptor::from(Arc::new(config)));
        Self::open(Door { tls, ..Door::default() }, Arc::new(script))
    }

    fn open(door: Door, script: Arc<Script>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let address = listener.local_addr().unwrap();
        let scheme = if door.tls.is_some() { "https" } else { "http" };
        let requests = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&requests);
        let (stop, stopped) = oneshot::channel();
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                tokio::select! {
                    () = accept(listener, door, script, seen) => {}
                    _ = stopped => {}
                }
            });
        });
        Self { address, scheme, requests, stop: Some(stop), thread: Some(thread) }
    }

    /// `http://127.0.0.1:PORT`
    pub(crate) fn url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }

    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// Every request so far, in the order they were read.
    pub(crate) fn requests(&self) -> Vec<Request> {
        self.requests.lock().unwrap().clone()
    }

    /// How often `line` ("GET /device") was asked for.
    pub(crate) fn count(&self, line: &str) -> usize {
        self.requests().iter().filter(|request| request.line() == line).count()
    }
}

impl Drop for Scripted {
    fn drop(&mut self) {
        drop(self.stop.take());
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

async fn accept(listener: TcpListener, door: Door, script: Arc<Script>, seen: Arc<Mutex<Vec<Request>>>) {
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    for connection in 0.. {
        let (stream, _) = listener.accept().await.unwrap();
        if connection < door.slam {
            continue;
        }
        let (tls, openid) = (door.tls.clone(), door.openid);
        let (script, seen) = (Arc::clone(&script), Arc::clone(&seen));
        tokio::spawn(async move {
            // A client that goes away, or does not like our certificate, is part of the play.
            let _ = match tls {
                None => converse(stream, connection, openid, &*script, &seen).await,
                Some(tls) => match tls.accept(stream).await {
                    Ok(stream) => converse(stream, connection, openid, &*script, &seen).await,
                    Err(error) => Err(error),
                },
            };
        });
    }
}
