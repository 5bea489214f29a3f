//! Two hundred devices, and SIGKILL at random moments: to the program, to the platform, to both.
//!
//! `CERTREQ_CRASH_RUNS` says how many times (2; the whole check makes 30), `CERTREQ_CRASH_SEED` repeats one.

#![expect(clippy::print_stderr, reason = "the seed that repeats a failure")]

use std::{
    path::Path,
    process::{Child, Stdio},
    sync::{
        Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use crate::support::{
    account,
    platform::{Served, workplace},
    proxy::Proxy,
    terminal::certreq,
};

const DEVICES: usize = 200;

/// splitmix64: the same moments again for the same seed.
pub(crate) struct Random(pub(crate) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Up to `longest`.
    pub(crate) fn moment(&mut self, longest: Duration) -> Duration {
        longest.mul_f64(f64::from(u32::try_from(self.next() >> 32).unwrap()) / f64::from(u32::MAX))
    }
}

pub(crate) fn number(variable: &str) -> Option<u64> {
    std::env::var(variable).ok()?.parse().ok()
}

pub(crate) fn seed() -> u64 {
    number("CERTREQ_CRASH_SEED")
        .unwrap_or_else(|| u64::from(SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos()))
}

fn ids() -> Vec<String> {
    (0..DEVICES).map(|number| format!("{number:06x}")).collect()
}

/// The platform with its devices; what is killed and comes back.
struct Victim {
    served: Mutex<Option<Served>>,
    proxy: Proxy,
    secret_file: String,
}

impl Victim {
    fn start() -> Self {
        let served = Served::start(&["--register", &ids().join(",")]);
        let (proxy, secret_file) = (Proxy::start(&served.url, |_, _| None), served.secret_file());
        Self { served: Mutex::new(Some(served)), proxy, secret_file }
    }

    fn kill_and_restart(&self) {
        let mut served = self.served.lock().unwrap();
        let again = Served::start_in(served.take().unwrap().kill(), &[]);
        self.proxy.lead_to(&again.url);
        *served = Some(again);
    }

    fn run(&self, home: &Path) -> Child {
        let mut command = certreq(home)
            .args(["-q", "-h", self.proxy.url(), "-u", "admin", "--secret-file", &self.secret_file])
            .into_command();
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap()
    }
}

/// Starts the program until it ends by itself with success; kills it at random moments before, if `deadly`.
fn until_done(victim: &Victim, home: &Path, mut moments: impl FnMut() -> Option<Duration>) -> usize {
    let mut killed = 0;
    for _ in 0..100 {
        let mut child = victim.run(home);
        // After so many kills it may finish.
        let moment = if killed < 10 { moments() } else { None };
        let began = Instant::now();
        let status = loop {
            if let Some(status) = child.try_wait().unwrap() {
                break status;
            }
            if moment.is_some_and(|moment| began.elapsed() >= moment) {
                killed += 1;
                child.kill().unwrap();
            }
            thread::sleep(Duration::from_millis(2));
        };
        if status.success() {
            return killed;
        }
    }
    panic!("it does not end");
}

fn crash(kill_the_program: bool, kill_the_platform: bool) {
    let (seed, runs) = (seed(), number("CERTREQ_CRASH_RUNS").unwrap_or(2));
    eprintln!("CERTREQ_CRASH_SEED={seed}");
    let mut random = Random(seed);
    let victim = Victim::start();
    let (mut kills, mut before) = (0, 1);
    let began = Instant::now();
    until_done(&victim, workplace().path(), || None);
    let mut whole = began.elapsed();
    for run in 0.. {
        // Where the machine became faster meanwhile the moments come too late, until they were measured anew.
        let untouched = kill_the_program && kills == 0 && run < runs + 20;
        if run >= runs && !untouched {
            break;
        }
        let began = Instant::now();
        let home = workplace();
        let over = AtomicBool::new(false);
        let mut platforms = Random(random.next());
        thread::scope(|scope| {
            if kill_the_platform {
                scope.spawn(|| {
                    while !over.load(Ordering::SeqCst) {
                        thread::sleep(platforms.moment(whole));
                        victim.kill_and_restart();
                    }
                });
            }
            kills += until_done(&victim, home.path(), || kill_the_program.then(|| random.moment(whole)));
            over.store(true, Ordering::SeqCst);
        });
        if kills == 0 {
            whole = whole.min(began.elapsed());
        }
        let authority = victim.served.lock().unwrap().as_ref().unwrap().authority();
        let wrong = account::wrong(home.path(), &authority, &ids(), before);
        before += 1;
        assert!(wrong.is_empty(), "seed {seed}, run {run}:\n{}", wrong.join("\n"));
    }
    assert!(!kill_the_program || kills > 0, "seed {seed}: it was never killed");
    let took = began.elapsed();
    eprintln!("{runs} runs in {took:.1?} (one takes {whole:.1?}), the program was killed {kills} times");
}

#[test]
fn the_program_is_killed_until_it_finishes() {
    crash(true, false);
}

#[test]
fn the_platform_is_killed_under_the_program() {
    crash(false, true);
}

#[test]
fn both_are_killed() {
    crash(true, true);
}
