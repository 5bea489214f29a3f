//! `summary`: the lines of many runs, and the exit code of one.

use std::fs;

use super::Yard;
use crate::support::{platform::workplace, terminal::certreq};

#[test]
fn shards_add_up_to_what_one_run_says() {
    let yard = Yard::new(25);
    let write = |shard: &str, name: &str| {
        let ended = yard.issue(shard);
        // A log holds both streams.
        fs::write(yard.path().join(name), format!("{}{}", ended.stderr, ended.stdout)).unwrap();
    };
    let summary = |args: &[&str]| certreq(yard.path()).args(["summary"]).args(args.iter()).run();
    write("0/2", "0.log");
    summary(&["0.log"]).exits(1).stderr_has("1 shard did not come to the end: 1");
    write("1/2", "1.log");
    summary(&["0.log", "1.log"]).exits(0).stdout_is("25 devices in 2 shards: 25 issued\n");
    let document = &summary(&["0.log", "1.log", "--format", "json"]).exits(0).json()[0];
    assert_eq!(
        (&document["schema"], &document["of"]),
        (&"certreq.summary/1".into(), &"certreq.issue/1".into())
    );
    assert_eq!((&document["total"], &document["states"]["issued"]), (&25.into(), &25.into()));
    assert_eq!(document["shards"], serde_json::json!({ "count": 2, "missing": [] }));
    assert_eq!((&document["unreadable"], &document["exit"]), (&0.into(), &0.into()));
    // A run that was started again wrote to the same file: each device counts once.
    let (again, before) = (yard.issue("1/2").stdout, fs::read_to_string(yard.path().join("1.log")).unwrap());
    fs::write(yard.path().join("1.log"), format!("{before}{again}")).unwrap();
    summary(&["0.log", "1.log"]).exits(0).stdout_has("25 devices in 2 shards: ");
    // A run that was cut in the middle of a line did not come to its end.
    let lines = fs::read_to_string(yard.path().join("0.log")).unwrap();
    let cut = &lines[..lines.len() - 20];
    fs::write(yard.path().join("0.log"), cut).unwrap();
    summary(&["0.log", "1.log"]).exits(1).stderr_has("1 shard did not come to the end: 0");
}

#[test]
fn it_ends_as_one_run_would() {
    let home = workplace();
    let line = |device: &str, state: &str, code: u8| {
        let error =
            if code == 0 { String::new() } else { format!(r#","error":{{"code":{code},"message":"m"}}"#) };
        format!(r#"{{"schema":"certreq.issue/1","device":"{device}","state":"{state}"{error}}}"#) + "\n"
    };
    let end = |lines: &[String]| {
        fs::write(home.path().join("log"), lines.concat()).unwrap();
        certreq(home.path()).args(["summary", "log"]).run()
    };
    end(&[line("a", "issued", 0), line("b", "skipped", 0)])
        .exits(0)
        .stdout_is("2 devices: 1 issued, 1 skipped\n");
    end(&[line("a", "issued", 0), line("b", "failed", 4)]).exits(3);
    end(&[line("a", "failed", 4), line("b", "failed", 4)]).exits(4);
    end(&[line("a", "failed", 4), line("b", "failed", 6)]).exits(1);
    end(&[line("a", "failed", 4), line("a", "issued", 0)]).exits(0).stdout_is("1 device: 1 issued\n");
    let shard = |index: u8, exit: u8| {
        let shard = format!(r#"{{"index":{index},"count":2}}"#);
        format!(r#"{{"schema":"certreq.run/1","of":"certreq.issue/1","shard":{shard},"exit":{exit}}}"#) + "\n"
    };
    end(&[line("a", "issued", 0), shard(0, 0), line("b", "not_reached", 130), shard(1, 130)]).exits(130);
    end(&[shard(0, 0), shard(1, 0)]).exits(0).stdout_is("0 devices in 2 shards: nothing to do\n");
    end(&["{\"schema\":\"certreq.list/1\"}\n".to_owned()]).exits(2).stderr_has("cannot be added up");
    end(&["nothing\n".to_owned()]).exits(1).stderr_has("the input has no JSON line of a run");
    let verified = |code: u8| {
        format!(r#"{{"schema":"certreq.verify/1","input":"c{code}","verdict":"v","code":{code}}}"#) + "\n"
    };
    end(&[verified(0), verified(11), verified(12)]).exits(12);
    end(&[line("a", "issued", 0), verified(0)]).exits(2);
}
