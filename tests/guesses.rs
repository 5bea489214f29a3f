//! The first thing that people type, from the habits of other tools, is understood or answered with what was meant.

use std::fs;

use serde_json::Value;

use crate::support::{
    platform::workplace,
    terminal::{Ended, certreq},
    tty::Tty,
};

/// A directory with the pair of a1998e, and a shorthand to type in it.
fn with_a_pair() -> tempfile::TempDir {
    let place = workplace();
    certreq(place.path()).args(["issue", "--authority", "ca-of-the-lab", "a1998e", "-q"]).run().exits(0);
    place
}

fn typed(place: &tempfile::TempDir, line: &str) -> Ended {
    certreq(place.path()).args(line.split(' ')).run()
}

#[test]
fn json_has_three_names_on_every_verb_that_prints_it() {
    let place = with_a_pair();
    for verb in [
        "inspect cert_a1998e/cert.pem",
        "verify cert_a1998e",
        "status",
        "whoami cert_a1998e",
        "renew a1998e --dry-run",
        "doctor --authority ca-of-the-lab",
        "list --authority ca-of-the-lab",
        "devices --authority ca-of-the-lab",
        "ca show --authority ca-of-the-lab",
        "config show",
        "issue --authority ca-of-the-lab b2c3d4 --dry-run",
    ] {
        let schemas: Vec<Value> = ["--format json", "--json", "-o json"]
            .iter()
            .map(|how| {
                let ended = typed(&place, &format!("{verb} {how}"));
                let first = ended.stdout.lines().next().unwrap_or_default().to_owned();
                let object: Value = serde_json::from_str(&first)
                    .unwrap_or_else(|error| panic!("{verb} {how}: {error}: {}{}", ended.stdout, ended.stderr));
                object["schema"].clone()
            })
            .collect();
        assert!(schemas[0].is_string() && schemas.iter().all(|one| *one == schemas[0]), "{verb}: {schemas:?}");
    }
    assert!(typed(&place, "--json status").exits(0).stdout.starts_with('{'), "before the verb, too");
    let both = typed(&place, "status --json --format csv").exits(2).stderr;
    assert!(both.contains("--json and --format"), "{both}");
    let without = typed(&place, "man --json").exits(2).stderr;
    assert!(without.contains("certreq man has no JSON"), "{without}");
    // There it is the file to write.
    typed(&place, "ca bundle --authority ca-of-the-lab -o all.pem").exits(0);
    assert!(place.path().join("all.pem").is_file());
}

#[test]
fn a_format_that_a_variable_names_and_the_verb_lacks_is_a_note() {
    let place = with_a_pair();
    let ended = certreq(place.path()).args(["whoami", "a1998e"]).env("CERTREQ_FORMAT", "csv").run().exits(0);
    assert!(ended.stdout.contains("a1998e"), "{}", ended.stdout);
    assert!(
        ended.stderr.contains("CERTREQ_FORMAT=csv is not used: whoami has the formats text, json"),
        "{}",
        ended.stderr
    );
    let listed = certreq(place.path()).args(["status"]).env("CERTREQ_FORMAT", "csv").run().exits(0);
    assert!(
        listed.stdout.starts_with("device,") && listed.stderr.is_empty(),
        "{}{}",
        listed.stdout,
        listed.stderr
    );
    // The same format, named by a flag, is an error as before.
    typed(&place, "whoami a1998e --format csv").exits(2);
}

#[test]
fn colour_is_a_flag() {
    let place = with_a_pair();
    let escapes = |line: &str| typed(&place, line).exits(0).stdout.contains('\u{1b}');
    assert!(escapes("inspect a1998e --color always"));
    assert!(escapes("--color=always inspect a1998e"));
    assert!(!escapes("inspect a1998e --color never"));
    assert!(!escapes("inspect a1998e"), "stdout is not a terminal");
}

