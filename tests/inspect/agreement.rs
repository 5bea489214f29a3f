//! Every field of the JSON agrees with what openssl prints for the same file: 200 certificates over all key types,
//! extensions and states.

use std::{fs, path::Path};

use rcgen::{
    BasicConstraints, CertificateParams, CrlDistributionPoint, CustomExtension, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyPair, KeyUsagePurpose, NameConstraints, SanType,
    SerialNumber,
};
use serde_json::Value;
use time::OffsetDateTime;

use crate::support::{platform::workplace, terminal::certreq, tools::openssl};

/// Everything is judged at this moment, written as openssl writes dates.
const AT: &str = "2026-11-23 12:00:00Z";
const DAY: i64 = 86_400;
const NOW: i64 = 1_795_435_200;

#[test]
fn two_hundred_certificates_say_to_us_what_they_say_to_openssl() {
    let place = workplace();
    let home = place.path();
    fs::create_dir(home.join("all")).unwrap();
    let made = usual(&home.join("all"), 193) + unusual(home);
    let said = certreq(home)
        .args(["inspect", "--format", "json", "--within", "10d", "--at", "2026-11-23T12:00:00Z", "all"])
        .run()
        .exits(0)
        .json();
    assert_eq!((made, said.len()), (200, 200));
    for line in &said {
        let text = openssl(
            home,
            &[
                "x509",
                "-in",
                line["source"].as_str().unwrap(),
                "-noout",
                "-subject",
                "-issuer",
                "-serial",
                "-dates",
                "-dateopt",
                "iso_8601",
                "-fingerprint",
                "-sha256",
                "-pubkey",
                "-text",
                "-nameopt",
                "esc_2253,utf8,sep_comma_plus_space,sname",
            ],
        );
        agrees(line, &text);
    }
}

#[track_caller]
fn agrees(line: &Value, text: &str) {
    let source = line["source"].as_str().unwrap();
    let after = |prefix: &str| {
        let found = text.lines().find_map(|line| line.trim_start().strip_prefix(prefix));
        found.unwrap_or_else(|| panic!("{source}: no {prefix} in\n{text}"))
    };
    let same = |field: &str, expected: &str| assert_eq!(line[field], expected, "{source}: {field}\n{text}");
    same("subject", after("subject="));
    same("issuer", after("issuer="));
    let algorithm = match after("Signature Algorithm: ").trim() {
        // openssl tells the digest on a line of its own.
        "rsassaPss" => format!("rsassaPss {}", after("Hash Algorithm: ").to_uppercase()),
        other => other.to_owned(),
    };
    same("signature_algorithm", &algorithm);
    same("fingerprint", after("sha256 Fingerprint="));
    let serial = line["serial"].as_str().unwrap().replace(':', "");
    assert_eq!(serial.trim_start_matches("00"), after("serial="), "{source}");
    let date = |field: &str| line[field].as_str().unwrap().replace('T', " ");
    let (begins, ends) = (after("notBefore="), after("notAfter="));
    assert_eq!((date("not_before").as_str(), date("not_after").as_str()), (begins, ends), "{source}");
    // Dates in this form sort as text.
    let soon = "2026-12-03 12:00:00Z";
    let state = match () {
        () if ends < AT => "expired",
        () if begins > AT => "not_yet_valid",
        () if ends <= soon => "expires_soon",
        () => "valid",
    };
    same("state", state);
    assert_eq!(line["version"].as_u64().unwrap().to_string(), after("Version: ")[..1], "{source}");
    key(line, text);
    extensions(line, text);
}

#[track_caller]
fn key(line: &Value, text: &str) {
    let source = &line["source"];
    let key = &line["key"];
    assert_eq!(key["spki_sha256"], sha256(text), "{source}");
    let value = |prefix: &str| text.lines().find_map(|line| line.trim().strip_prefix(prefix));
    if let Some(bits) = value("Public-Key: (") {
        assert_eq!(key["bits"].to_string(), bits.trim_end_matches(" bit)"), "{source}");
    }
    let curve = value("NIST CURVE: ").or_else(|| value("ASN1 OID: "));
    assert_eq!(key["curve"].as_str(), curve, "{source}");
    let algorithm = match value("Public Key Algorithm: ").expect("a key") {
        "rsaEncryption" => "rsa",
        "rsassaPss" => "rsa_pss",
        "id-ecPublicKey" => "ec",
        "dsaEncryption" => "dsa",
        "ED25519" => "ed25519",
        "ED448" => "ed448",
        other => panic!("{other}"),
    };
    assert_eq!(key["algorithm"], algorithm, "{source}");
}

