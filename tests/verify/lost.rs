//! A revocation is never lost: what is odd about the list or answer that tells it does not silence it, and a list that
//! proves nothing never reads as good.

use super::{
    authority::{Authority, KEYS, NOW},
    online::{answering, listening, response},
};
use crate::support::{
    terminal::{Ended, certreq},
    tools::openssl,
};

const POINT: &str = "crlDistributionPoints=URI:http://crl.test/mine";
const FROM: &str = "20291231000000Z";
const UNTIL: &str = "20300107000000Z";

fn verify(authority: &Authority, file: &str, demand: &str, more: &[&str]) -> Ended {
    let args = ["verify", file, "--ca", "ca.pem", "--at", NOW, "--revocation", demand];
    certreq(authority.path()).args(args).args(more).run()
}

/// An authority with `good.pem`, and `bad.pem`, which it revoked.
fn with_one_revoked() -> Authority {
    let authority = Authority::p256();
    authority.leaf("good", POINT);
    let bad = authority.leaf("bad", POINT);
    authority.revoke(&bad, "keyCompromise");
    authority
}

#[track_caller]
fn is_revoked(authority: &Authority, more: &[&str]) {
    for demand in ["prefer", "require"] {
        verify(authority, "bad.pem", demand, more).exits(12).stdout_has("keyCompromise");
    }
}

/// A list by another certificate of the authority: `<signer>.pem` and its key.
fn list_by(authority: &Authority, signer: &str, key: &str) {
    let certificate = format!("{signer}.pem");
    let by = ["-cert", &certificate, "-keyfile", key, "-md", "sha256", "-out", "the.list"];
    let span = ["-crl_lastupdate", FROM, "-crl_nextupdate", UNTIL];
    let args = [["ca", "-gencrl", "-config", "ca.cnf"].as_slice(), &by, &span].concat();
    openssl(authority.path(), &args);
}

#[test]
fn a_list_whose_issuer_is_written_in_another_string_type_counts() {
    let authority = with_one_revoked();
    let types = "[req]\ndistinguished_name = dn\nstring_mask = MASK:0x2\n[dn]\n";
    authority.write("printable.cnf", types);
    let args = ["req", "-x509", "-new", "-config", "printable.cnf", "-key", "ca.key", "-subj", "/CN=Test CA"];
    openssl(authority.path(), &[&args[..], &["-out", "printable.pem"]].concat());
    list_by(&authority, "printable", "ca.key");
    let name =
        |args: &[&str]| openssl(authority.path(), &[args, &["-noout", "-nameopt", "show_type"]].concat());
    assert!(name(&["x509", "-in", "ca.pem", "-subject"]).contains("UTF8STRING"));
    assert!(name(&["crl", "-in", "the.list", "-issuer"]).contains("PRINTABLESTRING"));
    is_revoked(&authority, &["--crl", "the.list"]);
    verify(&authority, "good.pem", "require", &["--crl", "the.list"]).exits(0).stdout_has("good (CRL");
}

#[test]
fn a_list_signed_by_the_new_key_of_the_same_authority_counts() {
    let authority = with_one_revoked();
    openssl(authority.path(), &[&["genpkey", "-out", "new.key"], KEYS[0].1].concat());
    let request = ["req", "-new", "-config", "ca.cnf", "-key", "new.key", "-subj", "/CN=Test CA"];
    openssl(authority.path(), &[&request[..], &["-out", "new.csr"]].concat());
    authority.write(
        "new.ext",
        "[x]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n",
    );
    // The old key certifies the new one (RFC 4210 §4.4).
    let sign = ["ca", "-config", "ca.cnf", "-batch", "-notext", "-md", "sha256", "-in", "new.csr"];
    let span = ["-startdate", "20290101000000Z", "-enddate", "20310101000000Z"];
    let extensions = ["-extfile", "new.ext", "-extensions", "x", "-out", "new.pem"];
    openssl(authority.path(), &[&sign[..], &span, &extensions].concat());
    list_by(&authority, "new", "new.key");
    let given = ["--crl", "the.list", "--intermediates", "new.pem"];
    is_revoked(&authority, &given);
    verify(&authority, "good.pem", "require", &given).exits(0).stdout_has("good (CRL");
    // Without the certificate of the new key the list is not believed, and what it says is said.
    let unproven = verify(&authority, "bad.pem", "require", &["--crl", "the.list"]).exits(15);
    unproven.stdout_has("not signed by CN=Test CA").stdout_has("revoked");
}

