//! A heading and aligned fields below it, wrapped to the width. Everything that is handed in is escaped here.

use anstyle::Style;

use super::{columns, escape};

const INDENT: usize = 2;
/// Columns of the labels, the gap after them included.
const LABELS: usize = 13;

/// Text under construction.
#[derive(Debug)]
pub struct Block {
    columns: usize,
    text: String,
}

impl Block {
    /// An empty block, `columns` wide.
    #[must_use]
    pub fn new(columns: usize) -> Self {
        Self { columns, text: String::new() }
    }

    /// The main line: a word in a style, and its subject.
    pub fn heading(&mut self, style: Style, word: &str, about: &str) {
        let room = self.columns.saturating_sub(columns::width(word) + 2);
        let about = escape::line(about);
        let mut lines = columns::wrap(&about, room.max(1)).into_iter();
        let first = lines.next().unwrap_or_default();
        self.line(&format!("{style}{word}{style:#}  {first}"));
        for line in lines {
            self.line(&format!("{:indent$}{line}", "", indent = columns::width(word) + 2));
        }
    }

    /// A label and its value; an empty value gives no line.
    pub fn field(&mut self, label: &str, value: &str) {
        self.styled(label, Style::new(), value);
    }

    /// A label and its value in a style.
    pub fn styled(&mut self, label: &str, style: Style, value: &str) {
        if value.is_empty() {
            return;
        }
        let indent = INDENT + LABELS;
        let value = escape::line(value);
        for (index, line) in columns::wrap(&value, self.columns.saturating_sub(indent)).iter().enumerate() {
            let label = if index == 0 { label } else { "" };
            self.line(&format!("{:INDENT$}{label:LABELS$}{style}{line}{style:#}", ""));
        }
    }

    /// A title on a line of its own, for a part below the fields.
    pub fn part(&mut self, title: &str) {
        for line in columns::wrap(&escape::line(title), self.columns.saturating_sub(INDENT)) {
            self.line(&format!("{:INDENT$}{line}", ""));
        }
    }

    /// A value below a part.
    pub fn item(&mut self, value: &str) {
        const DEEP: usize = 2 * INDENT;
        for line in columns::wrap(&escape::line(value), self.columns.saturating_sub(DEEP)) {
            self.line(&format!("{:DEEP$}{line}", ""));
        }
    }

    /// Lines as they are, for PEM.
    pub fn verbatim(&mut self, text: &str) {
        self.text.push_str(text);
    }

    /// The finished text; every line has its line feed.
    #[must_use]
    pub fn finish(self) -> String {
        self.text
    }

    fn line(&mut self, line: &str) {
        self.text.push_str(line.trim_end());
        self.text.push('\n');
    }
}