/// The lines below an extension's title.
fn section<'a>(text: &'a str, title: &str) -> Option<Vec<&'a str>> {
    let mut lines = text.lines().skip_while(|line| !line.trim_start().starts_with(title));
    let indent = |line: &str| line.len() - line.trim_start().len();
    let depth = indent(lines.next()?);
    Some(lines.take_while(|line| indent(line) > depth).map(str::trim).collect())
}

#[track_caller]
fn extensions(line: &Value, text: &str) {
    let source = &line["source"];
    let list = |field: &str| {
        let values = line[field].as_array().unwrap();
        values.iter().map(|value| value.as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    let expected = |title: &str| section(text, title).map(|lines| lines.join(" ")).unwrap_or_default();
    let usage: Vec<_> = list("key_usage").iter().map(|name| openssl_usage(name)).collect();
    assert_eq!(usage.join(", "), expected("X509v3 Key Usage:"), "{source}");
    let purposes: Vec<_> = list("extended_key_usage").iter().map(|name| openssl_purpose(name)).collect();
    assert_eq!(purposes.join(", "), expected("X509v3 Extended Key Usage:"), "{source}");
    let names: Vec<_> = line["names"].as_array().unwrap().iter().map(openssl_name).collect();
    assert_eq!(names.join(", "), expected("X509v3 Subject Alternative Name:"), "{source}");
    let urls = section(text, "X509v3 CRL Distribution Points:").unwrap_or_default();
    let urls: Vec<_> = urls.iter().filter_map(|line| line.strip_prefix("URI:")).map(str::to_owned).collect();
    assert_eq!(list("distribution_points"), urls, "{source}");
    let text_of = |field: &str| line[field].as_str().unwrap_or_default().to_owned();
    assert_eq!(text_of("subject_key_id"), expected("X509v3 Subject Key Identifier:"), "{source}");
    assert_eq!(text_of("authority_key_id"), expected("X509v3 Authority Key Identifier:"), "{source}");
    let mut constraints = expected("X509v3 Basic Constraints:");
    if constraints.is_empty() {
        constraints.push_str("CA:FALSE");
    }
    let length = line["path_length"].as_u64().map(|length| format!(", pathlen:{length}")).unwrap_or_default();
    let ca = if line["is_ca"] == true { "TRUE" } else { "FALSE" };
    assert_eq!(format!("CA:{ca}{length}"), constraints, "{source}");
    counted(line, text);
}

/// As many extensions, as many of them critical.
#[track_caller]
fn counted(line: &Value, text: &str) {
    let listed = line["extensions"].as_array().unwrap();
    let critical = listed.iter().filter(|one| one["critical"] == true).count();
    let all = section(text, "X509v3 extensions:").unwrap_or_default();
    assert_eq!(
        critical,
        all.iter().filter(|line| line.ends_with(": critical")).count(),
        "{}\n{text}",
        line["source"]
    );
    if let Some(odd) = listed.iter().find(|one| one["oid"] == "1.2.3.4.5") {
        assert_eq!(odd["hex"], "04:03:01:02:03");
        assert!(text.contains("1.2.3.4.5:"), "{text}");
    }
}

fn openssl_usage(name: &str) -> &'static str {
    match name {
        "digitalSignature" => "Digital Signature",
        "nonRepudiation" => "Non Repudiation",
        "keyEncipherment" => "Key Encipherment",
        "dataEncipherment" => "Data Encipherment",
        "keyAgreement" => "Key Agreement",
        "keyCertSign" => "Certificate Sign",
        "cRLSign" => "CRL Sign",
        "encipherOnly" => "Encipher Only",
        "decipherOnly" => "Decipher Only",
        other => panic!("{other}"),
    }
}

fn openssl_purpose(name: &str) -> String {
    let words = match name {
        "serverAuth" => "TLS Web Server Authentication",
        "clientAuth" => "TLS Web Client Authentication",
        "codeSigning" => "Code Signing",
        "emailProtection" => "E-mail Protection",
        "timeStamping" => "Time Stamping",
        "OCSPSigning" => "OCSP Signing",
        "anyExtendedKeyUsage" => "Any Extended Key Usage",
        oid => oid,
    };
    words.to_owned()
}

fn openssl_name(name: &Value) -> String {
    let value = name["value"].as_str().unwrap();
    match name["type"].as_str().unwrap() {
        "dns" => format!("DNS:{value}"),
        "email" => format!("email:{value}"),
        "uri" => format!("URI:{value}"),
        "ip" => match value.parse().expect("an address") {
            std::net::IpAddr::V4(address) => format!("IP Address:{address}"),
            // openssl does not shorten.
            std::net::IpAddr::V6(address) => {
                let groups = address.segments().map(|group| format!("{group:X}"));
                format!("IP Address:{}", groups.join(":"))
            }
        },
        other => panic!("{other}"),
    }
}

/// Certificates in every combination that turns up by counting, as files of `directory`.
fn usual(directory: &Path, count: usize) -> usize {
    let rsa = |size| KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, size).unwrap();
    let mut keys: Vec<KeyPair> = [
        &rcgen::PKCS_ECDSA_P256_SHA256,
        &rcgen::PKCS_ECDSA_P384_SHA384,
        &rcgen::PKCS_ECDSA_P521_SHA512,
        &rcgen::PKCS_ED25519,
    ]
    .into_iter()
    .map(|algorithm| KeyPair::generate_for(algorithm).unwrap())
    .collect();
    keys.extend([rsa(rcgen::RsaKeySize::_2048), rsa(rcgen::RsaKeySize::_3072)]);
    for index in 0..count {
        let mut ca = CertificateParams::default();
        ca.distinguished_name = name(index / 7, "Issuer");
        // Seven does not divide the number of keys: every key is signed by every other.
        let issuer = Issuer::new(ca, &keys[(index * 5 + index / 6) % keys.len()]);
        let certificate = params(index).signed_by(&keys[index % keys.len()], &issuer).unwrap();
        let pem = index.is_multiple_of(3);
        let bytes = if pem { certificate.pem().into_bytes() } else { certificate.der().to_vec() };
        fs::write(directory.join(format!("{index:03}")), bytes).unwrap();
    }
    count
}

