//! The embedded certificate authority: it issues, revokes, and answers for what it issued. No HTTP in here.
//!
//! ```text
//! request (CSR checks) -> profile (what a leaf holds) -> ca (signature) -> repository (durable) -> answer
//! ```
//!
//! [`Authority`] ties the pieces together. The pieces that make bytes ([`ca`], [`profile`], [`crl`], [`ocsp`]) take
//! the time as an argument; only `Authority` reads the clock it was given. Records live behind [`Repository`]; SQLite
//! is one of its implementations and nothing outside its folder knows.

pub mod ca;
mod certificates;
pub mod chains;
pub mod crl;
mod devices;
mod directory;
pub mod error;
mod keyfile;
pub mod ocsp;
mod open;
pub mod options;
pub mod profile;
pub mod repository;
pub mod request;
mod revocation;
mod signatures;
mod sqlite;
mod trusted;
mod users;

pub use certificates::{Issued, Owner};
pub use error::{AuthorityError, Refusal};
pub use open::{ADMIN, Authority};
pub use options::{CaKey, Clock, Options};
pub use repository::Repository;
pub use revocation::CurrentCrl;
pub use sqlite::database_version;
pub use users::{Account, Login};
