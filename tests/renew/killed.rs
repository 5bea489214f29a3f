//! SIGKILL at random moments: each directory holds a complete pair, the old one or the new one, and in the end every
//! device has exactly one new certificate. `CERTREQ_CRASH_RUNS` and `CERTREQ_CRASH_SEED` work here, too.

#![expect(clippy::print_stderr, reason = "the seed that repeats a failure")]

use std::{
    collections::BTreeSet,
    path::Path,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use certreq::fleet::{
    journal::{self, Event},
    layout::Layout,
    pair,
};

use super::{fleet, ids, renew};
use crate::{
    crash::{Random, number, seed},
    support::{
        account,
        platform::{Served, workplace},
    },
};

const DEVICES: usize = 60;

/// Faults of the pairs at this moment, at any point of the run.
fn broken(home: &Path, ids: &[String]) -> Vec<String> {
    let look = |id: &String| pair::at(&home.join(format!("cert_{id}"))).err().map(|why| format!("{id}: {why}"));
    ids.iter().filter_map(look).collect()
}

/// Runs it, and kills it after `moment`; says whether it came to its end.
fn run(home: &Path, served: &Served, more: &[&str], moment: Option<Duration>) -> bool {
    let mut command = renew(home, served).args(["-q", "--within", "2h"]).args(more).into_command();
    let mut child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
    let began = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            return status.success();
        }
        if moment.is_some_and(|moment| began.elapsed() >= moment) {
            child.kill().unwrap();
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// How long a whole run takes here and now.
fn measured(more: &[&str]) -> Duration {
    let home = workplace();
    let served = fleet(home.path(), &ids(DEVICES), &["--lifetime", "1h"]);
    let served = Served::start_in(served.kill(), &[]);
    let began = Instant::now();
    assert!(run(home.path(), &served, more, None));
    began.elapsed()
}

fn killed_until_done(more: &[&str]) {
    let (seed, runs) = (seed(), number("CERTREQ_CRASH_RUNS").unwrap_or(1));
    eprintln!("CERTREQ_CRASH_SEED={seed}");
    let mut random = Random(seed);
    let whole = measured(more);
    let mut kills = 0;
    for _ in 0..runs {
        let home = workplace();
        let ids = ids(DEVICES);
        let served = fleet(home.path(), &ids, &["--lifetime", "1h"]);
        // New certificates live for a year, so no device is due twice.
        let served = Served::start_in(served.kill(), &[]);
        for attempt in 0.. {
            let moment = (attempt < 8).then(|| random.moment(whole));
            let done = run(home.path(), &served, more, moment);
            let wrong = broken(home.path(), &ids);
            assert!(wrong.is_empty(), "seed {seed}, attempt {attempt}: {}", wrong.join("\n"));
            if done {
                break;
            }
            assert!(moment.is_some(), "seed {seed}: it fails when nobody kills it");
            kills += 1;
        }
        let issued = account::issued(&served.authority());
        let deletes = more.contains(&"--revoke-old");
        for id in &ids {
            let there = issued.get(id).map(Vec::as_slice).unwrap_or_default();
            assert_eq!(there.len(), if deletes { 1 } else { 2 }, "seed {seed}: {id}");
            let pair = pair::at(&home.path().join(format!("cert_{id}"))).unwrap();
            assert_eq!(there.last(), Some(&pair.leaf.fingerprint()), "seed {seed}: {id}");
        }
        let layout = Layout::new(home.path());
        assert_eq!(std::fs::read_dir(layout.staging()).unwrap().count(), 0, "seed {seed}: something is left");
        let records = journal::read(&layout.journal()).unwrap();
        let published: BTreeSet<String> = records
            .iter()
            .filter_map(|record| match &record.event {
                Event::Published { fingerprint, .. } => Some(fingerprint.clone()),
                _ => None,
            })
            .collect();
        assert_eq!(published.len(), 2 * DEVICES, "seed {seed}: every certificate has its line");
        assert!(!records.iter().any(|record| matches!(record.event, Event::Owed { .. })), "seed {seed}");
    }
    eprintln!("killed {kills} times in {runs} runs; one takes {whole:.1?}");
}

#[test]
fn a_renewal_that_is_killed_leaves_whole_pairs_and_ends_with_one_certificate_each() {
    killed_until_done(&[]);
}

#[test]
fn so_does_one_that_keeps_the_keys_and_deletes_the_old_certificates() {
    killed_until_done(&["--reuse-key", "--revoke-old"]);
}
