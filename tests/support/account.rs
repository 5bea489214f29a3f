//! Counts certificates where they are: in the platform's database and on the disk, not in a report.

use std::{collections::BTreeMap, path::Path};

use certreq::{
    fleet::{
        journal::{self, Event},
        layout::Layout,
        pair,
    },
    pki::fingerprint::Fingerprint,
};
use rusqlite::{Connection, OpenFlags};

/// Fingerprints of every certificate in an authority's database, oldest first, by device.
pub(crate) fn issued(authority: &Path) -> BTreeMap<String, Vec<Fingerprint>> {
    let database = Connection::open_with_flags(
        authority.join("authority.db"),
        OpenFlags::SQLITE_OPEN_READ_ONLY | OpenFlags::SQLITE_OPEN_NO_MUTEX,
    )
    .expect("the authority's database");
    let mut query = database.prepare("SELECT device, der FROM certificates ORDER BY id").expect("its table");
    let rows = query
        .query_map([], |row| Ok((row.get::<_, String>(0)?, row.get::<_, Vec<u8>>(1)?)))
        .expect("certificates");
    let mut found: BTreeMap<String, Vec<Fingerprint>> = BTreeMap::new();
    for row in rows {
        let (device, der) = row.expect("a certificate with an owner");
        found.entry(device).or_default().push(Fingerprint::of(&der));
    }
    found
}

/// Faults of a fleet in which `ids`, and no others, were issued exactly once, on a platform where each of them had
/// `before` certificates. An empty list: no fault.
pub(crate) fn wrong(fleet: &Path, authority: &Path, ids: &[String], before: usize) -> Vec<String> {
    let mut wrong = Vec::new();
    let issued = issued(authority);
    let layout = Layout::new(fleet);
    for id in ids {
        let there = issued.get(id).map(Vec::as_slice).unwrap_or_default();
        if there.len() != before + 1 {
            wrong.push(format!("{id}: {} certificates on the platform, not {}", there.len(), before + 1));
        }
        match pair::at(&fleet.join(format!("cert_{id}"))) {
            Ok(pair) if there.last() != Some(&pair.leaf.fingerprint()) => {
                wrong.push(format!("{id}: the pair on disk is not the platform's latest"));
            }
            Ok(_) => {}
            Err(reason) => wrong.push(format!("{id}: {reason}")),
        }
    }
    if let Some(stranger) = issued.keys().find(|id| !ids.contains(id)) {
        wrong.push(format!("{stranger}: nobody asked for it"));
    }
    let staged: Vec<_> = std::fs::read_dir(layout.staging()).expect(".certreq/staged").flatten().collect();
    if !staged.is_empty() {
        wrong.push(format!("{} staged directories are left", staged.len()));
    }
    for (directory, known) in [
        (layout.own(), &["lock", "crl.lock", "journal", "staged", "archive"][..]),
        (fleet.join("ca"), &["ca.pem", "crl.pem"]),
    ] {
        for entry in std::fs::read_dir(&directory).expect("a directory").flatten() {
            if !known.iter().any(|name| entry.file_name() == **name) {
                wrong.push(format!("{} is left", entry.path().display()));
            }
        }
    }
    wrong.extend(wrong_in_journal(&layout, ids));
    wrong
}

/// Every certificate is accounted for, in one line each.
fn wrong_in_journal(layout: &Layout, ids: &[String]) -> Vec<String> {
    let records = match journal::read(&layout.journal()) {
        Ok(records) => records,
        Err(error) => return vec![error.to_string()],
    };
    let mut published: Vec<String> = records
        .iter()
        .filter(|record| matches!(record.event, Event::Published { .. }))
        .map(|record| record.device.clone())
        .collect();
    published.sort();
    let mut expected = ids.to_vec();
    expected.sort();
    let mut wrong = Vec::new();
    if published != expected {
        wrong.push(format!("the journal tells of {} published pairs, not {}", published.len(), ids.len()));
    }
    wrong
}
