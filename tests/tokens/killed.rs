//! SIGKILL at random moments: every device one key and one certificate, every object accounted for.
//!
//! `CERTREQ_CRASH_RUNS` says how many times, `CERTREQ_CRASH_SEED` repeats one. Without the first it is left out: SoftHSM
//! writes its own files in place, also at a login, and a kill in that moment costs the token or one of its objects.

#![expect(clippy::print_stderr, reason = "the seed that repeats a failure")]

use std::{
    fs,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use super::softhsm::{SoftHsm, accounted};
use crate::{
    crash::{Random, number, seed},
    support::tools,
};

const DEVICES: usize = 20;

/// Runs until it succeeds; killed at random moments before.
fn until_done(hsm: &SoftHsm, args: &[&str], random: &mut Random, whole: Duration) -> usize {
    for kills in 0..40 {
        let mut child = hsm.certreq().args(args).into_command();
        let said = fs::File::create(hsm.path().join("said")).unwrap();
        child.stdin(Stdio::null()).stdout(Stdio::null()).stderr(said);
        let mut child = child.spawn().unwrap();
        // After so many kills it may finish.
        let moment = (kills < 8).then(|| random.moment(whole));
        let began = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if moment.is_some_and(|moment| began.elapsed() >= moment) {
                child.kill().unwrap();
            }
            thread::sleep(Duration::from_millis(2));
        };
        if status.success() {
            return kills;
        }
    }
    panic!("it does not end: {}", fs::read_to_string(hsm.path().join("said")).unwrap());
}

#[test]
fn a_killed_run_loses_no_key_and_leaves_none_behind() {
    let (seed, Some(runs)) = (seed(), number("CERTREQ_CRASH_RUNS")) else {
        return tools::say("left out: tests/tokens/killed.rs needs CERTREQ_CRASH_RUNS");
    };
    eprintln!("CERTREQ_CRASH_SEED={seed}");
    let mut random = Random(seed);
    let mut kills = 0;
    for run in 0..runs {
        let Some(hsm) = SoftHsm::new() else { return };
        let names: Vec<String> = (0..DEVICES).map(|number| format!("d{number:02}")).collect();
        let list = names.join(",");
        let store = SoftHsm::store("lab");
        let issue = ["-q", "issue", "--local", "--key-store", &store, "-i", &list];
        kills += until_done(&hsm, &issue, &mut random, Duration::from_millis(1500));
        let listed = hsm.certreq().args(["list", "--local", "--format", "json"]).run().exits(0).json();
        let certificates = listed.iter().filter(|line| line["device"].is_string()).count();
        assert_eq!(certificates, DEVICES, "seed {seed}, run {run}: one certificate for each device");
        let renew = ["-q", "renew", "--local", "--within", "400d", "--keep", "0"];
        kills += until_done(&hsm, &renew, &mut random, Duration::from_millis(1500));
        hsm.certreq().args(["verify", "."]).run().exits(0);
        let keys = hsm.private_keys("lab");
        let mut labels: Vec<&str> = keys.iter().map(|key| key.label.as_str()).collect();
        labels.sort_unstable();
        assert_eq!(labels, names, "seed {seed}, run {run}: one key for each device");
        assert_eq!(accounted(&hsm, "."), hsm.ids("lab"), "seed {seed}, run {run}");
    }
    eprintln!("{runs} runs, the program was killed {kills} times");
}
