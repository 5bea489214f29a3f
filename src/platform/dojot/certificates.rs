//! The certificates of the tenant, page by page.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    ops::ControlFlow,
    sync::atomic::Ordering,
};

use serde::Deserialize;

use super::{
    answer::Answer,
    asked::{Ask, Asked, LIST, NORMAL},
    client::Dojot,
    endless::{Seen, short_name},
    records,
};
use crate::{
    pki::fingerprint::Fingerprint,
    platform::{CertificateRecord, ErrorKind, Keep, PlatformError, See},
};

/// Records asked for at once: the most the platform gives.
const PAGE: usize = 250;
/// The most times the whole list is read when it changes meanwhile.
const READINGS: usize = 4;
/// The fields of [`records::Certificate`]; releases up to 0.6 refuse `subjectDN`.
const FIELDS: &str = "&fields=fingerprint,pem,belongsTo,subjectDN,createdAt,issuedByDojotPki";

#[derive(Deserialize)]
struct Page {
    paging: Option<Paging>,
    certificates: Vec<records::Certificate>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Paging {
    total_items: Option<u64>,
    total_pages: Option<u64>,
}

/// Records found so far, in the order they were first seen; a later version of a record replaces the earlier one.
#[derive(Default)]
struct Found {
    places: HashMap<u128, usize>,
    kept: BTreeMap<usize, CertificateRecord>,
}

impl Found {
    fn add(&mut self, record: CertificateRecord, keep: &dyn Fn(&CertificateRecord) -> bool) {
        let next = self.places.len();
        let place = *self.places.entry(short_name(&record.fingerprint)).or_insert(next);
        if keep(&record) {
            self.kept.insert(place, record);
        } else {
            self.kept.remove(&place);
        }
    }
}

/// Outcome of one reading of the list.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Reading {
    Steady,
    /// The total changed during the reading, or not all records were seen.
    Shifting,
    /// The caller wants no more records.
    Enough,
}

impl Reading {
    fn is_steady(self) -> bool {
        self == Self::Steady
    }

    fn is_over(self) -> bool {
        self != Self::Shifting
    }
}

impl Dojot {
    /// `GET /x509/v1/certificates`. The list has no order, so pages shift when another client writes: when the total
    /// changed between the first page and the last, everything is read again and added to what is known.
    pub(super) async fn certificates(&self, keep: Keep<'_>) -> Result<Vec<CertificateRecord>, PlatformError> {
        let mut found = Found::default();
        for _ in 0..READINGS {
            let mut see = |record| {
                found.add(record, keep);
                ControlFlow::Continue(())
            };
            if self.read_through(&mut see).await?.is_steady() {
                break;
            }
        }
        Ok(found.kept.into_values().collect())
    }

    /// Reads the same list, record by record as they come, each fingerprint once.
    pub(super) async fn each_certificate(&self, see: See<'_, CertificateRecord>) -> Result<(), PlatformError> {
        let mut known = HashSet::new();
        for _ in 0..READINGS {
            let mut new = |record: CertificateRecord| {
                if known.insert(short_name(&record.fingerprint)) {
                    see(record)
                } else {
                    ControlFlow::Continue(())
                }
            };
            if self.read_through(&mut new).await?.is_over() {
                break;
            }
        }
        Ok(())
    }

    /// `GET /x509/v1/certificates/{fingerprint}`
    pub(super) async fn certificate(
        &self,
        fingerprint: &Fingerprint,
    ) -> Result<CertificateRecord, PlatformError> {
        let path = format!("/x509/v1/certificates/{fingerprint}");
        let ask = Ask::get(Asked::Certificate(fingerprint), &path, NORMAL);
        let answer = self.read(&ask).await?;
        let record: records::Certificate = answer.json(&ask, self.http.place())?;
        Ok(CertificateRecord::from(record).belonging_by_name(self.tenant().as_deref()))
    }

    /// One reading from the first page to the last.
    async fn read_through(&self, see: See<'_, CertificateRecord>) -> Result<Reading, PlatformError> {
        let mut seen = Seen::new();
        let mut total = None;
        let mut steady = true;
        for number in 1_u64.. {
            let (answer, page) = self.page(number).await?;
            let items = page.paging.as_ref().and_then(|paging| paging.total_items);
            steady &= number == 1 || items == total;
            total = items;
            if page.certificates.is_empty() {
                break;
            }
            let tenant = self.tenant();
            for record in page.certificates.into_iter().map(CertificateRecord::from) {
                let record = record.belonging_by_name(tenant.as_deref());
                seen.add(&record.fingerprint);
                if see(record).is_break() {
                    return Ok(Reading::Enough);
                }
            }
            if seen.is_endless() {
                let text = format!("the list of {} does not end (page {number})", self.http.place());
                return Err(answer.error(
                    &Ask::get(Asked::Certificates, "", LIST),
                    ErrorKind::InvalidResponse,
                    text,
                ));
            }
            if page.paging.and_then(|paging| paging.total_pages).is_some_and(|last| number >= last) {
                break;
            }
        }
        let is_whole = steady && total.is_none_or(|total| seen.len() as u64 >= total);
        Ok(if is_whole { Reading::Steady } else { Reading::Shifting })
    }

    /// Fetches one page; the first is page 1. When the platform refuses our list of fields, records are asked for with
    /// all their fields, for the rest of the run.
    async fn page(&self, number: u64) -> Result<(Answer, Page), PlatformError> {
        let all_fields = self.all_fields.load(Ordering::Relaxed);
        let fields = if all_fields { "" } else { FIELDS };
        let path = format!("/x509/v1/certificates?limit={PAGE}&page={number}{fields}");
        let mut ask = Ask::get(Asked::Certificates, &path, LIST);
        let bare = path.trim_end_matches(FIELDS);
        let answer = match self.read(&ask).await {
            Err(error) if error.kind == ErrorKind::Rejected && !all_fields => {
                ask.path = bare;
                let answer = self.read(&ask).await?;
                self.all_fields.store(true, Ordering::Relaxed);
                answer
            }
            outcome => outcome?,
        };
        let page: Page = answer.json(&ask, self.http.place())?;
        if page.certificates.iter().any(|record| record.fingerprint.is_empty()) {
            let text = format!("{} lists one without a fingerprint", self.http.place());
            return Err(answer.error(&ask, ErrorKind::InvalidResponse, text));
        }
        Ok((answer, page))
    }
}
