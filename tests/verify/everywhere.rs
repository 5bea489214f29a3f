//! Verb × way to lose a revocation: whatever is odd about the list that revokes a certificate, each verb that looks at
//! it calls it revoked, and calls its neighbour good.
//!
//! The two ways that only answers of OCSP can have, fractions of a second and SHA-1, are asked for by the two verbs
//! that go online: `verify` (in [`super::lost`]) and `inspect` (here).

use std::{fs, path::Path};

use tempfile::TempDir;

use super::lost::online_scene;
use crate::support::{
    platform::workplace,
    terminal::{Call, certreq},
    tools::openssl,
};

const BAD: &str = "a1998e";
const GOOD: &str = "b2c3d4";

/// How the list comes that names [`BAD`].
const WAYS: [&str; 7] = [
    "as usual",
    "issuer in another string type",
    "by the new key, its root beside the old one",
    "by the new key, certified by the old one",
    "by a key for lists only",
    "reasons in two lists",
    "signed with SHA-1",
];

const CONFIG: &str = "
[ca]
default_ca = own
[own]
database = index.txt
crlnumber = crlnumber
default_md = sha256
default_crl_days = 30
[req]
distinguished_name = dn
string_mask = MASK:0x2
[dn]
[new]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[lists]
basicConstraints = critical, CA:FALSE
keyUsage = critical, cRLSign
subjectKeyIdentifier = hash
authorityKeyIdentifier = keyid
[key]
issuingDistributionPoint = critical, @key_point
[key_point]
onlysomereasons = keyCompromise
[others]
issuingDistributionPoint = critical, @others_point
[others_point]
onlysomereasons = CACompromise, affiliationChanged, superseded, cessationOfOperation, certificateHold, \
privilegeWithdrawn, AACompromise
";

fn local(home: &Path, args: &[&str]) -> Call {
    certreq(home).args(args).args(["--local", "--authority", "authority", "--dir", "fleet"])
}

/// A fleet of two devices; the list in it names the first, in one of [`WAYS`].
fn fleet(way: &str) -> TempDir {
    let home = workplace();
    local(home.path(), &["issue", "-i", &format!("{BAD},{GOOD}")]).run().exits(0);
    // The journal is no list, and vouches for what it checked: both ways are tried.
    if way.len().is_multiple_of(2) {
        fs::remove_file(home.path().join("fleet/.certreq/journal")).unwrap();
    }
    let tools = Tools { home: home.path() };
    tools.write("ca.cnf", CONFIG);
    tools.write("crlnumber", "7000000000000000\n");
    let serial = tools.said(&["x509", "-in", "fleet/cert_a1998e/cert.pem", "-noout", "-serial"]);
    let serial = serial.trim().trim_start_matches("serial=").to_owned();
    let revoked = format!("R\t400101000000Z\t261101000000Z,keyCompromise\t{serial}\tunknown\t/CN=x\n");
    tools.write("index.txt", &revoked);
    let (root, key) = ("fleet/ca/ca.pem", "authority/ca.key");
    let list = match way {
        "as usual" => tools.list(root, key, &[]),
        "issuer in another string type" => {
            tools.certificate("other.pem", key, &["-x509"], "new");
            let type_of = |name: &str| {
                tools.said(&["x509", "-in", name, "-noout", "-subject", "-nameopt", "oneline,show_type"])
            };
            assert!(type_of(root).contains("UTF8STRING") && type_of("other.pem").contains("PRINTABLESTRING"));
            tools.list("other.pem", key, &[])
        }
        "by the new key, its root beside the old one" => {
            tools.key("new.key");
            tools.certificate("new.pem", "new.key", &["-x509"], "new");
            tools.append(root, "new.pem");
            tools.list("new.pem", "new.key", &[])
        }
        "by the new key, certified by the old one" => tools.list_by_certified("new"),
        "by a key for lists only" => tools.list_by_certified("lists"),
        "reasons in two lists" => {
            let named = tools.list(root, key, &["-crlexts", "key"]);
            tools.write("index.txt", "");
            tools.list(root, key, &["-crlexts", "others"]) + &named
        }
        "signed with SHA-1" => tools.list(root, key, &["-md", "sha1"]),
        other => panic!("{other}"),
    };
    tools.write("fleet/ca/crl.pem", &list);
    home
}

/// openssl in a directory.
struct Tools<'a> {
    home: &'a Path,
}

