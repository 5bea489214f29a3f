//! The entries of a list, sorted by serial number: 12 octets each beside the list itself.

use std::{cmp::Ordering, ops::Range};

use ::der::{
    Decode, Reader, SliceReader,
    asn1::ObjectIdentifier,
    oid::db::rfc5280::{ID_CE_CERTIFICATE_ISSUER, ID_CE_CRL_REASONS, ID_CE_INVALIDITY_DATE},
};

use x509_cert::ext::pkix::name::GeneralNames;

use super::{
    der::{self, Entry},
    list::CrlError,
    points,
};
use crate::pki::{directory_name::DirectoryName, revocation::Reason, time::Time};

/// Where the entries are, in the order of their serial numbers.
#[derive(Debug)]
pub(super) struct Index {
    slots: Vec<Slot>,
    /// In an indirect list: whose certificates the entries from an offset on are (RFC 5280 §5.3.3).
    issuers: Vec<(u32, DirectoryName)>,
    /// Why no entry may be used (RFC 5280 §5.3): a critical extension that is not understood here.
    pub(super) obstacle: Option<String>,
}

/// An entry: offsets into the list.
#[derive(Clone, Copy, Debug)]
struct Slot {
    entry: u32,
    serial: u32,
    length: u32,
}

/// State of one serial number on a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Listing {
    Revoked {
        at: Time,
        reason: Option<Reason>,
    },
    OnHold {
        since: Time,
    },
    /// removeFromCRL: it was on an earlier list and is not revoked any more.
    Released,
}

impl Index {
    /// Indexes revokedCertificates, which lies at `range` of `list`, header included.
    pub(super) fn build(list: &[u8], range: Range<usize>) -> Result<Self, CrlError> {
        let mut index = Self { slots: Vec::new(), issuers: Vec::new(), obstacle: None };
        let bytes = list.get(range).unwrap_or_default();
        if bytes.is_empty() {
            return Ok(index);
        }
        // The shortest entry has 22 octets: this never asks for more than half of what the list takes itself.
        index.slots.reserve(bytes.len() / 32);
        let mut reader = SliceReader::new(bytes)?;
        reader.sequence(|entries| -> ::der::Result<()> {
            while !entries.is_finished() {
                let bytes = entries.tlv_bytes()?;
                let entry = der::entry(bytes)?;
                let at = place(bytes, list)?;
                index.slots.push(Slot {
                    entry: at,
                    serial: place(entry.serial, list)?,
                    length: offset(entry.serial.len())?,
                });
                match issuer(&entry) {
                    Ok(issuer) => index.issuers.extend(issuer.map(|issuer| (at, issuer))),
                    Err(why) => index.obstacle = index.obstacle.take().or(Some(why)),
                }
                if index.obstacle.is_none() {
                    index.obstacle = obstacle(&entry);
                }
            }
            Ok(())
        })?;
        if !index.slots.is_sorted_by(|a, b| compare(a.serial(list), b.serial(list)).is_le()) {
            index.slots.sort_unstable_by(|a, b| compare(a.serial(list), b.serial(list)));
        }
        index.slots.shrink_to_fit();
        Ok(index)
    }

    pub(super) fn len(&self) -> usize {
        self.slots.len()
    }

    /// It has entries about certificates of others.
    pub(super) fn is_indirect(&self) -> bool {
        !self.issuers.is_empty()
    }

    /// The state of `serial`, the content of its INTEGER, on `list`; of several entries the worst. `is_of` decides by
    /// the issuer of an entry's certificate whether the entry counts; `None` stands for the list's own issuer.
    pub(super) fn find(
        &self,
        list: &[u8],
        serial: &[u8],
        is_of: impl Fn(Option<&DirectoryName>) -> bool,
    ) -> Option<Listing> {
        let serial = shortest(serial);
        let first = self.slots.partition_point(|slot| compare(slot.serial(list), serial).is_lt());
        self.slots
            .get(first..)?
            .iter()
            .take_while(|slot| slot.serial(list) == serial)
            .filter(|slot| is_of(self.issuer_of(**slot)))
            .map(|slot| listing(list, *slot))
            .min_by_key(|listing| match listing {
                Listing::Revoked { .. } => 0,
                Listing::OnHold { .. } => 1,
                Listing::Released => 2,
            })
    }

