//! Lists of every kind, and certificates they may speak for.

use std::fmt::Write;

use certreq::pki::certificate::Certificate;
use der::{
    Decode, Encode,
    asn1::{BitString, GeneralizedTime, Ia5String, OctetString, UtcTime},
    flagset::FlagSet,
};
use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DistinguishedName, DnType, DnValue, IsCa, Issuer,
    KeyPair, KeyUsagePurpose, SerialNumber, SigningKey,
};
use x509_cert::{
    crl::{CertificateList, RevokedCert, TbsCertList},
    der::oid::ObjectIdentifier,
    ext::{
        Extension,
        pkix::{
            CrlDistributionPoints,
            crl::{
                IssuingDistributionPoint,
                dp::{DistributionPoint, ReasonFlags, Reasons},
            },
            name::{DistributionPointName, GeneralName, GeneralNames},
        },
    },
    name::Name,
    spki::AlgorithmIdentifierOwned,
    time::Time,
};

use super::differential::{DAY, Dice, NOW, at};

const MINE: &str = "http://crl.test/mine";
const OTHER: &str = "http://crl.test/other";

/// Certificates, their issuer, what else is at hand, and the lists.
pub(super) struct Scene {
    pub(super) root: Certificate,
    /// A new key of the same authority, and an issuer of indirect lists; both certified by the root.
    pub(super) around: Vec<Certificate>,
    pub(super) leaves: Vec<Certificate>,
    pub(super) lists: Vec<Vec<u8>>,
    /// The places of leaves that a genuine list of the authority itself names.
    pub(super) named: Vec<usize>,
    /// Those that some genuine list revokes or puts on hold.
    pub(super) mentioned: Vec<usize>,
    /// The distribution points of each leaf, as text.
    pub(super) points: Vec<String>,
    /// One of the lists has no nextUpdate.
    pub(super) has_endless: bool,
    /// One of them is signed by an authority of another name.
    pub(super) has_other: bool,
    pub(super) what: String,
}

/// The authorities: made once, so that many scenes cost little.
pub(super) struct Makers {
    root: Certificate,
    issuer: Issuer<'static, KeyPair>,
    around: Vec<Certificate>,
    /// The root's key, the new one, that of the issuer of indirect lists, and that of another authority with the
    /// root's name.
    keys: [KeyPair; 4],
    leaf_key: KeyPair,
}

fn key() -> KeyPair {
    KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap()
}

fn copy(key: &KeyPair) -> KeyPair {
    KeyPair::try_from(key.serialize_der()).unwrap()
}

fn read(der: &[u8]) -> Certificate {
    Certificate::from_der(der.to_vec()).unwrap()
}

fn named(value: DnValue) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, value);
    (params.not_before, params.not_after) = (at(-1000 * DAY), at(1000 * DAY));
    params
}

fn name(value: DnValue) -> Name {
    let params = named(value);
    let made = params.self_signed(&key()).unwrap();
    x509_cert::Certificate::from_der(made.der()).unwrap().tbs_certificate().subject().clone()
}

fn text(value: &str) -> DnValue {
    DnValue::Utf8String(value.to_owned())
}

impl Makers {
    pub(super) fn new() -> Self {
        let keys = [key(), key(), key(), key()];
        let mut top = named(text("Root Authority"));
        top.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        top.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let root = read(top.self_signed(&keys[0]).unwrap().der());
        let issuer = Issuer::new(top.clone(), copy(&keys[0]));
        let mut of_lists = named(text("Lists"));
        of_lists.key_usages = vec![KeyUsagePurpose::CrlSign];
        let around = vec![
            read(top.signed_by(&keys[1], &issuer).unwrap().der()),
            read(of_lists.signed_by(&keys[2], &issuer).unwrap().der()),
        ];
        Self { root, issuer, around, keys, leaf_key: key() }
    }

    pub(super) fn scene(&self, dice: &mut Dice) -> Scene {
        let mut what = String::new();
        let (leaves, points) = (1..=5).map(|serial| self.leaf(serial, dice, &mut what)).unzip();
        let mut scene = Scene {
            root: self.root.clone(),
            around: self.around.clone(),
            leaves,
            lists: Vec::new(),
            named: Vec::new(),
            mentioned: Vec::new(),
            points,
            has_endless: false,
            has_other: false,
            what,
        };
        for _ in 0..=dice.roll(3) {
            self.list(dice, &mut scene);
        }
        scene
    }

