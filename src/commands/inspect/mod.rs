//! `certreq inspect`: content and state of certificates, requests, lists and keys.

mod check;
mod examine;
mod json;
mod ocsp;
mod place;
mod report;
mod short;
mod text;
mod witnesses;

use std::{ffi::OsString, path::PathBuf, time::Duration};

use examine::Examiner;
use report::Report;

use super::parallel::{self, ROUND};
use crate::{
    evidence::password::Password,
    evidence::{
        endpoint::Identity,
        input::{self, Source, Step},
        online,
        platform::PlatformEvidence,
        revocations::ListPlace,
    },
    failure::{Exit, Failure},
    output::Ui,
    pki::{state::Within, time::Time},
};

/// Every decision that does not need the inputs.
#[derive(Debug)]
pub struct Plan {
    pub inputs: Vec<OsString>,
    pub recursive: bool,
    pub now: Time,
    pub within: Within,
    /// The worst state becomes the exit code.
    pub check: bool,
    pub view: View,
    /// Columns of stdout; `None` when it is no terminal and `COLUMNS` is not set.
    pub columns: Option<usize>,
    pub pem: bool,
    pub password: Password,
    /// Files with certificates of authorities.
    pub ca: Vec<PathBuf>,
    /// Lists that were named.
    pub lists: Vec<ListPlace>,
    /// Options for the servers that certificates themselves name; `None`: they are not asked.
    pub online: Option<online::Options>,
    pub servers: Servers,
}

/// How it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// With every extension, or only with the important fields.
    Text {
        all: bool,
    },
    Short,
    Json,
}

/// How servers are asked.
#[derive(Debug)]
pub struct Servers {
    pub name: Option<String>,
    pub timeout: Duration,
    /// Shown to servers that ask for a client certificate.
    pub client: Option<Identity>,
}

/// Looks at every input and reports its content; `own` is the list of the platform that was named.
///
/// # Errors
/// When evidence that was named cannot be read, or the report cannot be written. Inputs that cannot be read are
/// reported and do not stop the others.
pub fn run(plan: &Plan, own: Option<PlatformEvidence>, ui: &Ui) -> Result<Exit, Failure> {
    let mut steps = input::expand(plan.inputs.clone(), plan.recursive);
    let examiner = Examiner::new(plan, own, ui)?;
    let mut report = Report::new(plan, ui);
    loop {
        let round: Vec<Step> = steps.by_ref().take(ROUND).collect();
        if round.is_empty() {
            break;
        }
        let results = parallel::in_order(&round, threads(&round), |(_, step)| examiner.examine(step));
        for ((number, _), examined) in round.iter().zip(results) {
            report.add(*number, examined)?;
        }
        if report.is_closed() {
            break;
        }
    }
    report.finish()
}

/// A thread for each processor; more for servers, which are waited for.
fn threads(round: &[Step]) -> usize {
    const WAITING: usize = 32;
    let servers = round.iter().filter(|(_, step)| matches!(step, Ok(Source::Server(_)))).count();
    parallel::processors().max(servers.min(WAITING))
}
