//! The dojot platform over HTTP, releases 0.5 to 0.8, and the 1.0 line, whose login is another.
//!
//! ```text
//! client (one call a method) -> auth (token, single flight) -> http (the only reqwest client) -> answer (what came back)
//! ```

mod active_token;
mod answer;
mod asked;
mod auth;
mod base_url;
mod certificates;
mod classic;
mod client;
mod devices;
mod endless;
mod greeting;
mod http;
mod logins;
mod openid;
mod options;
mod owner;
pub mod proxy;
mod records;
mod registry;
mod sign;
mod tls;
mod token;
mod transport;
mod trust_store;
mod words;

pub use base_url::BaseUrl;
pub use client::Dojot;
pub use options::{Auth, OnToken, Options, Realm};
pub use token::{Claims, Kept, Token, TokenFile};
