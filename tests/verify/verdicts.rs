//! The same verdict as `openssl verify`, for every kind of key; where they differ, the test names the rule.

use super::authority::{Authority, KEYS, NOW, exit_for};

/// [`NOW`] in seconds.
const SECONDS: i64 = 1_893_456_000;
const CLIENT: &str = "extendedKeyUsage=clientAuth\nkeyUsage=critical,digitalSignature";
/// openssl finds nothing.
const CONTENT: [u32; 0] = [];
const NUMBERED: &str = "authorityKeyIdentifier=keyid";

/// How one certificate of the table is made and looked at.
struct Case {
    name: &'static str,
    extensions: &'static str,
    dates: (&'static str, &'static str),
    revoke: Option<&'static str>,
    expected: i32,
}

const USUAL: (&str, &str) = ("20290101000000Z", "20310101000000Z");

const fn case(name: &'static str, extensions: &'static str, expected: i32) -> Case {
    Case { name, extensions, dates: USUAL, revoke: None, expected }
}

const fn dated(name: &'static str, begin: &'static str, end: &'static str, expected: i32) -> Case {
    Case { name, extensions: CLIENT, dates: (begin, end), revoke: None, expected }
}

const fn revoked(name: &'static str, reason: &'static str) -> Case {
    Case { name, extensions: CLIENT, dates: USUAL, revoke: Some(reason), expected: 12 }
}

const CASES: [Case; 36] = [
    case("good", CLIENT, 0),
    case("good-both", "extendedKeyUsage=clientAuth,serverAuth", 0),
    case("good-agree", "extendedKeyUsage=clientAuth\nkeyUsage=keyAgreement", 0),
    case("good-san", "extendedKeyUsage=clientAuth\nsubjectAltName=DNS:device.test,IP:192.0.2.1", 0),
    case("good-mail", "extendedKeyUsage=clientAuth\nsubjectAltName=email:a@b.test", 0),
    case("good-ee", "extendedKeyUsage=clientAuth\nbasicConstraints=critical,CA:FALSE", 0),
    case("good-policy", "extendedKeyUsage=clientAuth\ncertificatePolicies=1.2.3.4", 0),
    case("good-odd", "extendedKeyUsage=clientAuth\n1.2.3.4.5=ASN1:UTF8String:hello", 0),
    case("good-point", "extendedKeyUsage=clientAuth\ncrlDistributionPoints=URI:http://crl.test/a", 0),
    case("good-aia", "extendedKeyUsage=clientAuth\nauthorityInfoAccess=OCSP;URI:http://ocsp.test/", 0),
    case("good-netscape", "extendedKeyUsage=clientAuth\nnsCertType=client", 0),
    case("critical-use", "extendedKeyUsage=critical,clientAuth", 0),
    dated("last-second", "20290101000000Z", "20300101000001Z", 0),
    dated("first-second", "20300101000000Z", "20310101000000Z", 0),
    dated("century", "20200101000000Z", "20991231235959Z", 0),
    dated("forever", "20200101000000Z", "99991231235959Z", 0),
    dated("expired", "20280101000000Z", "20290101000000Z", 11),
    dated("expired-just", "20280101000000Z", "20291231235959Z", 11),
    dated("expired-long", "20210101000000Z", "20220101000000Z", 11),
    dated("not-yet", "20310101000000Z", "20320101000000Z", 13),
    dated("not-yet-just", "20300101000001Z", "20320101000000Z", 13),
    dated("not-yet-long", "20400101000000Z", "20450101000000Z", 13),
    case("server-only", "extendedKeyUsage=serverAuth", 14),
    case("code-only", "extendedKeyUsage=codeSigning", 14),
    case("any-use", "extendedKeyUsage=anyExtendedKeyUsage", 14),
    case("no-signing", "extendedKeyUsage=clientAuth\nkeyUsage=critical,keyEncipherment", 14),
    case("netscape-server", "extendedKeyUsage=clientAuth\nnsCertType=server", 14),
    case("critical-odd", "extendedKeyUsage=clientAuth\n1.2.3.4.5=critical,ASN1:UTF8String:hello", 14),
    revoked("revoked", "unspecified"),
    revoked("revoked-key", "keyCompromise"),
    revoked("revoked-ca", "CACompromise"),
    revoked("revoked-moved", "affiliationChanged"),
    revoked("revoked-new", "superseded"),
    revoked("revoked-gone", "cessationOfOperation"),
    revoked("held", "certificateHold"),
    Case {
        revoke: Some("keyCompromise"),
        ..dated("revoked-expired", "20280101000000Z", "20290101000000Z", 12)
    },
];

