//! What RFC 5280 and openssl check and the library leaves out.

use x509_parser::{
    certificate::X509Certificate,
    extensions::{GeneralName, NameConstraints, ParsedExtension},
    oid_registry::{OID_X509_EXT_AUTHORITY_KEY_IDENTIFIER, OID_X509_EXT_SUBJECT_KEY_IDENTIFIER},
    prelude::FromDer,
    x509::X509Version,
};

use super::{ChainError, Purpose};
use crate::pki::{
    certificate::{Certificate, Validity},
    time::Time,
};

/// Checks a path the library found, leaf first, anchor last.
pub(super) fn check(path: &[&Certificate], now: Time, purpose: Purpose) -> Result<(), ChainError> {
    let parsed = path.iter().map(|certificate| parse(certificate)).collect::<Result<Vec<_>, _>>()?;
    let (Some((leaf, authorities)), Some(anchor)) = (parsed.split_first(), path.last()) else {
        return Err(refused("the path is empty"));
    };
    anchor_dates(anchor, now)?;
    purpose.check_leaf(leaf)?;
    for (depth, authority) in authorities.iter().enumerate() {
        let is_anchor = depth + 1 == authorities.len();
        may_sign(authority)?;
        no_policies(authority)?;
        if is_anchor {
            may_be_anchor(authority, authorities.get(..depth).unwrap_or_default())?;
            allows(authority, purpose)?;
        }
        if let Some(subject) = parsed.get(depth) {
            identifiers_fit(subject, authority)?;
        }
        names_are_compared(authority, leaf)?;
    }
    Ok(())
}

fn parse(certificate: &Certificate) -> Result<X509Certificate<'_>, ChainError> {
    X509Certificate::from_der(certificate.der())
        .map(|(_, parsed)| parsed)
        .map_err(|error| refused(&format!("a certificate in the path cannot be read: {error}")))
}

fn refused(why: &str) -> ChainError {
    ChainError::Refused(why.to_owned())
}

/// RFC 5280 §6.1.1 takes an anchor's dates for granted; brokers and openssl do not.
fn anchor_dates(anchor: &Certificate, now: Time) -> Result<(), ChainError> {
    let subject = anchor.subject.clone();
    match anchor.validity_at(now) {
        Validity::Valid => Ok(()),
        Validity::Expired => Err(ChainError::AuthorityExpired { subject, at: anchor.not_after }),
        Validity::NotYetValid => Err(ChainError::AuthorityNotYetValid { subject, at: anchor.not_before }),
    }
}

/// RFC 5280 §6.1.4 (n).
fn may_sign(authority: &X509Certificate<'_>) -> Result<(), ChainError> {
    match authority.key_usage() {
        Ok(None) => Ok(()),
        Ok(Some(usage)) if usage.value.key_cert_sign() => Ok(()),
        Ok(Some(_)) => Err(refused(&format!(
            "the key of {} is not for signing certificates (its key usage lacks keyCertSign, RFC 5280 §6.1.4 (n))",
            authority.subject()
        ))),
        Err(_) => Err(refused(&format!("the key usage of {} cannot be read", authority.subject()))),
    }
}

/// What is asked of every other authority in a path is asked of its anchor, too (RFC 5280 §6.1.4 (k) to (m), (o)).
fn may_be_anchor(anchor: &X509Certificate<'_>, below: &[X509Certificate<'_>]) -> Result<(), ChainError> {
    let subject = anchor.subject();
    let constraints = anchor
        .basic_constraints()
        .map_err(|_| refused(&format!("the basic constraints of {subject} cannot be read")))?;
    match constraints {
        None if anchor.version() == X509Version::V1 => {}
        Some(constraints) if constraints.value.ca => {
            let authorities =
                below.iter().filter(|authority| authority.subject() != authority.issuer()).count();
            let allowed = constraints.value.path_len_constraint.map_or(usize::MAX, |length| length as usize);
            if authorities > allowed {
                return Err(refused(&format!(
                    "there are more authorities below {subject} than it allows (pathLenConstraint, RFC 5280 §6.1.4 (l))"
                )));
            }
        }
        _ => {
            return Err(refused(&format!(
                "the root certificate {subject} is no authority (basicConstraints without cA, RFC 5280 §6.1.4 (k))"
            )));
        }
    }
    let unknown = anchor
        .extensions()
        .iter()
        .find(|extension| extension.critical && extension.parsed_extension().unsupported());
    match unknown {
        None => Ok(()),
        Some(extension) => Err(refused(&format!(
            "the root certificate {subject} has the critical extension {}, which is not known here (RFC 5280 §4.2)",
            extension.oid
        ))),
    }
}