    fn issuer_of(&self, slot: Slot) -> Option<&DirectoryName> {
        let following = self.issuers.partition_point(|(at, _)| *at <= slot.entry);
        self.issuers.get(following.checked_sub(1)?).map(|(_, issuer)| issuer)
    }
}

impl Slot {
    fn serial(self, list: &[u8]) -> &[u8] {
        let start = self.serial as usize;
        shortest(list.get(start..start + self.length as usize).unwrap_or_default())
    }
}

/// Short numbers first: most comparisons end at the length.
fn compare(a: &[u8], b: &[u8]) -> Ordering {
    a.len().cmp(&b.len()).then_with(|| a.cmp(b))
}

/// Some authorities pad serial numbers with zeros, against DER.
fn shortest(mut serial: &[u8]) -> &[u8] {
    while let [0, rest @ ..] = serial {
        match rest {
            [next, ..] if *next < 0x80 => serial = rest,
            _ => break,
        }
    }
    serial
}

fn offset(value: usize) -> ::der::Result<u32> {
    u32::try_from(value).map_err(|_| ::der::ErrorKind::Overflow.into())
}

/// Where `part` begins in `list`, which it is a part of.
fn place(part: &[u8], list: &[u8]) -> ::der::Result<u32> {
    offset(part.as_ptr().addr() - list.as_ptr().addr())
}

fn listing(list: &[u8], slot: Slot) -> Listing {
    let bytes = list.get(slot.entry as usize..).unwrap_or_default();
    let entry = SliceReader::new(bytes).and_then(|mut reader| der::entry(reader.tlv_bytes()?));
    // The entry was read once when the index was built. If reading fails now, the certificate still counts as revoked,
    // because it is listed.
    let Ok(entry) = entry else {
        return Listing::Revoked { at: Time::from_unix(0), reason: None };
    };
    let reason = entry
        .extensions
        .iter()
        .find(|extension| extension.id == ID_CE_CRL_REASONS)
        .and_then(|extension| ::der::AnyRef::from_der(extension.value).ok())
        .and_then(|code| code.value().first().copied())
        .and_then(Reason::from_number);
    match reason {
        Some(Reason::CertificateHold) => Listing::OnHold { since: entry.date },
        Some(Reason::RemoveFromCRL) => Listing::Released,
        reason => Listing::Revoked { at: entry.date, reason },
    }
}

/// Critical entry extensions that are not understood here make the whole list unusable (RFC 5280 §5.3).
fn obstacle(entry: &Entry<'_>) -> Option<String> {
    const KNOWN: [ObjectIdentifier; 3] = [ID_CE_CRL_REASONS, ID_CE_INVALIDITY_DATE, ID_CE_CERTIFICATE_ISSUER];
    let unknown =
        entry.extensions.iter().find(|extension| extension.critical && !KNOWN.contains(&extension.id))?;
    Some(format!("an entry has the critical extension {}, which is not known here", unknown.id))
}

/// The issuer of the certificates in the entries from this one on.
fn issuer(entry: &Entry<'_>) -> Result<Option<DirectoryName>, String> {
    let Some(extension) = entry.extensions.iter().find(|extension| extension.id == ID_CE_CERTIFICATE_ISSUER)
    else {
        return Ok(None);
    };
    let names = GeneralNames::from_der(extension.value).ok();
    names
        .and_then(|names| names.iter().find_map(points::directory))
        .map(Some)
        .ok_or_else(|| "the issuer of an entry (certificateIssuer) cannot be read".to_owned())
}
