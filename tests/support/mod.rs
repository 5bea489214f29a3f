//! Shared parts of the tests: a terminal to type at, platforms to talk to, a network that breaks, the tools that
//! judge the result.

pub(crate) mod account;
pub(crate) mod any_pair;
pub(crate) mod any_server;
pub(crate) mod browser;
pub(crate) mod forger;
pub(crate) mod held;
pub(crate) mod lab;
pub(crate) mod measured;
pub(crate) mod node;
pub(crate) mod platform;
pub(crate) mod port;
pub(crate) mod postgres;
pub(crate) mod proxy;
pub(crate) mod python;
pub(crate) mod readme;
pub(crate) mod refusals;
pub(crate) mod scripted;
pub(crate) mod shell;
pub(crate) mod terminal;
pub(crate) mod tools;
pub(crate) mod tty;