fn name(index: usize, what: &str) -> DistinguishedName {
    let mut name = DistinguishedName::new();
    let parts: [&[(DnType, &str)]; 6] = [
        &[],
        &[(DnType::OrganizationName, "Acme, Inc. + \"Sons\" <x>; \\")],
        &[
            (DnType::CountryName, "DE"),
            (DnType::StateOrProvinceName, "Bayern"),
            (DnType::LocalityName, "Straße 北"),
        ],
        &[(DnType::OrganizationalUnitName, "#1 "), (DnType::CustomDnType(vec![2, 5, 4, 5]), "0042")],
        &[(DnType::CustomDnType(vec![1, 2, 840, 113_549, 1, 9, 1]), "ops@example.org")],
        &[(DnType::CustomDnType(vec![0, 9, 2342, 19_200_300, 100, 1, 25]), "example")],
    ];
    for (kind, value) in parts[index % parts.len()] {
        name.push(kind.clone(), *value);
    }
    name.push(DnType::CommonName, format!("{what} {index}"));
    name
}

fn params(index: usize) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = name(index, "device");
    let (begin, end) =
        [(-100, 265), (-400, -35), (30, 395), (-360, 5), (-27_000, 10_000), (-1, 40_000)][index % 6];
    let day = |days: i64| OffsetDateTime::from_unix_timestamp(NOW + days * DAY + 1).unwrap();
    (params.not_before, params.not_after) = (day(begin), day(end));
    let serial: Vec<u8> =
        (0..=index % 20).map(|byte| u8::try_from((byte * 37 + index + 1) % 256).unwrap()).collect();
    params.serial_number = Some(SerialNumber::from(serial));
    params.subject_alt_names = names(index);
    params.key_usages = subset(&USAGES, index);
    params.extended_key_usages = subset(&PURPOSES, index / 2);
    params.use_authority_key_identifier_extension = index.is_multiple_of(2);
    params.is_ca = match index % 5 {
        1 => IsCa::ExplicitNoCa,
        2 => IsCa::Ca(BasicConstraints::Unconstrained),
        3 => IsCa::Ca(BasicConstraints::Constrained(u8::try_from(index % 3).unwrap())),
        _ => IsCa::NoCa,
    };
    if matches!(params.is_ca, IsCa::Ca(_)) && index.is_multiple_of(4) {
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees: vec![GeneralSubtree::DnsName("example.org".to_owned())],
            excluded_subtrees: vec![GeneralSubtree::DnsName("bad.example.org".to_owned())],
        });
    }
    if index.is_multiple_of(3) {
        let uris = (0..=index % 2).map(|number| format!("http://pki.example/{index}/{number}.crl")).collect();
        params.crl_distribution_points = vec![CrlDistributionPoint { uris }];
    }
    if index.is_multiple_of(7) {
        let mut odd = CustomExtension::from_oid_content(&[1, 2, 3, 4, 5], vec![4, 3, 1, 2, 3]);
        odd.set_criticality(index.is_multiple_of(2));
        params.custom_extensions.push(odd);
    }
    params
}

