//! Devices and their out-of-band secrets in a file: CSV with a header, or JSON as it travels.

use std::{io, path::Path};

use serde_json::Value;
use zeroize::Zeroizing;

use crate::{custody, device_id::DeviceId, failure::Failure, pki::idprov::OobSecret};

/// Octets of the longest list.
const LIMIT: usize = 64 << 20;

/// Names that a column may have.
const ID: [&str; 4] = ["deviceID", "id", "device", "device_id"];
const SECRET: [&str; 2] = ["oobSecret", "secret"];
const UNTIL: [&str; 2] = ["validUntil", "valid_until"];

/// One device of a list.
pub(super) struct Listed {
    pub(super) device: DeviceId,
    pub(super) secret: Zeroizing<String>,
    /// As it is sent; empty for the server's own limit.
    pub(super) valid_until: String,
}

/// Reads a list; each device stands in it once.
///
/// # Errors
/// A list that cannot be read, with the line; no part of a secret is repeated.
pub(super) fn read(path: &Path) -> Result<Vec<Listed>, Failure> {
    let shown = path.display().to_string();
    let failed = |why: String| Failure::usage(format!("the secrets of {shown}: {why}"));
    let text = if path == Path::new("-") {
        custody::read_secret(io::stdin().lock(), LIMIT)
    } else {
        custody::open(path).and_then(|file| custody::read_secret(file, LIMIT))
    };
    let text = text.map_err(|error| failed(error.to_string()))?;
    let is_json = text.trim_start().starts_with(['[', '{']);
    let listed = if is_json { from_json(&text) } else { from_csv(&text) }.map_err(failed)?;
    let mut seen = std::collections::HashSet::new();
    if let Some(twice) = listed.iter().find(|one| !seen.insert(one.device.clone())) {
        return Err(failed(format!("the device {} is listed twice", twice.device)));
    }
    if listed.is_empty() { Err(failed("there is no device".to_owned())) } else { Ok(listed) }
}

fn from_json(text: &str) -> Result<Vec<Listed>, String> {
    let value: Value = serde_json::from_str(text)
        .map_err(|error| format!("it is not JSON (line {}, column {})", error.line(), error.column()))?;
    let entries = match value {
        Value::Array(entries) => entries,
        one => vec![one],
    };
    let one = |(number, entry): (usize, Value)| {
        let at = |why: String| format!("entry {}: {why}", number + 1);
        let read = OobSecret::from_value(entry).map_err(|error| at(error.to_string()))?;
        listed(&read.device_id, read.secret, read.valid_until).map_err(at)
    };
    entries.into_iter().enumerate().map(one).collect()
}

fn from_csv(text: &str) -> Result<Vec<Listed>, String> {
    let mut rows = csv::ReaderBuilder::new()
        .flexible(true)
        .trim(csv::Trim::All)
        .comment(Some(b'#'))
        .from_reader(text.as_bytes());
    let header = rows.headers().map_err(|_| "it is not CSV".to_owned())?.clone();
    let column = |names: &[&str]| {
        header.iter().position(|field| names.iter().any(|name| field.eq_ignore_ascii_case(name)))
    };
    let (Some(id), Some(secret)) = (column(&ID), column(&SECRET)) else {
        return Err("its first line must name the columns id and secret".to_owned());
    };
    let until = column(&UNTIL);
    let mut all = Vec::new();
    for row in rows.records() {
        let row = row.map_err(|_| "it is not CSV".to_owned())?;
        let line = row.position().map_or(0, csv::Position::line);
        let field = |at: Option<usize>| at.and_then(|at| row.get(at)).unwrap_or_default();
        let secret = Zeroizing::new(field(Some(secret)).to_owned());
        let one = listed(field(Some(id)), secret, field(until).to_owned());
        all.push(one.map_err(|why| format!("line {line}: {why}"))?);
    }
    Ok(all)
}

fn listed(id: &str, secret: Zeroizing<String>, valid_until: String) -> Result<Listed, String> {
    let device = DeviceId::wide(id).map_err(|error| error.to_string())?;
    if secret.is_empty() {
        return Err(format!("the device {device} has no secret"));
    }
    Ok(Listed { device, secret, valid_until })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn csv_and_json_are_read_alike_and_mistakes_are_named_by_line() {
        let csv = "id,site,secret,valid_until\nAA:BB:CC:DD:EE:FF,x,\"a, b\",\ndev2,y,s2,2030-01-01\n";
        let json = r#"[{"deviceID":"AA:BB:CC:DD:EE:FF","oobSecret":"a, b"},
            {"deviceID":"dev2","oobSecret":"s2","validUntil":"2030-01-01"}]"#;
        let shown = |all: Vec<Listed>| -> Vec<String> {
            all.iter().map(|one| format!("{} {} {}", one.device, *one.secret, one.valid_until)).collect()
        };
        let expected = ["AA:BB:CC:DD:EE:FF a, b ", "dev2 s2 2030-01-01"];
        assert_eq!(shown(from_csv(csv).unwrap()), expected);
        assert_eq!(shown(from_json(json).unwrap()), expected);
        assert_eq!(from_csv("id,secret\na,b\n../x,c\n").err().unwrap().split(':').next(), Some("line 3"));
        assert_eq!(from_csv("id,secret\na,\n").err().unwrap(), "line 2: the device a has no secret");
        assert!(from_csv("a,b\n").err().unwrap().contains("columns id and secret"));
        assert!(from_json(r#"[{"deviceID":"a"}]"#).err().unwrap().starts_with("entry 1: the field oobSecret"));
    }
}
