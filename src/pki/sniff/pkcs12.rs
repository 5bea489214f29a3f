//! PKCS#12 files (RFC 7292): certificates, and keys.

use der::{AnyRef, Decode, Encode, Reader, SliceReader, asn1::ObjectIdentifier};
use p12_keystore::{Pkcs12Archive, error::Error};
use zeroize::Zeroizing;

use super::{Encoding, Piece, Pieces, SniffError, ber, pbmac1};
use crate::pki::facts::private_key::KeyFormat;

const DATA: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.7.1");

/// Certificates in their order, then keys. A file without a password is opened with the empty one.
pub(super) fn contents(der: &[u8], password: Option<&str>) -> Pieces {
    let archive = match open(der, password) {
        Ok(archive) => archive,
        Err(error) => return vec![Err(error)],
    };
    let certificates = archive.certs.iter().map(|bag| Piece::Certificate(bag.cert.as_der().to_vec()));
    let keys = archive
        .keys
        .iter()
        .map(|bag| Piece::PrivateKey(KeyFormat::Pkcs8, Zeroizing::new(bag.key.as_der().to_vec())));
    let found: Pieces = certificates.chain(keys).map(|piece| Ok((piece, Encoding::Pkcs12))).collect();
    if found.is_empty() {
        return vec![Err(SniffError::Nothing(": it is an empty PKCS#12 file".to_owned()))];
    }
    found
}

fn open(der: &[u8], given: Option<&str>) -> Result<Pkcs12Archive, SniffError> {
    let password = given.unwrap_or_default();
    let error = match Pkcs12Archive::from_pkcs12(der, password) {
        Ok(archive) => return Ok(archive),
        Err(error) => error,
    };
    let locked = || if given.is_none() { SniffError::PasswordNeeded } else { SniffError::WrongPassword };
    let file = File::read(der);
    let mac = file.as_ref().and_then(|file| pbmac1::Mac::read(file.mac?));
    let is_bare_enough = match (&error, &mac, &file) {
        (_, Some(mac), Some(file)) => {
            if !mac.is_right(password, file.safe) {
                return Err(locked());
            }
            true
        }
        // The MAC may have been made with no password at all, which is another than the empty one. Where there is no
        // password it vouches for nothing.
        (Error::MacError(_), ..) => password.is_empty(),
        // The MAC was right, and what it is for is BER.
        (Error::DerError(_), ..) => true,
        _ => false,
    };
    let bare = file.filter(|_| is_bare_enough).and_then(|file| file.bare());
    if let Some(Ok(archive)) = bare.map(|bare| Pkcs12Archive::from_pkcs12(&bare, password)) {
        return Ok(archive);
    }
    Err(match error {
        // Without a MAC a wrong password shows only as padding that is none.
        Error::MacError(_) | Error::UnpadError => locked(),
        Error::Pkcs5Error(_) if given.is_none() => locked(),
        error => SniffError::Malformed { what: "PKCS#12 file that can be read", why: words(&error) },
    })
}

/// The parts of a PFX.
struct File<'a> {
    /// The octets of the AuthenticatedSafe.
    safe: &'a [u8],
    /// MacData.
    mac: Option<&'a [u8]>,
}

impl<'a> File<'a> {
    fn read(der: &'a [u8]) -> Option<Self> {
        let outer = AnyRef::from_der(der).ok()?;
        let mut reader = SliceReader::new(outer.value()).ok()?;
        AnyRef::decode(&mut reader).ok()?;
        let info = AnyRef::decode(&mut reader).ok()?;
        let mac = AnyRef::decode(&mut reader).ok().map(AnyRef::value);
        Some(Self { safe: data(info.value())?, mac })
    }

    /// The same without its MAC, and in DER also within.
    fn bare(&self) -> Option<Zeroizing<Vec<u8>>> {
        let safe = ber::to_der(self.safe)?;
        let outer = AnyRef::from_der(&safe).ok()?;
        let mut reader = SliceReader::new(outer.value()).ok()?;
        let mut infos = Zeroizing::new(Vec::new());
        while !reader.is_finished() {
            let info = AnyRef::decode(&mut reader).ok()?;
            match data(info.value()).and_then(ber::to_der) {
                Some(contents) => infos.extend_from_slice(&of_data(&contents)?),
                None => infos.extend_from_slice(&info.to_der().ok()?),
            }
        }
        let mut file = Zeroizing::new(vec![0x02, 0x01, 0x03]);
        file.extend_from_slice(&of_data(&ber::encoded(0x30, &infos))?);
        Some(ber::encoded(0x30, &file))
    }
}

/// The octets of a ContentInfo of data.
fn data(info: &[u8]) -> Option<&[u8]> {
    let mut reader = SliceReader::new(info).ok()?;
    let kind = ObjectIdentifier::decode(&mut reader).ok()?;
    let content = AnyRef::decode(&mut reader).ok()?;
    (kind == DATA).then(|| AnyRef::from_der(content.value()).ok().map(AnyRef::value))?
}

fn of_data(octets: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let mut info = Zeroizing::new(DATA.to_der().ok()?);
    info.extend_from_slice(&ber::encoded(0xa0, &ber::encoded(0x04, octets)));
    Some(ber::encoded(0x30, &info))
}

fn words(error: &Error) -> String {
    match error {
        Error::UnsupportedEncryptionScheme | Error::UnsupportedMacAlgorithm | Error::Pkcs5Error(_) => {
            "it is encrypted in a way that is not known here; \
             convert it: openssl pkcs12 -legacy -in FILE -nodes, and openssl pkcs12 -export of what comes out"
        }
        Error::InvalidParameters => "opening it asks for too much work",
        Error::InvalidVersion | Error::UnsupportedContentType => "it is of a version that is not known here",
        _ => "its structure is damaged",
    }
    .to_owned()
}
