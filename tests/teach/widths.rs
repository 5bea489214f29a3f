//! Lines are never wider than the terminal: those about errors, and those that the examples do not reach. Each screen
//! is as it was read, at 60, 80 and 132 columns: `tests/screens/terminal`.
//!
//! Machines read JSON, CSV, node_exporter's format, a monitoring plugin's line, PEM and completion scripts: those are
//! as long as they are.

use super::scene::Scene;
use crate::screens::terminal;

/// A fleet far away, another authority, a revoked device, a key that does not fit, a directory with files of the
/// other authority.
const PREPARED: &str = r#"
far=a-directory-with-a-name-that-is-longer/than-anybody-would-like-to-type-it/in-a-terminal
mkdir -p $far; cp -r cert_* ca .certreq $far; ln -s $far far
certreq issue --authority other -i a1998e --dir elsewhere -q
certreq revoke cert_b2c3d4 -h $PLATFORM --yes -q; certreq ca crl -h $PLATFORM -q
certreq issue -i c3d4e5 -h $PLATFORM -q; chmod 644 cert_c3d4e5/private.key
mkdir cert_f6a7b8; cp cert_a1998e/cert.pem cert_f6a7b8; cp cert_c3d4e5/private.key cert_f6a7b8
printf 'no certificate' > junk.pem; mkdir -p parcel; cp elsewhere/ca/ca.pem elsewhere/cert_a1998e/cert.pem parcel
certreq key d4e5f6 -q; certreq export a1998e --chain --to out -q
mkdir -p ~/.config/certreq; printf '[profile.x]\nurl = "h"\nhots = "h"\nsecret = "geheim"\n' > ~/.config/certreq/config.toml
"#;

/// Lines that are typed, and how each ends.
const LINES: &[(&str, i32)] = &[
    // Wrong usage.
    ("certreq", 0),
    ("certreq isue", 2),
    ("certreq issue --hsot x", 2),
    ("certreq -h", 2),
    ("certreq issue --key nonsense -i a1998e", 2),
    ("certreq issue --format yaml", 2),
    ("certreq register", 2),
    ("certreq ca trust auto-registration 00 perhaps", 2),
    ("certreq serve --tls-cert server.pem", 2),
    ("certreq issue -h $PLATFORM -i 'a/../../b'", 2),
    ("certreq issue -h $PLATFORM --local -i a1998e", 2),
    ("env -u CERTREQ_USER certreq issue -i a1998e", 2),
    ("certreq revoke", 2),
    ("certreq renew --within never", 2),
    ("certreq connect http://localhost cert_a1998e", 2),
    ("certreq config show --profile none", 2),
    ("certreq status --at yesterday", 2),
    ("certreq completions", 2),
    // No server is there, or a server refuses.
    ("certreq issue -h http://127.0.0.1:1 -i a1998e,b2c3d4 --dir new --retries 0", 5),
    ("certreq login -h $PLATFORM -u somebody", 4),
    ("certreq login -h $PLATFORM -s wrong", 4),
    ("certreq logout -h $PLATFORM", 0),
    ("certreq issue -h $PLATFORM -i broker,a17b3c,d4e5f6 --dir new", 3),
    ("certreq issue -h $PLATFORM -i a1998e,b2c3d4,e5f6a7 --dry-run -v", 3),
    ("certreq issue --authority other -i e5f6a7", 6),
    ("certreq issue --authority other -i e5f6a7 --registered-only --dir new2", 1),
    ("certreq doctor far -h http://127.0.0.1:1", 5),
    ("certreq doctor --authority other", 1),
    ("certreq doctor -h $PLATFORM -v", 1),
    ("certreq ca show -h $PLATFORM", 0),
    ("certreq ca show --authority other", 6),
    ("certreq ca fetch --authority other", 6),
    ("certreq ca crl --authority other", 6),
    ("certreq ca trust add junk.pem -h $PLATFORM", 1),
    ("certreq ca trust list -h $PLATFORM", 0),
    ("certreq register cert_a1998e/cert.pem -i a1998e -h $PLATFORM", 1),
    ("certreq list -h $PLATFORM", 0),
    ("certreq list --authority other --revoked", 0),
    ("certreq devices -h $PLATFORM", 0),
    // A fleet with everything.
    ("certreq status", 0),
    ("certreq status $PWD/$(readlink far)", 0),
    ("certreq status -v --platform -h $PLATFORM", 0),
    ("certreq status --journal", 0),
    ("certreq status --check --at 2040-01-01", 12),
    ("certreq status nowhere", 1),
    ("certreq whoami cert_a1998e", 0),
    ("certreq whoami cert_f6a7b8", 6),
    ("certreq whoami $PWD/$(readlink far)/nowhere", 1),
    ("certreq inspect --text cert_broker ca cert_f6a7b8", 0),
    ("certreq inspect cert_b2c3d4 junk.pem nowhere.pem", 1),
    ("certreq inspect -r --short $PWD/$(readlink far)", 0),
    ("certreq inspect localhost:1", 1),
    ("certreq verify cert_a1998e cert_b2c3d4 cert_f6a7b8 junk.pem", 12),
    ("certreq verify cert_a1998e --ca elsewhere/ca/ca.pem --revocation require", 14),
    ("certreq verify $PWD/$(readlink far)/cert_a1998e --name x.example --purpose server", 14),
    ("certreq renew -h $PLATFORM --dry-run", 3),
    ("certreq renew cert_a1998e -h $PLATFORM", 0),
    ("certreq renew cert_a1998e --all --test-cmd 'echo no; false' -h $PLATFORM", 1),
    ("certreq renew cert_c3d4e5 --all --exec 'echo no; false' -h $PLATFORM", 3),
    ("certreq revoke cert_a1998e cert_b2c3d4 e5f6a7 --dry-run -h $PLATFORM", 0),
    ("certreq revoke cert_a1998e --unlink -h $PLATFORM", 0),
    ("certreq revoke cert_a1998e --confirm 7 -h $PLATFORM", 6),
    ("certreq export . --chain --to out", 2),
    ("certreq export cert_f6a7b8 --chain", 6),
    ("certreq export cert_a1998e cert_broker --p12 --der --to 'far/{id}'", 0),
    ("certreq export broker --layout nothing", 2),
    ("certreq key a1998e b2c3d4 e5f6a7", 0),
    ("certreq csr a17b3c --out requests", 1),
    ("certreq csr --out requests", 0),
    ("certreq join parcel", 6),
    ("certreq join nowhere junk.pem", 1),
    ("certreq issue -h $PLATFORM --csr requests --csr junk.pem --out certificates", 3),
    ("certreq connect mqtts://localhost:1 cert_a1998e", 5),
    ("certreq connect mqtts://$BROKER cert_a1998e --ca elsewhere/ca/ca.pem", 14),
    ("certreq connect mqtts://$BROKER cert_a1998e --servername other.example", 14),
    ("certreq connect mqtts://$BROKER cert_c3d4e5 --subscribe a/b --publish a/c -m x --wait 1s", 1),
    ("certreq connect mqtts://$BROKER --all", 3),
    ("certreq connect mqtts://$BROKER cert_a1998e", 0),
    (
        "certreq issue -i a1998e,b2c3d4 --authority lab --dir 0 --shard 0/2 --format json > 0.log; certreq issue -i a1998e,b2c3d4 --authority lab --dir 1 --shard 1/2 --format json > 1.log; certreq summary 0.log 1.log",
        0,
    ),
    ("certreq status 0 1", 0),
    ("certreq est list --authority lab", 0),
    ("certreq config show", 0),
    ("certreq config check", 1),
    ("certreq serve --listen 8.8.8.8:1", 1),
    ("certreq completions --out /proc/none", 1),
    ("certreq man --out /proc/none/there", 1),
];

