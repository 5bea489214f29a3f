//! The first quarter of an hour of somebody who never heard of it, in an empty home.

use std::{
    path::Path,
    process::{Command, Output},
};

use crate::support::{
    readme::Readme,
    shell::Shell,
    terminal::program,
    tools::{self, accepts_pair},
};

/// As the README says, into the stranger's home. What the tests were built with is used again;
/// `CERTREQ_STRANGER_PROFILE=release` builds what people get, which takes minutes.
fn install(home: &Path) {
    let profile = std::env::var("CERTREQ_STRANGER_PROFILE").unwrap_or_else(|_| "dev".to_owned());
    let built = Path::new(program()).ancestors().nth(2).unwrap();
    let installed = Command::new(env!("CARGO"))
        .args([
            "install",
            "--locked",
            "--offline",
            "--path",
            ".",
            "--profile",
            &profile,
            "--no-track",
            "--root",
        ])
        .arg(home.join(".local"))
        .env("CARGO_TARGET_DIR", built)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .output()
        .unwrap();
    assert!(installed.status.success(), "{}", String::from_utf8_lossy(&installed.stderr));
}

/// The stranger's own programs first, then the system's; not those of the build.
fn path(home: &Path) -> String {
    format!("{}:/usr/local/bin:/usr/bin:/bin", home.join(".local/bin").display())
}

/// A line as the stranger types it; nothing is inherited.
#[track_caller]
fn types(home: &Path, line: &str) -> String {
    let Output { status, stdout, stderr } = Command::new("bash")
        .args(["--noprofile", "--norc", "-c", line])
        .env_clear()
        .env("PATH", path(home))
        .env("HOME", home)
        .env("LC_ALL", "C.UTF-8")
        .current_dir(home)
        .output()
        .unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&stdout), String::from_utf8_lossy(&stderr));
    assert!(status.success(), "{line}: {status}\n{said}");
    said
}

#[track_caller]
fn completes(shell: &str, home: &Path) {
    let mut shell = Shell::start(shell, &["-i"], home, &path(home), &[]);
    for (typed, completed) in [
        ("certreq insp", "certreq inspect"),
        ("certreq issue --lo", "certreq issue --local"),
        ("certreq renew a19", "certreq renew a1998e"),
    ] {
        assert_eq!(shell.completed(typed), completed, "{typed}<TAB>");
    }
    shell.leave();
}

#[test]
fn from_an_empty_home_to_a_certificate_the_tab_key_and_the_manual() {
    if !tools::present(&["bash", "zsh", "man"]) {
        return;
    }
    let mut readme = Readme::part("README.md", "Completion and manual").using(".local/bin");
    let home = readme.home().to_owned();
    install(&home);
    readme.follow();

    assert!(types(&home, "command -v certreq").starts_with(home.to_str().unwrap()));
    let issued = types(&home, "certreq issue --local -i a1998e");
    assert!(issued.contains("1 issued"), "{issued}");
    accepts_pair(&home, "a1998e");
    let seen = types(&home, "certreq inspect cert_a1998e");
    assert!(seen.contains("VALID") && seen.contains("CN=a1998e"), "{seen}");
    let status = types(&home, "certreq status");
    assert!(status.contains("a1998e"), "{status}");
    completes("bash", &home);
    completes("zsh", &home);
    for page in ["certreq-issue", "certreq.toml", "certreq-json"] {
        let shown = types(&home, &format!("man {page}"));
        assert!(shown.contains("NAME") && shown.contains(page), "{shown}");
    }
}
