//! Sections, of which pages are made.

use roff::{Inline, Roff, bold, italic, roman};

/// A page that grows, section by section.
pub(super) struct Sections {
    roff: Roff,
    /// Not the first part of a page.
    continued: bool,
}

impl Sections {
    /// Without a date: a page is the same at every time it is made. An empty word would be left out, so it is a space.
    pub(super) fn titled(name: &str, section: &str) -> Self {
        let mut roff = Roff::new();
        let source = concat!("certreq ", env!("CARGO_PKG_VERSION"));
        roff.control("TH", [name, section, " ", source, "certreq manual"]);
        Self { roff, continued: false }
    }

    /// Further sections of a page that has begun.
    pub(super) fn continued() -> Self {
        Self { roff: Roff::new(), continued: true }
    }

    pub(super) fn heading(&mut self, heading: &str) -> &mut Self {
        self.roff.control("SH", [heading]);
        self
    }

    /// Paragraphs are separated by empty lines; indented lines stay lines of their own.
    pub(super) fn prose(&mut self, text: &str) -> &mut Self {
        for (index, paragraph) in text.split("\n\n").enumerate() {
            if index > 0 {
                self.roff.control("PP", []);
            }
            let lines: Vec<&str> = paragraph.lines().collect();
            for part in lines.chunk_by(|one, next| is_indented(one) == is_indented(next)) {
                if is_indented(part[0]) {
                    self.verbatim(part);
                } else {
                    for line in part {
                        self.roff.text([roman(*line)]);
                    }
                }
            }
        }
        self
    }

    /// Lines as they stand.
    pub(super) fn listing(&mut self, text: &str) -> &mut Self {
        let lines: Vec<&str> = text.lines().map(|line| line.strip_prefix("  ").unwrap_or(line)).collect();
        self.verbatim(&lines);
        self
    }

    /// Lines as they stand; indented less than prose where they would be wider than a terminal.
    fn verbatim(&mut self, lines: &[&str]) {
        const ROOM: usize = 80 - 7;
        let longest = lines.iter().map(|line| line.chars().count()).max().unwrap_or_default();
        let back = longest.saturating_sub(ROOM);
        if back > 0 {
            self.roff.control("in", [format!("-{back}n").as_str()]);
        }
        self.roff.control("nf", []);
        for line in lines {
            if line.is_empty() {
                self.roff.control("sp", []);
            } else {
                self.roff.text([roman(*line)]);
            }
        }
        self.roff.control("fi", []);
        if back > 0 {
            self.roff.control("in", [format!("+{back}n").as_str()]);
        }
    }

    /// A word and its meaning.
    pub(super) fn entry(&mut self, word: &str, kind: Option<&str>, about: &str) -> &mut Self {
        self.roff.control("TP", []);
        let mut head: Vec<Inline> = vec![bold(word)];
        if let Some(kind) = kind {
            head.extend([roman(" "), italic(kind)]);
        }
        self.roff.text(head);
        self.roff.text([roman(about)]);
        self
    }

    /// `certreq-issue(1), certreq-json(7)`
    pub(super) fn see_also<'a>(&mut self, pages: impl IntoIterator<Item = (&'a str, &'a str)>) -> &mut Self {
        self.heading("SEE ALSO");
        let mut line = Vec::new();
        for (name, section) in pages {
            if !line.is_empty() {
                line.push(roman(", "));
            }
            line.extend([bold(name), roman(format!("({section})"))]);
        }
        self.roff.text(line);
        self
    }

    pub(super) fn roff(&self) -> String {
        let roff = self.roff.render();
        // The text before the first heading (`.SH`) belongs to the first part of a page only.
        let start = if self.continued { roff.find(".SH").unwrap_or(0) } else { 0 };
        roff[start..].to_owned()
    }
}

fn is_indented(line: &str) -> bool {
    line.starts_with("  ")
}
