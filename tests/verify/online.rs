//! Responders and distribution points: openssl's, and our own platform's.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::TcpListener,
    process::{Child, Command, Stdio},
};

use certreq::{
    pki::certificate::Certificate,
    platform::{
        Registry,
        dojot::{BaseUrl, Dojot, Options},
    },
};
use zeroize::Zeroizing;

use super::authority::Authority;
use crate::support::{
    platform::{SECRET, Served, text, workplace},
    port::Port,
    terminal::{Ended, certreq},
    tools::openssl,
};

/// `openssl ocsp` as a responder; it ends with the test.
struct Responder {
    child: Child,
}

impl Responder {
    fn start(authority: &Authority, port: &Port, signer: &str, key: &str) -> Self {
        let port = port.number.to_string();
        let args =
            ["ocsp", "-index", "index.txt", "-CA", "ca.pem", "-rsigner", signer, "-rkey", key, "-nmin", "10"];
        let mut child = Command::new("openssl")
            .args(args)
            .args(["-port", &port])
            .current_dir(authority.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        // It says where it listens, on one of the two.
        let (out, err) = (child.stdout.take().unwrap(), child.stderr.take().unwrap());
        let (sender, receiver) = std::sync::mpsc::channel();
        for stream in [Box::new(out) as Box<dyn Read + Send>, Box::new(err)] {
            let sender = sender.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(stream).lines().map_while(Result::ok) {
                    if line.contains("ACCEPT")
                        || line.contains("waiting for OCSP")
                        || line.contains("aiting for")
                    {
                        let _ = sender.send(());
                    }
                }
            });
        }
        receiver.recv_timeout(std::time::Duration::from_secs(20)).expect("the responder starts");
        Self { child }
    }
}

impl Drop for Responder {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// Asks at the real now: answers are made when they are asked for.
fn ask(authority: &Authority, file: &str, more: &[&str]) -> Ended {
    let args = ["verify", file, "--ca", "ca.pem", "--revocation", "require", "--online"];
    certreq(authority.path()).args(args).args(more).run()
}

fn leaf(authority: &Authority, name: &str, extensions: &str) -> String {
    authority.leaf_of(name, "20200101000000Z", "20450101000000Z", extensions)
}

#[test]
fn openssl_answers_for_itself_and_through_its_delegate() {
    let authority = Authority::p256();
    let (own, delegated) = (Port::reserve(), Port::reserve());
    let at = |port: &Port| format!("authorityInfoAccess=OCSP;URI:http://127.0.0.1:{}/", port.number);
    for (kind, port) in [("own", &own), ("delegated", &delegated)] {
        leaf(&authority, &format!("{kind}-good"), &at(port));
        let bad = leaf(&authority, &format!("{kind}-bad"), &at(port));
        authority.revoke(&bad, "keyCompromise");
    }
    leaf(&authority, "responder", "extendedKeyUsage=OCSPSigning\nnoCheck=ignored\nkeyUsage=digitalSignature");
    let _own = Responder::start(&authority, &own, "ca.pem", "ca.key");
    let _delegate = Responder::start(&authority, &delegated, "responder.pem", "leaf.key");
    // Loopback is not asked without permission.
    ask(&authority, "own-good.pem", &[]).exits(15).stdout_has("inside a private network");
    for kind in ["own", "delegated"] {
        let private = ["--online-private"];
        ask(&authority, &format!("{kind}-good.pem"), &private).exits(0).stdout_has("good (OCSP answer of");
        let ended = ask(&authority, &format!("{kind}-bad.pem"), &private).exits(12).stdout_has("revoked at");
        ended.stdout_has("keyCompromise");
    }
}

#[test]
fn an_answer_is_kept_until_its_next_update_and_a_new_one_fetched_after() {
    let authority = Authority::p256();
    let port = Port::reserve();
    let point = format!("authorityInfoAccess=OCSP;URI:http://127.0.0.1:{}/", port.number);
    let (good, bad) = (leaf(&authority, "good", &point), leaf(&authority, "bad", &point));
    authority.revoke(&bad, "keyCompromise");
    let responder = Responder::start(&authority, &port, "ca.pem", "ca.key");
    let private = ["--online-private"];
    ask(&authority, &good, &private).exits(0);
    ask(&authority, &bad, &private).exits(12);
    drop(responder);
    // No responder answers any more; each answer is about its own certificate.
    ask(&authority, &good, &private).exits(0).stdout_has("good (OCSP answer of");
    ask(&authority, &bad, &private).exits(12).stdout_has("keyCompromise");
    for at in ["2044-01-01T00:00:00Z", "2021-01-01T00:00:00Z"] {
        ask(&authority, &good, &["--online-private", "--at", at]).exits(15).stdout_has("unreachable");
    }
}

#[test]
fn a_responder_without_permission_is_not_believed() {
    let authority = Authority::p256();
    let port = Port::reserve();
    let file =
        leaf(&authority, "good", &format!("authorityInfoAccess=OCSP;URI:http://127.0.0.1:{}/", port.number));
    leaf(&authority, "nobody", "extendedKeyUsage=clientAuth");
    let _responder = Responder::start(&authority, &port, "nobody.pem", "leaf.key");
    ask(&authority, &file, &["--online-private"]).exits(15).stdout_has("OCSPSigning");
}

/// An address, and the listener there.
pub(super) fn listening() -> (String, TcpListener) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    (format!("http://{}/list", listener.local_addr().unwrap()), listener)
}

