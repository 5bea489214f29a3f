//! The embedded platform, seen from outside: a real server, real requests, and openssl as the judge.

mod certificates;
mod connections;
mod custody;
mod devices;
mod gateway;
mod issuing;
mod lifecycle;
mod local;
mod log;
mod logins;
mod names;
mod partitions;
mod platform;
mod pressure;
mod process;
mod revocation;
mod tls;
mod trusted;
