//! The fleet as `certreq status` sees it, in a few checks.

use super::check::{Area, Check};
use crate::{
    commands::status::glance::Glance,
    fleet::layout::{KEY_FILE, Layout},
    output::{count, span},
    pki::{certificate::Validity, time::Time},
};

const AREA: Area = Area::Fleet;

pub(super) fn checks(layout: &Layout, now: Time) -> Vec<Check> {
    if !layout.root().is_dir() {
        return Vec::new();
    }
    let dir = layout.root().display().to_string();
    match Glance::look(layout.root(), now) {
        Ok(glance) => {
            vec![
                keys(&glance, &dir),
                journal(&glance, layout, &dir),
                unfinished(&glance, &dir),
                anchors(&glance, now),
                list(&glance, &dir, now),
                devices(&glance, &dir, now),
            ]
        }
        Err(failure) => {
            vec![Check::fail(AREA, "devices", failure.message, format!("see whose it is: ls -ld {dir}"))]
        }
    }
}

fn keys(glance: &Glance, dir: &str) -> Check {
    if let [first, ..] = glance.exposed.as_slice() {
        let text = format!("others may read the key of {}", some(&glance.exposed));
        return Check::fail(AREA, "keys", text, format!("chmod 600 {dir}/cert_{first}/{KEY_FILE}"));
    }
    if !glance.shared.is_empty() {
        let text = format!("a key is shared by {}", some(&glance.shared));
        return Check::warn(AREA, "keys", text, format!("see which: certreq status {dir}"));
    }
    match glance.devices {
        0 => Check::skipped(AREA, "keys", "there is none"),
        _ => Check::ok(AREA, "keys", "no key is open to others"),
    }
}

fn journal(glance: &Glance, layout: &Layout, dir: &str) -> Check {
    match &glance.journal_damage {
        None if !layout.journal().exists() => {
            Check::skipped(AREA, "journal", "there is none yet: nothing was issued here")
        }
        None => Check::ok(AREA, "journal", "can be read to its end"),
        Some(damage) if glance.journal_is_denied => {
            Check::fail(AREA, "journal", damage, format!("run it as the owner: ls -ld {dir}/.certreq"))
        }
        Some(damage) => Check::fail(
            AREA,
            "journal",
            damage,
            format!("keep a copy, then take the line out: certreq status --journal {dir}"),
        ),
    }
}

/// Keys that left the machine, and whose certificates may exist.
fn unfinished(glance: &Glance, dir: &str) -> Check {
    let half = &glance.half_done;
    if half.is_empty() && glance.open.is_empty() {
        return Check::ok(AREA, "unfinished", "nothing was left half done");
    }
    let (text, hint) = if half.is_empty() {
        (
            format!("the journal has no outcome for {}", some(&glance.open)),
            format!("see every step: certreq status --journal {dir}"),
        )
    } else {
        (
            format!("an earlier run was cut: {}", some(half)),
            match half.len() {
                0..=3 => format!("finish it: certreq issue -i {} --dir {dir}", half.join(",")),
                _ => "finish it: run the same certreq issue again".to_owned(),
            },
        )
    };
    Check::warn(AREA, "unfinished", text, hint)
}

fn anchors(glance: &Glance, now: Time) -> Check {
    let ends = glance.roots.iter().filter(|root| root.validity_at(now) == Validity::Valid);
    match ends.map(|root| root.not_after).max() {
        Some(end) => Check::ok(AREA, "ca/ca.pem", format!("valid until {}", span::moment(end))),
        None if glance.roots.is_empty() && glance.devices == 0 => {
            Check::skipped(AREA, "ca/ca.pem", "there is none yet: nothing was issued here")
        }
        None if glance.roots.is_empty() => {
            let hint = "any run of certreq issue puts it there";
            Check::fail(AREA, "ca/ca.pem", "is missing or cannot be used", hint)
        }
        None => {
            let text = "no root in it is valid now: nobody accepts the certificates";
            Check::fail(AREA, "ca/ca.pem", text, "check the clock, then ask the platform's operator")
        }
    }
}

fn list(glance: &Glance, dir: &str, now: Time) -> Check {
    match (&glance.list_doubt, glance.list_ends) {
        (Some(doubt), _) => {
            let hint = format!("fetch a new one: certreq ca crl --dir {dir} -h HOST -u USER");
            Check::fail(AREA, "ca/crl.pem", doubt, hint)
        }
        (None, Some(end)) => {
            let left = span::duration(end.unix() - now.unix());
            Check::ok(AREA, "ca/crl.pem", format!("{left} left, until {}", span::moment(end)))
        }
        (None, None) => Check::skipped(AREA, "ca/crl.pem", "there is none"),
    }
}

fn devices(glance: &Glance, dir: &str, now: Time) -> Check {
    if glance.devices == 0 {
        return Check::skipped(AREA, "devices", format!("there is none in {dir}"))
            .hint("name the directory that holds cert_<id>/");
    }
    let total = count(glance.devices, "device");
    let look = format!("see which: certreq status {dir}");
    let bad = [
        ("expired", &glance.expired),
        ("broken", &glance.broken),
        ("mismatched", &glance.mismatched),
        ("not yet valid", &glance.early),
    ];
    let failing: Vec<String> = bad
        .iter()
        .filter(|(_, ids)| !ids.is_empty())
        .map(|(word, ids)| format!("{} {word} ({})", ids.len(), some(ids)))
        .collect();
    if !failing.is_empty() {
        return Check::fail(AREA, "devices", format!("{total}: {}", failing.join(", ")), look);
    }
    let next = glance.next.as_ref().map(|(id, end)| {
        format!("; {id} is the next to expire, in {}", span::duration(end.unix() - now.unix()))
    });
    let next = next.unwrap_or_default();
    if !glance.revoked.is_empty() || glance.soon > 0 {
        let soon = (glance.soon > 0).then(|| format!("{} soon to expire", glance.soon));
        let revoked = (!glance.revoked.is_empty())
            .then(|| format!("{} revoked ({})", glance.revoked.len(), some(&glance.revoked)));
        let said: Vec<String> = [soon, revoked].into_iter().flatten().collect();
        return Check::warn(AREA, "devices", format!("{total}: {}{next}", said.join(", ")), look);
    }
    Check::ok(AREA, "devices", format!("{total}, {} valid{next}", glance.valid))
}

/// The first few of many.
fn some(names: &[String]) -> String {
    match names {
        [one, two, three, rest @ ..] if !rest.is_empty() => {
            format!("{one}, {two}, {three} and {} more", rest.len())
        }
        names => names.join(", "),
    }
}
