//! Everything a certificate says about itself (RFC 5280 §4.1), owned and decoded once.

use serde::Serialize;
use x509_parser::{
    asn1_rs::Oid,
    certificate::X509Certificate,
    extensions::{GeneralName, ParsedExtension, X509Extension},
    prelude::FromDer,
    signature_algorithm::RsaSsaPssParams,
    x509::AlgorithmIdentifier,
};

use super::{
    extensions::{self, ExtensionFacts},
    key::KeyFacts,
};
use crate::pki::{
    certificate::CertificateError, fingerprint::Fingerprint, hex, names, names::Name, oid, signature,
    time::Time,
};

/// Facts of one certificate. They are not verified; texts may hold control characters.
#[derive(Clone, Debug, Serialize)]
pub struct CertificateFacts {
    /// In the order it is encoded, RFC 4514 escapes.
    pub subject: String,
    pub common_names: Vec<String>,
    pub issuer: String,
    /// Upper-case hex pairs with colons, as in the DER.
    pub serial: String,
    /// 1, 2 or 3.
    pub version: u32,
    pub not_before: Time,
    pub not_after: Time,
    pub fingerprint: Fingerprint,
    pub signature_algorithm: String,
    pub key: KeyFacts,
    pub is_ca: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub path_length: Option<u32>,
    /// subjectAltName.
    pub names: Vec<Name>,
    pub key_usage: Vec<&'static str>,
    pub extended_key_usage: Vec<String>,
    /// URLs of cRLDistributionPoints.
    pub distribution_points: Vec<String>,
    /// OCSP URLs of authorityInfoAccess.
    pub ocsp_responders: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub subject_key_id: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub authority_key_id: Option<String>,
    pub extensions: Vec<ExtensionFacts>,
    #[serde(skip)]
    pub oddities: Oddities,
}

/// Peculiarities of the encoding that the facts of [`CertificateFacts`] do not show.
#[derive(Clone, Copy, Debug, Default)]
pub struct Oddities {
    /// The serial number's first bit is set.
    pub negative_serial: bool,
    /// Octets of the serial number as encoded.
    pub serial_octets: usize,
    /// A date that RFC 5280 §4.1.2.5 wants written otherwise: fractions, or GeneralizedTime before 2050.
    pub odd_time: bool,
    /// The algorithm inside the signed part differs from the one outside (RFC 5280 §4.1.1.2).
    pub two_algorithms: bool,
    /// RSASSA-PSS over SHA-1, its default.
    pub pss_sha1: bool,
    /// The public key is no point of the curve it names.
    pub off_curve: bool,
}

impl CertificateFacts {
    /// Decodes exactly one DER certificate.
    ///
    /// # Errors
    /// When the bytes are not one certificate.
    pub fn from_der(der: &[u8]) -> Result<Self, CertificateError> {
        let (rest, parsed) =
            X509Certificate::from_der(der).map_err(|error| CertificateError::of(&error, der))?;
        if !rest.is_empty() {
            return Err(CertificateError::Der("bytes follow the certificate".to_owned()));
        }
        let mut facts = Self::plain(der, &parsed);
        for extension in parsed.extensions() {
            facts.take(extension);
            facts.extensions.push(ExtensionFacts::of(extension));
        }
        Ok(facts)
    }

