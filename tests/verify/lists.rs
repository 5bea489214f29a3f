//! Lists that say less than they seem to: honoured, or answered with "unknown" and the reason.

use super::authority::{Authority, KEYS, exit_for};
use crate::support::terminal::Ended;

const SECONDS: i64 = 1_893_456_000;
const POINT: &str = "crlDistributionPoints=URI:http://crl.test/mine";

/// Our exit code and openssl's for the good certificate `good.pem` and a list with these extensions.
#[track_caller]
fn with_list(extensions: &str) -> (i32, i32, String) {
    let authority = Authority::p256();
    authority.leaf("good", POINT);
    let bad = authority.leaf("bad", POINT);
    authority.revoke(&bad, "keyCompromise");
    authority.list("the.list", extensions);
    compare(&authority, "good.pem")
}

fn compare(authority: &Authority, file: &str) -> (i32, i32, String) {
    let ended = authority.certreq(&[file, "--crl", "the.list"]);
    let args = ["-crl_check", "-CRLfile", "the.list", "-CAfile", "ca.pem", file];
    let theirs = authority.openssl_verify(SECONDS, &args);
    (ended.code, exit_for(&theirs), format!("{}{theirs:?}", ended.stdout))
}

#[test]
fn a_version_1_list_is_a_list() {
    let (ours, theirs, said) = with_list("");
    assert_eq!((ours, theirs), (0, 0), "{said}");
    assert!(said.contains("CRL of 2029-12-31"), "{said}");
}

#[test]
fn a_list_for_some_certificates_counts_for_those() {
    let scoped = |fields: &str| with_list(&format!("issuingDistributionPoint=critical,@idp\n[idp]\n{fields}"));
    for (fields, expected, word) in [
        ("onlyuser=TRUE", 0, "good"),
        ("onlyCA=TRUE", 15, "onlyContainsCACerts"),
        ("onlyAA=TRUE", 15, "onlyContainsAttributeCerts"),
        ("fullname=URI:http://crl.test/mine", 0, "good"),
        ("fullname=URI:http://crl.test/other", 15, "another distribution point"),
        ("onlysomereasons=keyCompromise", 15, "onlySomeReasons"),
    ] {
        let (ours, theirs, said) = scoped(fields);
        assert_eq!((ours, theirs), (expected, expected), "{fields}: {said}");
        assert!(said.contains(word), "{fields}: {said}");
    }
    // An indirect list of the issuer itself lists its own certificates, too (openssl: only with -extended_crl).
    let (ours, _, said) = scoped("indirectCRL=TRUE");
    assert_eq!(ours, 0, "{said}");
}

#[test]
fn a_delta_list_alone_says_who_was_revoked_and_not_who_was_not() {
    let authority = Authority::p256();
    authority.leaf("good", "");
    let bad = authority.leaf("bad", "");
    authority.revoke(&bad, "keyCompromise");
    authority.list("the.list", "2.5.29.27=critical,ASN1:INTEGER:1");
    let (ours, _, said) = compare(&authority, "good.pem");
    // Without -extended_crl openssl up to 3.0.19 takes a delta list for a complete one, against RFC 5280 §5.2.4; later
    // ones refuse it as we do.
    assert_eq!(ours, 15, "{said}");
    assert!(said.contains("delta"), "{said}");
    authority.certreq(&["bad.pem", "--crl", "the.list"]).exits(12);
}

#[test]
fn a_hold_ends_with_a_delta_list_that_says_so() {
    let authority = Authority::p256();
    let held = authority.leaf("held", "");
    authority.revoke(&held, "certificateHold");
    authority.list("base.list", "authorityKeyIdentifier=keyid");
    authority.list("the.list", "authorityKeyIdentifier=keyid");
    let (ours, theirs, said) = compare(&authority, "held.pem");
    assert_eq!((ours, theirs), (12, 12), "{said}");
    assert!(said.contains("on hold since"), "{said}");
    // The index of openssl: the reason stands behind the date.
    let index = std::fs::read_to_string(authority.path().join("index.txt")).unwrap();
    authority.write("index.txt", &index.replace("certificateHold", "removeFromCRL"));
    authority.write("crlnumber", "2C\n");
    let numbers = "authorityKeyIdentifier=keyid\n2.5.29.27=critical,ASN1:INTEGER:42";
    authority.list("delta.list", numbers);
    authority
        .certreq(&["held.pem", "--crl", "base.list", "--crl", "delta.list"])
        .exits(0)
        .stdout_has("delta.list");
    // For a base that is older than the delta list needs, it says nothing.
    authority.list("delta.list", &numbers.replace(":42", ":43"));
    authority.certreq(&["held.pem", "--crl", "base.list", "--crl", "delta.list"]).exits(12);
    // In a complete list it is as good as no entry.
    authority.list("the.list", "authorityKeyIdentifier=keyid");
    let (ours, theirs, said) = compare(&authority, "held.pem");
    assert_eq!((ours, theirs), (0, 0), "{said}");
}

