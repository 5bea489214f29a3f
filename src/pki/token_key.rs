//! The file that stands in the place of a key in a token: its name, and its public half.
//!
//! ```text
//! -----BEGIN PKCS#11 PROVIDER URI-----     SEQUENCE { VisibleString, UTF8String }, as OpenSSL's pkcs11-provider reads it
//! -----BEGIN PUBLIC KEY-----               SubjectPublicKeyInfo; readers that want the first block pass it over
//! ```

use der::{AnyRef, Decode, Encode, Sequence, Tag, Tagged, asn1::Utf8StringRef};

use super::{pem, sniff, token_uri::TokenUri};

/// PEM label of the name.
pub const LABEL: &str = "PKCS#11 PROVIDER URI";
const PUBLIC_LABEL: &str = "PUBLIC KEY";
/// The description that pkcs11-provider expects before the URI.
const DESCRIPTION: &[u8] = b"PKCS#11 Provider URI v1.0";

/// A key in a token, by its name.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TokenKey {
    pub uri: TokenUri,
    /// SubjectPublicKeyInfo, DER; other programs do not write it.
    pub public_key_info: Option<Vec<u8>>,
}

#[derive(Sequence)]
struct ProviderUri<'a> {
    description: AnyRef<'a>,
    uri: Utf8StringRef<'a>,
}

impl TokenKey {
    /// The first such name in a file; `None` for a file without one.
    #[must_use]
    pub fn in_file(bytes: &[u8]) -> Option<Result<Self, String>> {
        sniff::token_key(bytes)
    }

    /// PEM of both blocks.
    ///
    /// # Errors
    /// When the URI is longer than DER can say.
    pub fn to_pem(&self) -> Result<String, String> {
        let text = self.uri.to_string();
        let encoded = AnyRef::new(Tag::VisibleString, DESCRIPTION)
            .and_then(|description| ProviderUri { description, uri: Utf8StringRef::new(&text)? }.to_der())
            .map_err(|error| error.to_string())?;
        let public = self.public_key_info.as_deref().map(|public| pem::encode(PUBLIC_LABEL, public));
        Ok(pem::encode(LABEL, &encoded) + &public.unwrap_or_default())
    }
}

/// The URI in the first block.
///
/// # Errors
/// Why it cannot be read, in words that follow the name of the file.
pub(crate) fn uri_of(der: &[u8]) -> Result<TokenUri, String> {
    let damaged = |error: der::Error| super::damage::of_der(&error);
    let read = ProviderUri::from_der(der).map_err(damaged)?;
    if read.description.tag() != Tag::VisibleString || read.description.value() != DESCRIPTION {
        return Err("its version is not 1.0".to_owned());
    }
    read.uri.as_str().parse().map_err(|error: super::token_uri::TokenUriError| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_file_reads_back_and_its_first_block_is_the_name() {
        let public =
            crate::pki::key::PrivateKey::generate(crate::pki::key::KeySpec::P256).unwrap().public_key_info();
        let uri: TokenUri = "pkcs11:token=lab;id=%01%02;type=private".parse().unwrap();
        let key = TokenKey { uri, public_key_info: Some(public) };
        let text = key.to_pem().unwrap();
        assert!(text.starts_with("-----BEGIN PKCS#11 PROVIDER URI-----\n"));
        assert_eq!(TokenKey::in_file(text.as_bytes()), Some(Ok(key)));
    }

    #[test]
    fn another_version_and_garbage_are_refused() {
        for der in [&b"\x30\x00"[..], b"\x30\x06\x1a\x01x\x0c\x01y", b"garbage"] {
            assert!(uri_of(der).is_err());
        }
    }
}
