//! What a user can observe, one module for each promise. One binary, so that it links once.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test that cannot go on has failed"
)]

mod support;

mod crash;
mod dojot;
mod house;
mod issue;
mod once;
