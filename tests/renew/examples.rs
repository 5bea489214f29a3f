//! The examples work as they are written.

use std::{path::PathBuf, process::Command};

use super::{expires, fingerprint, fleet, ids};
use crate::support::{platform::workplace, terminal::certreq, tools::present};

fn example(name: &str) -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("examples").join(name)
}

/// The commands of a README, a line each.
fn commands(readme: &str) -> Vec<String> {
    let text = std::fs::read_to_string(example(readme)).unwrap();
    let blocks = text.split("```sh\n").skip(1).map(|rest| rest.split("```").next().unwrap());
    blocks.flat_map(str::lines).map(str::to_owned).collect()
}

#[test]
fn systemd_takes_the_units() {
    if !present(&["systemd-analyze"]) {
        return;
    }
    // The unit names the program where a package puts it, and systemd wants to see it there.
    let home = workplace();
    for name in ["certreq-renew.service", "certreq-renew.timer"] {
        let text = std::fs::read_to_string(example("systemd-renew").join(name)).unwrap();
        let text = text.replace("/usr/bin/certreq", crate::support::terminal::program());
        std::fs::write(home.path().join(name), text).unwrap();
    }
    let verify =
        commands("systemd-renew/README.md").into_iter().find(|line| line.starts_with("systemd-analyze"));
    let output = Command::new("sh").args(["-c", &verify.unwrap()]).current_dir(home.path()).output().unwrap();
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success() && !said.contains("certreq-renew"), "{said}");
}

#[test]
fn the_line_of_the_service_renews_with_the_credential() {
    let home = workplace();
    let served = fleet(home.path(), &ids(1), &["--lifetime", "1s"]);
    expires(home.path(), "000000");
    let unit = std::fs::read_to_string(example("systemd-renew/certreq-renew.service")).unwrap();
    let line = unit.lines().find_map(|line| line.strip_prefix("ExecStart=/usr/bin/certreq ")).unwrap();
    let env = std::fs::read_to_string(example("systemd-renew/renew.env")).unwrap();
    let variables: Vec<(&str, &str)> = env.lines().filter_map(|line| line.split_once('=')).collect();
    let mut line = line.replace("/var/lib/certreq", home.path().to_str().unwrap());
    for (name, value) in &variables {
        line = line.replace(&format!("${{{name}}}"), value);
    }
    assert!(!line.contains('$'), "{line}");
    let credentials = workplace();
    std::fs::copy(served.secret_file(), credentials.path().join("certreq.secret")).unwrap();
    let old = fingerprint(home.path(), "000000");
    let mut call = certreq(home.path()).args(line.split(' ')).env("CREDENTIALS_DIRECTORY", credentials.path());
    for (name, value) in variables {
        call = call.env(name, if name == "CERTREQ_HOST" { &served.url } else { value });
    }
    call.env("CERTREQ_USER", "admin").run().exits(0);
    assert_ne!(fingerprint(home.path(), "000000"), old);
}

#[test]
fn the_arguments_of_the_cron_job_renew() {
    if !present(&["python3"]) {
        return;
    }
    let script = "import sys, json, yaml; print(json.dumps(yaml.safe_load(open(sys.argv[1]))))";
    let file = example("kubernetes-cronjob/cronjob.yaml");
    let output = Command::new("python3").args(["-c", script]).arg(file).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    let job: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!((&job["apiVersion"], &job["kind"]), (&"batch/v1".into(), &"CronJob".into()));
    let container = &job["spec"]["jobTemplate"]["spec"]["template"]["spec"]["containers"][0];
    let home = workplace();
    let served = fleet(home.path(), &ids(1), &["--lifetime", "1s"]);
    expires(home.path(), "000000");
    let old = fingerprint(home.path(), "000000");
    let args: Vec<String> = container["args"]
        .as_array()
        .unwrap()
        .iter()
        .map(|arg| arg.as_str().unwrap())
        .map(|arg| arg.replace("/fleet", home.path().to_str().unwrap()))
        .map(|arg| arg.replace("/secret/secret", &served.secret_file()))
        .collect();
    let names: Vec<&str> = container["env"]
        .as_array()
        .unwrap()
        .iter()
        .map(|variable| variable["name"].as_str().unwrap())
        .collect();
    assert_eq!(names, ["CERTREQ_HOST", "CERTREQ_USER"]);
    certreq(home.path())
        .args(args)
        .env("CERTREQ_HOST", &served.url)
        .env("CERTREQ_USER", "admin")
        .run()
        .exits(0);
    assert_ne!(fingerprint(home.path(), "000000"), old);
}
