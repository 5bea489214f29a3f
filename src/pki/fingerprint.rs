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
        let text = text.as_bytes();
        let step = match text.len() {
            64 => 2,
            95 if text.iter().skip(2).step_by(3).all(|byte| *byte == b':') => 3,
            _ => return Err(FingerprintError),
        };
        let digit = |byte: u8| char::from(byte).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
        let mut bytes = [0; 32];
        for (byte, pair) in bytes.iter_mut().zip(text.chunks(step)) {
            let (Some(high), Some(low)) = (digit(pair[0]), digit(pair[1])) else {
                return Err(FingerprintError);
            };
            *byte = high << 4 | low;
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
        for text in [
            "",
            "null",
            "AA:BB",
            &"G".repeat(64),
            &"é".repeat(32),
            &"+1".repeat(32),
            &"A:".repeat(48),
            &"AA:".repeat(32)[..94],
            &"A:A".repeat(32)[..95],
        ] {
            assert!(text.parse::<Fingerprint>().is_err(), "{text}");
        }
    }
}
