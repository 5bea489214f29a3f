//! A proxy on loopback that breaks exchanges the way networks and overloaded platforms do, by script.
//!
//! ```ignore
//! let proxy = Proxy::start(&served.url, |kind, number| (kind == Kind::Sign && number == 0).then_some(Fault::CutAfter));
//! connect(proxy.url());
//! ```
//!
//! It runs on a thread of its own and ends when dropped. The platform behind it may be exchanged while it runs.

#![expect(clippy::unwrap_used, reason = "a proxy that cannot run is a failed test")]

use std::{
    collections::HashMap,
    io,
    net::TcpListener,
    sync::{Arc, Mutex},
    thread::JoinHandle,
    time::Duration,
};

use tokio::{
    io::{AsyncBufReadExt, AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, BufReader},
    net::TcpStream,
    sync::oneshot,
};
use tokio_rustls::{TlsConnector, rustls};

/// Purpose of a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Kind {
    /// The question which login the platform has.
    WhichLogin,
    Login,
    Devices,
    Root,
    RevocationList,
    Sign,
    Certificates,
    Other,
}

impl Kind {
    fn of(line: &str) -> Self {
        let mut words = line.split_whitespace();
        let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        match (method, target.split('?').next().unwrap_or_default()) {
            ("GET", "/auth/realms/admin/.well-known/openid-configuration") => Self::WhichLogin,
            ("POST", "/auth") => Self::Login,
            ("GET", "/device") => Self::Devices,
            ("GET", "/x509/v1/ca" | "/.well-known/est/cacerts") => Self::Root,
            ("GET", "/x509/v1/ca/crl") => Self::RevocationList,
            ("POST", "/x509/v1/certificates" | "/.well-known/est/simpleenroll") => Self::Sign,
            ("GET", "/x509/v1/certificates") => Self::Certificates,
            _ => Self::Other,
        }
    }
}

/// Fault in one exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// The request is forwarded this much later.
    Delay(Duration),
    /// This status comes instead of the platform's answer; the platform is not asked.
    Status(u16),
    /// The same, and the wish to be left alone for so many seconds.
    RetryAfter(u16, u64),
    /// The connection ends, and the platform is not asked.
    CutBefore,
    /// The platform answers, and the connection ends before the first byte of it.
    CutAfter,
    /// The connection ends in the middle of the answer.
    CutAnswer,
    /// The answer comes twice on one connection.
    Twice,
    /// One bit in the middle of the answer's body is another one.
    Corrupt,
    /// The platform answers, and nothing of it ever comes.
    Stall,
}

type Script = dyn Fn(Kind, usize) -> Option<Fault> + Send + Sync;

/// State that connections share.
struct Shared {
    /// `127.0.0.1:PORT` of the platform.
    target: Mutex<String>,
    /// The platform speaks TLS; its certificate is accepted without a check.
    tls: Option<TlsConnector>,
    script: Box<Script>,
    counts: Mutex<HashMap<Kind, usize>>,
    faults: Mutex<usize>,
}

/// The running proxy.
pub(crate) struct Proxy {
    url: String,
    shared: Arc<Shared>,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Proxy {
    /// Before the platform at `url`. The script is asked for every request; it gets the kind and how many of that kind came
    /// before.
    pub(crate) fn start(
        url: &str,
        script: impl Fn(Kind, usize) -> Option<Fault> + Send + Sync + 'static,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        listener.set_nonblocking(true).unwrap();
        let own = format!("http://{}", listener.local_addr().unwrap());
        let shared = Arc::new(Shared {
            target: Mutex::new(authority(url)),
            tls: url.starts_with("https://").then(connector),
            script: Box::new(script),
            counts: Mutex::default(),
            faults: Mutex::default(),
        });
        let (stop, stopped) = oneshot::channel();
        let used = Arc::clone(&shared);
        let thread = std::thread::spawn(move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
            runtime.block_on(async move {
                tokio::select! {
                    () = accept(listener, used) => {}
                    _ = stopped => {}
                }
            });
        });
        Self { url: own, shared, stop: Some(stop), thread: Some(thread) }
    }

    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// The platform has another address from now on.
    pub(crate) fn lead_to(&self, url: &str) {
        *self.shared.target.lock().unwrap() = authority(url);
    }

    /// How many requests of a kind came.
    pub(crate) fn count(&self, kind: Kind) -> usize {
        self.shared.counts.lock().unwrap().get(&kind).copied().unwrap_or(0)
    }

