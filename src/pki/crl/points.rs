//! Distribution points: those a certificate names, and the one a list is for (RFC 5280 §4.2.1.13, §5.2.5).

use der::{Decode, Encode};
use x509_cert::ext::pkix::{
    CrlDistributionPoints,
    crl::dp::ReasonFlags,
    name::{DistributionPointName, GeneralName},
};
use x509_parser::{
    certificate::X509Certificate, oid_registry::OID_X509_EXT_CRL_DISTRIBUTION_POINTS, prelude::FromDer,
};

use crate::pki::{certificate::Certificate, directory_name::DirectoryName};

/// Reasons of revocation, a bit for each (RFC 5280 §4.2.1.13).
pub(super) type Reasons = u16;

/// Every reason there is: keyCompromise to aACompromise.
pub(super) const ALL: Reasons = 0x1fe;

/// Issuer and distribution points of a certificate, which decide the lists that may speak for it.
#[derive(Debug)]
pub(super) struct Asked {
    pub(super) issuer: DirectoryName,
    points: Vec<Point>,
}

#[derive(Debug)]
struct Point {
    names: Vec<PointName>,
    reasons: Reasons,
    /// The issuer of the list, when it is not the issuer of the certificate.
    issuers: Vec<DirectoryName>,
}

/// A name of a distribution point, in the form that is compared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum PointName {
    Directory(DirectoryName),
    /// The DER of any other kind.
    Plain(Vec<u8>),
}

impl Asked {
    /// `None` for a certificate that cannot be read. Points that cannot be read count as absent.
    pub(super) fn of(certificate: &Certificate) -> Option<Self> {
        let (_, parsed) = X509Certificate::from_der(certificate.der()).ok()?;
        let issuer = DirectoryName::of(parsed.issuer());
        let extension = parsed.get_extension_unique(&OID_X509_EXT_CRL_DISTRIBUTION_POINTS).ok().flatten();
        let points = extension.and_then(|extension| CrlDistributionPoints::from_der(extension.value).ok());
        let points = points.map_or_else(Vec::new, |points| points.0);
        let points = points.into_iter().map(|point| {
            let issuers: Vec<DirectoryName> = point.crl_issuer.iter().flatten().filter_map(directory).collect();
            let whose = issuers.first().unwrap_or(&issuer);
            Point {
                names: point.distribution_point.map_or_else(Vec::new, |name| names_of(&name, whose)),
                reasons: point.reasons.map_or(ALL, bits),
                issuers,
            }
        });
        let points = points.collect();
        Some(Self { issuer, points })
    }

    /// It names `issuer` as one that may list it (cRLIssuer).
    pub(super) fn is_listed_by(&self, issuer: &DirectoryName) -> bool {
        self.points.iter().any(|point| point.issuers.contains(issuer))
    }

    /// The reasons for which a list of `issuer` that is for the point `names` may speak; 0: it may not.
    pub(super) fn reasons(
        &self,
        issuer: &DirectoryName,
        names: Option<&[PointName]>,
        is_indirect: bool,
    ) -> Reasons {
        let is_own = *issuer == self.issuer;
        // RFC 5280 §6.3.3, at its end: a list of the certificate's issuer that has no distribution point of its own
        // covers every certificate of that issuer.
        let implied = if is_own && names.is_none() { ALL } else { 0 };
        self.points.iter().fold(implied, |reasons, point| {
            let by =
                if point.issuers.is_empty() { is_own } else { is_indirect && point.issuers.contains(issuer) };
            let fits = names.is_none_or(|names| point.has_one_of(names));
            if by && fits { reasons | point.reasons } else { reasons }
        })
    }
}

impl Point {
    fn has_one_of(&self, wanted: &[PointName]) -> bool {
        if self.names.is_empty() {
            return self.issuers.iter().any(|issuer| wanted.contains(&PointName::Directory(issuer.clone())));
        }
        self.names.iter().any(|name| wanted.contains(name))
    }
}

/// The names of a point; one that is relative is completed with `issuer`.
pub(super) fn names_of(name: &DistributionPointName, issuer: &DirectoryName) -> Vec<PointName> {
    match name {
        DistributionPointName::FullName(names) => names.iter().filter_map(PointName::of).collect(),
        DistributionPointName::NameRelativeToCRLIssuer(part) => {
            let whole = part.to_der().ok().and_then(|part| issuer.extended(&part));
            whole.map(PointName::Directory).into_iter().collect()
        }
    }
}

impl PointName {
    fn of(name: &GeneralName) -> Option<Self> {
        match directory(name) {
            Some(name) => Some(Self::Directory(name)),
            None => name.to_der().ok().map(Self::Plain),
        }
    }
}

/// A directory name, in the form that is compared.
pub(super) fn directory(name: &GeneralName) -> Option<DirectoryName> {
    match name {
        GeneralName::DirectoryName(name) => DirectoryName::from_der(&name.to_der().ok()?),
        _ => None,
    }
}

pub(super) fn bits(reasons: ReasonFlags) -> Reasons {
    reasons.bits() & ALL
}
