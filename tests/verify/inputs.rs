//! It takes what `inspect` takes: bundles, patterns, and servers that ask who we are.

use std::{fs, net::TcpListener, sync::Arc, thread::JoinHandle};

use rustls::{
    RootCertStore, ServerConfig, ServerConnection,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::WebPkiClientVerifier,
};

use super::authority::Authority;
use crate::support::{terminal::certreq, tools::openssl};

const AT: [&str; 4] = ["--at", "2030-01-01", "--ca", "ca.pem"];
const CLIENT: &str = "extendedKeyUsage=clientAuth";

#[test]
fn bundles_are_opened() {
    let authority = Authority::p256();
    let home = authority.path();
    authority.leaf("a1998e", CLIENT);
    let run = |args: &[&str]| certreq(home).args(["verify"]).args(args).args(AT);
    for form in ["DER", "PEM"] {
        // The root first: a bundle has no order.
        let certificates = ["-certfile", "ca.pem", "-certfile", "a1998e.pem"];
        openssl(
            home,
            &[&["crl2pkcs7", "-nocrl", "-out", "bundle", "-outform", form], &certificates[..]].concat(),
        );
        run(&["bundle"]).run().exits(0).stdout_has("bundle: VALID, NOT ALL CHECKED");
        run(&["bundle", "--id", "a1998e"]).run().exits(0);
    }
    let bundle = fs::read_to_string(home.join("bundle")).unwrap();
    run(&["-"]).stdin(bundle).run().exits(0).stdout_has("standard input: VALID, NOT ALL CHECKED");
    let export = ["pkcs12", "-export", "-in", "a1998e.pem", "-inkey", "leaf.key", "-certfile", "ca.pem"];
    openssl(home, &[&export[..], &["-passout", "pass:sesame", "-out", "keys.p12"]].concat());
    run(&["keys.p12"]).run().exits(1).stdout_has("needs its password").stdout_has("--password-file");
    run(&["keys.p12"]).env("CERTREQ_PASSWORD", "open").run().exits(1).stdout_has("does not open it");
    run(&["keys.p12", "--id", "a1998e"])
        .env("CERTREQ_PASSWORD", "sesame")
        .run()
        .exits(0)
        .stdout_has("ok    key         its private key is beside it");
    run(&["keys.p12", "--password-file", "-"]).stdin("sesame\n").run().exits(0);
    run(&["-", "--password-file", "-"]).run().exits(2).stderr_has("only once");
    // Another's key in the same file.
    let text = |name: &str| fs::read_to_string(home.join(name)).unwrap();
    fs::write(home.join("both.pem"), text("a1998e.pem") + &text("ca.key")).unwrap();
    run(&["both.pem"]).run().exits(14).stdout_has("FAIL  key         the key in the same file is not");
    // A block that is damaged may be what decides.
    let damaged = "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n";
    fs::write(home.join("damaged.pem"), text("a1998e.pem") + damaged).unwrap();
    run(&["damaged.pem"]).run().exits(1).stdout_has("UNREADABLE");
}

#[test]
fn patterns_stand_for_files_and_device_directories() {
    let authority = Authority::p256();
    let home = authority.path();
    for device in ["a10001", "a10002"] {
        authority.leaf(device, CLIENT);
        let directory = home.join(format!("cert_{device}"));
        fs::create_dir(&directory).unwrap();
        fs::copy(home.join(format!("{device}.pem")), directory.join("cert.pem")).unwrap();
        fs::copy(home.join("leaf.key"), directory.join("private.key")).unwrap();
    }
    let run = |args: &[&str]| certreq(home).args(["verify"]).args(args).args(AT).run();
    run(&["a1*.pem"]).exits(0).stdout_has("a10001.pem: VALID").stdout_has("a10002.pem: VALID");
    run(&["cert_*"]).exits(0).stdout_has("cert_a10001: VALID").stdout_has("for the device a10002");
    run(&["nothing*"]).exits(1).stdout_has("nothing*: UNREADABLE").stdout_has("no file matches the pattern");
}

#[test]
fn a_server_that_asks_who_we_are_is_shown_the_client_certificate() {
    let authority = Authority::p256();
    authority.leaf("server", "extendedKeyUsage=serverAuth\nsubjectAltName=DNS:localhost,IP:127.0.0.1");
    // The server looks at the clock of this machine.
    authority.leaf_of("client", "20200101000000Z", "20450101000000Z", CLIENT);
    let (place, asked) = asking(&authority);
    let run = |args: &[&str]| {
        certreq(authority.path()).args(["verify", &place, "--name", "127.0.0.1"]).args(args).args(AT).run()
    };
    run(&["--client-cert", "client.pem"]).exits(2).stderr_has("--client-key");
    run(&["--client-cert", "absent.pem", "--client-key", "leaf.key"]).exits(1).stderr_has("absent.pem");
    // The first connection shows nothing, the next two a certificate.
    run(&[]).stdout_has("chain       leads to CN=Test CA");
    let identity = ["--client-cert", "client.pem", "--client-key", "leaf.key"];
    run(&identity).exits(0).stdout_has("VALID, NOT ALL CHECKED");
    certreq(authority.path()).args(["inspect", &place]).args(identity).run().exits(0);
    let client = fs::read(authority.path().join("client.pem")).unwrap();
    let client = pem::parse(&client).unwrap().into_contents();
    assert_eq!(asked.join().unwrap(), [None, Some(client.clone()), Some(client)]);
}

/// A server that answers three connections; what each showed.
fn asking(authority: &Authority) -> (String, JoinHandle<Vec<Option<Vec<u8>>>>) {
    let file = |name: &str| fs::read(authority.path().join(name)).unwrap();
    let certificate = |name: &str| CertificateDer::from_pem_slice(&file(name)).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(certificate("ca.pem")).unwrap();
    let verifier = WebPkiClientVerifier::builder(Arc::new(roots)).build().unwrap();
    let config = ServerConfig::builder()
        .with_client_cert_verifier(verifier)
        .with_single_cert(
            vec![certificate("server.pem")],
            PrivateKeyDer::from_pem_slice(&file("leaf.key")).unwrap(),
        )
        .unwrap();
    let (config, listener) = (Arc::new(config), TcpListener::bind("127.0.0.1:0").unwrap());
    let place = listener.local_addr().unwrap().to_string();
    let server = std::thread::spawn(move || {
        let connection = |_| {
            let (mut stream, _) = listener.accept().unwrap();
            let mut tls = ServerConnection::new(Arc::clone(&config)).unwrap();
            while tls.is_handshaking() && tls.complete_io(&mut stream).is_ok() {}
            tls.peer_certificates().map(|chain| chain[0].to_vec())
        };
        (0..3).map(connection).collect()
    });
    (place, server)
}