impl Tools<'_> {
    fn write(&self, name: &str, text: &str) {
        fs::write(self.home.join(name), text).unwrap();
    }

    fn said(&self, args: &[&str]) -> String {
        openssl(self.home, args)
    }

    fn append(&self, to: &str, from: &str) {
        let read = |name: &str| fs::read_to_string(self.home.join(name)).unwrap();
        self.write(to, &(read(to) + &read(from)));
    }

    fn key(&self, name: &str) {
        self.said(&["genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256", "-out", name]);
    }

    /// Of the name that the fleet's root has.
    fn certificate(&self, out: &str, key: &str, kind: &[&str], extensions: &str) {
        let subject =
            self.said(&["x509", "-in", "fleet/ca/ca.pem", "-noout", "-subject", "-nameopt", "compat"]);
        let subject = subject.trim().trim_start_matches("subject=").to_owned();
        let args = ["req", "-new", "-config", "ca.cnf", "-key", key, "-subj", &subject, "-out", out];
        self.said(&[&args[..], &["-extensions", extensions], kind].concat());
    }

    /// By a key that the root certifies in a certificate beside each device's own.
    fn list_by_certified(&self, extensions: &str) -> String {
        self.key("new.key");
        self.certificate("new.csr", "new.key", &[], extensions);
        let sign = ["x509", "-req", "-in", "new.csr", "-CA", "fleet/ca/ca.pem", "-CAkey", "authority/ca.key"];
        let with = ["-days", "100", "-extfile", "ca.cnf", "-extensions", extensions, "-out", "new.pem"];
        self.said(&[&sign[..], &with].concat());
        for device in [BAD, GOOD] {
            self.append(&format!("fleet/cert_{device}/cert.pem"), "new.pem");
        }
        self.list("new.pem", "new.key", &[])
    }

    fn list(&self, certificate: &str, key: &str, more: &[&str]) -> String {
        let args = ["ca", "-gencrl", "-config", "ca.cnf", "-cert", certificate, "-keyfile", key];
        self.said(&[&args[..], &["-out", "the.list"], more].concat());
        fs::read_to_string(self.home.join("the.list")).unwrap()
    }
}

/// Whether each verb calls the device revoked.
fn judged(home: &Path, device: &str) -> Vec<(&'static str, bool)> {
    let directory = format!("fleet/cert_{device}");
    let file = format!("{directory}/cert.pem");
    let run = |args: &[&str]| certreq(home).args(args).run();
    let says = |ended: &crate::support::terminal::Ended, words: &str| {
        format!("{}{}", ended.stdout, ended.stderr).contains(words)
    };
    let status = run(&["status", "fleet", "--format", "csv"]);
    let doctor = run(&["doctor", "fleet", "--local", "--authority", "authority"]);
    let alone = &["verify", &file, "--ca", "fleet/ca/ca.pem", "--crl", "fleet/ca/crl.pem"];
    vec![
        ("verify of the directory", run(&["verify", &directory]).code == 12),
        ("verify of the file", run(alone).code == 12),
        ("inspect", run(&["inspect", "--check", &file]).code == 12),
        ("inspect --short", says(&run(&["inspect", "--short", &file]), "REVOKED")),
        ("status", says(&status, &format!("{device},revoked"))),
        ("doctor", says(&doctor, &format!("revoked ({device})"))),
        ("connect", says(&run(&["connect", "mqtts://127.0.0.1:1", &directory]), "revoked at")),
        ("renew", says(&local(home, &["renew", "-i", device, "--dry-run"]).run(), "is revoked at")),
        (
            "renew --revoked",
            says(
                &local(home, &["renew", "-i", device, "--revoked", "--dry-run"]).run(),
                "would renew: revoked",
            ),
        ),
        (
            "issue",
            says(
                &local(home, &["issue", "-i", device, "--dry-run"]).run(),
                "a pair that is no longer good: revoked",
            ),
        ),
    ]
}

#[test]
fn every_verb_hears_every_list_that_revokes() {
    let mut wrong = Vec::new();
    for way in WAYS {
        let home = fleet(way);
        for (device, expected) in [(BAD, true), (GOOD, false)] {
            for (verb, is_revoked) in judged(home.path(), device) {
                if is_revoked != expected {
                    wrong.push(format!("{way}: {verb} of {device}: {is_revoked}"));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_root_named_in_one_place_certifies_the_key_of_a_list_named_in_another() {
    let home = fleet("by the new key, its root beside the old one");
    let of = |name: &str| home.path().join("fleet/ca").join(name);
    fs::rename(of("crl.pem"), home.path().join("the.pem")).unwrap();
    // It revokes; what it is silent about, another root issued: that proves nothing good (RFC 5280 section 6.3.3 (f)).
    for (device, inspected, verified) in [(BAD, 12, 12), (GOOD, 15, 0)] {
        let file = format!("fleet/cert_{device}/cert.pem");
        certreq(home.path()).args(["inspect", "--check", &file, "--crl", "the.pem"]).run().exits(inspected);
        certreq(home.path()).args(["verify", &file, "--crl", "the.pem"]).run().exits(verified);
    }
}

#[test]
fn inspect_hears_answers_with_fractions_of_a_second_and_by_sha1() {
    for (time, digest) in [("Z", "sha256"), (".5Z", "sha256"), ("Z", "sha1")] {
        let (authority, file) = online_scene(time, digest);
        let args = ["inspect", "--check", &file, "--ca", "ca.pem", "--at", super::authority::NOW];
        let online = ["--online", "--online-private"];
        certreq(authority.path()).args(args).args(online).run().exits(12).stdout_has("keyCompromise");
    }
}
