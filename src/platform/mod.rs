//! The signers. [`Platform`] is the seam; each implementation has its own folder or file.
//!
//! A platform says in its type what else it offers: [`Platform::registry`] and [`Platform::trust_store`] are `None`
//! for one that only signs. Verbs that need more ask [`registry_of`] and [`trust_store_of`], which say so.

pub mod clock;
pub mod dojot;
pub mod error;
pub mod est;
pub mod holder;
pub mod idprov;
pub mod local;
pub mod registry;
pub mod signing;
pub mod trust_store;
pub mod wait;

pub use clock::Skew;
pub use error::{Ended, ErrorKind, PlatformError};
use futures_util::future::BoxFuture;
pub use holder::Holder;
pub use registry::{CertificateRecord, DeviceRecord, Keep, Registry, See, registry_of};
pub use signing::{Platform, SignRequest, Signed};
pub use trust_store::{ForeignCertificate, TrustStore, TrustedCa, trust_store_of};

/// The future that a platform's methods return.
pub type Reply<'a, T> = BoxFuture<'a, Result<T, PlatformError>>;
