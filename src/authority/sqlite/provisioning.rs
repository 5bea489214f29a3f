//! Secrets and requests of devices that provision themselves. Their tables are made when they are first wanted.

use rusqlite::{Connection, OptionalExtension, Result, Row};

use super::{Sqlite, certificates};
use crate::{
    authority::{
        provisioning::records::{Granted, Ground, ProvisioningRecords, StoredRequest, StoredSecret, Used},
        repository::{Reply, StoredCertificate},
    },
    pki::{fingerprint::Fingerprint, time::Time},
};

const TABLES: &str = "
CREATE TABLE IF NOT EXISTS provisioning_secrets (
    device TEXT PRIMARY KEY,
    sealed BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    valid_until INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    locked_until INTEGER,
    used_key BLOB,
    used_certificate BLOB
) STRICT, WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS provisioning_requests (
    device TEXT NOT NULL,
    key BLOB NOT NULL,
    ip TEXT NOT NULL,
    mac TEXT NOT NULL,
    address TEXT NOT NULL,
    first_seen INTEGER NOT NULL,
    last_seen INTEGER NOT NULL,
    approved_at INTEGER,
    certificate BLOB,
    PRIMARY KEY (device, key)
) STRICT, WITHOUT ROWID;
CREATE INDEX IF NOT EXISTS provisioning_requests_seen ON provisioning_requests (last_seen)
    WHERE approved_at IS NULL;
";

const SECRET: &str =
    "device, sealed, created_at, valid_until, failures, locked_until, used_key, used_certificate";
const REQUEST: &str = "device, key, ip, mac, address, first_seen, last_seen, approved_at, certificate";

impl ProvisioningRecords for Sqlite {
    fn prepare(&self) -> Reply<'_, ()> {
        self.write(|db| db.execute_batch(TABLES))
    }

    fn put_secret(&self, secret: StoredSecret) -> Reply<'_, ()> {
        self.write(move |db| put_secret(db, &secret))
    }

    fn secret(&self, device: &str) -> Reply<'_, Option<StoredSecret>> {
        let device = device.to_owned();
        self.read(move |db| secret(db, &device))
    }

    fn secrets(&self) -> Reply<'_, Vec<StoredSecret>> {
        self.read(|db| {
            let sql = format!("SELECT {SECRET} FROM provisioning_secrets ORDER BY device");
            db.prepare_cached(&sql)?.query_map([], secret_of)?.collect()
        })
    }

    fn remove_secret(&self, device: &str) -> Reply<'_, bool> {
        let device = device.to_owned();
        self.write(move |db| {
            let sql = "DELETE FROM provisioning_secrets WHERE device = ?1";
            Ok(db.prepare_cached(sql)?.execute([&device])? == 1)
        })
    }

    fn set_failures(&self, device: &str, failures: u32, locked_until: Option<Time>) -> Reply<'_, ()> {
        let device = device.to_owned();
        self.write(move |db| {
            let sql = "UPDATE provisioning_secrets SET failures = ?2, locked_until = ?3 WHERE device = ?1";
            db.prepare_cached(sql)?.execute((&device, failures, locked_until.map(Time::unix)))?;
            Ok(())
        })
    }

    fn note_request(&self, request: StoredRequest, most: u32) -> Reply<'_, ()> {
        self.write(move |db| note_request(db, &request, most))
    }

    fn request<'a>(&'a self, device: &'a str, key: &'a Fingerprint) -> Reply<'a, Option<StoredRequest>> {
        let (device, key) = (device.to_owned(), *key);
        self.read(move |db| request(db, &device, &key))
    }

    fn requests(&self) -> Reply<'_, Vec<StoredRequest>> {
        self.read(|db| {
            let sql = format!("SELECT {REQUEST} FROM provisioning_requests ORDER BY device, first_seen");
            db.prepare_cached(&sql)?.query_map([], request_of)?.collect()
        })
    }

    fn approve(&self, device: &str, key: &Fingerprint, at: Time) -> Reply<'_, ()> {
        let (device, key) = (device.to_owned(), *key);
        self.write(move |db| {
            db.prepare_cached(
                "INSERT INTO provisioning_requests (device, key, ip, mac, address, first_seen, last_seen, approved_at)
                 VALUES (?1, ?2, '', '', '', ?3, ?3, ?3)
                 ON CONFLICT (device, key) DO UPDATE SET approved_at = coalesce(approved_at, ?3)",
            )?
            .execute((&device, key.as_bytes(), at.unix()))?;
            Ok(())
        })
    }

    fn grant(&self, certificate: StoredCertificate, key: Fingerprint, ground: Ground) -> Reply<'_, Granted> {
        self.write(move |db| grant(db, &certificate, &key, ground))
    }
}

fn put_secret(db: &Connection, secret: &StoredSecret) -> Result<()> {
    db.prepare_cached(
        "INSERT OR REPLACE INTO provisioning_secrets (device, sealed, created_at, valid_until, failures)
         VALUES (?1, ?2, ?3, ?4, 0)",
    )?
    .execute((&secret.device, &secret.sealed, secret.created_at.unix(), secret.valid_until.unix()))?;
    Ok(())
}

