//! The certificates of the tenant, page by page.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::atomic::Ordering,
};

use serde::Deserialize;

use super::{
    answer::Answer,
    asked::{Ask, Asked, LIST},
    client::Dojot,
    devices::{MOST, REPEATS},
};
use crate::platform::{CertificateRecord, ErrorKind, PlatformError};

/// Records asked for at once: the most the platform gives.
const PAGE: usize = 250;
/// Times the whole list is read when it changes meanwhile.
const READINGS: usize = 4;
/// What [`CertificateRecord`] has; releases up to 0.6 refuse `subjectDN`.
const FIELDS: &str = "&fields=fingerprint,pem,belongsTo,subjectDN,createdAt,issuedByDojotPki";

#[derive(Deserialize)]
struct Page {
    paging: Option<Paging>,
    certificates: Vec<CertificateRecord>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Paging {
    total_items: Option<u64>,
    total_pages: Option<u64>,
}

/// What was found so far, in the order it was first seen; a later version of a record replaces the earlier one.
#[derive(Default)]
struct Found {
    places: HashMap<String, usize>,
    kept: BTreeMap<usize, CertificateRecord>,
}

impl Found {
    fn add(&mut self, record: CertificateRecord, keep: &dyn Fn(&CertificateRecord) -> bool) {
        let next = self.places.len();
        let place = *self.places.entry(record.fingerprint.clone()).or_insert(next);
        if keep(&record) {
            self.kept.insert(place, record);
        } else {
            self.kept.remove(&place);
        }
    }
}

impl Dojot {
    /// `GET /x509/v1/certificates`. The list has no order, so pages shift when somebody else writes: when the total
    /// changed between the first page and the last, everything is read again and added to what is known.
    pub(super) async fn every_certificate(
        &self,
        keep: &(dyn Fn(&CertificateRecord) -> bool + Sync),
    ) -> Result<Vec<CertificateRecord>, PlatformError> {
        let mut found = Found::default();
        for _ in 0..READINGS {
            if self.read_through(&mut found, keep).await? {
                break;
            }
        }
        Ok(found.kept.into_values().collect())
    }

    /// One reading from the first page to the last; `false` when the total changed on the way, or not all of it was seen.
    async fn read_through(
        &self,
        found: &mut Found,
        keep: &(dyn Fn(&CertificateRecord) -> bool + Sync),
    ) -> Result<bool, PlatformError> {
        let mut seen = HashSet::new();
        let mut total = None;
        let mut steady = true;
        let mut repeats = 0;
        for number in 1_u64.. {
            let (answer, page) = self.page(number).await?;
            let items = page.paging.as_ref().and_then(|paging| paging.total_items);
            steady &= number == 1 || items == total;
            total = items;
            if page.certificates.is_empty() {
                break;
            }
            let before = seen.len();
            for record in page.certificates {
                seen.insert(record.fingerprint.clone());
                found.add(record, keep);
            }
            repeats = if seen.len() == before { repeats + 1 } else { 0 };
            if repeats == REPEATS || seen.len() > MOST {
                let text = format!("the list of {} does not end (page {number})", self.http.place());
                return Err(answer.error(&Ask::get(Asked::Certificates, "", LIST), ErrorKind::Nonsense, text));
            }
            if page.paging.and_then(|paging| paging.total_pages).is_some_and(|last| number >= last) {
                break;
            }
        }
        Ok(steady && total.is_none_or(|total| seen.len() as u64 >= total))
    }

    /// Page 1 is the first. When the platform refuses the fields, all of them are asked for, for the rest of the run.
    async fn page(&self, number: u64) -> Result<(Answer, Page), PlatformError> {
        let all_fields = self.all_fields.load(Ordering::Relaxed);
        let fields = if all_fields { "" } else { FIELDS };
        let path = format!("/x509/v1/certificates?limit={PAGE}&page={number}{fields}");
        let mut ask = Ask::get(Asked::Certificates, &path, LIST);
        let bare = path.trim_end_matches(FIELDS);
        let answer = match self.read(&ask).await {
            Err(error) if error.kind == ErrorKind::Refused && !all_fields => {
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
            return Err(answer.error(&ask, ErrorKind::Nonsense, text));
        }
        Ok((answer, page))
    }
}
