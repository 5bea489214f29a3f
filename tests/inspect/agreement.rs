//! Every field of the JSON agrees with what openssl prints for the same file: 200 certificates over all key types,
//! extensions and states.

use std::{fs, path::Path};

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CrlDistributionPoint,
    CustomExtension, DistinguishedName, DnType, ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer,
    KeyIdMethod, KeyPair, KeyUsagePurpose, NameConstraints, RevocationReason, RevokedCertParams, SanType,
    SerialNumber,
};
use serde_json::Value;
use time::OffsetDateTime;

use super::platform;
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
        .args(["--ca", "revoking.pem", "--crl", "revoking.crl"])
        .run()
        .exits(0)
        .json();
    assert_eq!((made, said.len()), (200, 200));
    let list = openssl(home, &["crl", "-in", "revoking.crl", "-noout", "-text"]);
    for state in ["valid", "expires_soon", "expired", "not_yet_valid", "revoked", "on_hold"] {
        assert!(said.iter().any(|line| line["state"] == state), "no certificate is {state}");
    }
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
        agrees(line, &text, &list);
        wrapping(line, home);
    }
}

/// Checks the fields that surround the facts.
#[track_caller]
fn wrapping(line: &Value, home: &Path) {
    let source = line["source"].as_str().unwrap();
    let is_pem = fs::read(home.join(source)).unwrap().starts_with(b"-----");
    assert_eq!(line["encoding"], if is_pem { "pem" } else { "der" }, "{source}");
    assert_eq!((&line["schema"], &line["kind"]), (&"certreq.inspect/1".into(), &"certificate".into()));
    assert_eq!((&line["index"], &line["at"]), (&0.into(), &"2026-11-23T12:00:00Z".into()));
    // A field that is added must be compared here, too.
    let fields = line.as_object().unwrap().keys().map(String::as_str);
    let unknown: Vec<_> = fields.filter(|field| !FIELDS.contains(field)).collect();
    assert!(unknown.is_empty(), "{source}: {unknown:?} are compared with nothing");
}

/// Every field there is. `findings` are opinions openssl has none of; tests/inspect/check.rs has them.
const FIELDS: [&str; 33] = [
    "schema",
    "source",
    "index",
    "encoding",
    "kind",
    "state",
    "at",
    "remaining_seconds",
    "used_percent",
    "revocation",
    "findings",
    "subject",
    "common_names",
    "issuer",
    "serial",
    "version",
    "not_before",
    "not_after",
    "fingerprint",
    "signature_algorithm",
    "key",
    "is_ca",
    "path_length",
    "names",
    "key_usage",
    "extended_key_usage",
    "distribution_points",
    "ocsp_responders",
    "subject_key_id",
    "authority_key_id",
    "extensions",
    "pem",
    "code",
];

/// State, revocation and what is left, from openssl's dates and its print of the list.
#[track_caller]
fn standing(line: &Value, begins: &str, ends: &str, serial: &str, list: &str) {
    let source = &line["source"];
    let entry =
        list.split("Serial Number: ").skip(1).find(|entry| entry.split_whitespace().next() == Some(serial));
    let entry = entry.filter(|_| line["issuer"] == "CN=Revoking Issuer");
    // Dates in this form sort as text.
    let soon = "2026-12-03 12:00:00Z";
    let state = match entry {
        Some(entry) if entry.contains("Certificate Hold") => "on_hold",
        Some(_) => "revoked",
        None if ends < AT => "expired",
        None if begins > AT => "not_yet_valid",
        None if ends <= soon => "expires_soon",
        None => "valid",
    };
    assert_eq!(line["state"], state, "{source}");
    let revocation = &line["revocation"];
    let expected = match (entry, line["issuer"] == "CN=Revoking Issuer") {
        (Some(_), _) => state,
        // Lists may drop what expired before they were made (RFC 5280 §3.3), so its absence says nothing.
        (None, true) if ends < "2026-11-22 12:00:00Z" => "unknown",
        (None, true) => "good",
        // No list of theirs is at hand.
        (None, false) => "unknown",
    };
    assert_eq!(revocation["state"], expected, "{source}: {revocation}");
    if let Some(entry) = entry {
        let when = revocation["revoked_at"].as_str().or_else(|| revocation["on_hold_since"].as_str()).unwrap();
        let date = entry.lines().find_map(|line| line.trim().strip_prefix("Revocation Date: ")).unwrap();
        assert_eq!(platform::openssl_date(when), date, "{source}");
        let reason = revocation["reason"].as_str().unwrap_or("certificateHold").to_lowercase();
        assert!(entry.to_lowercase().replace(' ', "").contains(&reason), "{source}: {reason} in {entry}");
        assert_eq!(revocation["evidence"]["number"], "7");
        assert!(list.contains("X509v3 CRL Number: \n                7\n"), "{list}");
    }
    let second = |date: &str| {
        let format = time::format_description::well_known::Rfc3339;
        OffsetDateTime::parse(&date.replace(' ', "T"), &format).unwrap().unix_timestamp()
    };
    let (begin, end, now) = (second(begins), second(ends), second(AT));
    assert_eq!(line["remaining_seconds"], end - now, "{source}");
    // A lifetime counts its last second (RFC 5280 §4.1.2.5).
    let thousandths = ((now - begin) * 1000 / (end - begin + 1)).clamp(0, 1000);
    let thousandths = f64::from(i32::try_from(thousandths).unwrap());
    let used = line["used_percent"].as_f64().unwrap() * 10.0;
    assert!((used - thousandths).abs() <= 1.0, "{source}: {used} for {thousandths}");
}

