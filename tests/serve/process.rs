//! `certreq serve` as a process, and over TLS.

use std::{
    io::{BufRead, BufReader, Read},
    process::{Child, Stdio},
    sync::Arc,
};

use certreq::{
    authority::{Authority, Options, Owner},
    serve::{self, ServeError, Settings},
};
use reqwest::{Certificate, Client};
use tempfile::TempDir;

use crate::support::{
    lab::openssl,
    terminal::{Call, certreq},
};

/// A started server: itself, what it said up to and including the line with its URL, and the rest to come.
fn start(home: &TempDir) -> (Child, String, impl Read) {
    until_listening(certreq(home.path()).args(["serve", "--listen", "127.0.0.1:0", "--dir", "authority"]))
}

/// Starts a server and waits until it listens.
pub(crate) fn until_listening(call: Call) -> (Child, String, impl Read) {
    let mut child = call.into_command().stdin(Stdio::null()).stderr(Stdio::piped()).spawn().unwrap();
    let mut stderr = BufReader::new(child.stderr.take().unwrap());
    let mut said = String::new();
    while !said.contains("listening on http://127.0.0.1:") {
        assert_ne!(stderr.read_line(&mut said).unwrap(), 0, "it ended: {said}");
    }
    (child, said, stderr)
}

/// Tells a server to stop: its exit code, and what it said last.
pub(crate) fn terminate(mut child: Child, mut stderr: impl Read) -> (Option<i32>, String) {
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::TERM).unwrap();
    let mut rest = String::new();
    stderr.read_to_string(&mut rest).unwrap();
    (child.wait().unwrap().code(), rest)
}

#[test]
fn it_shows_its_secret_once_keeps_its_directory_to_itself_and_ends_when_told() {
    let home = TempDir::new().unwrap();
    let (child, said, stderr) = start(&home);
    let secret = said.lines().find_map(|line| line.strip_prefix("admin secret: ")).unwrap();
    assert_eq!(secret.len(), 32, "{said}");

    let second = certreq(home.path())
        .args(["serve", "--listen", "127.0.0.1:0", "--dir", "authority"])
        .into_command()
        .output()
        .unwrap();
    let message = String::from_utf8_lossy(&second.stderr).into_owned();
    assert_eq!(second.status.code(), Some(1));
    assert!(message.contains("another certreq is using authority"), "{message}");

    let (code, _) = terminate(child, stderr);
    assert_eq!(code, Some(0));
    let (child, said, stderr) = start(&home);
    assert!(!said.contains("secret"), "{said}");
    assert_eq!(terminate(child, stderr).0, Some(0));
}

#[tokio::test]
async fn with_a_certificate_it_speaks_https_and_nothing_else() {
    let dir = TempDir::new().unwrap();
    let path = |name: &str| dir.path().join(name);
    let authority = Authority::open(&path("ca"), Options::default()).await.unwrap();
    // The authority's own certificates serve: they may stand for servers, too.
    let (cert, key) = (path("server.pem"), path("server.key"));
    let ec =
        ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", key.to_str().unwrap()];
    let names = ["-subj", "/CN=lab", "-addext", "subjectAltName=IP:127.0.0.1"];
    let request = openssl(&[&["req", "-new"], &ec[..], &names[..]].concat(), b"");
    let issued = authority.issue("admin", &request, Owner::Nobody).await.unwrap();
    std::fs::write(&cert, issued.certificate_pem).unwrap();
    let root = Certificate::from_pem(authority.root().to_pem().as_bytes()).unwrap();
    let address = ([127, 0, 0, 1], 0).into();
    let bound = serve::bind(address, Some(&(cert.clone(), key.clone()))).unwrap();
    let url = bound.url();
    assert!(url.starts_with("https://127.0.0.1:"));
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let served = tokio::spawn(bound.serve(Arc::new(authority), Settings::default(), async {
        let _ = stopped.await;
    }));
    let client = Client::builder().no_proxy().tls_certs_only([root]).build().unwrap();
    assert_eq!(client.get(format!("{url}/health")).send().await.unwrap().status(), 200);
    let plain = client.get(format!("{}/health", url.replace("https", "http"))).send().await;
    assert!(plain.is_err());
    drop(client);
    stop.send(()).unwrap();
    served.await.unwrap().unwrap();

    let swapped = serve::bind(address, Some(&(key.clone(), cert.clone()))).unwrap_err();
    assert!(matches!(swapped, ServeError::Tls { .. }), "{swapped}");
    let missing = serve::bind(address, Some(&(cert, path("none")))).unwrap_err().to_string();
    assert!(missing.contains("none cannot be used"), "{missing}");
}

#[test]
fn a_port_that_is_taken_is_named() {
    let taken = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = taken.local_addr().unwrap();
    let error = serve::bind(address, None).unwrap_err().to_string();
    assert!(error.starts_with(&format!("cannot listen on {address}: ")), "{error}");
}
