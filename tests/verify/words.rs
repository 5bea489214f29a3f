//! Words of the verb, their order, and its refusals.

use std::fs;

use super::authority::Authority;
use crate::support::{terminal::certreq, tools::openssl};

/// A fleet directory: `ca/ca.pem`, `ca/crl.pem`, `cert_a1998e/`.
fn fleet() -> Authority {
    let authority = Authority::p256();
    authority.leaf("a1998e", "extendedKeyUsage=clientAuth");
    authority.list("crl.list", "authorityKeyIdentifier=keyid");
    for directory in ["ca", "cert_a1998e"] {
        fs::create_dir(authority.path().join(directory)).unwrap();
    }
    for (from, to) in [
        ("ca.pem", "ca/ca.pem"),
        ("crl.list", "ca/crl.pem"),
        ("a1998e.pem", "cert_a1998e/cert.pem"),
        ("leaf.key", "cert_a1998e/private.key"),
    ] {
        fs::copy(authority.path().join(from), authority.path().join(to)).unwrap();
    }
    authority
}

const AT: [&str; 2] = ["--at", "2030-01-01"];

#[test]
fn a_device_directory_knows_everything_by_itself() {
    let authority = fleet();
    certreq(authority.path()).args(["verify", "cert_a1998e"]).args(AT).run().exits(0).stderr_is("").stdout_is(
        "cert_a1998e: GOOD\n  \
         ok    chain       leads to CN=Test CA\n  \
         ok    time        valid until 2031-01-01 00:00 UTC, 365d left\n  \
         ok    key         cert_a1998e/private.key is its private key\n  \
         ok    id          it is for the device a1998e\n  \
         ok    revocation  good (CRL number 42 of 2029-12-31 00:00 UTC, next 2030-01-07 00:00 UTC, from ca/crl.pem)\n",
    );
    // From inside, and by its file.
    let inside = authority.path().join("cert_a1998e");
    for input in ["cert.pem", "."] {
        let ended = certreq(&inside).args(["verify", input, "--revocation", "require"]).args(AT).run().exits(0);
        ended.stdout_has("it is for the device a1998e").stdout_has("is its private key");
    }
    // The whole fleet; quietly, only what is wrong.
    certreq(authority.path()).args(["verify", "."]).args(AT).run().exits(0).stdout_has("cert_a1998e: GOOD");
    certreq(authority.path()).args(["verify", "-q", "."]).args(AT).run().exits(0).stdout_is("");
}

#[test]
fn json_is_the_same_answer_for_programs() {
    let authority = fleet();
    let ended =
        certreq(authority.path()).args(["verify", "cert_a1998e", "--format", "json"]).args(AT).run().exits(0);
    let [answer] = ended.json().try_into().unwrap();
    assert_eq!(answer["schema"], "certreq.verify/1");
    assert_eq!((&answer["verdict"], &answer["code"]), (&"good".into(), &0.into()));
    assert_eq!(answer["certificate"]["subject"], "CN=a1998e");
    assert_eq!(answer["certificate"]["serial"], "10:01");
    assert_eq!(answer["certificate"]["not_after"], "2031-01-01T00:00:00Z");
    assert_eq!(answer["path"].as_array().unwrap().len(), 2);
    assert_eq!(answer["checks"][0]["check"], "chain");
    assert_eq!(answer["checks"][0]["outcome"], "passed");
    let revocation = &answer["revocation"][0];
    assert_eq!(revocation["state"], "good");
    assert_eq!(revocation["evidence"]["kind"], "crl");
    assert_eq!(revocation["evidence"]["number"], "42");
    assert_eq!(revocation["evidence"]["source"], "ca/crl.pem");
    assert_eq!(revocation["evidence"]["next_update"], "2030-01-07T00:00:00Z");
}

#[test]
fn another_key_another_id_another_name_are_mismatches() {
    let authority = fleet();
    let run = |args: &[&str]| certreq(authority.path()).args(["verify"]).args(args).args(AT).run();
    fs::copy(authority.path().join("ca.key"), authority.path().join("cert_a1998e/private.key")).unwrap();
    run(&["cert_a1998e"])
        .exits(14)
        .stdout_has("FAIL  key         cert_a1998e/private.key is not its private key");
    run(&["cert_a1998e", "--key", "leaf.key"]).exits(0);
    run(&["cert_a1998e", "--key", "leaf.key", "--id", "other1"])
        .exits(14)
        .stdout_has("not for the device other1");
    authority.leaf("server", "extendedKeyUsage=serverAuth\nsubjectAltName=DNS:*.example.test,IP:192.0.2.1");
    for (name, code) in
        [("a.example.test", 0), ("192.0.2.1", 0), ("example.test", 14), ("a.b.example.test", 14)]
    {
        run(&["server.pem", "--ca", "ca.pem", "--name", name]).exits(code);
    }
    // A common name is no name of a server (RFC 9525), even where openssl still looks at it.
    run(&["a1998e.pem", "--ca", "ca.pem", "--name", "a1998e", "--purpose", "any"]).exits(14);
}

