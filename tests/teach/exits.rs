//! The exit codes that the help of a verb names are those it ends with, and no others.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    examples::path,
    scene::{Place, Scene},
};
use crate::help::{help_of, verbs};

/// Verb, code, and a line that ends with it. Commands before the last one prepare it; [`SHORT`] has the words for
/// that. `$P` is the platform; lines that end with 5 name an address without one. Wrong usage is tried with every
/// verb and need not stand here.
const ENDS: &[(&str, i32, &str)] = &[
    ("issue", 0, "issue -i c3d4e5 $P"),
    ("issue", 1, "issue -i nobody $P"),
    ("issue", 3, "issue -i c3d4e5,nobody $P"),
    ("issue", 4, "wrong issue -i c3d4e5 $P"),
    ("issue", 5, "issue -i c3d4e5 $NOBODY --retries 0"),
    ("issue", 6, ": > cert_c3d4e5; certreq issue -i c3d4e5 $P"),
    ("key", 0, "key new1"),
    ("key", 1, "key new1 --dir /proc/none"),
    ("key", 3, ": > cert_new2; certreq key new1,new2"),
    ("key", 6, ": > cert_new2; certreq key new2"),
    ("csr", 0, "key new1 && certreq csr new1 --out out"),
    ("csr", 1, "csr new1 --out out"),
    ("csr", 3, "key new1 && certreq csr new1,new2 --out out"),
    (
        "csr",
        6,
        "key new1 && chmod 644 .certreq/journal* && sed -i '1s/^/damaged/' .certreq/journal* && certreq csr new1 --out out",
    ),
    (
        "join",
        0,
        "carry && certreq join answers --dir inside --ca-fingerprint $(openssl x509 -in answers/ca.pem -noout -fingerprint -sha256 | cut -d= -f2)",
    ),
    ("join", 1, "join nowhere"),
    (
        "join",
        3,
        "carry && cp ca/ca.pem answers/ca.pem && mkdir -p inside/ca && cp ca/ca.pem inside/ca && cp cert_a1998e/cert.pem answers/a1998e.pem && certreq join answers --dir inside",
    ),
    ("join", 6, "carry && certreq join answers --dir inside"),
    ("renew", 0, "renew $P"),
    ("renew", 1, "renew nobody $P"),
    ("renew", 3, "renew --all a1998e nobody $P"),
    ("renew", 4, "wrong renew --all $P"),
    ("renew", 5, "renew --all $NOBODY --retries 0"),
    ("renew", 6, "another; certreq renew --all $P"),
    ("revoke", 0, "revoke cert_a1998e --yes $P"),
    ("revoke", 1, "revoke no/such --yes $P"),
    ("revoke", 6, "revoke cert_b2c3d4 --yes --confirm 12 $P"),
    ("revoke", 3, "revoke cert_b2c3d4 no/such --yes $P"),
    ("revoke", 4, "wrong revoke cert_b2c3d4 --yes $P"),
    ("revoke", 5, "revoke cert_b2c3d4 --yes $NOBODY --retries 0"),
    ("summary", 0, "issue a1998e --local --format json > log; certreq summary log"),
    ("summary", 1, "summary nowhere"),
    ("summary", 3, "issue a1998e,nobody $P --format json > log; certreq summary log"),
    ("inspect", 0, "inspect cert_a1998e"),
    ("inspect", 1, "inspect nowhere"),
    ("inspect", 10, "inspect --check cert_a1998e --within 999d"),
    ("inspect", 11, "inspect --check cert_a1998e --at 2100-01-01"),
    ("inspect", 12, "revoked; certreq inspect --check cert_a1998e --local"),
    ("inspect", 13, "inspect --check cert_a1998e --at 2000-01-01"),
    ("inspect", 14, "cp cert_b2c3d4/private.key cert_a1998e; certreq inspect --check cert_a1998e"),
    ("inspect", 15, "others > ca/crl.pem; certreq inspect --check cert_a1998e"),
    ("inspect", 4, "wrong inspect cert_a1998e $P"),
    ("inspect", 5, "inspect cert_a1998e $NOBODY"),
    ("verify", 0, "verify cert_a1998e"),
    ("verify", 1, "verify nowhere"),
    ("verify", 10, "verify cert_a1998e --within 999d"),
    ("verify", 11, "verify cert_a1998e --at 2100-01-01"),
    ("verify", 12, "revoked; certreq verify cert_a1998e"),
    ("verify", 13, "verify cert_a1998e --at 2000-01-01"),
    ("verify", 14, "verify cert_a1998e --id b2c3d4"),
    ("verify", 15, "rm ca/crl.pem; certreq verify cert_a1998e --revocation require"),
    ("verify", 4, "wrong verify cert_a1998e $P"),
    ("verify", 5, "verify cert_a1998e $NOBODY"),
    ("status", 0, "status"),
    ("status", 1, "status --check ca"),
    ("status", 2, "rm cert_a1998e/cert.pem; certreq status --format nagios"),
    ("status", 3, "status nowhere --format nagios"),
    ("status", 10, "status --check --within 999d"),
    ("status", 11, "status --check --at $(date -u -d '+400 days' +%F)"),
    ("status", 12, "revoked; certreq status --check"),
    ("status", 14, "cp cert_b2c3d4/private.key cert_a1998e; certreq status --check"),
    ("status", 15, "others > ca/crl.pem; certreq status --check"),
    ("status", 4, "wrong status --platform $P"),
    ("status", 5, "status --platform $NOBODY"),
    ("status", 6, "status --platform $P --ca-fingerprint $ZEROS"),
    ("list", 0, "list $P"),
    ("list", 1, "list --authority /proc/none"),
    ("list", 4, "wrong list $P"),
    ("list", 5, "list $NOBODY"),
    ("list", 6, "list $P --ca-fingerprint $ZEROS"),
    ("devices", 0, "devices $P"),
    ("devices", 1, "devices --authority /proc/none"),
    ("devices", 4, "wrong devices $P"),
    ("devices", 5, "devices $NOBODY"),
    ("devices", 6, "devices --without-certificate $P --ca-fingerprint $ZEROS"),
    ("devices add", 0, "devices add c00001 $P"),
    ("devices add", 1, "devices add not-hex $P"),
    ("devices add", 3, "devices add c00002 not-hex $P"),
    ("devices add", 4, "wrong devices add c00003 $P"),
    ("devices add", 5, "devices add c00004 $NOBODY"),
    (
        "register",
        0,
        "theirs; certreq ca trust add their-root.pem $P && certreq register cert.pem -i a1998e --trusted-ca $(cat fingerprint) $P",
    ),
    ("register", 1, "register cert_a1998e/private.key -i a1998e --trusted-ca $ZEROS $P"),
    ("register", 4, "theirs; wrong register cert.pem -i a1998e --trusted-ca $(cat fingerprint) $P"),
    ("register", 5, "theirs; certreq register cert.pem -i a1998e --trusted-ca $(cat fingerprint) $NOBODY"),
    ("export", 0, "export cert_a1998e --chain"),
    ("export", 1, "export nobody --chain"),
    ("export", 3, "rm cert_b2c3d4/cert.pem; certreq export . --chain"),
    ("export", 6, "cp cert_b2c3d4/private.key cert_a1998e; certreq export cert_a1998e --chain"),
    ("connect", 0, "connect mqtts://$BROKER cert_a1998e"),
    ("connect", 1, "connect mqtts://$BROKER nowhere"),
    ("connect", 3, "rm cert_b2c3d4/cert.pem; certreq connect mqtts://$BROKER --all"),
    ("connect", 5, "connect mqtts://127.0.0.1:1 cert_a1998e"),
    ("connect", 6, "cp cert_b2c3d4/private.key cert_a1998e; certreq connect mqtts://$BROKER cert_a1998e"),
    ("connect", 14, "another; certreq connect mqtts://$BROKER cert_a1998e --ca ca/ca.pem"),
    ("whoami", 0, "whoami cert_a1998e"),
    ("whoami", 1, "whoami ca"),
    ("whoami", 6, "cp cert_b2c3d4/private.key cert_a1998e; certreq whoami cert_a1998e"),
    ("doctor", 0, "doctor $P"),
    ("doctor", 1, "chmod 644 cert_a1998e/private.key; certreq doctor $P"),
    ("doctor", 4, "wrong doctor $P"),
    ("doctor", 5, "doctor $NOBODY"),
    ("doctor", 6, "doctor $P --ca-fingerprint $ZEROS"),
    ("doctor", 12, "revoked; certreq doctor --local"),
    ("login", 0, "login $P"),
    ("login", 1, "login $P -t /proc/none"),
    ("login", 4, "wrong login $P"),
    ("login", 5, "login $NOBODY"),
    ("logout", 0, "logout $P"),
    ("logout", 1, "mkdir -p token/in; certreq logout $P -t token"),
    ("serve", 1, "serve --dir /proc/none"),
    ("discover", 1, "discover --search 1s"),
    ("oob add", 0, "umask 077; echo secret > s; certreq oob add dev7 --oob-secret-file s $O"),
    (
        "oob add",
        1,
        "umask 077; echo secret > s; certreq oob add dev7 --oob-secret-file s --valid-for 2001-01-01 $O",
    ),
    (
        "oob add",
        3,
        "umask 077; echo secret > s; printf 'id,secret,valid_until\\ndev7,x,\\ndev8,x,2001-01-01\\n' > d.csv; certreq oob add --from d.csv $O",
    ),
    (
        "oob add",
        4,
        "umask 077; echo secret > s; certreq oob add dev7 --oob-secret-file s --idprov $HUB --cert cert_a1998e/cert.pem --key cert_a1998e/private.key",
    ),
    (
        "oob add",
        5,
        ": $HUB; umask 077; echo secret > s; certreq oob add dev7 --oob-secret-file s --idprov 127.0.0.1:1 --operator .",
    ),
    (
        "oob add",
        6,
        "umask 077; echo secret > s; env -u CERTREQ_CACERT certreq oob add dev7 --oob-secret-file s --idprov $HUB --cert admin.pem --key admin.key",
    ),
    ("oob list", 0, "oob list $O"),
    ("oob list", 1, "oob list --idprov $HUB --cert nowhere --key nowhere"),
    ("oob list", 4, "oob list --idprov $HUB --cert cert_a1998e/cert.pem --key cert_a1998e/private.key"),
    ("oob list", 5, ": $HUB; certreq oob list --idprov 127.0.0.1:1 --operator ."),
    ("oob list", 6, "env -u CERTREQ_CACERT certreq oob list --idprov $HUB --cert admin.pem --key admin.key"),
    (
        "oob remove",
        0,
        "umask 077; echo secret > s; certreq oob add dev7 --oob-secret-file s $O && certreq oob remove dev7 $O",
    ),
    ("oob remove", 1, "oob remove nobody $O"),
    (
        "oob remove",
        3,
        "umask 077; echo secret > s; certreq oob add dev7 --oob-secret-file s $O && certreq oob remove dev7 nobody $O",
    ),
    (
        "oob remove",
        4,
        "oob remove dev1 --idprov $HUB --cert cert_a1998e/cert.pem --key cert_a1998e/private.key",
    ),
    ("oob remove", 5, ": $HUB; certreq oob remove dev1 --idprov 127.0.0.1:1 --operator ."),
    (
        "oob remove",
        6,
        "env -u CERTREQ_CACERT certreq oob remove dev1 --idprov $HUB --cert admin.pem --key admin.key",
    ),
    ("oob approve", 0, "oob approve dev7 $(openssl rand -hex 32) $O"),
    ("oob approve", 1, "oob approve dev7 $(openssl rand -hex 32) --idprov $HUB --cert nowhere --key nowhere"),
    (
        "oob approve",
        4,
        "oob approve dev7 $(openssl rand -hex 32) --idprov $HUB --cert cert_a1998e/cert.pem --key cert_a1998e/private.key",
    ),
    (
        "oob approve",
        5,
        ": $HUB; certreq oob approve dev7 $(openssl rand -hex 32) --idprov 127.0.0.1:1 --operator .",
    ),
    (
        "oob approve",
        6,
        "env -u CERTREQ_CACERT certreq oob approve dev7 $(openssl rand -hex 32) --idprov $HUB --cert admin.pem --key admin.key",
    ),
    ("est list", 0, "est list"),
    ("est list", 1, "est list --authority none"),
    ("est approve", 0, "est approve --all"),
    ("est approve", 1, "est approve nobody"),
    ("est approve", 6, "two_wait; certreq est approve a1998e"),
    ("est refuse", 0, "est refuse --all"),
    ("est refuse", 1, "est refuse nobody"),
    ("est refuse", 6, "two_wait; certreq est refuse a1998e"),
    ("completions", 0, "completions bash"),
    ("completions", 1, "completions --out /proc/none"),
    ("man", 0, "man"),
    ("authority copy", 0, "issue a1998e --authority lab -q; certreq authority copy lab other"),
    ("authority copy", 1, "authority copy nowhere other"),
    ("man", 1, "man --out /proc/none"),
    ("config show", 0, "config show"),
    ("config show", 1, "mkdir -p $CONFIG; chmod 755 $CONFIG; certreq config show"),
    ("config show", 6, "configured; chmod 666 $CONFIG; certreq config show"),
    ("config check", 0, "config check"),
    ("config check", 1, "configured; echo 'nothing = 1' > $CONFIG; certreq config check"),
    ("config check", 6, "configured; chmod 666 $CONFIG; certreq config check"),
    ("ca show", 0, "ca show $P"),
    ("ca show", 1, "ca show --authority /proc/none"),
    ("ca show", 4, "wrong ca show $P"),
    ("ca show", 5, "ca show $NOBODY"),
    ("ca show", 6, "another; certreq ca show $P"),
    ("ca fetch", 0, "ca fetch $P"),
    ("ca fetch", 1, "ca fetch $P --dir /proc/none"),
    ("ca fetch", 4, "wrong ca fetch $P"),
    ("ca fetch", 5, "ca fetch $NOBODY"),
    ("ca fetch", 6, "another; certreq ca fetch $P"),
    ("ca crl", 0, "ca crl $P"),
    ("ca crl", 1, "ca crl --dir /proc/none $P"),
    ("ca crl", 4, "wrong ca crl $P"),
    ("ca crl", 5, "ca crl $NOBODY"),
    ("ca crl", 6, "another; certreq ca crl $P"),
    ("ca bundle", 0, "ca bundle $P"),
    ("ca bundle", 1, "ca bundle --out nowhere/at/all $P"),
    ("ca bundle", 4, "wrong ca bundle $P"),
    ("ca bundle", 5, "ca bundle $NOBODY"),
    ("ca bundle", 6, "another; certreq ca bundle $P"),
    ("ca trust add", 0, "theirs; certreq ca trust add their-root.pem $P"),
    ("ca trust add", 1, "ca trust add nowhere $P"),
    ("ca trust add", 4, "wrong ca trust add ca/ca.pem $P"),
    ("ca trust add", 5, "ca trust add ca/ca.pem $NOBODY"),
    ("ca trust list", 0, "ca trust list $P"),
    ("ca trust list", 1, "ca trust list --authority /proc/none"),
    ("ca trust list", 4, "wrong ca trust list $P"),
    ("ca trust list", 5, "ca trust list $NOBODY"),
    (
        "ca trust remove",
        0,
        "theirs; certreq ca trust add their-root.pem $P; certreq ca trust remove $(cat fingerprint) --yes $P",
    ),
    ("ca trust remove", 1, "ca trust remove $ZEROS --yes --authority /proc/none"),
    ("ca trust remove", 4, "wrong ca trust remove $ZEROS --yes $P"),
    ("ca trust remove", 5, "ca trust remove $ZEROS --yes $NOBODY"),
    (
        "ca trust auto-registration",
        0,
        "theirs; certreq ca trust add their-root.pem $P; certreq ca trust auto-registration $(cat fingerprint) on $P",
    ),
    ("ca trust auto-registration", 1, "ca trust auto-registration $ZEROS on $P"),
    ("ca trust auto-registration", 4, "wrong ca trust auto-registration $ZEROS on $P"),
    ("ca trust auto-registration", 5, "ca trust auto-registration $ZEROS on $NOBODY"),
];

