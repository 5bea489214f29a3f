//! Device ids, and which certificate is a device's. Ids come from people and from the network, and become directory
//! names.

use std::{borrow::Cow, fmt, str::FromStr};

use crate::pki::certificate::Certificate;

/// A device id: one word that is safe as a common name, and as a directory name in its own spelling
/// ([`Self::directory_name`]).
///
/// ```text
/// a1998e                  1 to 36 of 0-9 A-Z a-z -: every platform takes it as it is ([`Self::plain`])
/// AA:BB:CC:DD:EE:FF       a MAC address, of 6 or 8 octets       only where devices provision themselves,
/// sensor-7.example.org    host names, serial numbers: 1 to 64   as the last one
///                         of 0-9 A-Z a-z - . _
/// ```
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(transparent)]
pub struct DeviceId(Box<str>);

/// Why a text is no device id. Holds the text as it came: escape it before it reaches a terminal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeviceIdError {
    #[error("a device id is empty")]
    Empty,
    #[error("the device id {shown:?}... has {length} characters; {most} is the most", shown = .start)]
    TooLong { start: String, length: usize, most: usize },
    #[error("the device id {id:?} has the character {character:?}; only letters, digits and - are allowed")]
    Character { id: String, character: char },
    #[error("the device id {id:?} begins with a dot, ends with one, or has two in a row")]
    Dots { id: String },
}

impl DeviceId {
    /// Characters in the longest id that every platform takes.
    pub const MAX: usize = 36;

    /// Characters in the longest id, and in the longest common name (RFC 5280 appendix A, ub-common-name).
    pub const LONGEST: usize = 64;

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// An id of any kind, also one of a device that provisions itself.
    ///
    /// # Errors
    /// [`DeviceIdError`], for a text that is of no kind above.
    pub fn wide(text: &str) -> Result<Self, DeviceIdError> {
        if text.is_empty() {
            return Err(DeviceIdError::Empty);
        }
        too_long(text, Self::LONGEST)?;
        if is_mac(text) {
            return Ok(Self(text.into()));
        }
        if let Some(character) = text.chars().find(|c| !(is_plain(*c) || matches!(c, '.' | '_'))) {
            return Err(DeviceIdError::Character { id: text.to_owned(), character });
        }
        if text.starts_with('.') || text.ends_with('.') || text.contains("..") {
            return Err(DeviceIdError::Dots { id: text.to_owned() });
        }
        Ok(Self(text.into()))
    }

    /// Checks that every platform takes it as it is.
    ///
    /// # Errors
    /// A length or a character that platforms with a narrower rule refuse.
    pub fn plain(&self) -> Result<(), DeviceIdError> {
        too_long(self.as_str(), Self::MAX)?;
        match self.0.chars().find(|c| !is_plain(*c)) {
            Some(character) => Err(DeviceIdError::Character { id: self.to_string(), character }),
            None => Ok(()),
        }
    }

    /// As a name of a directory: letters, digits and `-` as they are, everything else as `_` and two hex digits.
    #[must_use]
    pub fn directory_name(&self) -> Cow<'_, str> {
        if self.0.chars().all(is_plain) {
            return Cow::Borrowed(self.as_str());
        }
        let spelled = |byte: u8| match char::from(byte) {
            c if is_plain(c) => c.to_string(),
            _ => format!("_{byte:02x}"),
        };
        Cow::Owned(self.0.bytes().map(spelled).collect())
    }

    /// The id whose [`Self::directory_name`] this is.
    #[must_use]
    pub fn from_directory_name(name: &str) -> Option<Self> {
        let mut text = String::with_capacity(name.len());
        let mut pieces = name.split('_');
        text.push_str(pieces.next()?);
        for piece in pieces {
            let (digits, rest) = piece.split_at_checked(2)?;
            text.push(char::from(u8::from_str_radix(digits, 16).ok()?));
            text.push_str(rest);
        }
        // Each id has one spelling: a name in another spelling was not made by this program.
        Self::wide(&text).ok().filter(|id| id.directory_name() == name)
    }

    /// The certificate is this device's: see [`DeviceName`].
    #[must_use]
    pub fn is_named_by(&self, certificate: &Certificate) -> bool {
        self.is_named_in(&certificate.common_names)
    }

    /// The same for the common names of a certificate.
    #[must_use]
    pub fn is_named_in(&self, common_names: &[String]) -> bool {
        DeviceName::only(common_names).is_some_and(|named| named.id == self.as_str())
    }
}

