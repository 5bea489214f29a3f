//! Certification requests (RFC 2986) as the platform takes them: which keys, which names, and a signature that fits.

use der::{Any, Decode, Encode, asn1::OctetString, oid::ObjectIdentifier};
use x509_cert::{
    attr::AttributeTypeAndValue,
    ext::pkix::SubjectAltName,
    name::{Name, RdnSequence, RelativeDistinguishedName},
    spki::SubjectPublicKeyInfoOwned,
};
use x509_parser::{
    asn1_rs::Oid,
    certification_request::X509CertificationRequest,
    cri_attributes::ParsedCriAttribute,
    objects::{oid_registry, oid2abbrev},
    prelude::FromDer,
};

use super::{
    ca::{attribute, name},
    error::Refusal,
    signatures::{self, Mismatch},
    well_formed,
};
use crate::pki::{bare_request, pem};

/// The organization of every subject, even if the request names another.
pub const ORGANIZATION: &str = "dojot IoT Platform";

pub(super) const SUBJECT_ALT_NAME: &str = "2.5.29.17";

/// A request that may be signed.
#[derive(Clone, Debug)]
pub struct CheckedRequest {
    /// The first attribute of each type, with the platform's organization.
    pub subject: Name,
    /// The subject as the platform lists it: `CN=a1998e, O=dojot IoT Platform`.
    pub subject_dn: String,
    /// Byte for byte the key in the request.
    pub public_key: SubjectPublicKeyInfoOwned,
    pub key_kind: KeyKind,
    /// The requested subjectAltName, its DER value.
    pub alt_name: Option<OctetString>,
}

/// Kind of a key: its permitted uses depend on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum KeyKind {
    Rsa,
    Ec,
}

/// Checks a PEM request: it parses, its key is allowed, its signature was made with that key, its names are well formed.
///
/// # Errors
/// [`Refusal::Invalid`], with the platform's words where it has some.
pub fn check(text: &str) -> Result<CheckedRequest, Refusal> {
    let blocks = pem::decode_all("CERTIFICATE REQUEST", text).map_err(|_| malformed())?;
    let [der] = blocks.as_slice() else { return Err(malformed()) };
    let completed = bare_request::completed(der);
    let (rest, request) =
        X509CertificationRequest::from_der(completed.as_deref().unwrap_or(der)).map_err(|_| malformed())?;
    if !rest.is_empty() {
        return Err(malformed());
    }
    let info = &request.certification_request_info;
    let public_key = SubjectPublicKeyInfoOwned::from_der(info.subject_pki.raw).map_err(|_| malformed())?;
    if public_key.to_der().map_err(|_| malformed())? != info.subject_pki.raw {
        return Err(malformed());
    }
    let key_kind = supported(&public_key, &info.subject_pki)?;
    let signed = crate::pki::signature::parts(der).map_err(|_| malformed())?.signed;
    verify(&public_key, &request, signed)?;
    let given = RdnSequence::from_der(info.subject.as_raw()).map_err(|_| malformed())?;
    let (subject, subject_dn) = rewritten(&given)?;
    Ok(CheckedRequest { subject, subject_dn, public_key, key_kind, alt_name: alt_name(&request)? })
}

fn malformed() -> Refusal {
    Refusal::Unreadable("Can not parse ASN1 data structure from binary data".to_owned())
}

fn supported(
    key: &SubjectPublicKeyInfoOwned,
    parsed: &x509_parser::x509::SubjectPublicKeyInfo<'_>,
) -> Result<KeyKind, Refusal> {
    use der::oid::db::rfc5912::{ID_EC_PUBLIC_KEY, RSA_ENCRYPTION};
    let algorithm = key.algorithm.oid;
    if algorithm == RSA_ENCRYPTION {
        let bits = match parsed.parsed() {
            Ok(x509_parser::public_key::PublicKey::RSA(rsa)) => rsa.key_size(),
            _ => 0,
        };
        if bits < 2048 {
            return Err(Refusal::invalid("The RSA public key length less than 2048 bits is not supported."));
        }
        return Ok(KeyKind::Rsa);
    }
    if algorithm != ID_EC_PUBLIC_KEY {
        return Err(Refusal::invalid(format!(
            "The public key algorithm must be RSA or ECDSA. The key algorithm with OID={algorithm} is not supported"
        )));
    }
    if signatures::curve(key).is_none() {
        return Err(Refusal::invalid(
            "The elliptical curve used in the ECDSA public key algorithm is not supported. \
             (Use the NIST-recommended curves: P-256, P-384 or P-521)",
        ));
    }
    Ok(KeyKind::Ec)
}

