//! A verdict and the checks it rests on, in words and colour.

use anstyle::{AnsiColor, Style};

use super::{columns, escape};

/// How a line is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Good,
    Doubtful,
    Bad,
    /// Nothing was checked.
    Silent,
}

impl Tone {
    fn style(self) -> Style {
        match self {
            Self::Good => AnsiColor::Green.on_default(),
            Self::Doubtful => AnsiColor::Yellow.on_default().bold(),
            Self::Bad => AnsiColor::Red.on_default().bold(),
            Self::Silent => Style::new().dimmed(),
        }
    }

    /// The word beside the colour; all of one width.
    fn word(self) -> &'static str {
        match self {
            Self::Good => "ok  ",
            Self::Doubtful => "WARN",
            Self::Bad => "FAIL",
            Self::Silent => "-   ",
        }
    }
}

/// `cert_a1998e: REVOKED`
#[must_use]
pub fn headline(subject: &str, verdict: &str, tone: Tone) -> String {
    let style = tone.style();
    format!("{}: {style}{verdict}{style:#}", escape::line(subject))
}

/// `  FAIL  revocation  revoked at ...`; untrusted text is escaped. On a terminal a long text goes on below itself.
#[must_use]
pub fn line(tone: Tone, check: &str, text: &str) -> String {
    wrapped(tone, check, text, columns::of_stdout())
}

/// The same for a width; `None` where nobody says.
#[must_use]
pub fn wrapped(tone: Tone, check: &str, text: &str, width: Option<usize>) -> String {
    const INDENT: usize = 20;
    let text = escape::line(text);
    let lines = match width {
        Some(width) => columns::wrap(&text, width.saturating_sub(INDENT).max(1)),
        None => vec![text],
    };
    let style = tone.style();
    let begin = format!("  {style}{}{style:#}  {check:<10}  ", tone.word());
    begin + &lines.join(&format!("\n{:INDENT$}", ""))
}
