//! `certreq inspect`: what certificates, requests, lists and keys say, and how they stand.

mod check;
mod examine;
mod json;
mod ocsp;
mod place;
mod report;
mod short;
mod text;
mod witnesses;

use std::{
    ffi::OsString,
    num::NonZero,
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
    thread,
    time::Duration,
};

use examine::{Examined, Examiner};
use report::Report;

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
    /// Columns of stdout; `None` when it is no terminal and nobody says.
    pub columns: Option<usize>,
    pub pem: bool,
    pub password: Password,
    /// Files with certificates of authorities.
    pub ca: Vec<PathBuf>,
    /// Lists that were named.
    pub lists: Vec<ListPlace>,
    /// What certificates name themselves may be asked.
    pub online: Option<online::Options>,
    pub servers: Servers,
}

/// How it is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum View {
    /// With every extension, or only with what matters.
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
    /// Shown to those that ask who we are.
    pub client: Option<Identity>,
}

/// Sources worked on between two prints: bounds the memory, and keeps the order.
const ROUND: usize = 1024;

/// Looks at every input and says what it found; `own` is the list of the platform that was named.
///
/// # Errors
/// When evidence that was named cannot be read, or the report cannot be written. Inputs that cannot be read are reported and do not stop the others.
pub fn run(plan: &Plan, own: Option<PlatformEvidence>, ui: &Ui) -> Result<Exit, Failure> {
    let mut steps = input::expand(plan.inputs.clone(), plan.recursive);
    let examiner = Examiner::new(plan, own, ui)?;
    let mut report = Report::new(plan, ui);
    loop {
        let round: Vec<Step> = steps.by_ref().take(ROUND).collect();
        if round.is_empty() {
            break;
        }
        for (number, examined) in in_parallel(&examiner, &round) {
            report.add(number, examined)?;
        }
        if report.is_closed() {
            break;
        }
    }
    report.finish()
}

/// Works on all sources of a round at once; the results are in their order.
fn in_parallel(examiner: &Examiner<'_>, round: &[Step]) -> Vec<(usize, Examined)> {
    let work = |(number, step): &Step| (*number, examiner.examine(step));
    let workers = workers(round);
    if workers < 2 {
        return round.iter().map(work).collect();
    }
    let next = AtomicUsize::new(0);
    let mut done: Vec<(usize, (usize, Examined))> = thread::scope(|scope| {
        let worker = || {
            let mut mine = Vec::new();
            loop {
                let index = next.fetch_add(1, Ordering::Relaxed);
                let Some(step) = round.get(index) else { return mine };
                mine.push((index, work(step)));
            }
        };
        let threads: Vec<_> = (1..workers).map(|_| scope.spawn(worker)).collect();
        let mut done = worker();
        for thread in threads {
            // A worker cannot panic; if it did, its sources would be missing and the run would not say so.
            match thread.join() {
                Ok(theirs) => done.extend(theirs),
                Err(panic) => std::panic::resume_unwind(panic),
            }
        }
        done
    });
    done.sort_unstable_by_key(|(index, _)| *index);
    done.into_iter().map(|(_, examined)| examined).collect()
}

/// A thread for each processor; more for servers, which are waited for.
fn workers(round: &[Step]) -> usize {
    const WAITING: usize = 32;
    let servers = round.iter().filter(|(_, step)| matches!(step, Ok(Source::Server(_)))).count();
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    processors.max(servers.min(WAITING)).min(round.len())
}
