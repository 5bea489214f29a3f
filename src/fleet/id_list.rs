//! Lists of device ids as people write them: comma lists, one a line, CSV.

use std::{collections::HashSet, io};

use crate::device_id::{DeviceId, DeviceIdError};

/// Why a list of ids cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IdListError {
    #[error("{0}")]
    Id(#[from] DeviceIdError),
    #[error("line {line}: {source}")]
    Line { line: u64, source: DeviceIdError },
    #[error("there is no column {column:?}; the header names {present}")]
    NoColumn { column: String, present: String },
    #[error("it cannot be read as CSV: {0}")]
    Csv(#[from] csv::Error),
    #[error("it cannot be read: {0}")]
    Read(#[from] io::Error),
    #[error("there is no device id in it")]
    Empty,
}

/// Ids of one `-i` value: separated by commas, spaces around them dropped.
///
/// # Errors
/// The first id that is none.
pub fn from_commas(text: &str) -> Result<Vec<DeviceId>, DeviceIdError> {
    text.split(',').map(|id| id.trim().parse()).collect()
}

/// Ids of a file: one a line, empty lines and `#` comments passed over, or with `column` the named column of a CSV
/// with a header.
///
/// # Errors
/// The first line that holds no id, with its number.
pub fn from_reader(reader: impl io::Read, column: Option<&str>) -> Result<Vec<DeviceId>, IdListError> {
    let has_header = column.is_some();
    let mut rows = csv::ReaderBuilder::new()
        .has_headers(has_header)
        .flexible(true)
        .trim(csv::Trim::All)
        .comment(Some(b'#'))
        .from_reader(reader);
    let index = match column {
        Some(name) => column_index(rows.headers()?, name)?,
        None => 0,
    };
    let mut ids = Vec::new();
    for row in rows.records() {
        let row = row?;
        let line = row.position().map_or(0, csv::Position::line);
        let text = row.get(index).unwrap_or_default().trim_start_matches('\u{feff}');
        if text.is_empty() && row.len() <= 1 && column.is_none() {
            continue;
        }
        if column.is_none() && row.len() > 1 {
            // A comma in a plain list: read it as `-i` would, so that nothing is dropped.
            for id in row.iter().filter(|id| !id.is_empty()) {
                ids.push(id.parse().map_err(|source| IdListError::Line { line, source })?);
            }
            continue;
        }
        ids.push(text.parse().map_err(|source| IdListError::Line { line, source })?);
    }
    if ids.is_empty() { Err(IdListError::Empty) } else { Ok(ids) }
}

fn column_index(header: &csv::StringRecord, name: &str) -> Result<usize, IdListError> {
    let plain = |field: &str| field.trim_start_matches('\u{feff}').to_owned();
    header.iter().position(|field| plain(field) == name).ok_or_else(|| IdListError::NoColumn {
        column: name.to_owned(),
        present: header.iter().map(plain).collect::<Vec<_>>().join(", "),
    })
}

/// The ids in their order, each once.
#[must_use]
pub fn without_duplicates(ids: Vec<DeviceId>) -> Vec<DeviceId> {
    let mut seen = HashSet::with_capacity(ids.len());
    ids.into_iter().filter(|id| seen.insert(id.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(ids: &[DeviceId]) -> Vec<&str> {
        ids.iter().map(DeviceId::as_str).collect()
    }

    #[test]
    fn commas_with_spaces_around_them() {
        assert_eq!(names(&from_commas("a1, b2 ,c3").unwrap()), ["a1", "b2", "c3"]);
        assert!(from_commas("a1,,b2").is_err(), "an empty id is a mistake, not a blank");
    }

    #[test]
    fn one_a_line_with_comments_windows_ends_and_a_byte_order_mark() {
        let text = "\u{feff}a1\r\n# the second batch\n\n  b2  \nc3, d4\n";
        assert_eq!(names(&from_reader(text.as_bytes(), None).unwrap()), ["a1", "b2", "c3", "d4"]);
    }

    #[test]
    fn a_named_csv_column() {
        let text = "serial,device id,place\n1,a1,\"Hall 2, left\"\n2,b2,x\n";
        assert_eq!(names(&from_reader(text.as_bytes(), Some("device id")).unwrap()), ["a1", "b2"]);
        let error = from_reader(text.as_bytes(), Some("id")).unwrap_err().to_string();
        assert_eq!(error, r#"there is no column "id"; the header names serial, device id, place"#);
    }

    #[test]
    fn a_bad_line_is_named() {
        let error = from_reader("a1\nb/2\n".as_bytes(), None).unwrap_err().to_string();
        assert!(error.starts_with("line 2: the device id \"b/2\""), "{error}");
        let error = from_reader("id\na1\n\"\"\n".as_bytes(), Some("id")).unwrap_err().to_string();
        assert_eq!(error, "line 3: a device id is empty");
        assert!(matches!(from_reader("".as_bytes(), None), Err(IdListError::Empty)));
    }
}