#[test]
fn soon_is_what_within_says() {
    let authority = fleet();
    let run = |within: &str| {
        certreq(authority.path())
            .args(["verify", "cert_a1998e", "--within", within, "--at", "2030-12-01"])
            .run()
    };
    for (within, code) in [("31d", 10), ("30d", 0), ("744h", 10), ("743h", 0), ("5%", 10), ("4%", 0)] {
        let ended = run(within).exits(code);
        assert_eq!(ended.stdout.contains("EXPIRES SOON"), code == 10, "{within}: {}", ended.stdout);
    }
    run("soon").exits(2).stderr_has("--within");
}

#[test]
fn the_worst_of_several_is_the_answer_and_none_stops_the_rest() {
    let authority = fleet();
    let bad = authority.leaf("bad", "");
    authority.revoke(&bad, "keyCompromise");
    authority.list("the.list", "");
    authority.leaf_of("old", "20280101000000Z", "20290101000000Z", "");
    authority.write("empty.pem", "");
    fs::create_dir(authority.path().join("nothing")).unwrap();
    let run =
        |files: &[&str]| authority.certreq(&[files, &["--crl", "the.list", "--revocation", "prefer"]].concat());
    run(&["a1998e.pem", "old.pem"]).exits(11);
    run(&["old.pem", "bad.pem", "a1998e.pem"]).exits(12).stdout_has("a1998e.pem: GOOD");
    for unreadable in ["empty.pem", "nothing", "absent.pem", "leaf.key"] {
        run(&[unreadable, "a1998e.pem"]).exits(1).stdout_has(": UNREADABLE").stdout_has("a1998e.pem: GOOD");
        run(&[unreadable, "old.pem"]).exits(11);
    }
}

#[test]
fn der_is_recognised_without_a_name_that_says_so() {
    let authority = fleet();
    for (command, from, to) in
        [("x509", "a1998e.pem", "leaf"), ("x509", "ca.pem", "root"), ("crl", "crl.list", "list")]
    {
        openssl(authority.path(), &[command, "-in", from, "-outform", "DER", "-out", to]);
    }
    authority.certreq(&["leaf", "--ca", "root", "--crl", "list"]).exits(0);
    // Text around, Windows line ends, no newline at the end.
    let text = fs::read_to_string(authority.path().join("a1998e.pem")).unwrap();
    authority.write("odd.txt", &format!("made by hand\r\n{}", text.trim_end().replace('\n', "\r\n")));
    authority.certreq(&["odd.txt", "--crl", "list"]).exits(0);
}

#[test]
fn without_an_anchor_it_asks_for_one() {
    let authority = fleet();
    let run = |args: &[&str]| certreq(authority.path()).args(["verify"]).args(args).args(AT).run();
    run(&["a1998e.pem"]).exits(2).stderr_has("--ca FILE");
    run(&["a1998e.pem", "--ca", "absent.pem"]).exits(1).stderr_has("absent.pem");
    run(&["a1998e.pem", "--ca", "ca.pem", "--crl", "absent.list"]).exits(1).stderr_has("absent.list");
    run(&[]).exits(2);
    run(&["http://broker"]).exits(2).stderr_has("does not use TLS");
    fs::remove_file(authority.path().join("ca/ca.pem")).unwrap();
    run(&["cert_a1998e"]).exits(1).stdout_has("ca/ca.pem");
}

#[test]
fn a_bad_list_beside_the_root_is_said_and_never_good() {
    let authority = fleet();
    authority.write("ca/crl.pem", "-----BEGIN X509 CRL-----\nAAAA\n-----END X509 CRL-----\n");
    let ended = certreq(authority.path()).args(["verify", "cert_a1998e"]).args(AT).run().exits(0);
    ended.stderr_has("ca/crl.pem").stdout_has("WARN  revocation  unknown");
    let require = ["verify", "cert_a1998e", "--revocation", "require"];
    certreq(authority.path()).args(require).args(AT).run().exits(15);
}
