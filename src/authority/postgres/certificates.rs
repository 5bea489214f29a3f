//! Certificate records.

use tokio_postgres::{
    Client, Row, Transaction,
    types::{ToSql, Type},
};

use super::fault::Fault;
use crate::{
    authority::repository::{CertificateQuery, Field, FieldValue, StoredCertificate, Test},
    pki::{fingerprint::Fingerprint, time::Time},
};

const COLUMNS: &str = "tenant, fingerprint, serial, der, subject_dn, not_before, not_after, created_at, \
                       modified_at, issued_here, auto_registered, device, ca_fingerprint";

pub(super) async fn get(
    client: &Client,
    tenant: &str,
    fingerprint: &Fingerprint,
) -> Result<Option<StoredCertificate>, Fault> {
    let sql = format!("SELECT {COLUMNS} FROM certificates WHERE fingerprint = $1 AND tenant = $2");
    let fingerprint = fingerprint.as_bytes().as_slice();
    let found = client.query_typed_opt(&sql, &[(&fingerprint, Type::BYTEA), (&tenant, Type::TEXT)]).await?;
    found.as_ref().map(record).transpose()
}

pub(super) async fn list(
    client: &Client,
    tenant: &str,
    query: &CertificateQuery,
) -> Result<(Vec<StoredCertificate>, u64), Fault> {
    let (condition, mut values) = condition(tenant, &query.tests);
    let count = format!("SELECT count(*) FROM certificates WHERE {condition}");
    let total: i64 = client.query_typed_one(&count, &typed(&values)).await?.try_get(0)?;
    let limit = query.limit.map(|limit| i64::try_from(limit).unwrap_or(i64::MAX));
    values.push(Value::Number(limit));
    values.push(Value::Number(Some(i64::try_from(query.offset).unwrap_or(i64::MAX))));
    let (limit, offset) = (values.len() - 1, values.len());
    // The slice is found in an index alone; only then rows, certificates and all, are read.
    let sql = format!(
        "SELECT {COLUMNS} FROM certificates WHERE id IN (
             SELECT id FROM certificates WHERE {condition} ORDER BY id LIMIT ${limit} OFFSET ${offset}) ORDER BY id"
    );
    let rows = client.query_typed(&sql, &typed(&values)).await?;
    Ok((rows.iter().map(record).collect::<Result<_, _>>()?, u64::try_from(total).unwrap_or(0)))
}

pub(super) async fn set_device(
    transaction: &Transaction<'_>,
    tenant: &str,
    fingerprint: &Fingerprint,
    device: Option<&str>,
    at: Time,
) -> Result<bool, Fault> {
    let changed = transaction
        .execute_typed(
            "UPDATE certificates SET device = $3, modified_at = $4 WHERE fingerprint = $1 AND tenant = $2",
            &[
                (&fingerprint.as_bytes().as_slice(), Type::BYTEA),
                (&tenant, Type::TEXT),
                (&device, Type::TEXT),
                (&at.unix(), Type::INT8),
            ],
        )
        .await?;
    Ok(changed == 1)
}

/// A value of a condition.
enum Value {
    Text(String),
    Bytes(Vec<u8>),
    Flag(bool),
    Number(Option<i64>),
}

fn typed(values: &[Value]) -> Vec<(&(dyn ToSql + Sync), Type)> {
    values
        .iter()
        .map(|value| match value {
            Value::Text(text) => (text as &(dyn ToSql + Sync), Type::TEXT),
            Value::Bytes(bytes) => (bytes as &(dyn ToSql + Sync), Type::BYTEA),
            Value::Flag(flag) => (flag as &(dyn ToSql + Sync), Type::BOOL),
            Value::Number(number) => (number as &(dyn ToSql + Sync), Type::INT8),
        })
        .collect()
}

fn condition(tenant: &str, tests: &[(Field, Test)]) -> (String, Vec<Value>) {
    let mut sql = String::from("tenant = $1");
    let mut values = vec![Value::Text(tenant.to_owned())];
    for (field, test) in tests {
        let column = column(*field);
        let (comparison, value) = match test {
            Test::Missing => {
                sql += " AND ";
                sql += column;
                sql += " IS NULL";
                continue;
            }
            Test::Is(value) => ("=", value),
            Test::IsNot(value) => ("IS DISTINCT FROM", value),
        };
        values.push(of_field(value));
        sql += &[" AND ", column, " ", comparison, " $", &values.len().to_string()].concat();
    }
    (sql, values)
}

fn column(field: Field) -> &'static str {
    match field {
        Field::Fingerprint => "fingerprint",
        Field::CaFingerprint => "ca_fingerprint",
        Field::SubjectDn => "subject_dn",
        Field::IssuedHere => "issued_here",
        Field::AutoRegistered => "auto_registered",
        Field::Device => "device",
        Field::Application => "application",
        Field::NotBefore => "not_before",
        Field::NotAfter => "not_after",
        Field::CreatedAt => "created_at",
        Field::ModifiedAt => "modified_at",
    }
}

fn of_field(value: &FieldValue) -> Value {
    match value {
        FieldValue::Text(text) => Value::Text(text.clone()),
        FieldValue::Bytes(bytes) => Value::Bytes(bytes.clone()),
        FieldValue::Flag(flag) => Value::Flag(*flag),
        FieldValue::Time(time) => Value::Number(Some(time.unix())),
    }
}

fn record(row: &Row) -> Result<StoredCertificate, Fault> {
    let time = |column: usize| row.try_get(column).map(Time::from_unix);
    let ca: Option<&[u8]> = row.try_get(12)?;
    Ok(StoredCertificate {
        tenant: row.try_get(0)?,
        fingerprint: fingerprint(row.try_get(1)?)?,
        serial: row.try_get(2)?,
        der: row.try_get(3)?,
        subject_dn: row.try_get(4)?,
        not_before: time(5)?,
        not_after: time(6)?,
        created_at: time(7)?,
        modified_at: time(8)?,
        issued_here: row.try_get(9)?,
        auto_registered: row.try_get(10)?,
        device: row.try_get(11)?,
        ca: ca.map(fingerprint).transpose()?,
    })
}

/// 32 octets of a column.
pub(super) fn fingerprint(bytes: &[u8]) -> Result<Fingerprint, Fault> {
    let bytes = <[u8; 32]>::try_from(bytes).map_err(|_| {
        Fault::Decided(crate::authority::repository::StoreError::Failed(
            "a fingerprint has another length".to_owned(),
        ))
    })?;
    Ok(Fingerprint::from_bytes(bytes))
}
