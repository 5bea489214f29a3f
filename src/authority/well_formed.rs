//! Which names the authority signs: those that every reader reads alike.
//!
//! Attribute values are character strings (RFC 5280 §4.1.2.4) of printable characters. Alternative names have the form
//! that RFC 5280 §4.2.1.6 gives each kind.

use der::{Any, Tag, Tagged};
use rustls::pki_types::DnsName;
use x509_cert::{
    ext::pkix::{SubjectAltName, name::GeneralName},
    name::{Name, RelativeDistinguishedName},
};

use super::error::Refusal;
use crate::pki::names::is_hidden;

/// Attributes of the longest subject.
pub(super) const MOST_ATTRIBUTES: usize = 32;

/// Characters of the longest attribute value.
const LONGEST_VALUE: usize = 256;

/// Alternative names of one certificate, and octets of the longest.
const MOST_NAMES: usize = 100;
const LONGEST_NAME: usize = 2048;

/// An attribute's value as it is signed, and its text. Character strings of old are turned into UTF8String, as RFC 5280
/// §4.1.2.4 tells a CA to.
///
/// # Errors
/// [`Refusal::Invalid`] for a value that is no text, no printable text, or too long.
pub(super) fn value(attribute: &str, given: &Any) -> Result<(Any, String), Refusal> {
    let wrong = |why: &str| {
        Refusal::invalid(format!("The attribute {attribute} of the certificate signing request {why}."))
    };
    let text = characters(given).ok_or_else(|| wrong("is not a well-formed character string"))?;
    if text.trim().is_empty() {
        return Err(wrong("is empty"));
    }
    if text.chars().any(is_hidden) {
        return Err(wrong("holds characters that cannot be printed"));
    }
    if text.chars().count() > LONGEST_VALUE {
        return Err(wrong(&format!("has more than {LONGEST_VALUE} characters")));
    }
    let modern = matches!(given.tag(), Tag::Utf8String | Tag::PrintableString | Tag::Ia5String);
    let signed = if modern { Ok(given.clone()) } else { Any::new(Tag::Utf8String, text.as_bytes()) };
    Ok((signed.map_err(|_| wrong("is not a well-formed character string"))?, text))
}

/// The characters of a string type (X.680 §41); `None` for other types, and for octets that are no characters of it.
pub(super) fn characters(value: &Any) -> Option<String> {
    let octets = value.value();
    match value.tag() {
        Tag::Utf8String => std::str::from_utf8(octets).ok().map(str::to_owned),
        Tag::PrintableString | Tag::Ia5String | Tag::NumericString | Tag::VisibleString => {
            octets.is_ascii().then(|| octets.iter().map(|octet| char::from(*octet)).collect())
        }
        // T.61 is written as Latin-1 in practice.
        Tag::TeletexString => Some(octets.iter().map(|octet| char::from(*octet)).collect()),
        Tag::BmpString => {
            let (pairs, []) = octets.as_chunks::<2>() else { return None };
            char::decode_utf16(pairs.iter().map(|pair| u16::from_be_bytes(*pair)))
                .collect::<Result<_, _>>()
                .ok()
        }
        _ => None,
    }
}

/// Checks the requested alternative names.
///
/// # Errors
/// [`Refusal::Invalid`] for the first that has not the form of its kind.
pub(super) fn names(names: &SubjectAltName) -> Result<(), Refusal> {
    if names.0.len() > MOST_NAMES {
        return Err(Refusal::invalid(format!(
            "More than {MOST_NAMES} subject alternative names are requested."
        )));
    }
    match names.0.iter().find(|name| !is_well_formed(name)) {
        None => Ok(()),
        Some(_) => Err(Refusal::invalid("The requested subject alternative name is not well formed.")),
    }
}

fn is_well_formed(name: &GeneralName) -> bool {
    match name {
        GeneralName::DnsName(name) => is_dns(name.as_str()),
        GeneralName::IpAddress(address) => matches!(address.as_bytes().len(), 4 | 16),
        GeneralName::Rfc822Name(name) => is_mailbox(name.as_str()),
        GeneralName::UniformResourceIdentifier(name) => {
            is_short(name.as_str()) && url::Url::parse(name.as_str()).is_ok()
        }
        GeneralName::DirectoryName(name) => is_directory_name(name),
        GeneralName::OtherName(other) => other.value.value().len() <= LONGEST_NAME,
        GeneralName::RegisteredId(_) => true,
        GeneralName::EdiPartyName(_) => false,
    }
}

fn is_short(text: &str) -> bool {
    (1..=LONGEST_NAME).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// A host name. A wildcard stands for the hosts of one domain, and not for those of a whole registry.
fn is_dns(name: &str) -> bool {
    let is_name = |name: &str| !name.ends_with('.') && DnsName::try_from(name).is_ok();
    match name.strip_prefix("*.") {
        Some(domain) => is_name(domain) && domain.contains('.'),
        None => is_name(name),
    }
}

fn is_mailbox(name: &str) -> bool {
    is_short(name) && name.rsplit_once('@').is_some_and(|(user, host)| !user.is_empty() && is_dns(host))
}

fn is_directory_name(name: &Name) -> bool {
    let attributes = || name.iter_rdn().flat_map(RelativeDistinguishedName::iter);
    let count = attributes().count();
    (1..=MOST_ATTRIBUTES).contains(&count) && attributes().all(|attribute| value("", &attribute.value).is_ok())
}
