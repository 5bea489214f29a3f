//! Kind of file × verb and flag: whatever one place reads, every place reads, and what none reads is called the same.

use std::{fs, path::PathBuf};

use base64::{Engine, engine::general_purpose::STANDARD};

use super::Fleet;
use crate::support::{
    terminal::{Ended, certreq},
    tools::openssl,
};

/// How the file of a certificate, a list or a key may look. `Some` is what every place says where none reads it.
///
/// No cell differs from the others of its row, with one exception: inspect shows what is there, a locked key included,
/// where others need the key.
const LOOKS: [(&str, Option<&str>); 31] = [
    ("PEM", None),
    ("DER", None),
    ("Windows line ends", None),
    ("old Mac line ends", None),
    ("no final line end", None),
    ("one long line", None),
    ("indented", None),
    ("UTF-16 LE", None),
    ("UTF-16 BE", None),
    ("UTF-16 without a mark", None),
    ("UTF-8 with a mark", None),
    ("text around it", None),
    ("quoted mail", None),
    ("empty lines between", None),
    ("line ends written out", None),
    ("JSON value", None),
    ("JSON value escaped twice", None),
    ("JSON value with escaped plus signs", None),
    ("lines of a C program", None),
    ("bare base64", None),
    ("bare base64 in lines", None),
    ("base64 of PEM", None),
    ("Kubernetes secret", None),
    ("XML element", None),
    ("control-Z behind it", None),
    ("DER and a line end", None),
    ("DER padded with ones", None),
    ("DER padded with zeros", None),
    ("Java keystore", Some("keytool -importkeystore")),
    ("gzip", Some("gunzip")),
    ("cut short", Some("damaged")),
];

/// The same for bundles, where certificates are wanted.
const BUNDLES: [(&str, Option<&str>); 6] = [
    ("PKCS#7 PEM", None),
    ("PKCS#7 DER", None),
    ("PKCS#7 labelled CERTIFICATE", None),
    ("PKCS#7 BER", None),
    ("PKCS#12 without a password", None),
    ("PKCS#12 with a password", Some("password")),
];

/// The same for keys.
const KEYS: [(&str, Option<&str>); 10] = [
    ("SEC 1", None),
    ("SEC 1 DER", None),
    ("EC PARAMETERS first", None),
    ("certificate first", None),
    ("SEC 1 labelled PRIVATE KEY", None),
    ("PKCS#8 labelled EC PRIVATE KEY", None),
    ("PKCS#12 without a password", None),
    ("encrypted PKCS#8", Some("encrypted")),
    ("encrypted by PEM headers", Some("encrypted")),
    ("a certificate and no key", Some("it holds a certificate")),
];

/// Where a certificate is read, and where a list and a key.
const OF_CERTIFICATE: [&str; 11] = [
    "inspect",
    "verify",
    "verify --ca",
    "verify --intermediates",
    "inspect --ca",
    "cert.pem verify",
    "cert.pem status",
    "cert.pem export",
    "cert.pem whoami",
    "cert.pem connect",
    "ca.pem verify",
];
/// The same for verbs that have to do with a platform; whether it knows the certificate is another question.
const OF_CERTIFICATE_AT_PLATFORM: [&str; 9] = [
    "register",
    "register --chain",
    "revoke",
    "ca trust add",
    "list --cacert",
    "inspect --cert",
    "connect --ca",
    "export --ca",
    "join",
];
const OF_REQUEST: [&str; 2] = ["inspect", "issue --csr"];
const OF_LIST: [&str; 3] = ["inspect", "verify --crl", "inspect --crl"];
const OF_KEY: [&str; 6] = [
    "inspect",
    "verify --key",
    "inspect --cert --key",
    "private.key verify",
    "private.key export",
    "private.key connect",
];

/// The places where a root is read, and not the certificate of a device.
const OF_ROOT: [&str; 8] = [
    "verify --ca",
    "inspect --ca",
    "ca.pem verify",
    "register --chain",
    "ca trust add",
    "list --cacert",
    "connect --ca",
    "export --ca",
];

