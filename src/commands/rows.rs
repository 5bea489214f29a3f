//! Rows on stdout as they come: a table, JSON lines, or CSV.

use std::{io, ops::ControlFlow};

use serde::Serialize;

use crate::{
    commands::stdout::Lines,
    failure::Failure,
    output::{LongTable, Ui, escape},
};

/// How rows are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    Table,
    Json,
    /// RFC 4180, with a header.
    Csv,
}

/// Prints rows; a closed pipe ends it without an error.
#[derive(Debug)]
pub(super) struct Rows<'a> {
    lines: Lines<'a>,
    format: Format,
    table: LongTable,
    number: usize,
}

impl<'a> Rows<'a> {
    /// With these headings over the table, and these names over the columns of a CSV.
    pub(super) fn new(
        ui: &'a Ui,
        format: Format,
        headings: &[&str],
        names: &[&str],
        columns: Option<usize>,
    ) -> Self {
        let table = LongTable::new(headings.iter().copied(), columns);
        let mut rows = Self { lines: Lines::new(ui), format, table, number: 0 };
        if format == Format::Csv {
            rows.csv(names);
        }
        rows
    }

    /// One more, in the form that is asked for; says whether to go on.
    pub(super) fn add<T: Serialize>(
        &mut self,
        cells: impl FnOnce() -> Vec<String>,
        fields: impl FnOnce() -> Vec<String>,
        object: impl FnOnce() -> T,
    ) -> ControlFlow<()> {
        self.number += 1;
        match self.format {
            Format::Table => {
                let part = self.table.row(cells().iter().map(String::as_str));
                self.print(part);
            }
            Format::Csv => self.csv(&fields()),
            Format::Json => self.lines.json(&object()),
        }
        if self.lines.is_over() { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
    }

    /// Prints the remaining rows, and returns the number of all rows.
    ///
    /// # Errors
    /// When stdout could not be written; a closed pipe is no error.
    pub(super) fn finish(mut self) -> Result<usize, Failure> {
        let table = std::mem::replace(&mut self.table, LongTable::new([], None));
        let part = table.finish();
        self.print(part);
        self.lines.end()?;
        Ok(self.number)
    }

    fn print(&mut self, part: Option<String>) {
        if let Some(part) = part {
            self.lines.data(&part);
        }
    }

    /// Control characters are escaped. A field that a spreadsheet would take for a formula stays as it is: CSV is data,
    /// and only ids and names come from outside.
    fn csv<T: AsRef<str>>(&mut self, fields: &[T]) {
        let mut line = csv::WriterBuilder::new().from_writer(Vec::new());
        self.lines.write(|ui| {
            line.write_record(fields.iter().map(|field| escape::line(field.as_ref())))?;
            let bytes = line.into_inner().map_err(|error| io::Error::other(error.to_string()))?;
            ui.data(String::from_utf8_lossy(&bytes).trim_end())
        });
    }
}
