//! `certreq list` and `certreq devices`: everything the platform has, filtered here.

use std::path::Path;

use serde_json::{Value, json};

use crate::support::{
    forger::{self, Forger, Wish},
    held::{Held, page},
    platform::workplace,
    scripted::{Reply, Scripted},
    terminal::{Ended, certreq},
};

fn call(home: &Path, server: &Scripted, args: &[&str]) -> Ended {
    certreq(home).args(args).args(["-h", &server.url(), "-u", "admin"]).env("CERTREQ_SECRET", "right").run()
}

/// A platform that ignores every filter: these records, two a page; these devices, two a page; this list, if any.
fn platform(forger: &Forger, records: Vec<Value>, devices: Vec<Value>, list: Option<String>) -> Scripted {
    let root = forger.ca_answer();
    Scripted::start(move |request| {
        let number = |name: &str| request.query(name).and_then(|text| text.parse::<usize>().ok()).unwrap_or(1);
        match request.line().as_str() {
            "POST /auth" => Reply::json(200, json!({ "jwt": forger::token() })),
            "GET /x509/v1/ca" => Reply::json(200, root.clone()),
            "GET /x509/v1/ca/crl" => match &list {
                Some(list) => Reply::json(200, json!({ "crl": list })),
                None => Reply::json(404, json!({ "error": "Not Found" })),
            },
            "GET /x509/v1/certificates" => {
                let pages: Vec<&[Value]> = records.chunks(2).collect();
                let number = number("page");
                page(pages.get(number - 1).copied().unwrap_or_default(), number, pages.len(), records.len())
            }
            "GET /device" => {
                let part: Vec<_> = devices.iter().skip(2 * (number("page_num") - 1)).take(2).collect();
                Reply::json(200, json!({ "pagination": {}, "devices": part }))
            }
            line => panic!("unexpected request: {line}"),
        }
    })
}

/// Certificates in every state of a fleet's life.
struct Fleet {
    forger: Forger,
    good: Held,
    soon: Held,
    expired: Held,
    revoked: Held,
    orphan: Held,
}

impl Fleet {
    fn new() -> Self {
        let forger = Forger::new("the root");
        let held = |id: &str, days: std::ops::Range<i64>| {
            Held::with(&forger, id, &Wish { valid: days, ..Wish::default() })
        };
        Self {
            good: held("012345", -1..300),
            soon: held("a1998e", -100..10),
            expired: held("b2c3d4", -100..-10),
            revoked: held("c3d4e5", -1..300),
            orphan: held("d4e5f6", -1..300),
            forger,
        }
    }

    fn records(&self) -> Vec<Value> {
        vec![
            self.good.record(),
            self.soon.record(),
            self.expired.record(),
            self.revoked.record(),
            self.orphan.owned_by(json!({ "device": null })),
        ]
    }

    fn list(&self) -> String {
        self.forger.revocation_list(&[&self.revoked.certificate.serial])
    }
}

fn column(ended: &Ended, name: &str) -> Vec<String> {
    ended.json().iter().map(|line| line[name].as_str().unwrap_or("-").to_owned()).collect()
}

#[test]
fn every_page_is_read_and_every_filter_is_ours() {
    let fleet = Fleet::new();
    let server = platform(&fleet.forger, fleet.records(), Vec::new(), Some(fleet.list()));
    let home = workplace();
    let devices = |more: &[&str]| {
        let ended = call(home.path(), &server, &[&["list", "--format", "json"], more].concat()).exits(0);
        column(&ended, "device")
    };
    assert_eq!(devices(&[]), ["012345", "a1998e", "b2c3d4", "c3d4e5", "-"]);
    assert_eq!(devices(&["--device", "012345,nobody"]), ["012345"]);
    assert_eq!(devices(&["--expires-within", "30d"]), ["a1998e"], "what ended is left out");
    assert_eq!(devices(&["--expires-within", "5d"]), Vec::<String>::new());
    assert_eq!(devices(&["--expires-within", "10%"]), ["a1998e"]);
    assert_eq!(devices(&["--expired"]), ["b2c3d4"]);
    assert_eq!(devices(&["--orphans"]), ["-"]);
    assert_eq!(devices(&["--revoked"]), ["c3d4e5"]);
    assert_eq!(devices(&["--revoked", "--device", "a1998e"]), Vec::<String>::new());
    let all = call(home.path(), &server, &["list", "--format", "json"]).exits(0);
    assert_eq!(column(&all, "state"), ["valid", "expires_soon", "expired", "revoked", "valid"]);
    let first = &all.json()[0];
    assert_eq!(first["schema"], "certreq.list/1");
    assert_eq!(first["fingerprint"], fleet.good.fingerprint());
    assert_eq!(first["serial"], fleet.good.certificate.serial);
    assert_eq!(first["revocation"]["state"], "good");
}

