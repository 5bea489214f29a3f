//! Which root certificate this fleet trusts: pinned on first use, never replaced in silence.

mod change;
pub(in crate::commands) mod lists;
mod retire;

pub(in crate::commands) use retire::retire;

use super::workspace::now;
use crate::{
    enroll::First,
    evidence::platform::{self, ListError, RootError, check_pin},
    failure::{Exit, Failure},
    fleet::{anchor, layout::Layout},
    output::Ui,
    pki::{
        certificate::{Certificate, Validity},
        fingerprint::Fingerprint,
    },
    platform::{Platform, Skew},
};

/// On which terms a root is taken.
#[derive(Clone, Copy, Debug, Default)]
pub struct Terms {
    /// It must have this fingerprint.
    pub pin: Option<Fingerprint>,
    /// It may take the place of the one on disk when it has this fingerprint.
    pub accept: Option<Fingerprint>,
    /// Keep it, and its revocation list, on disk.
    pub write: bool,
}

/// Compares the platform's root with the ones on disk and with the terms; writes it, and its revocation list, when
/// they agree. Returns the trust anchors of the fleet, the platform's root first.
pub(in crate::commands) async fn agree(
    platform: &dyn Platform,
    layout: &Layout,
    terms: Terms,
    ui: &Ui,
) -> Result<Vec<Certificate>, Failure> {
    let anchors = agree_on_root(platform, layout, terms, ui).await?;
    if terms.write {
        lists::keep(platform, layout, &anchors, ui).await?;
    }
    Ok(anchors)
}

/// The same without the revocation list.
pub(in crate::commands) async fn agree_on_root(
    platform: &dyn Platform,
    layout: &Layout,
    terms: Terms,
    ui: &Ui,
) -> Result<Vec<Certificate>, Failure> {
    let root =
        platform.root().await.map_err(|error| Failure::from(error).context("fetching the root certificate"))?;
    let skew = platform.clock_skew();
    if let Some(skew) = skew.filter(|skew| skew.is_serious()) {
        ui.warn(&format!("{}: dates are judged with this machine's", skew.words()));
    }
    settle(root, &platform.display_name(), skew, layout, terms, ui)
}

/// Takes `root`, wherever it came from, into the anchors of the fleet, on these terms.
pub(in crate::commands) fn settle(
    root: Certificate,
    place: &str,
    skew: Option<Skew>,
    layout: &Layout,
    terms: Terms,
    ui: &Ui,
) -> Result<Vec<Certificate>, Failure> {
    let fingerprint = root.fingerprint();
    check_pin(&root, terms.pin, place)?;
    usable(&root, place, skew)?;
    let held = anchor::read(layout).map_err(|error| Failure::new(Exit::Unsafe, error.to_string()))?;
    let before = held.clone();
    let anchors = match held {
        None => vec![root],
        Some(mut held) => {
            match held.iter().position(|one| *one == root) {
                // Newest first: the platform's own is the newest, also when it went back to an earlier one.
                Some(position) => held[..=position].rotate_right(1),
                None if terms.accept == Some(fingerprint) => held.insert(0, root),
                None => return Err(change::refused(&root, &held, layout, place, terms.accept)),
            }
            held
        }
    };
    if terms.write && before.is_none() && anchor::holds_nothing(layout) {
        ui.note(&format!(
            "{} held no certificate, as after a failed login of the shell tool: it is replaced",
            layout.ca_certificate().display()
        ));
    }
    if terms.write && before.as_ref() != Some(&anchors) {
        anchor::write(layout, &anchors)
            .map_err(|error| Failure::failed(format!("the root certificate cannot be written: {error}")))?;
        if before.is_some_and(|before| before.len() < anchors.len()) {
            ui.note(&format!(
                "accepted another root certificate; {} holds both until no device uses the old one",
                layout.ca_certificate().display()
            ));
        }
    }
    Ok(anchors)
}

/// Writes these anchors down once an answer of the platform proved them.
pub(in crate::commands) fn keep_later(layout: &Layout, anchors: &[Certificate]) -> First {
    let (layout, anchors) = (layout.clone(), anchors.to_vec());
    First::new(Box::new(move || {
        let written = anchor::write(&layout, &anchors);
        written.map_err(|error| format!("the root certificate cannot be written: {error}"))
    }))
}

/// The platform's root, which must be the pinned one.
pub(in crate::commands) async fn pinned_root(
    platform: &dyn Platform,
    pin: Option<Fingerprint>,
) -> Result<Certificate, Failure> {
    platform::root(platform, pin).await.map_err(Failure::from)
}

impl From<RootError> for Failure {
    fn from(error: RootError) -> Self {
        match error {
            RootError::Platform(error) => Self::from(error).context("fetching the root certificate"),
            RootError::NotPinned { .. } => Self::new(Exit::Unsafe, error.to_string())
                .hint("nothing was done; compare the fingerprint with the platform's operator"),
        }
    }
}

impl From<ListError> for Failure {
    fn from(error: ListError) -> Self {
        match error {
            ListError::Platform(error) => error.into(),
            ListError::NotItsOwn(_) => Self::new(Exit::Unsafe, error.to_string()),
        }
    }
}

fn usable(root: &Certificate, place: &str, skew: Option<Skew>) -> Result<(), Failure> {
    let broken = |what: String| {
        Failure::new(Exit::Unsafe, format!("the root certificate of {place} {what}")).hint(skew.map_or_else(
            || "check this machine's clock; if it is right, ask the platform's operator".to_owned(),
            Skew::advice,
        ))
    };
    if !root.is_ca {
        return Err(Failure::new(
            Exit::Unsafe,
            format!("the root certificate of {place} is not a CA certificate"),
        )
        .hint("check the address with the platform's operator"));
    }
    match root.validity_at(now()) {
        Validity::Valid => Ok(()),
        Validity::Expired => Err(broken(format!("expired at {}", root.not_after.moment()))),
        Validity::NotYetValid => Err(broken(format!(
            "is not valid before {}; it is {} here",
            root.not_before.moment(),
            now().moment()
        ))),
    }
}
