//! The root: held here, pinned by the user, and the platform's own. One that changed is a safety matter.

use crate::{
    failure::Exit,
    fleet::{
        layout::Layout,
        survey::{self, Part},
    },
    output::{checks::Check, span},
    pki::{
        certificate::{Certificate, Validity},
        fingerprint::Fingerprint,
        sniff,
        time::Time,
    },
};

const NAME: &str = "root";
/// No bundle of roots is larger.
const LIMIT: u64 = 1024 * 1024;

/// The platform's root beside `ca/ca.pem` and the pin.
pub(super) fn compare(root: &Certificate, layout: &Layout, pin: Option<Fingerprint>, now: Time) -> Check {
    let found = root.fingerprint();
    if pin.is_some_and(|pin| pin != found) {
        let text = format!("the platform's root is not the one of --ca-fingerprint: it has {found}");
        return changed(text);
    }
    if root.validity_at(now) != Validity::Valid {
        let (start, end) = (span::moment(root.not_before), span::moment(root.not_after));
        let text = format!("the platform's root is valid from {start} to {end}: not now");
        return Check::fail(NAME, text).hint("check the clock, then ask the platform's operator");
    }
    let pinned = if pin.is_some() { "; it is the one of --ca-fingerprint" } else { "" };
    match held(layout) {
        Ok(Some(roots)) if roots.contains(root) => {
            Check::ok(NAME, format!("unchanged: the platform's is in ca/ca.pem{pinned}"))
        }
        Ok(Some(_)) => changed(format!("the platform's root is not in ca/ca.pem: it has {found}"))
            .hint("issue nothing; if its operator confirms this fingerprint: --accept-new-ca FINGERPRINT"),
        Ok(None) if pin.is_some() => Check::ok(NAME, format!("not held here yet{pinned}")),
        Ok(None) => Check::warn(
            NAME,
            "not pinned: there is no ca/ca.pem, and the first root that comes will be believed",
        )
        .hint(format!("ask its operator whether this is it: --ca-fingerprint {found}")),
        Err(error) => Check::fail(NAME, error).hint("put the platform's root there again"),
    }
}

fn changed(text: String) -> Check {
    let hint = "issue nothing until the platform's operator has confirmed its fingerprint";
    Check::fail(NAME, text).hint(hint).exit(Exit::Unsafe)
}

/// What can be said without asking the platform.
pub(super) fn unasked(layout: &Layout, pin: Option<Fingerprint>) -> Check {
    let not = "the platform was not asked";
    match (held(layout), pin) {
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

/// The certificates of `ca/ca.pem`, which may be anything, a pipe that never ends included.
fn held(layout: &Layout) -> Result<Option<Vec<Certificate>>, String> {
    let bytes = match survey::authority_file(layout, &layout.ca_certificate(), LIMIT) {
        Part::Missing => return Ok(None),
        Part::Denied => return Err("ca/ca.pem cannot be read: permission denied".to_owned()),
        Part::Unusable(why) => return Err(format!("ca/ca.pem {why}")),
        Part::Read { bytes, .. } => bytes,
    };
    sniff::certificates(&bytes, None).map(Some).map_err(|error| format!("ca/ca.pem cannot be used: {error}"))
}
