//! Name constraints (RFC 5280 §4.2.1.10) of every kind: directory names, DNS names, mail and IP addresses, URIs.

use der::{AnyRef, Decode, Encode, Sequence, asn1::UintRef};
use x509_parser::{
    extensions::GeneralName, extensions::ParsedExtension, oid_registry::OID_X509_EXT_NAME_CONSTRAINTS,
    prelude::FromDer,
};

use super::{
    budget::{Budget, Exhausted},
    forms::{self, Fit},
    node::Node,
};
use crate::pki::directory_name::DirectoryName;

/// NameConstraints, read for the fields that x509-parser leaves out: minimum and maximum.
#[derive(Sequence)]
struct Wire<'a> {
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    permitted: Option<Vec<Subtree<'a>>>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    excluded: Option<Vec<Subtree<'a>>>,
}

#[derive(Sequence)]
struct Subtree<'a> {
    base: AnyRef<'a>,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    minimum: Option<UintRef<'a>>,
    #[asn1(context_specific = "1", tag_mode = "IMPLICIT", optional = "true")]
    maximum: Option<UintRef<'a>>,
}

/// The limits that one authority sets for names below it.
#[derive(Debug)]
pub(super) struct Constraints {
    permitted: Vec<Name>,
    excluded: Vec<Name>,
}

/// A name, or the base of a subtree.
#[derive(Clone, Debug)]
pub(super) enum Name {
    Directory(DirectoryName),
    Dns(String),
    Mail(String),
    Uri(String),
    Ip(Vec<u8>),
    RegisteredId(Vec<u8>),
    /// otherName, by its type: its value is not compared here.
    Other(Vec<u8>),
    /// A kind that is not compared here, or a name that cannot be read: by its tag.
    Odd(u32),
}

/// Why names are refused.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum NameRefusal {
    /// The constraints themselves cannot be used.
    Unreadable,
    /// This name is not one that may be certified.
    Name(String),
    Exhausted,
}

impl From<Exhausted> for NameRefusal {
    fn from(_: Exhausted) -> Self {
        Self::Exhausted
    }
}

impl Constraints {
    /// The constraints of an authority, if it has any.
    pub(super) fn of(authority: &Node<'_>) -> Result<Option<Self>, NameRefusal> {
        let extensions = authority.parsed.extensions();
        let Some(extension) = extensions.iter().find(|other| other.oid == OID_X509_EXT_NAME_CONSTRAINTS) else {
            return Ok(None);
        };
        let wire = Wire::from_der(extension.value).map_err(|_| NameRefusal::Unreadable)?;
        Ok(Some(Self { permitted: bases(wire.permitted)?, excluded: bases(wire.excluded)? }))
    }

    /// Refuses a name of `names` that may not stand below this authority.
    pub(super) fn check(&self, names: &[(Name, String)], budget: &Budget) -> Result<(), NameRefusal> {
        budget.work(names.len().saturating_mul(1 + self.permitted.len() + self.excluded.len()))?;
        for (name, shown) in names {
            // A name that cannot be compared with a base counts as excluded by it, and not as permitted.
            let excluded = self.excluded.iter().filter(|base| same_kind(base, name));
            let is_excluded = excluded.map(|base| fit(base, name, true)).any(|fit| fit != Fit::Outside);
            let mut permitted = self.permitted.iter().filter(|base| same_kind(base, name)).peekable();
            let is_permitted =
                permitted.peek().is_none() || permitted.any(|base| fit(base, name, false) == Fit::Inside);
            if is_excluded || !is_permitted {
                return Err(NameRefusal::Name(shown.clone()));
            }
        }
        Ok(())
    }
}

fn bases(subtrees: Option<Vec<Subtree<'_>>>) -> Result<Vec<Name>, NameRefusal> {
    let mut bases = Vec::new();
    for subtree in subtrees.unwrap_or_default() {
        // RFC 5280: minimum is zero and maximum absent.
        let is_plain =
            subtree.minimum.is_none_or(|minimum| minimum.as_bytes() == [0]) && subtree.maximum.is_none();
        let der = subtree.base.to_der().map_err(|_| NameRefusal::Unreadable)?;
        match GeneralName::from_der(&der) {
            Ok(([], base)) if is_plain => bases.push(Name::of(&base)),
            _ => return Err(NameRefusal::Unreadable),
        }
    }
    Ok(bases)
}

