//! The repository in one SQLite file, write-ahead logged, one writer and several readers.
//!
//! No type of the database library is visible outside this folder.

mod certificates;
mod devices;
mod fault;
mod genesis;
mod lists;
mod provisioning;
mod readers;
mod revocations;
mod rows;
mod schema;
mod trusted;
mod users;
mod writer;

use std::path::Path;

use readers::Readers;
use rusqlite::Connection;
use writer::Writer;
use x509_cert::ext::pkix::CrlReason;

use super::{
    copy::{Cell, Table},
    partition::{self, Part, Partitions},
    provisioning::records::ProvisioningRecords,
    repository::{
        CertificateQuery, Device, DeviceQuery, Genesis, ListHead, Removal, Reply, Repository, Revocation,
        Status, StoreError, StoredCertificate, StoredCrl, TrustedCa, User,
    },
};
use crate::pki::{fingerprint::Fingerprint, time::Time};

/// The file in the authority's directory.
const FILE: &str = "authority.db";

pub(super) fn exists(dir: &Path) -> bool {
    dir.join(FILE).is_file()
}

/// The version this program was built with.
pub(super) fn software() -> (&'static str, &'static str) {
    ("SQLite", rusqlite::version())
}

/// One open database file.
#[derive(Debug)]
pub(super) struct Sqlite {
    readers: Readers,
    // Dropped last: the writer waits for queued jobs, and folds the log into the database.
    writer: Writer,
}

impl Sqlite {
    /// Opens the file in `dir`, creating it with mode 0600 and bringing its schema up to date.
    pub(super) fn open(dir: &Path) -> Result<Self, StoreError> {
        let path = dir.join(FILE);
        let connection = schema::open(&path)?;
        Ok(Self { writer: Writer::start(connection, &path)?, readers: Readers::new(&path) })
    }

    fn write<T: Send + 'static>(
        &self,
        change: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Reply<'_, T> {
        Box::pin(self.writer.submit(change))
    }

    fn read<T: Send + 'static>(
        &self,
        query: impl FnOnce(&Connection) -> rusqlite::Result<T> + Send + 'static,
    ) -> Reply<'_, T> {
        Box::pin(self.readers.read(query))
    }
}

