//! `certreq ca`: the platform's root, its revocation list, and the CAs it trusts beside it.

mod bundle;
mod crl;
mod record;
mod show;
mod trust;

use std::path::PathBuf;

use serde::Serialize;

use super::{
    anchor::{self, Terms},
    workspace,
};
use crate::{
    commands::stdout::written,
    failure::{Exit, Failure},
    fleet::{
        layout::Layout,
        lock::{FleetLock, LockError},
    },
    output::Ui,
    pki::{certificate::Certificate, fingerprint::Fingerprint},
    platform::{Platform, trust_store_of},
};

/// Plan of `certreq ca`: the action, and its directory.
#[derive(Clone, Debug)]
pub struct Plan {
    pub dir: PathBuf,
    pub root: Terms,
    pub json: bool,
    pub action: Action,
}

#[derive(Clone, Debug)]
pub enum Action {
    Show,
    Fetch,
    Crl {
        watch: bool,
        /// The lists of these parts, in place of the whole one.
        parts: Vec<(u16, u16)>,
    },
    /// To a file, or to stdout.
    Bundle {
        out: Option<PathBuf>,
    },
    Trust {
        root: Box<Certificate>,
        auto: bool,
    },
    Trusted,
    Distrust {
        ca: Fingerprint,
        yes: bool,
    },
    AutoRegistration {
        ca: Fingerprint,
        allow: bool,
    },
}

/// Does it.
///
/// # Errors
/// When the platform refuses or cannot be reached, when a root is another than the one on disk, or the disk refuses.
pub async fn run(platform: &dyn Platform, plan: Plan, ui: &Ui) -> Result<Exit, Failure> {
    let layout = Layout::new(&plan.dir);
    let say = Say { json: plan.json, ui };
    let store = || trust_store_of(platform, "ca trust");
    match plan.action {
        Action::Show => show::run(platform, &layout, say).await,
        Action::Fetch => fetch(platform, &layout, plan.root, say).await,
        Action::Crl { watch, parts } => crl::run(platform, &layout, plan.root, watch, &parts, say).await,
        Action::Bundle { out } => bundle::run(platform, &layout, plan.root, out.as_deref(), ui).await,
        Action::Trust { root, auto } => trust::add(store()?, &root, auto, say).await,
        Action::Trusted => trust::list(store()?, say).await,
        Action::Distrust { ca, yes } => trust::remove(store()?, &ca, yes, say).await,
        Action::AutoRegistration { ca, allow } => trust::auto_registration(store()?, &ca, allow, say).await,
    }
}

/// The form of the output.
#[derive(Clone, Copy)]
struct Say<'a> {
    json: bool,
    ui: &'a Ui,
}

impl Say<'_> {
    /// One answer: an object, or lines.
    fn answer(self, record: &impl Serialize, text: &str) -> Result<(), Failure> {
        written(if self.json { self.ui.json(record) } else { self.ui.text(text.trim_end()) })
    }
}

async fn fetch(platform: &dyn Platform, layout: &Layout, terms: Terms, say: Say<'_>) -> Result<Exit, Failure> {
    let lock = lock(layout)?;
    let anchors = anchor::agree(platform, layout, terms, say.ui).await?;
    anchor::retire(layout, say.ui);
    drop(lock);
    let record = record::Fetched::of(layout, &anchors);
    let text: Vec<String> = anchors
        .first()
        .map(|root| format!("{}  {}", layout.ca_certificate().display(), root.fingerprint()))
        .into_iter()
        .collect();
    say.answer(&record, &text.join("\n"))?;
    Ok(Exit::Done)
}

fn lock(layout: &Layout) -> Result<FleetLock, Failure> {
    FleetLock::take(layout, false).map_err(|error| match error {
        LockError::Exposed { path, why } => workspace::exposed(&path, &why),
        LockError::Disk(error) => Failure::failed(format!("the directory cannot be used: {error}")),
        busy @ LockError::Busy(_) => {
            Failure::new(Exit::Unsafe, busy.to_string()).hint("wait until it ends, then run this again")
        }
    })
}
