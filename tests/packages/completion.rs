//! The TAB key in real shells.

use std::{fs, path::Path};

use rexpect::session::{PtySession, spawn_command};
use tempfile::TempDir;

use crate::support::tools;

/// A shell at a terminal, in a directory with devices, with completion loaded.
struct Shell {
    session: PtySession,
    home: TempDir,
}

/// Long, because machines are busy.
const PATIENCE: Option<u64> = Some(60_000);

fn script(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("completions").join(name).display().to_string()
}

impl Shell {
    fn start(program: &str, args: &[&str], setup: &[String]) -> Self {
        let home = tempfile::tempdir().unwrap();
        for device in ["cert_a1998e", "cert_a1777f", "cert_b2c3d4", "elsewhere/cert_far1", "ca"] {
            fs::create_dir_all(home.path().join(device)).unwrap();
        }
        let mut command = std::process::Command::new(program);
        command
            .args(args)
            .env_clear()
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("HOME", home.path())
            .env("TERM", "dumb")
            .current_dir(home.path());
        let session = spawn_command(command, PATIENCE).unwrap();
        let mut shell = Self { session, home };
        for line in setup {
            shell.session.send_line(line).unwrap();
        }
        shell.session.send_line("echo rea''dy").unwrap();
        shell.session.exp_string("ready").unwrap();
        shell
    }

    /// What stands on the line after TAB. Some shells take the slash of a directory back.
    fn completed(&mut self, typed: &str) -> String {
        // Control-A goes to the beginning, control-E to the end: the shell writes down what it has made of the line.
        self.session.send(&format!("{typed}\t\u{1}echo '\u{5}' > said; echo writ''ten")).unwrap();
        self.session.send_line("").unwrap();
        self.session.exp_string("written").unwrap();
        fs::read_to_string(self.home.path().join("said")).unwrap().trim_end().trim_end_matches('/').to_owned()
    }

    /// A shell at a terminal survives the signal that would end others.
    fn leave(mut self) {
        self.session.send_line("exit").unwrap();
        self.session.exp_eof().unwrap();
    }
}

fn completes(mut shell: Shell) {
    for (typed, completed) in [
        ("certreq insp", "certreq inspect"),
        ("certreq ca cr", "certreq ca crl"),
        ("certreq issue --dry", "certreq issue --dry-run"),
        ("certreq issue -i a19", "certreq issue -i a1998e"),
        ("certreq -i b2", "certreq -i b2c3d4"),
        ("certreq issue -i b2c3d4,a19", "certreq issue -i b2c3d4,a1998e"),
        ("certreq renew a17", "certreq renew a1777f"),
        ("certreq revoke --yes b", "certreq revoke --yes b2c3d4"),
        ("certreq export --p12 a19", "certreq export --p12 a1998e"),
        ("certreq renew --dir elsewhere fa", "certreq renew --dir elsewhere far1"),
        ("certreq inspect cert_b", "certreq inspect cert_b2c3d4"),
        ("certreq renew cert_b", "certreq renew cert_b2c3d4"),
        ("certreq verify --revocation requ", "certreq verify --revocation require"),
    ] {
        assert_eq!(shell.completed(typed), completed, "{typed}<TAB> in {}", shell.home.path().display());
    }
    shell.leave();
}

#[test]
fn bash_completes_verbs_flags_and_ids() {
    if !tools::present(&["bash"]) {
        return;
    }
    let setup = [
        "bind 'set bell-style none'; bind 'set enable-bracketed-paste off'; PS1='$ '".to_owned(),
        format!(". {}", script("certreq.bash")),
    ];
    completes(Shell::start("bash", &["--noprofile", "--norc", "-i"], &setup));
}

#[test]
fn zsh_completes_verbs_flags_and_ids() {
    if !tools::present(&["zsh"]) {
        return;
    }
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join("completions");
    let setup = [
        format!("PS1='$ '; unsetopt BEEP ZLE_BRACKETED_PASTE 2> /dev/null; fpath=({} $fpath)", place.display()),
        "bindkey -e; autoload -U compinit; compinit -u -D".to_owned(),
    ];
    completes(Shell::start("zsh", &["-f", "-i"], &setup));
}

#[test]
fn fish_knows_verbs_flags_and_ids() {
    let Some(fish) = tools::needs("fish") else { return };
    let home = tempfile::tempdir().unwrap();
    for device in ["cert_a1998e", "cert_b2c3d4"] {
        fs::create_dir_all(home.path().join(device)).unwrap();
    }
    let asked = |line: &str| {
        let ask = format!("source {}; complete -C '{line}'", script("certreq.fish"));
        let said = std::process::Command::new(&fish)
            .args(["--no-config", "-c", &ask])
            .env("HOME", home.path())
            .current_dir(home.path())
            .output()
            .unwrap();
        String::from_utf8(said.stdout).unwrap()
    };
    for (line, offered) in [
        ("certreq insp", "inspect\t"),
        ("certreq issue --dry", "--dry-run\t"),
        ("certreq issue -i a1", "a1998e"),
        ("certreq issue -i b2c3d4,a1", "b2c3d4,a1998e"),
        ("certreq renew a1", "a1998e"),
    ] {
        let offers = asked(line);
        assert!(offers.lines().any(|offer| offer.starts_with(offered)), "{line}<TAB>: {offers}");
    }
}