/// The device that a certificate names: the id is its only common name, alone or after the tenant as in `tenant:id`.
///
/// Older platform releases write the tenant, newer ones do not. A certificate with two common names is no device's:
/// one reader would take the first and another the last.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceName<'a> {
    pub tenant: Option<&'a str>,
    /// As it stands in the certificate; it may be no [`DeviceId`].
    pub id: &'a str,
    /// The whole common name.
    pub name: &'a str,
}

impl<'a> DeviceName<'a> {
    /// The device in a certificate's name; `None` unless there is exactly one common name.
    #[must_use]
    pub fn of(certificate: &'a Certificate) -> Option<Self> {
        Self::only(&certificate.common_names)
    }

    /// The same from the common names of a certificate.
    #[must_use]
    pub fn only(common_names: &'a [String]) -> Option<Self> {
        let [name] = common_names else { return None };
        // The id may be a MAC address, which has colons of its own.
        let id = [MAC_48, MAC_64].into_iter().find_map(|length| {
            let start = name.len().checked_sub(length)?;
            let before = name.get(..start)?;
            name.get(start..).filter(|id| is_mac(id) && (before.is_empty() || before.ends_with(':')))
        });
        let id = id.unwrap_or_else(|| name.rsplit_once(':').map_or(name, |(_, id)| id));
        let tenant = name.strip_suffix(id).and_then(|before| before.strip_suffix(':'));
        Some(Self { tenant, id, name })
    }
}

/// A certificate that is not the expected device's.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("it is for {whose}, not for the device {expected}")]
pub struct OtherDevice {
    pub expected: DeviceId,
    /// The common names, see [`in_words`].
    pub whose: String,
}

/// The certificate is that of the device whose directory it lies in; a directory without a device's name takes any.
///
/// # Errors
/// When it is another's.
pub fn check(expected: Option<&DeviceId>, certificate: &Certificate) -> Result<(), OtherDevice> {
    match expected {
        Some(expected) if !expected.is_named_by(certificate) => {
            Err(OtherDevice { expected: expected.clone(), whose: in_words(&certificate.common_names) })
        }
        _ => Ok(()),
    }
}

/// Characters of a MAC address of 6 octets, and of 8.
const MAC_48: usize = 17;
const MAC_64: usize = 23;

fn is_mac(text: &str) -> bool {
    let is_octet = |pair: &str| pair.len() == 2 && pair.bytes().all(|byte| byte.is_ascii_hexdigit());
    [MAC_48, MAC_64].contains(&text.len()) && text.split(':').all(is_octet)
}

fn is_plain(c: char) -> bool {
    c.is_ascii_alphanumeric() || c == '-'
}

fn too_long(text: &str, most: usize) -> Result<(), DeviceIdError> {
    let length = text.chars().count();
    if length <= most {
        return Ok(());
    }
    Err(DeviceIdError::TooLong { start: text.chars().take(20).collect(), length, most })
}

/// The common names of a certificate that is not the expected device's, to end a sentence with.
#[must_use]
pub fn in_words(common_names: &[String]) -> String {
    match common_names {
        [] => "no device (it has no common name)".to_owned(),
        [name] => name.clone(),
        names => format!("{} (it has {} common names)", names.join(", "), names.len()),
    }
}

/// The rule of every platform: see [`DeviceId::plain`].
impl FromStr for DeviceId {
    type Err = DeviceIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Err(DeviceIdError::Empty);
        }
        let id = Self(text.into());
        id.plain().map(|()| id)
    }
}

