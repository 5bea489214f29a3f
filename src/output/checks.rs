//! Checks and the verdict that rests on them, for people and for JSON: the same for every verb that checks.

use std::time::Duration;

use anstyle::{AnsiColor, Style};
use serde::{Serialize, Serializer, ser::SerializeMap};

use super::{columns, escape};
use crate::failure::Exit;

/// How a check went, and how a line is meant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    Good,
    /// It will do, and should be looked at.
    Doubtful,
    Bad,
    /// It was not made; the message says why.
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

/// One check, its finding, and the next step.
#[derive(Clone, Debug)]
pub struct Check {
    /// At most ten letters.
    pub name: &'static str,
    pub tone: Tone,
    /// May hold text from outside.
    pub message: String,
    /// The next command or other step.
    pub hint: Option<String>,
    /// Exit code that the check counts as.
    pub exit: Exit,
    /// How long it took, where something is waited for.
    pub took: Option<Duration>,
}

impl Check {
    /// Of a failure: exit 1.
    #[must_use]
    pub fn new(name: &'static str, tone: Tone, message: impl Into<String>) -> Self {
        let exit = if tone == Tone::Bad { Exit::Failed } else { Exit::Done };
        Self { name, tone, message: message.into(), hint: None, exit, took: None }
    }

    #[must_use]
    pub fn ok(name: &'static str, message: impl Into<String>) -> Self {
        Self::new(name, Tone::Good, message)
    }

    #[must_use]
    pub fn warn(name: &'static str, message: impl Into<String>) -> Self {
        Self::new(name, Tone::Doubtful, message)
    }

    #[must_use]
    pub fn fail(name: &'static str, message: impl Into<String>) -> Self {
        Self::new(name, Tone::Bad, message)
    }

    #[must_use]
    pub fn skipped(name: &'static str, why: impl Into<String>) -> Self {
        Self::new(name, Tone::Silent, why)
    }

    /// Adds the next step.
    #[must_use]
    pub fn hint(self, hint: impl Into<String>) -> Self {
        Self { hint: Some(hint.into()), ..self }
    }

    /// Counts as something else.
    #[must_use]
    pub fn exit(self, exit: Exit) -> Self {
        Self { exit, ..self }
    }

    #[must_use]
    pub fn is_bad(&self) -> bool {
        self.tone == Tone::Bad
    }

    /// `  FAIL  revocation  revoked at ...`; untrusted text is escaped. A long text goes on below itself; `None` where
    /// the width of the terminal is not known.
    #[must_use]
    pub fn line(&self, width: Option<usize>) -> String {
        const INDENT: usize = 20;
        let took = self.took.map(|took| format!(" ({} ms)", milliseconds(took))).unwrap_or_default();
        let text = escape::line(&self.message) + &took;
        let lines = match width {
            Some(width) => columns::wrap(&text, width.saturating_sub(INDENT).max(1)),
            None => vec![text],
        };
        let style = self.tone.style();
        let begin = format!("  {style}{}{style:#}  {:<10}  ", self.tone.word(), self.name);
        begin + &lines.join(&format!("\n{:INDENT$}", ""))
    }

    /// For JSON, in the words of a verb.
    #[must_use]
    pub fn spelled<'a>(&'a self, spelling: &'a Spelling) -> Spelled<'a> {
        Spelled { check: self, spelling }
    }
}

/// With one decimal.
#[must_use]
pub fn milliseconds(took: Duration) -> f64 {
    (took.as_secs_f64() * 10_000.0).round() / 10.0
}

/// Names that a verb's JSON has for the parts of a check; the words are the verb's contract.
#[derive(Debug)]
pub struct Spelling {
    pub name: &'static str,
    pub tone: &'static str,
    pub message: &'static str,
    /// Good, doubtful, bad, not made.
    pub tones: [&'static str; 4],
    /// A check without a next step says `null`.
    pub has_null: bool,
}

impl Spelling {
    /// The word for a tone.
    #[must_use]
    pub fn word(&self, tone: Tone) -> &'static str {
        self.tones[tone as usize]
    }
}

/// A check as a verb writes it into its JSON.
#[derive(Debug)]
pub struct Spelled<'a> {
    check: &'a Check,
    spelling: &'a Spelling,
}

impl Serialize for Spelled<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let Self { check, spelling } = self;
        let mut map = serializer.serialize_map(None)?;
        map.serialize_entry(spelling.name, check.name)?;
        map.serialize_entry(spelling.tone, spelling.word(check.tone))?;
        if let Some(took) = check.took {
            map.serialize_entry("milliseconds", &milliseconds(took))?;
        }
        map.serialize_entry(spelling.message, &check.message)?;
        if check.hint.is_some() || spelling.has_null {
            map.serialize_entry("hint", &check.hint)?;
        }
        map.end()
    }
}

/// `cert_a1998e: REVOKED`
#[must_use]
pub fn headline(subject: &str, verdict: &str, tone: Tone) -> String {
    let style = tone.style();
    format!("{}: {style}{verdict}{style:#}", escape::line(subject))
}
