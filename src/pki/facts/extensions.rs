//! Extensions (RFC 5280 §4.2), decoded into words.

use der::{Decode, asn1::ObjectIdentifier};
use serde::Serialize;
use x509_parser::{
    extensions::{
        AuthorityKeyIdentifier, CRLDistributionPoint, DistributionPointName, GeneralName,
        IssuingDistributionPoint, KeyUsage, NameConstraints, ParsedExtension, PolicyConstraints,
        PolicyInformation, ReasonFlags, X509Extension,
    },
    prelude::GeneralSubtree,
};

use super::values;
use crate::pki::{hex, names::Name, oid, time::Time};

/// One extension: its decoded values, or its bytes when it is not decoded here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ExtensionFacts {
    pub oid: String,
    /// The RFC's name for it.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<&'static str>,
    pub critical: bool,
    /// One statement each, in the order they are encoded.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub values: Vec<String>,
    /// The value's DER, when it was not decoded.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hex: Option<String>,
    /// It has a name here, and its bytes do not follow its definition.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub malformed: bool,
}

impl ExtensionFacts {
    pub(crate) fn of(extension: &X509Extension<'_>) -> Self {
        let dotted = extension.oid.to_id_string();
        let values = decoded(&dotted, extension.value, extension.parsed_extension())
            .or_else(|| values::of(&dotted, extension.value));
        Self {
            name: oid::extension(&dotted),
            critical: extension.critical,
            hex: values.is_none().then(|| hex::pairs(extension.value)),
            malformed: values.is_none() && oid::extension(&dotted).is_some(),
            values: values.unwrap_or_default(),
            oid: dotted,
        }
    }
}

fn decoded(dotted: &str, value: &[u8], parsed: &ParsedExtension<'_>) -> Option<Vec<String>> {
    Some(match parsed {
        ParsedExtension::AuthorityKeyIdentifier(id) => authority_key(id),
        ParsedExtension::SubjectKeyIdentifier(id) => vec![hex::pairs(id.0)],
        ParsedExtension::KeyUsage(usage) => key_usage(*usage).into_iter().map(str::to_owned).collect(),
        ParsedExtension::CertificatePolicies(policies) => policies.iter().map(policy).collect(),
        ParsedExtension::PolicyMappings(mappings) => mappings
            .mappings
            .iter()
            .map(|map| format!("{} is {}", map.issuer_domain_policy, map.subject_domain_policy))
            .collect(),
        ParsedExtension::SubjectAlternativeName(names) => general_names(&names.general_names),
        ParsedExtension::IssuerAlternativeName(names) => general_names(&names.general_names),
        ParsedExtension::BasicConstraints(constraints) => {
            let mut values = vec![format!("CA:{}", if constraints.ca { "TRUE" } else { "FALSE" })];
            values.extend(constraints.path_len_constraint.map(|length| format!("pathlen:{length}")));
            values
        }
        ParsedExtension::NameConstraints(constraints) => name_constraints(constraints),
        ParsedExtension::PolicyConstraints(constraints) => policy_constraints(constraints),
        ParsedExtension::ExtendedKeyUsage(_) => return purposes(value),
        // The same type serves the certificate's and the delta list's distribution points.
        ParsedExtension::CRLDistributionPoints(points) => points.iter().map(distribution_point).collect(),
        ParsedExtension::InhibitAnyPolicy(inhibit) => vec![format!("skip {}", inhibit.skip_certs)],
        ParsedExtension::AuthorityInfoAccess(access) => access
            .iter()
            .map(|one| format!("{} {}", oid::access_method(&one.access_method), Name::of(&one.access_location)))
            .collect(),
        ParsedExtension::SubjectInfoAccess(access) => access
            .iter()
            .map(|one| format!("{} {}", oid::access_method(&one.access_method), Name::of(&one.access_location)))
            .collect(),
        ParsedExtension::NSCertType(kind) => vec![kind.to_string()],
        ParsedExtension::NsCertComment(text) => vec![(*text).to_owned()],
        ParsedExtension::IssuingDistributionPoint(point) => issuing_distribution_point(point),
        ParsedExtension::CRLNumber(number) => vec![number.to_string()],
        ParsedExtension::SCT(list) => list
            .iter()
            .map(|sct| {
                let seconds = i64::try_from(sct.timestamp / 1000).unwrap_or(i64::MAX);
                format!("log {} at {}", hex::pairs(sct.id.key_id), Time::from_unix(seconds))
            })
            .collect(),
        _ if dotted == "1.3.6.1.5.5.7.48.1.5" => vec!["yes".to_owned()],
        _ => return None,
    })
}

/// The set bits, named as in RFC 5280 §4.2.1.3.
pub(crate) fn key_usage(usage: KeyUsage) -> Vec<&'static str> {
    let bits = [
        (usage.digital_signature(), "digitalSignature"),
        (usage.non_repudiation(), "nonRepudiation"),
        (usage.key_encipherment(), "keyEncipherment"),
        (usage.data_encipherment(), "dataEncipherment"),
        (usage.key_agreement(), "keyAgreement"),
        (usage.key_cert_sign(), "keyCertSign"),
        (usage.crl_sign(), "cRLSign"),
        (usage.encipher_only(), "encipherOnly"),
        (usage.decipher_only(), "decipherOnly"),
    ];
    bits.into_iter().filter_map(|(set, name)| set.then_some(name)).collect()
}

