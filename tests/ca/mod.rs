//! The platform's root, its revocation list, and the CAs it trusts beside it.

mod lists;
mod refused;
mod root;
mod trust;
