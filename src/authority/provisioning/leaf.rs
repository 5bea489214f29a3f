//! Certificates of a hub: the content of a device's, and of an operator's.
//!
//! Subject and key usage are those of the Go hub. Unlike there the serial number is random, and the names stand in a
//! subjectAltName, too.

use der::{
    Decode, Encode,
    asn1::{Ia5String, OctetString},
    oid::{
        ObjectIdentifier,
        db::{
            rfc4519::{CN, L, O, OU},
            rfc5280::ID_KP_CLIENT_AUTH,
        },
    },
};
use x509_cert::{
    Version,
    ext::{
        Extension, ToExtension,
        pkix::{
            BasicConstraints, ExtendedKeyUsage, KeyUsage, KeyUsages, SubjectAltName, SubjectKeyIdentifier,
            name::GeneralName,
        },
    },
    name::Name,
    spki::SubjectPublicKeyInfoOwned,
    time::Validity,
};

use crate::{
    authority::{
        authority::Signer,
        ca::{self, BuildError, TbsCertificate, asn1_time, attribute, critical, key_id, name},
        error::Refusal,
        profile::Period,
    },
    pki::idprov::{ADMIN_UNIT, DEVICE_UNIT},
};

/// The organization in every certificate of a hub. Other certificates of this authority have another one, so that no
/// request can bring its own organizational unit into one.
pub(super) const ORGANIZATION: &str = "WoST";
const LOCALITY: &str = "WoST zone";

/// Purpose of a certificate.
#[derive(Clone, Debug)]
pub(super) enum Purpose<'a> {
    Device(&'a str),
    Operator(&'a str),
}

/// A certificate that is signed, and not recorded yet.
pub(super) struct Leaf {
    pub(super) der: Vec<u8>,
    pub(super) serial: Vec<u8>,
    pub(super) subject_dn: String,
    pub(super) period: Period,
}

impl Purpose<'_> {
    fn unit(&self) -> &'static str {
        match self {
            Self::Device(_) => DEVICE_UNIT,
            Self::Operator(_) => ADMIN_UNIT,
        }
    }

    fn common_name(&self) -> &str {
        match self {
            Self::Device(name) | Self::Operator(name) => name,
        }
    }

    fn subject(&self) -> Result<(Name, String), der::Error> {
        let parts: [(ObjectIdentifier, &str, &str); 4] = [
            (L, "L", LOCALITY),
            (O, "O", ORGANIZATION),
            (OU, "OU", self.unit()),
            (CN, "CN", self.common_name()),
        ];
        let shown: Vec<String> = parts.iter().map(|(_, short, text)| format!("{short}={text}")).collect();
        let parts = parts.iter().map(|(oid, _, text)| attribute(*oid, text)).collect::<Result<_, _>>()?;
        Ok((name(parts)?, shown.join(", ")))
    }

    fn usage(&self) -> KeyUsage {
        match self {
            Self::Device(_) => {
                KeyUsage(KeyUsages::DigitalSignature | KeyUsages::KeyEncipherment | KeyUsages::DataEncipherment)
            }
            Self::Operator(_) => KeyUsage(KeyUsages::DigitalSignature.into()),
        }
    }

    /// Signs a certificate for this public key, from `now` on.
    pub(super) fn sign(
        &self,
        signer: &Signer,
        key: &SubjectPublicKeyInfoOwned,
        period: Period,
    ) -> Result<Leaf, Refusal> {
        let serial = ca::serial_number()?;
        let (subject, subject_dn) = self.subject().map_err(BuildError::from)?;
        let extended = ExtendedKeyUsage(vec![ID_KP_CLIENT_AUTH]);
        let mut extensions = vec![
            critical(&BasicConstraints { ca: false, path_len_constraint: None }).map_err(BuildError::from)?,
            critical(&self.usage()).map_err(BuildError::from)?,
        ];
        let mut add = |extension: Result<Extension, der::Error>| -> Result<(), BuildError> {
            extensions.push(extension?);
            Ok(())
        };
        let anyone = Name::default();
        add(SubjectKeyIdentifier(key_id(key).map_err(BuildError::from)?).to_extension(&subject, &[]))?;
        add(extended.to_extension(&anyone, &[]).map(|one| Extension { critical: false, ..one }))?;
        add(own_name(self.common_name()).and_then(alternative_name))?;
        extensions.extend(signer.profile.lineage(&serial).cloned());
        let tbs = TbsCertificate {
            version: Version::V3,
            serial_number: serial.clone(),
            signature: signer.ca.algorithm().clone(),
            issuer: signer.ca.name().clone(),
            validity: Validity::new(
                asn1_time(period.not_before).map_err(BuildError::from)?,
                asn1_time(period.not_after).map_err(BuildError::from)?,
            ),
            subject,
            subject_public_key_info: key.clone(),
            extensions: Some(extensions),
        };
        Ok(Leaf { der: signer.ca.seal(&tbs)?, serial: serial.as_bytes().to_vec(), subject_dn, period })
    }
}

fn alternative_name(name: GeneralName) -> Result<Extension, der::Error> {
    Ok(Extension {
        extn_id: der::oid::db::rfc5280::ID_CE_SUBJECT_ALT_NAME,
        critical: false,
        extn_value: OctetString::new(SubjectAltName(vec![name]).to_der()?)?,
    })
}

/// A host name as such; any other id (a MAC address, a serial number with `_`) as a URI of this protocol.
fn own_name(id: &str) -> Result<GeneralName, der::Error> {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() <= 63
            && label.chars().all(|c| c.is_ascii_alphanumeric() || c == '-')
            && !label.starts_with('-')
            && !label.ends_with('-')
    };
    if id.split('.').all(is_label) {
        return Ok(GeneralName::DnsName(Ia5String::new(id)?));
    }
    Ok(GeneralName::UniformResourceIdentifier(Ia5String::new(&format!("idprov:{id}"))?))
}

/// A public key that may be certified: ECDSA on P-256 or P-384, a point of the curve, in its only encoding.
pub(super) fn public_key(pem: &str) -> Result<SubjectPublicKeyInfoOwned, &'static str> {
    use aws_lc_rs::signature::{ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ParsedPublicKey};

    use crate::authority::signatures::{Curve, curve};
    let blocks =
        crate::pki::pem::decode_all("PUBLIC KEY", pem).map_err(|_| "it is not a PEM block PUBLIC KEY")?;
    let [der] = blocks.as_slice() else { return Err("it is not one PEM block PUBLIC KEY") };
    let key = SubjectPublicKeyInfoOwned::from_der(der).map_err(|_| "it is not a SubjectPublicKeyInfo")?;
    if key.to_der().ok().as_ref() != Some(der) {
        return Err("it is not in the encoding of DER");
    }
    let bits = key.subject_public_key.as_bytes().ok_or("it is not a point of its curve")?;
    let on_curve = match curve(&key) {
        Some(Curve::P256) => ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, bits).is_ok(),
        Some(Curve::P384) => ParsedPublicKey::new(&ECDSA_P384_SHA384_ASN1, bits).is_ok(),
        _ => return Err("it is not an ECDSA key on P-256 or P-384"),
    };
    if on_curve { Ok(key) } else { Err("it is not a point of its curve") }
}
