//! `status` over many directories.

use std::fs;

use super::{Yard, shard_of};
use crate::support::terminal::{Ended, certreq};

fn status(yard: &Yard, args: &[&str]) -> Ended {
    certreq(yard.path()).args(args).run()
}

#[test]
fn a_parent_of_shards_is_one_fleet_in_every_format() {
    let yard = Yard::new(30);
    fs::create_dir(yard.path().join("all")).unwrap();
    for shard in 0..3 {
        yard.issue(&format!("{shard}/3")).exits(0);
        let name = format!("shard-{shard}");
        fs::rename(yard.path().join(&name), yard.path().join("all").join(&name)).unwrap();
    }
    let document = &status(&yard, &["status", "all", "--format", "json"]).exits(0).json()[0];
    assert_eq!((&document["total"], &document["counts"]["valid"]), (&30.into(), &30.into()));
    assert_eq!(document["doubts"].as_array().unwrap().len(), 0, "{document}");
    let directories = document["directories"].as_array().unwrap();
    assert_eq!(directories.len(), 3);
    assert_eq!(directories[1]["shard"], serde_json::json!({ "index": 1, "count": 3 }));
    for device in document["devices"].as_array().unwrap() {
        let place = format!("all/shard-{}", shard_of(device["device"].as_str().unwrap(), 3));
        assert_eq!(device["directory"], place.as_str());
    }
    let text = status(&yard, &["status", "all"]).exits(0).stdout;
    assert!(text.starts_with("all: 30 devices at ") && text.contains("1/3"), "{text}");
    let csv = status(&yard, &["status", "all", "--format", "csv"]).exits(0).stdout;
    assert!(csv.lines().next().unwrap().ends_with(",problems,directory"), "{csv}");
    assert_eq!(csv.lines().filter(|line| line.contains(",valid,") && line.contains("all/shard-")).count(), 30);
    status(&yard, &["status", "all", "--format", "nagios"]).exits(0).stdout_has("CERTREQ OK - 30 devices");
    let lines = status(&yard, &["status", "all", "--format", "prometheus"]).exits(0).stdout;
    assert!(lines.contains("certreq_devices{state=\"valid\"} 30"), "{lines}");
    assert!(lines.contains(",directory=\"all/shard-2\"} "), "{lines}");
    status(&yard, &["status", "all", "--html", "page.html"]).exits(0);
    let page = fs::read_to_string(yard.path().join("page.html")).unwrap();
    assert!(yard.ids.iter().all(|id| page.contains(id)));
    let named = ["status", "--dir", "all/shard-0", "--dir", "all/shard-1", "--dir", "all/shard-2", "--check"];
    status(&yard, &named).exits(0).stdout_has("30 devices");
    status(&yard, &["status", "--journal", "all/shard-0", "all/shard-1"]).exits(2).stderr_has("one directory");
}

#[test]
fn what_does_not_fit_together_is_said() {
    let yard = Yard::new(20);
    yard.issue("0/4").exits(0);
    yard.issue("2/4").exits(0);
    let stranger = yard.ids.iter().find(|id| shard_of(id, 4) == 0).unwrap();
    let (from, to) = (format!("shard-0/cert_{stranger}"), format!("shard-2/cert_{stranger}"));
    let copied = std::process::Command::new("cp").args(["-a", &from, &to]).current_dir(yard.path()).status();
    assert!(copied.unwrap().success());
    let ended = status(&yard, &["status", "shard-0", "shard-2"]).exits(0);
    let said = ended.stdout.split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(said.contains("2 shards of 4 missing: 1, 3"), "{said}");
    assert!(said.contains(&format!("1 device in several directories: {stranger}")), "{said}");
    assert!(said.contains(&format!("1 device in the directory of another shard: {stranger}")), "{said}");
    assert!(said.contains("have one key"), "the copy has the key of the original: {said}");
    status(&yard, &["status", "shard-0", "shard-2", "--format", "nagios"]).exits(1).stdout_has("missing");
}