#[test]
fn certificates_are_read_in_every_place() {
    let scene = Scene::new();
    scene.hold(&LOOKS, &OF_CERTIFICATE, |look, place| looking(look, scene.wanted(place).1));
    scene.hold(&BUNDLES, &OF_CERTIFICATE, |look, place| scene.bundle(look, scene.wanted(place).0));
}

#[test]
fn certificates_are_read_in_every_place_that_has_to_do_with_a_platform() {
    let mut scene = Scene::new();
    scene.with_platform();
    scene.hold(&LOOKS, &OF_CERTIFICATE_AT_PLATFORM, |look, place| looking(look, scene.wanted(place).1));
    scene.hold(&BUNDLES, &OF_CERTIFICATE_AT_PLATFORM, |look, place| scene.bundle(look, scene.wanted(place).0));
}

#[test]
fn requests_are_read_in_every_place() {
    let mut scene = Scene::new();
    scene.with_platform();
    scene.made(&["req", "-new", "-key", "leaf.key", "-subj", "/CN=d4e5f6"]);
    let request = fs::read_to_string(scene.path("made")).unwrap();
    scene.hold(&LOOKS, &OF_REQUEST, |look, _| looking(look, &request));
}

#[test]
fn lists_are_read_in_every_place() {
    let scene = Scene::new();
    scene.hold(&LOOKS, &OF_LIST, |look, _| looking(look, &scene.list));
}

#[test]
fn keys_are_read_in_every_place() {
    let scene = Scene::new();
    scene.hold(&LOOKS, &OF_KEY, |look, _| looking(look, &scene.key));
    scene.hold(&KEYS, &OF_KEY, |look, _| scene.key_file(look));
}

/// A fleet with one device, and the texts of its files.
struct Scene {
    fleet: Fleet,
    leaf: String,
    key: String,
    root: String,
    list: String,
    /// For the key in `ready`, in `joined.pem`, too.
    joined: String,
}

impl Scene {
    fn new() -> Self {
        let fleet = Fleet::new();
        let (_, key) = fleet.pair("cert_a1998e", "a1998e", -1..300);
        let read = |file: &str| fs::read_to_string(fleet.path().join(file)).unwrap();
        let (leaf, root) = (read("cert_a1998e/cert.pem"), read("ca/ca.pem"));
        fs::write(fleet.path().join("leaf.pem"), &leaf).unwrap();
        fs::write(fleet.path().join("leaf.key"), &key).unwrap();
        let list = fleet.list();
        Self { fleet, leaf, key, root, list, joined: String::new() }
    }

    /// An authority that other verbs ask, and a key that waits for its certificate.
    fn with_platform(&mut self) {
        let run = |args: &[&str]| certreq(self.fleet.path()).args(args).run().exits(0);
        run(&["issue", "-i", "c3d4e5", "--local", "--authority", "authority", "--dir", "elsewhere"]);
        run(&["key", "b2c3d4", "--dir", "ready"]);
        run(&["csr", "--dir", "ready", "--out", "requests"]);
        let request = fs::read_to_string(self.path("requests/b2c3d4.csr")).unwrap();
        let asked = rcgen::CertificateSigningRequestParams::from_pem(&request).unwrap();
        self.joined = asked.signed_by(&self.fleet.issuer).unwrap().pem();
        fs::write(self.path("joined.pem"), &self.joined).unwrap();
    }

    /// The certificate that is read in a place: its file, and its text.
    fn wanted(&self, place: &str) -> (&'static str, &str) {
        match place {
            "join" => ("joined.pem", &self.joined),
            place if OF_ROOT.contains(&place) => ("ca/ca.pem", &self.root),
            _ => ("leaf.pem", &self.leaf),
        }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.fleet.path().join(name)
    }

    /// Every look in every place.
    fn hold(&self, looks: &[(&str, Option<&str>)], places: &[&str], content: impl Fn(&str, &str) -> Vec<u8>) {
        let mut wrong = Vec::new();
        for (look, named) in looks {
            for place in places {
                let (ended, is_read) = self.read(place, &content(look, place));
                let said = format!("{}{}", ended.stdout, ended.stderr);
                // Inspect shows what is there: also a key that is locked, and what no key is.
                let shows = *place == "inspect" && is_read;
                let is_right = match named {
                    None => is_read,
                    Some(_) if shows && look.contains("no key") => true,
                    Some(words) => (shows || !is_read) && said.contains(words),
                };
                // Words of libraries, and dumps of what they hold.
                let is_foreign = ["BER error", "ASN.1", "Unexpected", "Invalid symbol", "UTF-8"];
                if !is_right || is_foreign.iter().any(|words| said.contains(words)) {
                    wrong.push(format!("{look} in {place}: {} {said}", ended.code));
                }
            }
        }
        assert!(wrong.is_empty(), "{} cells:\n{}", wrong.len(), wrong.join("\n"));
    }