fn secret(db: &Connection, device: &str) -> Result<Option<StoredSecret>> {
    let sql = format!("SELECT {SECRET} FROM provisioning_secrets WHERE device = ?1");
    db.prepare_cached(&sql)?.query_row([device], secret_of).optional()
}

fn secret_of(row: &Row<'_>) -> Result<StoredSecret> {
    let (key, certificate): (Option<[u8; 32]>, Option<[u8; 32]>) = (row.get(6)?, row.get(7)?);
    let used = key.zip(certificate).map(|(key, certificate)| Used {
        key: Fingerprint::from_bytes(key),
        certificate: Fingerprint::from_bytes(certificate),
    });
    Ok(StoredSecret {
        device: row.get(0)?,
        sealed: row.get(1)?,
        created_at: Time::from_unix(row.get(2)?),
        valid_until: Time::from_unix(row.get(3)?),
        failures: row.get(4)?,
        locked_until: row.get::<_, Option<i64>>(5)?.map(Time::from_unix),
        used,
    })
}

fn note_request(db: &Connection, request: &StoredRequest, most: u32) -> Result<()> {
    db.prepare_cached(
        "INSERT INTO provisioning_requests (device, key, ip, mac, address, first_seen, last_seen)
         VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)
         ON CONFLICT (device, key) DO UPDATE SET ip = ?3, mac = ?4, address = ?5, last_seen = ?7",
    )?
    .execute((
        &request.device,
        request.key.as_bytes(),
        &request.ip,
        &request.mac,
        &request.address,
        request.first_seen.unix(),
        request.last_seen.unix(),
    ))?;
    db.prepare_cached(
        "DELETE FROM provisioning_requests WHERE approved_at IS NULL AND (device, key) IN (
             SELECT device, key FROM provisioning_requests WHERE approved_at IS NULL
             ORDER BY last_seen DESC LIMIT -1 OFFSET ?1)",
    )?
    .execute([most])?;
    Ok(())
}

fn request(db: &Connection, device: &str, key: &Fingerprint) -> Result<Option<StoredRequest>> {
    let sql = format!("SELECT {REQUEST} FROM provisioning_requests WHERE device = ?1 AND key = ?2");
    db.prepare_cached(&sql)?.query_row((device, key.as_bytes()), request_of).optional()
}

fn request_of(row: &Row<'_>) -> Result<StoredRequest> {
    Ok(StoredRequest {
        device: row.get(0)?,
        key: Fingerprint::from_bytes(row.get(1)?),
        ip: row.get(2)?,
        mac: row.get(3)?,
        address: row.get(4)?,
        first_seen: Time::from_unix(row.get(5)?),
        last_seen: Time::from_unix(row.get(6)?),
        approved_at: row.get::<_, Option<i64>>(7)?.map(Time::from_unix),
        certificate: row.get::<_, Option<[u8; 32]>>(8)?.map(Fingerprint::from_bytes),
    })
}

fn grant(
    db: &Connection,
    certificate: &StoredCertificate,
    key: &Fingerprint,
    ground: Ground,
) -> Result<Granted> {
    let device = certificate.device.as_deref().unwrap_or_default();
    let used = match ground {
        Ground::Credential => None,
        Ground::Secret => match secret(db, device)? {
            None => return Ok(Granted::Gone),
            Some(secret) => secret.used,
        },
        Ground::Approval => match request(db, device, key)? {
            Some(request) if request.approved_at.is_some() => {
                request.certificate.map(|certificate| Used { key: *key, certificate })
            }
            _ => return Ok(Granted::Gone),
        },
    };
    match used {
        Some(used) if used.key == *key => return Ok(Granted::Earlier(used.certificate)),
        Some(_) => return Ok(Granted::Gone),
        None => {}
    }
    if !certificates::add(db, certificate, true)? {
        return Ok(Granted::Gone);
    }
    let fingerprint = certificate.fingerprint.as_bytes();
    match ground {
        Ground::Credential => {}
        Ground::Secret => {
            db.prepare_cached(
                "UPDATE provisioning_secrets SET used_key = ?2, used_certificate = ?3, failures = 0, locked_until = NULL
                 WHERE device = ?1",
            )?
            .execute((device, key.as_bytes(), fingerprint))?;
            // The device has its certificate, so its requests need no operator any more.
            db.prepare_cached("DELETE FROM provisioning_requests WHERE device = ?1 AND approved_at IS NULL")?
                .execute([device])?;
        }
        Ground::Approval => {
            db.prepare_cached(
                "UPDATE provisioning_requests SET certificate = ?3 WHERE device = ?1 AND key = ?2",
            )?
            .execute((device, key.as_bytes(), fingerprint))?;
        }
    }
    Ok(Granted::New)
}