/// An extended key usage in a root limits what is below it, as openssl sees it.
fn allows(anchor: &X509Certificate<'_>, purpose: Purpose) -> Result<(), ChainError> {
    let Ok(usage) = anchor.extended_key_usage() else {
        return Err(refused("the extended key usage of the root certificate cannot be read"));
    };
    let allowed = usage.is_none_or(|usage| match purpose {
        Purpose::Any => true,
        Purpose::Client | Purpose::ClientIfLimited => usage.value.client_auth,
        Purpose::Server | Purpose::ServerIfLimited => usage.value.server_auth,
    });
    if allowed {
        return Ok(());
    }
    Err(ChainError::Purpose(format!(
        "the root certificate {} is limited to other purposes (extended key usage, RFC 5280 §4.2.1.12)",
        anchor.subject()
    )))
}

/// Policies are not evaluated here, so an authority that requires one cannot be satisfied (RFC 5280 §4.2.1.11).
fn no_policies(authority: &X509Certificate<'_>) -> Result<(), ChainError> {
    let requires = authority.extensions().iter().any(|extension| match extension.parsed_extension() {
        ParsedExtension::PolicyConstraints(constraints) => constraints.require_explicit_policy.is_some(),
        _ => false,
    });
    if requires {
        return Err(refused(&format!(
            "{} requires a certificate policy (requireExplicitPolicy, RFC 5280 §4.2.1.11), and policies are not \
             evaluated here",
            authority.subject()
        )));
    }
    Ok(())
}

/// The authority key identifier names the issuer's key, or the issuer's certificate (RFC 5280 §4.2.1.1).
fn identifiers_fit(subject: &X509Certificate<'_>, issuer: &X509Certificate<'_>) -> Result<(), ChainError> {
    let named = subject.extensions().iter().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::AuthorityKeyIdentifier(identifier) => Some(identifier),
        _ => None,
    });
    let key = issuer.extensions().iter().find_map(|extension| match extension.parsed_extension() {
        ParsedExtension::SubjectKeyIdentifier(identifier) => Some(identifier),
        _ => None,
    });
    let unreadable = [subject, issuer].iter().any(|certificate| {
        certificate.extensions().iter().any(|extension| {
            let is_identifier = extension.oid == OID_X509_EXT_AUTHORITY_KEY_IDENTIFIER
                || extension.oid == OID_X509_EXT_SUBJECT_KEY_IDENTIFIER;
            is_identifier && matches!(extension.parsed_extension(), ParsedExtension::ParseError { .. })
        })
    });
    if unreadable {
        return Err(refused("a key identifier in the path cannot be read (RFC 5280 §4.2.1.1)"));
    }
    let Some(named) = named else {
        return Ok(());
    };
    let other_key = matches!((&named.key_identifier, key), (Some(wanted), Some(key)) if wanted.0 != key.0);
    let other_serial = named.authority_cert_serial.is_some_and(|serial| serial != issuer.raw_serial());
    let mut issuers_of_issuer = named.authority_cert_issuer.iter().flatten().filter_map(|name| match name {
        GeneralName::DirectoryName(name) => Some(name),
        _ => None,
    });
    let other_issuer = issuers_of_issuer.next().is_some_and(|name| name.as_raw() != issuer.issuer().as_raw());
    if other_key || other_serial || other_issuer {
        return Err(refused(&format!(
            "its authority key identifier names another certificate of {} (RFC 5280 §4.2.1.1)",
            issuer.subject()
        )));
    }
    Ok(())
}

/// The library compares DNS names, IP addresses and URIs of the alternative names with an authority's constraints.
/// Mail addresses and host names that stand in the subject are names, too: where they are constrained, refuse.
fn names_are_compared(authority: &X509Certificate<'_>, leaf: &X509Certificate<'_>) -> Result<(), ChainError> {
    let Ok(constraints) = authority.name_constraints() else {
        return Err(refused(&format!("the name constraints of {} cannot be read", authority.subject())));
    };
    let Some(constraints) = constraints else {
        return Ok(());
    };
    let limits = |kind: fn(&GeneralName<'_>) -> bool| subtrees(constraints.value).any(kind);
    let has_mail = leaf.subject().iter_email().next().is_some();
    let alternative = leaf.subject_alternative_name().ok().flatten();
    let has_dns = alternative.is_some_and(|names| {
        names.value.general_names.iter().any(|name| matches!(name, GeneralName::DNSName(_)))
    });
    let host_in_subject = !has_dns
        && leaf.subject().iter_common_name().any(|name| name.as_str().map_or(true, |name| name.contains('.')));
    if (has_mail && limits(|name| matches!(name, GeneralName::RFC822Name(_))))
        || (host_in_subject && limits(|name| matches!(name, GeneralName::DNSName(_))))
    {
        return Err(refused(&format!(
            "{} constrains names, and a name in the subject is not compared here (nameConstraints, RFC 5280 §4.2.1.10)",
            authority.subject()
        )));
    }
    Ok(())
}

fn subtrees<'a>(constraints: &'a NameConstraints<'a>) -> impl Iterator<Item = &'a GeneralName<'a>> {
    let permitted = constraints.permitted_subtrees.iter().flatten();
    let excluded = constraints.excluded_subtrees.iter().flatten();
    permitted.chain(excluded).map(|subtree| &subtree.base)
}
