//! Facts of certificates, requests, lists, OCSP messages and keys, decoded for people and for JSON.
//!
//! The serialised fields are part of the contract of `inspect --format json`: they may be added to, not changed.

pub mod brief;
pub mod certificate;
pub mod extensions;
pub mod key;
pub mod list;
pub mod ocsp;
pub mod private_key;
pub mod request;
pub mod tpm_key;
mod values;

pub use brief::{Brief, Identity};
pub use certificate::CertificateFacts;
pub use extensions::ExtensionFacts;
pub use key::{KeyAlgorithm, KeyFacts};
pub use list::{ListFacts, ListState};
pub use ocsp::{OcspAnswerFacts, OcspRequestFacts};
pub use private_key::PrivateKeyFacts;
pub use request::{Proof, RequestFacts};
pub use tpm_key::TpmKeyFacts;