/// The purposes of an extKeyUsage value, in the order they are encoded; the X.509 library keeps only a set.
pub(crate) fn purposes(value: &[u8]) -> Option<Vec<String>> {
    let oids = Vec::<ObjectIdentifier>::from_der(value).ok()?;
    Some(oids.iter().map(|oid| oid::purpose(&oid.to_string())).collect())
}

/// The URLs of distribution points (RFC 5280 §4.2.1.13).
pub(crate) fn distribution_urls(points: &[CRLDistributionPoint<'_>]) -> Vec<String> {
    let names = points.iter().filter_map(|point| match &point.distribution_point {
        Some(DistributionPointName::FullName(names)) => Some(names.iter()),
        _ => None,
    });
    names
        .flatten()
        .filter_map(|name| match name {
            GeneralName::URI(url) => Some((*url).to_owned()),
            _ => None,
        })
        .collect()
}

fn general_names(names: &[GeneralName<'_>]) -> Vec<String> {
    names.iter().map(|name| Name::of(name).to_string()).collect()
}

fn authority_key(id: &AuthorityKeyIdentifier<'_>) -> Vec<String> {
    let mut values: Vec<String> = id.key_identifier.iter().map(|key| hex::pairs(key.0)).collect();
    values.extend(id.authority_cert_issuer.iter().flat_map(|names| general_names(names)));
    values.extend(id.authority_cert_serial.iter().map(|serial| format!("serial {}", hex::pairs(serial))));
    values
}

fn policy(policy: &PolicyInformation<'_>) -> String {
    let name = match policy.policy_id.to_id_string().as_str() {
        "2.5.29.32.0" => "anyPolicy".to_owned(),
        dotted => dotted.to_owned(),
    };
    let qualifiers = policy.policy_qualifiers.iter().flatten().map(values::policy_qualifier);
    std::iter::once(name).chain(qualifiers).collect::<Vec<_>>().join(" ")
}

fn policy_constraints(constraints: &PolicyConstraints) -> Vec<String> {
    let explicit =
        constraints.require_explicit_policy.map(|skip| format!("require explicit policy after {skip}"));
    let mapping = constraints.inhibit_policy_mapping.map(|skip| format!("inhibit policy mapping after {skip}"));
    explicit.into_iter().chain(mapping).collect()
}

fn name_constraints(constraints: &NameConstraints<'_>) -> Vec<String> {
    let list = |word: &str, subtrees: Option<&Vec<GeneralSubtree<'_>>>| -> Vec<String> {
        let subtrees = subtrees.into_iter().flatten();
        subtrees.map(|subtree| format!("{word} {}", Name::of(&subtree.base))).collect()
    };
    let mut values = list("permitted", constraints.permitted_subtrees.as_ref());
    values.extend(list("excluded", constraints.excluded_subtrees.as_ref()));
    values
}

fn distribution_point(point: &CRLDistributionPoint<'_>) -> String {
    let mut parts: Vec<String> = point.distribution_point.iter().map(point_name).collect();
    parts.extend(point.reasons.as_ref().map(|reasons| format!("only {}", reason_flags(reasons))));
    parts.extend(point.crl_issuer.iter().map(|names| format!("issuer {}", general_names(names).join(" "))));
    parts.join(", ")
}

fn point_name(name: &DistributionPointName<'_>) -> String {
    match name {
        DistributionPointName::FullName(names) => general_names(names).join(" "),
        DistributionPointName::NameRelativeToCRLIssuer(rdn) => {
            let attributes = rdn.iter().map(|one| {
                format!("{}={}", oid::attribute(one.attr_type()), one.as_str().unwrap_or("(not text)"))
            });
            format!("relative {}", attributes.collect::<Vec<_>>().join(" + "))
        }
    }
}

/// ReasonFlags, spelled as in RFC 5280 §4.2.1.13.
fn reason_flags(flags: &ReasonFlags) -> String {
    let bits = [
        (flags.key_compromise(), "keyCompromise"),
        (flags.ca_compromise(), "cACompromise"),
        (flags.affilation_changed(), "affiliationChanged"),
        (flags.superseded(), "superseded"),
        (flags.cessation_of_operation(), "cessationOfOperation"),
        (flags.certificate_hold(), "certificateHold"),
        (flags.privelege_withdrawn(), "privilegeWithdrawn"),
        (flags.aa_compromise(), "aACompromise"),
    ];
    bits.into_iter().filter_map(|(set, name)| set.then_some(name)).collect::<Vec<_>>().join(" ")
}

fn issuing_distribution_point(point: &IssuingDistributionPoint<'_>) -> Vec<String> {
    let mut values: Vec<String> = point.distribution_point.iter().map(point_name).collect();
    let flags = [
        (point.only_contains_user_certs, "only end-entity certificates"),
        (point.only_contains_ca_certs, "only CA certificates"),
        (point.only_contains_attribute_certs, "only attribute certificates"),
        (point.indirect_crl, "indirect"),
    ];
    values.extend(flags.iter().filter(|(set, _)| *set).map(|(_, words)| (*words).to_owned()));
    values.extend(point.only_some_reasons.as_ref().map(|reasons| format!("only {}", reason_flags(reasons))));
    values
}
