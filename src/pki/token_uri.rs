//! Names of keys in tokens: PKCS#11 URIs (RFC 7512).

use std::{fmt, str::FromStr};

use percent_encoding::{
    AsciiSet, NON_ALPHANUMERIC, percent_decode_str, percent_encode_byte, utf8_percent_encode,
};
use zeroize::Zeroizing;

/// Characters that every reader of such a URI takes as they are.
const KEPT: AsciiSet = NON_ALPHANUMERIC.remove(b'-').remove(b'.').remove(b'_').remove(b'~');
/// The same for paths.
const KEPT_IN_PATH: AsciiSet = KEPT.remove(b'/').remove(b':');

/// Octets of the longest URI that is read.
const LIMIT: usize = 4096;

/// A token, or one key in it, and how it is reached.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct TokenUri {
    /// The name (label) of the token.
    pub token: Option<String>,
    pub manufacturer: Option<String>,
    pub model: Option<String>,
    pub serial: Option<String>,
    /// CKA_LABEL of the key.
    pub object: Option<String>,
    /// CKA_ID of the key.
    pub id: Option<Vec<u8>>,
    /// It says `type=private`.
    pub is_private: bool,
    /// The library that speaks to the token.
    pub module_path: Option<String>,
    /// The file with the PIN.
    pub pin_source: Option<String>,
    /// The PIN itself, where others may see it.
    pub pin_value: Option<Zeroizing<String>>,
}

/// Why a text names no token. Holds parts of the text: escape it before it reaches a terminal.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum TokenUriError {
    #[error("a key in a token is named by a URI that begins with pkcs11: (RFC 7512)")]
    Scheme,
    #[error("the PKCS#11 URI is longer than {LIMIT} octets")]
    TooLong,
    #[error("the PKCS#11 URI has the part {0:?}, which has no = in it")]
    NoValue(String),
    #[error("the PKCS#11 URI has the part {0:?}, which is not known here; known are {known}", known = KNOWN.join(", "))]
    Unknown(String),
    #[error("the PKCS#11 URI says {0} twice")]
    Twice(String),
    #[error("the PKCS#11 URI has an empty {0}")]
    Empty(String),
    #[error("the PKCS#11 URI has a {0} that is not text (UTF-8)")]
    NoText(String),
    #[error(
        "the PKCS#11 URI names a slot, and slots change their numbers; name the token: token=NAME or serial=NUMBER"
    )]
    Slot,
    #[error("the PKCS#11 URI has type={0}; a private key is meant here")]
    Type(String),
    #[error("the PKCS#11 URI has a pin-source that is not a file; write pin-source=/PATH or file:/PATH")]
    PinSource,
}

/// The attributes that may stand in a URI, in the order they are written.
const KNOWN: [&str; 10] = [
    "token",
    "manufacturer",
    "model",
    "serial",
    "object",
    "id",
    "type",
    "module-path",
    "pin-source",
    "pin-value",
];

impl TokenUri {
    /// The token alone, without a key in it.
    #[must_use]
    pub fn of_token(&self) -> Self {
        Self { object: None, id: None, is_private: false, ..self.clone() }
    }

    /// It names a key, not only a token.
    #[must_use]
    pub fn names_key(&self) -> bool {
        self.object.is_some() || self.id.is_some()
    }

    /// The token in words: `the token lab`, `the token with the serial number 1234`.
    #[must_use]
    pub fn token_words(&self) -> String {
        match (&self.token, &self.serial) {
            (Some(name), _) => format!("the token {name}"),
            (None, Some(serial)) => format!("the token with the serial number {serial}"),
            (None, None) => "the token".to_owned(),
        }
    }

    /// The key without its way there: what other URIs of the same key have in common.
    #[must_use]
    pub fn identity(&self) -> Self {
        Self { module_path: None, pin_source: None, pin_value: None, ..self.clone() }
    }

    fn set(&mut self, name: &str, value: &str) -> Result<(), TokenUriError> {
        let named = || name.to_owned();
        let bytes: Vec<u8> = percent_decode_str(value).collect();
        if bytes.is_empty() && name != "pin-value" {
            return Err(TokenUriError::Empty(named()));
        }
        if name == "id" {
            return once(&mut self.id, bytes, name);
        }
        let text = String::from_utf8(bytes).map_err(|_| TokenUriError::NoText(named()))?;
        match name {
            "token" => once(&mut self.token, text, name),
            "manufacturer" => once(&mut self.manufacturer, text, name),
            "model" => once(&mut self.model, text, name),
            "serial" => once(&mut self.serial, text, name),
            "object" => once(&mut self.object, text, name),
            "type" if text == "private" && !self.is_private => {
                self.is_private = true;
                Ok(())
            }
            "type" if text == "private" => Err(TokenUriError::Twice(named())),
            "type" => Err(TokenUriError::Type(text)),
            "module-path" => once(&mut self.module_path, text, name),
            "pin-source" => once(&mut self.pin_source, file(&text)?, name),
            "pin-value" => once(&mut self.pin_value, Zeroizing::new(text), name),
            "slot-id" | "slot-description" | "slot-manufacturer" => Err(TokenUriError::Slot),
            _ => Err(TokenUriError::Unknown(named())),
        }
    }
}

/// The octets of an id as URIs have them: `%01%02`.
#[must_use]
pub fn octets(id: &[u8]) -> String {
    id.iter().map(|octet| percent_encode_byte(*octet)).collect()
}

/// The octets of an id as other tools take them: `0102`.
#[must_use]
pub fn hexadecimal(id: &[u8]) -> String {
    octets(id).replace('%', "").to_ascii_lowercase()
}

