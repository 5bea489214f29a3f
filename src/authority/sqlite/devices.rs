//! The device registry.

use rusqlite::{Connection, OptionalExtension, Result, Row};

use crate::{
    authority::repository::{Device, DeviceQuery},
    pki::time::Time,
};

pub(super) fn add(db: &Connection, tenant: &str, device: &Device) -> Result<usize> {
    db.prepare_cached(
        "INSERT INTO devices (tenant, id, label, created) VALUES (?1, ?2, ?3, ?4)
         ON CONFLICT DO NOTHING",
    )?
    .execute((tenant, &device.id, &device.label, device.created.unix()))
}

pub(super) fn remove(db: &Connection, tenant: &str, id: Option<&str>) -> Result<Vec<Device>> {
    db.prepare_cached(
        "DELETE FROM devices WHERE tenant = ?1 AND (?2 IS NULL OR id = ?2) RETURNING id, label, created",
    )?
    .query_map((tenant, id), device)?
    .collect()
}

pub(super) fn get(db: &Connection, tenant: &str, id: &str) -> Result<Option<Device>> {
    db.prepare_cached("SELECT id, label, created FROM devices WHERE tenant = ?1 AND id = ?2")?
        .query_row((tenant, id), device)
        .optional()
}

pub(super) fn list(db: &Connection, tenant: &str, query: &DeviceQuery) -> Result<(Vec<Device>, u64)> {
    let label = query.label.as_deref();
    let total: i64 = db
        .prepare_cached(
            "SELECT count(*) FROM devices WHERE tenant = ?1 AND (?2 IS NULL OR instr(label, ?2) > 0)",
        )?
        .query_row((tenant, label), |row| row.get(0))?;
    let limit = query.limit.and_then(|limit| i64::try_from(limit).ok()).unwrap_or(-1);
    let offset = i64::try_from(query.offset).unwrap_or(i64::MAX);
    let mut select = db.prepare_cached(
        "SELECT id, label, created FROM devices
         WHERE tenant = ?1 AND (?2 IS NULL OR instr(label, ?2) > 0) ORDER BY id LIMIT ?3 OFFSET ?4",
    )?;
    let devices = select.query_map((tenant, label, limit, offset), device)?.collect::<Result<_>>()?;
    Ok((devices, u64::try_from(total).unwrap_or(0)))
}

fn device(row: &Row<'_>) -> Result<Device> {
    Ok(Device { id: row.get(0)?, label: row.get(1)?, created: Time::from_unix(row.get(2)?) })
}
