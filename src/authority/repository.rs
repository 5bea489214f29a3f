//! Where the authority keeps its records: the seam a second database would implement.
//!
//! Every change is durable when its future resolves; a crash before that leaves the records as they were.

use std::fmt::{self, Debug};

use futures_util::future::BoxFuture;
use x509_cert::ext::pkix::CrlReason;
use zeroize::Zeroizing;

use super::{
    copy::{Cell, Table},
    partition::{Part, Partitions},
    provisioning::records::ProvisioningRecords,
};
use crate::pki::{fingerprint::Fingerprint, time::Time};

/// The records could not be read or written.
#[derive(Clone, Debug, thiserror::Error)]
pub enum StoreError {
    #[error("{place} was written by a newer certreq (schema {found}, this one knows {known})")]
    Newer { place: String, found: i64, known: i64 },
    #[error("{place} is not a certreq database")]
    Foreign { place: String },
    #[error("there is no space left on the disk of {place}")]
    NoSpace { place: String },
    /// It may be there again in a moment; nothing was changed.
    #[error("{place} cannot be reached: {why}")]
    Unreachable { place: String, why: String },
    #[error("the database {place} {fault}")]
    Faulty { place: String, fault: Fault },
    /// It was lost while a change became durable, and did not come back in time to say whether it did.
    #[error("{place} was lost during a change: {why}")]
    Unsettled { place: String, why: String },
    /// A sentence for people.
    #[error("{0}")]
    Failed(String),
    #[error("{place} holds a copy that is not complete; run certreq authority copy again")]
    Unfinished { place: String },
    #[error("the database is closed")]
    Closed,
}

/// Failures of a database, in words: a library's own text goes to the log, at the level debug.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    #[error("is locked by another program: stop that program, then try again")]
    Locked,
    #[error("is damaged: restore it from a backup")]
    Damaged,
    #[error("cannot be changed: the file, its directory or its disk is read-only")]
    ReadOnly,
    #[error("cannot be opened: check its directory and its owner")]
    CannotOpen,
    #[error("cannot be read or written: the disk reports an error")]
    Disk,
    #[error("refuses the user or the password")]
    Login,
    #[error("has a certificate that is not trusted: check it, and sslrootcert")]
    Untrusted,
    #[error("does not let its user do this: give the user rights on its tables")]
    Forbidden,
    #[error("does not exist on its server: create it first")]
    Missing,
    #[error("lacks a table or a column: other programs must not change its tables")]
    Changed,
    #[error("reports an error that is not expected: CERTREQ_LOG=debug shows it")]
    Other,
}

/// The future that a repository's methods return.
pub type Reply<'a, T> = BoxFuture<'a, Result<T, StoreError>>;

/// A certificate the platform knows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCertificate {
    pub tenant: String,
    pub fingerprint: Fingerprint,
    /// Octets of the serial number's DER value.
    pub serial: Vec<u8>,
    pub der: Vec<u8>,
    pub subject_dn: String,
    pub not_before: Time,
    pub not_after: Time,
    pub created_at: Time,
    pub modified_at: Time,
    /// Issued by this authority, not registered from a foreign CA.
    pub issued_here: bool,
    pub auto_registered: bool,
    /// The owner; empty for an owner of `null`.
    pub device: Option<String>,
    /// The trusted CA a registered certificate leads to.
    pub ca: Option<Fingerprint>,
}

/// A certificate that is no longer good. Outlives its certificate's record.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Revocation {
    pub serial: Vec<u8>,
    pub at: Time,
    pub reason: CrlReason,
}

/// Status of a serial number.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Status {
    Good,
    Revoked {
        at: Time,
        reason: CrlReason,
    },
    /// Never issued here.
    Unknown,
}

/// The latest revocation list, of all revocations or of a part of them.
#[derive(Clone, Debug)]
pub struct StoredCrl {
    /// cRLNumber (RFC 5280 §5.2.3).
    pub number: u64,
    pub der: Vec<u8>,
    pub this_update: Time,
    pub next_update: Time,
    /// The last revocation in it: see [`ListHead::last_revocation`].
    pub covers: i64,
    /// How many URLs it says it is for.
    pub urls: i64,
}

/// The numbers that decide whether a stored list may be handed out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ListHead {
    /// The number of the latest list; 0 before the first.
    pub number: u64,
    /// The number of the latest revocation in this part; grows, 0 for none.
    pub last_revocation: i64,
    /// How many URLs the list has to name; 0 for the list of all.
    pub urls: i64,
}

/// Counts of attempts to log in, in 25 octets.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// The minute counted last, and how often.
    pub minute: (i64, u32),
    /// The hour, likewise.
    pub hour: (i64, u32),
    /// It logged in within that hour.
    pub welcome: bool,
}