#[test]
fn lists_for_some_reasons_add_up() {
    let authority = Authority::p256();
    authority.leaf("good", POINT);
    let bad = authority.leaf("bad", POINT);
    let some =
        |reasons: &str| format!("issuingDistributionPoint=critical,@idp\n[idp]\nonlysomereasons={reasons}");
    let others = "CACompromise, affiliationChanged, superseded, cessationOfOperation, certificateHold, \
                  privilegeWithdrawn, AACompromise";
    authority.list("others.list", &some(others));
    authority.revoke(&bad, "keyCompromise");
    authority.list("key.list", &some("keyCompromise"));
    let both = ["--crl", "others.list", "--crl", "key.list"];
    is_revoked(&authority, &both);
    is_revoked(&authority, &["--crl", "key.list", "--crl", "others.list"]);
    verify(&authority, "good.pem", "require", &both).exits(0).stdout_has("good (CRL");
    // Each alone leaves reasons open; the one that names the certificate is enough.
    is_revoked(&authority, &["--crl", "key.list"]);
    for alone in ["others.list", "key.list"] {
        let ended = verify(&authority, "good.pem", "require", &["--crl", alone]).exits(15);
        ended.stdout_has("onlySomeReasons");
    }
}

/// DER that openssl makes of a description of ASN.1.
fn encoded(authority: &Authority, description: &str, of: &str) -> Vec<u8> {
    authority.write("asn1.cnf", &format!("asn1=SEQUENCE:{of}\n{description}"));
    openssl(authority.path(), &["asn1parse", "-genconf", "asn1.cnf", "-noout", "-out", "asn1.der"]);
    std::fs::read(authority.path().join("asn1.der")).unwrap()
}

fn hex(bytes: &[u8]) -> String {
    bytes
        .iter()
        .flat_map(|byte| [byte >> 4, byte & 15])
        .filter_map(|digit| char::from_digit(digit.into(), 16))
        .collect::<String>()
        .to_uppercase()
}

/// An OCSP answer about `file`, signed by the authority; `time` stands behind the seconds of each of its times.
fn answer(authority: &Authority, file: &str, status: &str, time: &str, digest: &str) -> Vec<u8> {
    let request =
        openssl(authority.path(), &["ocsp", "-issuer", "ca.pem", "-cert", file, "-no_nonce", "-req_text"]);
    let field = |label: &str| {
        let line = request.lines().find_map(|line| line.trim().strip_prefix(label));
        line.unwrap_or_else(|| panic!("no {label}: {request}")).trim().to_owned()
    };
    let (name, key, serial) = (field("Issuer Name Hash:"), field("Issuer Key Hash:"), field("Serial Number:"));
    let data = format!(
        "[data]\na=EXPLICIT:2,FORMAT:HEX,OCTETSTRING:{key}\nb=GENERALIZEDTIME:20291231120000{time}\nc=SEQUENCE:all
[all]\na=SEQUENCE:single
[single]\na=SEQUENCE:id\nb={status}\nc=GENERALIZEDTIME:20291231120000{time}
d=EXPLICIT:0,GENERALIZEDTIME:20300107120000{time}
[id]\na=SEQUENCE:sha1\nb=FORMAT:HEX,OCTETSTRING:{name}\nc=FORMAT:HEX,OCTETSTRING:{key}\nd=INTEGER:0x{serial}
[sha1]\na=OID:sha1\nb=NULL
[revoked]\na=GENERALIZEDTIME:20291230120000{time}\nb=EXPLICIT:0,ENUMERATED:1\n"
    );
    encoded(authority, &data, "data");
    let digest_option = format!("-{digest}");
    openssl(authority.path(), &["dgst", &digest_option, "-sign", "ca.key", "-out", "signature", "asn1.der"]);
    let signature = hex(&std::fs::read(authority.path().join("signature")).unwrap());
    let whole = format!(
        "{data}[response]\na=ENUMERATED:0\nb=EXPLICIT:0,SEQUENCE:bytes
[bytes]\na=OID:basicOCSPResponse\nb=OCTWRAP,SEQUENCE:basic
[basic]\na=SEQUENCE:data\nb=SEQUENCE:algorithm\nc=FORMAT:HEX,BITSTRING:{signature}
[algorithm]\na=OID:ecdsa-with-{}\n",
        digest.to_uppercase()
    );
    encoded(authority, &whole, "response")
}

const REVOKED: &str = "IMPLICIT:1,SEQUENCE:revoked";
const GOOD: &str = "IMPLICIT:0,NULL";

/// A new certificate, whose responder answers so, once.
fn scene(status: &str, time: &str, digest: &str) -> (Authority, String) {
    let authority = Authority::p256();
    // The answer names the number of the certificate, and the certificate names the place of the answer.
    let (url, listener) = listening();
    let file = authority.leaf("device", &format!("authorityInfoAccess=OCSP;URI:{url}"));
    let answer = answer(&authority, &file, status, time, digest);
    answering(listener, response("200 OK", &answer), 1);
    (authority, file)
}

/// The same, revoked.
pub(super) fn online_scene(time: &str, digest: &str) -> (Authority, String) {
    scene(REVOKED, time, digest)
}