    /// Puts the file where it is read, and reads it there.
    fn read(&self, place: &str, content: &[u8]) -> (Ended, bool) {
        let target = match place.split_once(' ') {
            Some(("cert.pem", _)) => self.path("cert_a1998e/cert.pem"),
            Some(("private.key", _)) => self.path("cert_a1998e/private.key"),
            Some(("ca.pem", _)) => self.path("ca/ca.pem"),
            _ => self.path("file"),
        };
        let before = fs::read(&target).ok();
        fs::write(&target, content).unwrap();
        let off = ["--revocation", "off"];
        let list = ["--crl", "file", "--revocation", "require"];
        let run = |args: &[&str]| certreq(self.fleet.path()).args(args).run();
        let verify = |args: &[&str]| run(&[&["verify"], args].concat());
        let of_leaf = ["leaf.pem", "--ca", "ca/ca.pem"];
        let ended = match place {
            "inspect" => run(&["inspect", "--short", "file"]),
            "inspect --ca" => run(&["inspect", "--short", "leaf.pem", "--ca", "file"]),
            "inspect --crl" => run(&["inspect", "--short", "leaf.pem", "--ca", "ca/ca.pem", "--crl", "file"]),
            "verify" => verify(&[&["file", "--ca", "ca/ca.pem"], &off[..]].concat()),
            "verify --ca" => verify(&[&["leaf.pem", "--ca", "file"], &off[..]].concat()),
            "verify --intermediates" => {
                verify(&[&of_leaf[..], &["--intermediates", "file"], &off[..]].concat())
            }
            "verify --crl" => verify(&[&of_leaf[..], &list[..]].concat()),
            "verify --key" => verify(&[&of_leaf[..], &["--key", "file"], &off[..]].concat()),
            "cert.pem verify" | "private.key verify" | "ca.pem verify" => {
                verify(&[&["cert_a1998e"], &off[..]].concat())
            }
            "cert.pem status" => run(&["status", ".", "--format", "csv"]),
            "cert.pem export" | "private.key export" => {
                run(&["export", "a1998e", "--combined", "--to", "out", "--force"])
            }
            "cert.pem whoami" => run(&["whoami", "cert_a1998e"]),
            "cert.pem connect" | "private.key connect" => {
                run(&["connect", "mqtts://127.0.0.1:1", "cert_a1998e"])
            }
            "inspect --cert" => run(&["inspect", "127.0.0.1:1", "--cert", "file", "--key", "leaf.key"]),
            "inspect --cert --key" => run(&["inspect", "127.0.0.1:1", "--cert", "leaf.pem", "--key", "file"]),
            "connect --ca" => run(&["connect", "mqtts://127.0.0.1:1", "cert_a1998e", "--ca", "file"]),
            "export --ca" => run(&["export", "a1998e", "--chain", "--ca", "file", "--to", "out", "--force"]),
            place => self.at_platform(place),
        };
        let said = format!("{}{}", ended.stdout, ended.stderr);
        let is_read = match place {
            "register" | "register --chain" => said.contains("  dates       valid until"),
            // It is of an authority that the platform does not know.
            "revoke" => said.contains("which is not the platform's CA"),
            "inspect --cert" | "inspect --cert --key" => said.contains("Connection refused"),
            "cert.pem status" => ended.stdout.contains("a1998e,valid"),
            // No server listens there: the pair was read.
            "cert.pem connect" | "private.key connect" | "connect --ca" | "list --cacert" => ended.code == 5,
            _ => ended.code == 0,
        };
        match before {
            Some(before) => fs::write(&target, before).unwrap(),
            None => fs::remove_file(&target).unwrap(),
        }
        (ended, is_read)
    }

