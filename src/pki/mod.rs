//! Bytes in, facts out: keys, requests, certificates, chains, revocation lists.
//!
//! This code opens no file and no socket, and reads no clock; the time is an argument. So every parser can be fuzzed,
//! and every verdict can be tested for any day.

pub mod alt_name;
pub mod bare_request;
pub mod base64_lines;
pub mod certificate;
pub mod chain;
pub mod cms;
pub mod crl;
pub mod csr;
pub mod csr_attributes;
mod damage;
mod device_names;
pub(crate) mod directory_name;
mod explicit;
pub mod facts;
pub mod fingerprint;
pub mod held;
pub mod held_tls;
mod hex;
pub mod idprov;
pub mod issuer;
pub mod key;
pub mod lint;
pub mod names;
pub mod ocsp;
mod oid;
mod path;
mod pbe;
pub mod pem;
pub mod pkcs12;
pub mod pkcs8;
pub mod places;
pub mod request_info;
pub mod revocation;
pub(crate) mod signature;
pub mod sniff;
pub mod state;
pub mod time;
pub mod tls_words;
pub mod token_key;
pub mod token_uri;
mod undated;
pub mod unicode;
