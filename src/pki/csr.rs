//! Certification requests (PKCS#10, RFC 2986).

use der::oid::db::rfc5280::ID_CE_SUBJECT_ALT_NAME;
use rcgen::{CertificateParams, DistinguishedName, DnType};

use x509_parser::{
    certificate::X509Certificate, certification_request::X509CertificationRequest,
    oid_registry::OID_X509_EXT_SUBJECT_ALT_NAME as SUBJECT_ALT_NAME, prelude::FromDer,
};

use super::{
    alt_name::{self, AltName},
    certificate::Certificate,
    csr_attributes::CsrAttributes,
    key::PrivateKey,
    request_info::{self, RequestError, WantedExtension},
};

/// A request could not be made.
#[derive(Debug, thiserror::Error)]
pub enum CsrError {
    #[error("the certification request could not be made: {0}")]
    Make(#[from] rcgen::Error),
    #[error(transparent)]
    Parts(#[from] RequestError),
    #[error("the certification request could not be made: {0}")]
    Encode(#[from] der::Error),
    #[error("the certificate in use cannot be read: {0}")]
    InUse(String),
}

/// PEM label of a request (RFC 7468 §7).
pub const LABEL: &str = "CERTIFICATE REQUEST";

/// A request for `common_name`, its only subject attribute, signed by `key`; no extensions.
///
/// PEM with lines of 64 characters and **no** newline at the end: platform releases up to 0.6 refuse one.
///
/// # Errors
/// When the name cannot be encoded.
pub fn request(key: &PrivateKey, common_name: &str) -> Result<String, CsrError> {
    request_for(key, common_name, &[])
}

/// The same for a server: with names it is reached under, if there are any, in a subjectAltName.
///
/// # Errors
/// When a name cannot be encoded.
pub fn request_for(key: &PrivateKey, common_name: &str, names: &[AltName]) -> Result<String, CsrError> {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, common_name);
    params.subject_alt_names = names.iter().map(AltName::for_request).collect::<Result<_, _>>()?;
    let request = params.serialize_request(key)?;
    Ok(super::pem::encode(LABEL, request.der()).trim_end().to_owned())
}

/// The same as [`request_for`], with what the CA wants in it, too.
///
/// # Errors
/// When a name cannot be encoded, or the key cannot sign.
pub fn request_wanted(
    key: &PrivateKey,
    common_name: &str,
    names: &[AltName],
    wanted: &CsrAttributes,
) -> Result<String, CsrError> {
    if wanted.is_plain() {
        return request_for(key, common_name, names);
    }
    let mut extensions: Vec<WantedExtension> = alt_name::extension(names)?.into_iter().collect();
    // Names that were asked for go before those of the CA.
    extensions.extend(
        wanted.extensions.iter().filter(|one| names.is_empty() || one.oid != ID_CE_SUBJECT_ALT_NAME).cloned(),
    );
    let der = request_info::request(key, &wanted.subject_of(common_name)?, &extensions)?;
    Ok(super::pem::encode(LABEL, &der).trim_end().to_owned())
}

/// A request for what `in_use` is for: its subject and its subjectAltName, byte for byte, as a renewal over EST must
/// have them (RFC 7030 §4.2.2); with the extensions
/// that the CA wants besides. PEM like [`request`].
///
/// # Errors
/// When the certificate cannot be read once more, or the key cannot sign.
pub fn request_like(
    key: &PrivateKey,
    in_use: &Certificate,
    wanted: &CsrAttributes,
) -> Result<String, CsrError> {
    let (_, parsed) =
        X509Certificate::from_der(in_use.der()).map_err(|error| CsrError::InUse(error.to_string()))?;
    let names = parsed.extensions().iter().filter(|one| one.oid == SUBJECT_ALT_NAME);
    let mut extensions: Vec<WantedExtension> = names
        .map(|one| WantedExtension {
            oid: ID_CE_SUBJECT_ALT_NAME,
            critical: one.critical,
            value: one.value.to_vec(),
        })
        .collect();
    extensions.extend(wanted.extensions.iter().filter(|one| one.oid != ID_CE_SUBJECT_ALT_NAME).cloned());
    let der = request_info::request(key, parsed.subject().as_raw(), &extensions)?;
    Ok(super::pem::encode(LABEL, &der).trim_end().to_owned())
}

/// The SubjectPublicKeyInfo of a PEM request, DER; `None` when it cannot be read.
#[must_use]
pub fn public_key_info(pem: &str) -> Option<Vec<u8>> {
    let ders = super::pem::decode_all(LABEL, pem).ok()?;
    let (_, parsed) = X509CertificationRequest::from_der(ders.first()?).ok()?;
    Some(parsed.certification_request_info.subject_pki.raw.to_vec())
}

/// Both PEM requests ask for the same with the same key. Their signatures may differ: ECDSA makes another each time.
#[must_use]
pub fn asks_the_same(one: &str, other: &str) -> bool {
    let info = |pem: &str| -> Option<Vec<u8>> {
        let ders = super::pem::decode_all(LABEL, pem).ok()?;
        Some(super::signature::parts(ders.first()?).ok()?.signed.to_vec())
    };
    info(one).is_some_and(|info_of_one| info(other) == Some(info_of_one))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::key::KeySpec;

    #[test]
    fn asks_for_the_names_of_a_server() {
        use x509_parser::prelude::{FromDer, ParsedExtension, X509CertificationRequest};
        let key = PrivateKey::generate(KeySpec::P256).unwrap();
        let names = AltName::from_commas("dns:broker.example.org,ip:192.0.2.1,ip:::1").unwrap();
        let der = ::pem::parse(request_for(&key, "broker", &names).unwrap()).unwrap().into_contents();
        let (_, csr) = X509CertificationRequest::from_der(&der).unwrap();
        let requested: Vec<_> = csr.requested_extensions().unwrap().collect();
        let [ParsedExtension::SubjectAlternativeName(asked)] = requested.as_slice() else {
            panic!("{requested:?}");
        };
        let shown: Vec<String> =
            asked.general_names.iter().map(|name| crate::pki::names::Name::of(name).to_string()).collect();
        assert_eq!(shown, ["DNS:broker.example.org", "IP:192.0.2.1", "IP:::1"]);
    }

    #[test]
    fn asks_for_the_name_and_nothing_else_with_the_digest_that_fits() {
        use x509_parser::prelude::{FromDer, X509CertificationRequest};
        let expected = [
            (KeySpec::P256, "1.2.840.10045.4.3.2"),
            (KeySpec::P384, "1.2.840.10045.4.3.3"),
            (KeySpec::P521, "1.2.840.10045.4.3.4"),
            (KeySpec::Rsa2048, "1.2.840.113549.1.1.11"),
        ];
        for (spec, oid) in expected {
            let key = PrivateKey::generate(spec).unwrap();
            let text = request(&key, "a1998e").unwrap();
            assert!(text.starts_with("-----BEGIN CERTIFICATE REQUEST-----\n"));
            assert!(text.ends_with("-----END CERTIFICATE REQUEST-----"), "no newline at the end");
            assert!(text.lines().all(|line| line.len() <= 64));
            let der = ::pem::parse(&text).unwrap().into_contents();
            let (_, csr) = X509CertificationRequest::from_der(&der).unwrap();
            assert_eq!(csr.certification_request_info.subject.to_string(), "CN=a1998e");
            assert_eq!(csr.signature_algorithm.algorithm.to_id_string(), oid);
            assert_eq!(csr.certification_request_info.subject_pki.raw, key.public_key_info());
            assert!(csr.requested_extensions().is_none_or(|mut extensions| extensions.next().is_none()));
        }
    }
}
