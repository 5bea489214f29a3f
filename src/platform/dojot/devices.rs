//! The devices of the user, page by page.

use std::collections::HashSet;

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::{
    asked::{Ask, Asked, LIST, NORMAL},
    client::Dojot,
    records,
};
use crate::device_id::DeviceId;
use crate::platform::{DeviceRecord, ErrorKind, PlatformError, See};

/// Ids asked for at once; the platform has no maximum and gives 20 when not asked.
const PAGE: usize = 1000;
/// Devices asked for at once, with all their attributes.
const RECORDS: usize = 200;
/// Pages without anything new after which a list is taken to be endless.
pub(super) const REPEATS: usize = 3;
/// The longest list that is believed.
pub(super) const MOST: usize = 10_000_000;

#[derive(Deserialize)]
struct Page {
    devices: Vec<records::Device>,
}

impl Dojot {
    /// `GET /device?idsOnly=true`. Only an empty page is the last one: a page may be short, or repeat ids, before it.
    pub(super) async fn devices(&self) -> Result<Vec<String>, PlatformError> {
        let mut seen = HashSet::new();
        let mut ids = Vec::new();
        let mut repeats = 0;
        for page in 1_u32.. {
            let path = format!("/device?idsOnly=true&page_size={PAGE}&page_num={page}");
            let ask = Ask::get(Asked::Devices, &path, LIST);
            let answer = self.read(&ask).await?;
            let found: Vec<String> = answer.json(&ask, self.http.place())?;
            if found.is_empty() {
                break;
            }
            let before = ids.len();
            for id in found {
                if seen.insert(id.clone()) {
                    ids.push(id);
                }
            }
            repeats = if ids.len() == before { repeats + 1 } else { 0 };
            if repeats == REPEATS || ids.len() > MOST {
                let text = format!("the list of {} does not end (page {page})", self.http.place());
                return Err(answer.error(&ask, ErrorKind::InvalidResponse, text));
            }
        }
        Ok(ids)
    }

    /// `GET /device`, record by record as they come, each id once; read like [`Self::devices`].
    pub(super) async fn each_device(&self, see: See<'_, DeviceRecord>) -> Result<(), PlatformError> {
        let mut seen = HashSet::new();
        let mut repeats = 0;
        for number in 1_u32.. {
            let path = format!("/device?page_size={RECORDS}&page_num={number}");
            let ask = Ask::get(Asked::Devices, &path, LIST);
            let answer = self.read(&ask).await?;
            let page: Page = answer.json(&ask, self.http.place())?;
            if page.devices.is_empty() {
                break;
            }
            let before = seen.len();
            for device in page.devices {
                if seen.insert(device.id.clone()) && see(device.into()).is_break() {
                    return Ok(());
                }
            }
            repeats = if seen.len() == before { repeats + 1 } else { 0 };
            if repeats == REPEATS || seen.len() > MOST {
                let text = format!("the list of {} does not end (page {number})", self.http.place());
                return Err(answer.error(&ask, ErrorKind::InvalidResponse, text));
            }
        }
        Ok(())
    }

    /// `POST /device`, unless `GET /device/{id}` finds it. Templates have numbers.
    pub(super) async fn add_device(
        &self,
        device: &DeviceId,
        template: Option<&str>,
    ) -> Result<bool, PlatformError> {
        let path = format!("/device/{device}");
        let ask = Ask::get(Asked::Device(device), &path, NORMAL);
        match self.read(&ask).await {
            Ok(_) => return Ok(false),
            Err(error) if error.kind == ErrorKind::NotFound => {}
            Err(error) => return Err(error),
        }
        let templates: Vec<&str> = template.into_iter().collect();
        let body = json!({ "id": device, "label": device, "templates": templates, "attrs": [] }).to_string();
        let what = Asked::AddDevice(device);
        let ask =
            Ask { what, method: Method::POST, path: "/device", body: Some(body.as_bytes()), limit: NORMAL };
        let answer = self.ask(&ask).await?;
        self.succeed(&ask, answer).map(|_| true).map_err(|error| match (error.kind, template) {
            (ErrorKind::Rejected, None) => {
                error.hint("this platform may want a template: name its number with --template")
            }
            _ => error,
        })
    }
}
