//! `certreq status`: what it finds, what it says, how it ends.

mod disk;
mod formats;
mod hostile;
mod page;
mod park;
mod platform;