/// Codes that take more than a line to provoke, and the tests that do.
const ELSEWHERE: &[(&str, i32, &str)] = &[
    ("issue", 130, "once::interrupts"),
    ("renew", 130, "renew::watching"),
    ("renew", 15, "renew::answers"),
    ("status", 13, "status::disk"),
    ("connect", 4, "broker::kinds"),
    ("connect", 11, "broker::delivery"),
    ("connect", 12, "broker::revocation"),
    ("connect", 13, "broker::kinds"),
    ("serve", 0, "serve::process"),
    ("discover", 0, "idprov::network"),
];

/// Codes of a group are those of its verbs.
const GROUPS: &[&str] = &["authority", "config", "ca", "ca trust", "est", "oob"];

/// The numbers in what the help says about exit codes.
fn named(verb: &str) -> BTreeSet<i32> {
    let help = help_of(&path(verb));
    let (_, exits) = help.split_once("\nExit codes").unwrap_or_else(|| panic!("{verb}: {help}"));
    let exits = exits.split("\n\n").next().unwrap();
    exits.split_whitespace().filter_map(|word| word.trim_matches([':', ',', ';', '.']).parse().ok()).collect()
}

const SHORT: &str = r#"
P="-h $PLATFORM" NOBODY="-h http://127.0.0.1:1" ZEROS=$(printf '00%.0s' {1..32})
CONFIG=$HOME/.config/certreq/config.toml
another() { openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj /CN=another -days 9 -out ca/ca.pem; }
revoked() { certreq revoke cert_a1998e --yes --local && certreq ca crl --local; }
others() { certreq issue --authority other --dir other-fleet -i x1 && cat other-fleet/ca/crl.pem; }
configured() { mkdir -p "${CONFIG%/*}" && : > "$CONFIG"; }
carry() { certreq key new1 --dir inside && certreq csr --dir inside --out requests && certreq issue --local --dir outside --csr requests --out answers; }
wrong() { CERTREQ_SECRET=wrong certreq "$@"; }
theirs() { @THEIRS@ :; }
two_wait() { W=~/.local/share/certreq/authority/est/waiting; mkdir -p $W; for n in 1 2; do openssl req -new -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout /dev/null -subj /CN=a1998e -out $W/$n.pem; done; }
"#;