/// Serves one answer to each of `count` requests, and returns the requests' first lines.
fn scripted(answer: Vec<u8>, count: usize) -> (String, std::thread::JoinHandle<Vec<String>>) {
    let (url, listener) = listening();
    (url, answering(listener, answer, count))
}

/// The same for a listener that is open already.
pub(super) fn answering(
    listener: TcpListener,
    answer: Vec<u8>,
    count: usize,
) -> std::thread::JoinHandle<Vec<String>> {
    std::thread::spawn(move || {
        (0..count)
            .map(|_| {
                let (mut stream, _) = listener.accept().unwrap();
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let mut first = String::new();
                reader.read_line(&mut first).unwrap();
                let (mut line, mut length) = (String::new(), 0);
                while reader.read_line(&mut line).unwrap() > 2 {
                    if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                        length = value.trim().parse().unwrap();
                    }
                    line.clear();
                }
                // A body that is not read would break the connection off before the answer arrives.
                std::io::copy(&mut reader.take(length), &mut std::io::sink()).unwrap();
                let _ = stream.write_all(&answer);
                first
            })
            .collect()
    })
}

pub(super) fn response(status: &str, body: &[u8]) -> Vec<u8> {
    let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
    [head.as_bytes(), body].concat()
}

#[test]
fn a_fetched_list_is_kept_until_its_next_update() {
    let authority = Authority::p256();
    authority.list_of("the.list", "20200101000000Z", "20450101000000Z", "authorityKeyIdentifier=keyid");
    openssl(authority.path(), &["crl", "-in", "the.list", "-outform", "DER", "-out", "the.der"]);
    let list = std::fs::read(authority.path().join("the.der")).unwrap();
    let (url, server) = scripted(response("200 OK", &list), 1);
    let file = leaf(&authority, "good", &format!("crlDistributionPoints=URI:{url}"));
    ask(&authority, &file, &["--online-private"]).exits(0).stdout_has(&format!("from {url}"));
    assert_eq!(server.join().unwrap(), ["GET /list HTTP/1.1\r\n"]);
    // No server listens any more.
    ask(&authority, &file, &["--online-private"]).exits(0).stdout_has("good (CRL number 42");
    // Past its end the kept one is not used.
    let later = ["--online-private", "--at", "2045-01-01T00:00:00Z"];
    ask(&authority, &file, &later).exits(15).stdout_has("unreachable");
}

