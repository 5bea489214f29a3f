//! The devices of the user, page by page.

use reqwest::Method;
use serde::Deserialize;
use serde_json::json;

use super::{
    answer::UNKNOWN_DEVICE,
    asked::{Ask, Asked, LIST, NORMAL},
    client::Dojot,
    endless::Seen,
    records,
};
use crate::device_id::DeviceId;
use crate::platform::{DeviceRecord, ErrorKind, PlatformError, See};

/// Ids asked for at once; the platform has no maximum and gives 20 when not asked.
const PAGE: usize = 1000;
/// Devices asked for at once, with all their attributes.
const RECORDS: usize = 200;
/// Bytes of the longest id or label that is kept: longer ones are cut, and are no ids any more.
const LONGEST: usize = 256;

#[derive(Deserialize)]
struct Page {
    devices: Vec<records::Device>,
}

/// Cuts a text that is too long to be an id: enough of it is kept to name it in a message.
fn bounded(mut text: String) -> String {
    if text.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|end| text.is_char_boundary(*end)).unwrap_or(0);
        text.truncate(end);
        text.push('…');
        text.shrink_to_fit();
    }
    text
}

impl Dojot {
    /// `GET /device?idsOnly=true`. Only an empty page is the last one: a page may be short, or repeat ids, before it.
    pub(super) async fn devices(&self) -> Result<Vec<String>, PlatformError> {
        let mut seen = Seen::new();
        let mut ids = Vec::new();
        for page in 1_u32.. {
            let path = format!("/device?idsOnly=true&page_size={PAGE}&page_num={page}");
            let ask = Ask::get(Asked::Devices, &path, LIST);
            let answer = self.read(&ask).await?;
            let found: Vec<String> = answer.json(&ask, self.http.place())?;
            if found.is_empty() {
                break;
            }
            for id in found {
                let id = bounded(id);
                if seen.add(&id) {
                    seen.keep(id.len());
                    ids.push(id);
                }
            }
            if seen.is_endless() {
                let text = format!("the list of {} does not end (page {page})", self.http.place());
                return Err(answer.error(&ask, ErrorKind::InvalidResponse, text));
            }
        }
        Ok(ids)
    }

    /// `GET /device`, record by record as they come, each id once; read like [`Self::devices`].
    pub(super) async fn each_device(&self, see: See<'_, DeviceRecord>) -> Result<(), PlatformError> {
        let mut seen = Seen::new();
        for number in 1_u32.. {
            let path = format!("/device?page_size={RECORDS}&page_num={number}");
            let ask = Ask::get(Asked::Devices, &path, LIST);
            let answer = self.read(&ask).await?;
            let page: Page = answer.json(&ask, self.http.place())?;
            if page.devices.is_empty() {
                break;
            }
            for device in page.devices {
                let device = DeviceRecord { id: bounded(device.id.clone()), ..device.into() };
                if seen.add(&device.id) && see(device).is_break() {
                    return Ok(());
                }
            }
            if seen.is_endless() {
                let text = format!("the list of {} does not end (page {number})", self.http.place());
                return Err(answer.error(&ask, ErrorKind::InvalidResponse, text));
            }
        }
        Ok(())
    }

    /// `GET /device/{id}`: checks that the platform has this device.
    pub(super) async fn device_exists(&self, device: &DeviceId) -> Result<(), PlatformError> {
        let path = format!("/device/{device}");
        let ask = Ask::get(Asked::Device(device), &path, NORMAL);
        match self.read(&ask).await {
            Ok(_) => Ok(()),
            Err(error) if error.kind == ErrorKind::NotFound => {
                let text = format!("{} has no such device", self.http.place());
                let refused = ask.error(ErrorKind::Rejected, text).hint(UNKNOWN_DEVICE);
                Err(PlatformError { request_id: error.request_id, ..refused })
            }
            // The gateway may have no device management: then its refusal does not mean that the device is unknown.
            Err(error) if matches!(error.kind, ErrorKind::Rejected | ErrorKind::Forbidden) => Ok(()),
            // The outcome of this question is unknown, not that of a request for a certificate.
            Err(error) if error.kind == ErrorKind::OutcomeUnknown => {
                Err(PlatformError { kind: ErrorKind::Busy, ..error })
            }
            Err(error) => Err(error),
        }
    }

    /// `POST /device`, unless `GET /device/{id}` finds it. A template is named by its number.
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
