//! Owners of the authority's files: keys of other users are refused, other files bring a warning.

use std::{
    fs,
    os::unix::fs::{PermissionsExt, chown},
    path::Path,
};

use certreq::authority::{Authority, AuthorityError, Options};

use crate::support::terminal::certreq;

/// A time at which an authority is made.
const NOW: i64 = 1_790_000_000;

fn mode(path: &Path, mode: u32) {
    fs::set_permissions(path, PermissionsExt::from_mode(mode)).unwrap();
}

#[tokio::test]
async fn a_key_that_others_may_use_is_refused_and_a_directory_that_they_may_change_is_named() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("ca");
    drop(Authority::open(&dir, Options::default()).await.unwrap());
    let key = dir.join("ca.key");
    for bits in [0o644, 0o640, 0o604, 0o660, 0o620, 0o601] {
        mode(&key, bits);
        let error = Authority::open(&dir, Options::default()).await.unwrap_err();
        assert!(matches!(error, AuthorityError::Exposed { .. }), "{bits:o}: {error}");
        let expected = format!("the key {} has the mode {bits:04o}: others may use it", key.display());
        assert_eq!(error.to_string(), expected);
    }
    for bits in [0o600, 0o400] {
        mode(&key, bits);
        assert_eq!(Authority::open(&dir, Options::default()).await.unwrap().concerns(), [] as [String; 0]);
    }
    for bits in [0o777, 0o755, 0o710, 0o770] {
        mode(&dir, bits);
        let opened = Authority::open(&dir, Options::default()).await.unwrap();
        let expected = format!("{} has the mode {bits:04o}: others may use it", dir.display());
        assert_eq!(opened.concerns(), [expected]);
    }
    mode(&dir, 0o700);
    if rustix::process::geteuid().is_root() {
        chown(&key, Some(4321), None).unwrap();
        let error = Authority::open(&dir, Options::default()).await.unwrap_err().to_string();
        assert!(error.ends_with("belongs to the user 4321, not to this one"), "{error}");
        chown(&key, Some(0), None).unwrap();
        chown(&dir, Some(4321), None).unwrap();
        let opened = Authority::open(&dir, Options::default()).await.unwrap();
        assert!(opened.concerns()[0].ends_with("belongs to the user 4321, not to this one"));
    }
}

#[tokio::test]
async fn a_pipe_in_the_place_of_a_key_is_not_waited_for() {
    let home = tempfile::tempdir().unwrap();
    let dir = home.path().join("ca");
    drop(Authority::open(&dir, Options::default()).await.unwrap());
    let key = dir.join("ca.key");
    fs::remove_file(&key).unwrap();
    rustix::fs::mkfifoat(rustix::fs::CWD, &key, rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR).unwrap();
    let error = Authority::open(&dir, Options::default()).await.unwrap_err().to_string();
    assert!(error.ends_with("it is not a regular file"), "{error}");
}

#[test]
fn the_server_says_what_others_may_read_before_it_serves() {
    let home = tempfile::tempdir().unwrap();
    let serve = |args: &[&str]| {
        let call = certreq(home.path()).args(["serve", "--listen", "127.0.0.1:0", "--dir", "ca"]).args(args);
        crate::serve::process::until_listening(call)
    };
    for name in ["pass", "secret"] {
        fs::write(home.path().join(name), "a secret").unwrap();
        mode(&home.path().join(name), 0o644);
    }
    let args = ["--ca-passphrase-file", "pass", "--admin-secret-file", "secret"];
    let (child, said, stderr) = serve(&args);
    crate::serve::process::terminate(child, stderr);
    for name in ["pass", "secret"] {
        assert!(said.contains(&format!("{name} has the mode 0644: others may use it")), "{said}");
        mode(&home.path().join(name), 0o600);
    }
    mode(&home.path().join("ca"), 0o755);
    let (child, said, stderr) = serve(&args);
    crate::serve::process::terminate(child, stderr);
    assert!(said.contains("ca has the mode 0755: others may use it") && !said.contains("pass has"), "{said}");
    mode(&home.path().join("ca/ca.key"), 0o644);
    let args = [&["serve", "--listen", "127.0.0.1:0", "--dir", "ca"][..], &args].concat();
    let ended = certreq(home.path()).args(args).run().exits(1);
    ended
        .stderr_has("the key ca/ca.key has the mode 0644: others may use it")
        .stderr_has("chmod go= ca/ca.key");
}

#[tokio::test]
async fn a_clock_before_the_root_signs_nothing() {
    let home = tempfile::tempdir().unwrap();
    let at = |seconds: i64| Options {
        clock: std::sync::Arc::new(move || certreq::pki::time::Time::from_unix(seconds)),
        ..Options::default()
    };
    drop(Authority::open(home.path(), at(NOW)).await.unwrap());
    let error = Authority::open(home.path(), at(NOW - 3600)).await.unwrap_err();
    assert!(matches!(error, AuthorityError::ClockBehind { .. }), "{error}");
    assert!(error.to_string().starts_with("the clock (20"), "{error}");
    // A clock that is set back while the authority is open.
    let clock = std::sync::Arc::new(std::sync::atomic::AtomicI64::new(NOW));
    let told = std::sync::Arc::clone(&clock);
    let options = Options {
        clock: std::sync::Arc::new(move || {
            certreq::pki::time::Time::from_unix(told.load(std::sync::atomic::Ordering::SeqCst))
        }),
        ..Options::default()
    };
    let authority = Authority::open(home.path(), options).await.unwrap();
    let request = crate::support::lab::csr("a1998e");
    for (seconds, signs) in [
        (NOW, true),
        (NOW - 86_400, false),
        (NOW - 20 * 365 * 86_400, false),
        (0, false),
        (-1, false),
        (i64::MIN, false),
        (NOW + 31 * 365 * 86_400, false),
        (253_402_300_800, false),
        (i64::MAX, false),
        (NOW + 60, true),
    ] {
        clock.store(seconds, std::sync::atomic::Ordering::SeqCst);
        let issued = authority.issue("admin", &request, certreq::authority::Owner::Nobody).await;
        assert_eq!(issued.is_ok(), signs, "{seconds}: {issued:?}");
        // Lists and answers are made or refused; nothing panics.
        let _ = authority.crl().await;
        let _ = authority.ocsp(b"").await;
    }
}
