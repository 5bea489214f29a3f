//! Lists of device ids as people write them: with commas between them when they are typed, one a line or CSV in files.

use std::{
    collections::HashSet,
    io::{self, Read as _},
};

use crate::{
    device_id::{DeviceId, DeviceIdError},
    pki::unicode,
};

/// The longest list in octets: a million ids of the longest kind have less.
const LIMIT: u64 = 64 << 20;
const SEPARATORS: [char; 4] = [',', ';', '\t', '|'];

/// Why a list of ids cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum IdListError {
    #[error("{0}")]
    Id(#[from] DeviceIdError),
    #[error("line {line}: {source}")]
    Line { line: u64, source: DeviceIdError },
    #[error("there is no column {column:?}; the header names {present}")]
    NoColumn { column: String, present: String },
    #[error("it cannot be read as CSV")]
    Csv(#[from] csv::Error),
    #[error(
        "line {line} has the columns {columns}: name the column with the ids, --id-column COLUMN, or write one id per line"
    )]
    Table { line: u64, columns: String },
    #[error("it is neither UTF-8 nor UTF-16 text; save it as UTF-8")]
    Encoding,
    #[error("it is larger than {} MiB; no list of ids is", LIMIT >> 20)]
    TooLarge,
    #[error("it cannot be read: {0}")]
    Read(#[from] io::Error),
    #[error("there is no device id in it")]
    Empty,
}

/// Ids of one `-i` value: separated by commas, spaces around them dropped.
///
/// # Errors
/// When a text between the commas is no id; the first such text is told.
pub fn from_commas(text: &str) -> Result<Vec<DeviceId>, DeviceIdError> {
    text.split(',').map(|id| DeviceId::wide(id.trim())).collect()
}

/// Ids of a file: one a line, empty lines and `#` comments passed over; or, with `column`, the named column of a CSV
/// with a header. Without `column` a line with several fields is refused: its other fields are no devices.
///
/// # Errors
/// The first line that holds no id, with its number.
pub fn from_reader(reader: impl io::Read, column: Option<&str>) -> Result<Vec<DeviceId>, IdListError> {
    let text = text(reader)?;
    let (text, skipped, delimiter) = delimited(&text, column)?;
    let mut rows = csv::ReaderBuilder::new()
        .has_headers(column.is_some())
        .delimiter(delimiter)
        .flexible(true)
        .trim(csv::Trim::All)
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let index = match column {
        Some(name) => column_index(rows.headers()?, name)?,
        None => 0,
    };
    let mut ids = Vec::new();
    for row in rows.records() {
        let row = row?;
        let line = row.position().map_or(0, csv::Position::line) + skipped;
        let text = row.get(index).unwrap_or_default();
        if text.is_empty() && row.len() <= 1 && column.is_none() {
            continue;
        }
        ids.push(DeviceId::wide(text).map_err(|source| IdListError::Line { line, source })?);
    }
    if ids.is_empty() { Err(IdListError::Empty) } else { Ok(ids) }
}

/// The whole text, as editors and spreadsheets save it.
fn text(reader: impl io::Read) -> Result<String, IdListError> {
    let mut bytes = Vec::new();
    reader.take(LIMIT + 1).read_to_end(&mut bytes)?;
    if bytes.len() as u64 > LIMIT {
        return Err(IdListError::TooLarge);
    }
    if let Some(text) = unicode::of_utf16(&bytes) {
        return Ok(text.to_string());
    }
    if bytes.contains(&0) {
        return Err(IdListError::Encoding);
    }
    let text = String::from_utf8(bytes).map_err(|_| IdListError::Encoding)?;
    Ok(text.strip_prefix('\u{feff}').map(str::to_owned).unwrap_or(text))
}

