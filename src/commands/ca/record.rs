//! Fetched as JSON and as text.

use anstyle::Style;
use serde::Serialize;

use crate::{
    fleet::layout::Layout,
    output::Block,
    pki::{certificate::Certificate, time::Time},
};

/// One root.
#[derive(Serialize)]
pub(super) struct Root {
    subject: String,
    fingerprint: String,
    serial: String,
    not_before: Time,
    not_after: Time,
}

impl Root {
    pub(super) fn of(root: &Certificate) -> Self {
        Self {
            subject: root.subject.clone(),
            fingerprint: root.fingerprint().to_string(),
            serial: root.serial.clone(),
            not_before: root.not_before,
            not_after: root.not_after,
        }
    }
}

/// Result of `ca fetch`: the roots on disk, and their file.
#[derive(Serialize)]
pub(super) struct Fetched {
    schema: &'static str,
    file: String,
    roots: Vec<Root>,
}

impl Fetched {
    pub(super) fn of(layout: &Layout, anchors: &[Certificate]) -> Self {
        Self {
            schema: "certreq.ca.fetch/1",
            file: layout.ca_certificate().display().to_string(),
            roots: anchors.iter().map(Root::of).collect(),
        }
    }
}

/// A heading and the facts below it.
pub(super) fn describe(block: &mut Block, word: &str, place: &str, root: &Certificate) {
    block.heading(Style::new().bold(), word, place);
    block.field("subject", &root.subject);
    block.field("valid", &format!("{} to {}", root.not_before.moment(), root.not_after.moment()));
    block.field("SHA-256", &root.fingerprint().to_string());
}
