//! What a user can observe, one module for each promise. One binary, so that it links once.

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
mod help;
mod house;
mod idprov;
mod inspect;
mod issue;
mod listing;
mod oidc;
mod once;
mod packages;
mod pki;
mod readme;
mod refusals;
mod register;
mod renew;
mod revoke;
mod revoked;
mod screens;
mod serve;
mod session;
mod status;
mod stdout;
mod stranger;
mod surroundings;
mod teach;
mod verify;
