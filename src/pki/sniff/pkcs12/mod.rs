//! PKCS#12 files (RFC 7292), read: certificates, lists, and keys.

mod bags;
mod mac;
#[cfg(test)]
mod tests;

use der::{
    Any, Decode, Sequence,
    asn1::{ObjectIdentifier, OctetString},
};
use zeroize::Zeroizing;

use super::{Piece, SniffError, ber};
use crate::pki::{
    damage,
    pbe::{self, Password, PbeError},
};

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");
const SIGNED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.2");
const ENCRYPTED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.6");
const ENVELOPED_DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.3");

/// PFX (RFC 7292 §4).
#[derive(Sequence)]
struct Pfx {
    version: u8,
    auth_safe: ContentInfo,
    mac_data: Option<mac::MacData>,
}

/// ContentInfo (RFC 5652 §3).
#[derive(Sequence)]
struct ContentInfo {
    kind: ObjectIdentifier,
    #[asn1(context_specific = "0", tag_mode = "EXPLICIT")]
    content: Any,
}

/// Why a file is not opened.
enum Refusal {
    /// The password is another.
    Password,
    Damaged(String),
    Unsupported(String),
}

impl From<der::Error> for Refusal {
    fn from(error: der::Error) -> Self {
        Self::Damaged(damage::of_der(&error))
    }
}

impl From<PbeError> for Refusal {
    fn from(error: PbeError) -> Self {
        match error {
            PbeError::Password => Self::Password,
            PbeError::Damaged => Self::Damaged("the parameters of its encryption are damaged".to_owned()),
            PbeError::Unsupported(what) => Self::Unsupported(format!("its encryption is {what}")),
            PbeError::TooMuchWork => {
                Self::Unsupported("the derivation of its key asks for too much work".to_owned())
            }
        }
    }
}

/// Certificates and lists in their order, then keys. A file without a password is opened with the empty one, and with
/// none at all: programs differ in what "no password" means.
pub(super) fn pieces(der: &[u8], given: Option<&str>) -> Vec<Result<Piece, SniffError>> {
    let tried = match given {
        None | Some("") => vec![Password::Text(""), Password::Null],
        Some(text) => vec![Password::Text(text)],
    };
    let mut refusal = Refusal::Password;
    for password in tried {
        match open(der, password) {
            Ok(opened) => return opened.into_pieces(),
            Err(Refusal::Password) => {}
            Err(other) => refusal = other,
        }
    }
    vec![Err(match refusal {
        Refusal::Password if given.is_none_or(str::is_empty) => SniffError::PasswordNeeded,
        Refusal::Password => SniffError::WrongPassword,
        Refusal::Damaged(why) => SniffError::Malformed { what: "PKCS#12 file", why },
        Refusal::Unsupported(why) => SniffError::Malformed {
            what: "PKCS#12 file that can be opened",
            why: format!(
                "{why}; write it again: openssl pkcs12 -in FILE -nodes -out FILE.pem (with -legacy for old files)"
            ),
        },
    })]
}

fn open(der: &[u8], password: Password<'_>) -> Result<bags::Opened, Refusal> {
    let pfx = Pfx::from_der(der)?;
    if pfx.version != 3 {
        return Err(Refusal::Unsupported(format!("its version is {}, not 3", pfx.version)));
    }
    match pfx.auth_safe.kind {
        DATA => {}
        SIGNED_DATA => {
            return Err(Refusal::Unsupported("it is signed instead of having a password".to_owned()));
        }
        _ => return Err(Refusal::Damaged("its content is of an unknown kind".to_owned())),
    }
    let content: OctetString = pfx.auth_safe.content.decode_as()?;
    if let Some(mac) = &pfx.mac_data {
        mac.check(content.as_bytes(), password)?;
    }
    let mut opened = bags::Opened::default();
    for info in Vec::<ContentInfo>::from_der(&closed(content.as_bytes()))? {
        let contents = plain(&info, password)?;
        let read = opened.read(&closed(&contents), password);
        // Without a MAC a wrong password can be recognised only by decrypted bytes that cannot be read.
        match read {
            Err(Refusal::Damaged(_)) if info.kind == ENCRYPTED_DATA && pfx.mac_data.is_none() => {
                return Err(Refusal::Password);
            }
            read => read?,
        }
    }
    Ok(opened)
}

/// The content of a part of the file, decrypted if it is encrypted.
fn plain(info: &ContentInfo, password: Password<'_>) -> Result<Zeroizing<Vec<u8>>, Refusal> {
    match info.kind {
        DATA => {
            let bytes: OctetString = info.content.decode_as()?;
            Ok(Zeroizing::new(bytes.into_bytes().into()))
        }
        ENCRYPTED_DATA => {
            let sealed: EncryptedData = info.content.decode_as()?;
            let sealed = sealed.content;
            let data = sealed.data.ok_or_else(|| Refusal::Damaged("an encrypted part is empty".to_owned()))?;
            Ok(pbe::decrypt(&sealed.algorithm, data.as_bytes(), password)?)
        }
        ENVELOPED_DATA => {
            Err(Refusal::Unsupported("it is encrypted for a certificate, not with a password".to_owned()))
        }
        _ => Err(Refusal::Damaged("a part of it is of an unknown kind".to_owned())),
    }
}

/// EncryptedData (RFC 5652 §8).
#[derive(Sequence)]
struct EncryptedData {
    version: u8,
    content: EncryptedContentInfo,
}

/// EncryptedContentInfo (RFC 5652 §6.1).
#[derive(Sequence)]
struct EncryptedContentInfo {
    kind: ObjectIdentifier,
    algorithm: x509_cert::spki::AlgorithmIdentifierOwned,
    #[asn1(context_specific = "0", tag_mode = "IMPLICIT", optional = "true")]
    data: Option<OctetString>,
}

/// Inside a string there may be BER, too.
fn closed(bytes: &[u8]) -> Zeroizing<Vec<u8>> {
    let converted = ber::is_indefinite(bytes).then(|| ber::to_der(bytes)).flatten();
    Zeroizing::new(converted.map_or_else(|| bytes.to_vec(), |(der, _)| der))
}
