//! The fleet for a person at a terminal.

use super::{
    compare::{Comparison, RootState, Several},
    device::{Device, Standing},
    fleet::Fleet,
    weeks::{self, Week},
};
use crate::{
    device_id::DeviceId,
    output::{
        Table,
        checks::{Check, Tone},
        columns, count, grouped, span,
    },
};

/// Rows of the list of the next ends.
const NEXT: usize = 10;
/// Devices named for each kind of problem; the other formats have all of them.
const NAMED: usize = 5;
/// Directories of a fleet that is made of several.
const PARTS: usize = 32;
/// Rows of the histogram; a fleet that is spread over decades still fits a screen.
const WEEKS: usize = 54;

/// The whole report, `columns` wide; [`columns::USUAL`] where the width is not known.
pub(super) fn report(fleet: &Fleet, columns: Option<usize>) -> String {
    let columns = columns.unwrap_or(columns::USUAL);
    let mut text = Text { columns, lines: Vec::new() };
    text.counts(fleet);
    text.parts(fleet);
    text.authority(fleet);
    if let Some(platform) = &fleet.platform {
        text.platform(platform);
    }
    text.troubles(fleet);
    text.next(fleet);
    text.weeks(fleet);
    text.lines.join("\n")
}

struct Text {
    columns: usize,
    lines: Vec<String>,
}

impl Text {
    fn part(&mut self, title: &str) {
        self.lines.push(String::new());
        self.lines.push(title.to_owned());
    }

    fn check(&mut self, tone: Tone, about: &'static str, text: &str) {
        self.lines.push(Check::new(about, tone, text).line(Some(self.columns.max(40))));
    }

    fn counts(&mut self, fleet: &Fleet) {
        let (directory, devices) = (&fleet.directory, count(fleet.devices.len(), "device"));
        let title = format!("{directory}: {devices} at {}", span::moment(fleet.at));
        self.lines.extend(columns::wrap(&crate::output::escape::line(&title), self.columns));
        for standing in Standing::ALL {
            let number = fleet.count(standing);
            if number > 0 {
                let (number, share) = (grouped(number), weeks::share(number, fleet.devices.len()));
                self.lines.push(format!("{number:>11}  {:<14}{share:>3} %", standing.words()));
            }
        }
    }

    fn parts(&mut self, fleet: &Fleet) {
        if !fleet.is_merged() {
            return;
        }
        self.part("Directories");
        let mut table = Table::new(["  DIRECTORY", "SHARD", "DEVICES"], Some(self.columns));
        for part in fleet.parts.iter().take(PARTS) {
            let shard = part.shard.map(|shard| shard.to_string()).unwrap_or_default();
            table.row([format!("  {}", part.directory).as_str(), &shard, &grouped(part.total)]);
        }
        self.lines.push(table.finish());
        self.more_of(fleet.parts.len(), PARTS, "directories");
    }

    fn authority(&mut self, fleet: &Fleet) {
        if fleet.roots.is_empty() && fleet.list.is_none() && fleet.doubts.is_empty() && fleet.limits.is_empty()
        {
            return;
        }
        self.part("Authority");
        for root in &fleet.roots {
            let text = format!("{}, until {}", root.subject, span::moment(root.not_after));
            self.check(Tone::Silent, "root", &text);
        }
        if let Some(list) = &fleet.list {
            let number = list.number.as_ref().map(|number| format!("number {number}, ")).unwrap_or_default();
            let next =
                list.next_update.map(|next| format!(", next {}", span::moment(next))).unwrap_or_default();
            let (made, revoked) = (span::moment(list.this_update), grouped(list.revoked));
            self.check(Tone::Silent, "list", &format!("{number}{revoked} revoked, of {made}{next}"));
        }
        for doubt in &fleet.doubts {
            self.check(Tone::Doubtful, "doubt", doubt);
        }
        for limit in &fleet.limits {
            self.check(Tone::Silent, "not seen", limit);
        }
    }