#[test]
fn a_device_is_named_by_its_id_its_directory_or_a_file_of_its_pair() {
    let place = with_a_pair();
    for verb in ["inspect", "verify", "whoami", "renew --dry-run", "export --chain --to exported --force"] {
        for name in ["a1998e", "cert_a1998e", "cert_a1998e/cert.pem"] {
            let ended = typed(&place, &format!("{verb} {name}"));
            assert_eq!(ended.code, 0, "{verb} {name}: {}{}", ended.stdout, ended.stderr);
        }
    }
    for name in ["a1998e", "cert_a1998e", "cert_a1998e/cert.pem"] {
        // The port is closed: the pair was found, and the server was not.
        let ended = typed(&place, &format!("connect tls://127.0.0.1:1 {name}"));
        assert_eq!(ended.code, 5, "{name}: {}{}", ended.stdout, ended.stderr);
    }
    // A file of that name is what was meant.
    fs::write(place.path().join("a1998e"), "no certificate").unwrap();
    assert_eq!(typed(&place, "inspect a1998e").code, 1);
}

#[test]
fn verbs_of_other_tools_lead_to_what_was_meant() {
    let place = workplace();
    for (word, verb) in [
        ("create", "issue"),
        ("enroll", "issue"),
        ("rotate", "renew"),
        ("delete", "revoke"),
        ("show", "inspect"),
        ("check", "verify"),
        ("ls", "list"),
        ("server", "serve"),
    ] {
        let said = typed(&place, word).exits(2).stderr;
        assert!(said.contains(&format!("certreq has no verb {word}")), "{said}");
        assert!(said.contains(&format!("most likely it is: certreq {verb}")), "{said}");
    }
    assert!(typed(&place, "version").exits(0).stdout.starts_with("certreq "));
}

#[test]
fn flags_that_have_another_name_now_are_still_understood() {
    let place = with_a_pair();
    for (line, old, new) in [
        ("export a1998e --chain", "--to old", "--out new"),
        ("status --format csv", "--output old.csv", "--out new.csv"),
        ("list --authority ca-of-the-lab", "--expires-within 30d", "--within 30d"),
        ("list --authority ca-of-the-lab", "--device a1998e", "--ids a1998e"),
        ("revoke --dry-run --authority ca-of-the-lab", "--from ids", "--ids-from ids"),
        ("connect tls://127.0.0.1:1 a1998e", "--client-id x", "--mqtt-client-id x"),
        ("register cert_a1998e/cert.pem --authority ca-of-the-lab --dry-run", "--device a1998e", "--id a1998e"),
        (
            "inspect localhost:1",
            "--cert cert_a1998e/cert.pem --key cert_a1998e/private.key",
            "--client-cert cert_a1998e/cert.pem --client-key cert_a1998e/private.key",
        ),
    ] {
        fs::write(place.path().join("ids"), "a1998e\n").unwrap();
        let [before, now] = [old, new].map(|flags| typed(&place, &format!("{line} {flags}")));
        assert!(before.code != 2, "{line} {old}: {}", before.stderr);
        assert_eq!(before.code, now.code, "{line}: {}{}", before.stderr, now.stderr);
        let verb = line.split(' ').next().unwrap();
        let help = typed(&place, &format!("{verb} --help-all")).exits(0).stdout;
        let flag = |flags: &str| format!("{} <", flags.split(' ').next().unwrap());
        assert!(help.contains(&flag(new)) && !help.contains(&flag(old)), "{verb} shows {new} alone\n{help}");
    }
}

#[test]
fn the_manual_opens_on_a_terminal() {
    let place = workplace();
    let (directory, home) = (place.path(), place.path());
    let terminal = Tty { directory, home, columns: 80, variables: Vec::new() };
    let seen = terminal.types("certreq man issue", None);
    assert_eq!(seen.code, 0, "{}", seen.text);
    assert!(seen.text.contains("NAME") && !seen.text.contains(".TH"), "{}", seen.text);
    assert!(typed(&place, "man issue").exits(0).stdout.contains(".TH certreq-issue"));
    assert!(typed(&place, "man isue").exits(2).stderr.contains("no manual page of isue"));
}
