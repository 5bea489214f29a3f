//! The only room that writes to a terminal.

pub mod block;
pub mod checks;
pub mod columns;
pub mod escape;
pub mod file;
pub mod fold;
pub mod progress;
pub mod prompt;
pub mod span;
pub mod table;
pub mod ui;

pub use block::Block;
pub use progress::Progress;
pub use table::{LongTable, Table};
pub use ui::{Ui, Verbosity, use_colours};

/// `1 device`, `2 devices`.
#[must_use]
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{number} {noun}s") }
}
