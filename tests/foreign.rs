//! No word of a library reaches a person: whatever is wrong with what a verb is given, it is said in sentences.

use std::{fs, io::Write, net::TcpListener, path::Path};

use crate::support::{
    platform::workplace,
    terminal::{Ended, certreq},
    tools::openssl,
};

/// How libraries speak: their names, their kinds of error, and what Rust writes for programmers.
const FOREIGN: [&str; 46] = [
    "Error(",
    "Some(",
    "None)",
    "Ok(",
    "Other(",
    "InvalidCertificate",
    "InvalidMessage",
    "Inappropriate",
    "PeerIncompatible",
    "PeerMisbehaved",
    "AlertReceived",
    "HandshakeFailure",
    "ContentType",
    "BadDer",
    "BadEncoding",
    "TrailingData",
    "CertExpired",
    "UnixTime",
    "UnknownIssuer",
    "DnsName(",
    "IpAddress(",
    "kind:",
    "Os {",
    "Any {",
    "Tag(",
    "ErrorKind",
    "BER error",
    "BER Error",
    "ASN.1 error",
    "unexpected ASN.1",
    "nom error",
    "Unexpected Tag",
    "malformedframing",
    "missing field",
    "expected value",
    "expected one of",
    "at line 1 column",
    "EOF while",
    "TOML parse",
    "Invalid symbol",
    "Invalid byte",
    "invalid utf-8",
    "CSV error",
    "CSV parse",
    "stream did not",
    "panicked",
];

/// Libraries by name, where no command of theirs is meant.
const LIBRARIES: [&str; 9] =
    ["rustls", "webpki", "hyper", "reqwest", "serde", "rcgen", "x509_parser", "x509-parser", "rusqlite"];

#[derive(Default)]
struct Heard {
    wrong: Vec<String>,
    calls: usize,
}

impl Heard {
    fn call(&mut self, home: &Path, about: &str, args: &[&str]) -> Ended {
        let ended = certreq(home).args(args).env("CERTREQ_SECRET", "x").run();
        let said = format!("{}{}", ended.stdout, ended.stderr);
        self.calls += 1;
        let hits = FOREIGN.iter().chain(&LIBRARIES).filter(|words| said.contains(**words));
        for words in hits {
            self.wrong.push(format!("{words:?} about {about} in {args:?}:\n{said}"));
        }
        ended
    }

    #[track_caller]
    fn none(self, at_least: usize) {
        assert!(self.calls >= at_least, "{} calls", self.calls);
        let first: Vec<String> = self.wrong.iter().take(12).cloned().collect();
        assert!(first.is_empty(), "{} of {} calls:\n{}", self.wrong.len(), self.calls, first.join("\n"));
    }
}

/// A fleet of one device, and one good file of each kind.
fn scene(home: &Path) -> Vec<(&'static str, Vec<u8>)> {
    let issue = ["issue", "-i", "a1998e", "--local", "--authority", "authority", "--dir", "."];
    certreq(home).args(issue).run().exits(0);
    let (pair, key) = ("cert_a1998e/cert.pem", "cert_a1998e/private.key");
    let made = |args: &[&str]| {
        openssl(home, &[args, &["-out", "made"]].concat());
        fs::read(home.join("made")).unwrap()
    };
    let read = |name: &str| fs::read(home.join(name)).unwrap();
    vec![
        ("a certificate", read(pair)),
        ("a certificate in DER", made(&["x509", "-in", pair, "-outform", "DER"])),
        ("a list", read("ca/crl.pem")),
        ("a list in DER", made(&["crl", "-in", "ca/crl.pem", "-outform", "DER"])),
        ("a key", read(key)),
        ("a key in DER", made(&["pkey", "-in", key, "-outform", "DER"])),
        ("a SEC 1 key in DER", made(&["ec", "-in", key, "-outform", "DER"])),
        ("an encrypted key", made(&["pkcs8", "-topk8", "-in", key, "-passout", "pass:x"])),
        ("a request in DER", made(&["req", "-new", "-key", key, "-subj", "/CN=a1998e", "-outform", "DER"])),
        ("PKCS#7", made(&["crl2pkcs7", "-nocrl", "-certfile", pair, "-outform", "DER"])),
        ("PKCS#12", made(&["pkcs12", "-export", "-in", pair, "-inkey", key, "-passout", "pass:"])),
        ("a public key", made(&["pkey", "-in", key, "-pubout", "-outform", "DER"])),
    ]
}

