//! Every way it can fail has a cause, an exit code and a next step: with mosquitto where it can be made to fail so, else
//! with a server that says what a test wants.

use std::{
    fs,
    io::{Read, Write},
    net::TcpListener,
    path::Path,
    sync::Arc,
};

use certreq::pki::{
    alt_name::AltName,
    csr,
    key::{KeySpec, PrivateKey},
};
use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
};
use tempfile::TempDir;

use super::mosquitto::{Broker, is_here};
use crate::support::{
    any_pair::AnyPair,
    forger::{Forger, Wish},
    platform::workplace,
    port::Port,
    terminal::{Ended, certreq},
};

fn days(valid: std::ops::Range<i64>) -> Wish {
    Wish { valid, ..Wish::default() }
}

/// A pair of the forger's in `cert_<id>`, for localhost.
fn pair(forger: &Forger, home: &Path, id: &str, wish: &Wish) {
    let key = PrivateKey::generate(KeySpec::P256).unwrap();
    let names = AltName::from_commas("dns:localhost").unwrap();
    let certificate = forger.sign(&csr::request_for(&key, id, &names).unwrap(), wish);
    let directory = home.join(format!("cert_{id}"));
    fs::create_dir(&directory).unwrap();
    fs::write(directory.join("private.key"), key.to_pkcs8_pem().unwrap().as_str()).unwrap();
    fs::write(directory.join("cert.pem"), certificate).unwrap();
}

/// A directory with the root, a device's pair `a1998e` and a server's pair.
fn scene(device: &Wish, server: &Wish) -> TempDir {
    let (home, forger) = (workplace(), Forger::new("Test CA"));
    fs::create_dir(home.path().join("ca")).unwrap();
    fs::write(home.path().join("ca/ca.pem"), forger.root.to_pem()).unwrap();
    pair(&forger, home.path(), "a1998e", device);
    pair(&forger, home.path(), "server", server);
    home
}

/// A TLS server with the pair `server` that answers the first bytes of a client with each of these in turn, and then
/// closes. It asks for a pair and takes every one. Returns its port.
fn server(home: &Path, replies: Vec<Vec<u8>>) -> u16 {
    serving(home, replies, Some(AnyPair::new()))
}

/// The same with another opinion about pairs; without one it never asks for them.
fn serving(home: &Path, replies: Vec<Vec<u8>>, pairs: Option<Arc<AnyPair>>) -> u16 {
    let read = |name: &str| fs::read(home.join("cert_server").join(name)).unwrap();
    let chain = CertificateDer::pem_slice_iter(&read("cert.pem")).map(Result::unwrap).collect();
    let key = PrivateKeyDer::from_pem_slice(&read("private.key")).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions().unwrap();
    let config = match pairs {
        Some(pairs) => config.with_client_cert_verifier(pairs),
        None => config.with_no_client_auth(),
    };
    let config = config.with_single_cert(chain, key).unwrap();
    let config = Arc::new(config);
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            let (config, replies) = (Arc::clone(&config), replies.clone());
            std::thread::spawn(move || {
                let mut stream = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
                let mut buffer = [0; 4096];
                for reply in replies {
                    // A client that leaves has seen enough.
                    let Ok(1..) = stream.read(&mut buffer) else { return };
                    let _ = stream.write_all(&reply);
                }
                let _ = stream.read(&mut buffer);
            });
        }
    });
    port
}

fn connect(home: &Path, server: &str, args: &[&str]) -> Ended {
    certreq(home).args(["connect", server, "cert_a1998e"]).args(args).run()
}

#[track_caller]
fn cause(ended: &Ended) -> String {
    let record = &ended.json()[0];
    assert_eq!(record["schema"], "certreq.connect/1");
    assert_eq!(record["state"], "failed", "{record}");
    assert_eq!(record["code"], ended.code, "{record}");
    assert!(!record["error"]["hint"].as_str().unwrap().is_empty(), "{record}");
    record["error"]["cause"].as_str().unwrap().to_owned()
}

#[test]
fn a_server_that_is_not_reached() {
    let home = scene(&Wish::default(), &Wish::default());
    let json = ["--format", "json"];
    let nobody = Port::reserve();
    let refused = connect(home.path(), &format!("mqtts://127.0.0.1:{}", nobody.number), &json).exits(5);
    assert_eq!(cause(&refused), "connection_refused");
    let unknown =
        connect(home.path(), "mqtts://broker.invalid", &["--format", "json", "--timeout", "3s"]).exits(5);
    assert!(["unknown_host", "timeout"].contains(&cause(&unknown).as_str()));
    // It takes the connection and says nothing, as plain-text brokers do.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = silent.local_addr().unwrap().port();
    let ended = connect(home.path(), &format!("mqtts://127.0.0.1:{port}"), &["--timeout", "2s"]).exits(5);
    ended.stdout_has("connected, but there was no TLS answer within 2 s").stderr_has("a plain-text port waits");
}

