//! File names and modes of other software, and templates.

use std::fs;

use super::{export, fleet};
use crate::support::{
    platform::text,
    terminal::tree,
    tools::{mode, openssl},
};

/// Name, then what is written below `--to`, directories with their mode.
const LAYOUTS: [(&str, &[(&str, u32)]); 7] = [
    ("aws-iot", &[("", 0o700), ("device.pem.crt", 0o644), ("private.pem.key", 0o600), ("rootCA.pem", 0o644)]),
    (
        "dojot",
        &[
            ("ca/ca.pem", 0o644),
            ("ca/crl.pem", 0o644),
            ("cert_a1998e/cert.pem", 0o644),
            ("cert_a1998e/private.key", 0o600),
        ],
    ),
    ("esp-idf", &[("client.crt", 0o644), ("client.key", 0o600), ("ca.crt", 0o644)]),
    ("idprov", &[("cert.pem", 0o644), ("key.pem", 0o600), ("caCert.pem", 0o644)]),
    (
        "mosquitto",
        &[
            ("ca_certificates/ca.crt", 0o644),
            ("ca_certificates/ca.crl", 0o644),
            ("certs/server.crt", 0o644),
            ("certs/server.key", 0o600),
        ],
    ),
    ("nginx", &[("a1998e.crt", 0o644), ("a1998e.key", 0o600), ("ca.crt", 0o644), ("ca.crl", 0o644)]),
    (
        "wott",
        &[
            ("", 0o711),
            ("certs", 0o711),
            ("certs/client.crt", 0o644),
            ("certs/ca.crt", 0o644),
            ("certs/client.key", 0o600),
            ("certs/combined.pem", 0o600),
        ],
    ),
];

#[test]
fn every_layout_has_the_names_and_modes_its_software_expects() {
    let home = fleet("p256", "a1998e");
    let home = home.path();
    for (layout, expected) in LAYOUTS {
        export(home, &["a1998e", "--layout", layout, "--to", layout]).run().exits(0);
        let made = home.join(layout);
        for (name, expected) in expected {
            assert_eq!(mode(&made.join(name)), *expected, "{layout}: {name}");
        }
        let files = tree(&made).iter().filter(|name| !name.ends_with('/')).count();
        assert_eq!(
            files,
            expected.iter().filter(|(name, _)| name.contains('.')).count(),
            "{layout}: nothing else"
        );
    }
    let (key, cert) = (text(home, "cert_a1998e/private.key"), text(home, "cert_a1998e/cert.pem"));
    assert_eq!(text(home, "wott/certs/combined.pem"), format!("{key}{cert}"));
    assert_eq!(text(home, "idprov/caCert.pem"), text(home, "ca/ca.pem"));
    assert_eq!(
        openssl(home, &["verify", "-CAfile", "nginx/ca.crt", "nginx/a1998e.crt"]),
        "nginx/a1998e.crt: OK\n"
    );
}

#[test]
fn the_dojot_layout_onto_its_own_directory_changes_nothing() {
    let home = fleet("p256", "a1998e,b2c3d4");
    export(home.path(), &[".", "--layout", "dojot", "--to", "."])
        .run()
        .exits(0)
        .stderr_is("2 devices exported: 8 files, 8 unchanged\n");
}

#[test]
fn a_template_says_names_contents_and_modes() {
    let home = fleet("p256", "a1998e,b2c3d4");
    let home = home.path();
    let template = "directory_mode = '0750'\n\
        [[file]]\nname = 'tls/{id}.key'\ncontent = 'key'\nmode = '0400'\n\
        [[file]]\nname = 'tls/{id}.crt'\ncontent = 'leaf'\n\
        [[file]]\nname = 'trust.pem'\ncontent = 'root'\nmode = '0444'\n";
    fs::write(home.join("mine.toml"), template).unwrap();
    export(home, &["a1998e", "b2c3d4", "--layout", "mine.toml", "--to", "out"]).run().exits(0);
    let expected =
        ["tls/", "tls/a1998e.crt", "tls/a1998e.key", "tls/b2c3d4.crt", "tls/b2c3d4.key", "trust.pem"];
    assert_eq!(tree(&home.join("out")), expected);
    assert_eq!(mode(&home.join("out")), 0o750);
    assert_eq!(mode(&home.join("out/tls/a1998e.key")), 0o400);
    assert_eq!(mode(&home.join("out/trust.pem")), 0o444);
}

#[test]
fn the_example_of_the_help_is_a_template() {
    let home = fleet("p256", "a1998e");
    let help = export(home.path(), &["--help"]).run().exits(0).stdout;
    let own = help.split("Examples:").nth(1).unwrap();
    assert!(own.lines().all(|line| line.len() <= 80), "{own}");
    let wanted = ["directory_mode = ", "[[file]]", "name = ", "content = ", "mode = \"0400"].map(|part| {
        let line = own.lines().map(str::trim).find(|line| line.starts_with(part)).unwrap();
        // The explanation beside it stands after a gap.
        line.split("   ").next().unwrap()
    });
    fs::write(home.path().join("t.toml"), wanted.join("\n")).unwrap();
    export(home.path(), &["a1998e", "--layout", "t.toml", "--to", "t"]).run().exits(0);
    assert_eq!(tree(&home.path().join("t")), ["tls/", "tls/a1998e.key"]);
}

#[test]
fn a_hostile_template_writes_nothing() {
    let home = fleet("p256", "a1998e");
    for (template, why) in [
        ("[[file]]\nname = '../x'\ncontent = 'key'\n", "leads out of the directory"),
        ("[[file]]\nname = '/tmp/x'\ncontent = 'key'\n", "leads out of the directory"),
        ("[[file]]\nname = \"a\\u001b[2J\"\ncontent = 'key'\n", "has a character"),
        ("[[file]]\nname = 'x'\ncontent = 'key'\nmode = '0644'\n", "let others read it"),
        ("[[file]]\nname = 'x'\ncontent = 'everything'\n", "the content everything is not known"),
        ("not toml", "it is not TOML"),
    ] {
        fs::write(home.path().join("evil.toml"), template).unwrap();
        let ended = export(home.path(), &["a1998e", "--layout", "evil.toml"]).run().exits(2).stderr_has(why);
        assert!(!ended.stderr.contains('\u{1b}'), "{:?}", ended.stderr);
    }
    assert!(!home.path().join("export").exists());
}