/// The end of a line, in a place of its own. One that begins with a verb is typed without the program's name.
fn end_of(scene: &Scene, place: &Place, line: &str) -> std::process::Output {
    let first = line.split(' ').next();
    let is_verb = verbs().iter().any(|verb| verb.first().map(String::as_str) == first);
    let mut script = if is_verb { format!("certreq {line}") } else { line.to_owned() };
    if script.contains("$BROKER") {
        script = script.replace("$BROKER", &scene.broker());
    }
    if script.contains("$HUB") || script.contains("$O") {
        let hub = scene.hub(place);
        script = script.replace("$O", "--idprov $HUB --operator .").replace("$HUB", &hub);
    }
    let short = SHORT.replace("@THEIRS@", super::tables::THEIRS);
    scene.shell(place, &format!("{short}\n{script}"))
}

/// Tries the lines of every second, third ... verb.
fn hold(part: usize, of: usize) {
    let scene = Scene::new();
    let mut wrong = Vec::new();
    let mut ends: BTreeMap<&str, Vec<(i32, &str)>> = BTreeMap::new();
    for (verb, code, line) in ENDS {
        ends.entry(verb).or_default().push((*code, line));
    }
    for (verb, lines) in ends.into_iter().skip(part).step_by(of) {
        for (code, line) in lines.into_iter().chain([(2, "--no-such-flag")]) {
            let place = scene.place(&format!("{verb} {code} {}", line.len()), "");
            let line =
                if code == 2 && line.starts_with("--") { format!("{verb} {line}") } else { line.to_owned() };
            let ended = end_of(&scene, &place, &line);
            if ended.status.code() != Some(code) {
                let said = String::from_utf8_lossy(&ended.stderr).into_owned();
                wrong.push(format!("{verb}: not {code} but {:?}: {line}\n{said}", ended.status.code()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn codes_of_the_first_half() {
    hold(0, 2);
}

#[test]
fn codes_of_the_second_half() {
    hold(1, 2);
}

#[test]
fn help_names_the_codes_that_a_verb_ends_with() {
    let mut wrong = Vec::new();
    for verb in verbs().iter().map(|verb| verb.join(" ")) {
        let is_part = |other: &str| {
            other == verb || GROUPS.contains(&verb.as_str()) && other.starts_with(&format!("{verb} "))
        };
        let mut seen: BTreeSet<i32> = [2].into();
        seen.extend(ENDS.iter().chain(ELSEWHERE).filter(|(other, ..)| is_part(other)).map(|(_, code, _)| code));
        let named = named(&verb);
        if seen != named {
            wrong.push(format!("{verb}: ends with {seen:?}, its help names {named:?}"));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
