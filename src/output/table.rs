//! Rows under headings, fitted to a width. Everything that is handed in is escaped here.

use comfy_table::{Cell, ContentArrangement, presets};

use super::escape;

/// A table under construction.
#[derive(Debug)]
pub struct Table {
    table: comfy_table::Table,
}

impl Table {
    /// Without rows yet. `columns` wide at the most; `None` where nobody says, then nothing is wrapped.
    #[must_use]
    pub fn new<'a>(headings: impl IntoIterator<Item = &'a str>, columns: Option<usize>) -> Self {
        let mut table = comfy_table::Table::new();
        table.load_style(presets::NOTHING).set_header(headings.into_iter().collect::<Vec<_>>());
        if let Some(columns) = columns {
            table
                .set_content_arrangement(ContentArrangement::Dynamic)
                .set_width(u16::try_from(columns).unwrap_or(u16::MAX));
        }
        Self { table }
    }

    /// Adds a row.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) {
        self.table.add_row(cells.into_iter().map(|cell| Cell::new(escape::line(cell))));
    }

    /// The finished lines, without the last line feed and without blanks at their ends.
    #[must_use]
    pub fn finish(mut self) -> String {
        for column in self.table.column_iter_mut() {
            // The first column begins at the edge, as every other line does.
            column.set_padding((0, 2));
        }
        let lines: Vec<String> = self.table.lines().map(|line| line.trim_end().to_owned()).collect();
        lines.join("\n")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_stand_under_their_headings_and_wrap_to_the_width() {
        let mut table = Table::new(["DEVICE", "STATE"], Some(30));
        table.row(["a1998e", "valid"]);
        table.row(["b2", "\u{1b}[31mrevoked because somebody said so"]);
        let text = table.finish();
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines[..2], ["DEVICE  STATE", "a1998e  valid"]);
        assert!(lines.iter().all(|line| line.len() <= 30), "{text}");
        assert!(text.contains(r"\u{1b}[31m"), "{text}");
    }
}