/// The verdict about it.
fn online(status: &str, time: &str, digest: &str, demand: &str) -> Ended {
    let (authority, file) = scene(status, time, digest);
    verify(&authority, &file, demand, &["--online", "--online-private"])
}

#[test]
fn an_answer_with_fractions_of_a_second_counts() {
    for time in ["Z", ".5Z", ".123456Z"] {
        for demand in ["prefer", "require"] {
            let ended = online(REVOKED, time, "sha256", demand).exits(12);
            ended.stdout_has("revoked at 2029-12-30 12:00 UTC").stdout_has("keyCompromise");
            online(GOOD, time, "sha256", demand).exits(0).stdout_has("good (OCSP answer");
        }
    }
}

#[test]
fn an_answer_signed_with_sha1_counts_against_the_certificate_and_never_for_it() {
    for demand in ["prefer", "require"] {
        let ended = online(REVOKED, "Z", "sha1", demand).exits(12);
        ended.stdout_has("revoked at 2029-12-30 12:00 UTC").stdout_has("keyCompromise");
    }
    let ended = online(GOOD, "Z", "sha1", "require").exits(15).stdout_has("SHA-1");
    assert!(!ended.stdout.contains("good"), "{}", ended.stdout);
    let ended = online(GOOD, "Z", "sha1", "prefer").exits(0).stdout_has("WARN");
    assert!(!ended.stdout.contains("good"), "{}", ended.stdout);
}

/// A list of the authority as it is after `change`, over the last octets of its signature or whatever else it wants.
fn changed(authority: &Authority, name: &str, change: impl Fn(&mut Vec<u8>)) {
    openssl(authority.path(), &["crl", "-in", name, "-outform", "DER", "-out", name]);
    let path = authority.path().join(name);
    let mut der = std::fs::read(&path).unwrap();
    change(&mut der);
    std::fs::write(path, der).unwrap();
}

#[test]
fn a_list_that_proves_nothing_never_reads_as_good() {
    let scope = |fields: &str| format!("issuingDistributionPoint=critical,@idp\n[idp]\n{fields}");
    let plain = "authorityKeyIdentifier=keyid";
    let week = (FROM, UNTIL);
    let stale = ("20291201000000Z", "20291208000000Z");
    let (reasons, points) = (scope("onlysomereasons=keyCompromise"), scope("fullname=URI:http://other.test/"));
    // The kind of list, its span, its extensions, and what the report says of it.
    let table = [
        ("stale", stale, plain, "outdated: the evidence expired"),
        ("of the future", ("20300102000000Z", "20300109000000Z"), plain, "begins only at"),
        ("forged", week, plain, "not signed by CN=Test CA"),
        ("foreign", week, plain, "not signed by CN=Test CA"),
        ("of some reasons", week, &reasons, "onlySomeReasons"),
        ("of authorities", week, &scope("onlyCA=TRUE"), "onlyContainsCACerts"),
        ("of another point", week, &points, "another distribution point"),
        ("of changes", week, "2.5.29.27=critical,ASN1:INTEGER:1", "delta"),
        ("with something unknown", week, "1.2.3.4=critical,ASN1:NULL", "1.2.3.4"),
    ];
    let authority = with_one_revoked();
    let namesake = Authority::p256();
    namesake.leaf("bad", POINT);
    for (kind, (from, until), extensions, words) in table {
        let maker = if kind == "foreign" { &namesake } else { &authority };
        let list = maker.list_of("odd.list", from, until, extensions);
        if kind == "foreign" {
            std::fs::copy(maker.path().join(&list), authority.path().join(&list)).unwrap();
        }
        if kind == "forged" {
            changed(&authority, &list, |der| *der.last_mut().unwrap() ^= 1);
        }
        for (demand, code) in [("prefer", 0), ("require", 15)] {
            let ended = verify(&authority, "good.pem", demand, &["--crl", &list]);
            assert_eq!(ended.code, code, "{kind}, {demand}: {}{}", ended.stdout, ended.stderr);
            let ended = ended.stdout_has(words);
            let said = ended.stdout.replace("good.pem", "").to_lowercase();
            assert!(!said.contains("good"), "{kind}, {demand}: {}", ended.stdout);
        }
    }
}

#[test]
fn a_forged_list_that_names_the_certificate_is_not_believed_and_not_silent() {
    let authority = with_one_revoked();
    authority.list("forged.list", "authorityKeyIdentifier=keyid");
    changed(&authority, "forged.list", |der| *der.last_mut().unwrap() ^= 1);
    for (demand, code) in [("prefer", 0), ("require", 15)] {
        let ended = verify(&authority, "bad.pem", demand, &["--crl", "forged.list"]).exits(code);
        ended
            .stdout_has("forged.list")
            .stdout_has("not trusted")
            .stdout_has("it says that the certificate was");
    }
}