    fn platform(&mut self, platform: &Comparison) {
        self.part(&crate::output::escape::line(&format!("Platform {}", platform.place)));
        let root = &platform.root;
        let (tone, text) = match root.state {
            RootState::Same => (Tone::Good, "the root is the one in ca/ca.pem".to_owned()),
            RootState::Changed => (
                Tone::Bad,
                format!("the root changed: ca/ca.pem does not have {} ({})", root.fingerprint, root.subject),
            ),
            RootState::NotHere => (Tone::Doubtful, "there is no root here to compare with".to_owned()),
        };
        self.check(tone, "root", &text);
        let ids = |ids: &[DeviceId]| ids.iter().map(DeviceId::to_string).collect::<Vec<_>>();
        let of = |several: &[Several]| several.iter().map(|one| one.device.clone()).collect::<Vec<_>>();
        let orphans: Vec<String> =
            platform.orphans.iter().map(|orphan| orphan.fingerprint.chars().take(23).collect()).collect();
        let rows = [
            (Tone::Bad, "in use", "revoked, and still in use here", ids(&platform.revoked_in_use)),
            (Tone::Bad, "in use", "in use here, and without a record there", ids(&platform.without_record)),
            (Tone::Doubtful, "orphans", "without an owner, by fingerprint", orphans),
            (Tone::Doubtful, "keys", "with several live certificates", of(&platform.several_for_one_key)),
            (Tone::Silent, "devices", "with several live certificates", of(&platform.several)),
            (Tone::Doubtful, "devices", "here that it does not have", ids(&platform.unknown_devices)),
            (Tone::Doubtful, "devices", "without a certificate", platform.devices_without_certificate.clone()),
        ];
        for (tone, about, what, names) in rows {
            if !names.is_empty() {
                self.check(tone, about, &format!("{} {what}: {}", grouped(names.len()), some(&names)));
            }
        }
        self.check(Tone::Silent, "records", &grouped(platform.certificates));
        if let Some(why) = &platform.list_error {
            self.check(Tone::Doubtful, "list", why);
        }
    }

    fn troubles(&mut self, fleet: &Fleet) {
        let before = self.lines.len();
        self.part("To look at");
        let empty = self.lines.len();
        for (standing, tone) in [
            (Standing::Revoked, Tone::Bad),
            (Standing::OnHold, Tone::Bad),
            (Standing::Mismatched, Tone::Bad),
            (Standing::Broken, Tone::Bad),
            (Standing::Expired, Tone::Bad),
            (Standing::NotYetValid, Tone::Doubtful),
        ] {
            let about = if standing == Standing::NotYetValid { "not yet" } else { standing.words() };
            self.named(tone, about, fleet.that_are(standing));
        }
        self.named(Tone::Bad, "key modes", fleet.with_exposed_key(false));
        self.named(Tone::Doubtful, "key modes", fleet.with_exposed_key(true));
        for shared in fleet.shared.iter().take(NAMED) {
            let ids: Vec<String> = shared.devices.iter().map(DeviceId::to_string).collect();
            self.check(
                Tone::Bad,
                "shared key",
                &format!("{} have one key: {}", count(ids.len(), "device"), some(&ids)),
            );
        }
        self.more(fleet.shared.len(), "shared keys");
        if !fleet.half_done.is_empty() {
            let ids: Vec<String> = fleet.half_done.iter().map(DeviceId::to_string).collect();
            let text =
                format!("{} unfinished: {}; issue again to finish", count(ids.len(), "device"), some(&ids));
            self.check(Tone::Doubtful, "unfinished", &text);
        }
        let open = &fleet.journal.open;
        for record in open.iter().take(NAMED) {
            let (at, device) = (super::journal::moment(record), &record.device);
            self.check(
                Tone::Doubtful,
                "journal",
                &format!("{device}: {} at {at}", super::journal::words(&record.event)),
            );
        }
        self.more(open.len(), "open entries of the journal");
        if !fleet.strays.is_empty() {
            let text = format!("{} not a device id: {}", grouped(fleet.strays.len()), some(&fleet.strays));
            self.check(Tone::Doubtful, "names", &text);
        }
        if self.lines.len() == empty {
            self.lines.truncate(before);
        }
    }