#[track_caller]
fn agrees(line: &Value, text: &str, list: &str) {
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
    standing(line, begins, ends, after("serial="), list);
    for name in line["common_names"].as_array().unwrap() {
        let part = format!("CN={}", name.as_str().unwrap());
        assert!(after("subject=").split(", ").any(|one| one == part), "{source}: {part}");
    }
    let named = after("subject=").split(", ").filter(|part| part.starts_with("CN=")).count();
    assert_eq!(line["common_names"].as_array().unwrap().len(), named, "{source}");
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
    let responders: Vec<_> = list("ocsp_responders").iter().map(|url| format!("OCSP - URI:{url}")).collect();
    assert_eq!(responders.join(" "), expected("Authority Information Access:"), "{source}");
    listed(line, text);
}

/// The same extensions in the same order, as critical, with the same values.
#[track_caller]
fn listed(line: &Value, text: &str) {
    let source = &line["source"];
    let titles = section(text, "X509v3 extensions:").unwrap_or_default();
    let depth = |line: &str| line.len() - line.trim_start().len();
    let begin = text.lines().position(|line| line.trim() == "X509v3 extensions:");
    let heads: Vec<&str> = begin.map_or_else(Vec::new, |begin| {
        let rest = text.lines().skip(begin + 1).take(titles.len());
        rest.filter(|line| depth(line) == 12).map(str::trim).collect()
    });
    let all = line["extensions"].as_array().unwrap();
    let ours: Vec<String> = all.iter().map(head).collect();
    assert_eq!(ours, heads, "{source}\n{text}");
    for one in all {
        let title = head(one);
        let lines = section(text, title.trim_end_matches(" critical")).unwrap_or_default();
        let values = one["values"].as_array().map_or_else(Vec::new, |values| {
            values.iter().map(|value| value.as_str().unwrap().to_owned()).collect::<Vec<_>>()
        });
        let theirs = lines.join(" ");
        let same = match one["oid"].as_str().unwrap() {
            // Bytes: openssl draws them, with the text beside.
            "1.2.3.4.5" => one["hex"] == "04:03:01:02:03" && values.is_empty(),
            "2.5.29.15" => {
                theirs == values.iter().map(|name| openssl_usage(name)).collect::<Vec<_>>().join(", ")
            }
            "2.5.29.37" => {
                theirs == values.iter().map(|name| openssl_purpose(name)).collect::<Vec<_>>().join(", ")
            }
            "2.5.29.17" => values.len() == line["names"].as_array().unwrap().len(),
            "2.5.29.19" => theirs == values.join(", "),
            "2.5.29.14" | "2.5.29.35" => theirs == values.join(" "),
            "2.5.29.30" => {
                theirs == "Permitted: DNS:example.org Excluded: DNS:bad.example.org"
                    && values == ["permitted DNS:example.org", "excluded DNS:bad.example.org"]
            }
            "2.5.29.31" => {
                let urls = lines.iter().filter(|line| line.starts_with("URI:")).copied();
                values.join(" ") == urls.collect::<Vec<_>>().join(" ")
            }
            "1.3.6.1.5.5.7.1.1" => {
                let urls = line["ocsp_responders"].as_array().unwrap();
                let urls: Vec<_> =
                    urls.iter().map(|url| format!("OCSP - URI:{}", url.as_str().unwrap())).collect();
                theirs == urls.join(" ") && values.len() == urls.len()
            }
            other => panic!("{source}: {other} is compared with nothing"),
        };
        assert!(same, "{source}: {one}\nopenssl: {theirs}");
        assert!(one["malformed"].is_null(), "{source}: {one}");
    }
}

