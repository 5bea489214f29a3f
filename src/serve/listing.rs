//! Query strings of the lists: pages, fields and filters.

use axum::{
    extract::Query,
    http::{StatusCode, Uri},
};
use serde_json::{Value, json};

use super::{problem::Problem, record::CERTIFICATE_FIELDS};
use crate::{
    authority::repository::{Field, FieldValue, Test},
    pki::{fingerprint::Fingerprint, time::Time},
};

const DEFAULT_LIMIT: u64 = 25;
const LARGEST_LIMIT: u64 = 250;

/// The decoded parameters, in order; none when the query cannot be decoded.
pub(super) fn pairs(uri: &Uri) -> Vec<(String, String)> {
    Query::<Vec<(String, String)>>::try_from_uri(uri).map(|query| query.0).unwrap_or_default()
}

/// One page of a list.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Page {
    pub number: u64,
    pub limit: u64,
    pub offset: u64,
}

impl Page {
    /// `page` and `limit` as the platform reads them: nonsense means the default, and a limit below one also
    /// means that every page is the first.
    pub(super) fn read(pairs: &[(String, String)]) -> Self {
        let number = |key: &str| {
            let text = pairs.iter().find(|(name, _)| name == key).map(|(_, value)| value.trim());
            text.and_then(|text| text.parse::<i64>().ok())
        };
        let page = number("page").and_then(|page| u64::try_from(page).ok()).filter(|page| *page >= 1);
        let page = page.unwrap_or(1);
        match number("limit").unwrap_or(25) {
            limit if limit <= 0 => Self { number: page, limit: DEFAULT_LIMIT, offset: 0 },
            limit => {
                let limit = limit.unsigned_abs().min(LARGEST_LIMIT);
                Self { number: page, limit, offset: (page - 1).saturating_mul(limit) }
            }
        }
    }

    /// The `paging` object. Its URLs show the path behind the gateway.
    pub(super) fn paging(self, uri: &Uri, total: u64) -> Value {
        let pages = total.div_ceil(self.limit);
        let path = uri.path().replacen("/x509", "/api", 1);
        let kept: Vec<&str> = uri
            .query()
            .unwrap_or_default()
            .split('&')
            .filter(|pair| !pair.is_empty() && !matches!(pair.split('=').next(), Some("page" | "limit")))
            .collect();
        let link = |number: u64| {
            let mut query = vec![format!("limit={}", self.limit), format!("page={number}")];
            query.extend(kept.iter().map(ToString::to_string));
            json!({ "number": number, "url": format!("{path}?{}", query.join("&")) })
        };
        json!({
            "previous": (self.number > 1).then(|| link(self.number - 1)),
            "current": link(self.number),
            "next": (self.number < pages).then(|| link(self.number + 1)),
            "totalItems": total,
            "totalPages": pages,
            "limitPerPage": self.limit,
        })
    }
}

/// The fields named by `fields=`, all of which must be among `known`; none named means all.
pub(super) fn fields(pairs: &[(String, String)], known: &[&str]) -> Result<Vec<String>, Problem> {
    let Some((_, named)) = pairs.iter().find(|(name, _)| name == "fields") else { return Ok(Vec::new()) };
    let named: Vec<String> =
        named.split(',').map(str::trim).filter(|field| !field.is_empty()).map(str::to_owned).collect();
    let wrong: Vec<&str> = named.iter().map(String::as_str).filter(|field| !known.contains(field)).collect();
    if wrong.is_empty() {
        return Ok(named);
    }
    let message = format!("The fields provided are not valid: [{}]", wrong.join(","));
    Err(Problem::x509(StatusCode::BAD_REQUEST, message))
}

/// The filters of `keyVal=key=value[,key=value]`. `null` means missing, `!value` anything else. A key that is no
/// field is ignored, as on the platform: the answer then holds everything.
pub(super) fn key_values(pairs: &[(String, String)]) -> Result<Vec<(Field, Test)>, Problem> {
    let mut given = pairs.iter().filter(|(name, _)| name == "keyVal").map(|(_, value)| value);
    let Some(text) = given.next() else { return Ok(Vec::new()) };
    if given.next().is_some() {
        return Err(Problem::unexpected("keyVal was given twice"));
    }
    let mut tests: Vec<(Field, Test)> = Vec::new();
    for condition in text.split(',') {
        let mut parts = condition.split(['=', ':', '|']);
        let (Some(key), Some(value)) = (parts.next(), parts.next()) else { continue };
        if let Some(test) = test(key, value)? {
            // The last one of a key wins.
            tests.retain(|(field, _)| *field != test.0);
            tests.push(test);
        }
    }
    Ok(tests)
}

