//! One binary for all integration tests: it links once.

#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, reason = "a test that cannot go on stops")]

mod serve;
mod support;