impl Repository for Sqlite {
    fn genesis(&self) -> Reply<'_, Option<Genesis>> {
        self.read(genesis::read)
    }

    fn answers(&self) -> Reply<'_, ()> {
        Box::pin(async { self.readers.peek(revocations::last).map(|_| ()) })
    }

    fn save_genesis(&self, genesis: Genesis) -> Reply<'_, bool> {
        self.write(move |db| genesis::write(db, &genesis))
    }

    fn secret_is_there<'a>(&'a self, name: &'a str) -> Reply<'a, bool> {
        Box::pin(async move { self.readers.peek(|db| genesis::has(db, name)) })
    }

    fn rows(&self, table: &'static Table, after: Option<Vec<Cell>>, limit: u32) -> Reply<'_, Vec<Vec<Cell>>> {
        self.read(move |db| rows::read(db, table, after.as_deref(), limit))
    }

    fn put_rows(&self, table: &'static Table, new: Vec<Vec<Cell>>) -> Reply<'_, ()> {
        self.write(move |db| rows::write(db, table, &new))
    }

    fn end_copy(&self) -> Reply<'_, ()> {
        self.write(rows::end)
    }

    fn add_certificate(&self, certificate: StoredCertificate, register: bool) -> Reply<'_, bool> {
        self.write(move |db| certificates::add(db, &certificate, register))
    }

    fn certificate<'a>(
        &'a self,
        tenant: &'a str,
        fingerprint: &'a Fingerprint,
    ) -> Reply<'a, Option<StoredCertificate>> {
        Box::pin(async move { self.readers.peek(|db| certificates::get(db, tenant, fingerprint)) })
    }

    fn certificates(&self, tenant: &str, query: CertificateQuery) -> Reply<'_, (Vec<StoredCertificate>, u64)> {
        let tenant = tenant.to_owned();
        self.read(move |db| certificates::list(db, &tenant, &query))
    }

    fn set_device(
        &self,
        tenant: &str,
        fingerprint: &Fingerprint,
        device: Option<String>,
        at: Time,
    ) -> Reply<'_, bool> {
        let (tenant, fingerprint) = (tenant.to_owned(), *fingerprint);
        self.write(move |db| certificates::set_device(db, &tenant, &fingerprint, device.as_deref(), at))
    }

    fn remove_certificate(
        &self,
        tenant: &str,
        fingerprint: &Fingerprint,
        at: Time,
        reason: CrlReason,
    ) -> Reply<'_, bool> {
        let (tenant, fingerprint) = (tenant.to_owned(), *fingerprint);
        self.write(move |db| certificates::remove(db, &tenant, &fingerprint, at, reason))
    }

    fn statuses(&self, serials: Vec<Option<Vec<u8>>>) -> Reply<'_, Vec<Status>> {
        self.read(move |db| {
            serials
                .iter()
                .map(|serial| serial.as_ref().map_or(Ok(Status::Unknown), |one| revocations::status(db, one)))
                .collect()
        })
    }

    fn partitions(&self) -> Reply<'_, Partitions> {
        Box::pin(async { partition::read(self.readers.peek(genesis::partitions)?.as_deref()) })
    }

    fn set_partitions(&self, partitions: Partitions) -> Reply<'_, Partitions> {
        Box::pin(async move {
            self.write(move |db| genesis::set_partitions(db, partitions)).await?;
            self.partitions().await
        })
    }

    fn add_list_url(&self, url: &str) -> Reply<'_, ()> {
        let url = url.to_owned();
        self.write(move |db| lists::add_url(db, &url))
    }

    fn list_urls(&self) -> Reply<'_, Vec<String>> {
        self.read(lists::urls)
    }

    fn list_head(&self, part: Part) -> Reply<'_, ListHead> {
        Box::pin(async move { self.readers.peek(|db| lists::head(db, part)) })
    }

    fn revocations(&self, part: Part, since: Time) -> Reply<'_, (Vec<Revocation>, i64)> {
        self.read(move |db| lists::revocations(db, part, since))
    }

    fn crl(&self, part: Part) -> Reply<'_, Option<StoredCrl>> {
        self.read(move |db| lists::get(db, part))
    }

    fn save_crl(&self, part: Part, crl: StoredCrl) -> Reply<'_, bool> {
        self.write(move |db| lists::save(db, part, &crl))
    }

    fn add_devices(&self, tenant: &str, new: Vec<Device>) -> Reply<'_, usize> {
        let tenant = tenant.to_owned();
        self.write(move |db| new.iter().try_fold(0, |sum, one| Ok(sum + devices::add(db, &tenant, one)?)))
    }

    fn remove_devices(&self, tenant: &str, id: Option<&str>) -> Reply<'_, Vec<Device>> {
        let (tenant, id) = (tenant.to_owned(), id.map(str::to_owned));
        self.write(move |db| devices::remove(db, &tenant, id.as_deref()))
    }

    fn device<'a>(&'a self, tenant: &'a str, id: &'a str) -> Reply<'a, Option<Device>> {
        Box::pin(async move { self.readers.peek(|db| devices::get(db, tenant, id)) })
    }

    fn devices(&self, tenant: &str, query: DeviceQuery) -> Reply<'_, (Vec<Device>, u64)> {
        let tenant = tenant.to_owned();
        self.read(move |db| devices::list(db, &tenant, &query))
    }

    fn add_user(&self, user: User) -> Reply<'_, bool> {
        self.write(move |db| users::add(db, &user))
    }

    fn user(&self, name: &str) -> Reply<'_, Option<User>> {
        let name = name.to_owned();
        self.read(move |db| users::get(db, &name))
    }

    fn set_secret(&self, name: &str, secret_hash: String) -> Reply<'_, bool> {
        let name = name.to_owned();
        self.write(move |db| users::set_secret(db, &name, &secret_hash))
    }

    fn add_trusted_ca(&self, ca: TrustedCa) -> Reply<'_, bool> {
        self.write(move |db| trusted::add(db, &ca))
    }

    fn trusted_ca(&self, tenant: &str, fingerprint: &Fingerprint) -> Reply<'_, Option<TrustedCa>> {
        let (tenant, fingerprint) = (tenant.to_owned(), *fingerprint);
        self.read(move |db| trusted::get(db, &tenant, &fingerprint))
    }

    fn trusted_cas(&self, tenant: &str) -> Reply<'_, Vec<TrustedCa>> {
        let tenant = tenant.to_owned();
        self.read(move |db| trusted::list(db, &tenant))
    }

    fn allow_auto_registration(
        &self,
        tenant: &str,
        fingerprint: &Fingerprint,
        allow: bool,
        at: Time,
    ) -> Reply<'_, bool> {
        let (tenant, fingerprint) = (tenant.to_owned(), *fingerprint);
        self.write(move |db| trusted::allow(db, &tenant, &fingerprint, allow, at))
    }

    fn remove_trusted_ca(&self, tenant: &str, fingerprint: &Fingerprint) -> Reply<'_, Removal> {
        let (tenant, fingerprint) = (tenant.to_owned(), *fingerprint);
        self.write(move |db| trusted::remove(db, &tenant, &fingerprint))
    }

    fn provisioning(&self) -> Option<&dyn ProvisioningRecords> {
        Some(self)
    }
}
