//! PKCS#12 files (RFC 7292): certificates, and the public facts of the keys.

use p12_keystore::{Pkcs12Archive, error::Error};

use super::{Encoding, Found, SniffError, certificate, object};
use crate::pki::facts::private_key::{KeyFormat, PrivateKeyFacts};

/// Certificates in their order, then keys. A file without a password is opened with the empty one.
pub(super) fn contents(der: &[u8], password: Option<&str>) -> Vec<Result<Found, SniffError>> {
    let archive = match (Pkcs12Archive::from_pkcs12(der, password.unwrap_or_default()), password) {
        (Ok(archive), _) => archive,
        // Without a MAC a wrong password shows only as padding that is none.
        (Err(Error::MacError(_) | Error::UnpadError | Error::Pkcs5Error(_)), None) => {
            return vec![Err(SniffError::PasswordNeeded)];
        }
        (Err(Error::MacError(_)), Some(_)) => return vec![Err(SniffError::WrongPassword)],
        (Err(error), _) => {
            return vec![Err(SniffError::Malformed { what: "PKCS#12 file", why: error.to_string() })];
        }
    };
    let certificates =
        archive.certs.iter().map(|bag| certificate(bag.cert.as_der().to_vec(), Encoding::Pkcs12));
    let keys = archive.keys.iter().map(|bag| {
        object::private(PrivateKeyFacts::from_der(bag.key.as_der(), KeyFormat::Pkcs8), Encoding::Pkcs12)
    });
    let found: Vec<_> = certificates.chain(keys).collect();
    if found.is_empty() {
        return vec![Err(SniffError::Nothing(": it is an empty PKCS#12 file".to_owned()))];
    }
    found
}
