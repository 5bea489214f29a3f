//! `services.json` beside a pair: the services that accept its certificate, as the platform named them.

use std::{collections::BTreeMap, path::Path};

use super::layout::SERVICES_FILE;
use crate::custody;

/// Octets of the longest list.
const LONGEST: u64 = 256 * 1024;

/// Names and URLs; empty where there is no such file, or it cannot be read. Escape them before a terminal sees them.
#[must_use]
pub fn beside(directory: &Path) -> BTreeMap<String, String> {
    let text = custody::read_text(&directory.join(SERVICES_FILE), LONGEST);
    text.ok().and_then(|text| serde_json::from_str(&text).ok()).unwrap_or_default()
}
