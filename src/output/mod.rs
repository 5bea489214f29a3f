//! The only room that writes to a terminal.

pub mod escape;
pub mod ui;

pub use ui::Ui;