#[test]
fn tables_and_csv_say_the_same() {
    let fleet = Fleet::new();
    let server = platform(&fleet.forger, fleet.records(), Vec::new(), Some(fleet.list()));
    let home = workplace();
    let ended = certreq(home.path())
        .args(["list", "-h", &server.url(), "-u", "admin"])
        .env("CERTREQ_SECRET", "right")
        .env("COLUMNS", "80")
        .run()
        .exits(0)
        .stderr_has("5 certificates (by http://");
    let lines: Vec<&str> = ended.stdout.lines().collect();
    assert_eq!(lines.len(), 6, "one line each: {}", ended.stdout);
    assert!(lines.iter().all(|line| line.len() <= 80), "{}", ended.stdout);
    assert!(lines[0].starts_with("DEVICE"), "{}", lines[0]);
    for (line, part) in lines[1..].iter().zip(["012345", "expires soon", "expired", "revoked", "- (d4e5f6)"]) {
        assert!(line.contains(part), "{part}: {line}");
    }
    let csv = call(home.path(), &server, &["list", "--format", "csv"]).exits(0).stdout;
    let mut rows = csv::Reader::from_reader(csv.as_bytes());
    assert_eq!(
        rows.headers().unwrap().iter().collect::<Vec<_>>(),
        ["device", "application", "state", "not_before", "not_after", "serial", "fingerprint", "subject"]
    );
    let records: Vec<_> = rows.records().map(Result::unwrap).collect();
    assert_eq!(records.len(), 5);
    assert_eq!(&records[3][2], "revoked");
    assert_eq!(&records[3][6], fleet.revoked.fingerprint());
}

#[test]
fn a_list_that_cannot_be_believed_makes_revocation_unknown_and_that_is_said() {
    let fleet = Fleet::new();
    let home = workplace();
    // Of another authority that has the same name.
    let forged = Forger::new("the root").revocation_list(&[&fleet.good.certificate.serial]);
    for (list, words) in [(None, "revocation is not known: could not fetch"), (Some(forged), "is not its own")]
    {
        let server = platform(&fleet.forger, fleet.records(), Vec::new(), list);
        let ended = call(home.path(), &server, &["list", "--format", "json"]).exits(0).stderr_has(words);
        assert_eq!(column(&ended, "state"), ["valid", "expires_soon", "expired", "valid", "valid"]);
        assert!(ended.json().iter().all(|line| line["revocation"]["state"] == "unknown"));
        call(home.path(), &server, &["list", "--revoked"])
            .exits(0)
            .stdout_is("")
            .stderr_has("of 4 more certificates the platform's revocation list cannot tell");
    }
    // Another authority's certificate is not judged by the platform's list.
    let other = Held::new(&Forger::new("somebody"), "e5f6a7");
    let server = platform(&fleet.forger, vec![other.record()], Vec::new(), Some(fleet.list()));
    let ended = call(home.path(), &server, &["list", "--format", "json"]).exits(0);
    assert_eq!(ended.json()[0]["revocation"]["state"], "unknown");
}

#[test]
fn records_that_are_not_what_they_say_are_marked_and_hide_no_other() {
    let fleet = Fleet::new();
    let mut false_one = fleet.good.record();
    false_one["pem"] = fleet.soon.certificate.to_pem().into();
    let records = vec![false_one, json!({ "fingerprint": "AA\u{1b}[2J", "pem": "x" }), fleet.soon.record()];
    let server = platform(&fleet.forger, records, Vec::new(), Some(fleet.list()));
    let home = workplace();
    let ended = call(home.path(), &server, &["list", "--format", "json"])
        .exits(0)
        .stderr_has("cannot be read: its certificate has the fingerprint")
        .stderr_has(r"the record AA\u{1b}[2J cannot be read")
        .stderr_has("of 2 records the platform has no certificate that can be read");
    let lines = ended.json();
    let states: Vec<_> = lines.iter().map(|line| line["state"].as_str().unwrap()).collect();
    assert_eq!(&states[..2], ["unreadable", "unreadable"]);
    assert_eq!((lines.len(), lines[2]["device"].as_str()), (3, Some("a1998e")));
    let table = call(home.path(), &server, &["list"]).exits(0).stdout_has("unreadable").stdout_has("a1998e");
    assert!(!table.stdout.contains('\u{1b}'), "{}", table.stdout);
    let of_one = call(home.path(), &server, &["list", "-i", "a1998e", "--format", "json"]).exits(0);
    assert!(of_one.json().iter().any(|line| line["device"] == "a1998e"));
}

#[test]
fn names_from_outside_are_shown_not_obeyed() {
    let fleet = Fleet::new();
    let hostile = "x\u{1b}[2J\u{202e}\n";
    let device = json!({ "id": hostile, "label": "a\u{9b}1m,\"quoted\"", "created": "2026-11-25T08:00:00Z" });
    let record = fleet.good.owned_by(json!({ "device": hostile }));
    let server = platform(&fleet.forger, vec![record], vec![device], Some(fleet.list()));
    let home = workplace();
    for verb in ["list", "devices"] {
        for format in ["text", "json", "csv"] {
            let ended = call(home.path(), &server, &[verb, "--format", format]).exits(0);
            assert!(
                !ended.stdout.contains(['\u{1b}', '\u{9b}', '\u{202e}']),
                "{verb} {format}: {}",
                ended.stdout
            );
            if format == "json" {
                assert_eq!(ended.json()[0]["device"], hostile, "{verb}: the data stays what it is");
            } else {
                assert_eq!(ended.stdout.lines().count(), 2, "{verb} {format}: {}", ended.stdout);
            }
        }
    }
}

