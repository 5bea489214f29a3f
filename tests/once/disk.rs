//! A disk that refuses: full at any write, read-only, forbidden in the middle. What was complete stays, the run says what
//! happened, and the next one continues when there is room.

#![expect(clippy::print_stderr, reason = "what was skipped, and why")]

use std::{
    fs,
    os::unix::{fs::PermissionsExt, process::CommandExt},
    path::Path,
    process::Command,
};

use crate::support::{
    account,
    platform::{Served, workplace},
    proxy::{Fault, Kind, Proxy},
    terminal::{certreq, copy_program, program},
};

fn ids(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{number:06x}")).collect()
}

fn call(home: &Path, fleet: &Path, served: &Served, url: &str) -> Command {
    certreq(home)
        .args(["-h", url, "-u", "admin", "--secret-file", &served.secret_file(), "--jobs", "2", "--dir"])
        .args([fleet])
        .into_command()
}

fn ended(mut command: Command) -> (i32, String) {
    let output = command.output().unwrap();
    (output.status.code().unwrap_or(-1), String::from_utf8_lossy(&output.stderr).into_owned())
}

#[track_caller]
fn continues(home: &Path, fleet: &Path, served: &Served, count: usize) {
    let (code, said) = ended(call(home, fleet, served, &served.url));
    assert_eq!(code, 0, "{said}");
    let wrong = account::wrong(fleet, &served.authority(), &ids(count), 0);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// No file may grow beyond a limit, which moves up in small steps until the run succeeds: every file is refused in its
/// turn, at its first byte and in the middle.
#[test]
fn a_disk_that_is_full_at_any_write() {
    let served = Served::start(&["--register", &ids(3).join(",")]);
    let home = workplace();
    let fleet = home.path().join("fleet");
    // In blocks of 512 bytes, as POSIX says for sh; dash and bash as sh agree.
    for (refusals, blocks) in (0..200).enumerate() {
        let mut command = Command::new("sh");
        command
            .args(["-c", "trap '' XFSZ; ulimit -f \"$1\"; shift; exec \"$@\"", "sh", &blocks.to_string()])
            .arg(program())
            .args(["-h", &served.url, "-u", "admin", "--secret-file", &served.secret_file(), "--dir"])
            .arg(&fleet)
            .current_dir(home.path());
        let (code, said) = ended(command);
        if code == 0 {
            assert!(refusals > 2, "only {refusals} runs met a full disk");
            return continues(home.path(), &fleet, &served, 3);
        }
        assert!([1, 3].contains(&code), "{blocks} blocks: exit {code}\n{said}");
        assert!(said.contains("File too large"), "{blocks} blocks: {said}");
    }
    panic!("it does not end");
}

/// A small file system in memory, for root only.
struct Tmpfs {
    at: tempfile::TempDir,
}

impl Tmpfs {
    fn mount(size: &str) -> Option<Self> {
        let at = workplace();
        let options = format!("size={size}");
        let done = Command::new("mount").args(["-t", "tmpfs", "-o", &options, "none"]).arg(at.path()).output();
        done.is_ok_and(|output| output.status.success()).then_some(Self { at })
    }

    fn remount(&self, options: &str) {
        let options = format!("remount,{options}");
        let done = Command::new("mount").args(["-o", &options]).arg(self.at.path()).status().unwrap();
        assert!(done.success());
    }
}

impl Drop for Tmpfs {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("-l").arg(self.at.path()).status();
    }
}

/// Blocks run out wherever they do; what was complete is kept at each size, and bigger ones go on from it.
#[test]
fn a_file_system_without_room() {
    let Some(disk) = Tmpfs::mount("64k") else {
        return eprintln!("skipped: a file system can only be mounted by root");
    };
    let served = Served::start(&["--register", &ids(30).join(",")]);
    let (home, fleet) = (workplace(), disk.at.path().join("fleet"));
    let mut complete = 0;
    for (refusals, kilobytes) in (64..2_000).step_by(24).enumerate() {
        disk.remount(&format!("size={kilobytes}k"));
        let (code, said) = ended(call(home.path(), &fleet, &served, &served.url));
        let pairs = ids(30).iter().filter(|id| fleet.join(format!("cert_{id}/cert.pem")).exists()).count();
        assert!(pairs >= complete, "{kilobytes} KiB: {complete} pairs were there, now {pairs}");
        complete = pairs;
        if code == 0 {
            assert!(refusals > 2, "only {refusals} runs met a full disk");
            let wrong = account::wrong(&fleet, &served.authority(), &ids(30), 0);
            return assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        }
        assert!([1, 3].contains(&code), "{kilobytes} KiB: exit {code}\n{said}");
        assert!(said.contains("No space left on device"), "{kilobytes} KiB: {said}");
    }
    panic!("it does not end");
}

