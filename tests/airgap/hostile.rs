//! Carried files may have been swapped, cut or made up on the way.

use std::fs;

use super::Gap;
use crate::support::{
    forger::{Forger, Wish},
    platform::text,
    refusals::disk,
    terminal::Ended,
    tools::openssl,
};

/// A request that openssl makes, in the place where requests are carried.
fn made(gap: &Gap, name: &str, args: &[&str]) {
    fs::create_dir_all(gap.requests()).unwrap();
    let mut all = vec!["req", "-new", "-nodes", "-keyout", "/dev/null", "-out", name];
    all.extend(args);
    openssl(&gap.requests(), &all);
}

/// No escape sequence reaches the terminal, and nothing broke down.
#[track_caller]
fn harmless(ended: &Ended) {
    let said = format!("{}{}", ended.stdout, ended.stderr);
    assert!(!said.contains('\u{1b}') && !said.contains("panicked"), "{said}");
}

#[test]
fn a_request_that_is_no_devices_is_refused_in_words_and_nothing_is_asked_for() {
    let ec = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256"];
    let subject = |subject: &'static str| [&ec[..], &["-subj", subject]].concat();
    let cases: [(&[&str], &str); 8] = [
        (&subject("/CN=..\\/x"), r#"the device id "../x" has the character '.'"#),
        (&subject("/O=nobody"), "it has no common name"),
        (&subject("/CN=a1/CN=b2"), "the request has 2 common names"),
        (&["-newkey", "rsa:1024", "-subj", "/CN=a1"], "less than 2048 bits"),
        (&["-newkey", "ed25519", "-subj", "/CN=a1"], "must be RSA or ECDSA"),
        (&["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:secp256k1", "-subj", "/CN=a1"], "elliptical curve"),
        (
            &[&subject("/CN=a1")[..], &["-addext", "basicConstraints=critical,CA:TRUE"]].concat(),
            "asks for a CA certificate",
        ),
        (
            &[&subject("/CN=a1")[..], &["-addext", "subjectAltName=DNS:bank.example"]].concat(),
            "asks for the name DNS:bank.example",
        ),
    ];
    for (args, words) in cases {
        let gap = Gap::new();
        made(&gap, "x.csr", args);
        harmless(&gap.sign().run().exits(6).stderr_has(words));
        assert!(!gap.certificates().exists(), "{words}");
        let listed = gap.sign_list();
        assert!(!listed.contains("BEGIN"), "{listed}");
    }
}

#[test]
fn a_file_that_is_no_request_is_named_and_the_others_are_signed() {
    let gap = Gap::new();
    gap.begin(&["good", "forged"]);
    // One bit of the key in the middle: the signature no longer fits.
    let pem = text(&gap.requests(), "forged.csr");
    let mut der = pem::parse(&pem).unwrap().into_contents();
    let last = der.len() - 1;
    der[last] ^= 1;
    fs::write(gap.requests().join("forged.csr"), pem::encode(&pem::Pem::new("CERTIFICATE REQUEST", der)))
        .unwrap();
    let put = |name: &str, content: &[u8]| fs::write(gap.requests().join(name), content).unwrap();
    put("page.csr", b"<html><title>Log in\x1b[31m</title></html>");
    put("null.csr", b"");
    put("zeros.csr", &[0; 4096]);
    put("long.csr", &vec![b'A'; 5 * 1024 * 1024]);
    put("cut.csr", &pem.as_bytes()[..120]);
    put("key.csr", openssl(gap.carried.path(), &["genpkey", "-algorithm", "ed25519"]).as_bytes());
    put("notes.txt", b"left alone");
    let ended = gap.sign().run().exits(3);
    for words in [
        "was not made by its public key",
        "page.csr  failed: ",
        "null.csr  failed: it is empty",
        "zeros.csr  failed: ",
        "long.csr  failed: it is larger than 4 MiB",
        "cut.csr  failed: ",
        "it holds a private key",
        "1 issued, 7 failed",
    ] {
        assert!(ended.stderr.contains(words), "{words:?}\n{}", ended.stderr);
    }
    assert!(!ended.stderr.contains('\u{1b}'));
    assert!(gap.certificates().join("good.pem").exists());
    assert!(!gap.certificates().join("forged.pem").exists());
}

#[test]
fn two_keys_for_one_device_are_nobodys_choice() {
    let gap = Gap::new();
    made(&gap, "one.csr", &["-newkey", "rsa:2048", "-subj", "/CN=a1998e"]);
    made(&gap, "two.csr", &["-newkey", "rsa:2048", "-subj", "/CN=a1998e"]);
    gap.sign().run().exits(6).stderr_has("requests with different keys for this device");
    assert!(!gap.certificates().exists());
}

#[test]
fn a_root_that_nobody_vouched_for_and_another_root_stop_everything() {
    let gap = Gap::new();
    gap.begin(&["a1998e"]);
    gap.sign().run().exits(0);
    let before = disk(gap.inside.path());
    let pin = gap.root_fingerprint().replace(':', "").to_lowercase();
    let join = || gap.inside(&["join"]).args([gap.certificates()]);
    join().run().exits(6).stderr_has("not yet known here").stderr_has(&format!("--ca-fingerprint {pin}"));
    join().args(["--ca-fingerprint", &"00".repeat(32)]).run().exits(6).stderr_has("is not the one of");
    let root = gap.certificates().join("ca.pem");
    let real = fs::read(&root).unwrap();
    fs::remove_file(&root).unwrap();
    join().run().exits(6).stderr_has("the root certificate is missing");
    assert_eq!(disk(gap.inside.path()), before);
    fs::write(&root, &real).unwrap();
    join().args(["--ca-fingerprint", &pin]).run().exits(0);
    // Once it is pinned, another one is shown beside it.
    gap.inside(&["key", "b2"]).run().exits(0);
    let before = disk(gap.inside.path());
    fs::write(&root, Forger::new("somebody else").root.to_pem()).unwrap();
    join().run().exits(6).stderr_has("another root certificate").stderr_has("somebody else");
    assert_eq!(disk(gap.inside.path()), before);
}

#[test]
fn a_certificate_for_another_key_or_device_is_not_joined() {
    let gap = Gap::new();
    gap.begin(&["a1998e"]);
    let forger = Forger::new("the root");
    let request = text(&gap.requests(), "a1998e.csr");
    fs::create_dir(gap.certificates()).unwrap();
    fs::write(gap.certificates().join("ca.pem"), forger.root.to_pem()).unwrap();
    let join = |pem: &[u8]| {
        fs::write(gap.certificates().join("x.pem"), pem).unwrap();
        gap.join()
    };
    let common_name = |name: &str| Wish { common_name: Some(name.to_owned()), ..Wish::default() };
    let cases = [
        (Wish { other_key: true, ..Wish::default() }, "the certificate does not match the new key"),
        (common_name("b2c3d4"), "names b2c3d4, not a1998e"),
        (common_name("../../x"), "names ../../x, not a1998e"),
        (Wish { other_key: true, ..common_name("zz9") }, "there is no new key for it here"),
        (Wish { other_key: true, ..common_name("../x") }, "which is not a device"),
        (Wish { valid: -7200..-3600, ..Wish::default() }, "expired"),
    ];
    for (wish, words) in cases {
        harmless(&join(forger.sign(&request, &wish).as_bytes()).run().exits(6).stderr_has(words));
        assert!(!gap.inside.path().join("cert_a1998e").exists(), "{words}");
    }
    let strange = Forger::new("the root").sign(&request, &Wish::default());
    join(strange.as_bytes()).run().exits(6).stderr_has("cannot be trusted");
    let nothing: [(&[u8], &str); 4] = [
        (b"", "it is empty"),
        (b"<html>\x1b[2J</html>", "x.pem  failed: there is no certificate in it"),
        (&[0; 100], "x.pem  failed: there is no certificate in it"),
        (request.as_bytes(), "it holds a certification request"),
    ];
    for (content, words) in nothing {
        harmless(&join(content).run().exits(1).stderr_has(words));
    }
    join(&vec![b'A'; 17 * 1024 * 1024]).run().exits(1).stderr_has("larger than 16 MiB");
    // The key still waits for the right one.
    join(forger.sign(&request, &Wish::default()).as_bytes()).run().exits(0).stdout_has("a1998e  joined");
}