    fn at_platform(&self, place: &str) -> Ended {
        let run = |args: &[&str]| certreq(self.fleet.path()).args(args).run();
        let local = |args: &[&str]| run(&[args, &["--local", "--authority", "authority"]].concat());
        match place {
            "register" => local(&["register", "file", "--device", "c3d4e5", "--dry-run"]),
            "register --chain" => {
                local(&["register", "leaf.pem", "--chain", "file", "--device", "c3d4e5", "--dry-run"])
            }
            "revoke" => local(&["revoke", "file", "--dry-run", "--dir", "elsewhere"]),
            "ca trust add" => local(&["ca", "trust", "add", "file"]),
            "issue --csr" => local(&["issue", "--csr", "file", "--out", "issued", "--dir", "elsewhere"]),
            "list --cacert" => {
                fs::write(self.path("secret"), "x").unwrap();
                let args = ["list", "-h", "https://127.0.0.1:1", "-u", "admin", "--secret-file", "secret"];
                run(&[&args[..], &["--cacert", "file"]].concat())
            }
            "join" => {
                let (from, to) = (self.path("ready"), self.path("joining"));
                let _ = fs::remove_dir_all(&to);
                let copied = std::process::Command::new("cp").arg("-a").arg(from).arg(&to).status();
                assert!(copied.unwrap().success());
                let pin = certreq::pki::certificate::Certificate::all_from_pem(&self.root).unwrap();
                let pin = pin[0].fingerprint().to_string();
                run(&["join", "file", "ca/ca.pem", "--dir", "joining", "--ca-fingerprint", &pin])
            }
            other => panic!("{other}"),
        }
    }

    fn made(&self, arguments: &[&str]) -> Vec<u8> {
        openssl(self.fleet.path(), &[arguments, &["-out", "made"]].concat());
        fs::read(self.path("made")).unwrap()
    }

    fn bundle(&self, look: &str, of: &str) -> Vec<u8> {
        let pkcs7 = |form: &str| self.made(&["crl2pkcs7", "-nocrl", "-certfile", of, "-outform", form]);
        let pkcs12 = |password: &str| {
            let password = format!("pass:{password}");
            self.made(&["pkcs12", "-export", "-nokeys", "-in", of, "-passout", &password])
        };
        match look {
            "PKCS#7 PEM" => pkcs7("PEM"),
            "PKCS#7 DER" => pkcs7("DER"),
            "PKCS#7 labelled CERTIFICATE" => {
                String::from_utf8(pkcs7("PEM")).unwrap().replace("PKCS7", "CERTIFICATE").into_bytes()
            }
            "PKCS#7 BER" => open_ended(&pkcs7("DER")),
            "PKCS#12 without a password" => pkcs12(""),
            "PKCS#12 with a password" => pkcs12("sesame"),
            other => panic!("{other}"),
        }
    }

    fn key_file(&self, look: &str) -> Vec<u8> {
        let sec1 = || String::from_utf8(self.made(&["ec", "-in", "leaf.key"])).unwrap();
        let relabelled = |text: &str, from: &str, to: &str| text.replace(from, to).into_bytes();
        match look {
            "SEC 1" => sec1().into_bytes(),
            "SEC 1 DER" => self.made(&["ec", "-in", "leaf.key", "-outform", "DER"]),
            "EC PARAMETERS first" => {
                let parameters = self.made(&["ecparam", "-name", "prime256v1"]);
                [parameters, sec1().into_bytes()].concat()
            }
            "certificate first" => format!("{}{}", self.leaf, self.key).into_bytes(),
            "SEC 1 labelled PRIVATE KEY" => relabelled(&sec1(), "EC PRIVATE KEY", "PRIVATE KEY"),
            "PKCS#8 labelled EC PRIVATE KEY" => relabelled(&self.key, "PRIVATE KEY", "EC PRIVATE KEY"),
            "PKCS#12 without a password" => {
                self.made(&["pkcs12", "-export", "-in", "leaf.pem", "-inkey", "leaf.key", "-passout", "pass:"])
            }
            "encrypted PKCS#8" => self.made(&["pkcs8", "-topk8", "-in", "leaf.key", "-passout", "pass:sesame"]),
            "encrypted by PEM headers" => {
                self.made(&["ec", "-in", "leaf.key", "-aes128", "-passout", "pass:sesame"])
            }
            "a certificate and no key" => self.leaf.clone().into_bytes(),
            other => panic!("{other}"),
        }
    }
}

