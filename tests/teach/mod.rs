//! Every example of help, manual and README is typed at a real terminal, 80 columns wide, and does what it says; and
//! nothing that is said is wider than the terminal.

mod examples;
mod exits;
mod pages;
mod readme;
mod scene;
mod tables;
mod variables;
mod widths;
