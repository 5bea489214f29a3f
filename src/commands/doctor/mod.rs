//! `certreq doctor`: every usual cause of a failure at night, checked in one run. It changes nothing, here or there.

mod authority;
mod check;
mod disk;
mod est;
mod fleet;
mod machine;
mod network;
mod platform;
mod report;
mod rights;
mod root;
mod token;
mod token_keys;

use std::{path::PathBuf, time::Duration};

use tokio::time;

use crate::{
    commands::config::Finding,
    failure::{Exit, Failure},
    fleet::layout::Layout,
    output::{Ui, checks::Check},
    pki::{fingerprint::Fingerprint, time::Time},
    platform::{
        dojot::{Options, TokenFile},
        est as est_platform,
    },
};

/// No step waits longer; connections and requests have their own limits, which are no longer than this.
pub const STEP: Duration = Duration::from_secs(4);

/// A hundred thousand devices take a few seconds; a network disk whose server is gone takes for ever.
const DISK: Duration = Duration::from_secs(60);

/// Every decision, made before anything is looked at.
#[derive(Debug)]
pub struct Plan {
    /// With `ca/` and `cert_<id>/`.
    pub dir: PathBuf,
    pub now: Time,
    pub json: bool,
    /// Columns of stdout; `None` when it is no terminal and `COLUMNS` is not set.
    pub columns: Option<usize>,
    /// The platform's root must be this one.
    pub pin: Option<Fingerprint>,
    pub place: Place,
    pub config: Config,
}

/// The configuration files, as `certreq config check` sees them.
#[derive(Debug)]
pub struct Config {
    pub files: Vec<String>,
    pub findings: Vec<Finding>,
}

/// The source of the fleet's certificates.
#[derive(Debug)]
pub enum Place {
    Remote(Box<Remote>),
    /// The embedded authority in this directory.
    Local(PathBuf),
    /// An EST server.
    Est(Box<est_platform::Options>),
}

/// A platform behind HTTP.
#[derive(Debug)]
pub struct Remote {
    /// Without anything that keeps a token.
    pub options: Options,
    pub user: Option<String>,
    pub has_secret: bool,
    /// The one that was named, or else the one that `certreq login` keeps.
    pub token_file: Option<TokenFile>,
    pub token_is_named: bool,
    /// Failures of given files that cannot be used: a secret file, CA certificates.
    pub troubles: Vec<Failure>,
}

/// Checks everything and prints it.
///
/// # Errors
/// When stdout cannot be written; the findings are no error, they set the exit code.
pub async fn run(plan: Plan, ui: &Ui) -> Result<Exit, Failure> {
    let Plan { dir, now, json, columns, pin, place, config } = plan;
    let layout = Layout::new(dir);
    let looked = {
        let layout = layout.clone();
        tokio::task::spawn_blocking(move || {
            let mut checks = disk::checks(&layout);
            checks.extend(fleet::checks(&layout, now));
            checks.extend(token_keys::checks(&layout));
            checks
        })
    };
    let mut checks = vec![machine::versions(), machine::config(config)];
    let shown = match place {
        Place::Remote(remote) => {
            let shown = remote.options.base.to_string();
            checks.extend(platform::checks(*remote, &layout, pin, now).await);
            shown
        }
        Place::Est(options) => {
            let shown = options.address.to_string();
            checks.extend(est::checks(*options, &layout, pin, now).await);
            shown
        }
        Place::Local(directory) => {
            checks.push(machine::year(now));
            checks.extend(authority::checks(&directory));
            checks.push(root::unasked(&layout, pin));
            directory.display().to_string()
        }
    };
    checks.extend(match time::timeout(DISK, looked).await {
        Ok(Ok(checks)) => checks,
        Ok(Err(error)) => {
            vec![Check::fail("directory", format!("the checks stopped: {error}")).hint("report it")]
        }
        Err(_) => {
            let text = format!("the disk does not answer within {} s", DISK.as_secs());
            let hint = "check the mount: its network may be down";
            vec![Check::fail("directory", text).hint(hint)]
        }
    });
    check::sort(&mut checks);
    let exit = check::exit(&checks);
    report::print(&report::Heads { place: shown, directory: layout.root(), now }, &checks, json, columns, ui)?;
    Ok(exit)
}
