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

/// `1 device`, `2,000 devices`.
#[must_use]
pub fn count(number: usize, noun: &str) -> String {
    if number == 1 { format!("1 {noun}") } else { format!("{} {noun}s", grouped(number)) }
}

/// `100,000`
#[must_use]
pub fn grouped(number: usize) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