/// Damaged copies of a file: cut, or with one octet changed.
fn damaged(whole: &[u8]) -> Vec<(String, Vec<u8>)> {
    let length = whole.len();
    let cut = [0, 1, 4, 30, length / 3, length / 2, length - 1];
    let cut = cut.into_iter().map(|at| (format!("cut at {at}"), whole[..at.min(length)].to_vec()));
    let places = [0, 1, 3, 6, 10, 17, 25, 40, length / 4, length / 2, length * 3 / 4, length - 8];
    let changed = places.into_iter().flat_map(|at| {
        [0x00, 0x30, 0xff].map(|octet| {
            let mut bytes = whole.to_vec();
            bytes[at.min(length - 1)] = octet;
            (format!("{octet:02x} at {at}"), bytes)
        })
    });
    cut.chain(changed).collect()
}

#[test]
fn about_damaged_files() {
    let home = workplace();
    let kinds = scene(home.path());
    let mut heard = Heard::default();
    let file = home.path().join("file");
    let off = ["--revocation", "off"];
    for (kind, whole) in &kinds {
        for (number, (what, bytes)) in damaged(whole).into_iter().enumerate() {
            fs::write(&file, bytes).unwrap();
            let about = format!("{kind}, {what}");
            heard.call(home.path(), &about, &["inspect", "file"]);
            let leaf = "cert_a1998e/cert.pem";
            // Each place in its turn: all of them for all changes would take minutes.
            let calls: [&[&str]; 8] = [
                &["verify", "file", "--ca", "ca/ca.pem", off[0], off[1]],
                &["verify", leaf, "--ca", "file", off[0], off[1]],
                &["verify", leaf, "--ca", "ca/ca.pem", "--key", "file", off[0], off[1]],
                &["verify", leaf, "--ca", "ca/ca.pem", "--crl", "file"],
                &["verify", leaf, "--ca", "ca/ca.pem", "--intermediates", "file", off[0], off[1]],
                &["connect", "mqtts://127.0.0.1:1", "cert_a1998e", "--ca", "file"],
                &["inspect", leaf, "--ca", "file", "--crl", "file"],
                &["issue", "--local", "--authority", "authority", "--csr", "file", "--out", "out"],
            ];
            heard.call(home.path(), &about, calls[number % calls.len()]);
        }
    }
    heard.none(800);
}

#[test]
fn about_files_in_their_places() {
    let home = workplace();
    let kinds = scene(home.path());
    let mut heard = Heard::default();
    for (name, of) in [("cert_a1998e/cert.pem", "a certificate"), ("cert_a1998e/private.key", "a key")] {
        let path = home.path().join(name);
        let before = fs::read(&path).unwrap();
        for (kind, whole) in &kinds {
            for (what, bytes) in damaged(whole).into_iter().step_by(if *kind == of { 2 } else { 9 }) {
                fs::write(&path, bytes).unwrap();
                for args in [
                    &["status", "."][..],
                    &["whoami", "cert_a1998e"],
                    &["verify", "cert_a1998e"],
                    &["export", "a1998e", "--p12", "--no-password", "--to", "out", "--force"],
                    &["connect", "mqtts://127.0.0.1:1", "cert_a1998e"],
                ] {
                    heard.call(home.path(), &format!("{name}: {kind}, {what}"), args);
                }
            }
        }
        fs::write(&path, before).unwrap();
    }
    heard.none(400);
}

