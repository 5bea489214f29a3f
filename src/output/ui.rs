//! One writer for stdout (data) and one for stderr (talk).

use std::{
    io::{self, IsTerminal, Write},
    time::Duration,
};

use anstyle::{AnsiColor, Style};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::Serialize;

use super::{columns, escape, fold, progress::Progress};
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
#[derive(Clone, Debug)]
pub struct Ui {
    verbosity: Verbosity,
    bars: MultiProgress,
}

/// Colours on stdout and stderr always or never; `None`: on a terminal, unless `NO_COLOR` is set.
pub fn use_colours(wanted: Option<bool>) {
    match wanted {
        None => anstream::ColorChoice::Auto,
        Some(true) => anstream::ColorChoice::Always,
        Some(false) => anstream::ColorChoice::Never,
    }
    .write_global();
}

/// A text of ours without its colours, for files.
#[must_use]
pub fn unstyled(text: &str) -> String {
    anstream::adapter::strip_str(text).to_string()
}

const ERROR: Style = AnsiColor::Red.on_default().bold();
const WARNING: Style = AnsiColor::Yellow.on_default().bold();
/// Where a line without a label goes on.
const HANG: usize = 2;
const HINT: Style = AnsiColor::Cyan.on_default().bold();

impl Ui {
    #[must_use]
    pub fn new(verbosity: Verbosity) -> Self {
        let target = if verbosity >= Verbosity::Normal && io::stderr().is_terminal() {
            ProgressDrawTarget::stderr()
        } else {
            ProgressDrawTarget::hidden()
        };
        Self { verbosity, bars: MultiProgress::with_draw_target(target) }
    }

    #[must_use]
    pub fn is_verbose(&self) -> bool {
        self.verbosity == Verbosity::Verbose
    }

    #[must_use]
    pub fn verbosity(&self) -> Verbosity {
        self.verbosity
    }

    /// Whether stderr is a terminal: its text is read now and kept nowhere.
    #[must_use]
    pub fn is_read_by_a_person(&self) -> bool {
        io::stderr().is_terminal()
    }

    /// Whether stdout is a terminal: its text is read now, not kept in a file or handed to another program.
    #[must_use]
    pub fn prints_for_a_person(&self) -> bool {
        io::stdout().is_terminal()
    }

    /// A bar for a batch of `total`, on a terminal.
    #[must_use]
    pub fn progress(&self, total: usize) -> Progress {
        Progress::new(&self.bars, total, !self.bars.is_hidden())
    }

    /// A line of data on stdout, as it is: text from outside must be escaped before.
    ///
    /// # Errors
    /// When stdout cannot be written, a closed pipe included.
    pub fn data(&self, text: &str) -> io::Result<()> {
        self.bars.suspend(|| {
            let mut out = anstream::stdout().lock();
            writeln!(out, "{text}")?;
            out.flush()
        })
    }

    /// Lines of data for a person, as they are, folded to the terminal: text from outside must be escaped before.
    ///
    /// # Errors
    /// When stdout cannot be written, a closed pipe included.
    pub fn text(&self, text: &str) -> io::Result<()> {
        self.data(&fold::block(text, columns::of_stdout(), HANG))
    }

    /// One JSON object on a line of its own, on stdout. Characters that a terminal would obey are written as JSON
    /// escapes.
    ///
    /// # Errors
    /// When stdout cannot be written, a closed pipe included.
    pub fn json(&self, record: &impl Serialize) -> io::Result<()> {
        self.data(&escape::json(&serde_json::to_string(record)?))
    }

    /// A line of talk on stderr; not with `--quiet`.
    pub fn note(&self, text: &str) {
        if self.verbosity >= Verbosity::Normal {
            self.talk("", HANG, &escape::block(text));
        }
    }

    /// Says that the program waits for so many seconds; a terminal shows how many are left. Not with `--quiet`.
    pub fn waiting(&self, why: &str, seconds: u64, next: &str) {
        let gap = if next.is_empty() { "" } else { "; " };
        self.note(&format!("{why}: waiting {seconds} s{gap}{next}"));
        self.count_down(seconds);
    }

