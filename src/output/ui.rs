//! One writer for stdout (data) and one for stderr (talk).

use std::io::{self, IsTerminal, Write};

use anstyle::{AnsiColor, Style};

use super::escape;
use crate::failure::Failure;

/// How much a person wants to read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub enum Verbosity {
    Quiet,
    #[default]
    Normal,
    Verbose,
}

/// Where every line of the program goes.
#[derive(Debug)]
pub struct Ui {
    verbosity: Verbosity,
}

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
const HINT: Style = AnsiColor::Cyan.on_default().bold();

impl Ui {
    #[must_use]
    pub fn new(verbosity: Verbosity) -> Self {
        Self { verbosity }
    }

    #[must_use]
    pub fn verbosity(&self) -> Verbosity {
        self.verbosity
    }

    /// Somebody may be looking at stderr: progress may be drawn.
    #[must_use]
    pub fn is_watched(&self) -> bool {
        self.verbosity >= Verbosity::Normal && io::stderr().is_terminal()
    }

    /// A line of data on stdout.
    ///
    /// # Errors
    /// When stdout cannot be written, a closed pipe included.
    pub fn data(&self, text: &str) -> io::Result<()> {
        let mut out = anstream::stdout().lock();
        writeln!(out, "{text}")?;
        out.flush()
    }

    /// A line of talk on stderr; not with `--quiet`.
    pub fn note(&self, text: &str) {
        if self.verbosity >= Verbosity::Normal {
            Self::talk(&escape::block(text));
        }
    }

    /// A line of talk that only `--verbose` shows.
    pub fn detail(&self, text: &str) {
        if self.verbosity >= Verbosity::Verbose {
            Self::talk(&escape::block(text));
        }
    }

    /// Something that went on, but should be read, even with `--quiet`.
    pub fn warn(&self, text: &str) {
        Self::talk(&format!("{WARNING}warning:{WARNING:#} {}", escape::block(text)));
    }

    /// Why the command ended, and what to do next.
    pub fn failure(&self, failure: &Failure) {
        Self::talk(&format!("{ERROR}error:{ERROR:#} {}", escape::block(&failure.message)));
        for hint in &failure.hints {
            self.hint(hint);
        }
    }

    /// A next step.
    pub fn hint(&self, text: &str) {
        Self::talk(&format!("{HINT}hint:{HINT:#} {}", escape::block(text)));
    }

    fn talk(text: &str) {
        // Nobody can be told that nobody can be told.
        let _ = writeln!(anstream::stderr().lock(), "{text}");
    }
}
