//! What RFC 5280 says about chains and lists, asked of the library: the whole of NIST's test suite, and openssl.

mod differential;
mod lists;
mod making;
mod pkits;
