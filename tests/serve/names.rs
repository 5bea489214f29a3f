//! Which names the authority signs: a table of subjects and alternative names.

use certreq::{
    authority::{Authority, Options, Owner, Refusal},
    pki::{
        certificate::Certificate,
        key::{KeySpec, PrivateKey},
        pem,
    },
};
use rcgen::SigningKey;

use crate::support::lab::openssl;

/// Tag, length, value.
fn tlv(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut bytes = vec![tag];
    match content.len() {
        length @ 0..=127 => bytes.push(u8::try_from(length).unwrap()),
        length @ 128..=255 => bytes.extend([0x81, u8::try_from(length).unwrap()]),
        length => {
            bytes.push(0x82);
            bytes.extend(u16::try_from(length).unwrap().to_be_bytes());
        }
    }
    bytes.extend(content);
    bytes
}

const CN: &[u8] = &[0x55, 4, 3];

fn attribute(oid: &[u8], value: &[u8]) -> Vec<u8> {
    tlv(0x31, &tlv(0x30, &[tlv(6, oid), value.to_vec()].concat()))
}

/// A signed request for a subject, with these attributes; `None` leaves the field out.
fn request(subject: &[u8], attributes: Option<&[u8]>) -> String {
    let key = PrivateKey::generate(KeySpec::P256).unwrap();
    let mut info = [tlv(2, &[0]), tlv(0x30, subject), key.public_key_info()].concat();
    info.extend(attributes.map(|attributes| tlv(0xa0, attributes)).unwrap_or_default());
    let info = tlv(0x30, &info);
    let signature = [&[0][..], &key.sign(&info).unwrap()].concat();
    let ecdsa = tlv(0x30, &tlv(6, &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2]));
    let der = tlv(0x30, &[info, ecdsa, tlv(3, &signature)].concat());
    pem::encode("CERTIFICATE REQUEST", &der).trim_end().to_owned()
}

/// For a common name of any type.
fn named(tag: u8, content: &[u8]) -> String {
    request(&attribute(CN, &tlv(tag, content)), Some(&[]))
}

/// For `CN=a1998e` and alternative names.
fn also_named(names: &[u8]) -> String {
    let extension = [tlv(6, &[0x55, 0x1d, 0x11]), tlv(4, &tlv(0x30, names))].concat();
    let extensions = tlv(0x30, &tlv(0x30, &extension));
    let oid = tlv(6, &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 9, 14]);
    let attributes = tlv(0x30, &[oid, tlv(0x31, &extensions)].concat());
    request(&attribute(CN, &tlv(12, b"a1998e")), Some(&attributes))
}

async fn authority() -> (tempfile::TempDir, Authority) {
    let home = tempfile::tempdir().unwrap();
    let authority = Authority::open(home.path(), Options::default()).await.unwrap();
    (home, authority)
}

async fn count(authority: &Authority) -> u64 {
    authority
        .certificates("admin", certreq::authority::repository::CertificateQuery::default())
        .await
        .unwrap()
        .1
}

#[tokio::test]
async fn subjects_that_are_not_well_formed_are_refused_before_anything_is_signed() {
    let (_home, authority) = authority().await;
    let many: Vec<u8> = (0..40_u8).flat_map(|n| attribute(&[0x2a, 3, n], &tlv(12, b"x"))).collect();
    let bad: &[(&str, String)] = &[
        ("empty", named(12, b"")),
        ("only a space", named(12, b" ")),
        ("NUL", named(12, b"a1998e\0evil")),
        ("ESC", named(12, b"a1998e\x1b[31m")),
        ("newline", named(12, b"a1998e\n")),
        ("DEL", named(12, b"a\x7f")),
        ("right to left", named(12, "a\u{202e}b".as_bytes())),
        ("zero width", named(12, "a\u{200b}b".as_bytes())),
        ("C1 control", named(12, "a\u{9b}31m".as_bytes())),
        ("invalid UTF-8", named(12, b"a\xff\xfe")),
        ("overlong UTF-8", named(12, b"a\xc0\x80")),
        ("PrintableString above ASCII", named(19, b"caf\xe9")),
        ("IA5String with NUL", named(22, b"a\0")),
        ("T61String with ESC", named(20, b"a\x1b")),
        ("BMPString of an odd length", named(30, b"\0a\0")),
        ("BMPString with half a character", named(30, b"\xd8\x00")),
        ("BMPString with NUL", named(30, b"\0a\0\0")),
        ("INTEGER", named(2, &[42])),
        ("SEQUENCE", named(0x30, &tlv(12, b"a"))),
        ("NULL", named(5, b"")),
        ("BOOLEAN", named(1, &[0xff])),
        ("OCTET STRING", named(4, b"a1998e")),
        ("45,000 characters", named(12, &b"a".repeat(45_000))),
        ("300 characters", named(12, &b"a".repeat(300))),
        ("40 attributes", request(&many, Some(&[]))),
        ("an OID that is none", request(&attribute(&[0x2a, 0x80], &tlv(12, b"x")), Some(&[]))),
        ("an empty OID", request(&attribute(&[], &tlv(12, b"x")), Some(&[]))),
        ("NUL in another attribute", {
            let other = attribute(&[0x55, 4, 11], &tlv(12, b"x\0"));
            request(&[attribute(CN, &tlv(12, b"a1998e")), other].concat(), Some(&[]))
        }),
    ];
    for (what, csr) in bad {
        let refused = authority.issue("admin", csr, Owner::Nobody).await.unwrap_err();
        assert!(matches!(refused, Refusal::Invalid(_) | Refusal::Unreadable(_)), "{what}: {refused}");
    }
    assert_eq!(count(&authority).await, 0);
}

