//! What a platform answers, through the real client over a real connection: every body ends in a value or in one
//! message. The first byte chooses the call, the second the status; the rest is the body.
#![no_main]

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    ops::ControlFlow,
    sync::{Arc, LazyLock, Mutex},
    thread,
    time::Duration,
};

use certreq::platform::{
    Platform, Registry, SignRequest, TrustStore,
    dojot::{BaseUrl, Dojot, Options, Token},
};
use tokio::runtime::{Builder, Runtime};

const STATUSES: [&str; 6] = ["200 OK", "400 Bad Request", "403 Forbidden", "404 Not Found", "409 Conflict", "500 Oops"];

/// What the platform says next, whatever it is asked.
static SAID: LazyLock<Arc<Mutex<Vec<u8>>>> = LazyLock::new(Arc::default);

thread_local! {
    static CLIENT: (Runtime, Dojot) = client();
}

fn client() -> (Runtime, Dojot) {
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    thread::spawn(move || listener.incoming().flatten().for_each(|peer| drop(thread::spawn(|| serve(peer)))));
    let base = BaseUrl::parse(&address.to_string(), None).expect("a URL");
    let mut options = Options::new(base, "admin");
    options.token = Token::new("h.e30.s");
    options.only_token = true;
    options.retry_delay = Duration::ZERO;
    let runtime = Builder::new_current_thread().enable_all().build().expect("a runtime");
    (runtime, Dojot::new(options).expect("a client"))
}

/// Answers every request of a connection alike.
fn serve(peer: TcpStream) {
    let mut requests = BufReader::new(peer.try_clone().expect("a second handle"));
    let mut peer = peer;
    let mut line = String::new();
    let mut length = 0;
    while requests.read_line(&mut line).is_ok_and(|read| read > 0) {
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse().expect("our own client's header");
        }
        if line == "\r\n" {
            let _ = requests.by_ref().take(length).read_to_end(&mut Vec::new());
            length = 0;
            let said = SAID.lock().expect("nobody panics").clone();
            if peer.write_all(&said).is_err() {
                return;
            }
        }
        line.clear();
    }
}

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| {
    let [call, status, body @ ..] = bytes else { return };
    let status = STATUSES[usize::from(*status) % STATUSES.len()];
    let mut said = format!("HTTP/1.1 {status}\r\ncontent-length: {}\r\n\r\n", body.len()).into_bytes();
    said.extend_from_slice(body);
    *SAID.lock().expect("nobody panics") = said;
    CLIENT.with(|(runtime, platform)| runtime.block_on(ask(platform, *call)));
});

/// Every message can be shown.
async fn ask(platform: &Dojot, call: u8) {
    let said = match call % 9 {
        0 => platform.root().await.map(drop),
        1 => platform.crl().await.map(drop),
        2 => platform.devices().await.map(drop),
        3 => platform.each_device(&mut |_| ControlFlow::Continue(())).await,
        4 => platform.certificates(&|record| record.device.is_some()).await.map(drop),
        5 => platform.certificate(&fingerprint()).await.map(drop),
        6 => platform.trusted_cas().await.map(drop),
        7 => platform.delete(&fingerprint()).await,
        _ => {
            let request = SignRequest { device: "a1998e".parse().expect("an id"), csr_pem: "CSR".to_owned(), holder: None };
            platform.sign(&request).await.map(drop)
        }
    };
    if let Err(error) = said {
        let _ = format!("{error} {error:?}");
    }
}

fn fingerprint() -> certreq::pki::fingerprint::Fingerprint {
    certreq::pki::fingerprint::Fingerprint::of(b"a certificate")
}
