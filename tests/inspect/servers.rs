//! Servers that do not do what a TLS server does.

use std::{
    io::{Read, Write},
    net::TcpListener,
    thread,
};

use crate::support::{platform::workplace, terminal::certreq};

#[test]
fn a_server_that_hangs_ends_by_the_timeout() {
    // Connections wait in the backlog for ever.
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let place = workplace();
    for verb in [&["inspect"][..], &["verify", "--system-roots"]] {
        let ended = certreq(place.path()).args(verb).args([address.as_str(), "--timeout", "1s"]).run().exits(1);
        let said = format!("{}{}", ended.stdout, ended.stderr);
        assert!(said.contains("no answer within 1 seconds"), "{said}");
        assert!(said.contains(&address), "{said}");
    }
}

#[test]
fn a_server_that_speaks_http_is_called_by_its_name() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let server = thread::spawn(move || {
        for _ in 0..2 {
            let (mut stream, _) = listener.accept().unwrap();
            // The whole ClientHello, so that closing resets nothing.
            let _ = stream.read(&mut [0; 4096]);
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").unwrap();
        }
    });
    let place = workplace();
    for verb in [&["inspect"][..], &["verify", "--system-roots"]] {
        let ended = certreq(place.path()).args(verb).args([&address]).run().exits(1);
        let said = format!("{}{}", ended.stdout, ended.stderr);
        assert!(said.contains("has no TLS on this port: it answers in plain HTTP"), "{said}");
    }
    server.join().unwrap();
}

#[test]
fn a_password_in_an_address_is_refused_and_not_dropped() {
    let place = workplace();
    for address in ["u:hidden@localhost:1", "https://u:hidden@localhost:1/", "mqtts://u@localhost:1"] {
        for verb in [&["inspect"][..], &["verify", "--system-roots"]] {
            let ended = certreq(place.path()).args(verb).args([address]).run();
            assert!([1, 2].contains(&ended.code), "{}", ended.code);
            let said = format!("{}{}", ended.stdout, ended.stderr);
            assert!(said.contains("holds a user name or a password"), "{address}: {said}");
            assert!(!said.contains("hidden"), "{said}");
        }
    }
}