/// 36 certificates of one kind of key, under a list of their authority; then the same without it and with an old one.
fn agrees(kind: &[&str]) {
    let authority = Authority::new(kind);
    let stranger = Authority::named("Test CA", kind, "root");
    for case in &CASES {
        let file = authority.leaf_of(case.name, case.dates.0, case.dates.1, case.extensions);
        if let Some(reason) = case.revoke {
            authority.revoke(&file, reason);
        }
    }
    authority.list("crl.pem.list", NUMBERED);
    authority.list_of("old.list", "20291201000000Z", "20291231235959Z", NUMBERED);
    std::fs::copy(stranger.path().join("ca.pem"), authority.path().join("stranger.pem")).unwrap();
    for case in &CASES {
        let file = format!("{}.pem", case.name);
        let ended = authority.certreq(&[&file, "--purpose", "client", "--crl", "crl.pem.list"]);
        assert_eq!(ended.code, case.expected, "{}\n{}{}", case.name, ended.stdout, ended.stderr);
        let theirs = authority.openssl_verify(
            SECONDS,
            &["-purpose", "sslclient", "-crl_check", "-CRLfile", "crl.pem.list", "-CAfile", "ca.pem", &file],
        );
        assert_eq!(exit_for(&theirs), case.expected, "{}: openssl says {theirs:?}", case.name);
    }
    for name in ["good", "good-both", "last-second"] {
        let file = format!("{name}.pem");
        // Another authority of the same name.
        let ended = authority.certreq(&[&file, "--ca", "stranger.pem"]);
        let theirs = authority.openssl_verify(SECONDS, &["-CAfile", "stranger.pem", &file]);
        assert_eq!((ended.code, exit_for(&theirs)), (14, 14), "{}{theirs:?}", ended.stdout);
        // A list that has ended.
        let ended = authority.certreq(&[&file, "--crl", "old.list"]).stdout_has("outdated");
        let theirs = authority
            .openssl_verify(SECONDS, &["-crl_check", "-CRLfile", "old.list", "-CAfile", "ca.pem", &file]);
        assert_eq!((ended.code, theirs.as_slice()), (15, [12].as_slice()), "{}", ended.stdout);
        // No list at all.
        let ended = authority.certreq(&[&file, "--revocation", "require"]);
        let theirs = authority.openssl_verify(SECONDS, &["-crl_check", "-CAfile", "ca.pem", &file]);
        assert_eq!((ended.code, theirs.as_slice()), (15, [3].as_slice()), "{}", ended.stdout);
    }
}

#[test]
fn openssl_and_certreq_agree_about_p256() {
    agrees(KEYS[0].1);
}

#[test]
fn openssl_and_certreq_agree_about_p384() {
    agrees(KEYS[1].1);
}

#[test]
fn openssl_and_certreq_agree_about_p521() {
    agrees(KEYS[2].1);
}

#[test]
fn openssl_and_certreq_agree_about_ed25519() {
    agrees(KEYS[3].1);
}

#[test]
fn openssl_and_certreq_agree_about_rsa() {
    agrees(KEYS[4].1);
}

/// An authority whose root was made with these extensions, and a leaf of it.
#[track_caller]
fn root_with(extensions: &str, leaf: &str) -> (i32, i32, String) {
    let authority = Authority::named("Odd CA", KEYS[0].1, extensions);
    let file = authority.leaf("leaf-of-odd", leaf);
    let ended = authority.certreq(&[&file, "--purpose", "client"]);
    let theirs = authority.openssl_verify(SECONDS, &["-purpose", "sslclient", "-CAfile", "ca.pem", &file]);
    (ended.code, exit_for(&theirs), ended.stdout)
}