#[test]
fn a_plain_text_port() {
    let home = scene(&Wish::default(), &Wish::default());
    if is_here() {
        let plain = Broker::start(home.path(), "listener @PORT@ 127.0.0.1\nallow_anonymous true\n");
        let server = format!("mqtts://127.0.0.1:{}", plain.port);
        let ended = connect(home.path(), &server, &["--format", "json"]).exits(5);
        assert_eq!(cause(&ended), "not_tls");
    }
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        let _ = stream.read(&mut [0; 4096]);
    });
    connect(home.path(), &format!("https://127.0.0.1:{port}"), &[])
        .exits(5)
        .stdout_has("FAIL  tls         this port has no TLS")
        .stderr_has("it is a plain-text port");
}

#[test]
fn a_server_that_is_not_believed() {
    let home = scene(&Wish::default(), &Wish::default());
    let port = server(home.path(), Vec::new());
    connect(home.path(), &format!("tls://127.0.0.1:{port}"), &[])
        .exits(14)
        .stdout_has("FAIL  server      the server's certificate is not for 127.0.0.1, but for")
        .stderr_has("certreq issue -i ID --san ip:127.0.0.1 --force");
    connect(home.path(), &format!("tls://127.0.0.1:{port}"), &["--servername", "localhost"]).exits(0);

    let stranger = Forger::new("Stranger CA");
    fs::write(home.path().join("other.pem"), stranger.root.to_pem()).unwrap();
    let ended = connect(home.path(), &format!("tls://localhost:{port}"), &["--ca", "other.pem"]).exits(14);
    ended.stdout_has("the server's certificate comes from CN=Test CA; trusted here is").stderr_has("--ca FILE");
    let twin = Forger::new("Test CA");
    fs::write(home.path().join("twin.pem"), twin.root.to_pem()).unwrap();
    let ended =
        connect(home.path(), &format!("tls://localhost:{port}"), &["--ca", "twin.pem", "--format", "json"]);
    let ended = ended.exits(14);
    assert_eq!(cause(&ended), "server_root_unknown");
    assert!(ended.stdout.contains("the name is the same, the key is not"), "{}", ended.stdout);
}

#[test]
fn dates_and_clocks() {
    let cases = [
        (days(-1..30), days(-30..-1), "server_expired", 14),
        (days(-1..30), days(1..30), "server_not_yet_valid", 14),
        // Both begin tomorrow: it is the clock here that is wrong.
        (days(1..30), days(1..30), "clock_wrong", 13),
    ];
    for (device, of_server, expected, code) in cases {
        let home = scene(&device, &of_server);
        let port = server(home.path(), Vec::new());
        let ended = connect(home.path(), &format!("tls://localhost:{port}"), &["--format", "json"]).exits(code);
        assert_eq!(cause(&ended), expected);
        assert!(ended.stdout.contains("here"), "it says what time it is here: {}", ended.stdout);
    }
}

/// The name of the case, the server's replies, arguments, the cause, the exit code.
type Case<'a> = (&'a str, Vec<Vec<u8>>, &'a [&'a str], &'a str, i32);

#[test]
fn a_broker_that_refuses_what_is_asked() {
    let home = scene(&Wish::default(), &Wish::default());
    let accepted = vec![0x20, 2, 0, 0];
    let accepted_5 = vec![0x20, 3, 0, 0, 0];
    let publish = ["--publish", "x", "-m", "y"];
    let cases: [Case<'_>; 12] = [
        ("version", vec![vec![0x20, 2, 0, 1]], &[], "protocol_version", 1),
        ("no version 5", vec![vec![0x20, 2, 0, 1]], &["--mqtt", "5"], "protocol_version", 1),
        ("client id", vec![vec![0x20, 2, 0, 2]], &[], "identity_refused", 4),
        ("unavailable", vec![vec![0x20, 2, 0, 3]], &[], "broker_unavailable", 5),
        ("user name", vec![vec![0x20, 2, 0, 4]], &[], "identity_refused", 4),
        ("not authorized", vec![vec![0x20, 2, 0, 5]], &[], "identity_refused", 4),
        ("banned", vec![vec![0x20, 3, 0, 0x8a, 0]], &["--mqtt", "5"], "identity_refused", 4),
        (
            "subscription",
            vec![accepted.clone(), vec![0x90, 3, 0, 1, 0x80]],
            &["--subscribe", "x"],
            "subscription_refused",
            4,
        ),
        (
            "closed instead of PUBACK",
            vec![accepted.clone(), Vec::new()],
            &publish,
            "publication_not_acknowledged",
            1,
        ),
        (
            "PUBACK that refuses",
            vec![accepted_5.clone(), vec![0x40, 3, 0, 1, 0x87]],
            &["--mqtt", "5", "--publish", "x", "-m", "y"],
            "publication_refused",
            4,
        ),
        ("nonsense", vec![b"SSH-2.0-x\r\n".to_vec()], &[], "not_mqtt", 1),
        (
            "goodbye",
            vec![accepted_5, vec![0x90, 4, 0, 1, 0, 0, 0xe0, 2, 0x8b, 0]],
            &["--mqtt", "5", "--subscribe", "x", "--wait", "60s"],
            "session_ended",
            1,
        ),
    ];
    for (name, replies, args, expected, code) in cases {
        let port = server(home.path(), replies);
        let ended =
            connect(home.path(), &format!("mqtts://localhost:{port}"), &[args, &["--format", "json"]].concat());
        assert_eq!(cause(&ended), expected, "{name}: {}", ended.stdout);
        assert_eq!(ended.code, code, "{name}");
    }
}

