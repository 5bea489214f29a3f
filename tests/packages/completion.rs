//! The TAB key in real shells.

use std::{fs, path::Path};

use tempfile::TempDir;

use crate::support::{shell::Shell, tools};

fn script(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("completions").join(name).display().to_string()
}

/// A directory with devices.
fn fleet() -> TempDir {
    let home = tempfile::tempdir().unwrap();
    for device in ["cert_a1998e", "cert_a1777f", "cert_b2c3d4", "elsewhere/cert_far1", "ca"] {
        fs::create_dir_all(home.path().join(device)).unwrap();
    }
    home
}

/// Completion is loaded by what is typed first.
fn completes(program: &str, args: &[&str], setup: &[String]) {
    let home = fleet();
    let mut shell = Shell::start(program, args, home.path(), &std::env::var("PATH").unwrap(), setup);
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
        assert_eq!(shell.completed(typed), completed, "{typed}<TAB> in {program}");
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
    completes("bash", &["--noprofile", "--norc", "-i"], &setup);
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
    completes("zsh", &["-f", "-i"], &setup);
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
