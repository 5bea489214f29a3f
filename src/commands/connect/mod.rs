//! `certreq connect`: takes the steps that the device will take with its pair, and reports the result of each.

mod cause;
mod device;
mod explain;
mod probe;
mod report;
mod session;
mod way;

use std::{
    path::{Path, PathBuf},
    sync::Arc,
    time::{Duration, SystemTime},
};

use futures_util::{StreamExt, stream};
use probe::ProbeResult;
use report::Report;

use crate::{
    connection::mqtt::Version,
    evidence::{endpoint::Endpoint, fleet_authorities::Fleets},
    failure::{Exit, Failure},
    fleet::{layout::Layout, scan},
    output::Ui,
};

/// Every decision of a run.
#[derive(Debug)]
pub struct Plan {
    pub target: Target,
    pub devices: Devices,
    /// In place of `ca/ca.pem` beside the device directory.
    pub ca: Option<PathBuf>,
    /// In place of the host.
    pub server_name: Option<String>,
    /// Time for one device, without [`Session::wait`].
    pub timeout: Duration,
    /// The most at once.
    pub jobs: usize,
    pub json: bool,
}

/// The pairs to test.
#[derive(Debug)]
pub enum Devices {
    Named(Vec<PathBuf>),
    /// Every device of a fleet directory.
    All(PathBuf),
}

/// Server, and the protocol to speak there.
#[derive(Debug)]
pub struct Target {
    pub scheme: String,
    pub endpoint: Endpoint,
    pub speak: Speak,
}

impl std::fmt::Display for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{}://{}", self.scheme, self.endpoint)
    }
}

/// Protocol after the handshake.
#[derive(Debug)]
pub enum Speak {
    /// No protocol: the handshake is all.
    Tls,
    Https {
        path: String,
    },
    Mqtt(Session),
}

/// Session of a device at a broker. Topics may hold `{id}` and `{tenant}`.
#[derive(Debug)]
pub struct Session {
    pub version: Version,
    pub client_id: Option<String>,
    pub tenant: Option<String>,
    pub publish: Option<Publication>,
    pub subscribe: Option<String>,
    /// How long to wait for a message at the end.
    pub wait: Option<Duration>,
}

#[derive(Debug)]
pub struct Publication {
    pub topic: String,
    pub payload: Vec<u8>,
}

impl Session {
    /// A topic with its places filled in.
    #[must_use]
    pub fn fill(topic: &str, id: &str, tenant: Option<&str>) -> String {
        topic.replace("{id}", id).replace("{tenant}", tenant.unwrap_or("{tenant}"))
    }
}

/// Tries every pair and says how it went.
///
/// # Errors
/// When there is no pair to try, or the result cannot be written.
pub async fn run(plan: Plan, ui: &Ui) -> Result<Exit, Failure> {
    let directories = directories(&plan.devices)?;
    let plan = Arc::new(plan);
    let fleets = Arc::new(Fleets::default());
    let mut report = Report::new(&plan, directories.len(), ui);
    if let [directory] = directories.as_slice() {
        report.begin(directory)?;
        let result = way::prove(&plan, &fleets, directory, &|step| report.step(step)).await;
        return report.one(&result);
    }
    let mut running = stream::iter(directories)
        .map(|directory| {
            let (plan, fleets) = (Arc::clone(&plan), Arc::clone(&fleets));
            async move {
                // A task of its own: the handshakes of many use all cores.
                let task = tokio::spawn(async move { way::prove(&plan, &fleets, &directory, &|_| {}).await });
                task.await.unwrap_or_else(|error| ProbeResult::defect(&error.to_string()))
            }
        })
        .buffer_unordered(plan.jobs);
    while let Some(result) = running.next().await {
        report.another(&result)?;
    }
    Ok(report.finish())
}

fn directories(devices: &Devices) -> Result<Vec<PathBuf>, Failure> {
    match devices {
        Devices::Named(directories) => Ok(directories.clone()),
        Devices::All(root) => {
            let layout = Layout::new(root);
            let ids = scan::devices(&layout).map_err(|error| Failure::failed(error.to_string()))?;
            if ids.is_empty() {
                return Err(Failure::failed(format!("there is no device directory in {}", root.display()))
                    .hint("name the directory that holds ca/ and cert_<id>/ with --dir"));
            }
            // `./cert_a1998e` is written as people write it.
            let here = root.as_path() == Path::new(".");
            let path = |id| if here { Layout::device_name(id).into() } else { layout.device(id) };
            Ok(ids.iter().map(path).collect())
        }
    }
}

fn now() -> crate::pki::time::Time {
    SystemTime::now().into()
}
