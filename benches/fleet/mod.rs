//! A fleet of the embedded authority, and a run that is watched.

use std::{
    fs,
    io::Write,
    path::Path,
    process::{Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::Any;

/// The id of a device, six hex digits.
pub(crate) fn id(number: usize) -> String {
    format!("{number:06x}")
}

/// Issues for so many devices, in `fleet` below `home`.
pub(crate) fn issue(home: &Path, devices: usize) -> Any<()> {
    let mut child = Command::new(env!("CARGO_BIN_EXE_certreq"))
        .args(["issue", "-q", "--authority", "authority", "--dir", "fleet", "--ids-from", "-", "--jobs", "256"])
        .current_dir(home)
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()?;
    let mut ids = child.stdin.take().ok_or("no pipe")?;
    for number in 0..devices {
        writeln!(ids, "{}", id(number))?;
    }
    drop(ids);
    if child.wait()?.success() { Ok(()) } else { Err("the fleet was not issued".into()) }
}

/// How a program ended, and what it needed.
pub(crate) struct Watched {
    pub(crate) status: ExitStatus,
    pub(crate) seconds: f64,
    /// KiB.
    pub(crate) peak: u64,
    /// Text on its stdout.
    pub(crate) text: String,
}

/// Runs a command whose output goes to a file in `home`.
pub(crate) fn watched(command: &mut Command, home: &Path) -> Any<Watched> {
    let out = home.join("out");
    let began = Instant::now();
    let mut child = command.stdout(fs::File::create(&out)?).spawn()?;
    let proc = format!("/proc/{}/status", child.id());
    let watcher = thread::spawn(move || {
        let mut peak = 0;
        while let Ok(text) = fs::read_to_string(&proc) {
            let mark = text
                .lines()
                .find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix(" kB")?.parse().ok());
            // An ended process that was not waited for yet has no memory any more.
            let Some(mark) = mark else { break };
            peak = mark;
            thread::sleep(Duration::from_millis(5));
        }
        peak
    });
    let status = child.wait()?;
    let seconds = began.elapsed().as_secs_f64();
    Ok(Watched { status, seconds, peak: watcher.join().unwrap_or(0), text: fs::read_to_string(&out)? })
}