#[test]
fn a_gateway_that_answers() {
    let home = scene(&Wish::default(), &Wish::default());
    let answer = |line: &str| vec![format!("HTTP/1.1 {line}\r\nContent-Length: 0\r\n\r\n").into_bytes()];
    for (line, code, expected) in [
        ("200 OK", 0, ""),
        ("302 Found", 0, ""),
        ("400 Bad Request", 4, "request_refused"),
        ("403 Forbidden", 4, "request_refused"),
        ("404 Not Found", 1, "request_failed"),
        ("502 Bad Gateway", 5, "gateway_unavailable"),
    ] {
        let port = server(home.path(), answer(line));
        let ended =
            connect(home.path(), &format!("https://localhost:{port}/x?y"), &["--format", "json"]).exits(code);
        let record = &ended.json()[0];
        assert_eq!(record["status"].to_string(), line[..3], "{record}");
        if !expected.is_empty() {
            assert_eq!(cause(&ended), expected);
        }
    }
    let port = server(home.path(), vec![b"\x15garbage\r\n\r\n".to_vec()]);
    connect(home.path(), &format!("https://localhost:{port}"), &[])
        .exits(1)
        .stdout_has("its answer is not HTTP");
}

#[test]
fn a_server_that_never_asks_for_a_pair_proves_nothing_about_it() {
    let home = scene(&days(-3..-1), &Wish::default());
    let ok = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_vec();
    let accepted = vec![0x20, 2, 0, 0];
    for (scheme, reply) in [("tls", Vec::new()), ("https", ok), ("mqtts", accepted)] {
        let port = serving(home.path(), vec![reply], None);
        let to = format!("{scheme}://localhost:{port}");
        connect(home.path(), &to, &[])
            .exits(1)
            .stdout_has("cert_a1998e: NOT PROVEN")
            .stdout_has("the server did not ask for the certificate");
        let ended = connect(home.path(), &to, &["--format", "json"]).exits(1);
        assert_eq!(cause(&ended), "certificate_not_requested");
    }
    // A broker with a password file: it is not the owner of the certificate that it refuses.
    let port = serving(home.path(), vec![vec![0x20, 2, 0, 5]], None);
    let ended = connect(home.path(), &format!("mqtts://localhost:{port}"), &[]).exits(4);
    ended.stderr_has("wants a user name and a password");
}

#[test]
fn a_password_in_the_address_is_refused_and_not_repeated() {
    let home = scene(&Wish::default(), &Wish::default());
    for to in ["mqtts://u:hidden@localhost:1", "https://u:hidden@localhost/x", "tls://u@localhost:1"] {
        let ended = connect(home.path(), to, &[]).exits(2).stderr_has("user name or a password");
        assert!(!ended.stderr.contains("hidden"), "{}", ended.stderr);
    }
}

#[test]
fn a_directory_that_cannot_be_shown() {
    let home = scene(&Wish::default(), &Wish::default());
    let connect =
        |directory: &str| certreq(home.path()).args(["connect", "mqtts://localhost:1", directory]).run();
    connect("a1998e").exits(5).stdout_has("cert_a1998e to mqtts://localhost:1");
    connect("b2c3d4").exits(1).stdout_has("there is no directory b2c3d4");
    connect("nix").exits(1).stderr_has("device directories are named cert_<id>");
    fs::copy(home.path().join("cert_server/private.key"), home.path().join("cert_a1998e/private.key")).unwrap();
    connect("cert_a1998e").exits(6).stdout_has("cert.pem does not match private.key");
    fs::remove_file(home.path().join("ca/ca.pem")).unwrap();
    connect("cert_server").exits(1).stdout_has("there is no root certificate").stderr_has("--ca");
}