fn test(key: &str, wanted: &str) -> Result<Option<(Field, Test)>, Problem> {
    if !CERTIFICATE_FIELDS.contains(&key) {
        return Ok(None);
    }
    let field = match key {
        "fingerprint" => Field::Fingerprint,
        "caFingerprint" => Field::CaFingerprint,
        "subjectDN" => Field::SubjectDn,
        "issuedByDojotPki" => Field::IssuedHere,
        "autoRegistered" => Field::AutoRegistered,
        "belongsTo.device" => Field::Device,
        "belongsTo.application" => Field::Application,
        "validity.notBefore" => Field::NotBefore,
        "validity.notAfter" => Field::NotAfter,
        "createdAt" => Field::CreatedAt,
        "modifiedAt" => Field::ModifiedAt,
        // The tenant is the caller's own in any case.
        _ => return Ok(None),
    };
    let test = match wanted.strip_prefix('!') {
        _ if wanted.eq_ignore_ascii_case("null") || wanted == "!" => Test::Missing,
        Some(other) => Test::IsNot(value(field, other)?),
        None => Test::Is(value(field, wanted)?),
    };
    Ok(Some((field, test)))
}

fn value(field: Field, text: &str) -> Result<FieldValue, Problem> {
    Ok(match field {
        Field::SubjectDn | Field::Device | Field::Application => FieldValue::Text(text.to_owned()),
        // A text that is no fingerprint equals that of no record.
        Field::Fingerprint | Field::CaFingerprint => {
            let digest = text.parse::<Fingerprint>().map(|one| one.as_bytes().to_vec());
            FieldValue::Bytes(digest.unwrap_or_default())
        }
        Field::IssuedHere | Field::AutoRegistered => match text {
            "true" | "1" | "yes" => FieldValue::Flag(true),
            "false" | "0" | "no" => FieldValue::Flag(false),
            _ => return Err(Problem::unexpected("a filter value is not a boolean")),
        },
        Field::NotBefore | Field::NotAfter | Field::CreatedAt | Field::ModifiedAt => {
            match text.parse::<jiff::Timestamp>() {
                Ok(time) => FieldValue::Time(Time::from_unix(time.as_second())),
                Err(_) => return Err(Problem::unexpected("a filter value is not a time")),
            }
        }
    })
}

/// A fingerprint from a path, in upper case and with colons, and parsed when it is one. A single character breaks the
/// platform, which looks for pairs of them.
pub(super) fn fingerprint(text: &str) -> Result<(String, Option<Fingerprint>), Problem> {
    let mut shown = text.to_uppercase();
    if shown.chars().count() < 2 {
        return Err(Problem::unexpected("a path ends in a single character where a fingerprint is expected"));
    }
    if !shown.contains(':') {
        let characters: Vec<char> = shown.chars().collect();
        let pairs = characters.chunks_exact(2).map(|pair| pair.iter().collect::<String>());
        shown = pairs.collect::<Vec<_>>().join(":");
    }
    let parsed = shown.parse().ok();
    Ok((shown, parsed))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(query: &str) -> (u64, u64, u64) {
        let uri: Uri = format!("/x509/v1/certificates?{query}").parse().unwrap();
        let page = Page::read(&pairs(&uri));
        (page.number, page.limit, page.offset)
    }

    #[test]
    fn pages_are_read_as_the_platform_reads_them() {
        assert_eq!(page(""), (1, 25, 0));
        assert_eq!(page("page=3&limit=10"), (3, 10, 20));
        assert_eq!(page("page=2&limit=9999"), (2, 250, 250));
        assert_eq!(page("page=-1&limit=x"), (1, 25, 0));
        assert_eq!(page("page=7&limit=0"), (7, 25, 0), "always the first page");
    }

    #[test]
    fn fingerprints_in_paths_come_in_any_spelling() {
        let known = Fingerprint::of(b"x");
        let plain = known.to_string().replace(':', "").to_lowercase();
        assert_eq!(fingerprint(&plain).unwrap(), (known.to_string(), Some(known)));
        assert_eq!(fingerprint("null").unwrap(), ("NU:LL".to_owned(), None));
        assert!(fingerprint("é").is_err() && fingerprint("a").is_err());
    }
}
