//! Behaviour that a user can observe, one module for each promise. One binary, so that it links once.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]
#![expect(
    clippy::disallowed_methods,
    reason = "the tests ask the embedded platform with a client of their own"
)]

mod support;

mod accidents;
mod agree;
mod airgap;
mod book;
mod broker;
mod ca;
mod classic;
mod config;
mod crash;
mod doctor;
mod dojot;
mod est;
mod examples;
mod export;
mod foreign;
mod guesses;
mod help;
mod hostile;
mod house;
mod idprov;
mod inspect;
mod issue;
mod listing;
mod oidc;
mod once;
mod packages;
mod pki;
mod postgres;
mod refusals;
mod register;
mod releases;
mod renew;
mod revoke;
mod revoked;
mod screens;
mod serve;
mod session;
mod shard;
mod status;
mod stdout;
mod stranger;
mod surroundings;
mod teach;
mod tokens;
mod verify;
