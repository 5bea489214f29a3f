//! Examples, tables of verbs and fixed paragraphs on a terminal that is narrower than they were written for.

use crate::output::columns;

/// The least room for an explanation beside a command; with less it goes below.
const ROOM: usize = 24;
/// Where an explanation below its command begins.
const BELOW: usize = 6;

/// Columns of help: those of the terminal, up to `most`.
pub(super) fn width(most: usize) -> usize {
    columns::of_stdout().unwrap_or(most).min(most)
}

/// Indented lines of commands, each with an explanation behind three spaces. A command that is too long continues below
/// after a backslash, as a shell reads it.
pub(super) fn examples(text: &str, width: usize) -> String {
    if text.lines().all(|line| columns::width(line) <= width) {
        return text.to_owned();
    }
    let lines = text.lines().map(|line| {
        let (command, about) = line.split_once("   ").filter(|(command, _)| !command.trim().is_empty()).unzip();
        let (command, about) = (command.unwrap_or(line), about.unwrap_or_default().trim());
        let at = line.len() - about.len();
        if about.is_empty() {
            continued(command, width)
        } else if columns::width(line) <= width {
            line.to_owned()
        } else if at + ROOM <= width && columns::width(command) <= width {
            beside(&format!("{command:at$}"), about, at, width)
        } else {
            let below = beside(&" ".repeat(BELOW), about, BELOW, width);
            format!("{}\n{below}", continued(command, width))
        }
    });
    lines.collect::<Vec<_>>().join("\n")
}

/// `begin`, and a text that goes on below itself; it begins at the column `at`.
pub(super) fn beside(begin: &str, text: &str, at: usize, width: usize) -> String {
    let lines = columns::wrap(text, width.saturating_sub(at).max(ROOM));
    begin.to_owned() + &lines.join(&format!("\n{:at$}", ""))
}

/// A paragraph that was written in lines, in lines that fit.
pub(super) fn paragraph(text: &str, width: usize) -> String {
    columns::wrap(&text.lines().collect::<Vec<_>>().join(" "), width).join("\n")
}

fn continued(command: &str, width: usize) -> String {
    if columns::width(command) <= width {
        return command.to_owned();
    }
    let indent = command.len() - command.trim_start().len();
    let mut lines: Vec<String> = Vec::new();
    let mut line = " ".repeat(indent);
    for word in command.split_whitespace() {
        let is_first = line.trim().is_empty();
        if !is_first && columns::width(&line) + 1 + columns::width(word) + 2 > width {
            lines.push(line + " \\");
            line = " ".repeat(BELOW) + word;
        } else {
            line = if is_first { line + word } else { line + " " + word };
        }
    }
    lines.push(line);
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_fits_stays_and_the_rest_continues_below() {
        let text = "  certreq issue --local a1998e          a first try, without a platform\n  certreq status";
        assert_eq!(examples(text, 80), text);
        assert_eq!(
            examples(text, 66),
            "  certreq issue --local a1998e          a first try, without a\n                                        \
             platform\n  certreq status"
        );
        assert_eq!(
            examples(text, 60),
            "  certreq issue --local a1998e\n      a first try, without a platform\n  certreq status"
        );
        assert_eq!(
            examples("  certreq issue --local broker --san dns:broker.example.org,ip:10.0.0.2", 60),
            "  certreq issue --local broker --san \\\n      dns:broker.example.org,ip:10.0.0.2"
        );
    }
}
