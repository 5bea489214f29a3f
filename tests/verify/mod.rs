//! `certreq verify` says what RFC 5280 says, never more than openssl, and its exit code is the answer.

mod authority;
mod lists;
mod online;
mod verdicts;
mod words;
