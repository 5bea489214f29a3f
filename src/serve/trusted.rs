//! `/x509/v1/trusted-cas`: foreign roots that a tenant trusts. For the group `admin` only.

use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, Uri},
};
use serde_json::{Value, json};

use super::{
    body::JsonBody,
    gate::Admin,
    listing::{self, Page, pairs},
    problem::Problem,
    record::{self, TRUSTED_CA_FIELDS},
    schema,
    state::Shared,
};
use crate::{authority::Refusal, pki::fingerprint::Fingerprint};

/// `POST`.
pub(super) async fn add(
    State(shared): State<Shared>,
    admin: Admin,
    JsonBody(body): JsonBody,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let (pem, allow) = schema::new_trusted_ca(&body)?;
    let fingerprint = shared.authority.trust(admin.tenant(), &pem, allow).await?;
    Ok((StatusCode::CREATED, Json(json!({ "caFingerprint": fingerprint }))))
}

/// `GET`: one page, filtered by any field given in the query.
pub(super) async fn list(State(shared): State<Shared>, admin: Admin, uri: Uri) -> Result<Json<Value>, Problem> {
    let pairs = pairs(&uri);
    let page = Page::read(&pairs);
    let fields = listing::fields(&pairs, TRUSTED_CA_FIELDS)?;
    let records = shared.authority.trusted_cas(admin.tenant()).await?;
    let shown: Vec<Value> =
        records.iter().map(record::trusted_ca).filter(|record| matches(record, &pairs)).collect();
    let total = u64::try_from(shown.len()).unwrap_or(u64::MAX);
    let shown: Vec<Value> = shown
        .into_iter()
        .skip(usize::try_from(page.offset).unwrap_or(usize::MAX))
        .take(usize::try_from(page.limit).unwrap_or(usize::MAX))
        .map(|record| record::project(record, &fields))
        .collect();
    Ok(Json(json!({ "paging": page.paging(&uri, total), "trusted-cas": shown })))
}

/// `GET /{fingerprint}`.
pub(super) async fn get(
    State(shared): State<Shared>,
    admin: Admin,
    Path(fingerprint): Path<String>,
    uri: Uri,
) -> Result<Json<Value>, Problem> {
    let fields = listing::fields(&pairs(&uri), TRUSTED_CA_FIELDS)?;
    let fingerprint = known(&fingerprint, &admin)?;
    let found = shared.authority.trusted_ca(admin.tenant(), &fingerprint).await?;
    Ok(Json(record::project(record::trusted_ca(&found), &fields)))
}

/// `PATCH /{fingerprint}`.
pub(super) async fn update(
    State(shared): State<Shared>,
    admin: Admin,
    Path(fingerprint): Path<String>,
    JsonBody(body): JsonBody,
) -> Result<StatusCode, Problem> {
    let allow = schema::update_trusted_ca(&body)?;
    let fingerprint = known(&fingerprint, &admin)?;
    shared.authority.allow_auto_registration(admin.tenant(), &fingerprint, allow).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /{fingerprint}`.
pub(super) async fn delete(
    State(shared): State<Shared>,
    admin: Admin,
    Path(fingerprint): Path<String>,
) -> Result<StatusCode, Problem> {
    let fingerprint = known(&fingerprint, &admin)?;
    shared.authority.distrust(admin.tenant(), &fingerprint).await?;
    Ok(StatusCode::NO_CONTENT)
}

fn known(text: &str, admin: &Admin) -> Result<Fingerprint, Problem> {
    let (shown, parsed) = listing::fingerprint(text)?;
    parsed.ok_or_else(|| Refusal::no_trusted_ca(&shown, admin.tenant()).into())
}

/// Every query parameter that names a field must hold. Operators stand before the value: `!` not, `^` begins with,
/// `$` ends with, `~` contains, `>` and `<` greater and less; `!` alone means missing, nothing means present.
fn matches(record: &Value, pairs: &[(String, String)]) -> bool {
    pairs.iter().filter(|(key, _)| TRUSTED_CA_FIELDS.contains(&key.as_str()) && key != "tenant").all(
        |(key, test)| {
            let field = key.split('.').try_fold(record, |value, part| value.get(part));
            holds(field, test)
        },
    )
}

fn holds(field: Option<&Value>, test: &str) -> bool {
    let found = match field {
        Some(Value::String(found)) => Some(found.clone()),
        Some(Value::Bool(flag)) => Some(flag.to_string()),
        _ => None,
    };
    let mut rest = test.chars();
    let operator = rest.next();
    let wanted = rest.as_str();
    let Some(found) = found else { return operator == Some('!') };
    match operator {
        None => true,
        Some('!') => !wanted.is_empty() && found != wanted,
        Some('^') => found.starts_with(wanted),
        Some('$') => found.ends_with(wanted),
        Some('~') => found.contains(wanted),
        Some('>') => found.as_str() > wanted,
        Some('<') => found.as_str() < wanted,
        Some(_) => found == test,
    }
}
