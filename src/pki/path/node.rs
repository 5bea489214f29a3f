//! A certificate as path validation sees it: parsed once, its names in the form that is compared.

use std::collections::HashSet;

use der::Decode;
use x509_parser::{
    certificate::X509Certificate,
    der_parser::{self, Oid},
    extensions::{BasicConstraints, KeyUsage, ParsedExtension, X509Extension},
    oid_registry::{
        OID_X509_EXT_AUTHORITY_KEY_IDENTIFIER, OID_X509_EXT_BASIC_CONSTRAINTS,
        OID_X509_EXT_CRL_DISTRIBUTION_POINTS, OID_X509_EXT_SUBJECT_ALT_NAME,
        OID_X509_EXT_SUBJECT_KEY_IDENTIFIER,
    },
    prelude::FromDer,
    x509::X509Version,
};

use super::error::{ChainError, refused};
use crate::pki::{certificate::Certificate, directory_name::DirectoryName, oid};

/// A certificate of a path.
#[derive(Debug)]
pub(super) struct Node<'a> {
    pub(super) certificate: &'a Certificate,
    pub(super) parsed: X509Certificate<'a>,
    pub(super) subject: DirectoryName,
    pub(super) issuer: DirectoryName,
}

/// OIDs of the extensions that are understood here, so that they may be critical (RFC 5280 §4.2).
const UNDERSTOOD: [Oid<'static>; 12] = [
    der_parser::oid!(2.5.29.15),             // keyUsage
    der_parser::oid!(2.5.29.17),             // subjectAltName
    der_parser::oid!(2.5.29.19),             // basicConstraints
    der_parser::oid!(2.5.29.30),             // nameConstraints
    der_parser::oid!(2.5.29.31),             // cRLDistributionPoints: read where revocation is asked about
    der_parser::oid!(2.5.29.32),             // certificatePolicies
    der_parser::oid!(2.5.29.33),             // policyMappings
    der_parser::oid!(2.5.29.36),             // policyConstraints
    der_parser::oid!(2.5.29.37),             // extKeyUsage
    der_parser::oid!(2.5.29.54),             // inhibitAnyPolicy
    der_parser::oid!(2.16.840.1.113730.1.1), // netscapeCertType
    der_parser::oid!(1.3.6.1.5.5.7.48.1.5),  // ocspNoCheck
];

impl<'a> Node<'a> {
    pub(super) fn read(certificate: &'a Certificate) -> Result<Self, ChainError> {
        let (_, parsed) = X509Certificate::from_der(certificate.der())
            .map_err(|_| refused(format!("the certificate of {} cannot be read", certificate.subject)))?;
        let (subject, issuer) = (DirectoryName::of(parsed.subject()), DirectoryName::of(parsed.issuer()));
        Ok(Self { certificate, parsed, subject, issuer })
    }

    /// Its subject, as it is shown.
    pub(super) fn shown(&self) -> &'a str {
        &self.certificate.subject
    }

    /// RFC 5280 §6.1: subject and issuer are the same name.
    pub(super) fn is_self_issued(&self) -> bool {
        self.subject == self.issuer
    }

    /// The first extension that `pick` takes; [`Self::check_form`] has seen that there is no second.
    pub(super) fn find<'s, T>(&'s self, pick: impl Fn(&'s ParsedExtension<'a>) -> Option<T>) -> Option<T> {
        self.parsed.extensions().iter().find_map(|extension| pick(extension.parsed_extension()))
    }

    pub(super) fn basic_constraints(&self) -> Option<&BasicConstraints> {
        self.find(|extension| match extension {
            ParsedExtension::BasicConstraints(constraints) => Some(constraints),
            _ => None,
        })
    }

    pub(super) fn is_ca(&self) -> bool {
        self.basic_constraints().is_some_and(|constraints| constraints.ca)
    }

    pub(super) fn key_usage(&self) -> Option<&KeyUsage> {
        self.find(|extension| match extension {
            ParsedExtension::KeyUsage(usage) => Some(usage),
            _ => None,
        })
    }

    pub(super) fn is_version_3(&self) -> bool {
        self.parsed.version() == X509Version::V3
    }

    pub(super) fn is_version_1(&self) -> bool {
        self.parsed.version() == X509Version::V1
    }

    /// Checks that the certificate names one signature algorithm, and that its extensions stand once, are supported if
    /// critical, and are DER (RFC 5280 §4.2).
    pub(super) fn check_form(&self, whose: &str) -> Result<(), ChainError> {
        let parsed = &self.parsed;
        if parsed.signature_algorithm != parsed.tbs_certificate.signature {
            return Err(refused(format!(
                "{whose} names two different signature algorithms (RFC 5280 §4.1.1.2)"
            )));
        }
        let mut seen = HashSet::new();
        for extension in parsed.extensions() {
            let refuse = |problem: &dyn Fn(&str) -> String| Err(refused(problem(&name(&extension.oid))));
            if !seen.insert(extension.oid.as_bytes()) {
                return refuse(&|name| format!("{whose} has the extension {name} twice (RFC 5280 §4.2)"));
            }
            let is_understood = UNDERSTOOD.contains(&extension.oid);
            if extension.critical && !is_understood {
                return refuse(&|name| {
                    format!(
                        "{whose} has the critical extension {name}, which certreq does not support (RFC 5280 §4.2)"
                    )
                });
            }
            if is_odd(extension) && (is_understood || IDENTIFIERS.contains(&extension.oid)) {
                return refuse(&|name| {
                    format!("the extension {name} of {whose} cannot be read, or is not DER")
                });
            }
        }
        Ok(())
    }
}

/// The name of an extension, or its OID.
fn name(oid: &Oid<'_>) -> String {
    let dotted = oid.to_id_string();
    oid::extension(&dotted).map_or(dotted.clone(), str::to_owned)
}

/// The two key identifiers, which are compared though they must not be critical.
const IDENTIFIERS: [Oid<'static>; 2] =
    [OID_X509_EXT_SUBJECT_KEY_IDENTIFIER, OID_X509_EXT_AUTHORITY_KEY_IDENTIFIER];

fn is_odd(extension: &X509Extension<'_>) -> bool {
    let is_unread = matches!(extension.parsed_extension(), ParsedExtension::ParseError { .. });
    if extension.oid == OID_X509_EXT_CRL_DISTRIBUTION_POINTS {
        // The revocation check reads this extension itself, and reads more forms of it.
        false
    } else if extension.oid == OID_X509_EXT_SUBJECT_ALT_NAME {
        // A name that is not compared may be unreadable, unless the extension is critical.
        is_unread && extension.critical
    } else if extension.oid == OID_X509_EXT_BASIC_CONSTRAINTS {
        // x509-parser takes every encoding of TRUE; DER allows only one.
        is_unread || x509_cert::ext::pkix::BasicConstraints::from_der(extension.value).is_err()
    } else {
        is_unread
    }
}
