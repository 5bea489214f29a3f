//! How much memory and time a call of the program takes.

use std::{
    io::Read,
    process::Stdio,
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use super::terminal::{Call, Ended};

/// Result of a call, and the memory and time it took.
#[derive(Debug)]
pub(crate) struct Measured {
    pub(crate) ended: Ended,
    /// The most memory it ever held (VmHWM), MiB.
    pub(crate) peak: u64,
    pub(crate) took: Duration,
}

/// Runs a call with nothing on stdin.
pub(crate) fn run(call: Call) -> Measured {
    let began = Instant::now();
    let mut command = call.into_command();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("certreq starts");
    let status = format!("/proc/{}/status", child.id());
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        // The peak only grows: the last look before the end is the one that counts.
        let peak = scope.spawn(|| {
            let mut peak = 0;
            while !over.load(Ordering::Relaxed) {
                peak = peak.max(high_water(&status));
                thread::sleep(Duration::from_millis(2));
            }
            peak
        });
        let mut out = child.stdout.take().expect("it is piped");
        let mut err = child.stderr.take().expect("it is piped");
        let said = scope.spawn(move || {
            let mut text = String::new();
            out.read_to_string(&mut text).expect("stdout is UTF-8");
            text
        });
        let mut stderr = String::new();
        err.read_to_string(&mut stderr).expect("stderr is UTF-8");
        let code = child.wait().expect("certreq ends").code().unwrap_or(-1);
        over.store(true, Ordering::Relaxed);
        let stdout = said.join().expect("it was read");
        let ended = Ended { code, stdout, stderr };
        Measured { ended, peak: peak.join().expect("it was measured"), took: began.elapsed() }
    })
}

fn high_water(status: &str) -> u64 {
    let text = std::fs::read_to_string(status).unwrap_or_default();
    // Before it is the program it has the memory of the test.
    if !text.starts_with("Name:\tcertreq\n") {
        return 0;
    }
    let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
    let kibibytes = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    kibibytes.unwrap_or_default() / 1024
}
