//! A directory with traps in it.

use std::{fs, os::unix::fs::symlink};

use super::park::{Park, Wish};

#[test]
fn nothing_is_followed_out_of_the_directory_and_nothing_hangs() {
    let mut outside = Park::new();
    outside.device("secret", Wish::default());
    let mut park = Park::new();
    park.device("good", Wish::default());
    symlink(outside.path("cert_secret"), park.path("cert_secret")).unwrap();
    fs::create_dir(park.path("cert_links")).unwrap();
    for name in ["private.key", "cert.pem"] {
        symlink(outside.path(&format!("cert_secret/{name}")), park.path(&format!("cert_links/{name}")))
            .unwrap();
    }
    fs::create_dir(park.path("cert_pipe")).unwrap();
    for name in ["private.key", "cert.pem"] {
        rustix::fs::mknodat(
            rustix::fs::CWD,
            park.path(&format!("cert_pipe/{name}")),
            rustix::fs::FileType::Fifo,
            rustix::fs::Mode::from_raw_mode(0o600),
            0,
        )
        .unwrap();
    }
    fs::create_dir(park.path("cert_huge")).unwrap();
    let huge = fs::File::create(park.path("cert_huge/cert.pem")).unwrap();
    huge.set_len(1 << 40).unwrap();
    fs::write(park.path("cert_file"), "not a directory").unwrap();
    fs::create_dir(park.path("cert_noise")).unwrap();
    for name in ["private.key", "cert.pem"] {
        fs::write(park.path(&format!("cert_noise/{name}")), [0, 0xff, 0x1b, b'[', b'2', b'J']).unwrap();
    }
    fs::create_dir(park.path("cert_\u{1b}[31mred\nline")).unwrap();
    let ended = park.status(&["--check"]).run().exits(14);
    assert!(!ended.stdout.contains('\u{1b}') && !ended.stderr.contains('\u{1b}'), "{}", ended.stdout);
    ended
        .stdout_has("          1  valid")
        .stdout_has("          6  broken")
        .stdout_has(r"cert_\u{1b}[31mred\u{a}line");
    let lines = park.status(&["--format", "json"]).run().exits(0).json();
    let problem = |id: &str| {
        let devices = lines[0]["devices"].as_array().unwrap();
        let device = devices.iter().find(|device| device["device"] == id).unwrap();
        device["problems"].to_string()
    };
    assert!(problem("secret").contains("symbolic link"), "{}", problem("secret"));
    assert!(problem("links").contains("private.key is a symbolic link"), "{}", problem("links"));
    assert!(problem("pipe").contains("not a regular file"), "{}", problem("pipe"));
    assert!(problem("huge").contains("far too many"), "{}", problem("huge"));
    assert!(problem("file").contains("is a file, not a directory"), "{}", problem("file"));
}

#[test]
fn a_root_behind_a_link_is_not_read() {
    let mut park = Park::new();
    park.device("good", Wish::default());
    fs::remove_dir_all(park.path("ca")).unwrap();
    symlink("/dev", park.path("ca")).unwrap();
    let wide = park.status(&[]).env("COLUMNS", "200").run().exits(0);
    wide.stdout_has("issuers cannot be checked");
    fs::remove_file(park.path("ca")).unwrap();
    fs::create_dir(park.path("ca")).unwrap();
    symlink("/dev/zero", park.path("ca/ca.pem")).unwrap();
    symlink("/dev/zero", park.path("ca/crl.pem")).unwrap();
    park.status(&["--check"]).run().exits(15).stdout_has("ca/ca.pem is a symbolic link");
}

#[test]
fn what_is_not_ours_to_read_is_no_trouble_of_the_fleet() {
    let mut park = Park::new();
    park.device("a1", Wish { mode: 0o000, ..Wish::default() });
    fs::create_dir_all(park.path(".certreq/staged")).unwrap();
    fs::write(park.path(".certreq/journal"), "").unwrap();
    fs::set_permissions(park.path(".certreq"), std::os::unix::fs::PermissionsExt::from_mode(0o000)).unwrap();
    let copies = tempfile::tempdir().unwrap();
    fs::set_permissions(park.home.path(), std::os::unix::fs::PermissionsExt::from_mode(0o755)).unwrap();
    let ended = park.status(&["--check"]).unprivileged(copies.path()).run().exits(0);
    ended
        .stdout_has("the keys of 1 device were not compared")
        .stdout_has("the journal: it cannot be read")
        .stdout_has("1  valid");
    park.status(&["--format", "nagios"])
        .unprivileged(copies.path())
        .run()
        .exits(0)
        .stdout_has("CERTREQ OK - 1 device");
    fs::set_permissions(park.path(".certreq"), std::os::unix::fs::PermissionsExt::from_mode(0o700)).unwrap();
}
