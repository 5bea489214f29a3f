//! Rights of this user. The probes only read: a test request would make a real certificate.

use std::ops::ControlFlow;

use super::check;
use crate::{
    failure::Exit,
    output::checks::Check,
    pki::fingerprint::Fingerprint,
    platform::{ErrorKind, PlatformError, Registry, TrustStore, dojot::Dojot},
};

/// Text whose fingerprint belongs to no certificate: a platform that lets us ask says that it does not have it.
const NOBODY: &[u8] = b"certreq doctor";

pub(super) async fn check(dojot: &Dojot) -> Check {
    let mut first_device = |_| ControlFlow::Break(());
    let mut first_certificate = |_| ControlFlow::Break(());
    let nobody = Fingerprint::of(NOBODY);
    let (devices, certificates, trusted) = tokio::join!(
        dojot.each_device(&mut first_device),
        dojot.each_certificate(&mut first_certificate),
        dojot.trusted_root(&nobody),
    );
    let trusted = match trusted {
        Err(error) if error.kind == ErrorKind::NotFound => Ok(()),
        outcome => outcome.map(drop),
    };
    judge([("list devices", devices), ("list certificates", certificates), ("see trusted CAs", trusted)])
}

/// Trusted CAs are for administrators; the others are needed to issue without doubt.
fn judge(tried: [(&'static str, Result<(), PlatformError>); 3]) -> Check {
    let (mut may, mut may_not) = (Vec::new(), Vec::new());
    for (what, outcome) in tried {
        match outcome {
            Ok(()) => may.push(what),
            Err(error) if error.kind == ErrorKind::Forbidden => may_not.push(what),
            // Some releases and gateways have no such path.
            Err(error)
                if what == "see trusted CAs"
                    && matches!(error.kind, ErrorKind::Rejected | ErrorKind::Pretended) => {}
            Err(error) => return check::refused("rights", &error),
        }
    }
    let part = |words: &str, what: &[&str]| {
        if what.is_empty() { String::new() } else { format!("{words} {}", what.join(", ")) }
    };
    let parts = [part("may", &may), part("may not", &may_not)];
    let said: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
    let text = format!("{}; issuing is not tried", said.join("; "));
    if may_not.contains(&"list certificates") {
        let hint = "ask the platform's administrator for the right to read and make certificates";
        return Check::fail("rights", text).hint(hint).exit(Exit::Refused);
    }
    if may_not.contains(&"list devices") {
        let hint = "name devices with -i or --ids-from, or ask the platform's administrator";
        return Check::warn("rights", text).hint(hint);
    }
    Check::ok("rights", text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::output::checks::Tone;

    fn forbidden() -> Result<(), PlatformError> {
        Err(PlatformError::new(ErrorKind::Forbidden, "no"))
    }

    #[test]
    fn what_only_administrators_may_is_no_fault() {
        let tried = [("list devices", Ok(())), ("list certificates", Ok(())), ("see trusted CAs", forbidden())];
        let check = judge(tried);
        assert_eq!(check.tone, Tone::Good);
        assert_eq!(
            check.message,
            "may list devices, list certificates; may not see trusted CAs; issuing is not tried"
        );
        let tried =
            [("list devices", forbidden()), ("list certificates", Ok(())), ("see trusted CAs", forbidden())];
        assert_eq!(judge(tried).tone, Tone::Doubtful);
        let tried = [("list devices", Ok(())), ("list certificates", forbidden()), ("see trusted CAs", Ok(()))];
        assert_eq!((judge(tried).exit), Exit::Refused);
    }
}
