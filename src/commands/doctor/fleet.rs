//! The fleet as `certreq status` sees it, in a few checks.

use crate::{
    commands::status::glance::Glance,
    failure::Exit,
    fleet::layout::{KEY_FILE, Layout},
    output::{checks::Check, count, span},
    pki::{certificate::Validity, time::Time},
};

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
            vec![Check::fail("devices", failure.message).hint(format!("check its owner: ls -ld {dir}"))]
        }
    }
}

fn keys(glance: &Glance, dir: &str) -> Check {
    if let [first, ..] = glance.exposed.as_slice() {
        let text = format!("others may read the key of {}", some(&glance.exposed));
        return Check::fail("keys", text).hint(format!("chmod 600 {dir}/cert_{first}/{KEY_FILE}"));
    }
    if !glance.shared.is_empty() {
        let text = format!("a key is shared by {}", some(&glance.shared));
        return Check::warn("keys", text).hint(format!("see all: certreq status {dir}"));
    }
    match glance.devices {
        0 => Check::skipped("keys", "there is none"),
        _ => Check::ok("keys", "no key is open to others"),
    }
}

fn journal(glance: &Glance, layout: &Layout, dir: &str) -> Check {
    match &glance.journal_damage {
        None if !layout.journal().exists() => {
            Check::skipped("journal", "does not exist yet: nothing was issued here")
        }
        None => Check::ok("journal", "can be read to its end"),
        Some(damage) if glance.journal_is_denied => {
            Check::fail("journal", damage).hint(format!("run it as the owner: ls -ld {dir}/.certreq"))
        }
        Some(damage) => Check::fail("journal", damage)
            .hint(format!("keep a copy, then take the line out: certreq status --journal {dir}")),
    }
}

/// Keys that left the machine, and whose certificates may exist.
fn unfinished(glance: &Glance, dir: &str) -> Check {
    let half = &glance.half_done;
    if half.is_empty() && glance.open.is_empty() {
        return Check::ok("unfinished", "no unfinished keys");
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
    Check::warn("unfinished", text).hint(hint)
}

fn anchors(glance: &Glance, now: Time) -> Check {
    let ends = glance.roots.iter().filter(|root| root.validity_at(now) == Validity::Valid);
    match ends.map(|root| root.not_after).max() {
        Some(end) => Check::ok("ca/ca.pem", format!("valid until {}", span::moment(end))),
        None if glance.roots.is_empty() && glance.devices == 0 => {
            Check::skipped("ca/ca.pem", "does not exist yet: nothing was issued here")
        }
        None if glance.roots.is_empty() => {
            let hint = "any run of certreq issue puts it there";
            Check::fail("ca/ca.pem", "is missing or cannot be used").hint(hint)
        }
        None => {
            let text = "no root in it is valid now: servers refuse the certificates";
            Check::fail("ca/ca.pem", text).hint("check the clock, then ask the platform's operator")
        }
    }
}

fn list(glance: &Glance, dir: &str, now: Time) -> Check {
    match (&glance.list_doubt, glance.list_ends) {
        (Some(doubt), _) => {
            let hint = format!("fetch a new one: certreq ca crl --dir {dir} -h HOST -u USER");
            Check::fail("ca/crl.pem", doubt).hint(hint)
        }
        (None, Some(end)) => {
            let left = span::duration(end.unix() - now.unix());
            Check::ok("ca/crl.pem", format!("{left} left, until {}", span::moment(end)))
        }
        (None, None) => Check::skipped("ca/crl.pem", "there is none"),
    }
}

fn devices(glance: &Glance, dir: &str, now: Time) -> Check {
    if glance.devices == 0 {
        return Check::skipped("devices", format!("there is none in {dir}"))
            .hint("name the directory that holds cert_<id>/");
    }
    let total = count(glance.devices, "device");
    let platform = "-h HOST -u USER";
    let renew = format!("renew: certreq renew --dir {dir} {platform}");
    let anew = |ids: &[String]| {
        ids.first().map(|id| format!("get a new pair: certreq issue {id} --force --dir {dir} {platform}"))
    };
    let bad = [
        ("broken", &glance.broken),
        ("mismatched", &glance.mismatched),
        ("expired", &glance.expired),
        ("not yet valid", &glance.early),
    ];
    let failing: Vec<String> = bad
        .iter()
        .filter(|(_, ids)| !ids.is_empty())
        .map(|(word, ids)| format!("{} {word} ({})", ids.len(), some(ids)))
        .collect();
    let revoked = (!glance.revoked.is_empty())
        .then(|| format!("{} revoked ({})", glance.revoked.len(), some(&glance.revoked)));
    if !failing.is_empty() {
        let all: Vec<String> = failing.into_iter().chain(revoked).collect();
        let next = anew(&glance.broken).or_else(|| anew(&glance.mismatched)).unwrap_or(renew);
        return Check::fail("devices", format!("{total}: {}", all.join(", "))).hint(next);
    }
    if let Some(revoked) = revoked {
        let next = format!("renew them: certreq renew --revoked --dir {dir} {platform}");
        return Check::fail("devices", format!("{total}: {revoked}")).exit(Exit::Revoked).hint(next);
    }
    let next = glance.next.as_ref().map(|(id, end)| {
        format!("; {id} is the next to expire, in {}", span::duration(end.unix() - now.unix()))
    });
    let next = next.unwrap_or_default();
    if glance.soon > 0 {
        return Check::warn("devices", format!("{total}: {} soon to expire{next}", glance.soon)).hint(renew);
    }
    Check::ok("devices", format!("{total}, {} valid{next}", glance.valid))
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
