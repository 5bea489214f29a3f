//! The parts of a verb's text.

use clap::Command;

/// Text of a verb beyond its options.
#[derive(Debug, Default)]
pub(crate) struct Text {
    /// Without their heading, indented.
    pub(crate) examples: Option<String>,
    /// How it works.
    pub(crate) notes: Option<String>,
    /// Begins with `Exit codes`.
    pub(crate) exits: Option<String>,
}

impl Text {
    pub(crate) fn of(command: &Command) -> Self {
        let Some(all) = command.get_after_help() else { return Self::default() };
        let mut text = Self::default();
        let mut notes = Vec::new();
        for paragraph in all.to_string().split("\n\n") {
            if let Some(examples) = paragraph.strip_prefix("Examples:\n") {
                text.examples = Some(examples.to_owned());
            } else if paragraph.starts_with("Exit codes") {
                text.exits = Some(flowing(paragraph));
            } else if !paragraph.is_empty() {
                notes.push(flowing(paragraph));
            }
        }
        text.notes = (!notes.is_empty()).then(|| notes.join("\n\n"));
        text
    }
}

/// On one line, so that it can be wrapped to any terminal; a text with indented lines stays as it is.
fn flowing(paragraph: &str) -> String {
    if paragraph.lines().any(|line| line.starts_with(' ')) {
        return paragraph.to_owned();
    }
    paragraph.lines().collect::<Vec<_>>().join(" ")
}
