//! How far a batch is, on a terminal.

use std::fmt;

use indicatif::{MultiProgress, ProgressBar, ProgressState, ProgressStyle};

/// A bar on a terminal, no output elsewhere.
#[derive(Debug)]
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    pub(super) fn new(bars: &MultiProgress, total: usize, watched: bool) -> Self {
        if !watched || total < 2 {
            return Self { bar: ProgressBar::hidden() };
        }
        let style = ProgressStyle::with_template("{bar:30} {human_pos}/{human_len}  {rate}  {eta} left")
            .unwrap_or_else(|_| ProgressStyle::default_bar())
            .with_key("rate", |state: &ProgressState, text: &mut dyn fmt::Write| {
                // A String takes everything.
                let _ = write!(text, "{:.1}/s", state.per_sec());
            });
        Self { bar: bars.add(ProgressBar::new(total as u64).with_style(style)) }
    }

    /// One more is done.
    pub fn advance(&self) {
        self.bar.inc(1);
    }

    /// Takes the bar away.
    pub fn finish(&self) {
        self.bar.finish_and_clear();
    }
}
