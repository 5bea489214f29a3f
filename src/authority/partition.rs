//! Revocation lists in parts: a certificate belongs to one of them by its serial number, and names its URL.
//!
//! The number of parts is fixed once there is more than one: certificates carry the URLs. The whole list goes on
//! beside them, for earlier certificates, and for clients that want all of it.

use super::{
    error::AuthorityError,
    repository::{Repository, StoreError},
};

/// The most parts: one for each value of the octet that decides.
const MOST: u16 = 256;

/// One part of the revocations, or all of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Part {
    /// From 0.
    number: u16,
    /// A power of two, at most [`MOST`].
    of: u16,
}

/// How many parts there are: a power of two, 1 to [`MOST`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Partitions(u16);

impl Part {
    /// All revocations.
    pub const WHOLE: Self = Self { number: 0, of: 1 };

    #[must_use]
    pub fn is_whole(self) -> bool {
        self.of == 1
    }

    /// From 0.
    #[must_use]
    pub fn number(self) -> u16 {
        self.number
    }

    /// The last octets of the serial numbers in it.
    pub fn octets(self) -> impl Iterator<Item = u8> {
        (0..=u8::MAX).filter(move |octet| u16::from(*octet) % self.of == self.number)
    }

    /// Where its list is, under the URL of a server.
    #[must_use]
    pub fn url(self, base: &str) -> String {
        if self.is_whole() {
            return format!("{base}/crl.der");
        }
        format!("{base}/crl/{}/{}.der", self.of, self.number)
    }
}

impl Partitions {
    /// The whole list alone.
    pub const ONE: Self = Self(1);

    /// `None` for a number that is no power of two from 1 to 256.
    #[must_use]
    pub fn new(count: u16) -> Option<Self> {
        (count.is_power_of_two() && count <= MOST).then_some(Self(count))
    }

    #[must_use]
    pub fn count(self) -> u16 {
        self.0
    }

    /// The part this serial number (octets of its DER value) belongs to: its last octet, modulo their number.
    #[must_use]
    pub fn of_serial(self, serial: &[u8]) -> Part {
        let octet = serial.last().copied().unwrap_or_default();
        Part { number: u16::from(octet) % self.0, of: self.0 }
    }

    /// All of them, in their order; the whole list where there are none.
    pub fn all(self) -> impl Iterator<Item = Part> {
        (0..self.0).map(move |number| Part { number, of: self.0 })
    }

    /// The part with this number; `None` where there is none, and for the whole list.
    #[must_use]
    pub fn part(self, number: u16) -> Option<Part> {
        (self.0 > 1 && number < self.0).then_some(Part { number, of: self.0 })
    }
}

/// How many parts an authority has: as many as it had, or as asked for when it had none yet. A URL under which
/// certificates name their lists is remembered: each list names all of them.
///
/// # Errors
/// When it has another number, or the records fail.
pub(super) async fn agree(
    repository: &dyn Repository,
    asked: Option<Partitions>,
    url: Option<&str>,
) -> Result<Partitions, AuthorityError> {
    let mut kept = repository.partitions().await?;
    if kept == Partitions::ONE && asked.is_some_and(|asked| asked != Partitions::ONE) {
        kept = repository.set_partitions(asked.unwrap_or(kept)).await?;
    }
    if let Some(asked) = asked.filter(|asked| *asked != kept) {
        return Err(AuthorityError::Partitions { kept: kept.count(), asked: asked.count() });
    }
    if kept != Partitions::ONE
        && let Some(url) = url
    {
        repository.add_list_url(url).await?;
    }
    Ok(kept)
}

/// Reads the number as a database has written it.
pub(super) fn read(written: Option<&[u8]>) -> Result<Partitions, StoreError> {
    let Some(written) = written else { return Ok(Partitions::ONE) };
    let number = std::str::from_utf8(written).ok().and_then(|text| text.parse().ok());
    number
        .and_then(Partitions::new)
        .ok_or_else(|| StoreError::Failed("the number of partitions in it cannot be read".to_owned()))
}

/// The name under which a database keeps the number.
pub(super) const NAME: &str = "crl_partitions";

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_serial_number_is_in_one_part_and_its_url_says_which() {
        for count in [1, 2, 4, 64, 256] {
            let partitions = Partitions::new(count).unwrap();
            let octets: usize = partitions.all().map(|part| part.octets().count()).sum();
            assert_eq!(octets, 256);
            for octet in 0..=u8::MAX {
                let part = partitions.of_serial(&[0x40, octet]);
                assert!(part.octets().any(|one| one == octet));
            }
        }
        let four = Partitions::new(4).unwrap();
        assert_eq!(four.of_serial(&[1, 0xff]).url("http://a"), "http://a/crl/4/3.der");
        assert_eq!(Part::WHOLE.url("http://a"), "http://a/crl.der");
        assert!([0, 3, 512].into_iter().all(|count| Partitions::new(count).is_none()));
        assert!(four.part(4).is_none() && Partitions::ONE.part(0).is_none());
    }
}
