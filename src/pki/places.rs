//! Where a certificate says that its revocation can be asked: distribution points and OCSP responders.

use x509_parser::{
    certificate::X509Certificate,
    extensions::{DistributionPointName, GeneralName, ParsedExtension},
    oid_registry::OID_PKIX_ACCESS_DESCRIPTOR_OCSP,
    prelude::FromDer,
};

use super::certificate::Certificate;

/// URLs as they stand in the certificate: hostile until checked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Places {
    /// cRLDistributionPoints (RFC 5280 §4.2.1.13): complete lists of the certificate's own issuer.
    pub lists: Vec<String>,
    /// authorityInfoAccess with id-ad-ocsp (RFC 5280 §4.2.2.1).
    pub responders: Vec<String>,
}

impl Places {
    #[must_use]
    pub fn of(certificate: &Certificate) -> Self {
        let mut places = Self::default();
        let Ok((_, parsed)) = X509Certificate::from_der(certificate.der()) else {
            return places;
        };
        for extension in parsed.extensions() {
            match extension.parsed_extension() {
                ParsedExtension::CRLDistributionPoints(points) => {
                    let own = points
                        .points
                        .iter()
                        .filter(|point| point.reasons.is_none() && point.crl_issuer.is_none());
                    for point in own {
                        if let Some(DistributionPointName::FullName(names)) = &point.distribution_point {
                            places.lists.extend(names.iter().filter_map(url));
                        }
                    }
                }
                ParsedExtension::AuthorityInfoAccess(access) => {
                    let responders = access
                        .accessdescs
                        .iter()
                        .filter(|description| description.access_method == OID_PKIX_ACCESS_DESCRIPTOR_OCSP)
                        .filter_map(|description| url(&description.access_location));
                    places.responders.extend(responders);
                }
                _ => {}
            }
        }
        places
    }
}

fn url(name: &GeneralName<'_>) -> Option<String> {
    match name {
        GeneralName::URI(url) => Some((*url).to_owned()),
        _ => None,
    }
}
