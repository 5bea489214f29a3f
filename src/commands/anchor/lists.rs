//! The revocation lists of the fleet's roots: `ca/crl.pem`, never an older one over a newer one.

use std::path::{Path, PathBuf};

use crate::{
    evidence::platform,
    failure::Failure,
    fleet::{
        anchor,
        layout::Layout,
        lock::{ListLock, LockError},
    },
    output::Ui,
    pki::{
        certificate::Certificate,
        crl::{self, Crl},
        pem,
        time::Time,
    },
    platform::{ErrorKind, Platform},
};

/// Result of fetching the list.
#[derive(Debug)]
pub(in crate::commands) enum Kept {
    /// It is on disk now.
    Fresh(Fresh),
    /// The platform gave an older list than the one on disk, which stays; the text is the warning.
    Older(String),
}

/// The platform's list, which is on disk.
#[derive(Debug)]
pub(in crate::commands) struct Fresh {
    pub(in crate::commands) number: Option<String>,
    pub(in crate::commands) this_update: Time,
    pub(in crate::commands) next_update: Option<Time>,
    /// How many entries it has.
    pub(in crate::commands) revoked: usize,
    /// It was not there before.
    pub(in crate::commands) changed: bool,
}

/// Why no list was kept. A list on disk is there still.
#[derive(Debug, thiserror::Error)]
pub(in crate::commands) enum ListError {
    #[error(transparent)]
    Platform(#[from] platform::ListError),
    #[error("the revocation list cannot be written: {0}")]
    Disk(String),
}

/// The list is a courtesy to brokers: a platform without one still issues.
pub(super) async fn keep(
    platform: &dyn Platform,
    layout: &Layout,
    anchors: &[Certificate],
    ui: &Ui,
) -> Result<(), Failure> {
    match refresh(platform, layout, anchors, None).await {
        Ok(Kept::Fresh(_)) => {}
        Ok(Kept::Older(words)) => ui.warn(&words),
        // The platform offers no list, so a warning would be of no use.
        Err(ListError::Platform(platform::ListError::Platform(error)))
            if error.kind == ErrorKind::NotOffered => {}
        Err(error @ ListError::Disk(_)) => return Err(Failure::failed(error.to_string())),
        Err(error) => ui.warn(&format!("ca/crl.pem was not written: {error}")),
    }
    Ok(())
}

/// Message about a list that is older than the one on disk.
fn older(offered: &Crl, held: &Crl) -> String {
    let number =
        |list: &Crl| list.number().map_or_else(|| list.this_update().to_string(), |n| format!("number {n}"));
    format!(
        "ca/crl.pem was not written: the platform's revocation list is older ({}) than the one here ({})",
        number(offered),
        number(held)
    )
}

/// A part of the revocations, from 0, and how many parts there are.
pub(in crate::commands) type Part = (u16, u16);

/// The file of a list.
pub(in crate::commands) fn file(layout: &Layout, part: Option<Part>) -> PathBuf {
    part.map_or_else(|| layout.ca_revocation_list(), |(part, of)| layout.ca_partition_list(part, of))
}

/// Fetches the platform's list, or that of a part, checks its signature, and writes it beside those of the other roots.
pub(in crate::commands) async fn refresh(
    platform: &dyn Platform,
    layout: &Layout,
    anchors: &[Certificate],
    part: Option<Part>,
) -> Result<Kept, ListError> {
    let text = match part {
        None => platform.crl().await,
        Some((part, of)) => platform.crl_of_part(part, of).await,
    };
    let (text, file) = (text.map_err(platform::ListError::from)?, file(layout, part));
    let (layout, anchors) = (layout.clone(), anchors.to_vec());
    // Lists may be long, and the lock may be held by another run for a moment.
    tokio::task::spawn_blocking(move || put(&text, &layout, &file, &anchors))
        .await
        .map_err(|error| ListError::Disk(error.to_string()))?
}

fn put(text: &str, layout: &Layout, file: &Path, anchors: &[Certificate]) -> Result<Kept, ListError> {
    let list = platform::own_list(text, anchors).map_err(platform::ListError::from)?;
    if list.is_delta() {
        let why = crl::CrlError::Malformed("it is a delta list: changes only".to_owned());
        return Err(platform::ListError::from(why).into());
    }
    let _turn = ListLock::take(layout).map_err(|error| match error {
        LockError::Disk(error) => ListError::Disk(error.to_string()),
        exposed @ LockError::Exposed { .. } => ListError::Disk(exposed.to_string()),
        LockError::Busy(place) => ListError::Disk(format!("{place} is in use")),
    })?;
    let held = anchor::lists_in(file);
    let before: String = held.iter().map(encoded).collect();
    let issuer = |list: &Crl| anchors.iter().position(|root| list.check_issuer(root).is_ok());
    let mine = issuer(&list);
    // Lists of roots that are trusted no longer go.
    let mut lists: Vec<(Option<usize>, Crl)> =
        held.into_iter().map(|list| (issuer(&list), list)).filter(|(root, _)| root.is_some()).collect();
    if let Some(newer) = lists.iter().position(|(root, held)| *root == mine && list.is_older_than(held)) {
        return Ok(Kept::Older(older(&list, &lists.swap_remove(newer).1)));
    }
    lists.retain(|(root, _)| *root != mine);
    let fresh = Fresh {
        number: list.number(),
        this_update: list.this_update(),
        next_update: list.next_update(),
        revoked: list.len(),
        changed: true,
    };
    lists.push((mine, list));
    lists.sort_by_key(|(root, _)| *root);
    let after: String = lists.iter().map(|(_, list)| encoded(list)).collect();
    if before == after {
        return Ok(Kept::Fresh(Fresh { changed: false, ..fresh }));
    }
    anchor::write_revocation_list(layout, file, &after).map_err(|error| ListError::Disk(error.to_string()))?;
    Ok(Kept::Fresh(fresh))
}

fn encoded(list: &Crl) -> String {
    pem::encode(crl::LABEL, list.der())
}
