//! Ctrl-C and SIGTERM in the middle of a run, and two runs in one directory.

use std::{
    io::Read,
    path::Path,
    process::{Child, Command, Stdio},
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};

use crate::support::{
    account,
    platform::{Served, workplace},
    proxy::{Fault, Kind, Proxy},
    terminal::certreq,
};

fn ids(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{number:06x}")).collect()
}

fn served(count: usize) -> Served {
    Served::start(&["--register", &ids(count).join(",")])
}

/// A run that is under way; `url` is where the platform is.
struct Running {
    child: Child,
}

impl Running {
    fn start(home: &Path, served: &Served, url: &str, more: &[&str]) -> Self {
        Self::heard(home, served, url, more, Stdio::null())
    }

    fn heard(home: &Path, served: &Served, url: &str, more: &[&str], stdout: Stdio) -> Self {
        let mut command = certreq(home)
            .args(more)
            .args(["-h", url, "-u", "admin", "--secret-file", &served.secret_file(), "--jobs", "2"])
            .into_command();
        let child = command.stdin(Stdio::null()).stdout(stdout).stderr(Stdio::piped()).spawn().unwrap();
        Self { child }
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args([&format!("-{name}"), &self.child.id().to_string()]).status();
        assert!(sent.unwrap().success());
    }

    /// Reads stderr up to and including `text`.
    fn until_it_says(&mut self, text: &str) -> String {
        let mut said = Vec::new();
        let mut byte = [0];
        let stderr = self.child.stderr.as_mut().unwrap();
        while !String::from_utf8_lossy(&said).contains(text) {
            assert_eq!(stderr.read(&mut byte).unwrap(), 1, "it ended: {}", String::from_utf8_lossy(&said));
            said.push(byte[0]);
        }
        String::from_utf8_lossy(&said).into_owned()
    }

    /// The states of the rows, which fit into a pipe, with the exit code and stderr.
    fn states(mut self) -> (Vec<String>, i32, String) {
        let mut stdout = self.child.stdout.take().unwrap();
        let (code, said) = self.end();
        let mut rows = String::new();
        stdout.read_to_string(&mut rows).unwrap();
        let row = |line| {
            serde_json::from_str::<serde_json::Value>(line).unwrap()["state"].as_str().unwrap().to_owned()
        };
        (rows.lines().map(row).collect(), code, said)
    }

    fn end(mut self) -> (i32, String) {
        let mut said = String::new();
        self.child.stderr.take().unwrap().read_to_string(&mut said).unwrap();
        (self.child.wait().unwrap().code().unwrap_or(-1), said)
    }
}

