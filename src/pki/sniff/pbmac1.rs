//! The MAC of newer PKCS#12 files: PBMAC1 (RFC 9579).

use std::num::NonZeroU32;

use aws_lc_rs::{hmac, pbkdf2};
use der::{
    AnyRef, Decode, Reader, SliceReader,
    asn1::{ObjectIdentifier, OctetStringRef},
};
use pkcs8::pkcs5::pbes2::{Pbkdf2Params, Pbkdf2Prf};
use zeroize::Zeroizing;

const PBMAC1: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.14");
const PBKDF2: ObjectIdentifier = ObjectIdentifier::new_unwrap("1.2.840.113549.1.5.12");
/// Deriving a key must not take minutes because a file says so.
const MOST_ITERATIONS: u32 = 10_000_000;

/// What it was made with, and what came out.
pub(super) struct Mac {
    kdf: pbkdf2::Algorithm,
    iterations: NonZeroU32,
    salt: Vec<u8>,
    length: usize,
    hmac: hmac::Algorithm,
    digest: Vec<u8>,
}

impl Mac {
    /// Of the content of a MacData; `None` when it is of another kind, or of none that is made here.
    pub(super) fn read(mac_data: &[u8]) -> Option<Self> {
        let digest_info = AnyRef::decode(&mut SliceReader::new(mac_data).ok()?).ok()?;
        let mut reader = SliceReader::new(digest_info.value()).ok()?;
        let (kind, parameters) = algorithm(AnyRef::decode(&mut reader).ok()?)?;
        let digest = <&OctetStringRef>::decode(&mut reader).ok()?.as_bytes().to_vec();
        if kind != PBMAC1 {
            return None;
        }
        let parameters = parameters?;
        let mut reader = SliceReader::new(parameters.value()).ok()?;
        let (derivation, of_kdf) = algorithm(AnyRef::decode(&mut reader).ok()?)?;
        let (code, _) = algorithm(AnyRef::decode(&mut reader).ok()?)?;
        let kdf = Pbkdf2Params::try_from(of_kdf?).ok().filter(|_| derivation == PBKDF2)?;
        let iterations = NonZeroU32::new(kdf.iteration_count).filter(|count| count.get() <= MOST_ITERATIONS)?;
        Some(Self {
            kdf: match kdf.prf {
                Pbkdf2Prf::HmacWithSha1 => pbkdf2::PBKDF2_HMAC_SHA1,
                Pbkdf2Prf::HmacWithSha256 => pbkdf2::PBKDF2_HMAC_SHA256,
                Pbkdf2Prf::HmacWithSha384 => pbkdf2::PBKDF2_HMAC_SHA384,
                Pbkdf2Prf::HmacWithSha512 => pbkdf2::PBKDF2_HMAC_SHA512,
                _ => return None,
            },
            iterations,
            salt: kdf.salt.as_ref().to_vec(),
            // RFC 9579 §4 wants it stated, and forbids short ones.
            length: kdf.key_length.map(usize::from).filter(|length| (20..=128).contains(length))?,
            hmac: match code.to_string().as_str() {
                "1.2.840.113549.2.9" => hmac::HMAC_SHA256,
                "1.2.840.113549.2.10" => hmac::HMAC_SHA384,
                "1.2.840.113549.2.11" => hmac::HMAC_SHA512,
                _ => return None,
            },
            digest,
        })
    }

    /// It was made over `octets` with this password.
    pub(super) fn is_right(&self, password: &str, octets: &[u8]) -> bool {
        let mut key = Zeroizing::new(vec![0; self.length]);
        pbkdf2::derive(self.kdf, self.iterations, &self.salt, password.as_bytes(), &mut key);
        hmac::verify(&hmac::Key::new(self.hmac, &key), octets, &self.digest).is_ok()
    }
}

/// An AlgorithmIdentifier.
fn algorithm(any: AnyRef<'_>) -> Option<(ObjectIdentifier, Option<AnyRef<'_>>)> {
    let mut reader = SliceReader::new(any.value()).ok()?;
    let kind = ObjectIdentifier::decode(&mut reader).ok()?;
    let parameters = if reader.is_finished() { None } else { Some(AnyRef::decode(&mut reader).ok()?) };
    Some((kind, parameters))
}
