//! `certreq discover`: provisioning servers on the local network.

use std::time::Duration;

use serde::Serialize;

use crate::{
    commands::stdout::written,
    failure::{Exit, Failure},
    output::{Table, Ui, columns},
    platform::idprov::discovery::{self, Found},
};

/// The version of the JSON lines; it changes when a field changes its meaning or goes away.
const SCHEMA: &str = "certreq.discover/1";

/// Plan of `certreq discover`.
#[derive(Clone, Copy, Debug)]
pub struct Discover {
    /// How long answers are waited for.
    pub search: Duration,
    pub json: bool,
}

#[derive(Serialize)]
struct Line<'a> {
    schema: &'static str,
    instance: &'a str,
    host: &'a str,
    addresses: Vec<String>,
    port: u16,
    directory: &'a str,
    /// As `--idprov` takes it.
    url: Option<String>,
}

/// Lists the servers that answer.
///
/// # Errors
/// When no server answers, or the network cannot be searched.
pub async fn discover(plan: Discover, ui: &Ui) -> Result<Exit, Failure> {
    let found = discovery::search(plan.search).await.map_err(|error| Failure::failed(error.to_string()))?;
    if found.is_empty() {
        return Err(Failure::failed("no provisioning server was found on this network").hint(
            "multicast DNS does not cross routers; where the server is known, name it: --idprov HOST[:PORT]",
        ));
    }
    let url = |one: &Found| one.address().map(|address| address.to_string());
    if plan.json {
        for one in &found {
            written(ui.json(&Line {
                schema: SCHEMA,
                instance: &one.instance,
                host: &one.host,
                addresses: one.addresses.iter().map(ToString::to_string).collect(),
                port: one.port,
                directory: &one.directory,
                url: url(one),
            }))?;
        }
        return Ok(Exit::Done);
    }
    let mut table = Table::new(["NAME", "HOST", "URL", "DIRECTORY"], columns::of_stdout());
    for one in &found {
        let url = url(one).unwrap_or_default();
        table.row([one.instance.as_str(), &one.host, &url, &one.directory]);
    }
    written(ui.text(&table.finish()))?;
    Ok(Exit::Done)
}
