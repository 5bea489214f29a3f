//! SIGKILL at random moments: every device one key and one certificate, every object accounted for.
//!
//! `CERTREQ_CRASH_RUNS` says how many times (2; the whole check makes 5), `CERTREQ_CRASH_SEED` repeats one.
//!
//! SoftHSM itself does not stand every kill: each login, also that of `pkcs11-tool`, empties the file of the token and
//! writes it anew, and a kill between the two leaves an empty one ([`a_login_of_softhsm_that_is_killed_loses_the_token`]).
//! There is no way round that in a program that logs in. Here the file is put back as a backup would be, the run says
//! how often, and everything else has to come right by itself.

#![expect(clippy::print_stderr, reason = "the seed that repeats a failure")]

use std::{
    fs,
    path::PathBuf,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use super::softhsm::{PIN, SoftHsm, accounted};
use crate::{
    crash::{Random, number, seed},
    support::tools,
};

const DEVICES: usize = 20;

/// The file in which SoftHSM keeps the name, the PIN and the flags of a token.
struct TokenFile {
    path: PathBuf,
    backup: Vec<u8>,
    lost: usize,
}

impl TokenFile {
    fn of(hsm: &SoftHsm) -> Self {
        let mut tokens = fs::read_dir(hsm.path().join("tokens")).unwrap();
        let path = tokens.next().unwrap().unwrap().path().join("token.object");
        Self { backup: fs::read(&path).unwrap(), path, lost: 0 }
    }

    /// Puts it back when a kill during a login emptied it, and only then.
    fn restore(&mut self) {
        if fs::metadata(&self.path).unwrap().len() == 0 {
            fs::write(&self.path, &self.backup).unwrap();
            self.lost += 1;
        }
    }
}

/// Runs until it succeeds; killed at random moments before.
fn until_done(
    hsm: &SoftHsm,
    token: &mut TokenFile,
    args: &[&str],
    random: &mut Random,
    whole: Duration,
) -> usize {
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
        token.restore();
    }
    panic!("it does not end: {}", fs::read_to_string(hsm.path().join("said")).unwrap());
}

#[test]
fn a_killed_run_loses_no_key_and_leaves_none_behind() {
    let (seed, runs) = (seed(), number("CERTREQ_CRASH_RUNS").unwrap_or(2));
    eprintln!("CERTREQ_CRASH_SEED={seed}");
    let mut random = Random(seed);
    let (mut kills, mut lost) = (0, 0);
    for run in 0..runs {
        let Some(hsm) = SoftHsm::new() else { return };
        let mut token = TokenFile::of(&hsm);
        let names: Vec<String> = (0..DEVICES).map(|number| format!("d{number:02}")).collect();
        let joined = names.join(",");
        let store = SoftHsm::store("lab");
        let issue = ["-q", "issue", "--local", "--key-store", &store, "-i", &joined];
        kills += until_done(&hsm, &mut token, &issue, &mut random, Duration::from_millis(600));
        let listed = hsm.certreq().args(["list", "--local", "--format", "json"]).run().exits(0).json();
        let certificates = listed.iter().filter(|line| line["device"].is_string()).count();
        assert_eq!(certificates, DEVICES, "seed {seed}, run {run}: one certificate for each device");
        let renew = ["-q", "renew", "--local", "--within", "400d", "--keep", "0"];
        kills += until_done(&hsm, &mut token, &renew, &mut random, Duration::from_millis(600));
        hsm.certreq().args(["verify", "."]).run().exits(0);
        let keys = hsm.private_keys("lab");
        let mut labels: Vec<&str> = keys.iter().map(|key| key.label.as_str()).collect();
        labels.sort_unstable();
        assert_eq!(labels, names, "seed {seed}, run {run}: one key for each device");
        assert_eq!(accounted(&hsm, "."), hsm.ids("lab"), "seed {seed}, run {run}");
        lost += token.lost;
    }
    eprintln!(
        "{runs} runs, the program was killed {kills} times; SoftHSM lost the file of its token {lost} times, and it was put back"
    );
}

#[test]
fn a_login_of_softhsm_that_is_killed_loses_the_token() {
    let Some(hsm) = SoftHsm::new() else { return };
    if !tools::present(&["strace"]) {
        return;
    }
    let token = TokenFile::of(&hsm);
    // No program of certreq takes part.
    let killed = Command::new("strace")
        .args(["-f", "-qq", "-e", "trace=write", "-e", "inject=write:signal=SIGKILL:when=1", "-P"])
        .arg(&token.path)
        .args(["pkcs11-tool", "--module", SoftHsm::module(), "--login", "--pin", PIN, "--list-objects"])
        .env("SOFTHSM2_CONF", hsm.config())
        .output()
        .unwrap();
    assert!(!killed.status.success());
    assert_eq!(fs::metadata(&token.path).unwrap().len(), 0, "{}", String::from_utf8_lossy(&killed.stderr));
    let args = ["issue", "--local", "--key-store", &SoftHsm::store("lab"), "-i", "dev1"];
    hsm.certreq().args(args).run().exits(1).stderr_has("shows no token");
    fs::write(&token.path, &token.backup).unwrap();
    hsm.certreq().args(args).run().exits(0);
}
