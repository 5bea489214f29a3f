//! `certreq issue` gives every device a pair that openssl accepts, and never a success that is none.

mod answers;
mod directories;
mod ids;
mod login;
mod way_through;