impl Tally {
    /// As [`Self::written`] wrote it; anything else is a new one.
    #[must_use]
    pub fn read(bytes: &[u8]) -> Self {
        let Ok(bytes) = <&[u8; 25]>::try_from(bytes) else { return Self::default() };
        let number =
            |at: usize| bytes.iter().skip(at).take(8).fold(0, |sum, octet| sum << 8 | i64::from(*octet));
        let count =
            |at: usize| bytes.iter().skip(at).take(4).fold(0, |sum, octet| sum << 8 | u32::from(*octet));
        Self { minute: (number(0), count(8)), hour: (number(12), count(20)), welcome: bytes[24] == 1 }
    }

    /// For a database.
    #[must_use]
    pub fn written(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(25);
        for (window, used) in [self.minute, self.hour] {
            bytes.extend(window.to_be_bytes());
            bytes.extend(used.to_be_bytes());
        }
        bytes.push(u8::from(self.welcome));
        bytes
    }
}

/// Changes the tallies of several keys, in their order, and says at what time.
pub type Counting = std::sync::Arc<dyn Fn(&mut [Tally]) -> Time + Send + Sync>;

/// A device of the registry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Device {
    pub id: String,
    pub label: String,
    pub created: Time,
}

/// A slice of a device registry, ordered by id.
#[derive(Clone, Debug, Default)]
pub struct DeviceQuery {
    /// Only devices whose label contains this.
    pub label: Option<String>,
    /// At most so many; `None` for all.
    pub limit: Option<u64>,
    pub offset: u64,
}

/// A user who may log in.
#[derive(Clone, Debug)]
pub struct User {
    pub id: i64,
    /// Lower case, unique over all tenants.
    pub name: String,
    pub tenant: String,
    pub group: Group,
    /// Argon2id, PHC string.
    pub secret_hash: String,
}

/// Rights of a user.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Group {
    /// Everything.
    Admin,
    /// Devices and certificates, but not trusted CAs.
    User,
}

/// A foreign root certificate that a tenant trusts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TrustedCa {
    pub tenant: String,
    pub fingerprint: Fingerprint,
    pub der: Vec<u8>,
    pub subject_dn: String,
    pub not_before: Time,
    pub not_after: Time,
    pub created_at: Time,
    pub modified_at: Time,
    pub allow_auto_registration: bool,
}

/// Outcome of an attempt to remove a trusted CA.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Removal {
    Removed,
    Missing,
    /// Certificates registered by hand depend on it.
    Needed,
}

/// A field certificates can be filtered by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Field {
    Fingerprint,
    CaFingerprint,
    SubjectDn,
    IssuedHere,
    AutoRegistered,
    Device,
    Application,
    NotBefore,
    NotAfter,
    CreatedAt,
    ModifiedAt,
}

/// Condition on a field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Test {
    Is(FieldValue),
    /// Missing counts as different.
    IsNot(FieldValue),
    Missing,
}

/// A value to compare with.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FieldValue {
    Text(String),
    Bytes(Vec<u8>),
    Flag(bool),
    Time(Time),
}

/// A slice of the certificates of a tenant, in the order they were added.
#[derive(Clone, Debug, Default)]
pub struct CertificateQuery {
    /// All of them must hold.
    pub tests: Vec<(Field, Test)>,
    /// At most so many; `None` for all.
    pub limit: Option<u64>,
    pub offset: u64,
}

/// First records of an authority, written at once.
pub struct Genesis {
    /// The self-signed root, DER.
    pub root: Vec<u8>,
    /// Signs login tokens.
    pub token_key: Zeroizing<Vec<u8>>,
}

impl fmt::Debug for Genesis {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Genesis").finish_non_exhaustive()
    }
}

/// The records of one authority.
pub trait Repository: Debug + Send + Sync {
    /// Other instances may use the same records at the same time.
    fn is_shared(&self) -> bool {
        false
    }
    /// The records can be reached now; nothing is waited for.
    fn answers(&self) -> Reply<'_, ()>;