    fn leaf(&self, serial: u64, dice: &mut Dice, what: &mut String) -> (Certificate, String) {
        let mut params = named(text("leaf"));
        params.serial_number = Some(SerialNumber::from(serial));
        if dice.one_in(4) {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            what.push_str("CA ");
        }
        let points = points(dice);
        let words = shown(&points);
        writeln!(what, "{serial}: {words}").unwrap();
        if !points.is_empty() {
            let der = CrlDistributionPoints(points).to_der().unwrap();
            params.custom_extensions.push(CustomExtension::from_oid_content(&[2, 5, 29, 31], der));
        }
        (read(params.signed_by(&self.leaf_key, &self.issuer).unwrap().der()), words)
    }

    fn list(&self, dice: &mut Dice, scene: &mut Scene) {
        let by = match dice.roll(10) {
            0 => 1,
            1 | 2 => 2,
            3 => 3,
            _ => 0,
        };
        let issuer = match (by, dice.roll(5)) {
            (2, _) => name(text("Lists")),
            (_, 0) => name(DnValue::PrintableString("Root Authority".try_into().unwrap())),
            (_, 1) => name(text("root  AUTHORITY ")),
            _ => name(text("Root Authority")),
        };
        let (from, to) = match dice.roll(8) {
            0 => (-20, Some(-1)),
            1 => (1, Some(20)),
            2 => (-5, None),
            _ => (-5, Some(5)),
        };
        let extensions = extensions(dice, by == 2);
        let is_indirect = extensions.iter().any(|one| one.extn_value.as_bytes().ends_with(&[0x84, 1, 0xff]));
        let entries: Vec<RevokedCert> = (1..=5).filter_map(|serial| entry(serial, is_indirect, dice)).collect();
        let algorithm = AlgorithmIdentifierOwned {
            oid: ObjectIdentifier::new_unwrap("1.2.840.10045.4.3.2"),
            parameters: None,
        };
        let tbs_cert_list = TbsCertList {
            version: x509_cert::Version::V2,
            signature: algorithm.clone(),
            issuer,
            this_update: moment(from),
            next_update: to.map(moment),
            revoked_certificates: (!entries.is_empty()).then_some(entries),
            crl_extensions: (!extensions.is_empty()).then_some(extensions),
        };
        let mut signature = self.keys[by].sign(&tbs_cert_list.to_der().unwrap()).unwrap();
        let is_forged = dice.one_in(10);
        if is_forged {
            // In the middle of one of its two numbers.
            signature[20] ^= 1;
        }
        let entries = || tbs_cert_list.revoked_certificates.iter().flatten();
        if by < 2 && !is_forged && is_usable(&tbs_cert_list) {
            scene.named.extend(entries().filter(|entry| !has_reason(entry, &[6, 8])).map(place));
        }
        if by < 3 && !is_forged {
            scene.mentioned.extend(entries().filter(|entry| !has_reason(entry, &[8])).map(place));
        }
        scene.has_endless |= to.is_none();
        scene.has_other |= by == 2;
        let parts = (tbs_cert_list.issuer.to_string(), (from, to), words(&tbs_cert_list));
        writeln!(scene.what, "list by {by}, forged {is_forged}: {parts:?}").unwrap();
        let signature = BitString::from_bytes(&signature).unwrap();
        let list: CertificateList =
            CertificateList { tbs_cert_list, signature_algorithm: algorithm, signature };
        scene.lists.push(list.to_der().unwrap());
    }
}

/// All critical extensions of the list are known, and it is not a list for attribute certificates.
fn is_usable(list: &TbsCertList) -> bool {
    let of_list = || list.crl_extensions.iter().flatten();
    let of_entries = list.revoked_certificates.iter().flatten().flat_map(|entry| &entry.crl_entry_extensions);
    let mut critical = of_list().chain(of_entries.flatten()).filter(|one| one.critical);
    let is_for_attributes = |one: &Extension| {
        one.extn_id.to_string() == "2.5.29.28" && one.extn_value.as_bytes().ends_with(&[0x85, 1, 0xff])
    };
    critical.all(|one| ["2.5.29.27", "2.5.29.28"].contains(&one.extn_id.to_string().as_str()))
        && !of_list().any(is_for_attributes)
}