#[test]
fn a_file_system_that_becomes_read_only_in_the_middle() {
    let Some(disk) = Tmpfs::mount("8m") else {
        return eprintln!("skipped: a file system can only be mounted by root");
    };
    let served = Served::start(&["--register", &ids(20).join(",")]);
    let proxy = Proxy::start(&served.url, |kind, number| {
        // The eleventh answer hangs until the disk has changed.
        (kind == Kind::Sign && number >= 10).then_some(Fault::Stall)
    });
    let (home, fleet) = (workplace(), disk.at.path().join("fleet"));
    let mut first = call(home.path(), &fleet, &served, proxy.url());
    let mut first = first.args(["--timeout", "2s", "--retries", "0"]).spawn().unwrap();
    while proxy.count(Kind::Sign) < 12 {
        std::thread::sleep(std::time::Duration::from_millis(2));
    }
    // Files open for writing keep the file system writable, so the program is stopped first, as a crash would.
    first.kill().unwrap();
    first.wait().unwrap();
    disk.remount("ro");
    let (code, said) = ended(call(home.path(), &fleet, &served, &served.url));
    assert_eq!(code, 1, "{said}");
    assert!(said.contains("Read-only file system"), "{said}");
    disk.remount("rw");
    continues(home.path(), &fleet, &served, 20);
}

/// The staging directory is forbidden from some moment on; only another user than root notices.
#[test]
fn permission_denied_in_the_middle() {
    let home = workplace();
    if !Command::new("id").arg("-u").output().is_ok_and(|id| id.stdout == b"0\n") {
        return eprintln!("skipped: another user can only be become by root");
    }
    let served = Served::start(&["--register", &ids(20).join(",")]);
    let fleet = home.path().join("fleet");
    fs::create_dir(&fleet).unwrap();
    let secret = home.path().join("secret");
    fs::copy(served.secret_file(), &secret).unwrap();
    fs::set_permissions(home.path(), fs::Permissions::from_mode(0o755)).unwrap();
    for path in [&fleet, &secret] {
        std::os::unix::fs::chown(path, Some(65_534), Some(65_534)).unwrap();
    }
    let staging = fleet.join(".certreq/staged");
    let forbidden = staging.clone();
    let proxy = Proxy::start(&served.url, move |kind, number| {
        if kind == Kind::Sign && number == 6 {
            fs::set_permissions(&forbidden, fs::Permissions::from_mode(0o500)).unwrap();
        }
        None
    });
    // Where it was built, another user may not look.
    let copy = home.path().join("certreq");
    copy_program(&copy);
    let as_nobody = |url: &str| {
        let mut command = Command::new(&copy);
        command.args(["-h", url, "-u", "admin", "--jobs", "2", "--secret-file"]).arg(&secret);
        command.arg("--dir").arg(&fleet).env_clear().uid(65_534).gid(65_534);
        ended(command)
    };
    let (code, said) = as_nobody(proxy.url());
    assert_eq!(code, 3, "{said}");
    assert!(said.contains("Permission denied"), "{said}");
    let complete = ids(20).iter().filter(|id| fleet.join(format!("cert_{id}/cert.pem")).exists()).count();
    assert!((1..20).contains(&complete), "{complete} pairs are complete");
    fs::set_permissions(&staging, fs::Permissions::from_mode(0o700)).unwrap();
    let (code, said) = as_nobody(&served.url);
    assert_eq!(code, 0, "{said}");
    let wrong = account::wrong(&fleet, &served.authority(), &ids(20), 0);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
