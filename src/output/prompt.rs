//! Questions at a terminal.

use std::io::{self, IsTerminal};

use zeroize::Zeroizing;

use super::{columns, fold};

/// Asks for a secret, which is not shown; `None` when there is no terminal to ask at.
///
/// # Errors
/// When the terminal is closed while it waits.
pub fn secret(prompt: &str) -> io::Result<Option<Zeroizing<String>>> {
    if !io::stderr().is_terminal() || !io::stdin().is_terminal() {
        return Ok(None);
    }
    let typed = rpassword::prompt_password(fold::block(prompt, columns::of_stderr(), 0))?;
    Ok(Some(Zeroizing::new(typed)))
}
