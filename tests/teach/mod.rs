//! Every example of every help is typed at a real terminal, 80 columns wide, and does what it says.

mod examples;
mod scene;
mod widths;
