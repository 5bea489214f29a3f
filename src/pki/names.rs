//! Names as text: distinguished names (RFC 4514) and general names (RFC 5280 §4.2.1.6).
//!
//! The text is taken as it stands in the certificate, control characters included: escape it before a terminal sees it.

use core::net::{Ipv4Addr, Ipv6Addr};

use der::{Reader, SliceReader, asn1::Utf8StringRef};
use serde::Serialize;
use x509_parser::{
    asn1_rs::{Any, Tag},
    certificate::X509Certificate,
    extensions::GeneralName,
    prelude::FromDer,
    x509::{AttributeTypeAndValue, X509Name},
};

use super::{certificate::Certificate, device_names, hex, oid};

/// A distinguished name in the order it is encoded: `CN=a, O=b`, values of one RDN joined with ` + `.
#[must_use]
pub(crate) fn distinguished(name: &X509Name<'_>) -> String {
    let mut text = String::new();
    for (index, rdn) in name.iter_rdn().enumerate() {
        if index > 0 {
            text.push_str(", ");
        }
        for (index, attribute) in rdn.iter().enumerate() {
            if index > 0 {
                text.push_str(" + ");
            }
            text.push_str(&oid::attribute(attribute.attr_type()));
            text.push('=');
            text.push_str(&value(attribute));
        }
    }
    text
}

/// A distinguished name as its values stand there, unescaped; one with string types that are rare today as
/// [`distinguished`] writes it.
#[must_use]
pub(crate) fn plain(name: &X509Name<'_>) -> String {
    let text = name.to_string();
    if text.starts_with('<') { distinguished(name) } else { text }
}

/// The common names of a distinguished name, unescaped, in order.
#[must_use]
pub(crate) fn common_names(name: &X509Name<'_>) -> Vec<String> {
    name.iter_common_name()
        .map(|attribute| string(attribute.attr_value()).unwrap_or_else(|| value(attribute)))
        .collect()
}

/// An attribute's value: escaped text, or `#` and the hex of its DER when it is no text (RFC 4514 §2.4).
fn value(attribute: &AttributeTypeAndValue<'_>) -> String {
    match string(attribute.attr_value()) {
        Some(text) => escaped(&device_names::explained(attribute.attr_type(), text)),
        None => format!("#{}", hex::pairs(attribute.as_slice()).replace(':', "")),
    }
}

/// The characters of a string type (X.680 §41), `None` for other types and for bytes that are no characters of it.
pub(super) fn string(any: &Any<'_>) -> Option<String> {
    match any.tag() {
        Tag::Utf8String
        | Tag::PrintableString
        | Tag::Ia5String
        | Tag::NumericString
        | Tag::VisibleString
        | Tag::GeneralString => std::str::from_utf8(any.data).ok().map(str::to_owned),
        // Programs that still write T.61 strings fill them with Latin-1.
        Tag::T61String => Some(any.data.iter().map(|byte| char::from(*byte)).collect()),
        Tag::BmpString => {
            let units = any.data.chunks_exact(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]]));
            any.data
                .len()
                .is_multiple_of(2)
                .then(|| char::decode_utf16(units).collect::<Result<_, _>>().ok())?
        }
        Tag::UniversalString => {
            let points = any
                .data
                .chunks_exact(4)
                .map(|four| char::from_u32(u32::from_be_bytes([four[0], four[1], four[2], four[3]])));
            any.data.len().is_multiple_of(4).then(|| points.collect())?
        }
        _ => None,
    }
}

/// Escapes what RFC 4514 §2.4 escapes, so that a value cannot look like another attribute.
fn escaped(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    let last = text.chars().count().saturating_sub(1);
    for (index, c) in text.chars().enumerate() {
        let special = matches!(c, ',' | '+' | '"' | '\\' | '<' | '>' | ';')
            || (index == 0 && matches!(c, '#' | ' '))
            || (index == last && c == ' ');
        if special {
            shown.push('\\');
        }
        shown.push(c);
    }
    shown
}

/// Characters that a terminal obeys instead of showing, or that hide or reorder what is shown: controls,
/// bidirectional controls (UAX #9), zero-width characters, line and paragraph separators, tags.
#[must_use]
pub fn is_hidden(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
            | '\u{feff}' | '\u{e0000}'..='\u{e007f}')
}

/// One name of a subjectAltName.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Name {
    #[serde(rename = "type")]
    pub kind: NameKind,
    pub value: String,
}

/// GeneralName's choices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum NameKind {
    Dns,
    Ip,
    Email,
    Uri,
    Directory,
    RegisteredId,
    Other,
}

