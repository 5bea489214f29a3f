//! Programs that judge what certreq made: they are real, and they are not ours.

use std::{
    path::{Path, PathBuf},
    process::Command,
};

/// Runs `openssl` in a directory; the answer is stdout and stderr together.
#[track_caller]
pub(crate) fn openssl(directory: &Path, args: &[&str]) -> String {
    let output =
        Command::new("openssl").args(args).current_dir(directory).output().expect("openssl is installed");
    let said =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success(), "openssl {}: {said}", args.join(" "));
    said
}

/// The permission bits of a file.
#[track_caller]
pub(crate) fn mode(path: &Path) -> u32 {
    use std::os::unix::fs::PermissionsExt;
    std::fs::symlink_metadata(path)
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
        .permissions()
        .mode()
        & 0o7777
}

/// openssl is content with the pair in `cert_<id>`, under the root in `ca/ca.pem`.
#[track_caller]
pub(crate) fn accepts_pair(directory: &Path, id: &str) {
    let (certificate, key) = (format!("cert_{id}/cert.pem"), format!("cert_{id}/private.key"));
    assert_eq!(
        openssl(directory, &["verify", "-CAfile", "ca/ca.pem", &certificate]),
        format!("{certificate}: OK\n")
    );
    assert!(openssl(directory, &["pkey", "-in", &key, "-check", "-noout"]).contains("Key is valid"));
    assert_eq!(mode(&directory.join(&key)), 0o600);
    let of_certificate = openssl(directory, &["x509", "-in", &certificate, "-noout", "-pubkey"]);
    assert_eq!(openssl(directory, &["pkey", "-in", &key, "-pubout"]), of_certificate);
    let subject =
        openssl(directory, &["x509", "-in", &certificate, "-noout", "-subject", "-nameopt", "multiline"]);
    assert!(subject.contains(&format!("commonName                = {id}\n")), "{subject}");
}

/// Whether these programs are here. In CI they have to be; elsewhere a test that cannot run says what it misses.
#[track_caller]
pub(crate) fn present(programs: &[&str]) -> bool {
    let missing: Vec<&&str> = programs.iter().filter(|program| find(program).is_none()).collect();
    if missing.is_empty() {
        return true;
    }
    assert!(std::env::var_os("CI").is_none(), "not installed: {missing:?}");
    let caller = std::panic::Location::caller();
    say(&format!("left out: {}:{} needs {missing:?}", caller.file(), caller.line()));
    false
}

/// Past the harness, which keeps what a passing test prints.
pub(crate) fn say(note: &str) {
    std::io::Write::write_all(&mut std::io::stderr(), format!("{note}\n").as_bytes()).expect("stderr is open");
}

/// Where a program is; without it, as [`present`]: `let Some(nginx) = tools::needs("nginx") else { return };`
#[track_caller]
pub(crate) fn needs(program: &str) -> Option<PathBuf> {
    if present(&[program]) { find(program) } else { None }
}

/// Servers are often where only root's PATH leads.
pub(crate) fn find(program: &str) -> Option<PathBuf> {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path)
        .chain(["/usr/local/sbin", "/usr/sbin"].map(PathBuf::from))
        .map(|directory| directory.join(program))
        .find(|path| path.is_file())
}
