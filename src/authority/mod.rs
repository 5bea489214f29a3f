//! The embedded certificate authority: it issues, revokes, and answers questions about its certificates. No HTTP in
//! here.
//!
//! ```text
//! request (CSR checks) -> profile (what a leaf holds) -> ca (signature) -> repository (durable) -> answer
//! ```
//!
//! [`Authority`] ties the pieces together. The pieces that make bytes ([`ca`], [`profile`], [`crl`], [`ocsp`]) take
//! the time as an argument; only `Authority` reads the clock it was given. Records live behind [`Repository`];
//! [`Database`] says which of its implementations keeps them.

mod approvals;
#[expect(clippy::module_inception, reason = "the file is named after the type it defines")]
mod authority;
pub mod ca;
mod certificates;
pub mod chains;
pub mod copy;
pub mod crl;
pub mod database;
mod devices;
mod directory;
pub mod enrolment;
pub mod error;
mod hashing;
mod keyfile;
pub mod ocsp;
pub mod options;
mod partition;
mod postgres;
pub mod profile;
pub mod provisioning;
pub mod repository;
pub mod request;
mod revocation;
mod server_pair;
mod signatures;
mod sqlite;
mod token_key;
mod trusted;
mod users;
mod well_formed;

pub use approvals::{Applied, Approval, Approvals};
pub use authority::{ADMIN, Authority};
pub use certificates::{Issued, Owner};
pub use crl::CurrentCrl;
pub use database::{Address, AddressError, Database};
pub use enrolment::{Application, Denial};
pub use error::{AuthorityError, Refusal};
pub use options::{CaKey, CertificateProfile, Clock, Options};
pub use partition::{Part, Partitions};
pub use repository::Repository;
pub use users::{Account, Login};