#[test]
fn devices_without_a_certificate_that_lives() {
    let fleet = Fleet::new();
    let ids = ["012345", "a1998e", "b2c3d4", "c3d4e5", "d4e5f6"];
    let mut devices: Vec<Value> =
        ids.iter().map(|id| json!({ "id": id, "label": format!("pump {id}") })).collect();
    // A device with two templates fills two rows.
    devices.insert(1, devices[0].clone());
    let server = platform(&fleet.forger, fleet.records(), devices, Some(fleet.list()));
    let home = workplace();
    let all = call(home.path(), &server, &["devices", "--format", "json"]).exits(0);
    assert_eq!(column(&all, "device"), ids);
    assert_eq!(
        all.json()[0],
        json!({ "schema": "certreq.devices/1", "device": "012345", "label": "pump 012345" })
    );
    let without =
        call(home.path(), &server, &["devices", "--without-certificate", "--format", "json"]).exits(0);
    assert_eq!(column(&without, "device"), ["b2c3d4", "c3d4e5", "d4e5f6"]);
    assert_eq!(column(&without, "certificate"), ["expired", "revoked", "none"]);
    let table = call(home.path(), &server, &["devices", "--without-certificate"])
        .exits(0)
        .stdout_has("DEVICE  LABEL        CREATED  CERTIFICATE")
        .stderr_has("3 devices without a live certificate");
    assert_eq!(table.stdout.lines().count(), 4, "{}", table.stdout);
    let csv =
        call(home.path(), &server, &["devices", "--without-certificate", "--format", "csv"]).exits(0).stdout;
    assert_eq!(csv.lines().next(), Some("device,label,created,certificate,not_after"));
    assert!(csv.lines().nth(2).unwrap().starts_with("c3d4e5,pump c3d4e5,,revoked,20"), "{csv}");
    // It is a list that `issue` takes.
    std::fs::write(home.path().join("todo.csv"), csv).unwrap();
    certreq(home.path())
        .args(["issue", "--authority", "here", "--dry-run", "--ids-from", "todo.csv", "--id-column", "device"])
        .run()
        .exits(0)
        .stdout_has("b2c3d4  would issue");
}

#[test]
fn a_reader_that_has_enough_ends_the_list() {
    let fleet = Fleet::new();
    let server = platform(&fleet.forger, fleet.records(), Vec::new(), Some(fleet.list()));
    let home = workplace();
    let line = format!(
        "{} list -h {} -u admin --format json | head -n 1 >first; echo done",
        crate::support::terminal::program(),
        server.url()
    );
    let output = std::process::Command::new("sh")
        .args(["-c", &line])
        .current_dir(home.path())
        .env("CERTREQ_SECRET", "right")
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(!said.contains("error") && !said.contains("panic"), "{said}");
    assert_eq!(std::fs::read_to_string(home.path().join("first")).unwrap().lines().count(), 1);
}

/// Releases up to 0.6 record no owner: the certificate names the tenant and the device.
#[test]
fn an_unowned_record_belongs_to_the_device_that_its_name_says() {
    let forger = Forger::new("the root");
    let held = |id: &str, name: &str| {
        Held::with(&forger, id, &Wish { common_name: Some(name.to_owned()), ..Wish::default() })
    };
    let records: Vec<Value> = [("a1998e", "admin:a1998e"), ("b2c3d4", "acme:b2c3d4"), ("c3d4e5", "c3d4e5")]
        .map(|(id, name)| held(id, name).owned_by(json!({})))
        .to_vec();
    let devices = ["a1998e", "b2c3d4"].map(|id| json!({ "id": id })).to_vec();
    let (server, home) = (platform(&forger, records, devices, None), workplace());
    let listed = |args: &[&str]| column(&call(home.path(), &server, args).exits(0), "device");
    assert_eq!(listed(&["list", "--format", "json"]), ["a1998e", "-", "-"]);
    assert_eq!(listed(&["list", "--format", "json", "-i", "a1998e"]), ["a1998e"]);
    assert_eq!(
        listed(&["list", "--format", "json", "--orphans"]),
        ["-", "-"],
        "another tenant's is none of ours"
    );
    assert_eq!(listed(&["devices", "--format", "json", "--without-certificate"]), ["b2c3d4"]);
}

#[test]
fn several_certificates_that_live_for_one_device_or_key_are_told() {
    let forger = Forger::new("the root");
    let (first, second) = (Held::new(&forger, "a1998e"), Held::new(&forger, "a1998e"));
    let server = platform(&forger, vec![first.record(), second.record()], Vec::new(), None);
    let home = workplace();
    call(home.path(), &server, &["list"])
        .exits(0)
        .stderr_has("1 device with several live certificates: a1998e (2)");
}