/// Returns when so many requests for certificates came.
fn wait_for(proxy: &Proxy, signs: usize) {
    let began = Instant::now();
    while proxy.count(Kind::Sign) < signs {
        assert!(began.elapsed() < Duration::from_secs(60), "nothing is asked for");
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// Every answer takes a while, so that a run of forty devices lasts.
fn slow(kind: Kind) -> Option<Fault> {
    (kind == Kind::Sign).then_some(Fault::Delay(Duration::from_millis(100)))
}

fn stops_in_order(signal: &str) {
    let served = served(40);
    let proxy = Proxy::start(&served.url, |kind, _| slow(kind));
    let home = workplace();
    let mut run = Running::start(home.path(), &served, proxy.url(), &[]);
    wait_for(&proxy, 5);
    run.signal(signal);
    let before = Instant::now();
    run.until_it_says("stopping: devices in flight are finished, no new one begins");
    let (code, said) = run.end();
    assert_eq!(code, 130, "{said}");
    assert!(before.elapsed() < Duration::from_secs(10), "{:?}", before.elapsed());
    assert!(said.contains(" not reached") && said.contains("run the same command again"), "{said}");
    assert!(!said.contains("failed:"), "no line for each of the others: {said}");
    let there = account::issued(&served.authority()).len();
    assert!((5..40).contains(&there), "{there} were issued before it stopped");
    let (code, said) = Running::start(home.path(), &served, &served.url, &[]).end();
    assert_eq!(code, 0, "{said}");
    let wrong = account::wrong(home.path(), &served.authority(), &ids(40), 0);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn ctrl_c_finishes_what_is_in_flight_and_the_next_run_continues() {
    stops_in_order("INT");
}

#[test]
fn sigterm_does_the_same() {
    stops_in_order("TERM");
}

#[test]
fn a_second_ctrl_c_ends_at_once_and_nothing_is_lost() {
    let served = served(20);
    let proxy = Proxy::start(&served.url, |kind, _| (kind == Kind::Sign).then_some(Fault::Stall));
    let home = workplace();
    let mut run = Running::start(home.path(), &served, proxy.url(), &[]);
    wait_for(&proxy, 2);
    run.signal("INT");
    run.until_it_says("again to stop at once");
    let before = Instant::now();
    run.signal("INT");
    let (code, said) = run.end();
    assert_eq!(code, 130, "{said}");
    assert!(said.contains("nothing is lost: run the same command again"), "{said}");
    assert!(before.elapsed() < Duration::from_secs(5), "{:?}", before.elapsed());
    let (code, said) = Running::start(home.path(), &served, &served.url, &[]).end();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("2 recovered"), "the two in flight had been signed: {said}");
    let wrong = account::wrong(home.path(), &served.authority(), &ids(20), 0);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn an_answer_that_does_not_come_is_abandoned_after_ten_seconds() {
    let served = served(2);
    let proxy = Proxy::start(&served.url, |kind, _| (kind == Kind::Sign).then_some(Fault::Stall));
    let home = workplace();
    let run = Running::start(home.path(), &served, proxy.url(), &[]);
    wait_for(&proxy, 2);
    let before = Instant::now();
    run.signal("INT");
    let (code, said) = run.end();
    assert_eq!(code, 130, "{said}");
    assert!((9..15).contains(&before.elapsed().as_secs()), "{:?}", before.elapsed());
    assert!(said.contains("interrupted: the run stopped before the platform answered"), "{said}");
    assert!(said.contains(": 0 issued, 2 interrupted (by "), "{said}");
    let (code, said) = Running::start(home.path(), &served, &served.url, &[]).end();
    assert!(code == 0 && said.contains("2 recovered"), "{said}");
    let wrong = account::wrong(home.path(), &served.authority(), &ids(2), 0);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn ctrl_c_makes_no_further_key_however_slow_keys_are() {
    let served = served(60);
    let proxy = Proxy::start(&served.url, |kind, _| slow(kind));
    let home = workplace();
    let more = ["--key", "rsa4096", "--format", "json"];
    let run = Running::heard(home.path(), &served, proxy.url(), &more, Stdio::piped());
    wait_for(&proxy, 1);
    run.signal("INT");
    let before = Instant::now();
    let (states, code, said) = run.states();
    assert_eq!(code, 130, "{said}");
    assert!(before.elapsed() < Duration::from_secs(8), "{:?}", before.elapsed());
    let number = |state: &str| states.iter().filter(|one| *one == state).count();
    assert_eq!(number("issued"), proxy.count(Kind::Sign), "{states:?}");
    assert_eq!(number("issued") + number("not_reached"), 60, "{states:?}");
    assert!(
        said.contains(&format!("{} issued, {} not reached", number("issued"), number("not_reached"))),
        "{said}"
    );
}

#[test]
fn a_device_that_waits_for_another_attempt_is_interrupted_and_the_others_are_not_reached() {
    let served = served(8);
    let home = workplace();
    for verb in [&["issue", "--all"][..], &["renew", "--all"]] {
        let proxy =
            Proxy::start(&served.url, |kind, _| (kind == Kind::Sign).then_some(Fault::RetryAfter(503, 20)));
        let more = [verb, &["--format", "json"]].concat();
        let run = Running::heard(home.path(), &served, proxy.url(), &more, Stdio::piped());
        wait_for(&proxy, 1);
        run.signal("INT");
        let (states, code, said) = run.states();
        assert_eq!(code, 130, "{said}");
        assert!(states.iter().any(|state| state == "interrupted"), "{verb:?}: {states:?}");
        assert!(
            states.iter().all(|state| state == "interrupted" || state == "not_reached"),
            "{verb:?}: {states:?}"
        );
        assert!(said.contains(" interrupted") && !said.contains(" failed"), "{said}");
        // Then each has a pair that the next verb can renew.
        let (code, said) = Running::start(home.path(), &served, &served.url, &["issue", "--all"]).end();
        assert_eq!(code, 0, "{said}");
    }
}

#[test]
fn ctrl_c_before_the_first_device_ends_at_once() {
    let served = served(1);
    let proxy = Proxy::start(&served.url, |_, _| Some(Fault::Stall));
    let home = workplace();
    let run = Running::start(home.path(), &served, proxy.url(), &[]);
    let began = Instant::now();
    while proxy.count(Kind::WhichLogin) == 0 {
        assert!(began.elapsed() < Duration::from_secs(60));
        std::thread::sleep(Duration::from_millis(2));
    }
    run.signal("INT");
    let (code, said) = run.end();
    assert_eq!(code, 130, "{said}");
    assert!(said.contains("interrupted before the first device"), "{said}");
}

#[test]
fn a_second_run_in_the_directory_is_refused_and_with_wait_it_skips_what_the_first_did() {
    let served = served(12);
    let proxy = Proxy::start(&served.url, |kind, _| slow(kind));
    let home = workplace();
    let first = Running::start(home.path(), &served, proxy.url(), &[]);
    wait_for(&proxy, 2);
    let (code, said) = Running::start(home.path(), &served, &served.url, &[]).end();
    assert_eq!(code, 6, "{said}");
    assert!(said.contains("another certreq is working in .") && said.contains("--wait"), "{said}");
    let mut second = Running::start(home.path(), &served, &served.url, &["--wait"]);
    second.until_it_says("waiting for another certreq that works in .");
    let (code, said) = first.end();
    assert_eq!(code, 0, "{said}");
    let (code, said) = second.end();
    assert_eq!(code, 0, "{said}");
    assert!(said.contains("0 issued, 12 already valid, skipped"), "{said}");
    let wrong = account::wrong(home.path(), &served.authority(), &ids(12), 0);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_run_that_waits_goes_on_where_a_killed_one_stopped() {
    let served = served(12);
    let answered = Arc::new(AtomicUsize::new(0));
    let count = Arc::clone(&answered);
    let proxy = Proxy::start(&served.url, move |kind, number| match kind {
        // Four are answered; the next answers are lost, and the run hangs on them.
        Kind::Sign if number >= 4 => Some(Fault::Stall),
        Kind::Sign => {
            count.fetch_add(1, Ordering::SeqCst);
            None
        }
        _ => None,
    });
    let home = workplace();
    let mut first = Running::start(home.path(), &served, proxy.url(), &[]);
    wait_for(&proxy, 6);
    let mut second = Running::start(home.path(), &served, &served.url, &["--wait"]);
    second.until_it_says("waiting for another certreq");
    first.child.kill().unwrap();
    let (code, said) = second.end();
    assert_eq!(code, 0, "{said}");
    assert_eq!(answered.load(Ordering::SeqCst), 4);
    assert!(said.contains("6 issued, "), "six had been signed for the first one: {said}");
    let wrong = account::wrong(home.path(), &served.authority(), &ids(12), 0);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn ctrl_c_is_heard_while_waiting_for_the_other_run() {
    let served = served(2);
    let proxy = Proxy::start(&served.url, |kind, _| (kind == Kind::Sign).then_some(Fault::Stall));
    let home = workplace();
    let mut first = Running::start(home.path(), &served, proxy.url(), &[]);
    wait_for(&proxy, 1);
    let mut second = Running::start(home.path(), &served, &served.url, &["--wait"]);
    second.until_it_says("waiting for another certreq");
    second.signal("INT");
    assert_eq!(second.end().0, 130);
    first.child.kill().unwrap();
    first.child.wait().unwrap();
}
