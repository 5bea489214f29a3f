//! The rules of RFC 5280 about chains and lists, asked of the library: the whole of NIST's test suite, and openssl.

mod differential;
mod lists;
mod making;
mod pkits;
