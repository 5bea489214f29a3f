//! What is known about revocation, from all the places that may be asked, in their order.

use std::{path::PathBuf, sync::Arc};

use super::{
    bundle,
    online::{Fetcher, Online},
};
use crate::pki::{
    certificate::Certificate,
    crl::{Certified, Crl, CrlSet},
    revocation::Revocation,
    time::Time,
};

/// One place that was named for lists.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ListPlace {
    /// A file, a bundle, or a directory.
    Path(PathBuf),
    /// http or https.
    Url(String),
}

impl From<&str> for ListPlace {
    fn from(text: &str) -> Self {
        let is_url = ["http://", "https://"].iter().any(|scheme| text.starts_with(scheme));
        if is_url { Self::Url(text.to_owned()) } else { Self::Path(PathBuf::from(text)) }
    }
}

/// Lists at hand first; what certificates name themselves only if that was asked for, and only when the lists at
/// hand do not settle it.
#[derive(Debug, Default)]
pub struct Sources {
    lists: CrlSet,
    online: Option<Arc<Online>>,
}

impl Sources {
    /// Lists that are already there: the platform's, for example.
    #[must_use]
    pub fn new(lists: CrlSet, online: Option<Arc<Online>>) -> Self {
        Self { lists, online }
    }

    /// The lists at hand.
    #[must_use]
    pub fn lists(&self) -> &CrlSet {
        &self.lists
    }

    /// The state of `certificate` at `at`; `issuer` must be the one whose key signed it.
    pub async fn status(&self, certificate: &Certificate, issuer: &Certificate, at: Time) -> Revocation {
        self.status_among(certificate, issuer, Certified::default(), at).await
    }

    /// Like [`Self::status`]; lists may be signed with other keys that `around` certifies.
    pub async fn status_among(
        &self,
        certificate: &Certificate,
        issuer: &Certificate,
        around: Certified<'_>,
        at: Time,
    ) -> Revocation {
        let local = self.lists.status_among(certificate, issuer, around, at);
        match &self.online {
            Some(online) if !local.state.is_conclusive() => {
                let remote = online.status(certificate, issuer, at, &self.lists).await;
                // Nothing at hand is no news when a server was asked.
                let answers = if self.lists.is_empty() { vec![remote] } else { vec![remote, local] };
                Revocation::decide(answers).unwrap_or_else(|| Revocation::unknown("nothing was asked"))
            }
            _ => local,
        }
    }
}

/// Adds the lists of a file that was not named: they are asked only where those that were named are not of the issuer.
///
/// # Errors
/// Why it cannot be read.
pub fn load_spare(path: &std::path::Path, set: &mut CrlSet) -> Result<(), String> {
    let lists = bundle::lists(path).map_err(|error| format!("{}: {error}", path.display()))?;
    for list in lists {
        set.add_spare(list, path.display().to_string());
    }
    Ok(())
}

/// Adds the lists of a named place to `set`; one that cannot be read is an error, for it was named. Returns the files of
/// a directory that could not be read, each with its name and why: somebody should be told.
///
/// # Errors
/// Why it cannot be read.
pub async fn load(place: &ListPlace, fetcher: &Fetcher, set: &mut CrlSet) -> Result<Vec<String>, String> {
    match place {
        ListPlace::Path(path) => {
            let read = bundle::readable_lists(path).map_err(|error| format!("{}: {error}", path.display()))?;
            for list in read.items {
                set.add(list, path.display().to_string());
            }
            Ok(read.unread)
        }
        ListPlace::Url(url) => {
            let bytes = fetcher.get(url).await.map_err(|error| format!("{url}: {error}"))?;
            set.add(Crl::from_bytes(bytes).map_err(|error| format!("{url}: {error}"))?, url.as_str());
            Ok(Vec::new())
        }
    }
}
