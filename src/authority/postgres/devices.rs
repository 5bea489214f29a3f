//! The device registry.

use tokio_postgres::{Client, Row, Transaction, types::Type};

use super::fault::Fault;
use crate::{
    authority::repository::{Device, DeviceQuery},
    pki::time::Time,
};

/// Adds those that are not there; says how many were new.
pub(super) async fn add(
    transaction: &Transaction<'_>,
    tenant: &str,
    devices: &[Device],
) -> Result<usize, Fault> {
    let ids: Vec<&str> = devices.iter().map(|device| device.id.as_str()).collect();
    let labels: Vec<&str> = devices.iter().map(|device| device.label.as_str()).collect();
    let created: Vec<i64> = devices.iter().map(|device| device.created.unix()).collect();
    let sql = "
        INSERT INTO devices (tenant, id, label, created)
        SELECT $1, id, label, created FROM unnest($2::text[], $3::text[], $4::bigint[]) AS w (id, label, created)
        ORDER BY id COLLATE \"C\" ON CONFLICT DO NOTHING";
    let added = transaction
        .execute_typed(
            sql,
            &[
                (&tenant, Type::TEXT),
                (&ids, Type::TEXT_ARRAY),
                (&labels, Type::TEXT_ARRAY),
                (&created, Type::INT8_ARRAY),
            ],
        )
        .await?;
    Ok(usize::try_from(added).unwrap_or(usize::MAX))
}

pub(super) async fn remove(
    transaction: &Transaction<'_>,
    tenant: &str,
    id: Option<&str>,
) -> Result<Vec<Device>, Fault> {
    let sql =
        "DELETE FROM devices WHERE tenant = $1 AND ($2::text IS NULL OR id = $2) RETURNING id, label, created";
    let rows = transaction.query_typed(sql, &[(&tenant, Type::TEXT), (&id, Type::TEXT)]).await?;
    rows.iter().map(device).collect()
}

/// The device of each key, in one question.
pub(super) async fn get(client: &Client, keys: &[(String, String)]) -> Result<Vec<Option<Device>>, Fault> {
    let tenants: Vec<&str> = keys.iter().map(|(tenant, _)| tenant.as_str()).collect();
    let ids: Vec<&str> = keys.iter().map(|(_, id)| id.as_str()).collect();
    let sql = "
        SELECT d.id, d.label, d.created FROM unnest($1::text[], $2::text[]) WITH ORDINALITY AS w (tenant, id, place)
        LEFT JOIN devices d ON d.tenant = w.tenant AND d.id = w.id ORDER BY w.place";
    let rows = client.query_typed(sql, &[(&tenants, Type::TEXT_ARRAY), (&ids, Type::TEXT_ARRAY)]).await?;
    let found = |row: &Row| -> Result<Option<Device>, Fault> {
        let id: Option<&str> = row.try_get(0)?;
        id.map(|_| device(row)).transpose()
    };
    rows.iter().map(found).collect()
}

pub(super) async fn list(
    client: &Client,
    tenant: &str,
    query: &DeviceQuery,
) -> Result<(Vec<Device>, u64), Fault> {
    let label = query.label.as_deref();
    let matching = "tenant = $1 AND ($2::text IS NULL OR strpos(label, $2) > 0)";
    let count = format!("SELECT count(*) FROM devices WHERE {matching}");
    let total: i64 =
        client.query_typed_one(&count, &[(&tenant, Type::TEXT), (&label, Type::TEXT)]).await?.try_get(0)?;
    let limit = query.limit.map(|limit| i64::try_from(limit).unwrap_or(i64::MAX));
    let offset = i64::try_from(query.offset).unwrap_or(i64::MAX);
    let sql = format!("SELECT id, label, created FROM devices WHERE {matching} ORDER BY id LIMIT $3 OFFSET $4");
    let values: [(&(dyn tokio_postgres::types::ToSql + Sync), Type); 4] =
        [(&tenant, Type::TEXT), (&label, Type::TEXT), (&limit, Type::INT8), (&offset, Type::INT8)];
    let rows = client.query_typed(&sql, &values).await?;
    Ok((rows.iter().map(device).collect::<Result<_, _>>()?, u64::try_from(total).unwrap_or(0)))
}

fn device(row: &Row) -> Result<Device, Fault> {
    Ok(Device { id: row.try_get(0)?, label: row.try_get(1)?, created: Time::from_unix(row.try_get(2)?) })
}