    fn named<'a>(&mut self, tone: Tone, about: &'static str, devices: impl Iterator<Item = &'a Device>) {
        let mut number = 0;
        for device in devices {
            number += 1;
            if number <= NAMED {
                self.check(tone, about, &format!("{}: {}", device.id, why(device)));
            }
        }
        self.more(number, about);
    }

    fn more(&mut self, number: usize, about: &str) {
        self.more_of(number, NAMED, about);
    }

    fn more_of(&mut self, number: usize, shown: usize, about: &str) {
        if number > shown {
            let more = grouped(number - shown);
            self.check(Tone::Silent, "", &format!("and {more} more ({about}); --format json names all"));
        }
    }

    fn next(&mut self, fleet: &Fleet) {
        let next = fleet.next(NEXT);
        if next.is_empty() {
            return;
        }
        self.part("Next to expire");
        let mut table = Table::new(["  DEVICE", "EXPIRES", "IN", "STATE"], Some(self.columns));
        for (device, end) in next {
            let left = span::duration(end.unix() - fleet.at.unix());
            table.row([&format!("  {}", device.id), &span::moment(end), &left, device.standing.words()]);
        }
        self.lines.push(table.finish());
    }

    fn weeks(&mut self, fleet: &Fleet) {
        if fleet.weeks.is_empty() {
            return;
        }
        self.part("Expiries by week");
        let most = fleet.weeks.iter().map(|week| week.devices).max().unwrap_or(1);
        let numbers = grouped(most).len();
        let room = self.columns.saturating_sub(2 + 10 + 2 + numbers + 2).max(10);
        let mut before: Option<Week> = None;
        for week in fleet.weeks.iter().take(WEEKS) {
            if let Some(gap) = before.map(|before| weeks::between(before, *week)).filter(|gap| *gap > 0) {
                self.lines.push(format!(
                    "  {:>10}",
                    if gap == 1 { "-".to_owned() } else { format!("- {gap} weeks -") }
                ));
            }
            before = Some(*week);
            let bar = "#".repeat((week.devices * room).div_ceil(most));
            self.lines.push(format!("  {}  {:>numbers$}  {bar}", week.date(), grouped(week.devices)));
        }
        let later: usize = fleet.weeks.iter().skip(WEEKS).map(|week| week.devices).sum();
        if later > 0 {
            self.lines.push(format!("  {:>10}  {:>numbers$}", "later", grouped(later)));
        }
        for week in fleet.cliffs() {
            let (number, share) =
                (count(week.devices, "device"), weeks::share(week.devices, fleet.devices.len()));
            let text = format!("{number}, {share} % of the fleet, expire in the week of {}", week.date());
            self.check(Tone::Doubtful, "cliff", &text);
        }
        if fleet.cliffs().next().is_some() {
            self.check(Tone::Silent, "", "spread them over time: certreq renew --spread 14d");
        }
    }
}

/// The reasons of a device's word.
fn why(device: &Device) -> String {
    let problems: Vec<&str> = device.problems.iter().map(|problem| problem.message.as_str()).collect();
    let end = device.leaf.as_ref().map(|leaf| (leaf.not_before, leaf.not_after));
    match (device.standing, end) {
        (Standing::Expired, Some((_, end))) => format!("at {}", span::moment(end)),
        (Standing::NotYetValid, Some((start, _))) => format!("before {}", span::moment(start)),
        (Standing::Revoked | Standing::OnHold, _) => "ca/crl.pem names it".to_owned(),
        _ => problems.join("; "),
    }
}

/// The first few of many.
fn some<S: AsRef<str>>(names: &[S]) -> String {
    let shown: Vec<&str> = names.iter().take(NAMED).map(AsRef::as_ref).collect();
    match names.len() - shown.len() {
        0 => shown.join(", "),
        more => format!("{} and {} more", shown.join(", "), grouped(more)),
    }
}
