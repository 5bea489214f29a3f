//! Content of an issued certificate (RFC 5280 §4), after the platform's certificate profile.

use std::time::Duration;

use der::{
    Encode,
    asn1::{Ia5String, OctetString},
    oid::db::rfc5280::{ID_CE_FRESHEST_CRL, ID_KP_CLIENT_AUTH, ID_KP_EMAIL_PROTECTION, ID_KP_SERVER_AUTH},
};
use x509_cert::{
    Version,
    ext::{
        Extension, ToExtension,
        pkix::{
            AccessDescription, AuthorityInfoAccessSyntax, AuthorityKeyIdentifier, BasicConstraints,
            CrlDistributionPoints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectKeyIdentifier,
            crl::dp::DistributionPoint,
            name::{DistributionPointName, GeneralName},
        },
    },
    name::Name,
    serial_number::SerialNumber,
    time::Validity,
};

use super::{
    ca::{BuildError, Ca, TbsCertificate, asn1_time, critical, floor_to_minute, key_id},
    options::CertificateProfile,
    partition::{Part, Partitions},
    request::{CheckedRequest, KeyKind},
};
use crate::pki::time::Time;

/// When a certificate begins and ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Period {
    pub not_before: Time,
    pub not_after: Time,
}

/// The part of every leaf that never changes: made once, when the authority opens.
#[derive(Clone, Debug)]
pub struct Profile {
    lifetime: Duration,
    basic_constraints: Extension,
    rsa_usage: Extension,
    ec_usage: Extension,
    /// extendedKeyUsage, authorityKeyIdentifier.
    fixed: Vec<Extension>,
    /// Where to ask about revocation, for each part of the revocation lists.
    places: Vec<Vec<Extension>>,
    partitions: Partitions,
    /// Certificates end at a full minute.
    to_the_minute: bool,
}

impl Profile {
    /// Leaves of `ca` that live for `lifetime`; `public_url` (no final slash) becomes their OCSP responder and, with
    /// the part each belongs to, their CRL distribution point.
    ///
    /// # Errors
    /// When the URL is not plain ASCII.
    pub fn new(
        ca: &Ca,
        kind: CertificateProfile,
        lifetime: Duration,
        public_url: Option<&str>,
        partitions: Partitions,
    ) -> Result<Self, BuildError> {
        let dojot = kind == CertificateProfile::Dojot;
        let anyone = Name::default();
        let signs = KeyUsages::DigitalSignature | KeyUsages::NonRepudiation | KeyUsages::KeyAgreement;
        let authority = AuthorityKeyIdentifier {
            key_identifier: Some(ca.key_id().clone()),
            authority_cert_issuer: None,
            authority_cert_serial_number: None,
        };
        let mut purposes = vec![ID_KP_CLIENT_AUTH, ID_KP_SERVER_AUTH];
        if dojot {
            purposes.push(ID_KP_EMAIL_PROTECTION);
        }
        let purposes = ExtendedKeyUsage(purposes);
        let fixed = vec![
            Extension { critical: false, ..purposes.to_extension(&anyone, &[])? },
            authority.to_extension(&anyone, &[])?,
        ];
        let place = |part| public_url.map_or_else(|| Ok(Vec::new()), |url| places(kind, url, part));
        Ok(Self {
            lifetime,
            basic_constraints: critical(&BasicConstraints { ca: false, path_len_constraint: None })?,
            rsa_usage: critical(&KeyUsage(signs | KeyUsages::KeyEncipherment))?,
            // RFC 5480 §3: keyEncipherment is nothing an EC key can do.
            ec_usage: critical(&KeyUsage(signs))?,
            fixed,
            places: partitions.all().map(place).collect::<Result<_, _>>()?,
            partitions,
            to_the_minute: dojot,
        })
    }

    /// The issuer of a leaf and the sources of its revocation, which every kind of leaf has.
    pub(super) fn lineage(&self, serial: &SerialNumber) -> impl Iterator<Item = &Extension> {
        // The first one names the purposes of a leaf (extKeyUsage), which differ from kind to kind.
        self.fixed.iter().skip(1).chain(self.places(serial))
    }

    fn places(&self, serial: &SerialNumber) -> &[Extension] {
        let part = self.partitions.of_serial(serial.as_bytes());
        self.places.get(usize::from(part.number())).map(Vec::as_slice).unwrap_or_default()
    }

