//! The user's commands: exactly what was typed runs, and what it does changes nothing that is done.

use super::{fingerprint, fleet, ids, renew};
use crate::support::{account, platform::workplace};

#[test]
fn paths_with_blanks_quotes_and_newlines_arrive_as_they_are() {
    let home = workplace();
    let served = fleet(home.path(), &ids(1), &[]);
    let fleet = home.path().join("it's a \"fleet\";\n$HOME");
    std::fs::create_dir(&fleet).unwrap();
    for name in ["ca", "cert_000000", ".certreq"] {
        std::fs::rename(home.path().join(name), fleet.join(name)).unwrap();
    }
    let line = r#"printf '%s\0' "$CERTREQ_DEVICE" "$CERTREQ_DEVICE_DIR" "$CERTREQ_CERT_FILE" "$CERTREQ_KEY_FILE" "$CERTREQ_CA_FILE" "$CERTREQ_FINGERPRINT" "${CERTREQ_SECRET-none}" > "$HOME/told"; echo talk; cmp "$CERTREQ_CERT_FILE" "$CERTREQ_CERT_FILE""#;
    let ended = renew(home.path(), &served)
        .args(["--all", "--format", "json", "--exec", line])
        .args([std::ffi::OsStr::new("--dir"), fleet.as_os_str()])
        .env("CERTREQ_SECRET", "not for commands")
        .run()
        .exits(0)
        .stderr_has("talk\n");
    assert_eq!(ended.json().len(), 1, "nothing else is on stdout");
    let device = fleet.join("cert_000000").display().to_string();
    let expected = [
        "000000".to_owned(),
        device.clone(),
        format!("{device}/cert.pem"),
        format!("{device}/private.key"),
        fleet.join("ca/ca.pem").display().to_string(),
        fingerprint(&fleet, "000000"),
        "none".to_owned(),
    ];
    let told = std::fs::read_to_string(home.path().join("told")).unwrap();
    assert_eq!(told.split_terminator('\0').collect::<Vec<_>>(), expected);
}

#[test]
fn a_failed_command_is_told_does_not_undo_anything_and_runs_again_next_time() {
    let home = workplace();
    let served = fleet(home.path(), &ids(1), &[]);
    let old = fingerprint(home.path(), "000000");
    renew(home.path(), &served)
        .args(["--all", "--revoke-old", "--exec", "exit 7"])
        .run()
        .exits(3)
        .stderr_has("the new pair is in use, but --exec failed with exit code 7");
    let new = fingerprint(home.path(), "000000");
    assert_ne!(new, old);
    assert_eq!(
        account::issued(&served.authority())["000000"].len(),
        2,
        "who was not told still uses the old one"
    );
    renew(home.path(), &served)
        .args(["--revoke-old", "--exec", "echo \"$CERTREQ_FINGERPRINT\" > told"])
        .run()
        .exits(0)
        .stdout_has("000000  settled");
    assert_eq!(std::fs::read_to_string(home.path().join("told")).unwrap().trim(), new);
    assert_eq!(account::issued(&served.authority())["000000"].len(), 1);
    renew(home.path(), &served).args(["--exec", "false"]).run().exits(0).stderr_has("nothing is due");
}

#[test]
fn a_command_that_does_not_end_is_stopped_with_all_it_started() {
    let home = workplace();
    let served = fleet(home.path(), &ids(1), &[]);
    renew(home.path(), &served)
        .args(["--all", "--exec-timeout", "1s", "--exec", "sleep 1000 & echo $! > child; wait"])
        .run()
        .exits(3)
        .stderr_has("did not end within 1s and was stopped");
    let child = std::fs::read_to_string(home.path().join("child")).unwrap();
    let status = std::fs::read_to_string(format!("/proc/{}/status", child.trim())).unwrap_or_default();
    assert!(status.is_empty() || status.contains("State:\tZ"), "{status}");
}

#[test]
fn a_pair_that_fails_its_test_stays_outside_and_is_tried_again_without_another_certificate() {
    let home = workplace();
    let served = fleet(home.path(), &ids(1), &[]);
    let old = fingerprint(home.path(), "000000");
    let test = "openssl pkey -in \"$CERTREQ_KEY_FILE\" -noout && grep -q BEGIN \"$CERTREQ_CERT_FILE\" && test -e ready";
    renew(home.path(), &served)
        .args(["--all", "--test-cmd", test])
        .run()
        .exits(1)
        .stderr_has("the new pair was not installed: --test-cmd failed with exit code 1");
    assert_eq!(fingerprint(home.path(), "000000"), old);
    crate::support::terminal::certreq(home.path())
        .args(["status", "--journal"])
        .run()
        .exits(0)
        .stdout_has("  answered ");
    std::fs::write(home.path().join("ready"), "").unwrap();
    renew(home.path(), &served).args(["--test-cmd", test]).run().exits(0).stdout_has("000000  recovered");
    assert_ne!(fingerprint(home.path(), "000000"), old);
    assert_eq!(account::issued(&served.authority())["000000"].len(), 2);
}

#[test]
fn the_old_certificate_is_deleted_after_the_command_and_one_that_is_gone_is_no_failure() {
    let home = workplace();
    let served = fleet(home.path(), &ids(1), &[]);
    let old = fingerprint(home.path(), "000000");
    let ended = renew(home.path(), &served)
        .args(["--all", "--revoke-old", "--format", "json", "--exec", "sleep 0"])
        .run()
        .exits(0);
    assert_eq!(ended.json()[0]["deleted"], serde_json::json!([old]));
    let there = account::issued(&served.authority());
    let new = fingerprint(home.path(), "000000");
    assert_eq!(there["000000"].iter().map(ToString::to_string).collect::<Vec<_>>(), [new]);
}