#[tokio::test]
async fn strings_of_old_and_requests_without_attributes_are_read_and_signed_once() {
    let (_home, authority) = authority().await;
    let bmp: Vec<u8> = "dev8".encode_utf16().flat_map(u16::to_be_bytes).collect();
    for (what, csr, name) in [
        ("UTF8String", named(12, "Straße".as_bytes()), "Straße"),
        ("PrintableString", named(19, b"dev1"), "dev1"),
        ("IA5String", named(22, b"dev2"), "dev2"),
        ("NumericString", named(18, b"12345"), "12345"),
        ("VisibleString", named(26, b"dev3"), "dev3"),
        ("BMPString", named(30, &bmp), "dev8"),
        ("TeletexString", named(20, b"Stra\xdfe"), "Straße"),
        ("without attributes", request(&attribute(CN, &tlv(12, b"dev9")), None), "dev9"),
    ] {
        let before = count(&authority).await;
        let issued =
            authority.issue("admin", &csr, Owner::Nobody).await.unwrap_or_else(|e| panic!("{what}: {e}"));
        let leaf = Certificate::all_from_pem(&issued.certificate_pem).unwrap().remove(0);
        assert_eq!(leaf.common_names, [name], "{what}");
        assert_eq!(count(&authority).await, before + 1);
        let shown =
            openssl(&["x509", "-noout", "-subject", "-nameopt", "utf8"], issued.certificate_pem.as_bytes());
        assert!(shown.contains(name), "{what}: {shown}");
    }
}

#[tokio::test]
async fn alternative_names_have_the_form_of_their_kind() {
    let (_home, authority) = authority().await;
    let dns = |text: &[u8]| tlv(0x82, text);
    let good: &[(&str, Vec<u8>)] = &[
        ("a host", dns(b"broker.example.org")),
        ("a short host", dns(b"broker")),
        ("a wildcard in a domain", dns(b"*.example.org")),
        ("IPv4", tlv(0x87, &[192, 0, 2, 1])),
        ("IPv6", tlv(0x87, &[0; 16])),
        ("a mailbox", tlv(0x81, b"admin@example.org")),
        ("a URI", tlv(0x86, b"urn:uuid:f81d4fae-7dec-11d0-a765-00a0c91e6bf6")),
        ("a directory name", tlv(0xa4, &tlv(0x30, &attribute(CN, &tlv(12, b"x"))))),
        ("two", [dns(b"a.example"), tlv(0x87, &[10, 0, 0, 1])].concat()),
    ];
    for (what, names) in good {
        let issued = authority.issue("admin", &also_named(names), Owner::Nobody).await;
        assert!(issued.is_ok(), "{what}: {issued:?}");
    }
    let signed = count(&authority).await;
    let many: Vec<u8> = (0..200).flat_map(|n| dns(format!("host{n}.example").as_bytes())).collect();
    let bad: &[(&str, Vec<u8>)] = &[
        ("three octets of an address", tlv(0x87, &[1, 2, 3])),
        ("five octets of an address", tlv(0x87, &[1, 2, 3, 4, 5])),
        ("an address with a mask", tlv(0x87, &[10, 0, 0, 0, 255, 0, 0, 0])),
        ("no address", tlv(0x87, &[])),
        ("a host with NUL", dns(b"broker\0.example")),
        ("a host with a space", dns(b"a b")),
        ("a host with ESC", dns(b"a\x1b[2J")),
        ("a host above ASCII", dns("münchen.example".as_bytes())),
        ("an empty host", dns(b"")),
        ("a host with an empty label", dns(b"a..b")),
        ("a label of 64 characters", dns(&b"a".repeat(64))),
        ("the whole of a registry", dns(b"*.com")),
        ("everything", dns(b"*")),
        ("a star inside", dns(b"a*.example.org")),
        ("a mailbox without a host", tlv(0x81, b"admin@")),
        ("a mailbox that is none", tlv(0x81, b"admin")),
        ("a mailbox with NUL", tlv(0x81, b"a\0@example.org")),
        ("a URI without a scheme", tlv(0x86, b"//x")),
        ("a URI with a space", tlv(0x86, b"http://a b")),
        ("an empty URI", tlv(0x86, b"")),
        ("an empty directory name", tlv(0xa4, &tlv(0x30, b""))),
        ("a directory name with NUL", tlv(0xa4, &tlv(0x30, &attribute(CN, &tlv(12, b"a\0"))))),
        ("200 hosts", many),
        ("a kind that there is not", tlv(0x9e, b"x")),
        ("no DER", vec![0x82, 0x7f]),
    ];
    for (what, names) in bad {
        let refused = authority.issue("admin", &also_named(names), Owner::Nobody).await;
        assert!(refused.is_err(), "{what}");
    }
    assert_eq!(count(&authority).await, signed, "nothing was signed");
}