/// The outermost lengths left open, as BER allows.
fn open_ended(der: &[u8]) -> Vec<u8> {
    let header = if der[1] == 0x82 { 4 } else { 3 };
    [&[0x30, 0x80], &der[header..], &[0, 0]].concat()
}

/// One PEM block in another look.
fn looking(look: &str, pem: &str) -> Vec<u8> {
    let block = pem::parse(pem).unwrap();
    let der = block.contents().to_vec();
    let base64 = STANDARD.encode(&der);
    let wide = |unit: fn(u16) -> [u8; 2]| pem.encode_utf16().flat_map(unit).collect::<Vec<u8>>();
    let escaped = pem.replace('\n', "\\n");
    let lines = |before: &str, after: &str| {
        let lines: Vec<String> = pem.lines().map(|line| format!("{before}{line}{after}\n")).collect();
        lines.concat()
    };
    let wrapped = |width: usize| {
        base64
            .as_bytes()
            .chunks(width)
            .map(|line| std::str::from_utf8(line).unwrap())
            .collect::<Vec<_>>()
            .join("\n")
    };
    match look {
        "PEM" => pem.to_owned(),
        "DER" => return der,
        "Windows line ends" => pem.replace('\n', "\r\n"),
        "old Mac line ends" => pem.replace('\n', "\r"),
        "no final line end" => pem.trim_end().to_owned(),
        "one long line" => {
            let tag = block.tag();
            format!("-----BEGIN {tag}-----\n{base64}\n-----END {tag}-----\n")
        }
        "indented" => lines("    ", ""),
        "UTF-16 LE" => return [vec![0xff, 0xfe], wide(u16::to_le_bytes)].concat(),
        "UTF-16 BE" => return [vec![0xfe, 0xff], wide(u16::to_be_bytes)].concat(),
        "UTF-16 without a mark" => return wide(u16::to_le_bytes),
        "UTF-8 with a mark" => format!("\u{feff}{pem}"),
        "text around it" => format!("Bag Attributes\n    friendlyName: x\n{pem}\nand more\n"),
        "quoted mail" => lines("> ", ""),
        "empty lines between" => lines("", "\n"),
        "line ends written out" => escaped,
        "JSON value" => format!("{{\"pem\": \"{}\"}}\n", escaped.replace('/', "\\/")),
        "JSON value escaped twice" => {
            format!("{{\"s\": \"{{\\\"pem\\\": \\\"{}\\\"}}\"}}\n", escaped.replace('\\', "\\\\"))
        }
        "JSON value with escaped plus signs" => {
            format!("{{\"pem\": \"{}\"}}\n", escaped.replace('+', "\\u002B"))
        }
        "lines of a C program" => format!("const char x[] =\n{};\n", lines("  \"", "\\n\"")),
        "bare base64" => base64,
        "bare base64 in lines" => wrapped(64) + "\n",
        "base64 of PEM" => STANDARD.encode(pem),
        "Kubernetes secret" => {
            format!("kind: Secret\ndata:\n  tls.x: {}\n  tls.y: YWJj\n", STANDARD.encode(pem))
        }
        "XML element" => format!("<a><b>\n{}\n</b></a>\n", wrapped(76)),
        "control-Z behind it" => format!("{pem}\u{1a}"),
        "DER and a line end" => return [der, b"\n".to_vec()].concat(),
        "DER padded with ones" => return [der, vec![0xff; 300]].concat(),
        "DER padded with zeros" => return [der, vec![0; 300]].concat(),
        "Java keystore" => return [&[0xfe, 0xed, 0xfe, 0xed, 0, 0, 0, 2], &der[..]].concat(),
        "gzip" => return [&[0x1f, 0x8b, 8, 0], &der[..]].concat(),
        "cut short" => pem[..pem.len() / 2].to_owned(),
        other => panic!("{other}"),
    }
    .into_bytes()
}
