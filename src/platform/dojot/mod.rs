//! The dojot platform over HTTP, releases 0.5 to 0.8, and the 1.0 line, whose login is another.
//!
//! ```text
//! client (one call a method) -> auth (token, single flight) -> http (the only reqwest client) -> answer (what came back)
//! ```

mod active_token;
pub(in crate::platform) mod answer;
pub(in crate::platform) mod asked;
mod auth;
pub(in crate::platform) mod base_url;
mod certificates;
mod classic;
mod client;
mod devices;
mod endless;
mod greeting;
pub(in crate::platform) mod http;
mod logins;
mod openid;
mod options;
mod owner;
pub(in crate::platform) mod patience;
pub mod proxy;
mod records;
mod registry;
mod sign;
pub(in crate::platform) mod tls;
mod token;
pub(in crate::platform) mod transport;
mod trust_store;
pub(in crate::platform) mod words;

pub use base_url::BaseUrl;
pub use client::Dojot;
pub use options::{Auth, OnToken, Options, Realm};
pub use token::{Claims, Kept, Token, TokenFile};
