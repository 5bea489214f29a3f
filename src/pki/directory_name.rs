//! Distinguished names as RFC 5280 §7.1 compares them: neither string type, case nor spare blanks make two of one.

use x509_parser::{
    asn1_rs::Any,
    prelude::FromDer,
    x509::{AttributeTypeAndValue, RelativeDistinguishedName, X509Name},
};

use super::names;

/// A name in the form that is compared: equal values are equal names.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(crate) struct DirectoryName(Vec<Vec<u8>>);

impl DirectoryName {
    #[must_use]
    pub(crate) fn of(name: &X509Name<'_>) -> Self {
        Self(name.iter_rdn().map(relative).collect())
    }

    /// `None` when the bytes are not exactly one name.
    #[must_use]
    pub(crate) fn from_der(der: &[u8]) -> Option<Self> {
        match X509Name::from_der(der) {
            Ok(([], name)) => Some(Self::of(&name)),
            _ => None,
        }
    }

    /// It stands in the tree below `base`, or is `base` (RFC 5280 §4.2.1.10).
    #[must_use]
    pub(crate) fn is_within(&self, base: &Self) -> bool {
        self.0.starts_with(&base.0)
    }

    #[must_use]
    pub(crate) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// This name with one more part at its end, given as a DER SET (nameRelativeToCRLIssuer, RFC 5280 §4.2.1.13).
    #[must_use]
    pub(crate) fn extended(&self, part: &[u8]) -> Option<Self> {
        let Ok(([], part)) = RelativeDistinguishedName::from_der(part) else { return None };
        let mut whole = self.0.clone();
        whole.push(relative(&part));
        Some(Self(whole))
    }
}

/// Two DER names are the same. Most are byte for byte.
#[must_use]
pub(crate) fn same(a: &[u8], b: &[u8]) -> bool {
    a == b || matches!((DirectoryName::from_der(a), DirectoryName::from_der(b)), (Some(a), Some(b)) if a == b)
}

/// Whether two names, written as [`super::certificate::Certificate::subject`] is, could be the same. Cheap: it is asked
/// of every candidate before one is looked at closely.
#[must_use]
pub(crate) fn may_be_same(a: &str, b: &str) -> bool {
    // A name that could not be written as text, `<...>`, may be equal to any other.
    let is_unwritten = |text: &str| text.starts_with('<');
    a == b || is_unwritten(a) || is_unwritten(b) || letters(a).eq(letters(b))
}

fn letters(text: &str) -> impl Iterator<Item = char> + '_ {
    text.chars().filter(|c| !c.is_whitespace() && *c != '\\').flat_map(char::to_lowercase)
}

/// The attributes of one part are a set: their order does not count.
fn relative(part: &RelativeDistinguishedName<'_>) -> Vec<u8> {
    let mut attributes: Vec<Vec<u8>> = part.iter().map(attribute).collect();
    attributes.sort_unstable();
    attributes.concat()
}

/// Every piece with its length before it, so that no two lists of pieces look the same.
fn attribute(attribute: &AttributeTypeAndValue<'_>) -> Vec<u8> {
    let value = value(attribute.attr_value());
    let mut bytes = Vec::with_capacity(value.len() + 32);
    for piece in [attribute.attr_type().as_bytes(), value.as_slice()] {
        bytes.extend_from_slice(&(piece.len() as u64).to_be_bytes());
        bytes.extend_from_slice(piece);
    }
    bytes
}

/// Text is compared as text, anything else with its tag.
fn value(any: &Any<'_>) -> Vec<u8> {
    if let Some(text) = names::string(any) {
        return [b"t".as_slice(), folded(&text).as_bytes()].concat();
    }
    let tag = any.tag().0.to_be_bytes();
    [b"b".as_slice(), &tag, &[any.class() as u8], any.data].concat()
}

/// Case folded, blanks at the ends dropped, those inside made one (RFC 4518 §2.6.1).
fn folded(text: &str) -> String {
    let mut whole = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !whole.is_empty() {
            whole.push(' ');
        }
        whole.extend(word.chars().flat_map(char::to_lowercase));
    }
    whole
}

#[cfg(test)]
mod tests {
    use super::*;

    /// CN of this string type.
    fn name(tag: u8, bytes: &[u8]) -> Vec<u8> {
        let length = |extra: usize| u8::try_from(bytes.len() + extra).unwrap();
        let head = [0x30, length(11), 0x31, length(9), 0x30, length(7), 6, 3, 0x55, 4, 3, tag, length(0)];
        [head.as_slice(), bytes].concat()
    }

    #[test]
    fn string_type_case_and_blanks_do_not_count() {
        let plain = name(0x13, b"Test CA");
        for other in [
            name(0x0c, b"Test CA"),
            name(0x0c, b"tEST   ca"),
            name(0x13, b"  Test CA "),
            name(0x1e, b"\0T\0e\0s\0t\0 \0C\0A"),
            name(0x14, b"TEST CA"),
        ] {
            assert!(same(&plain, &other), "{other:02x?}");
        }
        for other in [name(0x0c, b"TestCA"), name(0x0c, b"Test CA 2"), name(0x04, b"Test CA"), vec![0x30, 0]] {
            assert!(!same(&plain, &other), "{other:02x?}");
        }
        assert!(!same(b"nonsense", b"other nonsense"));
    }

    #[test]
    fn a_quick_look_never_misses_a_name() {
        assert!(may_be_same("CN=Test CA", "CN=test  ca"));
        assert!(may_be_same("CN=Works\\, Inc", "CN=Works, Inc"), "one of them stood there as a BMPString");
        assert!(!may_be_same("CN=Test CA", "CN=Test CB"));
    }
}
