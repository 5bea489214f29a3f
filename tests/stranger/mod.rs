//! A user who has never seen certreq: an empty home, the README, a terminal.

mod login;

use std::{fs, path::Path, process::Command};

use login::{Login, below};

use crate::support::{
    readme::Readme,
    terminal::program,
    tools::{accepts_pair, present, say},
};

/// The machine has all that the story needs.
fn is_told_here() -> bool {
    let loader = Path::new("/usr/share/bash-completion/bash_completion");
    if loader.is_file() {
        return present(&["bash", "zsh", "man"]);
    }
    assert!(std::env::var_os("CI").is_none(), "not installed: bash-completion");
    say("left out: the stranger's path needs the package bash-completion");
    false
}

/// Types the README's line that installs. It builds what this run of the tests has built already: the same profile in
/// the same place (only what depends on features of test crates is compiled again), but the program goes elsewhere, so
/// that no other test finds it missing for a moment. A cargo before 1.91 cannot do that, and builds everything.
/// `CERTREQ_STRANGER_PROFILE=release` builds what a user gets, which takes minutes.
fn install(home: &Path, lines: &str) {
    let is_release = std::env::var("CERTREQ_STRANGER_PROFILE").is_ok_and(|profile| profile == "release");
    let lines = if is_release { lines.to_owned() } else { lines.replacen(" install ", " install --debug ", 1) };
    let built = Path::new(program()).ancestors().nth(2).unwrap();
    let elsewhere = tempfile::tempdir().unwrap();
    let real = std::env::home_dir().unwrap();
    let own = |name, directory| std::env::var_os(name).unwrap_or_else(|| real.join(directory).into());
    let output = Command::new("bash")
        .args(["--noprofile", "--norc", "-euc", &lines])
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .env("HOME", home)
        .env("PATH", std::env::var_os("PATH").unwrap_or_default())
        // The toolchain, and the crates that were fetched for this run.
        .env("CARGO_HOME", own("CARGO_HOME", ".cargo"))
        .env("RUSTUP_HOME", own("RUSTUP_HOME", ".rustup"))
        .env("CARGO_NET_OFFLINE", "true")
        .env("CARGO_BUILD_BUILD_DIR", built)
        .env("CARGO_TARGET_DIR", elsewhere.path())
        .envs(std::env::vars_os().filter(|(name, _)| name == "RUSTFLAGS" || name == "RUSTUP_TOOLCHAIN"))
        .output()
        .unwrap();
    assert!(output.status.success(), "{lines}\n{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn from_an_empty_home_to_certificates_completion_and_manual() {
    if !is_told_here() {
        return;
    }
    let home = tempfile::tempdir().unwrap();
    let home = home.path();
    let blocks = Readme::part("docs/src/install.md", "Completion and manual").scripts();
    let [getting, settling] = &blocks[..] else { panic!("two blocks to type, not {blocks:#?}") };
    install(home, getting);
    assert!(home.join(".local/bin/certreq").is_file());

    let mut bash = Login::to(home);
    bash.types("type certreq").shows(&format!("certreq is {}/.local/bin/certreq", home.display()));
    for line in settling.lines() {
        bash.types(line).ends(0);
    }
    bash.leaves();

    walk(Login::to(home), &home.join("desk"), &home.join(".local"));

    // The home holds only what the lines put there; the shells and the pager keep notes.
    let mut names: Vec<_> = fs::read_dir(home).unwrap().flatten().map(|entry| entry.file_name()).collect();
    names.retain(|name| {
        ![".bash_history", ".cache", ".lesshst", ".zcompdump", ".zsh_history"]
            .iter()
            .any(|theirs| name == theirs)
    });
    names.sort();
    assert_eq!(names, [".local", ".profile", ".zfunc", ".zshrc", "desk"]);
}

/// The package that `packaging/deb-test` installed: below CERTREQ_STRANGER_ROOT, or unpacked, with a home that leads to
/// it. CERTREQ_STRANGER_PREFIX is where `bin` and `share` are.
#[test]
#[ignore = "packaging/deb-test runs it"]
fn a_package_leads_the_same_way() {
    let path = |name| std::env::var_os(name).map(std::path::PathBuf::from);
    let home = path("CERTREQ_STRANGER_HOME").expect("packaging/deb-test sets it");
    let prefix = path("CERTREQ_STRANGER_PREFIX").expect("packaging/deb-test sets it");
    let root = path("CERTREQ_STRANGER_ROOT");
    let login = root.as_ref().map_or_else(|| Login::to(&home), |root| Login::below(root, &home));
    walk(login, &below(root.as_deref().unwrap_or(Path::new("/")), &home.join("desk")), &prefix);
}

/// From a fresh login to certificates, TAB and manual. `desk` is made and worked at.
fn walk(mut shell: Login, desk: &Path, prefix: &Path) {
    shell.types("type certreq").ends(0).shows(&format!("certreq is {}/bin/certreq", prefix.display()));
    shell.types("mkdir desk && cd desk").ends(0);
    shell.types("certreq issue --local -i a1998e").ends(0).shows("a1998e").shows("issued");
    accepts_pair(desk, "a1998e");
    let inspected = shell.types("certreq inspect cert_a1998e").ends(0);
    inspected.shows("a1998e").shows("VALID").shows("good, CRL number 1");
    shell.types("certreq status").ends(0).shows("a1998e").shows("valid");
    completes(&mut shell);
    reads_the_manual(&mut shell, prefix);
    shell.becomes("zsh");
    completes(&mut shell);
    shell.leaves();
}

fn completes(shell: &mut Login) {
    for (typed, completed) in [
        ("certreq insp", "certreq inspect"),
        ("certreq issue --dry", "certreq issue --dry-run"),
        ("certreq issue -i a19", "certreq issue -i a1998e"),
        ("certreq renew a19", "certreq renew a1998e"),
        ("certreq inspect cert_a", "certreq inspect cert_a1998e"),
    ] {
        assert_eq!(shell.completed(typed), completed, "{typed}<TAB>");
    }
}

fn reads_the_manual(shell: &mut Login, prefix: &Path) {
    for (page, section) in [("certreq", 1), ("certreq-issue", 1), ("certreq.toml", 5), ("certreq-json", 7)] {
        let file = prefix.join(format!("share/man/man{section}/{page}.{section}"));
        shell.types(&format!("man -w {page}")).ends(0).shows(&file.display().to_string());
    }
    let help = shell.types("certreq issue --help").ends(0);
    let purpose = help.lines().nth(1).unwrap().trim().to_owned();
    let page = shell.pages("man certreq-issue", "SYNOPSIS");
    let words = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(words(&page).contains(&words(&purpose)), "{purpose:?} is not on the page:\n{page}");
}
