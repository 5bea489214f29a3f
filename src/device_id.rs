//! Device ids, and which certificate is a device's. Ids come from people and from the network, and become directory
//! names.

use std::{fmt, str::FromStr};

use crate::pki::certificate::Certificate;

/// A device id that is safe as a directory name and as a common name: 1 to 36 of `0-9 A-Z a-z -`.
///
/// Every platform release takes such an id as it is; see the platform's own rules for what it refuses beyond that.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, serde::Serialize)]
#[serde(transparent)]
pub struct DeviceId(Box<str>);

/// Why a text is no device id. Holds the text as it came: escape it before it reaches a terminal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum DeviceIdError {
    #[error("a device id is empty")]
    Empty,
    #[error("the device id {shown:?}... has {length} characters; 36 is the most", shown = .start)]
    TooLong { start: String, length: usize },
    #[error("the device id {id:?} has the character {character:?}; only letters, digits and - are allowed")]
    Character { id: String, character: char },
}

impl DeviceId {
    /// Characters in the longest id.
    pub const MAX: usize = 36;

    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
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
        Some(match name.rsplit_once(':') {
            Some((tenant, id)) => Self { tenant: Some(tenant), id, name },
            None => Self { tenant: None, id: name, name },
        })
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

/// The common names of a certificate that is not the expected device's, to end a sentence with.
#[must_use]
pub fn in_words(common_names: &[String]) -> String {
    match common_names {
        [] => "no device (it has no common name)".to_owned(),
        [name] => name.clone(),
        names => format!("{} (it has {} common names)", names.join(", "), names.len()),
    }
}

impl FromStr for DeviceId {
    type Err = DeviceIdError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if text.is_empty() {
            return Err(DeviceIdError::Empty);
        }
        let length = text.chars().count();
        if length > Self::MAX {
            let start = text.chars().take(20).collect();
            return Err(DeviceIdError::TooLong { start, length });
        }
        match text.chars().find(|c| !(c.is_ascii_alphanumeric() || *c == '-')) {
            Some(character) => Err(DeviceIdError::Character { id: text.to_owned(), character }),
            None => Ok(Self(text.into())),
        }
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

    proptest! {
        #[test]
        fn an_accepted_id_is_one_plain_path_component(text in "\\PC{0,40}|[a-zA-Z0-9./*\\\\-]{0,40}") {
            if let Ok(id) = text.parse::<DeviceId>() {
                let path = std::path::Path::new(id.as_str());
                prop_assert_eq!(path.components().count(), 1);
                prop_assert!(matches!(path.components().next(), Some(std::path::Component::Normal(_))));
                prop_assert_eq!(id.to_string(), text);
            }
        }
    }
}
