//! Secrets: from a file, stdin, a variable, a systemd credential, or asked for at a terminal.

use std::{
    env, fs, io,
    path::Path,
    process::{Command, Stdio},
};

use zeroize::Zeroizing;

use crate::{
    custody::{self, Exposure},
    evidence::password::Password,
    failure::Failure,
    output::{Ui, prompt},
};

/// No secret is longer.
const LIMIT: usize = 64 * 1024;

/// Where a secret may come from besides the terminal.
#[derive(Debug, Default)]
pub(crate) struct Sources<'a> {
    /// Typed on the command line, where others can see it.
    pub(crate) argument: Option<&'a str>,
    /// A file, or `-` for stdin.
    pub(crate) file: Option<&'a Path>,
    /// A command line for sh, which prints it.
    pub(crate) command: Option<&'a str>,
    pub(crate) variable: &'a str,
    /// Name in `$CREDENTIALS_DIRECTORY` (systemd.exec(5)).
    pub(crate) credential: &'a str,
}

/// The secret from the first source that has one; `None` when none does.
///
/// # Errors
/// A source that was named and cannot be read, or is empty.
pub(crate) fn find(sources: &Sources<'_>, ui: &Ui) -> Result<Option<Zeroizing<String>>, Failure> {
    if let Some(secret) = sources.argument {
        ui.warn("a secret on the command line can be seen by every user of this machine; use --secret-file");
        return Ok(Some(Zeroizing::new(secret.to_owned())));
    }
    if let Some(path) = sources.file {
        warn_of_others(path, ui);
        return read(path).map(Some);
    }
    if let Some(command) = sources.command {
        return printed(command).map(Some);
    }
    if let Ok(secret) = env::var(sources.variable)
        && !secret.is_empty()
    {
        return Ok(Some(Zeroizing::new(secret)));
    }
    let credential =
        env::var_os("CREDENTIALS_DIRECTORY").map(|directory| Path::new(&directory).join(sources.credential));
    match credential.filter(|path| path.exists()) {
        Some(path) => read(&path).map(Some),
        None => Ok(None),
    }
}

/// The password of encrypted keys and PKCS#12 files: from a file, `CERTREQ_PASSWORD` or the credential
/// `certreq.password`; else the terminal may be asked.
///
/// # Errors
/// When a source that was named cannot be read.
pub(crate) fn password(file: Option<&Path>, may_ask: bool, ui: &Ui) -> Result<Password, Failure> {
    if let Some(path) = file {
        // Some bundles have the empty one.
        return Ok(Password::new(Some(line(path)?), may_ask));
    }
    let sources =
        Sources { file, variable: "CERTREQ_PASSWORD", credential: "certreq.password", ..Sources::default() };
    Ok(Password::new(find(&sources, ui)?, may_ask))
}

/// Says so when a file with a secret is not its user's alone.
pub(crate) fn warn_of_others(path: &Path, ui: &Ui) {
    let metadata = fs::metadata(path).ok().filter(fs::Metadata::is_file);
    if let Some(exposure) = metadata.and_then(|metadata| Exposure::of(&metadata)) {
        ui.warn(&format!("the secret file {} {exposure}", path.display()));
    }
}

/// The first line of a file, or of stdin for `-`.
pub(crate) fn read(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let line = line(path)?;
    if line.is_empty() {
        let shown = path.display();
        return Err(Failure::failed(format!("there is no secret in {shown}: its first line is empty")));
    }
    Ok(line)
}

fn line(path: &Path) -> Result<Zeroizing<String>, Failure> {
    let shown = path.display();
    let failed = |error: io::Error| Failure::failed(format!("the secret cannot be read from {shown}: {error}"));
    let text = if path == Path::new("-") {
        custody::read_secret(io::stdin().lock(), LIMIT)
    } else {
        custody::open(path).and_then(|file| custody::read_secret(file, LIMIT))
    };
    let text = text.map_err(failed)?;
    Ok(first_line(&text).unwrap_or_default())
}

/// The first line that a command prints; it may ask and complain on the terminal.
fn printed(command: &str) -> Result<Zeroizing<String>, Failure> {
    let failed = |why: String| Failure::failed(format!("--secret-command returned no secret: {why}"));
    let output = Command::new("sh")
        .args(["-c", command])
        .stderr(Stdio::inherit())
        .output()
        .map_err(|error| failed(error.to_string()))?;
    let text = Zeroizing::new(output.stdout);
    if !output.status.success() {
        return Err(failed(format!("it failed with {}", crate::enroll::command::ended(output.status))));
    }
    let text = std::str::from_utf8(&text).map_err(|_| failed("it printed no text".to_owned()))?;
    first_line(text).ok_or_else(|| failed("the first line it printed is empty".to_owned()))
}

fn first_line(text: &str) -> Option<Zeroizing<String>> {
    let line = text.lines().next().filter(|line| !line.is_empty())?;
    Some(Zeroizing::new(line.to_owned()))
}

/// Asks at the terminal, without echo; `None` when there is no terminal to ask at.
///
/// # Errors
/// When the terminal is closed while it waits.
pub(crate) fn ask(prompt: &str) -> Result<Option<Zeroizing<String>>, Failure> {
    prompt::secret(prompt).map_err(|error| Failure::failed(format!("no secret was typed: {error}")))
}