/// The entry has one of these reasons.
fn has_reason(entry: &RevokedCert, reasons: &[u8]) -> bool {
    entry.crl_entry_extensions.iter().flatten().any(|one| {
        let value = one.extn_value.as_bytes();
        one.extn_id.to_string() == "2.5.29.21" && reasons.iter().any(|reason| value == [10, 1, *reason])
    })
}

fn place(entry: &RevokedCert) -> usize {
    usize::from(entry.serial_number.as_bytes()[0]) - 1
}

/// The distribution points of a certificate, as text: names, reasons, and whether an issuer is named.
fn shown(points: &[DistributionPoint]) -> String {
    let name = |point: &DistributionPoint| match &point.distribution_point {
        None => "no name".to_owned(),
        Some(DistributionPointName::FullName(names)) => {
            let names: Vec<String> = names.iter().map(address).collect();
            names.join("+")
        }
        Some(DistributionPointName::NameRelativeToCRLIssuer(_)) => "relative".to_owned(),
    };
    let point = |point: &DistributionPoint| {
        let reasons = point.reasons.map(FlagSet::bits);
        format!("{} reasons {reasons:?} of Lists {}", name(point), point.crl_issuer.is_some())
    };
    points.iter().map(point).collect::<Vec<_>>().join("; ")
}

fn address(name: &GeneralName) -> String {
    match name {
        GeneralName::UniformResourceIdentifier(text) => {
            text.as_str().trim_start_matches("http://crl.test/").to_owned()
        }
        _ => "directory".to_owned(),
    }
}

/// Text of a list: its extensions and entries.
fn words(list: &TbsCertList) -> String {
    let extension = |one: &Extension| {
        let value = one.extn_value.as_bytes();
        let point =
            IssuingDistributionPoint::from_der(value).ok().filter(|_| one.extn_id.to_string() == "2.5.29.28");
        let value = match point {
            Some(it) => {
                let only =
                    (it.only_contains_user_certs, it.only_contains_ca_certs, it.only_contains_attribute_certs);
                let name = DistributionPoint {
                    distribution_point: it.distribution_point,
                    reasons: it.only_some_reasons,
                    crl_issuer: None,
                };
                format!("{} only user, CA, attribute {only:?} indirect {}", shown(&[name]), it.indirect_crl)
            }
            None if value.len() < 5 => format!("{value:?}"),
            None => String::new(),
        };
        format!("{}{} {value}", one.extn_id, if one.critical { "!" } else { "" })
    };
    let all = |of: &Option<Vec<Extension>>| of.iter().flatten().map(extension).collect::<Vec<_>>().join(", ");
    let entries = list.revoked_certificates.iter().flatten();
    let entries =
        entries.map(|one| format!("{:?}({})", one.serial_number.as_bytes(), all(&one.crl_entry_extensions)));
    format!("{} | {}", all(&list.crl_extensions), entries.collect::<Vec<_>>().join(" "))
}

fn moment(days: i64) -> Time {
    let seconds = u64::try_from(NOW + days * DAY).unwrap();
    Time::UtcTime(UtcTime::from_unix_duration(std::time::Duration::from_secs(seconds)).unwrap())
}

fn uri(text: &str) -> GeneralName {
    GeneralName::UniformResourceIdentifier(Ia5String::new(text).unwrap())
}

/// The name of a point: one address, another, both, or what completes the name of an issuer.
fn point_name(dice: &mut Dice) -> Option<DistributionPointName> {
    let names = match dice.roll(8) {
        0 => return None,
        1 | 2 => vec![uri(OTHER)],
        3 => vec![uri(OTHER), uri(MINE)],
        4 => {
            let relative = name(text("point")).iter_rdn().next().unwrap().clone();
            return Some(DistributionPointName::NameRelativeToCRLIssuer(relative));
        }
        _ => vec![uri(MINE)],
    };
    Some(DistributionPointName::FullName(names))
}

