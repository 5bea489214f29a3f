//! Surroundings of a fleet may be hostile or odd: pipes for files, directories of others, links, a clock that was
//! never set, a file system without an exchange of directories.

use std::{
    fs,
    os::unix::fs::{MetadataExt, PermissionsExt, symlink},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use crate::support::{
    platform::{Served, workplace},
    terminal::{Ended, certreq, program},
};

fn issue(home: &Path, more: &[&str]) -> Ended {
    certreq(home).args(["issue", "--authority", "lab", "--dir", "fleet", "-i", "a1998e"]).args(more).run()
}

fn mode(path: &Path) -> u32 {
    fs::symlink_metadata(path).unwrap().mode() & 0o7777
}

fn set_mode(path: &Path, mode: u32) {
    fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}

/// A pipe without a writer.
fn pipe(path: &Path) {
    let _ = fs::remove_file(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, path, rustix::fs::Mode::from_raw_mode(0o600)).unwrap();
}

#[test]
fn a_pipe_where_a_file_is_expected_is_told_and_not_waited_for() {
    for (place, words) in [
        ("fleet/.certreq/lock", "issue --authority lab --dir fleet -i b2c3d4"),
        ("fleet/.certreq/lock", "revoke a1998e --yes --authority lab --dir fleet"),
        ("fleet/.certreq/lock", "renew --all --authority lab --dir fleet"),
        ("fleet/.certreq/journal", "issue --authority lab --dir fleet -i b2c3d4"),
        ("fleet/.certreq/journal", "status fleet --journal"),
        ("lab/lock", "issue --authority lab --dir fleet -i b2c3d4"),
        ("lab/authority.db", "issue --authority lab --dir fleet -i b2c3d4"),
        ("layout.toml", "export fleet/cert_a1998e --to out --layout layout.toml"),
        ("lab/lock", "serve --listen 127.0.0.1:0 --authority lab"),
        ("fleet/ca/ca.pem", "issue --authority lab --dir fleet -i b2c3d4"),
        ("fleet/ca/ca.pem", "verify fleet/cert_a1998e"),
        ("fleet/ca/ca.pem", "export fleet/cert_a1998e --to out --chain"),
        ("fleet/ca/ca.pem", "ca crl --authority lab --dir fleet"),
        ("fleet/ca/ca.pem", "connect mqtts://127.0.0.1:1 fleet/cert_a1998e"),
        ("fleet/cert_a1998e/cert.pem", "verify fleet/cert_a1998e"),
        ("fleet/cert_a1998e/cert.pem", "revoke fleet/cert_a1998e --yes --authority lab"),
        ("fleet/cert_a1998e/private.key", "verify fleet/cert_a1998e"),
        ("secret", "devices -h 127.0.0.1:1 -u admin --secret-file secret"),
        ("token", "devices -h 127.0.0.1:1 -u admin -t token"),
        ("token", "devices -h 127.0.0.1:1 --access-token-file token"),
        ("roots.pem", "devices -h 127.0.0.1:1 -u admin -s x --cacert roots.pem"),
        ("pass", "issue --authority lab --ca-passphrase-file pass -i b2c3d4"),
        (".config/certreq/config.toml", "status fleet"),
    ] {
        let home = workplace();
        issue(home.path(), &[]).exits(0);
        pipe(&home.path().join(place));
        let mut child = certreq(home.path())
            .args(words.split(' '))
            .into_command()
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let began = Instant::now();
        while child.try_wait().unwrap().is_none() {
            if began.elapsed() > Duration::from_secs(60) {
                child.kill().unwrap();
                panic!("certreq {words} waits for the pipe {place}");
            }
            std::thread::yield_now();
        }
        let output = child.wait_with_output().unwrap();
        let said = [output.stdout, output.stderr].map(|bytes| String::from_utf8(bytes).unwrap()).concat();
        assert!(!output.status.success(), "{words}: {said}");
        assert!(said.contains("not a regular file"), "{words} with a pipe as {place}: {said}");
    }
}

#[test]
fn what_a_shell_hands_over_is_read_all_the_same() {
    let home = workplace();
    let line =
        format!("{} devices -h 127.0.0.1:1 -u admin --retries 0 --secret-file <(echo secret)", program());
    let output = Command::new("bash").args(["-c", &line]).current_dir(home.path()).output().unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert!(!said.contains("secret cannot be read"), "{said}");
}

#[test]
fn a_directory_of_keys_that_others_can_use_is_not_worked_in() {
    let home = workplace();
    let own = home.path().join("fleet/.certreq");
    let refused = |why: &str| {
        for words in ["issue --authority lab --dir fleet -i a1998e", "ca fetch --authority lab --dir fleet"] {
            let ended = certreq(home.path()).args(words.split(' ')).run().exits(6).stderr_has(why);
            assert!(!home.path().join("fleet/cert_a1998e").exists(), "{}", ended.stderr);
        }
    };
    certreq(home.path()).args("issue --authority lab --dir other -i b2c3d4".split(' ')).run().exits(0);
    fs::create_dir_all(&own).unwrap();
    set_mode(&own, 0o755);
    refused("fleet/.certreq is not used: it has the mode 0755");
    set_mode(&own, 0o700);
    fs::create_dir(own.join("staged")).unwrap();
    set_mode(&own.join("staged"), 0o777);
    refused("fleet/.certreq/staged is not used: it has the mode 0777");
    fs::remove_dir_all(&own).unwrap();
    fs::create_dir(home.path().join("elsewhere")).unwrap();
    set_mode(&home.path().join("elsewhere"), 0o700);
    symlink("../elsewhere", &own).unwrap();
    refused("fleet/.certreq is not used: it is a symbolic link");
    assert_eq!(fs::read_dir(home.path().join("elsewhere")).unwrap().count(), 0);
    fs::remove_file(&own).unwrap();
    if rustix::process::geteuid().is_root() {
        fs::create_dir(&own).unwrap();
        set_mode(&own, 0o700);
        std::os::unix::fs::chown(&own, Some(4321), None).unwrap();
        refused("fleet/.certreq is not used: it belongs to the user 4321");
        fs::remove_dir(&own).unwrap();
    }
    symlink("../elsewhere", home.path().join("fleet/ca")).unwrap();
    issue(home.path(), &[]).exits(1).stderr_has("fleet/ca: it is a symbolic link");
    assert_eq!(fs::read_dir(home.path().join("elsewhere")).unwrap().count(), 0);
    fs::remove_file(home.path().join("fleet/ca")).unwrap();
    issue(home.path(), &[]).exits(0);
}

#[test]
fn a_planted_key_gets_no_certificate_and_stops_its_own_device_only() {
    let home = workplace();
    issue(home.path(), &[]).exits(0);
    let planted = home.path().join("fleet/.certreq/staged/b2c3d4");
    fs::create_dir_all(&planted).unwrap();
    fs::copy(home.path().join("fleet/cert_a1998e/private.key"), planted.join("private.key")).unwrap();
    set_mode(&planted.join("private.key"), 0o644);
    certreq(home.path())
        .args(["issue", "--authority", "lab", "--dir", "fleet", "-i", "b2c3d4,c3d4e5"])
        .run()
        .exits(3)
        .stdout_has("c3d4e5  issued")
        .stderr_has("staged/b2c3d4/private.key is not used: it has the mode 0644");
    assert!(!home.path().join("fleet/cert_b2c3d4").exists());
}

#[test]
fn nothing_is_writable_for_others_whatever_the_umask() {
    let home = workplace();
    let line = format!(
        "umask 000; {0} issue -q --authority lab --dir fleet -i a1998e && {0} renew -q --all --authority lab --dir fleet \
         && {0} key -q new1 --dir line && {0} csr -q --dir line --out requests \
         && {0} issue -q --authority lab --dir fleet --csr requests --out answers \
         && {0} export -q fleet/cert_a1998e --layout mosquitto --to exported/deep \
         && {0} export -q fleet/cert_a1998e --chain --to exported/chain \
         && {0} ca bundle -q --authority lab --dir fleet --out bundle.pem \
         && {0} status fleet -q --html page.html && {0} man -q --out manual && {0} completions -q --out completions",
        program()
    );
    let ended =
        Command::new("sh").args(["-c", &line]).env("HOME", home.path()).current_dir(home.path()).output();
    let ended = ended.unwrap();
    assert!(ended.status.success(), "{ended:?}");
    let made = crate::support::terminal::tree(home.path());
    assert!(made.iter().any(|name| name.starts_with("exported/deep/")), "{made:?}");
    for name in made {
        let path = home.path().join(name.trim_end_matches('/'));
        assert_eq!(mode(&path) & 0o022, 0, "{} has the mode {:o}", path.display(), mode(&path));
    }
}

#[test]
fn what_a_failed_login_of_the_shell_tool_left_counts_as_absent() {
    for left in ["null", "null\n", "", "\n"] {
        let home = workplace();
        fs::create_dir_all(home.path().join("fleet/ca")).unwrap();
        fs::write(home.path().join("fleet/ca/ca.pem"), left).unwrap();
        issue(home.path(), &[]).exits(0).stderr_has("held no certificate");
        let text = fs::read_to_string(home.path().join("fleet/ca/ca.pem")).unwrap();
        assert!(text.starts_with("-----BEGIN CERTIFICATE-----"), "{text}");
    }
    let served = Served::with_devices(&["a1998e"]);
    let home = workplace();
    let token = home.path().join("token.jwt");
    fs::write(&token, "null").unwrap();
    set_mode(&token, 0o644);
    let call = || certreq(home.path()).args(["devices", "-t", "token.jwt"]).args(served.login()).run();
    call().exits(0).stderr_has("holds no token").stderr_has("had the mode 0644");
    assert_eq!(mode(&token), 0o600);
    set_mode(&token, 0o644);
    call().exits(0).stderr_has("had the mode 0644");
    assert_eq!(mode(&token), 0o600, "it was used, and is its owner's alone now");
    let call = call().exits(0);
    assert!(!call.stderr.contains("mode"), "{}", call.stderr);
}

#[test]
fn a_secret_file_that_others_may_read_is_told() {
    let served = Served::with_devices(&["a1998e"]);
    let home = workplace();
    fs::write(home.path().join("secret"), crate::support::platform::SECRET).unwrap();
    let call = |mode: u32| {
        set_mode(&home.path().join("secret"), mode);
        certreq(home.path())
            .args(["devices", "-h", &served.url, "-u", "admin", "--secret-file", "secret"])
            .run()
            .exits(0)
            .stderr
    };
    assert!(call(0o644).contains("the secret file secret has the mode 0644"));
    assert!(!call(0o600).contains("secret file"));
}

#[test]
fn a_configuration_of_somebody_else_does_not_stop_what_takes_nothing_from_it() {
    if !rustix::process::geteuid().is_root() {
        return;
    }
    let home = workplace();
    issue(home.path(), &[]).exits(0);
    let closed = home.path().join("closed");
    fs::create_dir_all(closed.join(".config/certreq")).unwrap();
    fs::write(closed.join(".config/certreq/config.toml"), "").unwrap();
    set_mode(&closed, 0o700);
    let copies = workplace();
    let run = |words: &str| {
        certreq(home.path()).env("HOME", &closed).args(words.split(' ')).unprivileged(copies.path()).run()
    };
    set_mode(home.path(), 0o755);
    run("inspect --short fleet/cert_a1998e/cert.pem").exits(0).stdout_has("CN=a1998e").stderr_has("warning");
    run("status fleet").exits(0);
    run("whoami fleet/ca/ca.pem").stderr_has("warning");
    // It may name the root that a platform must have.
    run("devices -h 127.0.0.1:1 -u admin -s x").exits(1).stderr_has("config.toml");
    run("inspect --profile x fleet/cert_a1998e/cert.pem").exits(1).stderr_has("config.toml");
}

/// A library that sets the clock of one process.
const CLOCK: &str = r#"
#define _GNU_SOURCE
#include <time.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>
int clock_gettime(clockid_t c, struct timespec *t) {
  int r = syscall(SYS_clock_gettime, c, t);
  if (!r && c == CLOCK_REALTIME) t->tv_sec = atol(getenv("FAKE_AT"));
  return r;
}
"#;

#[test]
fn a_clock_that_was_never_set_is_told_before_anything_is_issued() {
    let home = workplace();
    fs::write(home.path().join("clock.c"), CLOCK).unwrap();
    let made = Command::new("cc")
        .args(["-shared", "-fPIC", "-o", "clock.so", "clock.c"])
        .current_dir(home.path())
        .status();
    if !made.is_ok_and(|status| status.success()) {
        return;
    }
    // 1970, 2060, and 2200.
    for (at, dir) in [("100", "past"), ("2840140800", "ahead"), ("7258118400", "future")] {
        let call = |words: &str| {
            certreq(home.path())
                .env("LD_PRELOAD", home.path().join("clock.so"))
                .env("FAKE_AT", at)
                .args(words.split(' '))
                .args(["--dir", dir, "--authority", &format!("lab-{dir}")])
                .run()
        };
        for words in ["issue -i a1998e", "issue -i a1998e --dry-run", "renew --all"] {
            call(words).stderr_has("the clock of this machine").stderr_has("cannot be");
        }
    }
    let now = issue(home.path(), &[]).exits(0);
    assert!(!now.stderr.contains("clock"), "{}", now.stderr);
}

#[test]
fn a_pair_in_the_lower_layer_of_an_overlay_is_renewed() {
    let home = workplace();
    issue(home.path(), &[]).exits(0);
    for name in ["upper", "work", "merged"] {
        fs::create_dir(home.path().join(name)).unwrap();
    }
    let mounted = Command::new("mount")
        .args(["-t", "overlay", "overlay", "-o", "lowerdir=fleet,upperdir=upper,workdir=work", "merged"])
        .current_dir(home.path())
        .stderr(Stdio::null())
        .status();
    if !mounted.is_ok_and(|status| status.success()) {
        return;
    }
    let pair = || {
        ["private.key", "cert.pem"]
            .map(|name| fs::read(home.path().join("merged/cert_a1998e").join(name)).unwrap())
    };
    let run = |words: &str| certreq(home.path()).args(words.split(' ')).run();
    let mut before = pair();
    let mut ends = Vec::new();
    for words in ["renew --all", "renew --all", "issue --force -i a1998e"] {
        ends.push(run(&format!("{words} --authority lab --dir merged")));
        let after = pair();
        assert!(before[0] != after[0] && before[1] != after[1], "{:?}", ends.last());
        before = after;
    }
    ends.push(run("verify merged/cert_a1998e --revocation off"));
    let _ = Command::new("umount").arg("merged").current_dir(home.path()).status();
    for ended in ends {
        ended.exits(0);
    }
}

#[test]
fn two_watchers_of_one_directory_wait_for_each_other() {
    let home = workplace();
    issue(home.path(), &[]).exits(0);
    let held = fs::File::options().append(true).open(home.path().join("fleet/.certreq/lock")).unwrap();
    held.lock().unwrap();
    let mut watcher = certreq(home.path())
        .args(["ca", "crl", "--watch", "--authority", "lab", "--dir", "fleet"])
        .into_command()
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    let mut said = std::io::BufReader::new(watcher.stderr.take().unwrap());
    let mut line = String::new();
    std::io::BufRead::read_line(&mut said, &mut line).unwrap();
    assert!(line.contains("waiting for another certreq"), "{line}");
    held.unlock().unwrap();
    let mut out = std::io::BufReader::new(watcher.stdout.take().unwrap());
    line.clear();
    std::io::BufRead::read_line(&mut out, &mut line).unwrap();
    assert!(line.contains("crl.pem"), "{line}");
    rustix::process::kill_process(rustix::process::Pid::from_child(&watcher), rustix::process::Signal::TERM)
        .unwrap();
    assert_eq!(watcher.wait().unwrap().code(), Some(0));
}
