//! Facts of a certification request (PKCS#10, RFC 2986), its own signature checked.

use serde::Serialize;
use x509_parser::{
    certification_request::X509CertificationRequest,
    cri_attributes::ParsedCriAttribute,
    error::X509Error,
    extensions::{ParsedExtension, X509Extension},
    prelude::FromDer,
};

use super::{
    certificate::signature_name,
    extensions::{self, ExtensionFacts},
    key::KeyFacts,
};
use crate::pki::{
    bare_request,
    certificate::nom_text,
    fingerprint::Fingerprint,
    names,
    names::Name,
    signature::{self, SignatureError},
};

/// Facts of a certification request.
#[derive(Clone, Debug, Serialize)]
pub struct RequestFacts {
    pub subject: String,
    pub common_names: Vec<String>,
    pub signature_algorithm: String,
    /// The requester holds the key it asks a certificate for.
    pub signature: Proof,
    pub key: KeyFacts,
    /// SHA-256 over the whole request.
    pub fingerprint: Fingerprint,
    pub names: Vec<Name>,
    pub key_usage: Vec<&'static str>,
    pub extended_key_usage: Vec<String>,
    pub extensions: Vec<ExtensionFacts>,
}

/// The result of checking a request's own signature (proof of possession).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Proof {
    Good,
    Bad,
    /// The algorithm is not one that is verified here.
    Unchecked,
}

impl RequestFacts {
    /// Decodes exactly one DER request.
    ///
    /// # Errors
    /// Why the bytes are not one request.
    pub fn from_der(der: &[u8]) -> Result<Self, String> {
        let completed = bare_request::completed(der);
        let readable = completed.as_deref().unwrap_or(der);
        let (rest, parsed) = X509CertificationRequest::from_der(readable).map_err(|error| nom_text(&error))?;
        if !rest.is_empty() {
            return Err("bytes follow the request".to_owned());
        }
        let info = &parsed.certification_request_info;
        let mut facts = Self {
            subject: names::distinguished(&info.subject),
            common_names: names::common_names(&info.subject),
            signature_algorithm: signature_name(&parsed.signature_algorithm),
            signature: proof(der, &parsed),
            key: KeyFacts::of(&info.subject_pki),
            fingerprint: Fingerprint::of(der),
            names: Vec::new(),
            key_usage: Vec::new(),
            extended_key_usage: Vec::new(),
            extensions: Vec::new(),
        };
        for attribute in info.iter_attributes() {
            if let ParsedCriAttribute::ExtensionRequest(requested) = attribute.parsed_attribute() {
                for extension in &requested.extensions {
                    facts.take(extension);
                    facts.extensions.push(ExtensionFacts::of(extension));
                }
            }
        }
        Ok(facts)
    }

    fn take(&mut self, extension: &X509Extension<'_>) {
        match extension.parsed_extension() {
            ParsedExtension::SubjectAlternativeName(names) => {
                self.names.extend(names.general_names.iter().map(Name::of));
            }
            ParsedExtension::KeyUsage(usage) => self.key_usage.extend(extensions::key_usage(*usage)),
            ParsedExtension::ExtendedKeyUsage(_) => {
                self.extended_key_usage.extend(extensions::purposes(extension.value).unwrap_or_default());
            }
            _ => {}
        }
    }
}

/// Checks possession of the key: first with the algorithms that are trusted in lists, then with older ones, which are
/// not trusted but still show possession.
fn proof(der: &[u8], parsed: &X509CertificationRequest<'_>) -> Proof {
    let info = parsed.certification_request_info.subject_pki.raw;
    let modern = signature::parts(der)
        .map(|parts| signature::verify(parts.algorithm, info, parts.signed, parts.signature));
    match modern {
        Ok(Ok(())) => return Proof::Good,
        Ok(Err(SignatureError::Wrong)) => return Proof::Bad,
        // `parsed` may be a request that was completed for reading (see `bare_request`). Its bytes are then not those
        // that were signed, and the check below would fail.
        _ if parsed.certification_request_info.raw != signed_part(der) => return Proof::Unchecked,
        _ => {}
    }
    match parsed.verify_signature() {
        Ok(()) => Proof::Good,
        Err(X509Error::SignatureUnsupportedAlgorithm) => Proof::Unchecked,
        Err(_) => Proof::Bad,
    }
}

fn signed_part(der: &[u8]) -> &[u8] {
    signature::parts(der).map_or(&[], |parts| parts.signed)
}