impl Name {
    fn of(name: &GeneralName<'_>) -> Self {
        match name {
            GeneralName::DirectoryName(name) => Self::Directory(DirectoryName::of(name)),
            GeneralName::DNSName(text) => Self::Dns((*text).to_owned()),
            GeneralName::RFC822Name(text) => Self::Mail((*text).to_owned()),
            GeneralName::URI(text) => Self::Uri((*text).to_owned()),
            GeneralName::IPAddress(bytes) => Self::Ip(bytes.to_vec()),
            GeneralName::RegisteredID(oid) => Self::RegisteredId(oid.as_bytes().to_vec()),
            GeneralName::OtherName(oid, _) => Self::Other(oid.as_bytes().to_vec()),
            GeneralName::X400Address(_) => Self::Odd(3),
            GeneralName::EDIPartyName(_) => Self::Odd(5),
            GeneralName::Invalid(tag, _) => Self::Odd(tag.0),
        }
    }

    /// Its tag as a GeneralName.
    fn tag(&self) -> u32 {
        match self {
            Self::Other(_) => 0,
            Self::Mail(_) => 1,
            Self::Dns(_) => 2,
            Self::Directory(_) => 4,
            Self::Uri(_) => 6,
            Self::Ip(_) => 7,
            Self::RegisteredId(_) => 8,
            Self::Odd(tag) => *tag,
        }
    }
}

/// Whether base and name are of one kind: a constraint does not limit names of another kind.
fn same_kind(base: &Name, name: &Name) -> bool {
    match (base, name) {
        (Name::Other(base), Name::Other(name)) => base == name,
        _ => base.tag() == name.tag(),
    }
}

fn fit(base: &Name, name: &Name, excluding: bool) -> Fit {
    match (base, name) {
        (Name::Directory(base), Name::Directory(name)) => Fit::when(name.is_within(base)),
        (Name::Dns(base), Name::Dns(name)) => forms::dns(base, name, excluding),
        (Name::Mail(base), Name::Mail(name)) => forms::mail(base, name),
        (Name::Uri(base), Name::Uri(name)) => forms::uri(base, name),
        (Name::Ip(base), Name::Ip(name)) => forms::ip(base, name),
        (Name::RegisteredId(base), Name::RegisteredId(name)) => Fit::when(base == name),
        _ => Fit::Unknown,
    }
}

/// Every name of a certificate that constraints speak about (RFC 5280 §6.1.3 (b)), and how each is shown.
///
/// `is_target`: in the last certificate a common name that looks like a host counts as a DNS name when the
/// certificate has no DNS name, because clients have used it as one.
pub(super) fn names_of(node: &Node<'_>, is_target: bool) -> Result<Vec<(Name, String)>, NameRefusal> {
    let mut names = Vec::new();
    if !node.subject.is_empty() {
        names.push((Name::Directory(node.subject.clone()), node.shown().to_owned()));
    }
    let alternatives = node.find(|extension| match extension {
        ParsedExtension::SubjectAlternativeName(names) => Some(Ok(names)),
        _ => None,
    });
    let unread = node.parsed.extensions().iter().any(|extension| {
        extension.oid.as_bytes() == [0x55, 0x1d, 0x11]
            && matches!(extension.parsed_extension(), ParsedExtension::ParseError { .. })
    });
    if unread {
        return Err(NameRefusal::Name("its subject alternative names, which cannot be read".to_owned()));
    }
    if let Some(Ok::<_, NameRefusal>(alternatives)) = alternatives {
        for name in &alternatives.general_names {
            names.push((Name::of(name), crate::pki::names::Name::of(name).to_string()));
        }
    }
    let subject = node.parsed.subject();
    for mail in subject.iter_email() {
        let text = crate::pki::names::string(mail.attr_value());
        let shown = text.clone().unwrap_or_else(|| "a mail address".to_owned());
        names.push((text.map_or(Name::Odd(1), Name::Mail), shown));
    }
    let has_dns = names.iter().any(|(name, _)| name.tag() == 2);
    if is_target && !has_dns {
        let hosts = subject.iter_common_name().filter_map(|name| crate::pki::names::string(name.attr_value()));
        let hosts: Vec<String> = hosts.filter(|name| forms::looks_like_host(name)).collect();
        names.extend(hosts.into_iter().map(|name| (Name::Dns(name.clone()), name)));
    }
    Ok(names)
}
