//! This machine: its program and its clock.

use super::Config;
use crate::{
    commands::clock,
    output::checks::Check,
    {output::span, pki::time::Time, platform::Skew},
};

pub(super) fn versions() -> Check {
    let certreq = env!("CARGO_PKG_VERSION");
    let system = format!("{} {}", std::env::consts::OS, std::env::consts::ARCH);
    let (database, number) = crate::authority::Database::default().software();
    Check::ok("version", format!("certreq {certreq}, {database} {number}, {system}"))
}

/// The files that profiles come from.
pub(super) fn config(config: Config) -> Check {
    const NAME: &str = "config";
    let Config { files, findings } = config;
    let number = findings.len();
    let Some(finding) = findings.into_iter().next() else {
        return match files.as_slice() {
            [] => Check::skipped(NAME, "there is no configuration file"),
            files => Check::ok(NAME, files.join(", ")),
        };
    };
    let more = if number > 1 { format!(" (and {} more)", number - 1) } else { String::new() };
    let text = format!("{}:{}: {}{more}", finding.path, finding.line, finding.message);
    Check::warn(NAME, text).hint("see every line: certreq config check")
}

/// The clock by itself.
pub(super) fn year(now: Time) -> Check {
    let moment = span::moment(now);
    match clock::impossible(now) {
        None => Check::ok("clock", format!("{moment}; not compared with another clock")),
        Some(text) => Check::fail("clock", text).hint(clock::SET_IT),
    }
}

/// The clock beside the platform's.
pub(super) fn clock(now: Time, skew: Option<Skew>) -> Check {
    let alone = year(now);
    let Some(skew) = skew.filter(|_| alone.hint.is_none()) else { return alone };
    let moment = span::moment(now);
    if skew.is_serious() {
        let text = format!("{moment}; {}", skew.words());
        let hint = "set the one that is wrong; this one: timedatectl set-ntp true";
        return Check::fail("clock", text).hint(hint);
    }
    let text = match skew.0.unsigned_abs() {
        0..=2 => format!("{moment}; the platform's agrees"),
        _ => format!("{moment}; {}", skew.words()),
    };
    Check::ok("clock", text)
}
