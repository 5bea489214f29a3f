//! `certreq verify` says what RFC 5280 says, never more than openssl, and its exit code is the answer.

mod authority;
mod bad_input;
mod everywhere;
mod inputs;
mod lists;
mod lost;
mod online;
mod verdicts;
mod words;