    fn plain(der: &[u8], parsed: &X509Certificate<'_>) -> Self {
        let validity = parsed.validity();
        let serial = parsed.raw_serial();
        let dates = [validity.not_before, validity.not_after];
        let key = KeyFacts::of(parsed.public_key());
        let off_curve = signature::is_point(&key, parsed.public_key().raw) == Some(false);
        Self {
            subject: names::distinguished(parsed.subject()),
            common_names: names::common_names(parsed.subject()),
            issuer: names::distinguished(parsed.issuer()),
            serial: hex::pairs(serial),
            version: parsed.version().0.saturating_add(1),
            not_before: Time::from_unix(validity.not_before.timestamp()),
            not_after: Time::from_unix(validity.not_after.timestamp()),
            fingerprint: Fingerprint::of(der),
            signature_algorithm: signature_name(&parsed.signature_algorithm),
            key,
            is_ca: false,
            path_length: None,
            names: Vec::new(),
            key_usage: Vec::new(),
            extended_key_usage: Vec::new(),
            distribution_points: Vec::new(),
            ocsp_responders: Vec::new(),
            subject_key_id: None,
            authority_key_id: None,
            extensions: Vec::with_capacity(parsed.extensions().len()),
            oddities: Oddities {
                off_curve,
                negative_serial: serial.first().is_some_and(|byte| byte & 0x80 != 0),
                serial_octets: serial.len(),
                odd_time: dates.iter().any(|date| {
                    let calendar = date.to_datetime();
                    calendar.nanosecond() != 0 || (date.is_generalizedtime() && calendar.year() < 2050)
                }),
                two_algorithms: parsed.signature_algorithm != parsed.signature,
                pss_sha1: pss_hash(&parsed.signature_algorithm).is_some_and(|hash| hash.ends_with("SHA1")),
            },
        }
    }

    /// Keeps the values that the program uses by field. Of an extension that stands twice the values of both are kept,
    /// so that neither hides the other.
    fn take(&mut self, extension: &X509Extension<'_>) {
        match extension.parsed_extension() {
            ParsedExtension::BasicConstraints(constraints) => {
                self.is_ca |= constraints.ca;
                self.path_length = self.path_length.or(constraints.path_len_constraint);
            }
            ParsedExtension::SubjectAlternativeName(names) => {
                self.names.extend(names.general_names.iter().map(Name::of));
            }
            ParsedExtension::KeyUsage(usage) => self.key_usage.extend(extensions::key_usage(*usage)),
            ParsedExtension::ExtendedKeyUsage(_) => {
                self.extended_key_usage.extend(extensions::purposes(extension.value).unwrap_or_default());
            }
            ParsedExtension::CRLDistributionPoints(points) => {
                self.distribution_points.extend(extensions::distribution_urls(&points.points));
            }
            ParsedExtension::AuthorityInfoAccess(access) => {
                let urls = access.iter().filter_map(|one| match &one.access_location {
                    GeneralName::URI(url) if oid::access_method(&one.access_method) == "OCSP" => Some(*url),
                    _ => None,
                });
                self.ocsp_responders.extend(urls.map(str::to_owned));
            }
            ParsedExtension::SubjectKeyIdentifier(id) => self.subject_key_id = Some(hex::pairs(id.0)),
            ParsedExtension::AuthorityKeyIdentifier(id) => {
                self.authority_key_id = id.key_identifier.as_ref().map(|key| hex::pairs(key.0));
            }
            _ => {}
        }
    }

    /// Its extended key usage names this purpose.
    #[must_use]
    pub fn is_for(&self, purpose: &str) -> bool {
        self.extended_key_usage.iter().any(|named| named == purpose)
    }
}

/// Name of a signature algorithm; for RSASSA-PSS with its digest.
pub(super) fn signature_name(algorithm: &AlgorithmIdentifier<'_>) -> String {
    let name = oid::signature(&algorithm.algorithm.to_id_string());
    match pss_hash(algorithm) {
        Some(hash) => format!("{name} {hash}"),
        None => name,
    }
}

/// The digest of RSASSA-PSS (RFC 4055 §3.1); `None` for other algorithms.
fn pss_hash(algorithm: &AlgorithmIdentifier<'_>) -> Option<String> {
    const PSS: Oid<'static> = x509_parser::oid_registry::OID_PKCS1_RSASSAPSS;
    if algorithm.algorithm != PSS {
        return None;
    }
    let params = RsaSsaPssParams::try_from(algorithm.parameters.as_ref()?).ok()?;
    let dotted = params.hash_algorithm_oid().to_id_string();
    let name = match dotted.as_str() {
        "1.3.14.3.2.26" => "SHA1",
        "2.16.840.1.101.3.4.2.1" => "SHA256",
        "2.16.840.1.101.3.4.2.2" => "SHA384",
        "2.16.840.1.101.3.4.2.3" => "SHA512",
        _ => return Some(dotted),
    };
    Some(name.to_owned())
}