#[test]
fn about_what_people_write() {
    let home = workplace();
    let texts = [
        "",
        "=",
        "[",
        "a = ",
        "a: b\n",
        "{\"a\": ",
        "\u{0}\u{1}",
        "[[file]]\nname = 3\n",
        "[[file]]\n",
        "x,\"y\nz",
    ];
    let more = [
        "[[file]]\nname = \"a\"\ncontent = \"nothing\"\n",
        "b = 1\n",
        "[profile.default]\nurl = 3\n",
        "[profile",
    ];
    let mut heard = Heard::default();
    for text in texts.into_iter().chain(more) {
        fs::write(home.path().join("file"), text).unwrap();
        fs::create_dir_all(home.path().join(".config/certreq")).unwrap();
        let local = ["--local", "--authority", "authority"];
        for args in [
            &["export", "a1998e", "--layout", "file"][..],
            &[&["issue", "--ids-from", "file"], &local[..]].concat(),
            &[&["issue", "--ids-from", "file", "--id-column", "id"], &local[..]].concat(),
            &["list", "-h", "127.0.0.1:1", "-t", "file"],
            &["inspect", "file["],
            &["inspect", "**a["],
            &["revoke", "--from", "file", "--local", "--yes"],
            &["serve", "--listen", "127.0.0.1:0", "--dir", "s", "--tls-cert", "file", "--tls-key", "file"],
        ] {
            heard.call(home.path(), text, args);
        }
        let config = home.path().join(".config/certreq/config.toml");
        fs::write(&config, text).unwrap();
        heard.call(home.path(), &format!("config.toml: {text}"), &["config", "check"]);
        fs::remove_file(config).unwrap();
    }
    heard.none(100);
}

/// Answers every connection with these octets.
fn server(answer: Vec<u8>) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = listener.local_addr().unwrap().to_string();
    std::thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let mut first = [0; 16];
            let _ = std::io::Read::read(&mut stream, &mut first);
            let _ = stream.write_all(&answer);
        }
    });
    address
}

#[test]
fn about_servers() {
    let home = workplace();
    scene(home.path());
    let json = |body: &str| {
        format!(
            "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    };
    let mut heard = Heard::default();
    let mut answers = vec![
        b"HTTP/1.1 400 Bad Request\r\n\r\n".to_vec(),
        b"SSH-2.0-x\r\n".to_vec(),
        b"\x15\x03\x03\0\x02\x02\x28".to_vec(),
        b"\x15\x03\x03\0\x02\x02\xc8".to_vec(),
        b"\x16\x03\x03\0\x04\x02\0\0\0".to_vec(),
        b"\x16\x03\x03\0\x04\x0e\0\0\0".to_vec(),
        b"\x17\x03\x03\xff\xff".to_vec(),
        b"\x14\x03\x03\0\x01\x01".to_vec(),
        Vec::new(),
        b"HTTP/1.1 2x0 OK\r\n\r\n".to_vec(),
        b"HTTP/1.1 200 OK\r\nContent-Length: 50\r\n\r\n{".to_vec(),
    ];
    answers.extend(["{}", "[", "3", "{\"jwt\": 3}", "{\"jwt\": \"x\"}", "\u{feff}{}", "null"].map(json));
    for answer in answers {
        let about = String::from_utf8_lossy(&answer).into_owned();
        let address = server(answer);
        let (tls, plain) = (format!("https://{address}"), format!("http://{address}"));
        let broker = format!("mqtts://{address}");
        for args in [
            &["inspect", &address][..],
            &["verify", &address, "--ca", "ca/ca.pem"],
            &["connect", &broker, "cert_a1998e"],
            &["connect", &tls, "cert_a1998e"],
            &["ca", "-h", &tls],
            &["ca", "-h", &plain, "-u", "admin"],
            &["list", "-h", &plain, "-u", "admin"],
            &["doctor", "-h", &plain, "-u", "admin"],
            &["doctor", "-h", &tls],
            &["verify", "cert_a1998e", "--crl", &plain],
        ] {
            let limited = [args, &["--timeout", "5s"][..]].concat();
            let args = if args[0] == "doctor" { args.to_vec() } else { limited };
            heard.call(home.path(), &about, &args);
        }
    }
    heard.none(150);
}
