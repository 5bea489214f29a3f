//! A root that was replaced leaves `ca/ca.pem` once no device uses it.

use crate::{
    fleet::{anchor, layout::Layout, pair::Seen, scan},
    output::Ui,
    pki::{
        certificate::Certificate,
        issuer::{self, Issuer},
    },
};

/// For the end of a run, under the lock: drops every root but the first that no device's certificate was issued
/// under. While anything cannot be read, or a device is half done, all of them stay.
pub(in crate::commands) fn retire(layout: &Layout, ui: &Ui) {
    let Ok(Some(held)) = anchor::read(layout) else { return };
    let Some((current, earlier)) = held.split_first() else { return };
    if earlier.is_empty() {
        return;
    }
    let Some(used) = in_use(layout, &held) else { return };
    let (stay, go): (Vec<_>, Vec<_>) =
        earlier.iter().cloned().partition(|root| used.contains(&root.fingerprint()));
    if go.is_empty() {
        return;
    }
    let kept: Vec<Certificate> = std::iter::once(current.clone()).chain(stay).collect();
    match anchor::retire(layout, &kept, &go) {
        Ok(()) => {
            for root in &go {
                ui.note(&format!(
                    "no device uses the old root certificate any more; it left ca/ca.pem: {}",
                    root.fingerprint()
                ));
            }
        }
        Err(error) => ui.warn(&format!("the old root certificate stays in ca/ca.pem: {error}")),
    }
}

/// The roots that issued something in the fleet; `None` when that cannot be said.
fn in_use(layout: &Layout, roots: &[Certificate]) -> Option<Vec<crate::pki::fingerprint::Fingerprint>> {
    if !scan::staged_devices(layout).ok()?.is_empty() {
        return None;
    }
    let mut used = Vec::new();
    for device in scan::devices(layout).ok()? {
        let chain = Seen::at(&layout.device(&device)).ok()?.certificate.chain().ok()?;
        for certificate in &chain {
            // The name decides for most: only roots of the same name need a signature to be told apart.
            if let Issuer::Found(root) | Issuer::Unverifiable(root) = issuer::find(certificate, roots)
                && !used.contains(&root.fingerprint())
            {
                used.push(root.fingerprint());
            }
        }
        if used.len() == roots.len() {
            break;
        }
    }
    Some(used)
}
