//! A key and its certificate may write the same point, and the same curve, in different ways: every verb sees one pair.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use crate::support::{platform::workplace, terminal::certreq, tools::openssl};

const EXTENSIONS: &str = "[ca]\nbasicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign\n\
                          subjectKeyIdentifier=hash\n[leaf]\nauthorityKeyIdentifier=keyid\n";

/// A fleet whose certificate was made for `written`; the device has `held`.
fn fleet(home: &Path, written: &[&str], held: &[&str]) {
    let said = |args: &[&str]| openssl(home, args);
    fs::write(home.join("x.cnf"), EXTENSIONS).unwrap();
    let p256 = ["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"];
    for key in ["ca.key", "plain.key"] {
        said(&[&["genpkey", "-out", key], &p256[..]].concat());
    }
    let form = |out: &str, how: &[&str]| {
        said(&[&["pkey", "-in", "plain.key", "-out", out], how].concat());
    };
    form("written.key", written);
    form("held.key", held);
    fs::create_dir_all(home.join("ca")).unwrap();
    fs::create_dir_all(home.join("cert_a1998e")).unwrap();
    said(&["req", "-new", "-key", "ca.key", "-subj", "/CN=Root", "-out", "ca.csr"]);
    let own = ["x509", "-req", "-in", "ca.csr", "-signkey", "ca.key", "-days", "300", "-extfile", "x.cnf"];
    said(&[&own[..], &["-extensions", "ca", "-out", "ca/ca.pem"]].concat());
    said(&["req", "-new", "-key", "written.key", "-subj", "/CN=a1998e", "-out", "leaf.csr"]);
    let sign = ["x509", "-req", "-in", "leaf.csr", "-CA", "ca/ca.pem", "-CAkey", "ca.key", "-days", "200"];
    let with = ["-extfile", "x.cnf", "-extensions", "leaf", "-out", "cert_a1998e/cert.pem"];
    said(&[&sign[..], &with].concat());
    let key = home.join("cert_a1998e/private.key");
    fs::copy(home.join("held.key"), &key).unwrap();
    fs::set_permissions(key, fs::Permissions::from_mode(0o600)).unwrap();
}

#[test]
fn a_point_without_y_and_a_curve_that_is_written_out_make_the_same_pair() {
    let plain: [&str; 0] = [];
    let compressed = ["-ec_conv_form", "compressed"];
    let explicit = ["-ec_param_enc", "explicit"];
    for (written, held) in [
        (&compressed[..], &plain[..]),
        (&plain, &compressed),
        (&compressed, &compressed),
        (&explicit, &plain),
        (&plain, &explicit),
        (&explicit, &explicit),
    ] {
        let home = workplace();
        fleet(home.path(), written, held);
        let calls: [&[&str]; 4] = [
            &["inspect", "--check", "cert_a1998e/cert.pem", "--within", "1d"],
            &["verify", "cert_a1998e", "--revocation", "off"],
            &["status", ".", "--check", "--within", "1d"],
            &["export", "a1998e", "--combined", "--to", "out"],
        ];
        for call in calls {
            let ended = certreq(home.path()).args(call).run();
            let said = format!("{}{}", ended.stdout, ended.stderr);
            assert!(!said.contains("another"), "{written:?} and {held:?}, {call:?}: {said}");
            // Whether a curve that is written out is acceptable is another question.
            assert!(
                ended.code == 0 || [written, held].contains(&&explicit[..]),
                "{written:?} and {held:?}, {call:?}: {said}"
            );
        }
    }
}
