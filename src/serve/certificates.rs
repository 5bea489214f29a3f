//! `/x509/v1/certificates`: issue, register, list, link, revoke.

use axum::{
    Json,
    extract::{Path, State},
    http::{StatusCode, Uri},
};
use serde_json::{Value, json};

use super::{
    body::JsonBody,
    caller::Caller,
    listing::{self, Page, pairs},
    problem::Problem,
    record::{self, CERTIFICATE_FIELDS},
    schema::{self, NewCertificate},
    state::Shared,
    validator::BelongsTo,
};
use crate::{
    authority::{Owner, Refusal, repository::CertificateQuery},
    pki::fingerprint::Fingerprint,
};

/// `POST`: signs a request, or registers a certificate of a foreign CA.
pub(super) async fn add(
    State(shared): State<Shared>,
    caller: Caller,
    JsonBody(body): JsonBody,
) -> Result<(StatusCode, Json<Value>), Problem> {
    let tenant = caller.tenant();
    let answer = match schema::new_certificate(&body)? {
        NewCertificate::Issue { csr, belongs_to } => {
            let issued = shared.authority.issue(tenant, &csr, owner(&belongs_to)?).await?;
            json!({
                "certificateFingerprint": issued.fingerprint,
                "certificatePem": issued.certificate_pem,
            })
        }
        NewCertificate::Register { chain, ca_fingerprint, belongs_to } => {
            let ca = ca_fingerprint.and_then(|text| text.parse().ok());
            let owner = owner(&belongs_to)?;
            let fingerprint = shared.authority.register_chain(tenant, &chain, ca, owner).await?;
            json!({ "certificateFingerprint": fingerprint })
        }
    };
    Ok((StatusCode::CREATED, Json(answer)))
}

/// `GET`: one page.
pub(super) async fn list(
    State(shared): State<Shared>,
    caller: Caller,
    uri: Uri,
) -> Result<Json<Value>, Problem> {
    let pairs = pairs(&uri);
    let page = Page::read(&pairs);
    let fields = listing::fields(&pairs, CERTIFICATE_FIELDS)?;
    let tests = listing::key_values(&pairs)?;
    let query = CertificateQuery { tests, limit: Some(page.limit), offset: page.offset };
    let (records, total) = shared.authority.certificates(caller.tenant(), query).await?;
    let shown: Vec<Value> =
        records.iter().map(|one| record::project(record::certificate(one), &fields)).collect();
    Ok(Json(json!({ "paging": page.paging(&uri, total), "certificates": shown })))
}

/// `GET /{fingerprint}`.
pub(super) async fn get(
    State(shared): State<Shared>,
    caller: Caller,
    Path(fingerprint): Path<String>,
    uri: Uri,
) -> Result<Json<Value>, Problem> {
    let fields = listing::fields(&pairs(&uri), CERTIFICATE_FIELDS)?;
    let fingerprint = known(&fingerprint, &caller)?;
    let found = shared.authority.certificate(caller.tenant(), &fingerprint).await?;
    Ok(Json(record::project(record::certificate(&found), &fields)))
}

/// `PATCH /{fingerprint}`: another owner, or none.
pub(super) async fn link(
    State(shared): State<Shared>,
    caller: Caller,
    Path(fingerprint): Path<String>,
    JsonBody(body): JsonBody,
) -> Result<StatusCode, Problem> {
    let belongs_to = schema::change_owner(&body)?;
    let owner = owner(&belongs_to)?;
    let tenant = caller.tenant();
    // An unknown device is reported before an unknown certificate.
    match listing::fingerprint(&fingerprint)? {
        (_, Some(fingerprint)) => shared.authority.link(tenant, &fingerprint, owner).await?,
        (shown, None) => return Err(Refusal::no_certificate(&shown, tenant).into()),
    }
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /{fingerprint}/belongsto`.
pub(super) async fn unlink(
    State(shared): State<Shared>,
    caller: Caller,
    Path(fingerprint): Path<String>,
) -> Result<StatusCode, Problem> {
    let fingerprint = known(&fingerprint, &caller)?;
    shared.authority.link(caller.tenant(), &fingerprint, Owner::Nobody).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// `DELETE /{fingerprint}`: revokes and forgets.
pub(super) async fn delete(
    State(shared): State<Shared>,
    caller: Caller,
    Path(fingerprint): Path<String>,
) -> Result<StatusCode, Problem> {
    let fingerprint = known(&fingerprint, &caller)?;
    shared.authority.delete(caller.tenant(), &fingerprint).await?;
    Ok(StatusCode::NO_CONTENT)
}

/// A fingerprint from the path; a text that is no fingerprint belongs to no record.
fn known(text: &str, caller: &Caller) -> Result<Fingerprint, Problem> {
    let (shown, parsed) = listing::fingerprint(text)?;
    parsed.ok_or_else(|| Refusal::no_certificate(&shown, caller.tenant()).into())
}

fn owner(belongs_to: &BelongsTo) -> Result<Owner<'_>, Problem> {
    match belongs_to {
        BelongsTo::Nobody => Ok(Owner::Nobody),
        BelongsTo::Null => Ok(Owner::Null),
        BelongsTo::Device(id) => Ok(Owner::Registered(id)),
        BelongsTo::Application => Err(Problem::x509(
            StatusCode::FORBIDDEN,
            "Operations on certificates for applications are not authorized through this endpoint.",
        )),
    }
}
