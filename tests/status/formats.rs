//! Output that other programs read: CSV, Prometheus, Nagios, and files that are replaced in one step.

use std::{
    fs,
    process::{Command, Stdio},
};

use super::park::{Park, Wish, of_every_kind};
use crate::support::{
    terminal::{Call, certreq},
    tools,
};

#[test]
fn csv_has_a_line_for_each_device() {
    let park = of_every_kind();
    let ended = park.status(&["--format", "csv"]).run().exits(0);
    let mut reader = csv::Reader::from_reader(ended.stdout.as_bytes());
    assert_eq!(reader.headers().unwrap().iter().take(3).collect::<Vec<_>>(), ["device", "state", "not_after"]);
    let rows: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
    assert_eq!(rows.len(), 14);
    let row = |id: &str| rows.iter().find(|row| &row[0] == id).unwrap();
    assert_eq!((&row("gone")[1], &row("gone")[5]), ("revoked", "revoked"));
    assert_eq!(&row("soon")[2], "2026-12-05T12:00:00Z");
    assert_eq!(&row("soon")[3], (10 * 86_400).to_string().as_str());
    assert_eq!((&row("empty")[1], &row("empty")[2]), ("broken", ""));
    assert_eq!(&row("open")[10], "0644");
}

/// A python that has the client library of Prometheus.
fn python() -> Option<&'static str> {
    let has = |python: &&str| {
        let import = ["-c", "import prometheus_client.parser"];
        Command::new(python).args(import).stderr(Stdio::null()).status().is_ok_and(|status| status.success())
    };
    let found = ["/usr/bin/python3", "python3"].into_iter().find(has);
    if found.is_none() {
        assert!(std::env::var_os("CI").is_none(), "python3-prometheus-client is not installed");
        tools::say("left out: tests/status/formats.rs needs python3-prometheus-client");
    }
    found
}

#[test]
fn prometheus_parses_every_line() {
    let park = of_every_kind();
    park.status(&["--format", "prometheus", "--output", "fleet.prom"]).run().exits(0).stdout_is("");
    assert_eq!(tools::mode(&park.path("fleet.prom")), 0o644);
    let Some(python) = python() else { return };
    let script = r#"
import sys
from prometheus_client.parser import text_string_to_metric_families as parse
for family in parse(open(sys.argv[1]).read()):
    assert family.type == "gauge" and family.documentation, family
    for sample in family.samples:
        print(sample.name, sorted(sample.labels.items()), int(sample.value))
"#;
    let output = Command::new(python).args(["-c", script]).arg(park.path("fleet.prom")).output().unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    for line in [
        "certreq_devices [('state', 'valid')] 7",
        "certreq_devices [('state', 'on_hold')] 0",
        // Ten days after the moment, in absolute seconds.
        "certreq_cert_not_after_timestamp_seconds [('device', 'soon')] 1796472000",
        "certreq_keys_exposed [] 1",
        "certreq_keys_shared [] 2",
        "certreq_half_done [] 1",
    ] {
        assert!(said.lines().any(|found| found == line), "{line} is not in\n{said}");
    }
}

#[test]
fn a_report_that_fails_leaves_the_old_file() {
    let park = Park::new();
    fs::write(park.path("fleet.prom"), "old").unwrap();
    for args in [&["nowhere"][..], &["--platform", "-h", "http://127.0.0.1:1", "-u", "x"]] {
        let call = park.status(&["--format", "prometheus", "--output", "fleet.prom", "--html", "page.html"]);
        let ended = call.args(args).env("CERTREQ_SECRET", "right").run();
        assert_ne!(ended.code, 0);
        assert_eq!(fs::read_to_string(park.path("fleet.prom")).unwrap(), "old");
        assert!(!park.path("page.html").exists());
    }
}

/// `'label'=value[unit];warn;crit;min;max`, every part where a plugin's reader expects it.
fn numbers(line: &str) -> Vec<(String, String)> {
    let (_, data) = line.trim_end().split_once(" | ").expect("performance data");
    data.split(' ')
        .map(|one| {
            let (label, rest) = one.split_once('=').expect("a label");
            let parts: Vec<&str> = rest.split(';').collect();
            assert_eq!(parts.len(), 5, "{one}");
            assert!(label.starts_with('\'') && label.ends_with('\''), "{one}");
            assert!(parts[0].trim_end_matches('s').parse::<i64>().is_ok(), "{one}");
            (label.trim_matches('\'').to_owned(), rest.to_owned())
        })
        .collect()
}

#[test]
fn nagios_reads_one_line_and_four_codes() {
    let park = of_every_kind();
    let ended = park.status(&["--format", "nagios"]).run().exits(2);
    assert_eq!(ended.stdout.lines().count(), 1);
    assert!(ended.stdout.starts_with("CERTREQ CRITICAL - 14 devices, 1 revoked (gone), "), "{}", ended.stdout);
    let found = numbers(&ended.stdout);
    assert_eq!(found[0], ("valid".to_owned(), "7;;;0;14".to_owned()));
    assert_eq!(found[1], ("expires_soon".to_owned(), "1;0;;0;14".to_owned()));
    assert_eq!(found[2], ("expired".to_owned(), "1;;0;0;14".to_owned()));

    let mut park = Park::new();
    park.device("a1", Wish::default());
    let ended = park.status(&["--format", "nagios"]).run().exits(0);
    assert!(
        ended.stdout.starts_with("CERTREQ OK - 1 device, next to expire a1 in 355d | "),
        "{}",
        ended.stdout
    );
    park.status(&["--format", "nagios", "--within", "400d"]).run().exits(1).stdout_has("CERTREQ WARNING - ");
}

#[test]
fn for_nagios_every_failure_is_unknown_and_said_on_stdout() {
    let park = Park::new();
    let unknown_to = |call: Call, words: &str| {
        let ended = call.run().exits(3).stderr_is("");
        assert_eq!(ended.stdout.lines().count(), 1, "{}", ended.stdout);
        assert!(
            ended.stdout.starts_with("CERTREQ UNKNOWN - ") && ended.stdout.contains(words),
            "{}",
            ended.stdout
        );
    };
    let call = |args: &[&str]| certreq(park.home.path()).args(args);
    let unknown = |args: &[&str], words: &str| unknown_to(call(args), words);
    unknown(&["status", "--format", "nagios"], "there is no device");
    unknown(&["status", "--format", "nagios", "no|where"], "no/where");
    unknown(&["status", "--format=nagios", "--within", "soon"], "--within");
    unknown(&["status", "--format", "nagios", "--no-such-flag"], "--no-such-flag");
    unknown(&["status", "--format", "nagios", "--platform"], "user");
    unknown(&["status", "--format", "nagios", "--journal"], "journal");
    unknown(&["status", "--format", "nagios", "--profile", "missing"], "missing");
    unknown_to(call(&["status", "--within", "soon"]).env("CERTREQ_FORMAT", "nagios"), "--within");
    let text = call(&["status", "--within", "soon", "--format", "text"]);
    text.env("CERTREQ_FORMAT", "nagios").run().exits(2).stdout_is("");
}

#[test]
fn a_report_goes_where_a_shell_would_send_it() {
    let mut park = Park::new();
    park.device("a1", Wish::default());
    // Not /dev/stdout: were this test to fail as root, it would take that away from every program.
    park.status(&["--output", "/proc/self/fd/1"]).run().exits(0).stdout_has("1  valid");
    park.status(&["--output", "none/report"]).run().exits(1).stderr_has("none/report cannot be written");
}