    /// How many exchanges were broken.
    pub(crate) fn faults(&self) -> usize {
        *self.shared.faults.lock().unwrap()
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        drop(self.stop.take());
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

/// Plain or encrypted.
trait Stream: AsyncRead + AsyncWrite + Unpin + Send {}

impl<S: AsyncRead + AsyncWrite + Unpin + Send> Stream for S {}

fn connector() -> TlsConnector {
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .dangerous()
        .with_custom_certificate_verifier(super::any_server::AnyServer::new())
        .with_no_client_auth();
    TlsConnector::from(Arc::new(config))
}

fn authority(url: &str) -> String {
    url.split("://").last().unwrap().to_owned()
}

async fn accept(listener: TcpListener, shared: Arc<Shared>) {
    let listener = tokio::net::TcpListener::from_std(listener).unwrap();
    loop {
        let (client, _) = listener.accept().await.unwrap();
        let _ = client.set_nodelay(true);
        // Either end may go away at any time; that is what the proxy is for.
        tokio::spawn(converse(client, Arc::clone(&shared)));
    }
}

async fn converse(client: TcpStream, shared: Arc<Shared>) -> io::Result<()> {
    let mut client = BufReader::new(client);
    let mut platform = None;
    while let Some(request) = Message::read(&mut client).await? {
        let kind = Kind::of(&request.first_line);
        let fault = shared.fault(kind);
        match fault {
            Some(Fault::CutBefore) => return Ok(()),
            Some(Fault::Delay(time)) => tokio::time::sleep(time).await,
            Some(Fault::Status(status)) => {
                client.write_all(&refusal(status, "")).await?;
                continue;
            }
            Some(Fault::RetryAfter(status, seconds)) => {
                client.write_all(&refusal(status, &format!("retry-after: {seconds}\r\n"))).await?;
                continue;
            }
            _ => {}
        }
        let answer = shared.forward(&mut platform, &request).await?;
        if !deliver(&mut client, answer.bytes, answer.body, fault).await? {
            return Ok(());
        }
    }
    Ok(())
}

impl Shared {
    fn fault(&self, kind: Kind) -> Option<Fault> {
        let number = {
            let mut counts = self.counts.lock().unwrap();
            let count = counts.entry(kind).or_default();
            *count += 1;
            *count - 1
        };
        let fault = (self.script)(kind, number);
        *self.faults.lock().unwrap() += usize::from(fault.is_some());
        fault
    }

    async fn forward(
        &self,
        platform: &mut Option<BufReader<Box<dyn Stream>>>,
        request: &Message,
    ) -> io::Result<Message> {
        if platform.is_none() {
            let target = self.target.lock().unwrap().clone();
            let stream = TcpStream::connect(target).await?;
            stream.set_nodelay(true)?;
            let stream: Box<dyn Stream> = match &self.tls {
                None => Box::new(stream),
                Some(tls) => Box::new(tls.connect("localhost".try_into().unwrap(), stream).await?),
            };
            *platform = Some(BufReader::new(stream));
        }
        let connection = platform.as_mut().unwrap();
        connection.write_all(&request.bytes).await?;
        Message::read(connection).await?.ok_or_else(|| io::ErrorKind::UnexpectedEof.into())
    }
}

/// Says whether the connection may be used again.
async fn deliver(
    client: &mut BufReader<TcpStream>,
    mut answer: Vec<u8>,
    body: usize,
    fault: Option<Fault>,
) -> io::Result<bool> {
    match fault {
        Some(Fault::CutAfter) => return Ok(false),
        Some(Fault::CutAnswer) => {
            client.write_all(&answer[..usize::midpoint(body, answer.len())]).await?;
            return Ok(false);
        }
        Some(Fault::Stall) => {
            // Until the client has had enough.
            let _ = client.read_u8().await;
            return Ok(false);
        }
        Some(Fault::Twice) => answer.extend_from_within(..),
        Some(Fault::Corrupt) => {
            let middle = usize::midpoint(body, answer.len());
            if let Some(byte) = answer.get_mut(middle) {
                *byte ^= 1;
            }
        }
        _ => {}
    }
    client.write_all(&answer).await?;
    Ok(true)
}

fn refusal(status: u16, header: &str) -> Vec<u8> {
    let body = "{\"error\":\"by the script\"}";
    let head = format!(
        "HTTP/1.1 {status} Script\r\n{header}content-type: application/json\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    (head + body).into_bytes()
}

/// A request or an answer as it came, without the wish for compression, so that a length is always told.
struct Message {
    first_line: String,
    bytes: Vec<u8>,
    /// Where the body begins.
    body: usize,
}

impl Message {
    async fn read(stream: &mut BufReader<impl AsyncRead + Unpin>) -> io::Result<Option<Self>> {
        let mut first_line = String::new();
        if stream.read_line(&mut first_line).await? == 0 {
            return Ok(None);
        }
        let mut bytes = first_line.clone().into_bytes();
        let mut length = 0;
        loop {
            let mut line = String::new();
            if stream.read_line(&mut line).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
            let lower = line.to_ascii_lowercase();
            if let Some(value) = lower.strip_prefix("content-length:") {
                length = value.trim().parse().map_err(|_| io::Error::from(io::ErrorKind::InvalidData))?;
            }
            if !lower.starts_with("accept-encoding:") {
                bytes.extend_from_slice(line.as_bytes());
            }
            if line == "\r\n" {
                break;
            }
        }
        let body = bytes.len();
        bytes.resize(body + length, 0);
        stream.read_exact(&mut bytes[body..]).await?;
        Ok(Some(Self { first_line, bytes, body }))
    }
}