fn some_reasons(dice: &mut Dice) -> ReasonFlags {
    if dice.one_in(2) {
        return Reasons::KeyCompromise | Reasons::CaCompromise;
    }
    FlagSet::<Reasons>::full() - Reasons::KeyCompromise - Reasons::CaCompromise - Reasons::Unused
}

/// Distribution points of a certificate.
fn points(dice: &mut Dice) -> Vec<DistributionPoint> {
    let number = match dice.roll(4) {
        0 => 0,
        1 => 2,
        _ => 1,
    };
    let mut points = Vec::new();
    for _ in 0..number {
        let crl_issuer: Option<GeneralNames> =
            dice.one_in(4).then(|| vec![GeneralName::DirectoryName(name(text("Lists")))]);
        let distribution_point = point_name(dice);
        // RFC 5280 §4.2.1.13: never without both.
        let distribution_point = match (&crl_issuer, distribution_point) {
            (None, None) => Some(DistributionPointName::FullName(vec![uri(MINE)])),
            (_, point) => point,
        };
        let reasons = dice.one_in(4).then(|| some_reasons(dice));
        points.push(DistributionPoint { distribution_point, reasons, crl_issuer });
    }
    points
}

fn extension(oid: &str, critical: bool, value: Vec<u8>) -> Extension {
    let extn_id = ObjectIdentifier::new_unwrap(oid);
    Extension { extn_id, critical, extn_value: OctetString::new(value).unwrap() }
}

/// Those of a list.
fn extensions(dice: &mut Dice, is_indirect: bool) -> Vec<Extension> {
    let mut found = Vec::new();
    let number = |number: u64| vec![2, 1, u8::try_from(number).unwrap()];
    if !dice.one_in(8) {
        found.push(extension("2.5.29.20", dice.one_in(30), number(1 + dice.roll(5))));
    }
    if dice.one_in(10) {
        found.push(extension("2.5.29.27", true, number(1 + dice.roll(5))));
    }
    if is_indirect || dice.one_in(2) {
        let only = dice.roll(6);
        let point = IssuingDistributionPoint {
            distribution_point: point_name(dice),
            only_contains_user_certs: only == 0,
            only_contains_ca_certs: only == 1,
            only_some_reasons: dice.one_in(3).then(|| some_reasons(dice)),
            indirect_crl: if is_indirect { !dice.one_in(8) } else { dice.one_in(10) },
            only_contains_attribute_certs: only != 0 && only != 1 && dice.one_in(20),
        };
        found.push(extension("2.5.29.28", !dice.one_in(8), point.to_der().unwrap()));
    }
    if dice.one_in(12) {
        found.push(extension("1.2.3.4", dice.one_in(2), vec![5, 0]));
    }
    found
}

/// That of a serial number, if the list has one.
fn entry(serial: u8, is_indirect: bool, dice: &mut Dice) -> Option<RevokedCert> {
    if !dice.one_in(5) {
        return None;
    }
    let mut found = Vec::new();
    match dice.roll(6) {
        0 | 1 => found.push(extension("2.5.29.21", false, vec![10, 1, 1])),
        2 => found.push(extension("2.5.29.21", false, vec![10, 1, 6])),
        3 => found.push(extension("2.5.29.21", false, vec![10, 1, 8])),
        _ => {}
    }
    if dice.one_in(4) {
        let seconds = std::time::Duration::from_secs(u64::try_from(NOW - 9 * DAY).unwrap());
        let date = GeneralizedTime::from_unix_duration(seconds).unwrap();
        found.push(extension("2.5.29.24", false, date.to_der().unwrap()));
    }
    if is_indirect && !dice.one_in(3) {
        let whose = if dice.one_in(4) { "Somebody" } else { "Root Authority" };
        let names: GeneralNames = vec![GeneralName::DirectoryName(name(text(whose)))];
        found.push(extension("2.5.29.29", true, names.to_der().unwrap()));
    }
    if dice.one_in(20) {
        found.push(extension("1.2.3.5", dice.one_in(2), vec![5, 0]));
    }
    Some(RevokedCert {
        serial_number: x509_cert::serial_number::SerialNumber::new(&[serial]).unwrap(),
        revocation_date: moment(-8),
        crl_entry_extensions: (!found.is_empty()).then_some(found),
    })
}
