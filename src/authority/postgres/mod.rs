//! The repository in a Postgres database, which several instances may share.
//!
//! No type of the database library is visible outside this folder.

mod additions;
mod address;
mod attempts;
mod certificates;
mod devices;
mod fault;
mod lists;
mod lookups;
mod meta;
mod pool;
mod queue;
mod removals;
mod revocations;
mod rows;
mod schema;
mod tls;
mod trusted;
mod users;
mod writer;

use std::sync::Arc;

use additions::Addition;
pub use address::{Address, AddressError};
use lookups::Lookups;
use pool::Pool;
use writer::Writer;
use x509_cert::ext::pkix::CrlReason;
use zeroize::Zeroizing;

use super::{
    copy::{Cell, Table},
    partition::{self, Part, Partitions},
    repository::{
        CertificateQuery, Counting, Device, DeviceQuery, Genesis, ListHead, Removal, Reply, Repository,
        Revocation, Status, StoreError, StoredCertificate, StoredCrl, TrustedCa, User,
    },
};
use crate::pki::{fingerprint::Fingerprint, time::Time};

/// Connections to one database.
#[derive(Debug)]
pub(super) struct Postgres {
    pool: Arc<Pool>,
    additions: Writer<Addition>,
    removals: Writer<removals::Removal>,
    lookups: Lookups,
}

impl Postgres {
    /// Connects, and brings the tables up to date.
    pub(super) async fn open(address: &Address) -> Result<Self, StoreError> {
        let pool = Arc::new(Pool::new(address)?);
        schema::open(&pool).await?;
        Ok(Self {
            additions: Writer::start(Arc::clone(&pool)),
            removals: Writer::start(Arc::clone(&pool)),
            lookups: Lookups::start(Arc::clone(&pool)),
            pool,
        })
    }
}

/// A question, with the values it needs cloned for each attempt.
macro_rules! ask {
    ($self:ident, |$client:ident $(, $owned:ident)*| $question:expr) => {
        $self.pool.run(move |$client, _| {
            $(let $owned = $owned.clone();)*
            Box::pin(async move { $question.await })
        })
    };
}

/// A change in a transaction of its own, with the values it needs cloned for each attempt.
macro_rules! change {
    ($self:ident, |$transaction:ident $(, $owned:ident)*| $change:expr) => {
        $self.pool.change(move |$transaction, _| {
            $(let $owned = $owned.clone();)*
            Box::pin(async move { $change.await })
        })
    };
}

impl Repository for Postgres {
    fn is_shared(&self) -> bool {
        true
    }

