//! Files that packagers take along: completion scripts and the manual.

mod completion;
mod contract;
mod pages;
