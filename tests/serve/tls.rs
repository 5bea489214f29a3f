//! Over TLS clients that send nothing, or half a handshake, are let go, and others are served.

#![expect(clippy::print_stderr, reason = "what is left out, and why")]

use std::{
    fs,
    io::Write,
    net::TcpStream,
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, Instant},
};

use certreq::{
    authority::{Authority, Options},
    serve::{self, Settings},
};
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use reqwest::{Certificate, Client};

use super::connections::{raise_own_limit, until_closed};
use crate::support::{platform::Served, terminal::program};

/// A root, and the files of a server for 127.0.0.1 that it certifies.
fn server_files(directory: &Path) -> (Certificate, PathBuf, PathBuf) {
    let mut top = CertificateParams::new(vec!["root.test".to_owned()]).unwrap();
    top.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let root_key = KeyPair::generate().unwrap();
    let root = top.self_signed(&root_key).unwrap();
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec!["127.0.0.1".to_owned()]).unwrap();
    let certificate = params.signed_by(&key, &Issuer::new(top, root_key)).unwrap();
    let (chain, private) = (directory.join("server.pem"), directory.join("server.key"));
    fs::write(&chain, certificate.pem()).unwrap();
    fs::write(&private, key.serialize_pem()).unwrap();
    (Certificate::from_der(root.der()).unwrap(), chain, private)
}

fn client(root: &Certificate) -> Client {
    Client::builder().no_proxy().tls_certs_only([root.clone()]).build().unwrap()
}

/// A TLS record with the beginning of a ClientHello that is to become longer.
const HALF_HELLO: &[u8] = b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03";

#[tokio::test(flavor = "multi_thread")]
async fn half_a_handshake_ends_when_the_patience_does() {
    let home = tempfile::tempdir().unwrap();
    let (root, chain, key) = server_files(home.path());
    let authority = Authority::open(&home.path().join("ca"), Options::default()).await.unwrap();
    let bound = serve::bind(([127, 0, 0, 1], 0).into(), Some(&(chain, key))).unwrap();
    let url = bound.url();
    let address = url.trim_start_matches("https://").to_owned();
    let settings = Settings { patience: Duration::from_millis(500), ..Settings::default() };
    let (_stop, stopped) = tokio::sync::oneshot::channel::<()>();
    tokio::spawn(bound.serve(Arc::new(authority), settings, async {
        let _ = stopped.await;
    }));
    for sent in [&b""[..], b"\x16", b"\x16\x03\x01\x02", HALF_HELLO, b"GET / HTTP/1.1\r\n", b"\0\0\0"] {
        let address = address.clone();
        let took = tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(sent).unwrap();
            until_closed(stream).1
        });
        let took = took.await.unwrap();
        assert!(took < Duration::from_secs(10), "{sent:?} took {took:?}");
    }
    // A handshake that is whole, and then silence: the one that began a request is answered.
    assert_eq!(client(&root).get(format!("{url}/health")).send().await.unwrap().status(), 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn eleven_hundred_silent_or_half_open_connections_do_not_stop_a_tls_server_with_1024_files() {
    if !raise_own_limit() {
        eprintln!("left out: this machine gives too few files for it");
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let (root, chain, key) = server_files(home.path());
    let shell = format!("ulimit -n 1024 && exec {} \"$@\"", program());
    let tls = ["--tls-cert", chain.to_str().unwrap(), "--tls-key", key.to_str().unwrap()];
    let served = Served::start_as(&["sh", "-c", &shell, "certreq"], &tls);
    assert!(served.url.starts_with("https://"), "{}", served.url);
    let address = served.url.trim_start_matches("https://").to_owned();
    let held: Vec<TcpStream> = (0..1100)
        .map(|number| {
            let mut stream = TcpStream::connect(&address).unwrap();
            if number % 2 == 0 {
                // One that was closed already does not take it.
                let _ = stream.write_all(HALF_HELLO);
            }
            stream
        })
        .collect();
    let began = Instant::now();
    for turn in 0..20 {
        let answer = client(&root).get(format!("{}/health", served.url)).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        // Not by waiting until the others have had their ten seconds for a handshake.
        assert!(turn > 0 || began.elapsed() < Duration::from_secs(5), "{:?}", began.elapsed());
    }
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    drop(held);
}
