//! Rows under headings, fitted to a width. Everything that is handed in is escaped here.

use comfy_table::{Cell, ColumnConstraint, ContentArrangement, Width, presets};

use super::escape;

/// A table under construction.
#[derive(Debug)]
pub struct Table {
    table: comfy_table::Table,
}

impl Table {
    /// Without rows yet. `columns` wide at the most; `None` where the width is not known: then nothing is wrapped.
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

/// A table too long to be held: its columns are fitted to the first rows, and give way where a later one is wider.
#[derive(Debug)]
pub struct LongTable {
    headings: Vec<String>,
    columns: Option<usize>,
    pending: Vec<Vec<String>>,
    widths: Option<Vec<u16>>,
}

fn total(widths: &[u16]) -> usize {
    widths.iter().map(|width| usize::from(*width)).sum()
}

/// Rows that are printed at once.
const PART: usize = 500;

impl LongTable {
    #[must_use]
    pub fn new<'a>(headings: impl IntoIterator<Item = &'a str>, columns: Option<usize>) -> Self {
        let headings = headings.into_iter().map(str::to_owned).collect();
        Self { headings, columns, pending: Vec::new(), widths: None }
    }

    /// Adds a row; returns lines to print when there are enough of them.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> Option<String> {
        self.pending.push(cells.into_iter().map(escape::line).collect());
        if self.pending.len() < PART { None } else { self.part() }
    }

    /// The lines that are still to be printed, without the last line feed; `None` when there was no row at all.
    #[must_use]
    pub fn finish(mut self) -> Option<String> {
        self.part()
    }

    fn part(&mut self) -> Option<String> {
        const GAP: u16 = 2;
        if self.pending.is_empty() {
            return None;
        }
        let mut table = comfy_table::Table::new();
        table.load_style(presets::NOTHING);
        let rows = std::mem::take(&mut self.pending);
        if let Some(columns) = self.columns {
            table
                .set_content_arrangement(ContentArrangement::Dynamic)
                .set_width(u16::try_from(columns).unwrap_or(u16::MAX));
        }
        if self.widths.is_none() {
            table.set_header(self.headings.iter().map(String::as_str));
        }
        table.add_rows(rows);
        match &self.widths {
            None => {
                let fitted = table.column_max_content_widths();
                self.widths = Some(fitted.into_iter().map(|width| width.saturating_add(GAP)).collect());
            }
            // A first part that was wider than the terminal was wrapped: the other parts are wrapped, too.
            Some(widths) if self.columns.is_some_and(|all| total(widths) > all) => {}
            Some(widths) => {
                for (column, width) in table.column_iter_mut().zip(widths) {
                    column.set_constraint(ColumnConstraint::LowerBoundary(Width::Fixed(*width)));
                }
            }
        }
        for column in table.column_iter_mut() {
            column.set_padding((0, GAP));
        }
        let lines: Vec<String> = table.lines().map(|line| line.trim_end().to_owned()).collect();
        Some(lines.join("\n"))
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

    #[test]
    fn later_parts_stand_under_the_columns_of_the_first() {
        let mut table = LongTable::new(["DEVICE", "STATE"], Some(40));
        let mut lines = Vec::new();
        for number in 0..=PART {
            let id = format!("device-{number:04}");
            let part = table.row([id.as_str(), if number == PART { "revoked" } else { "valid" }]);
            lines.extend(part.iter().flat_map(|part| part.lines().map(str::to_owned)).collect::<Vec<_>>());
        }
        assert_eq!(lines.len(), PART + 1, "the heading and the first part");
        assert_eq!(table.finish().unwrap(), "device-0500  revoked");
        assert_eq!(lines[0], "DEVICE       STATE");
        assert_eq!(lines[1], "device-0000  valid");
    }
}