/// The line openssl prints above an extension's values.
fn head(one: &Value) -> String {
    let title = match one["name"].as_str() {
        Some("keyUsage") => "X509v3 Key Usage",
        Some("extKeyUsage") => "X509v3 Extended Key Usage",
        Some("subjectAltName") => "X509v3 Subject Alternative Name",
        Some("basicConstraints") => "X509v3 Basic Constraints",
        Some("subjectKeyIdentifier") => "X509v3 Subject Key Identifier",
        Some("authorityKeyIdentifier") => "X509v3 Authority Key Identifier",
        Some("nameConstraints") => "X509v3 Name Constraints",
        Some("cRLDistributionPoints") => "X509v3 CRL Distribution Points",
        Some("authorityInfoAccess") => "Authority Information Access",
        Some(other) => panic!("{other} is compared with nothing"),
        None => one["oid"].as_str().unwrap(),
    };
    let critical = if one["critical"] == true { " critical" } else { "" };
    format!("{title}:{critical}")
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
    let revoking = Revoking::new(directory);
    for index in 0..count {
        let mut ca = CertificateParams::default();
        ca.distinguished_name = name(index / 7, "Issuer");
        // Seven does not divide the number of keys: every key is signed by every other.
        let issuer = Issuer::new(ca, &keys[(index * 5 + index / 6) % keys.len()]);
        let (params, key) = (params(index), &keys[index % keys.len()]);
        let certificate = match index % 9 {
            4 => params.signed_by(key, &revoking.issuer).unwrap(),
            _ => params.signed_by(key, &issuer).unwrap(),
        };
        let pem = index.is_multiple_of(3);
        let bytes = if pem { certificate.pem().into_bytes() } else { certificate.der().to_vec() };
        fs::write(directory.join(format!("{index:03}")), bytes).unwrap();
    }
    count
}

/// An authority with a list: of the certificates it signed every third is revoked, every third on hold.
struct Revoking {
    issuer: Issuer<'static, KeyPair>,
}

impl Revoking {
    fn new(directory: &Path) -> Self {
        let home = directory.parent().unwrap();
        let key = KeyPair::generate().unwrap();
        let mut ca = CertificateParams::default();
        ca.distinguished_name = DistinguishedName::new();
        ca.distinguished_name.push(DnType::CommonName, "Revoking Issuer");
        ca.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        ca.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        fs::write(home.join("revoking.pem"), ca.self_signed(&key).unwrap().pem()).unwrap();
        let issuer = Issuer::new(ca, key);
        let day = |days: i64| OffsetDateTime::from_unix_timestamp(NOW + days * DAY).unwrap();
        let reasons = [RevocationReason::CertificateHold, RevocationReason::KeyCompromise];
        let revoked = (0..200).filter(|index| index % 9 == 4 && index % 3 != index / 9 % 3).map(|index| {
            RevokedCertParams {
                serial_number: SerialNumber::from(serial(index)),
                revocation_time: day(-2),
                reason_code: Some(reasons[index / 9 % 2]),
                invalidity_date: None,
            }
        });
        let list = CertificateRevocationListParams {
            this_update: day(-1),
            next_update: day(1),
            crl_number: SerialNumber::from(7_u64),
            issuing_distribution_point: None,
            revoked_certs: revoked.collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        fs::write(home.join("revoking.crl"), list.signed_by(&issuer).unwrap().pem().unwrap()).unwrap();
        Self { issuer }
    }
}

fn serial(index: usize) -> Vec<u8> {
    (0..=index % 20).map(|byte| u8::try_from((byte * 37 + index + 1) % 256).unwrap()).collect()
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
    params.serial_number = Some(SerialNumber::from(serial(index)));
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
    if index.is_multiple_of(4) {
        // authorityInfoAccess: one responder.
        let url = format!("http://pki.example/ocsp/{}", index % 10);
        let octets = |count: usize| u8::try_from(count).unwrap();
        let method = [0x06, 0x08, 0x2b, 0x06, 0x01, 0x05, 0x05, 0x07, 0x30, 0x01];
        let one = [&method[..], &[0x86, octets(url.len())], url.as_bytes()].concat();
        let all = [&[0x30, octets(one.len())][..], &one].concat();
        let value = [&[0x30, octets(all.len())][..], &all].concat();
        params.custom_extensions.push(CustomExtension::from_oid_content(&[1, 3, 6, 1, 5, 5, 7, 1, 1], value));
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