impl fmt::Display for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl fmt::Debug for DeviceId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn takes_the_ids_platforms_give() {
        for id in ["a1998e", "0a1b2", "12", "4c1e8a0e-6c3d-4ab2-9f1b-0c9f3d4e5a6b", "X"] {
            assert_eq!(id.parse::<DeviceId>().unwrap().as_str(), id);
        }
    }

    #[test]
    fn names_what_is_wrong() {
        let error = |text: &str| text.parse::<DeviceId>().unwrap_err().to_string();
        assert_eq!(error(""), "a device id is empty");
        assert_eq!(
            error("../x"),
            r#"the device id "../x" has the character '.'; only letters, digits and - are allowed"#
        );
        assert_eq!(
            error(&"a".repeat(300)),
            r#"the device id "aaaaaaaaaaaaaaaaaaaa"... has 300 characters; 36 is the most"#
        );
        assert!(error("a\u{1b}[2J").contains("\\u{1b}"), "control characters are shown escaped");
    }

    #[test]
    fn a_certificate_is_a_devices_when_its_only_common_name_says_so() {
        let id: DeviceId = "a1998e".parse().unwrap();
        let is_named =
            |names: &[&str]| id.is_named_in(&names.iter().map(ToString::to_string).collect::<Vec<_>>());
        assert!(is_named(&["a1998e"]));
        assert!(is_named(&["admin:a1998e"]));
        assert!(is_named(&["a:b:a1998e"]), "whatever a tenant is called");
        for names in
            [&[][..], &["other"], &["xa1998e"], &["a1998e:"], &["a1998e", "a1998e"], &["other", "admin:a1998e"]]
        {
            assert!(!is_named(names), "{names:?}");
        }
    }

    #[test]
    fn ids_of_devices_that_provision_themselves_have_names_on_disk_that_read_back() {
        for (id, name) in [
            ("a1998e", "a1998e"),
            ("AA:BB:CC:DD:EE:FF", "AA_3aBB_3aCC_3aDD_3aEE_3aFF"),
            ("00:11:22:33:44:55:66:77", "00_3a11_3a22_3a33_3a44_3a55_3a66_3a77"),
            ("sensor-7.example.org", "sensor-7_2eexample_2eorg"),
            ("SN_0042", "SN_5f0042"),
        ] {
            let parsed = DeviceId::wide(id).unwrap();
            assert_eq!(parsed.directory_name(), name);
            assert_eq!(DeviceId::from_directory_name(name), Some(parsed));
        }
        for id in ["..", ".", ".a", "a..b", "a.", "a/b", "a b", "AA:BB", "AA:BB:CC:DD:EE:GG", "é", "a\u{0}"] {
            assert!(DeviceId::wide(id).is_err(), "{id:?}");
        }
        for name in ["a.b", "a_3A", "a_41", "a_", "a_2", "a_2f", "_2e_2e", "a_zz", "a_é"] {
            assert_eq!(DeviceId::from_directory_name(name), None, "{name}");
        }
        let error = |id: &str| DeviceId::wide(id).unwrap().plain().unwrap_err().to_string();
        assert!(error("a.b").contains("'.'; only letters"));
        assert!(error(&"a".repeat(37)).ends_with("has 37 characters; 36 is the most"));
    }

    #[test]
    fn a_mac_address_is_one_id_and_not_a_tenant_and_an_id() {
        let of = |name: &str| {
            let names = [name.to_owned()];
            DeviceName::only(&names).map(|named| (named.tenant.map(str::to_owned), named.id.to_owned()))
        };
        let mac = "AA:BB:CC:DD:EE:FF".to_owned();
        assert_eq!(of("AA:BB:CC:DD:EE:FF"), Some((None, mac.clone())));
        assert_eq!(of("admin:AA:BB:CC:DD:EE:FF"), Some((Some("admin".to_owned()), mac)));
        assert_eq!(of("admin:a1998e"), Some((Some("admin".to_owned()), "a1998e".to_owned())));
        assert_eq!(of("a:b:a1998e"), Some((Some("a:b".to_owned()), "a1998e".to_owned())));
        assert!(!"FF".parse::<DeviceId>().unwrap().is_named_in(&["AA:BB:CC:DD:EE:FF".to_owned()]));
    }

    proptest! {
        #[test]
        fn an_accepted_id_is_one_plain_path_component(text in "\\PC{0,40}|[a-zA-Z0-9._:/*\\\\-]{0,40}") {
            if let Ok(id) = DeviceId::wide(&text) {
                prop_assert_eq!(text.parse::<DeviceId>().is_ok(), id.plain().is_ok());
                let path = std::path::Path::new(id.as_str());
                prop_assert_eq!(path.components().count(), 1);
                prop_assert!(matches!(path.components().next(), Some(std::path::Component::Normal(_))));
                let name = id.directory_name().into_owned();
                prop_assert!(name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '-' | '_')));
                prop_assert_eq!(DeviceId::from_directory_name(&name), Some(id.clone()));
                prop_assert_eq!(id.to_string(), text);
            }
        }
    }
}
