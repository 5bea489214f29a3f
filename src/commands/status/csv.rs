//! `--format csv`: a header, and a line for each device.

use super::{fleet::Fleet, json::octal};
use crate::output::escape;

const HEADER: [&str; 12] = [
    "device",
    "state",
    "not_after",
    "remaining_seconds",
    "not_before",
    "revocation",
    "serial",
    "fingerprint",
    "subject",
    "issuer",
    "key_mode",
    "problems",
];

/// CSV of the fleet; several directories have one more column, `directory`. RFC 4180, but with LF; characters that a
/// terminal would obey are written as `\u{..}`.
pub(super) fn lines(fleet: &Fleet) -> csv::Result<Vec<u8>> {
    let mut writer = csv::Writer::from_writer(Vec::new());
    let place = fleet.is_merged().then_some("directory");
    writer.write_record(HEADER.into_iter().chain(place))?;
    for device in &fleet.devices {
        let leaf = device.leaf.as_ref();
        let problems: Vec<&str> = device.problems.iter().map(|problem| problem.message.as_str()).collect();
        let revocation = serde_json::to_value(device.revocation).ok();
        let directory = fleet.directory_of(device).map(escape::line);
        let cells = [
            device.id.as_str(),
            device.standing.name(),
            &leaf.map(|leaf| leaf.not_after.to_string()).unwrap_or_default(),
            &leaf.map(|leaf| (leaf.not_after.unix() - fleet.at.unix()).to_string()).unwrap_or_default(),
            &leaf.map(|leaf| leaf.not_before.to_string()).unwrap_or_default(),
            revocation.as_ref().and_then(|word| word.as_str()).unwrap_or_default(),
            leaf.map(|leaf| &*leaf.serial).unwrap_or_default(),
            &leaf.map(|leaf| leaf.fingerprint.to_string()).unwrap_or_default(),
            &leaf.map(|leaf| escape::line(&leaf.subject)).unwrap_or_default(),
            &leaf.map(|leaf| escape::line(&leaf.issuer)).unwrap_or_default(),
            &device.key_mode.map(octal).unwrap_or_default(),
            &escape::line(&problems.join("; ")),
        ];
        writer.write_record(cells.into_iter().chain(directory.as_deref()))?;
    }
    writer.into_inner().map_err(|error| error.into_error().into())
}