impl NameKind {
    fn label(self) -> &'static str {
        match self {
            Self::Dns => "DNS",
            Self::Ip => "IP",
            Self::Email => "email",
            Self::Uri => "URI",
            Self::Directory => "dirName",
            Self::RegisteredId => "RID",
            Self::Other => "otherName",
        }
    }
}

impl std::fmt::Display for Name {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}:{}", self.kind.label(), self.value)
    }
}

impl Name {
    pub(crate) fn of(name: &GeneralName<'_>) -> Self {
        let (kind, value) = match name {
            GeneralName::DNSName(text) => (NameKind::Dns, (*text).to_owned()),
            GeneralName::RFC822Name(text) => (NameKind::Email, (*text).to_owned()),
            GeneralName::URI(text) => (NameKind::Uri, (*text).to_owned()),
            GeneralName::IPAddress(bytes) => (NameKind::Ip, address(bytes)),
            GeneralName::DirectoryName(name) => (NameKind::Directory, distinguished(name)),
            GeneralName::RegisteredID(oid) => (NameKind::RegisteredId, oid.to_id_string()),
            GeneralName::OtherName(oid, value) => (NameKind::Other, other(&oid.to_id_string(), value)),
            GeneralName::X400Address(any) | GeneralName::EDIPartyName(any) => {
                (NameKind::Other, format!("#{}", hex::pairs(any.data)))
            }
            GeneralName::Invalid(tag, bytes) => (kind_of_tag(tag.0), format!("#{}", hex::pairs(bytes))),
        };
        Self { kind, value }
    }
}

/// The kind of a malformed name, by its tag, so that the certificate does not seem to lack such a name.
fn kind_of_tag(tag: u32) -> NameKind {
    match tag {
        1 => NameKind::Email,
        2 => NameKind::Dns,
        4 => NameKind::Directory,
        6 => NameKind::Uri,
        7 => NameKind::Ip,
        8 => NameKind::RegisteredId,
        _ => NameKind::Other,
    }
}

/// An otherName: its text if it is a UTF8String, as user principal names are, else hex.
fn other(oid: &str, value: &[u8]) -> String {
    if let Some(words) = device_names::words(oid, value) {
        return words;
    }
    let inner = SliceReader::new(value).and_then(|mut reader| {
        reader.context_specific::<Utf8StringRef<'_>>(der::TagNumber(0), der::TagMode::Explicit)
    });
    match inner {
        Ok(Some(text)) => format!("{oid}:{}", text.as_str()),
        _ => format!("{oid}:#{}", hex::pairs(value)),
    }
}

/// The subject alternative names of a certificate; empty when it has no such names, or they cannot be read.
#[must_use]
pub fn alternatives(certificate: &Certificate) -> Vec<Name> {
    let Ok((_, parsed)) = X509Certificate::from_der(certificate.der()) else { return Vec::new() };
    let found = parsed.subject_alternative_name().ok().flatten();
    found.map_or_else(Vec::new, |names| names.value.general_names.iter().map(Name::of).collect())
}

/// An address, or an address and a mask as in name constraints (RFC 5280 §4.2.1.10).
fn address(bytes: &[u8]) -> String {
    let one = |bytes: &[u8]| -> Option<String> {
        if let Ok(octets) = <[u8; 4]>::try_from(bytes) {
            return Some(Ipv4Addr::from(octets).to_string());
        }
        <[u8; 16]>::try_from(bytes).ok().map(|octets| Ipv6Addr::from(octets).to_string())
    };
    let pair = |bytes: &[u8]| {
        let (address, mask) = bytes.split_at(bytes.len() / 2);
        Some(format!("{}/{}", one(address)?, one(mask)?))
    };
    match bytes.len() {
        4 | 16 => one(bytes),
        8 | 32 => pair(bytes),
        _ => None,
    }
    .unwrap_or_else(|| format!("#{}", hex::pairs(bytes)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_cannot_pass_for_another_attribute() {
        assert_eq!(escaped("a, O=Evil"), r"a\, O=Evil");
        assert_eq!(escaped("#1+2 "), r"\#1\+2\ ");
        assert_eq!(escaped("Straße"), "Straße");
    }

    #[test]
    fn addresses_with_and_without_a_mask() {
        assert_eq!(address(&[10, 0, 0, 1]), "10.0.0.1");
        assert_eq!(address(&[10, 0, 0, 0, 255, 0, 0, 0]), "10.0.0.0/255.0.0.0");
        assert_eq!(address(&[0; 16]), "::");
        assert_eq!(address(&[1, 2, 3]), "#01:02:03");
    }
}