/// Screens that tell of this machine, or of versions: their width counts, their words differ.
const OF_THIS_MACHINE: &[&str] = &["certreq doctor", "certreq config show", "certreq serve", "certreq isue"];

fn fits(columns: u16) {
    let scene = Scene::new();
    let place = scene.place("widths", PREPARED);
    let mut tty = scene.tty(&place, columns);
    tty.variables.push(("BROKER", scene.broker()));
    let (mut wrong, mut drawn) = (Vec::new(), String::new());
    let here = place.directory.display().to_string();
    let around = place.root().display().to_string();
    let names = [(here.as_str(), "<here>"), (around.as_str(), "<around>")];
    for (line, code) in LINES {
        let seen = tty.types(line, None);
        if seen.code != *code {
            wrong.push(format!("{line}: it ended with {}, not with {code}:\n{}", seen.code, seen.text));
        }
        for wide in seen.too_wide() {
            wrong.push(format!("{line}: wider than {columns}: {wide}"));
        }
        let text = &seen.text;
        let iso = text.split_whitespace().find(|word| is_rfc_3339(word));
        if let Some(time) = iso {
            wrong.push(format!("{line}: {time} is a time for programs:\n{text}"));
        }
        if !OF_THIS_MACHINE.iter().any(|begin| line.starts_with(begin)) {
            drawn.push_str(&terminal::screen(line, &seen, &names));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n\n"));
    terminal::has_the_same_words(&format!("screens-{columns}"), &drawn);
}

/// `2026-11-30T01:44:34Z`, with or without marks around it; not what was typed or named as an example.
fn is_rfc_3339(word: &str) -> bool {
    let word = word.trim_matches(|c: char| !c.is_ascii_alphanumeric());
    let bytes = word.as_bytes();
    word.ends_with('Z') && bytes.len() >= 20 && bytes[10] == b'T' && word != "2026-11-23T08:00:00Z"
}

#[test]
fn on_a_narrow_terminal() {
    fits(60);
}

#[test]
fn on_a_usual_terminal() {
    fits(80);
}

#[test]
fn on_a_wide_terminal() {
    fits(132);
}
