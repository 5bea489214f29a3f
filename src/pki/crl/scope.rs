//! Which certificates a list speaks for (RFC 5280 §5.2, §6.3.3 (b)): issuing distribution point, delta lists.

use der::{Decode, asn1::Uint};
use x509_cert::{
    der::oid::db::rfc5280::{
        ID_CE_AUTHORITY_KEY_IDENTIFIER, ID_CE_CRL_NUMBER, ID_CE_DELTA_CRL_INDICATOR, ID_CE_FRESHEST_CRL,
        ID_CE_ISSUER_ALT_NAME, ID_CE_ISSUING_DISTRIBUTION_POINT,
    },
    ext::pkix::crl::IssuingDistributionPoint,
};
use x509_parser::num_bigint::BigUint;

use super::{
    der::Extension,
    points::{self, ALL, Asked, PointName, Reasons},
};
use crate::pki::{certificate::Certificate, directory_name::DirectoryName};

/// The scope of a list, from its extensions.
#[derive(Debug)]
pub(super) struct Scope {
    /// The issuer of the list.
    pub(super) issuer: DirectoryName,
    pub(super) number: Option<BigUint>,
    /// BaseCRLNumber: this is a delta list.
    pub(super) base: Option<BigUint>,
    point: Option<IssuingDistributionPoint>,
    names: Option<Vec<PointName>>,
    /// Why the list may not be used for any certificate.
    pub(super) obstacle: Option<String>,
}

impl Scope {
    pub(super) fn read(issuer: DirectoryName, extensions: &[Extension<'_>]) -> Self {
        let mut scope = Self { issuer, number: None, base: None, point: None, names: None, obstacle: None };
        for (position, extension) in extensions.iter().enumerate() {
            let known = scope.take(extension);
            let obstacle = match known {
                _ if extensions.iter().take(position).any(|earlier| earlier.id == extension.id) => {
                    Some(format!("it has the extension {} twice", extension.id))
                }
                Err(_) => Some(format!("its extension {} cannot be read", extension.id)),
                Ok(false) if extension.critical => {
                    Some(format!("it has the critical extension {}, which is not known here", extension.id))
                }
                Ok(_) => None,
            };
            scope.obstacle = scope.obstacle.or(obstacle);
        }
        let point = scope.point.as_ref();
        if point.is_some_and(|point| point.only_contains_attribute_certs) && scope.obstacle.is_none() {
            scope.obstacle = Some("it lists attribute certificates (onlyContainsAttributeCerts)".to_owned());
        }
        let name = point.and_then(|point| point.distribution_point.as_ref());
        scope.names = name.map(|name| points::names_of(name, &scope.issuer));
        scope
    }

    /// Whether the extension is known, and may be critical if it is.
    fn take(&mut self, extension: &Extension<'_>) -> der::Result<bool> {
        match extension.id {
            // RFC 5280 §5.2.3: never critical.
            ID_CE_CRL_NUMBER => {
                self.number = Some(number(extension.value)?);
                return Ok(!extension.critical);
            }
            ID_CE_DELTA_CRL_INDICATOR => self.base = Some(number(extension.value)?),
            ID_CE_ISSUING_DISTRIBUTION_POINT => {
                self.point = Some(IssuingDistributionPoint::from_der(extension.value)?);
            }
            ID_CE_AUTHORITY_KEY_IDENTIFIER | ID_CE_ISSUER_ALT_NAME | ID_CE_FRESHEST_CRL => {}
            _ => return Ok(false),
        }
        Ok(true)
    }

    /// It may list certificates of other issuers (indirectCRL).
    pub(super) fn is_indirect(&self) -> bool {
        self.point.as_ref().is_some_and(|point| point.indirect_crl)
    }

    /// Whether [`Self::reasons`] needs the distribution points of the certificate.
    pub(super) fn needs_points(&self) -> bool {
        self.names.is_some() || self.is_indirect()
    }

    /// The reasons for which the list speaks for `certificate`, or why it does not speak for it at all. `asked` is
    /// `None` where no points are needed: the list is that of the certificate's own issuer.
    pub(super) fn reasons(
        &self,
        certificate: &Certificate,
        asked: Option<&Asked>,
    ) -> Result<Reasons, &'static str> {
        let Some(point) = self.point.as_ref() else {
            return Ok(asked.map_or(ALL, |asked| asked.reasons(&self.issuer, None, false)));
        };
        if point.only_contains_user_certs && certificate.is_ca {
            return Err("it lists no certificates of authorities (onlyContainsUserCerts)");
        }
        if point.only_contains_ca_certs && !certificate.is_ca {
            return Err("it lists only certificates of authorities (onlyContainsCACerts)");
        }
        let offered =
            asked.map_or(ALL, |asked| asked.reasons(&self.issuer, self.names.as_deref(), point.indirect_crl));
        if offered == 0 {
            return Err("it is for another distribution point than the certificate names");
        }
        Ok(offered & point.only_some_reasons.map_or(ALL, points::bits))
    }
}

fn number(value: &[u8]) -> der::Result<BigUint> {
    Uint::from_der(value).map(|number| BigUint::from_bytes_be(number.as_bytes()))
}
