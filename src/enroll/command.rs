//! Commands of the user: a shell runs them, and they get the facts about the pair in their environment only.

use std::{
    ffi::OsString,
    io,
    os::{fd::AsFd, unix::process::ExitStatusExt},
    path::{Path, PathBuf},
    process::{ExitStatus, Stdio},
    time::Duration,
};

use rustix::process::{Pid, Signal, kill_process_group};
use tokio::process::{Child, Command};

use crate::{
    device_id::DeviceId,
    fleet::layout::Layout,
    pki::{fingerprint::Fingerprint, time::Time},
};

/// The time that a command has to end after SIGTERM, before it is killed.
const LAST_WORDS: Duration = Duration::from_secs(2);

/// Secrets that the program was started with and no command needs.
const SECRETS: [&str; 4] = ["CERTREQ_SECRET", "CERTREQ_CA_PASSPHRASE", "CERTREQ_PASSWORD", "CERTREQ_PIN"];

/// A command line for `sh -c`. Its text is never changed: no value is put into it, so no value has to be quoted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserCommand {
    /// The flag that named it, for messages.
    pub flag: &'static str,
    pub line: OsString,
    pub timeout: Duration,
}

/// The facts that a command gets, each in an environment variable of its own.
#[derive(Clone, Debug)]
pub struct Facts<'a> {
    pub device: &'a DeviceId,
    /// Where the pair is: `cert_<id>`, or the place where it waits for its final name.
    pub directory: PathBuf,
    pub fingerprint: Fingerprint,
    pub serial: &'a str,
    pub not_after: Time,
}

/// Why a command did not do what it was for.
#[derive(Debug, thiserror::Error)]
pub enum CommandFault {
    #[error("{0}: sh cannot be started: {1}")]
    Start(&'static str, io::Error),
    #[error("{0} failed with {1}")]
    Failed(&'static str, String),
    #[error("{0} did not end within {1:?} and was stopped")]
    TooSlow(&'static str, Duration),
}

/// How a command ended.
#[must_use]
pub fn ended(status: ExitStatus) -> String {
    match (status.code(), status.signal()) {
        (Some(code), _) => format!("exit code {code}"),
        (None, Some(signal)) => format!("signal {signal}"),
        (None, None) => "no exit code".to_owned(),
    }
}

impl UserCommand {
    /// Runs the command to its end: `sh -c LINE` in our working directory, its stdin empty, its stdout on our stderr.
    ///
    /// # Errors
    /// When it cannot be started, ends with another status than 0, or takes longer than its timeout. After the timeout
    /// its whole process group is stopped.
    pub async fn run(&self, layout: &Layout, facts: &Facts<'_>) -> Result<(), CommandFault> {
        let start = |error| CommandFault::Start(self.flag, error);
        let mut child = self.command(layout, facts).map_err(start)?.spawn().map_err(start)?;
        let group = child.id().and_then(|id| i32::try_from(id).ok()).and_then(Pid::from_raw);
        match tokio::time::timeout(self.timeout, child.wait()).await {
            Ok(Ok(status)) if status.success() => Ok(()),
            Ok(Ok(status)) => Err(CommandFault::Failed(self.flag, ended(status))),
            Ok(Err(error)) => Err(start(error)),
            Err(_) => {
                end(&mut child, group).await;
                Err(CommandFault::TooSlow(self.flag, self.timeout))
            }
        }
    }

    fn command(&self, layout: &Layout, facts: &Facts<'_>) -> io::Result<Command> {
        let mut command = Command::new("sh");
        command.arg("-c").arg(&self.line);
        for secret in SECRETS {
            command.env_remove(secret);
        }
        let absolute = |path: &Path| std::path::absolute(path);
        command
            .env("CERTREQ_DEVICE", facts.device.as_str())
            .env("CERTREQ_DEVICE_DIR", absolute(&facts.directory)?)
            .env("CERTREQ_CERT_FILE", absolute(&Layout::certificate_in(&facts.directory))?)
            .env("CERTREQ_KEY_FILE", absolute(&Layout::key_in(&facts.directory))?)
            .env("CERTREQ_CA_FILE", absolute(&layout.ca_certificate())?)
            .env("CERTREQ_CRL_FILE", absolute(&layout.ca_revocation_list())?)
            .env("CERTREQ_FINGERPRINT", facts.fingerprint.to_string())
            .env("CERTREQ_SERIAL", facts.serial)
            .env("CERTREQ_NOT_AFTER", facts.not_after.to_string())
            .stdin(Stdio::null())
            .stdout(talk()?)
            .stderr(talk()?)
            .process_group(0)
            .kill_on_drop(true);
        Ok(command)
    }
}

/// Our stderr, for a child.
fn talk() -> io::Result<Stdio> {
    io::stderr().as_fd().try_clone_to_owned().map(Stdio::from)
}

/// Ends the whole process group: SIGTERM, then SIGKILL, with a limited wait after each.
async fn end(child: &mut Child, group: Option<Pid>) {
    for signal in [Signal::TERM, Signal::KILL] {
        if let Some(group) = group {
            // The group may have ended meanwhile.
            let _ = kill_process_group(group, signal);
        }
        let _ = tokio::time::timeout(LAST_WORDS, child.wait()).await;
    }
}
