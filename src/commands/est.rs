//! `certreq est`: requests over EST that wait for an operator's approval.

use std::path::PathBuf;

use serde::Serialize;

use crate::{
    authority::{Applied, Approvals, Authority},
    commands::stdout::written,
    device_id::DeviceId,
    failure::{Exit, Failure},
    output::{Ui, count},
    pki::{fingerprint::Fingerprint, time::Time},
};

/// The version of the JSON lines.
const SCHEMA: &str = "certreq.est/1";

/// Plan of `certreq est`: the requests, and the action on them.
#[derive(Clone, Debug)]
pub struct Plan {
    /// Directory of the authority; a server may be using it.
    pub authority: PathBuf,
    pub action: Action,
    pub json: bool,
}

#[derive(Clone, Debug)]
pub enum Action {
    List,
    /// Approve them, or refuse them for good.
    Settle {
        approve: bool,
        which: Which,
    },
}

#[derive(Clone, Debug)]
pub enum Which {
    All,
    Devices(Vec<DeviceId>),
    /// The one with this key: two may ask for one device.
    Key(Fingerprint),
}

#[derive(Serialize)]
struct Record<'a> {
    schema: &'static str,
    device: &'a DeviceId,
    state: &'static str,
    key: Fingerprint,
    since: Time,
}

/// Lists or settles.
///
/// # Errors
/// When there is no authority, none of the named requests waits, or a device has several.
pub fn run(plan: &Plan, ui: &Ui) -> Result<Exit, Failure> {
    let place = plan.authority.display();
    if !Authority::exists(&plan.authority) {
        return Err(Failure::failed(format!("there is no authority in {place}"))
            .hint("name its directory: --authority DIR"));
    }
    let failed = |error: std::io::Error| Failure::failed(format!("the requests in {place}: {error}"));
    let approvals = Approvals::of(&plan.authority);
    let waiting = approvals.waiting().map_err(failed)?;
    let Action::Settle { approve, which } = &plan.action else {
        for applied in &waiting {
            say(plan, applied, "waiting", ui)?;
        }
        if waiting.is_empty() {
            ui.note("no request is pending");
        }
        return Ok(Exit::Done);
    };
    let state = if *approve { "approved" } else { "refused" };
    let chosen = chosen(waiting, which)?;
    for applied in &chosen {
        if approvals.settle(applied.mark, *approve).map_err(failed)? {
            say(plan, applied, state, ui)?;
        }
    }
    if chosen.is_empty() {
        ui.note("no request is pending");
    }
    Ok(Exit::Done)
}

fn chosen(waiting: Vec<Applied>, which: &Which) -> Result<Vec<Applied>, Failure> {
    let none = |what: String| {
        Failure::failed(format!("no request {what} is pending")).hint("pending requests: certreq est list")
    };
    match which {
        Which::All => Ok(waiting),
        Which::Key(key) => {
            let chosen: Vec<Applied> = waiting.into_iter().filter(|applied| applied.key == *key).collect();
            if chosen.is_empty() { Err(none(format!("with the key {key}"))) } else { Ok(chosen) }
        }
        Which::Devices(devices) => {
            for device in devices {
                match waiting.iter().filter(|applied| applied.device == *device).count() {
                    0 => return Err(none(format!("for {device}"))),
                    1 => {}
                    number => {
                        return Err(Failure::new(
                            Exit::Unsafe,
                            format!("{} are pending for {device}, each with another key", count(number, "request")),
                        )
                        .hint("nothing was changed; find the fingerprint of the key on the device, then: --request-key FINGERPRINT"));
                    }
                }
            }
            Ok(waiting.into_iter().filter(|applied| devices.contains(&applied.device)).collect())
        }
    }
}

fn say(plan: &Plan, applied: &Applied, state: &'static str, ui: &Ui) -> Result<(), Failure> {
    let Applied { device, key, since, .. } = applied;
    written(if plan.json {
        ui.json(&Record { schema: SCHEMA, device, state, key: *key, since: *since })
    } else {
        ui.text(&format!("{device}  {state}  since {}  key {key}", since.moment()))
    })
}
