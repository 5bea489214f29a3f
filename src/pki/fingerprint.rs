//! SHA-256 fingerprints, written the way the platform writes them.

use std::{fmt, str::FromStr};

use aws_lc_rs::digest::{SHA256, digest};

/// SHA-256 over a DER encoding. Prints as 32 upper-case hex pairs with colons, 95 characters.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Fingerprint([u8; 32]);

/// A text that is no SHA-256 fingerprint.
#[derive(Debug, thiserror::Error)]
#[error("a SHA-256 fingerprint has 64 hex digits, with or without colons between the pairs")]
pub struct FingerprintError;

impl Fingerprint {
    /// The fingerprint of `der`.
    #[must_use]
    pub fn of(der: &[u8]) -> Self {
        let mut bytes = [0; 32];
        bytes.copy_from_slice(digest(&SHA256, der).as_ref());
        Self(bytes)
    }

    /// A digest made earlier.
    #[must_use]
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(bytes)
    }

    /// The raw digest.
    #[must_use]
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }
}

impl fmt::Display for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // Printed for every certificate issued: one write, not 64.
        const DIGITS: &[u8; 16] = b"0123456789ABCDEF";
        let mut text = [b':'; 95];
        for (pair, byte) in text.chunks_mut(3).zip(self.0) {
            pair[0] = DIGITS[usize::from(byte >> 4)];
            pair[1] = DIGITS[usize::from(byte & 15)];
        }
        f.write_str(std::str::from_utf8(&text).map_err(|_| fmt::Error)?)
    }
}

impl fmt::Debug for Fingerprint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl FromStr for Fingerprint {
    type Err = FingerprintError;

    /// Any case; colons between all pairs or none.
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let digits: String = match text.len() {
            64 => text.to_owned(),
            95 if text.split(':').all(|pair| pair.len() == 2) => text.replace(':', ""),
            _ => return Err(FingerprintError),
        };
        if !digits.bytes().all(|b| b.is_ascii_hexdigit()) {
            return Err(FingerprintError);
        }
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(digits.as_bytes().chunks(2)) {
            let pair = std::str::from_utf8(pair).map_err(|_| FingerprintError)?;
            *byte = u8::from_str_radix(pair, 16).map_err(|_| FingerprintError)?;
        }
        Ok(Self(bytes))
    }
}

impl serde::Serialize for Fingerprint {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_both_spellings_and_prints_the_platforms() {
        let printed = Fingerprint::of(b"").to_string();
        assert!(printed.starts_with("E3:B0:C4:42:98:FC:1C:14"));
        assert_eq!(printed.len(), 95);
        let plain = printed.replace(':', "").to_lowercase();
        assert_eq!(plain.parse::<Fingerprint>().unwrap(), Fingerprint::of(b""));
        assert_eq!(printed.parse::<Fingerprint>().unwrap(), Fingerprint::of(b""));
    }

    #[test]
    fn refuses_what_only_looks_like_one() {
        for text in ["", "null", "AA:BB", &"G".repeat(64), &"é".repeat(32), &"+1".repeat(32), &"A:".repeat(48)]
        {
            assert!(text.parse::<Fingerprint>().is_err(), "{text}");
        }
    }
}