#[test]
fn a_root_is_held_to_what_it_says() {
    for (extensions, word) in [
        ("basicConstraints=critical,CA:TRUE\nkeyUsage=cRLSign", "keyCertSign"),
        ("basicConstraints=critical,CA:FALSE", "not an authority"),
        ("basicConstraints=CA:TRUE\nextendedKeyUsage=serverAuth", "limited to other purposes"),
        ("basicConstraints=CA:TRUE\n1.2.3.4.5=critical,ASN1:NULL", "critical extension"),
    ] {
        let (ours, theirs, said) = root_with(extensions, CLIENT);
        assert_eq!((ours, theirs), (14, 14), "{extensions}: {said}");
        assert!(said.contains(word), "{said}");
    }
    let (ours, theirs, said) = root_with("basicConstraints=critical,CA:TRUE,pathlen:0", CLIENT);
    assert_eq!((ours, theirs), (0, 0), "{said}");
}

#[test]
fn name_constraints_are_kept_or_refused() {
    let constrained =
        |constraint: &str| format!("basicConstraints=critical,CA:TRUE\nnameConstraints={constraint}");
    let named = |san: &str| format!("{CLIENT}\nsubjectAltName={san}");
    for (constraint, san, expected) in [
        ("permitted;DNS:test", "DNS:device.test", 0),
        ("permitted;DNS:test", "DNS:device.other", 14),
        ("excluded;DNS:bad.test", "DNS:x.bad.test", 14),
        ("permitted;IP:192.0.2.0/255.255.255.0", "IP:192.0.2.7", 0),
        ("permitted;IP:192.0.2.0/255.255.255.0", "IP:198.51.100.7", 14),
        ("permitted;email:b.test", "email:a@b.test", 0),
        ("permitted;URI:b.test", "URI:https://b.test/x", 0),
        ("permitted;URI:b.test", "URI:https://c.test/x", 14),
    ] {
        let (ours, theirs, said) = root_with(&constrained(constraint), &named(san));
        assert_eq!((ours, theirs), (expected, expected), "{constraint} {san}: {said}");
    }
    let (ours, theirs, said) = root_with(&constrained("permitted;email:b.test"), &named("email:a@c.test"));
    assert_eq!((ours, theirs), (14, 14), "{said}");
    assert!(said.contains("may not certify email:a@c.test"), "{said}");
}

#[test]
fn an_expired_root_is_no_root() {
    let authority = Authority::p256();
    let file = authority.leaf_of("late", "20290101000000Z", "20500101000000Z", CLIENT);
    let ended = authority
        .certreq(&[&file, "--at", "2047-01-01"])
        .exits(11)
        .stdout_has("the authority CN=Test CA expired");
    let theirs = authority.openssl_verify(2_429_913_600, &["-CAfile", "ca.pem", &file]);
    assert_eq!(theirs.first(), Some(&10), "{}", ended.stdout);
}

#[test]
fn at_the_last_second_the_rfc_counts_and_not_openssl() {
    // RFC 5280 §4.1.2.5: notAfter belongs to the validity. openssl calls the certificate expired in that second.
    let authority = Authority::p256();
    let file = authority.leaf_of("edge", "20290101000000Z", "20300101000000Z", CLIENT);
    authority.certreq(&[&file]).exits(0);
    assert_eq!(authority.openssl_verify(SECONDS, &["-CAfile", "ca.pem", &file]), [10]);
    authority.certreq(&[&file, "--at", "2030-01-01T00:00:01Z"]).exits(11);
}

#[test]
fn where_we_are_stricter_the_message_names_the_rule() {
    let authority = Authority::p256();
    let plain = |file: &str| authority.openssl_verify(SECONDS, &["-CAfile", "ca.pem", file]);
    // Without extensions, version 1.
    std::fs::copy(authority.path().join("leaf.csr"), authority.path().join("v1.csr")).unwrap();
    let sign = [
        "x509",
        "-req",
        "-in",
        "v1.csr",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-set_serial",
        "5",
        "-days",
        "9999",
    ];
    crate::support::tools::openssl(authority.path(), &[sign.as_slice(), &["-out", "v1.pem"]].concat());
    authority.certreq(&["v1.pem"]).exits(14).stdout_has("X.509 v1");
    assert_eq!(plain("v1.pem"), CONTENT);
    // SHA-1.
    let sha1 =
        [sign.as_slice(), &["-sha1", "-extfile", "ca.cnf", "-extensions", "root", "-out", "sha1.pem"]].concat();
    crate::support::tools::openssl(authority.path(), &sha1);
    authority.certreq(&["sha1.pem"]).exits(14);
    assert_eq!(plain("sha1.pem"), CONTENT);
    // A root that is trusted is; a device it is not.
    authority.certreq(&["ca.pem"]).exits(0).stdout_has("itself one of the trusted certificates");
    authority.certreq(&["ca.pem", "--purpose", "client"]).exits(14).stdout_has("no extended key usage");
    assert_eq!(plain("ca.pem"), CONTENT);
    // A purpose that was asked for has to be said (openssl takes silence for consent).
    let silent = authority.leaf("silent", "keyUsage=digitalSignature");
    authority.certreq(&[&silent, "--purpose", "client"]).exits(14).stdout_has("no extended key usage");
    authority.certreq(&[&silent]).exits(0);
    assert_eq!(
        authority.openssl_verify(SECONDS, &["-purpose", "sslclient", "-CAfile", "ca.pem", &silent]),
        CONTENT
    );
}

