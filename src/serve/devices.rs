//! `GET /device`: the registry as device-manager lists it.

use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, Uri},
};
use serde_json::{Value, json};

use super::{caller::Caller, listing::pairs, problem::Problem, state::Shared};
use crate::authority::repository::{Device, DeviceQuery};

/// One page: a bare array of ids with `idsOnly`, else devices and pagination.
pub(super) async fn list(
    State(shared): State<Shared>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<Value>, Problem> {
    let pairs = pairs(&uri);
    let value = |key: &str| pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value.as_str());
    let size = number(value("page_size"), 20, "At least one entry per page is mandatory")?;
    let page = number(value("page_num"), 1, "Page numbers must be greater than 1")?;
    let query = DeviceQuery {
        label: value("label").map(str::to_owned),
        limit: Some(size),
        offset: (page - 1).saturating_mul(size),
    };
    // No device of this registry has a template or an attribute.
    let filtered = ["template", "attr", "attr_type"].iter().any(|key| value(key).is_some());
    let (devices, total) =
        if filtered { (Vec::new(), 0) } else { shared.authority.devices(caller.tenant(), query).await? };
    if value("idsOnly").is_some_and(|flag| ["", "1", "true"].contains(&flag.to_lowercase().as_str())) {
        return Ok(Json(devices.into_iter().map(|device| device.id).collect()));
    }
    let pages = total.div_ceil(size);
    let has_next = page < pages;
    Ok(Json(json!({
        "pagination": {
            "page": page,
            "total": pages,
            "has_next": has_next,
            "next_page": has_next.then_some(page + 1),
        },
        "devices": devices.iter().map(shown).collect::<Vec<_>>(),
    })))
}

/// One device.
pub(super) async fn get(
    State(shared): State<Shared>,
    caller: Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, Problem> {
    match shared.authority.device(caller.tenant(), &id).await? {
        Some(device) => Ok(Json(shown(&device))),
        None => Err(Problem::service(StatusCode::NOT_FOUND, format!("No such device: {id}"))),
    }
}

pub(super) fn shown(device: &Device) -> Value {
    json!({
        "id": device.id,
        "label": device.label,
        "created": device.created,
        "updated": null,
        "templates": [],
        "attrs": {},
    })
}

/// A page number or size; a text that is no number breaks device-manager.
fn number(text: Option<&str>, default: u64, too_small: &str) -> Result<u64, Problem> {
    let Some(text) = text else { return Ok(default) };
    let Ok(number) = text.trim().parse::<i64>() else {
        let body = json!({ "msg": "Internal Error" });
        return Err(Problem::Gateway { status: StatusCode::INTERNAL_SERVER_ERROR, body });
    };
    match u64::try_from(number) {
        Ok(number) if number >= 1 => Ok(number),
        _ => Err(Problem::service(StatusCode::BAD_REQUEST, too_small)),
    }
}
