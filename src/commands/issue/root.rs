//! Which root certificate this fleet trusts: pinned on first use, never replaced in silence.

use crate::{
    commands::workspace::now,
    failure::{Exit, Failure},
    fleet::{anchor, layout::Layout},
    output::Ui,
    pki::{
        certificate::{Certificate, Validity},
        crl,
        fingerprint::Fingerprint,
    },
    platform::{Platform, Skew},
};

/// On which terms a root is taken.
#[derive(Clone, Copy, Debug)]
pub(in crate::commands) struct Terms {
    /// It must have this fingerprint.
    pub(in crate::commands) pin: Option<Fingerprint>,
    /// Keep it, and its revocation list, on disk.
    pub(in crate::commands) write: bool,
}

/// Compares the platform's root with the one on disk and with the pin; writes it, and its revocation list, when
/// they agree. Returns the trust anchors of the fleet.
pub(in crate::commands) async fn agree<P: Platform>(
    platform: &P,
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
    let fingerprint = root.fingerprint();
    if terms.pin.is_some_and(|pin| pin != fingerprint) {
        return Err(Failure::new(
            Exit::Unsafe,
            format!(
                "the root certificate of {} is not the one of --ca-fingerprint: it has {fingerprint}",
                platform.place()
            ),
        )
        .hint("nothing was asked for; compare the fingerprint with the platform's operator"));
    }
    usable(&root, &platform.place(), skew)?;
    let held = anchor::read(layout).map_err(|error| Failure::new(Exit::Unsafe, error.to_string()))?;
    let anchors = match held {
        Some(held) if !held.contains(&root) => {
            return Err(another_root(&root, &held, layout, &platform.place()));
        }
        Some(held) => held,
        None => vec![root],
    };
    if terms.write {
        let failed = |error| Failure::failed(format!("the root certificate cannot be written: {error}"));
        if !layout.ca_certificate().exists() {
            anchor::write(layout, &anchors).map_err(failed)?;
        }
        keep_revocation_list(platform, layout, &anchors, ui).await?;
    }
    Ok(anchors)
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
        .hint("ask the platform's operator what answers at this address"));
    }
    match root.validity_at(now()) {
        Validity::Valid => Ok(()),
        Validity::Expired => Err(broken(format!("expired at {}", root.not_after))),
        Validity::NotYetValid => {
            Err(broken(format!("is not valid before {}; it is {} here", root.not_before, now())))
        }
    }
}

fn another_root(root: &Certificate, held: &[Certificate], layout: &Layout, place: &str) -> Failure {
    let known: Vec<String> = held.iter().map(|certificate| certificate.fingerprint().to_string()).collect();
    Failure::new(
        Exit::Unsafe,
        format!(
            "{place} has another root certificate than {}\n  here:  {}\n  there: {}",
            layout.ca_certificate().display(),
            known.join("\n         "),
            root.fingerprint(),
        ),
    )
    .hint("nothing was asked for; use another --dir for another platform, or ask the operator whether the root was renewed")
}

/// The list is a courtesy to brokers: a platform without one still issues.
async fn keep_revocation_list<P: Platform>(
    platform: &P,
    layout: &Layout,
    anchors: &[Certificate],
    ui: &Ui,
) -> Result<(), Failure> {
    let pem = match platform.crl().await {
        Ok(pem) => pem,
        Err(error) => {
            ui.warn(&format!("ca/crl.pem was not written: {error}"));
            return Ok(());
        }
    };
    match crl::verified_from_pem(&pem, anchors) {
        Ok(der) => anchor::write_revocation_list(layout, &crate::pki::pem::encode(crl::LABEL, &der))
            .map_err(|error| Failure::failed(format!("the revocation list cannot be written: {error}"))),
        Err(error) => {
            ui.warn(&format!(
                "ca/crl.pem was not written: the platform's revocation list is not its own: {error}"
            ));
            Ok(())
        }
    }
}