fn names(index: usize) -> Vec<SanType> {
    let text = |text: String| text.try_into().expect("ASCII");
    let all = [
        SanType::DnsName(text(format!("d{index}.example.org"))),
        SanType::IpAddress("192.0.2.7".parse().unwrap()),
        SanType::IpAddress("2001:db8::7:0:1".parse().unwrap()),
        SanType::Rfc822Name(text("ops@example.org".to_owned())),
        SanType::URI(text(format!("urn:device:{index}"))),
    ];
    subset(&all, index)
}

const USAGES: [KeyUsagePurpose; 9] = [
    KeyUsagePurpose::DigitalSignature,
    KeyUsagePurpose::ContentCommitment,
    KeyUsagePurpose::KeyEncipherment,
    KeyUsagePurpose::DataEncipherment,
    KeyUsagePurpose::KeyAgreement,
    KeyUsagePurpose::KeyCertSign,
    KeyUsagePurpose::CrlSign,
    KeyUsagePurpose::EncipherOnly,
    KeyUsagePurpose::DecipherOnly,
];

const PURPOSES: [ExtendedKeyUsagePurpose; 8] = [
    ExtendedKeyUsagePurpose::ClientAuth,
    ExtendedKeyUsagePurpose::ServerAuth,
    ExtendedKeyUsagePurpose::EmailProtection,
    ExtendedKeyUsagePurpose::CodeSigning,
    ExtendedKeyUsagePurpose::OcspSigning,
    ExtendedKeyUsagePurpose::TimeStamping,
    ExtendedKeyUsagePurpose::Any,
    ExtendedKeyUsagePurpose::Other(Vec::new()),
];

/// The elements whose bits are set in a number that looks random.
fn subset<T: Clone>(all: &[T], index: usize) -> Vec<T> {
    let bits = (index + 1).wrapping_mul(0x9E37) >> 3;
    all.iter()
        .take(all.len().min(7))
        .enumerate()
        .filter(|(bit, _)| bits >> bit & 1 == 1)
        .map(|(_, one)| one.clone())
        .collect()
}

/// Keys and signatures rcgen does not make.
fn unusual(home: &Path) -> usize {
    openssl(home, &["dsaparam", "-out", "dsa.par", "1024"]);
    let keys: [(&str, &[&str], &[&str]); 7] = [
        ("rsa1024", &["-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:1024"], &["-sha1"]),
        ("rsa1031", &["-algorithm", "rsa", "-pkeyopt", "rsa_keygen_bits:1031"], &["-sha512"]),
        ("pss", &["-algorithm", "rsa-pss", "-pkeyopt", "rsa_keygen_bits:2048"], &["-sha256"]),
        ("p224", &["-algorithm", "ec", "-pkeyopt", "ec_paramgen_curve:P-224"], &["-sha224"]),
        ("secp256k1", &["-algorithm", "ec", "-pkeyopt", "ec_paramgen_curve:secp256k1"], &["-sha256"]),
        ("ed448", &["-algorithm", "ed448"], &[]),
        ("dsa", &["-paramfile", "dsa.par"], &["-sha256"]),
    ];
    for (name, make, digest) in keys {
        openssl(home, &[&["genpkey", "-out", name], make].concat());
        let subject = format!("/CN={name}/2.5.4.42=given/1.3.6.1.4.1.99999=unknown type");
        let out = format!("all/{name}");
        let args = ["req", "-x509", "-key", name, "-out", &out, "-days", "3650", "-subj", &subject];
        openssl(home, &[&args[..], digest].concat());
    }
    keys.len()
}

/// SHA-256 of the public key openssl printed as PEM, as pairs with colons.
fn sha256(text: &str) -> String {
    let begin = text.find("-----BEGIN PUBLIC KEY-----").expect("a key");
    let pem = pem::parse(&text[begin..]).expect("PEM");
    certreq::pki::fingerprint::Fingerprint::of(pem.contents()).to_string()
}