fn verify(
    public_key: &SubjectPublicKeyInfoOwned,
    request: &X509CertificationRequest<'_>,
    signed: &[u8],
) -> Result<(), Refusal> {
    let oid = request.signature_algorithm.algorithm.to_id_string();
    signatures::verify(public_key, &oid, signed, &request.signature_value.data).map_err(|error| match error {
        Mismatch::Algorithm => Refusal::invalid(format!(
            "The signature algorithm of the certificate signing request with OID={oid} is not supported"
        )),
        Mismatch::Signature => Refusal::Unreadable(
            "The signature of the certificate signing request was not made by its public key.".to_owned(),
        ),
    })
}

/// The first attribute of each type, in the order given; the organization replaced where it stands, or added last.
fn rewritten(given: &RdnSequence) -> Result<(Name, String), Refusal> {
    let organization = der::oid::db::rfc4519::ORGANIZATION_NAME;
    let mut seen: Vec<ObjectIdentifier> = Vec::new();
    let mut parts: Vec<RelativeDistinguishedName> = Vec::new();
    let mut shown: Vec<String> = Vec::new();
    for attribute_given in given.iter().flat_map(RelativeDistinguishedName::iter) {
        let oid = attribute_given.oid;
        if seen.contains(&oid) {
            continue;
        }
        if seen.len() == well_formed::MOST_ATTRIBUTES {
            return Err(Refusal::invalid(
                "The subject of the certificate signing request has too many attributes.",
            ));
        }
        seen.push(oid);
        if oid == organization {
            parts.push(attribute(organization, ORGANIZATION).map_err(|_| malformed())?);
            shown.push(format!("O={ORGANIZATION}"));
        } else {
            let name = short_name(oid);
            let (value, text) = well_formed::value(&name, &attribute_given.value)?;
            parts.push(alone(oid, value).map_err(|_| malformed())?);
            shown.push(format!("{name}={text}"));
        }
    }
    if !seen.contains(&organization) {
        parts.push(attribute(organization, ORGANIZATION).map_err(|_| malformed())?);
        shown.push(format!("O={ORGANIZATION}"));
    }
    Ok((name(parts).map_err(|_| malformed())?, shown.join(", ")))
}

fn alone(oid: ObjectIdentifier, value: Any) -> Result<RelativeDistinguishedName, der::Error> {
    let attribute = AttributeTypeAndValue { oid, value };
    RelativeDistinguishedName::try_from(vec![attribute])
}

/// A distinguished name as the platform lists it: the first attribute of each type, joined by `, `.
pub(super) fn subject_dn(der: &[u8]) -> Result<String, der::Error> {
    let mut seen: Vec<ObjectIdentifier> = Vec::new();
    let mut shown: Vec<String> = Vec::new();
    for attribute in RdnSequence::from_der(der)?.iter().flat_map(RelativeDistinguishedName::iter) {
        if !seen.contains(&attribute.oid) {
            seen.push(attribute.oid);
            shown.push(format!("{}={}", short_name(attribute.oid), text(&attribute.value)));
        }
    }
    Ok(shown.join(", "))
}

fn short_name(oid: ObjectIdentifier) -> String {
    let shown = oid.to_string();
    let known = shown.parse::<Oid<'_>>().ok();
    let known = known.as_ref().and_then(|oid| oid2abbrev(oid, oid_registry()).ok());
    known.map_or(shown.clone(), str::to_owned)
}

/// The value as text; other octets are shown with replacement characters.
fn text(value: &Any) -> String {
    well_formed::characters(value).unwrap_or_else(|| String::from_utf8_lossy(value.value()).into_owned())
}

/// Of all requested extensions only subjectAltName counts; it must be well formed.
fn alt_name(request: &X509CertificationRequest<'_>) -> Result<Option<OctetString>, Refusal> {
    let requested = request.certification_request_info.iter_attributes().find_map(|attribute| match attribute
        .parsed_attribute()
    {
        ParsedCriAttribute::ExtensionRequest(requested) => {
            requested.extensions.iter().find(|one| one.oid.to_id_string() == SUBJECT_ALT_NAME)
        }
        _ => None,
    });
    let Some(extension) = requested else { return Ok(None) };
    let broken = |_| Refusal::invalid("The requested subject alternative name is not well formed.");
    let names = SubjectAltName::from_der(extension.value).map_err(broken)?;
    if names.0.is_empty() {
        return Ok(None);
    }
    well_formed::names(&names)?;
    OctetString::new(extension.value).map(Some).map_err(broken)
}