    /// From the full minute before `now`, but not before the root; for the lifetime, but not beyond the root's end.
    #[must_use]
    pub fn period(&self, ca: &Ca, now: Time) -> Period {
        let lifetime = i64::try_from(self.lifetime.as_secs()).unwrap_or(i64::MAX);
        let not_after = now.plus(lifetime);
        let not_after = if self.to_the_minute { floor_to_minute(not_after) } else { not_after };
        Period {
            not_before: floor_to_minute(now).max(ca.root().not_before),
            not_after: not_after.min(ca.root().not_after),
        }
    }

    /// A signed certificate, DER.
    ///
    /// # Errors
    /// When the request's parts cannot be encoded.
    pub fn sign(
        &self,
        ca: &Ca,
        request: &CheckedRequest,
        serial: &SerialNumber,
        period: Period,
    ) -> Result<Vec<u8>, BuildError> {
        let tbs = TbsCertificate {
            version: Version::V3,
            serial_number: serial.clone(),
            signature: ca.algorithm().clone(),
            issuer: ca.name().clone(),
            validity: Validity::new(asn1_time(period.not_before)?, asn1_time(period.not_after)?),
            subject: request.subject.clone(),
            subject_public_key_info: request.public_key.clone(),
            extensions: Some(self.extensions(request, serial)?),
        };
        ca.seal(&tbs)
    }

    fn extensions(
        &self,
        request: &CheckedRequest,
        serial: &SerialNumber,
    ) -> Result<Vec<Extension>, BuildError> {
        let usage = match request.key_kind {
            KeyKind::Rsa => &self.rsa_usage,
            KeyKind::Ec => &self.ec_usage,
        };
        let key_id = SubjectKeyIdentifier(key_id(&request.public_key)?);
        let mut extensions = Vec::with_capacity(6 + self.fixed.len());
        extensions.push(self.basic_constraints.clone());
        extensions.push(usage.clone());
        extensions.push(key_id.to_extension(&request.subject, &[])?);
        extensions.extend_from_slice(&self.fixed);
        extensions.extend_from_slice(self.places(serial));
        if let Some(value) = &request.alt_name {
            extensions.push(Extension {
                extn_id: der::oid::db::rfc5280::ID_CE_SUBJECT_ALT_NAME,
                critical: false,
                extn_value: value.clone(),
            });
        }
        Ok(extensions)
    }
}

/// Where to ask about the revocation of certificates of a part.
fn places(kind: CertificateProfile, url: &str, part: Part) -> Result<Vec<Extension>, der::Error> {
    let points = distribution_point(&part.url(url))?;
    // Both extensions have the same syntax (RFC 5280 §4.2.1.15).
    let other = match kind {
        CertificateProfile::Certreq => responder(&format!("{url}/ocsp"))?,
        CertificateProfile::Dojot => Extension { extn_id: ID_CE_FRESHEST_CRL, ..points.clone() },
    };
    Ok(vec![points, other])
}

/// The names of a place, as a certificate and the list for it both have them.
pub(super) fn point_name(urls: &[String]) -> Result<DistributionPointName, der::Error> {
    let name = |url: &String| Ok(GeneralName::UniformResourceIdentifier(Ia5String::new(url)?));
    Ok(DistributionPointName::FullName(urls.iter().map(name).collect::<Result<_, der::Error>>()?))
}

fn distribution_point(url: &str) -> Result<Extension, der::Error> {
    let point = DistributionPoint {
        distribution_point: Some(point_name(&[url.to_owned()])?),
        reasons: None,
        crl_issuer: None,
    };
    CrlDistributionPoints(vec![point]).to_extension(&Name::default(), &[])
}

fn responder(url: &str) -> Result<Extension, der::Error> {
    let access = AccessDescription {
        access_method: der::oid::db::rfc5280::ID_AD_OCSP,
        access_location: GeneralName::UniformResourceIdentifier(Ia5String::new(url)?),
    };
    let syntax = AuthorityInfoAccessSyntax(vec![access]);
    Ok(Extension {
        extn_id: der::oid::db::rfc5280::ID_PE_AUTHORITY_INFO_ACCESS,
        critical: false,
        extn_value: OctetString::new(syntax.to_der()?)?,
    })
}
