//! The embedded platform, seen from outside: a real server, real requests, and openssl as the judge.

mod certificates;
mod devices;
mod gateway;
mod issuing;
mod lifecycle;
mod local;
mod process;
mod revocation;
mod trusted;
