//! The dojot platform over HTTP, releases 0.5 to 0.8.
//!
//! ```text
//! client (one call a method) -> auth (token, single flight) -> http (the only reqwest client) -> answer (what came back)
//! ```

mod answer;
mod asked;
mod auth;
mod base_url;
mod certificates;
mod client;
mod devices;
mod foreign;
mod greeting;
mod held;
mod http;
mod logins;
mod options;
mod owner;
pub mod proxy;
mod sign;
mod tls;
mod token;
mod transport;
mod trusted;
mod words;

pub use base_url::BaseUrl;
pub use client::Dojot;
pub use options::{OnToken, Options};
pub use token::{Claims, Kept, Token, TokenFile};