#[test]
fn odd_answers_are_unreachable_or_unknown_and_never_good() {
    for (answer, words) in [
        (response("302 Found", b""), "it answered 302"),
        (response("500 Internal Server Error", b""), "it answered 500"),
        (response("200 OK", b"<html>"), "answered no list"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 999999999\r\n\r\n".to_vec(), "longer than 64 MiB"),
    ] {
        let authority = Authority::p256();
        let (url, server) = scripted(answer, 1);
        let file = leaf(&authority, "good", &format!("crlDistributionPoints=URI:{url}"));
        ask(&authority, &file, &["--online-private"]).exits(15).stdout_has(words);
        server.join().unwrap();
    }
    for (url, words) in
        [("https://192.0.2.1/x", "it is not http"), ("http://10.0.0.1/x", "inside a private network")]
    {
        let authority = Authority::p256();
        let file = leaf(&authority, "good", &format!("crlDistributionPoints=URI:{url}"));
        ask(&authority, &file, &[]).exits(15).stdout_has(words);
    }
}

#[test]
fn a_name_that_leads_inside_is_not_asked_without_permission() {
    let authority = Authority::p256();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let port = listener.local_addr().unwrap().port();
    let points = format!(
        "crlDistributionPoints=URI:http://localhost:{port}/list\nauthorityInfoAccess=OCSP;URI:http://localhost:{port}/"
    );
    let file = leaf(&authority, "good", &points);
    ask(&authority, &file, &[]).exits(15).stdout_has("inside a private network");
    let inspect = ["inspect", "--check", "--ca", "ca.pem", "--online", &file];
    certreq(authority.path()).args(inspect).run().exits(15).stdout_has("private network");
    assert_eq!(listener.accept().unwrap_err().kind(), std::io::ErrorKind::WouldBlock, "it was asked");
}

#[test]
fn a_responder_that_hangs_is_given_up() {
    let authority = Authority::p256();
    // Connections wait in the backlog for ever.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/", listener.local_addr().unwrap());
    let file = leaf(&authority, "good", &format!("authorityInfoAccess=OCSP;URI:{url}"));
    let said = ask(&authority, &file, &["--online-private", "--timeout", "1s"]).exits(15);
    said.stdout_has(&format!("unreachable: {url}"));
}

#[test]
fn the_platforms_own_list_and_responder_agree_with_openssl() {
    let served = Served::with_devices(&["a10001", "a10002", "a10003"]);
    let place = workplace();
    let run = |args: &[&str]| certreq(place.path()).args(args).run();
    let login = served.login();
    let issue: Vec<&str> =
        ["issue", "-i", "a10001,a10002,a10003"].into_iter().chain(login.iter().map(String::as_str)).collect();
    run(&issue).exits(0);
    let chain = Certificate::all_from_pem(&text(place.path(), "cert_a10002/cert.pem")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut options = Options::new(BaseUrl::parse(&served.url, None).unwrap(), "admin");
        options.secret = Some(Zeroizing::new(SECRET.to_owned()));
        Registry::delete(&Dojot::new(options).unwrap(), &chain[0].fingerprint()).await.unwrap();
    });
    // The list beside the root is from before; the new one comes from the platform.
    let url = format!("{}/crl.der", served.url);
    let with_list = |device: &str| run(&["verify", device, "--revocation", "require", "--crl", &url]);
    with_list("cert_a10001").exits(0).stdout_has(&format!("from {url}"));
    with_list("cert_a10002").exits(12).stdout_has("revoked at 20").stdout_has("superseded");
    with_list("cert_a10003").exits(0);
    // The platform's own list, when it is named.
    let own: Vec<&str> = login.iter().map(String::as_str).collect();
    let with_own = |device: &str, platform: &[&str]| {
        run(&[&["verify", device, "--revocation", "require"], platform].concat())
    };
    with_own("cert_a10001", &own).exits(0).stdout_has("good (CRL");
    with_own("cert_a10002", &own).exits(12).stdout_has(&format!("from {}", served.url));
    with_own("cert_a10001", &["-h", "127.0.0.1", "-p", "1", "-u", "admin", "-s", "x"])
        .exits(5)
        .stderr_has("revocation list cannot be had");
    // The responder, without any list at hand.
    std::fs::remove_file(place.path().join("ca/crl.pem")).unwrap();
    let online =
        |device: &str| run(&["verify", device, "--revocation", "require", "--online", "--online-private"]);
    online("cert_a10001").exits(0).stdout_has("good (OCSP answer");
    online("cert_a10002").exits(12).stdout_has("revoked at 20").stdout_has("superseded");
    online("cert_a10003").exits(0);
    // openssl reads the same.
    let ocsp = format!("{}/ocsp", served.url);
    for (device, word) in [("cert_a10001", "good"), ("cert_a10002", "revoked")] {
        let file = format!("{device}/cert.pem");
        let args = ["ocsp", "-issuer", "ca/ca.pem", "-cert", &file, "-url", &ocsp, "-CAfile", "ca/ca.pem"];
        assert!(openssl(place.path(), &args).contains(&format!("{file}: {word}")));
    }
    // Its authority in this process, once the server does not hold it any more.
    let home = served.kill();
    let authority = home.path().join("authority").display().to_string();
    for (device, code) in [("cert_a10001", 0), ("cert_a10002", 12)] {
        with_own(device, &["--authority", &authority]).exits(code).stdout_has(&authority);
        run(&["inspect", "--check", device, "--authority", &authority]).exits(code).stdout_has("CRL number");
    }
}