/// The rows, the number of lines before them, and the separator of their fields: the one that a first line `sep=` gives
/// (spreadsheets write it), or the one that splits the header.
fn delimited<'a>(text: &'a str, column: Option<&str>) -> Result<(&'a str, u64, u8), IdListError> {
    let said = text.strip_prefix("sep=").and_then(|rest| {
        let (separator, rows) = rest.split_once('\n')?;
        let separator = separator.trim_end_matches('\r').as_bytes().first().copied()?;
        SEPARATORS.contains(&char::from(separator)).then_some((rows, separator))
    });
    let (rows, skipped, said) = match said {
        Some((rows, separator)) => (rows, 1, Some(separator)),
        None => (text, 0, None),
    };
    let is_row = |line: &&str| !line.is_empty() && !line.starts_with('#');
    let fields =
        |line: &'a str, separator: char| line.split(separator).map(|field| field.trim().trim_matches('"'));
    let Some(column) = column else {
        for (number, line) in (1 + skipped..).zip(rows.lines().map(str::trim)).filter(|(_, line)| is_row(line))
        {
            if let Some(separator) = SEPARATORS.into_iter().find(|separator| line.contains(*separator)) {
                let columns = fields(line, separator).collect::<Vec<_>>().join(", ");
                return Err(IdListError::Table { line: number, columns });
            }
        }
        return Ok((rows, skipped, b','));
    };
    let first = rows.lines().map(str::trim).find(is_row).unwrap_or_default();
    let holds = |separator: &char| fields(first, *separator).any(|field| field == column);
    let most = || SEPARATORS.into_iter().max_by_key(|c| (first.matches(*c).count(), *c == ','));
    let separator = said.map(char::from).or_else(|| SEPARATORS.into_iter().find(holds)).or_else(most);
    Ok((rows, skipped, separator.and_then(|c| u8::try_from(c).ok()).unwrap_or(b',')))
}

fn column_index(header: &csv::StringRecord, name: &str) -> Result<usize, IdListError> {
    header.iter().position(|field| field == name).ok_or_else(|| IdListError::NoColumn {
        column: name.to_owned(),
        present: header.iter().collect::<Vec<_>>().join(", "),
    })
}

/// Checks that every platform takes these ids as they are.
///
/// # Errors
/// For the first id that is allowed only for devices that provision themselves.
pub fn all_plain(ids: &[DeviceId]) -> Result<(), DeviceIdError> {
    ids.iter().try_for_each(DeviceId::plain)
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
        let text = "\u{feff}a1\r\n# the second batch\n\n  b2  \nc3\n";
        assert_eq!(names(&from_reader(text.as_bytes(), None).unwrap()), ["a1", "b2", "c3"]);
    }

    #[test]
    fn a_named_csv_column() {
        let text = "serial,device id,place\n1,a1,\"Hall 2, left\"\n2,b2,x\n";
        assert_eq!(names(&from_reader(text.as_bytes(), Some("device id")).unwrap()), ["a1", "b2"]);
        let error = from_reader(text.as_bytes(), Some("id")).unwrap_err().to_string();
        assert_eq!(error, r#"there is no column "id"; the header names serial, device id, place"#);
    }

    #[test]
    fn tables_as_spreadsheets_and_shells_write_them() {
        let utf16 = |text: &str| -> Vec<u8> { text.encode_utf16().flat_map(u16::to_le_bytes).collect() };
        for text in [
            "no|id\n1|a1\n2|b2\n",
            "no,id\n1,a1\n2,b2\n",
            "no;id\n1;a1\n2;b2\n",
            "no\tid\n1\ta1\n2\tb2\n",
            "sep=;\r\nno;id\r\n1;a1\r\n2;b2\r\n",
        ] {
            for bytes in [text.as_bytes().to_vec(), utf16(&format!("\u{feff}{text}"))] {
                assert_eq!(names(&from_reader(&*bytes, Some("id")).unwrap()), ["a1", "b2"], "{text:?}");
            }
            let error = from_reader(text.as_bytes(), None).unwrap_err().to_string();
            assert!(error.contains("columns no, id") && error.contains("--id-column"), "{error}");
        }
        for plain in ["\u{feff}a1\r\nb2\r\n", "a1\r\nb2\r\n"] {
            assert_eq!(names(&from_reader(&*utf16(plain), None).unwrap()), ["a1", "b2"]);
        }
        assert!(
            matches!(from_reader(&*utf16("a1\n"), None), Err(IdListError::Encoding)),
            "too short to be told"
        );
        for (text, line) in [("a1,Sensor\nb2,Pump\n", 1), ("a1\n# x,y\nb2,Pump\n", 3), ("a1|x\n", 1)] {
            let error = from_reader(text.as_bytes(), None).unwrap_err().to_string();
            assert!(error.starts_with(&format!("line {line} has the columns ")), "{error}");
        }
        let error = from_reader("sep=;\nid;x\na1;1\n;2\n".as_bytes(), Some("id")).unwrap_err().to_string();
        assert_eq!(error, "line 4: a device id is empty");
        assert!(matches!(from_reader(io::repeat(b'a'), None), Err(IdListError::TooLarge)));
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