#[test]
fn a_list_with_something_critical_and_unknown_is_not_used() {
    let (ours, theirs, said) = with_list("1.2.3.4=critical,ASN1:NULL");
    assert_eq!((ours, theirs), (15, 15), "{said}");
    assert!(said.contains("1.2.3.4"), "{said}");
    assert_eq!(with_list("1.2.3.4=ASN1:NULL").0, 0);
}

#[test]
fn a_list_of_the_wrong_hands_is_not_believed() {
    let authority = Authority::p256();
    authority.leaf("good", "");
    // Another key under the same name.
    let namesake = Authority::p256();
    std::fs::copy(namesake.path().join(namesake.list("the.list", "")), authority.path().join("the.list"))
        .unwrap();
    let (ours, theirs, said) = compare(&authority, "good.pem");
    assert_eq!((ours, theirs), (15, 15), "{said}");
    assert!(said.contains("not signed by CN=Test CA"), "{said}");
    // Another name.
    let other = Authority::named("Other CA", KEYS[0].1, "root");
    std::fs::copy(other.path().join(other.list("the.list", "")), authority.path().join("the.list")).unwrap();
    let (ours, theirs, said) = compare(&authority, "good.pem");
    assert_eq!((ours, theirs), (15, 15), "{said}");
    // The right key without the right.
    let limited = Authority::named("Limited CA", KEYS[0].1, "basicConstraints=CA:TRUE\nkeyUsage=keyCertSign");
    limited.leaf("good", "");
    limited.list("the.list", "");
    let (ours, theirs, said) = compare(&limited, "good.pem");
    assert_eq!((ours, theirs), (15, 15), "{said}");
    assert!(said.contains("cRLSign"), "{said}");
}

#[test]
fn one_second_past_next_update_nothing_says_good() {
    let authority = Authority::p256();
    let file = authority.leaf("fine", "");
    authority.list("the.list", "authorityKeyIdentifier=keyid");
    let at = |time: &str, demand: &str| {
        authority.certreq(&[&file, "--crl", "the.list", "--at", time, "--revocation", demand])
    };
    at("2030-01-06T23:59:59Z", "require").exits(0).stdout_has("good (CRL number 42");
    for time in ["2030-01-07T00:00:00Z", "2030-01-07T00:00:01Z"] {
        let ended =
            at(time, "require").exits(15).stdout_has("outdated: the evidence expired at 2030-01-07 00:00 UTC");
        says_nothing_good(&ended);
        says_nothing_good(&at(time, "prefer").exits(0).stdout_has("WARN  revocation  outdated"));
        says_nothing_good(&at(time, "off").exits(0));
    }
    at("2029-12-30T23:59:59Z", "require").exits(15).stdout_has("begins only at");
}

/// Neither in words, nor as a verdict.
#[track_caller]
fn says_nothing_good(ended: &Ended) {
    assert!(!ended.stdout.to_lowercase().contains("good"), "{}", ended.stdout);
}

#[test]
fn silence_about_an_expired_certificate_means_nothing() {
    let authority = Authority::p256();
    let file = authority.leaf_of("gone", "20280101000000Z", "20290101000000Z", "");
    authority.list("the.list", "");
    authority
        .certreq(&[&file, "--crl", "the.list", "--revocation", "prefer"])
        .exits(11)
        .stdout_has("lists drop expired certificates");
}

#[test]
fn revoked_fails_whatever_is_demanded_except_when_nothing_is_asked() {
    let authority = Authority::p256();
    let file = authority.leaf("bad", "");
    authority.revoke(&file, "keyCompromise");
    authority.list("the.list", "");
    authority.list_of("old.list", "20291201000000Z", "20291202000000Z", "");
    for list in ["the.list", "old.list"] {
        // Where openssl stops at the age of the list, we say what it says: revoked is for ever (RFC 5280 §3.3).
        authority
            .certreq(&[&file, "--crl", list, "--revocation", "prefer"])
            .exits(12)
            .stdout_has("keyCompromise");
    }
    authority
        .certreq(&[&file, "--crl", "the.list", "--revocation", "off"])
        .exits(0)
        .stdout_has("not requested");
}
