//! Changes of the registry, as far as scripts and the platform's load tool make them: `POST` and `DELETE` of `/device`,
//! and of `/template`. Templates are not kept: nothing here depends on them.

use aws_lc_rs::rand;
use axum::{
    Json,
    extract::{Path, State},
    http::{HeaderMap, StatusCode, Uri},
};
use serde_json::{Value, json};

use super::{
    body::{BodyError, Raw},
    caller::Caller,
    devices::shown,
    listing::pairs,
    problem::Problem,
    property::DEVICE,
    state::Shared,
};
use crate::{authority::repository::Device, pki::time::Time};

/// Devices that one request may make.
const MOST: u32 = 10_000;

/// Characters of the longest label.
const LONGEST_LABEL: usize = 128;

/// `POST /device?count=N`: the device of the body, or N of them with numbered labels and ids of their own.
pub(super) async fn add(
    State(shared): State<Shared>,
    caller: Caller,
    uri: Uri,
    body: Result<Raw, BodyError>,
) -> Result<Json<Value>, Problem> {
    let body = object(body)?;
    let pairs = pairs(&uri);
    let value = |key: &str| pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
    let count = value("count").unwrap_or("1").trim().parse::<u32>();
    let count = count.map_err(|_| bad("If provided, count must be integer"))?;
    if count > MOST {
        return Err(bad(&format!("At most {MOST} devices can be created at once")));
    }
    let verbose = value("verbose").is_some_and(|flag| ["true", "1", "True"].contains(&flag));
    if verbose && count != 1 {
        return Err(bad("Verbose can only be used for single device creation"));
    }
    let label = body["label"].as_str().filter(|label| !label.is_empty() && label.len() <= LONGEST_LABEL);
    let label = label.ok_or_else(|| bad("Missing data for required field: label."))?;
    let now = shared.authority.now();
    let new = match body["id"].as_str().filter(|_| count == 1) {
        Some(id) => vec![named(id, label, now)?],
        None => numbered(label, count, now)?,
    };
    if shared.authority.add_devices(caller.tenant(), new.clone()).await? < new.len() {
        return Err(bad("A device with this id is there already"));
    }
    if verbose {
        return Ok(Json(json!({
            "message": "device created",
            "devices": new.iter().map(shown).collect::<Vec<_>>(),
        })));
    }
    let listed: Vec<Value> =
        new.iter().map(|device| json!({ "id": device.id, "label": device.label })).collect();
    Ok(Json(json!({ "message": "devices created", "devices": listed })))
}

/// `DELETE /device`: all of the tenant. Their certificates stay as they are.
pub(super) async fn remove_all(State(shared): State<Shared>, caller: Caller) -> Result<Json<Value>, Problem> {
    let removed = shared.authority.remove_devices(caller.tenant(), None).await?;
    Ok(Json(json!({ "result": "ok", "removed_devices": removed.iter().map(shown).collect::<Vec<_>>() })))
}

/// `DELETE /device/{id}`.
pub(super) async fn remove(
    State(shared): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    let removed = shared.authority.remove_devices(caller.tenant(), Some(&id)).await?;
    match removed.first() {
        Some(device) => Ok(Json(json!({ "result": "ok", "removed_device": shown(device) }))),
        None => Err(Problem::service(StatusCode::NOT_FOUND, format!("No such device: {id}"))),
    }
}

/// `GET /template`: there never is one.
pub(super) async fn templates(_: Caller) -> Json<Value> {
    let pagination = json!({ "page": 1, "total": 0, "has_next": false, "next_page": null });
    Json(json!({ "pagination": pagination, "templates": [] }))
}

/// `POST /template`: taken, numbered, and forgotten.
pub(super) async fn add_template(
    State(shared): State<Shared>,
    _: Caller,
    body: Result<Raw, BodyError>,
) -> Result<Json<Value>, Problem> {
    let body = object(body)?;
    let label = body["label"].as_str().ok_or_else(|| bad("Missing data for required field: label."))?;
    let attrs = body["attrs"].as_array().cloned().unwrap_or_default();
    let template = json!({
        "id": shared.next_template(),
        "label": label,
        "attrs": attrs,
        "created": shared.authority.now(),
    });
    Ok(Json(json!({ "template": template, "result": "ok" })))
}

/// `DELETE /template`.
pub(super) async fn forget_templates(_: Caller, _: HeaderMap) -> Json<Value> {
    Json(json!({ "result": "ok", "removed": [] }))
}

fn object(body: Result<Raw, BodyError>) -> Result<Value, Problem> {
    let Raw(bytes) = body.map_err(|error| Problem::service(error.status(), "unreadable request"))?;
    serde_json::from_slice::<Value>(&bytes)
        .ok()
        .filter(Value::is_object)
        .ok_or_else(|| bad("Payload must be valid JSON, and Content-Type set accordingly"))
}

fn bad(message: &str) -> Problem {
    Problem::service(StatusCode::BAD_REQUEST, message)
}

fn named(id: &str, label: &str, created: Time) -> Result<Device, Problem> {
    if !(DEVICE.matches)(id) {
        return Err(bad("Device ID must have 5 to 36 characters, hexadecimal digits and dashes."));
    }
    Ok(Device { id: id.to_owned(), label: label.to_owned(), created })
}

/// Ids of six hexadecimal digits as the platform draws them, or more of them where six are not enough.
fn numbered(label: &str, count: u32, created: Time) -> Result<Vec<Device>, Problem> {
    let width = count.to_string().len();
    let mut ids = std::collections::BTreeSet::new();
    let mut devices = Vec::new();
    while devices.len() < count as usize {
        let mut octets = [0; 8];
        rand::fill(&mut octets)
            .map_err(|_| Problem::unexpected("the system's random number generator failed"))?;
        let id = format!("{:016x}", u64::from_be_bytes(octets));
        let id = if count == 1 { id[..6].to_owned() } else { id[..12].to_owned() };
        if ids.insert(id.clone()) {
            let index = devices.len();
            let label = if count == 1 { label.to_owned() } else { format!("{label}_{index:0width$}") };
            devices.push(Device { id, label, created });
        }
    }
    Ok(devices)
}
