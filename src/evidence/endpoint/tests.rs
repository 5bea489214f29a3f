use std::{
    io::{Read, Write},
    net::TcpListener,
    thread::JoinHandle,
};

use rcgen::{CertificateParams, KeyPair};
use rustls::{
    RootCertStore, ServerConfig, ServerConnection, SupportedProtocolVersion, server::WebPkiClientVerifier,
};

use super::*;

fn identity(name: &str) -> (CertificateDer<'static>, KeyPair) {
    let key = KeyPair::generate().unwrap();
    let params = CertificateParams::new(vec![name.to_owned()]).unwrap();
    (params.self_signed(&key).unwrap().der().clone(), key)
}

fn key_der(key: &KeyPair) -> PrivateKeyDer<'static> {
    PrivateKeyDer::try_from(key.serialize_der()).unwrap()
}

/// Serves one handshake; the thread returns the name the client asked for.
fn serve(
    listen: &str,
    versions: &[&'static SupportedProtocolVersion],
    clients: Option<CertificateDer<'static>>,
) -> (Endpoint, Vec<u8>, JoinHandle<Option<String>>) {
    let (certificate, key) = identity("device.test");
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder =
        ServerConfig::builder_with_provider(Arc::clone(&provider)).with_protocol_versions(versions).unwrap();
    let builder = match clients {
        None => builder.with_no_client_auth(),
        Some(root) => {
            let mut roots = RootCertStore::empty();
            roots.add(root).unwrap();
            let verifier =
                WebPkiClientVerifier::builder_with_provider(Arc::new(roots), provider).build().unwrap();
            builder.with_client_cert_verifier(verifier)
        }
    };
    let config = Arc::new(builder.with_single_cert(vec![certificate.clone()], key_der(&key)).unwrap());
    let listener = TcpListener::bind(listen).unwrap();
    let endpoint = listener.local_addr().unwrap().to_string().parse().unwrap();
    let thread = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut connection = ServerConnection::new(config).unwrap();
        while connection.is_handshaking() && connection.complete_io(&mut stream).is_ok() {}
        connection.server_name().map(str::to_owned)
    });
    (endpoint, certificate.to_vec(), thread)
}

#[test]
fn the_chain_comes_with_version_cipher_and_proof() {
    for (version, protocol) in [(&rustls::version::TLS12, "TLS 1.2"), (&rustls::version::TLS13, "TLS 1.3")] {
        let (endpoint, certificate, server) = serve("127.0.0.1:0", &[version], None);
        let presented = fetch(&endpoint, Options::default()).unwrap();
        assert_eq!(presented.chain, [certificate]);
        assert_eq!(presented.protocol.as_deref(), Some(protocol));
        assert!(presented.cipher.unwrap().starts_with("TLS_"));
        assert!(presented.key_proven);
        assert_eq!(presented.broken_off, None);
        assert_eq!(server.join().unwrap(), None, "an address is not a name to ask for");
    }
}

#[test]
fn asks_ipv6_and_for_the_name_that_was_given() {
    let (endpoint, certificate, server) = serve("[::1]:0", rustls::ALL_VERSIONS, None);
    let options = Options { server_name: Some("other.test".to_owned()), ..Options::default() };
    assert_eq!(fetch(&endpoint, options).unwrap().chain, [certificate]);
    assert_eq!(server.join().unwrap().as_deref(), Some("other.test"));
}

#[test]
fn a_server_that_wants_a_certificate_shows_its_own_all_the_same() {
    let (root, key) = identity("client.test");
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        let (endpoint, certificate, _) = serve("127.0.0.1:0", &[version], Some(root.clone()));
        let presented = fetch(&endpoint, Options::default()).unwrap();
        assert_eq!(presented.chain, [certificate]);
        // In TLS 1.2 the refusal comes inside the handshake, in 1.3 after it.
        assert_eq!(presented.broken_off.is_some(), presented.protocol.as_deref() == Some("TLS 1.2"));
    }
    let (endpoint, _, _) = serve("127.0.0.1:0", &[&rustls::version::TLS12], Some(root.clone()));
    let client = Some(Identity { chain: vec![root], key: key_der(&key) });
    let presented = fetch(&endpoint, Options { client, ..Options::default() }).unwrap();
    assert_eq!(presented.broken_off, None);
}

#[test]
fn a_server_that_hangs_ends_by_the_timeout() {
    // Connections wait in the backlog for ever.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint: Endpoint = listener.local_addr().unwrap().to_string().parse().unwrap();
    let timeout = Duration::from_millis(200);
    let began = Instant::now();
    let error = fetch(&endpoint, Options { timeout, ..Options::default() }).unwrap_err();
    assert!(matches!(error, EndpointError::Timeout(_)), "{error}");
    assert!(began.elapsed() >= timeout && began.elapsed() < Duration::from_secs(5));
}

#[test]
fn a_server_that_drips_ends_by_the_same_timeout() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint: Endpoint = listener.local_addr().unwrap().to_string().parse().unwrap();
    let server = thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        // The beginning of a long record, an octet at a time.
        stream.write_all(&[22, 3, 3, 0x40, 0]).unwrap();
        while stream.write_all(&[0]).is_ok() {
            // Not waiting for anything: slowness is what is tested.
            thread::sleep(Duration::from_millis(5));
        }
    });
    let timeout = Duration::from_millis(200);
    let error = fetch(&endpoint, Options { timeout, ..Options::default() }).unwrap_err();
    assert!(matches!(error, EndpointError::Timeout(_)), "{error}");
    server.join().unwrap();
}

#[test]
fn other_protocols_are_called_by_their_name() {
    let answers: [(&[u8], &str); 3] = [
        (b"HTTP/1.1 400 Bad Request\r\n\r\n", "it answers in plain HTTP"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "its answer begins with \"SSH-2.0-OpenSSH_9.2\""),
        (b"", "closed the connection"),
    ];
    for (answer, words) in answers {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let endpoint: Endpoint = listener.local_addr().unwrap().to_string().parse().unwrap();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            // The whole ClientHello, so that closing resets nothing.
            let _ = stream.read(&mut [0; 4096]);
            stream.write_all(answer).unwrap();
        });
        let error = fetch(&endpoint, Options::default()).unwrap_err();
        assert!(error.to_string().contains(words), "{error}");
        server.join().unwrap();
    }
}

#[test]
fn nobody_there_is_said_so() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let endpoint: Endpoint = listener.local_addr().unwrap().to_string().parse().unwrap();
    drop(listener);
    assert!(matches!(fetch(&endpoint, Options::default()), Err(EndpointError::Connect(_))));
}