#[test]
fn intermediates_come_from_the_file_or_from_where_they_were_named() {
    let root = Authority::p256();
    let between = Authority::named("Between", KEYS[1].1, "root");
    // The root signs the other authority's request.
    std::fs::copy(between.path().join("ca.csr"), root.path().join("between.csr")).unwrap();
    let extensions = "basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=keyCertSign,cRLSign";
    root.write("between.ext", &format!("[x]\nsubjectKeyIdentifier=hash\n{extensions}\n"));
    let args = ["ca", "-config", "ca.cnf", "-batch", "-notext", "-in", "between.csr", "-out", "between.pem"];
    let more = [
        "-startdate",
        "20200101000000Z",
        "-enddate",
        "20400101000000Z",
        "-extfile",
        "between.ext",
        "-extensions",
        "x",
    ];
    crate::support::tools::openssl(root.path(), &[args.as_slice(), &more].concat());
    let leaf = between.leaf("deep", CLIENT);
    let read =
        |authority: &Authority, name: &str| std::fs::read_to_string(authority.path().join(name)).unwrap();
    root.write("deep.pem", &read(&between, &leaf));
    root.write("chain.pem", &format!("{}{}", read(&between, &leaf), read(&root, "between.pem")));
    root.write("bundle.pem", &format!("{}{}", read(&root, "between.pem"), read(&root, "ca.pem")));

    root.certreq(&["deep.pem"]).exits(14).stdout_has("it was issued by CN=Between");
    root.certreq(&["chain.pem"]).exits(0).stdout_has("through 1 authority");
    root.certreq(&["deep.pem", "--intermediates", "between.pem"]).exits(0);
    root.certreq(&["deep.pem", "--ca", "bundle.pem"]).exits(0);
    root.certreq(&["deep.pem", "--ca", "between.pem"]).exits(1).stderr_has("--partial-chain");
    root.certreq(&["deep.pem", "--ca", "between.pem", "--partial-chain"]).exits(0);
    let args = ["-CAfile", "ca.pem", "-untrusted", "between.pem", "deep.pem"];
    assert_eq!(root.openssl_verify(SECONDS, &args), CONTENT);

    // Every authority of the path is asked about, as with -crl_check_all.
    std::fs::copy(between.path().join(between.list("b.list", NUMBERED)), root.path().join("b.list")).unwrap();
    root.list("r.list", NUMBERED);
    root.certreq(&["chain.pem", "--crl", "b.list"]).exits(15).stdout_has("no revocation list of CN=Test CA");
    root.certreq(&["chain.pem", "--crl", "b.list", "--crl", "r.list"]).exits(0);
    root.revoke("between.pem", "CACompromise");
    root.list("r.list", NUMBERED);
    root.certreq(&["chain.pem", "--crl", "b.list", "--crl", "r.list"])
        .exits(12)
        .stdout_has("CN=Between: revoked");
    let crls = ["-crl_check_all", "-CRLfile", "b.list", "-CRLfile", "r.list"];
    assert_eq!(exit_for(&root.openssl_verify(SECONDS, &[crls.as_slice(), &args].concat())), 12);
}

#[test]
fn the_table_looks_from_the_moment_it_says() {
    assert_eq!(NOW, "2030-01-01T00:00:00Z");
    assert_eq!(SECONDS, NOW.parse::<jiff::Timestamp>().unwrap().as_second());
}