    /// A line that counts down, below the messages of that time.
    fn count_down(&self, seconds: u64) {
        if self.bars.is_hidden() {
            return;
        }
        let Ok(style) = ProgressStyle::with_template("{msg}") else { return };
        let bar = self.bars.add(ProgressBar::new(seconds).with_style(style));
        // The thread is not joined: it may end with the process.
        std::thread::spawn(move || {
            for left in (1..=seconds).rev() {
                bar.set_message(format!("waiting: {left} s left"));
                std::thread::sleep(Duration::from_secs(1));
            }
            bar.finish_and_clear();
        });
    }

    /// A line of talk that only `--verbose` shows.
    pub fn detail(&self, text: &str) {
        if self.is_verbose() {
            self.talk("", HANG, &escape::block(text));
        }
    }

    /// Something that went on, but should be read, even with `--quiet`.
    pub fn warn(&self, text: &str) {
        self.labelled(WARNING, "warning:", text);
    }

    /// Why the command ended, and the next step.
    pub fn failure(&self, failure: &Failure) {
        self.labelled(ERROR, "error:", &failure.message);
        for hint in &failure.hints {
            self.hint(hint);
        }
    }

    /// Why the request of one device of a batch was not fulfilled; `label` says how it ended.
    pub fn device_trouble(&self, device: &str, label: &str, message: &str, hint: Option<&str>) {
        let (device, message) = (escape::line(device), escape::block(message));
        let indent = columns::width(&device) + HANG;
        self.talk(&format!("{device}  {ERROR}{label}:{ERROR:#} "), indent, &message);
        if let Some(hint) = hint {
            self.talk(&format!("{:indent$}{HINT}hint:{HINT:#} ", ""), "hint: ".len(), &escape::block(hint));
        }
    }

    /// A next step.
    pub fn hint(&self, text: &str) {
        if self.verbosity >= Verbosity::Normal {
            self.labelled(HINT, "hint:", text);
        }
    }

    /// There is a terminal at which a question can be asked.
    #[must_use]
    pub fn can_ask() -> bool {
        io::stdin().is_terminal() && io::stderr().is_terminal()
    }

    /// Shows the subject of a question, also with `--quiet`, and asks it; every answer but a yes is a no. Blocks.
    ///
    /// # Errors
    /// When the terminal cannot be read.
    pub fn ask(&self, about: &str, question: &str) -> io::Result<bool> {
        let answer = self.ask_words(about, &format!("{question} [y/N]"))?;
        Ok(matches!(answer.to_lowercase().as_str(), "y" | "yes"))
    }

    /// The same for a question that needs more than a yes: returns the typed text. Blocks.
    ///
    /// # Errors
    /// When the terminal cannot be read.
    pub fn ask_words(&self, about: &str, question: &str) -> io::Result<String> {
        self.talk("", HANG, &escape::block(about));
        self.bars.suspend(|| {
            let mut err = anstream::stderr().lock();
            write!(err, "{} ", fold::block(&escape::line(question), columns::of_stderr(), 0))?;
            err.flush()
        })?;
        let mut answer = String::new();
        io::stdin().read_line(&mut answer)?;
        Ok(answer.trim().to_owned())
    }

    /// Lines of ours that have their styles already.
    pub fn styled(&self, text: &str) {
        self.talk("", HANG, text);
    }

    fn labelled(&self, style: Style, label: &str, text: &str) {
        self.talk(&format!("{style}{label}{style:#} "), label.len() + 1, &escape::block(text));
    }

    /// The one way to stderr. Lines that do not fit are folded, and go on `hang` columns to the right.
    fn talk(&self, before: &str, hang: usize, text: &str) {
        let text = fold::block(&format!("{before}{text}"), columns::of_stderr(), hang);
        // There is no other place to report an error of stderr.
        let _ = self.bars.suspend(|| writeln!(anstream::stderr().lock(), "{text}"));
    }
}