    /// `None` until [`Self::save_genesis`].
    fn genesis(&self) -> Reply<'_, Option<Genesis>>;
    /// False when there is one already, which another instance was quicker to save.
    fn save_genesis(&self, genesis: Genesis) -> Reply<'_, bool>;
    /// A record of this name is kept beside the root and the token key.
    fn secret_is_there<'a>(&'a self, name: &'a str) -> Reply<'a, bool>;
    /// A secret that instances share; `None` where they share none, or have not made it yet.
    fn secret<'a>(&'a self, name: &'a str) -> Reply<'a, Option<Zeroizing<Vec<u8>>>> {
        let _ = name;
        Box::pin(async { Ok(None) })
    }
    /// Keeps a secret for all instances, unless there is one; the one that counts.
    fn keep_secret<'a>(&'a self, name: &'a str, secret: Zeroizing<Vec<u8>>) -> Reply<'a, Zeroizing<Vec<u8>>> {
        let _ = name;
        Box::pin(async { Ok(secret) })
    }
    /// Changes the tallies under these keys in one step, for all instances together. `change` may be called again
    /// when the database was lost meanwhile. Only where records are shared.
    fn count_attempts(&self, keys: Vec<[u8; 32]>, change: Counting) -> Reply<'_, ()> {
        let _ = (keys, change);
        Box::pin(async { Ok(()) })
    }

    /// Rows of a table after a key, for a copy: in the order of their keys, at most so many.
    fn rows(&self, table: &'static Table, after: Option<Vec<Cell>>, limit: u32) -> Reply<'_, Vec<Vec<Cell>>>;
    /// Adds the rows of a copy that are not there.
    fn put_rows(&self, table: &'static Table, rows: Vec<Vec<Cell>>) -> Reply<'_, ()>;
    /// The copy is complete: the records may be used.
    fn end_copy(&self) -> Reply<'_, ()>;

    /// False, and nothing changed, when the fingerprint exists in any tenant. With `register`, the certificate's
    /// device enters the registry in the same step.
    fn add_certificate(&self, certificate: StoredCertificate, register: bool) -> Reply<'_, bool>;
    fn certificate<'a>(
        &'a self,
        tenant: &'a str,
        fingerprint: &'a Fingerprint,
    ) -> Reply<'a, Option<StoredCertificate>>;
    /// One slice, and how many match in all.
    fn certificates(&self, tenant: &str, query: CertificateQuery) -> Reply<'_, (Vec<StoredCertificate>, u64)>;
    /// False when there is no such certificate.
    fn set_device(
        &self,
        tenant: &str,
        fingerprint: &Fingerprint,
        device: Option<String>,
        at: Time,
    ) -> Reply<'_, bool>;
    /// Removes a record; a certificate issued here is revoked in the same step. False when there is none.
    fn remove_certificate(
        &self,
        tenant: &str,
        fingerprint: &Fingerprint,
        at: Time,
        reason: CrlReason,
    ) -> Reply<'_, bool>;

    /// The status of each serial number; `None` is not ours and stays unknown.
    fn statuses(&self, serials: Vec<Option<Vec<u8>>>) -> Reply<'_, Vec<Status>>;
    /// In how many parts revocation lists are.
    fn partitions(&self) -> Reply<'_, Partitions>;
    /// Sets that, unless it was set; the one that counts.
    fn set_partitions(&self, partitions: Partitions) -> Reply<'_, Partitions>;
    /// Remembers a URL of a server that certificates name; one that is known stays.
    fn add_list_url(&self, url: &str) -> Reply<'_, ()>;
    /// All of these, always in the same order.
    fn list_urls(&self) -> Reply<'_, Vec<String>>;
    fn list_head(&self, part: Part) -> Reply<'_, ListHead>;
    /// Revocations of a part, of certificates that end at or after `since`, oldest first, and the number of the latest.
    fn revocations(&self, part: Part, since: Time) -> Reply<'_, (Vec<Revocation>, i64)>;
    fn crl(&self, part: Part) -> Reply<'_, Option<StoredCrl>>;
    /// Puts a list in the place of the one whose number is smaller by 1. False, and nothing changed, when the latest is
    /// another one: another instance was quicker.
    fn save_crl(&self, part: Part, crl: StoredCrl) -> Reply<'_, bool>;

    /// Adds the devices that are not there yet; says how many were new.
    fn add_devices(&self, tenant: &str, devices: Vec<Device>) -> Reply<'_, usize>;
    /// Removes one device, or all of them; says which there were. Certificates stay as they are.
    fn remove_devices(&self, tenant: &str, id: Option<&str>) -> Reply<'_, Vec<Device>>;
    fn device<'a>(&'a self, tenant: &'a str, id: &'a str) -> Reply<'a, Option<Device>>;
    /// One slice, and how many match in all.
    fn devices(&self, tenant: &str, query: DeviceQuery) -> Reply<'_, (Vec<Device>, u64)>;

    /// False when the name is taken. The id is ignored.
    fn add_user(&self, user: User) -> Reply<'_, bool>;
    fn user(&self, name: &str) -> Reply<'_, Option<User>>;
    /// False when there is no such user.
    fn set_secret(&self, name: &str, secret_hash: String) -> Reply<'_, bool>;

    /// False when the tenant has it already.
    fn add_trusted_ca(&self, ca: TrustedCa) -> Reply<'_, bool>;
    fn trusted_ca(&self, tenant: &str, fingerprint: &Fingerprint) -> Reply<'_, Option<TrustedCa>>;
    fn trusted_cas(&self, tenant: &str) -> Reply<'_, Vec<TrustedCa>>;
    /// False when there is no such CA.
    fn allow_auto_registration(
        &self,
        tenant: &str,
        fingerprint: &Fingerprint,
        allow: bool,
        at: Time,
    ) -> Reply<'_, bool>;
    /// Removes a CA together with the certificates that were registered automatically under it.
    fn remove_trusted_ca(&self, tenant: &str, fingerprint: &Fingerprint) -> Reply<'_, Removal>;

    /// Records of devices that provision themselves; `None` where they are not kept.
    fn provisioning(&self) -> Option<&dyn ProvisioningRecords> {
        None
    }
}
