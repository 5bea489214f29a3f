//! The root: held here, pinned by the user, and the platform's own. One that changed is a safety matter.

use crate::{
    evidence::{fleet_authorities::roots, platform::check_pin},
    failure::Exit,
    fleet::layout::Layout,
    output::{checks::Check, span},
    pki::{
        certificate::{Certificate, Validity},
        fingerprint::Fingerprint,
        time::Time,
    },
};

const NAME: &str = "root";

/// The platform's root beside `ca/ca.pem` and the pin.
pub(super) fn compare(root: &Certificate, layout: &Layout, pin: Option<Fingerprint>, now: Time) -> Check {
    let found = root.fingerprint();
    if let Err(error) = check_pin(root, pin, "the platform") {
        return changed(error.to_string());
    }
    if root.validity_at(now) != Validity::Valid {
        let (start, end) = (span::moment(root.not_before), span::moment(root.not_after));
        let text = format!("the platform's root is valid from {start} to {end}: not now");
        return Check::fail(NAME, text).hint("check the clock, then ask the platform's operator");
    }
    let pinned = if pin.is_some() { "; it is the one of --ca-fingerprint" } else { "" };
    match roots(layout) {
        Ok(Some(roots)) if roots.contains(root) => {
            Check::ok(NAME, format!("unchanged: the platform's is in ca/ca.pem{pinned}"))
        }
        Ok(Some(_)) => changed(format!("the platform's root is not in ca/ca.pem: it has {found}"))
            .hint("do not issue; if its operator confirms this fingerprint: --accept-new-ca FINGERPRINT"),
        Ok(None) if pin.is_some() => Check::ok(NAME, format!("not held here yet{pinned}")),
        Ok(None) => {
            Check::warn(NAME, "not pinned: there is no ca/ca.pem, so the first root received will be trusted")
                .hint(format!("ask its operator whether this is it: --ca-fingerprint {found}"))
        }
        Err(error) => Check::fail(NAME, error).hint("put the platform's root there again"),
    }
}

fn changed(text: String) -> Check {
    let hint = "do not issue before the platform's operator has confirmed its fingerprint";
    Check::fail(NAME, text).hint(hint).exit(Exit::Unsafe)
}

/// Check of the pinned root without asking the platform.
pub(super) fn unasked(layout: &Layout, pin: Option<Fingerprint>) -> Check {
    let not = "the platform was not asked";
    match (roots(layout), pin) {
        (Ok(Some(roots)), Some(pin)) if !roots.iter().any(|root| root.fingerprint() == pin) => {
            changed("ca/ca.pem does not hold the root of --ca-fingerprint".to_owned())
        }
        (Ok(Some(_)), None) => Check::skipped(NAME, format!("pinned by ca/ca.pem; {not}")),
        (Ok(Some(_)), Some(_)) => {
            Check::skipped(NAME, format!("ca/ca.pem holds the one of --ca-fingerprint; {not}"))
        }
        (Ok(None), _) => Check::skipped(NAME, format!("there is no ca/ca.pem; {not}")),
        (Err(error), _) => Check::fail(NAME, error).hint("put the platform's root there again"),
    }
}