/// The path of a `pin-source`: bare, or as a `file:` URI.
fn file(text: &str) -> Result<String, TokenUriError> {
    let path = match text.strip_prefix("file:") {
        Some(path) => path.strip_prefix("//").unwrap_or(path),
        None => text,
    };
    if path.is_empty() || path.starts_with('|') || text.contains("://") && !text.starts_with("file://") {
        return Err(TokenUriError::PinSource);
    }
    Ok(path.to_owned())
}

fn once<T>(place: &mut Option<T>, value: T, name: &str) -> Result<(), TokenUriError> {
    match place.replace(value) {
        None => Ok(()),
        Some(_) => Err(TokenUriError::Twice(name.to_owned())),
    }
}

impl FromStr for TokenUri {
    type Err = TokenUriError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let scheme = text.get(..7).filter(|scheme| scheme.eq_ignore_ascii_case("pkcs11:"));
        let rest = scheme.and_then(|_| text.get(7..)).ok_or(TokenUriError::Scheme)?;
        if text.len() > LIMIT {
            return Err(TokenUriError::TooLong);
        }
        let (path, query) = rest.split_once('?').unwrap_or((rest, ""));
        let mut uri = Self::default();
        let is_query = |name: &str| name.starts_with("pin-") || name.starts_with("module-");
        for (parts, in_query) in
            [(path.split(';'), false), (query.split(if query.contains('&') { '&' } else { ';' }), true)]
        {
            for part in parts.filter(|part| !part.is_empty()) {
                let (name, value) =
                    part.split_once('=').ok_or_else(|| TokenUriError::NoValue(part.to_owned()))?;
                if is_query(name) != in_query {
                    return Err(TokenUriError::Unknown(name.to_owned()));
                }
                uri.set(name, value)?;
            }
        }
        Ok(uri)
    }
}

/// As other programs read it, with the PIN left out: `pkcs11:token=lab;id=%01;type=private?module-path=/usr/lib/x.so`.
impl fmt::Display for TokenUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut parts = Vec::new();
        let named = [
            ("token", &self.token),
            ("manufacturer", &self.manufacturer),
            ("model", &self.model),
            ("serial", &self.serial),
            ("object", &self.object),
        ];
        for (name, value) in named {
            parts.extend(value.as_ref().map(|value| format!("{name}={}", utf8_percent_encode(value, &KEPT))));
        }
        if let Some(id) = &self.id {
            parts.push(format!("id={}", octets(id)));
        }
        if self.is_private {
            parts.push("type=private".to_owned());
        }
        write!(f, "pkcs11:{}", parts.join(";"))?;
        let path = |text: &str| utf8_percent_encode(text, &KEPT_IN_PATH).to_string();
        let mut query = Vec::new();
        query.extend(self.module_path.as_deref().map(|module| format!("module-path={}", path(module))));
        query.extend(self.pin_source.as_deref().map(|file| format!("pin-source=file:{}", path(file))));
        if query.is_empty() { Ok(()) } else { write!(f, "?{}", query.join("&")) }
    }
}

/// Without the PIN.
impl fmt::Debug for TokenUri {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "TokenUri({self})")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn uri(text: &str) -> Result<TokenUri, TokenUriError> {
        text.parse()
    }

    #[test]
    fn what_p11tool_prints_is_read_and_written_again() {
        let text = "pkcs11:model=SoftHSM%20v2;manufacturer=SoftHSM%20project;serial=3e;token=my%20lab;id=%CF%4B;object=dev1;type=private";
        let read = uri(text).unwrap();
        assert_eq!(read.token.as_deref(), Some("my lab"));
        assert_eq!(read.id.as_deref(), Some(&[0xcf, 0x4b][..]));
        assert_eq!(uri(&read.to_string()).unwrap(), read);
        let full = "pkcs11:token=lab;object=a%2Fb?module-path=/usr/lib/softhsm/libsofthsm2.so&pin-source=file:/run/pin";
        assert_eq!(uri(full).unwrap().to_string(), full);
    }

    #[test]
    fn the_pin_is_never_written() {
        let read = uri("pkcs11:token=lab?pin-value=1234").unwrap();
        assert_eq!(read.pin_value.as_ref().map(|pin| pin.as_str()), Some("1234"));
        assert!(!read.to_string().contains("1234") && !format!("{read:?}").contains("1234"));
    }

    #[test]
    fn parts_that_are_not_known_or_twice_or_empty_are_named() {
        let cases = [
            ("file:/x", TokenUriError::Scheme),
            ("pkcs11:token=a;tokne=b", TokenUriError::Unknown("tokne".into())),
            ("pkcs11:token=a;token=b", TokenUriError::Twice("token".into())),
            ("pkcs11:token=", TokenUriError::Empty("token".into())),
            ("pkcs11:token", TokenUriError::NoValue("token".into())),
            ("pkcs11:slot-id=3", TokenUriError::Slot),
            ("pkcs11:token=%FF", TokenUriError::NoText("token".into())),
            ("pkcs11:token=a;type=cert", TokenUriError::Type("cert".into())),
            ("pkcs11:token=a?module-name=x", TokenUriError::Unknown("module-name".into())),
            ("pkcs11:token=a;pin-value=1", TokenUriError::Unknown("pin-value".into())),
            ("pkcs11:token=a?pin-source=https://x/", TokenUriError::PinSource),
            ("pkcs11:token=a?pin-source=|cat", TokenUriError::PinSource),
        ];
        for (text, why) in cases {
            assert_eq!(uri(text).unwrap_err(), why, "{text}");
        }
        assert_eq!(uri(&format!("pkcs11:token={}", "a".repeat(5000))).unwrap_err(), TokenUriError::TooLong);
    }
}
