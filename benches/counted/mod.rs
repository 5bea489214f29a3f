//! Instructions of a program, which a busy machine counts like a quiet one: valgrind runs it, and counts what it does
//! outside the kernel.

use std::{
    ffi::OsStr,
    fs,
    path::Path,
    process::{Command, Stdio},
};

use crate::platform::Any;

/// Valgrind is installed.
pub(crate) fn can_count() -> bool {
    let version =
        Command::new("valgrind").arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    version.is_ok_and(|status| status.success())
}

/// Runs `program` under valgrind, which writes its count to `log` at the end.
pub(crate) fn counting(program: impl AsRef<OsStr>, log: &Path) -> Command {
    let mut to = std::ffi::OsString::from("--log-file=");
    to.push(log);
    let mut command = Command::new("valgrind");
    command.args(["--tool=callgrind", "--callgrind-out-file=/dev/null"]).arg(to).arg(program);
    command
}

/// The count in a log.
pub(crate) fn counted(log: &Path) -> Any<u64> {
    let text = fs::read_to_string(log)?;
    let count = text.lines().rev().find_map(|line| line.split_once("Collected : "));
    let (_, count) = count.ok_or_else(|| format!("valgrind counted nothing: {text}"))?;
    Ok(count.trim().parse()?)
}
