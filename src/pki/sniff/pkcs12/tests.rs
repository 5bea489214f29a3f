use aws_lc_rs::hmac;
use der::{
    Decode, Encode,
    asn1::{ObjectIdentifier, OctetString},
};

use super::*;
use crate::pki::{pbe::Purpose, sniff::sniff};

const ROOT: &str = include_str!("../../../../tests/inspect/fixtures/fleet/ca/ca.pem");
const LIST: &str = include_str!("../../../../tests/inspect/fixtures/fleet/ca/crl.pem");

/// A frame around parts.
fn framed(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    ber::framed(tag, &parts.concat())
}

fn oid(dotted: &str) -> Vec<u8> {
    ObjectIdentifier::new_unwrap(dotted).to_der().unwrap()
}

fn octets(bytes: &[u8]) -> Vec<u8> {
    OctetString::new(bytes).unwrap().to_der().unwrap()
}

fn bag(kind: u8, value: &[u8]) -> Vec<u8> {
    framed(0x30, &[&oid(&format!("1.2.840.113549.1.12.10.1.{kind}")), &framed(0xa0, &[value])])
}

fn held(kind: &str, pem: &str) -> Vec<u8> {
    let der = ::pem::parse(pem).unwrap().into_contents();
    framed(0x30, &[&oid(kind), &framed(0xa0, &[&octets(&der)])])
}

fn certificate() -> Vec<u8> {
    bag(3, &held("1.2.840.113549.1.9.22.1", ROOT))
}

/// A file around bags, with a MAC that `mac` makes of the content.
fn file(bags: &[Vec<u8>], mac: impl Fn(&[u8]) -> Vec<u8>) -> Vec<u8> {
    let data =
        |content: &[u8]| framed(0x30, &[&oid("1.2.840.113549.1.7.1"), &framed(0xa0, &[&octets(content)])]);
    let safe = framed(0x30, &[&data(&framed(0x30, &[&bags.concat()]))]);
    framed(0x30, &[&[2, 1, 3], &data(&safe), &mac(&safe)])
}

fn kinds(file: &[u8], password: Option<&str>) -> Vec<String> {
    let kind = |found| match found {
        Ok(crate::pki::sniff::Found { item: crate::pki::sniff::Item::Certificate { .. }, .. }) => {
            "certificate".to_owned()
        }
        Ok(crate::pki::sniff::Found { item: crate::pki::sniff::Item::List { .. }, .. }) => "list".to_owned(),
        other => format!("{other:?}"),
    };
    sniff(file, password).into_iter().map(kind).collect()
}

/// MacData over `content` with a key derived the old way.
fn old_mac(password: Password<'_>, content: &[u8]) -> Vec<u8> {
    const SHA256: &str = "2.16.840.1.101.3.4.2.1";
    let key = pbe::derive_pkcs12(SHA256, password, b"saltsalt", Purpose::Mac, 3, 32).unwrap();
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), content);
    let digest = framed(0x30, &[&framed(0x30, &[&oid(SHA256)]), &octets(tag.as_ref())]);
    framed(0x30, &[&digest, &octets(b"saltsalt"), &[2, 1, 3]])
}

/// MacData with PBMAC1.
fn pbmac1(password: &str, content: &[u8]) -> Vec<u8> {
    let function = framed(0x30, &[&oid("1.2.840.113549.2.9"), &[5, 0]]);
    let parameters = framed(0x30, &[&octets(b"saltsalt"), &[2, 1, 9], &[2, 1, 32], &function]);
    let derivation = framed(0x30, &[&oid("1.2.840.113549.1.5.12"), &parameters]);
    let algorithm = x509_cert::spki::AlgorithmIdentifierOwned::from_der(&derivation).unwrap();
    let key = pbe::derive_pbkdf2(&algorithm, Password::Text(password)).unwrap();
    let tag = hmac::sign(&hmac::Key::new(hmac::HMAC_SHA256, &key), content);
    let scheme = framed(0x30, &[&derivation, &function]);
    let mac = framed(0x30, &[&oid("1.2.840.113549.1.5.14"), &scheme]);
    framed(0x30, &[&framed(0x30, &[&mac, &octets(tag.as_ref())]), &octets(b"x"), &[2, 1, 1]])
}

#[test]
fn no_password_may_be_an_empty_one_or_none_at_all() {
    for password in [Password::Text(""), Password::Null] {
        let file = file(&[certificate()], |content| old_mac(password, content));
        assert_eq!(kinds(&file, None), ["certificate"], "{password:?}");
        assert_eq!(kinds(&file, Some("")), ["certificate"], "{password:?}");
        assert!(matches!(sniff(&file, Some("x"))[..], [Err(SniffError::WrongPassword)]));
    }
    let file = file(&[certificate()], |content| old_mac(Password::Text("sesame"), content));
    assert!(matches!(sniff(&file, None)[..], [Err(SniffError::PasswordNeeded)]));
    assert_eq!(kinds(&file, Some("sesame")), ["certificate"]);
}

#[test]
fn bags_of_every_kind_are_opened_or_counted() {
    let list = bag(4, &held("1.2.840.113549.1.9.23.1", LIST));
    let nested = bag(6, &framed(0x30, &[&certificate(), &list]));
    let secret = bag(5, &framed(0x30, &[&oid("1.2.3")]));
    let file = file(&[certificate(), nested, secret], |_| Vec::new());
    assert_eq!(kinds(&file, None), ["certificate", "certificate", "list"]);
    let first = sniff(&file, None).remove(0).unwrap();
    assert_eq!(first.remark.as_deref(), Some("it also holds 1 secret, left out here"));
}

#[test]
fn the_mac_of_newer_programs_is_checked() {
    let file = file(&[certificate()], |content| pbmac1("sesame", content));
    assert_eq!(kinds(&file, Some("sesame")), ["certificate"]);
    assert!(matches!(sniff(&file, Some("other"))[..], [Err(SniffError::WrongPassword)]));
    assert!(matches!(sniff(&file, None)[..], [Err(SniffError::PasswordNeeded)]));
}