    fn answers(&self) -> Reply<'_, ()> {
        Box::pin(self.pool.answers())
    }

    fn genesis(&self) -> Reply<'_, Option<Genesis>> {
        ask!(self, |client| meta::genesis(client))
    }

    fn save_genesis(&self, genesis: Genesis) -> Reply<'_, bool> {
        let genesis = Arc::new(genesis);
        change!(self, |transaction, genesis| meta::found(transaction, &genesis))
    }

    fn secret<'a>(&'a self, name: &'a str) -> Reply<'a, Option<Zeroizing<Vec<u8>>>> {
        let name = name.to_owned();
        Box::pin(async move {
            let found = ask!(self, |client, name| meta::get(client, &name)).await?;
            Ok(found.map(Zeroizing::new))
        })
    }

    fn keep_secret<'a>(&'a self, name: &'a str, secret: Zeroizing<Vec<u8>>) -> Reply<'a, Zeroizing<Vec<u8>>> {
        let name = name.to_owned();
        Box::pin(async move {
            let kept =
                change!(self, |transaction, name, secret| meta::keep(transaction, &name, &secret)).await?;
            Ok(Zeroizing::new(kept))
        })
    }

    fn secret_is_there<'a>(&'a self, name: &'a str) -> Reply<'a, bool> {
        Box::pin(async move { Ok(self.secret(name).await?.is_some()) })
    }

    fn rows(&self, table: &'static Table, after: Option<Vec<Cell>>, limit: u32) -> Reply<'_, Vec<Vec<Cell>>> {
        ask!(self, |client, after| rows::read(client, table, after.as_deref(), limit))
    }

    fn put_rows(&self, table: &'static Table, new: Vec<Vec<Cell>>) -> Reply<'_, ()> {
        let new = Arc::new(new);
        change!(self, |transaction, new| rows::write(transaction, table, &new))
    }

    fn end_copy(&self) -> Reply<'_, ()> {
        change!(self, |transaction| rows::end(transaction))
    }

    fn count_attempts(&self, keys: Vec<[u8; 32]>, change: Counting) -> Reply<'_, ()> {
        change!(self, |transaction, keys, change| attempts::count(transaction, &keys, &change))
    }

    fn add_certificate(&self, certificate: StoredCertificate, register: bool) -> Reply<'_, bool> {
        self.additions.submit(Addition { certificate: Arc::new(certificate), register })
    }

    fn certificate<'a>(
        &'a self,
        tenant: &'a str,
        fingerprint: &'a Fingerprint,
    ) -> Reply<'a, Option<StoredCertificate>> {
        let (tenant, fingerprint) = (tenant.to_owned(), *fingerprint);
        ask!(self, |client, tenant| certificates::get(client, &tenant, &fingerprint))
    }

    fn certificates(&self, tenant: &str, query: CertificateQuery) -> Reply<'_, (Vec<StoredCertificate>, u64)> {
        let tenant = tenant.to_owned();
        ask!(self, |client, tenant, query| certificates::list(client, &tenant, &query))
    }

    fn set_device(
        &self,
        tenant: &str,
        fingerprint: &Fingerprint,
        device: Option<String>,
        at: Time,
    ) -> Reply<'_, bool> {
        let (tenant, fingerprint) = (tenant.to_owned(), *fingerprint);
        change!(self, |transaction, tenant, device| certificates::set_device(
            transaction,
            &tenant,
            &fingerprint,
            device.as_deref(),
            at
        ))
    }

    fn remove_certificate(
        &self,
        tenant: &str,
        fingerprint: &Fingerprint,
        at: Time,
        reason: CrlReason,
    ) -> Reply<'_, bool> {
        let (tenant, fingerprint) = (tenant.to_owned(), *fingerprint);
        self.removals.submit(removals::Removal { tenant, fingerprint, at, reason })
    }

    fn statuses(&self, serials: Vec<Option<Vec<u8>>>) -> Reply<'_, Vec<Status>> {
        ask!(self, |client, serials| revocations::statuses(client, &serials))
    }

    fn partitions(&self) -> Reply<'_, Partitions> {
        Box::pin(async move {
            let written = ask!(self, |client| meta::get(client, partition::NAME)).await?;
            partition::read(written.as_deref())
        })
    }

    fn set_partitions(&self, partitions: Partitions) -> Reply<'_, Partitions> {
        Box::pin(async move {
            let number = partitions.count().to_string();
            let kept = change!(self, |transaction, number| meta::keep(
                transaction,
                partition::NAME,
                number.as_bytes()
            ));
            partition::read(Some(&kept.await?))
        })
    }

    fn add_list_url(&self, url: &str) -> Reply<'_, ()> {
        let url = url.to_owned();
        change!(self, |transaction, url| lists::add_url(transaction, &url))
    }

    fn list_urls(&self) -> Reply<'_, Vec<String>> {
        ask!(self, |client| lists::urls(client))
    }

    fn list_head(&self, part: Part) -> Reply<'_, ListHead> {
        ask!(self, |client| lists::head(client, part))
    }

    fn revocations(&self, part: Part, since: Time) -> Reply<'_, (Vec<Revocation>, i64)> {
        ask!(self, |client| lists::revocations(client, part, since))
    }

    fn crl(&self, part: Part) -> Reply<'_, Option<StoredCrl>> {
        ask!(self, |client| lists::get(client, part))
    }

    fn save_crl(&self, part: Part, crl: StoredCrl) -> Reply<'_, bool> {
        change!(self, |transaction, crl| lists::save(transaction, part, &crl))
    }

    fn add_devices(&self, tenant: &str, new: Vec<Device>) -> Reply<'_, usize> {
        let (tenant, new) = (tenant.to_owned(), Arc::new(new));
        change!(self, |transaction, tenant, new| devices::add(transaction, &tenant, &new))
    }

    fn remove_devices(&self, tenant: &str, id: Option<&str>) -> Reply<'_, Vec<Device>> {
        let (tenant, id) = (tenant.to_owned(), id.map(str::to_owned));
        change!(self, |transaction, tenant, id| devices::remove(transaction, &tenant, id.as_deref()))
    }

    fn device<'a>(&'a self, tenant: &'a str, id: &'a str) -> Reply<'a, Option<Device>> {
        self.lookups.device(tenant, id)
    }

    fn devices(&self, tenant: &str, query: DeviceQuery) -> Reply<'_, (Vec<Device>, u64)> {
        let tenant = tenant.to_owned();
        ask!(self, |client, tenant, query| devices::list(client, &tenant, &query))
    }

    fn add_user(&self, user: User) -> Reply<'_, bool> {
        change!(self, |transaction, user| users::add(transaction, &user))
    }

    fn user(&self, name: &str) -> Reply<'_, Option<User>> {
        let name = name.to_owned();
        ask!(self, |client, name| users::get(client, &name))
    }

    fn set_secret(&self, name: &str, secret_hash: String) -> Reply<'_, bool> {
        let name = name.to_owned();
        change!(self, |transaction, name, secret_hash| users::set_secret(transaction, &name, &secret_hash))
    }

    fn add_trusted_ca(&self, ca: TrustedCa) -> Reply<'_, bool> {
        change!(self, |transaction, ca| trusted::add(transaction, &ca))
    }

    fn trusted_ca(&self, tenant: &str, fingerprint: &Fingerprint) -> Reply<'_, Option<TrustedCa>> {
        let (tenant, fingerprint) = (tenant.to_owned(), *fingerprint);
        ask!(self, |client, tenant| trusted::get(client, &tenant, &fingerprint))
    }

    fn trusted_cas(&self, tenant: &str) -> Reply<'_, Vec<TrustedCa>> {
        let tenant = tenant.to_owned();
        ask!(self, |client, tenant| trusted::list(client, &tenant))
    }

    fn allow_auto_registration(
        &self,
        tenant: &str,
        fingerprint: &Fingerprint,
        allow: bool,
        at: Time,
    ) -> Reply<'_, bool> {
        let (tenant, fingerprint) = (tenant.to_owned(), *fingerprint);
        change!(self, |transaction, tenant| trusted::allow(transaction, &tenant, &fingerprint, allow, at))
    }

    fn remove_trusted_ca(&self, tenant: &str, fingerprint: &Fingerprint) -> Reply<'_, Removal> {
        let (tenant, fingerprint) = (tenant.to_owned(), *fingerprint);
        change!(self, |transaction, tenant| trusted::remove(transaction, &tenant, &fingerprint))
    }
}
