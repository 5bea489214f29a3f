//! `certreq ca bundle`: every CA whose certificates the platform accepts, as one PEM file.

use std::path::Path;

use super::trust;
use crate::{
    commands::anchor::{self, Terms},
    commands::stdout::written,
    failure::{Exit, Failure},
    fleet::{anchor as disk, layout::Layout},
    output::{Ui, count},
    pki::certificate::{Certificate, Validity},
    platform::{ErrorKind, Platform, PlatformError, TrustedCa, trust_store_of},
};

async fn trusted_cas(platform: &dyn Platform) -> Result<Vec<TrustedCa>, PlatformError> {
    trust_store_of(platform, "ca bundle")?.trusted_cas().await
}

pub(super) async fn run(
    platform: &dyn Platform,
    layout: &Layout,
    terms: Terms,
    out: Option<&Path>,
    ui: &Ui,
) -> Result<Exit, Failure> {
    let terms = Terms { write: false, ..terms };
    let mut bundle = anchor::agree_on_root(platform, layout, terms, ui).await?;
    let listed = match trusted_cas(platform).await {
        Ok(listed) => listed,
        // A platform without this list accepts its own root only.
        Err(error) if matches!(error.kind, ErrorKind::NotOffered | ErrorKind::Pretended) => {
            ui.warn(&format!("{}; the bundle holds its own root alone", error.message));
            Vec::new()
        }
        Err(error) if error.kind == ErrorKind::Forbidden => {
            return Err(Failure::from(error).hint("its own root alone: certreq ca fetch"));
        }
        Err(error) => return Err(error.into()),
    };
    for record in &listed {
        let ca = trust::checked(record)?;
        if ca.validity_at(std::time::SystemTime::now().into()) != Validity::Valid {
            let (start, end) = (ca.not_before.moment(), ca.not_after.moment());
            ui.warn(&format!("{} is not valid now, but from {start} to {end}", ca.subject));
        }
        if !bundle.contains(&ca) {
            bundle.push(ca);
        }
    }
    let text: String = bundle.iter().map(Certificate::to_pem).collect();
    match out {
        Some(path) => {
            disk::write_bundle(path, &text)
                .map_err(|error| Failure::failed(format!("the bundle cannot be written: {error}")))?;
            ui.note(&format!("{} in {}", count(bundle.len(), "certificate"), path.display()));
        }
        None => written(ui.data(text.trim_end()))?,
    }
    Ok(Exit::Done)
}
