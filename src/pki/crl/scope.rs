//! Which certificates a list speaks for (RFC 5280 §5.2, §6.3.3 (b)): issuing distribution point, delta lists.

use der::{Decode, asn1::Uint};
use x509_cert::{
    der::oid::db::rfc5280::{
        ID_CE_AUTHORITY_KEY_IDENTIFIER, ID_CE_CRL_NUMBER, ID_CE_DELTA_CRL_INDICATOR, ID_CE_FRESHEST_CRL,
        ID_CE_ISSUER_ALT_NAME, ID_CE_ISSUING_DISTRIBUTION_POINT,
    },
    ext::pkix::{
        CrlDistributionPoints,
        crl::IssuingDistributionPoint,
        name::{DistributionPointName, GeneralName},
    },
};
use x509_parser::{num_bigint::BigUint, oid_registry::OID_X509_EXT_CRL_DISTRIBUTION_POINTS, prelude::FromDer};

use super::der::Extension;
use crate::pki::certificate::Certificate;

/// What the extensions of a list say.
#[derive(Debug, Default)]
pub(super) struct Scope {
    pub(super) number: Option<BigUint>,
    /// BaseCRLNumber: this is a delta list.
    pub(super) base: Option<BigUint>,
    point: Option<IssuingDistributionPoint>,
    /// Why the list may not be used for any certificate.
    pub(super) obstacle: Option<String>,
}

impl Scope {
    pub(super) fn read(extensions: &[Extension<'_>]) -> Self {
        let mut scope = Self::default();
        for (position, extension) in extensions.iter().enumerate() {
            let known = scope.take(extension);
            let obstacle = match known {
                _ if extensions.iter().take(position).any(|earlier| earlier.id == extension.id) => {
                    Some(format!("it has the extension {} twice", extension.id))
                }
                Err(error) => Some(format!("its extension {} cannot be read: {error}", extension.id)),
                Ok(false) if extension.critical => {
                    Some(format!("it has the critical extension {}, which is not known here", extension.id))
                }
                Ok(_) => None,
            };
            scope.obstacle = scope.obstacle.or(obstacle);
        }
        scope.obstacle = scope.obstacle.or_else(|| scope.point.as_ref().and_then(unsupported));
        scope
    }

    /// Whether the extension is known.
    fn take(&mut self, extension: &Extension<'_>) -> der::Result<bool> {
        match extension.id {
            ID_CE_CRL_NUMBER => self.number = Some(number(extension.value)?),
            ID_CE_DELTA_CRL_INDICATOR => self.base = Some(number(extension.value)?),
            ID_CE_ISSUING_DISTRIBUTION_POINT => {
                self.point = Some(IssuingDistributionPoint::from_der(extension.value)?);
            }
            ID_CE_AUTHORITY_KEY_IDENTIFIER | ID_CE_ISSUER_ALT_NAME | ID_CE_FRESHEST_CRL => {}
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// Why the list does not speak for `certificate`; `None` when it does.
    pub(super) fn excludes(&self, certificate: &Certificate) -> Option<String> {
        let point = self.point.as_ref()?;
        if point.only_contains_user_certs && certificate.is_ca {
            return Some("it lists no certificates of authorities (onlyContainsUserCerts)".to_owned());
        }
        if point.only_contains_ca_certs && !certificate.is_ca {
            return Some("it lists only certificates of authorities (onlyContainsCACerts)".to_owned());
        }
        let name = point.distribution_point.as_ref()?;
        if names_point(certificate, name) {
            None
        } else {
            Some("it is for another distribution point than the certificate names".to_owned())
        }
    }

    /// Why silence of the list does not mean good; entries count all the same.
    pub(super) fn is_partial(&self) -> Option<&'static str> {
        if self.base.is_some() {
            return Some("it is a delta list and needs its base list");
        }
        self.point.as_ref()?.only_some_reasons?;
        Some("it covers only some reasons of revocation (onlySomeReasons)")
    }
}

fn unsupported(point: &IssuingDistributionPoint) -> Option<String> {
    if point.indirect_crl {
        return Some("it is an indirect list (indirectCRL), which is not supported here".to_owned());
    }
    point
        .only_contains_attribute_certs
        .then(|| "it lists attribute certificates (onlyContainsAttributeCerts)".to_owned())
}

fn number(value: &[u8]) -> der::Result<BigUint> {
    Uint::from_der(value).map(|number| BigUint::from_bytes_be(number.as_bytes()))
}

/// One of the certificate's distribution points has a name in common with the list's (RFC 5280 §6.3.3 (b)(2)(i)).
fn names_point(certificate: &Certificate, name: &DistributionPointName) -> bool {
    let DistributionPointName::FullName(wanted) = name else {
        return false;
    };
    distribution_points(certificate).is_some_and(|points| points.iter().any(|offered| wanted.contains(offered)))
}

fn distribution_points(certificate: &Certificate) -> Option<Vec<GeneralName>> {
    let (_, parsed) = x509_parser::certificate::X509Certificate::from_der(certificate.der()).ok()?;
    let extension = parsed.get_extension_unique(&OID_X509_EXT_CRL_DISTRIBUTION_POINTS).ok()??;
    let points = CrlDistributionPoints::from_der(extension.value).ok()?;
    Some(
        points
            .0
            .into_iter()
            // Points for some reasons, or of another issuer, are not those of a complete list of this issuer.
            .filter(|point| point.reasons.is_none() && point.crl_issuer.is_none())
            .filter_map(|point| match point.distribution_point {
                Some(DistributionPointName::FullName(names)) => Some(names),
                _ => None,
            })
            .flatten()
            .collect(),
    )
}
