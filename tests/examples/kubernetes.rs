//! `examples/kubernetes-indexed-job`: the manifest is one of the API's, and its command does what it says.

use std::{fs, process::Command};

use crate::support::{
    platform::{Served, workplace},
    python,
    terminal::certreq,
};

const MANIFEST: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/examples/kubernetes-indexed-job/job.yaml");

/// Runs a script with the validator's packages; `None` where they cannot be had.
fn python(script: &str) -> Option<String> {
    let python = python::with("tests/kubernetes/requirements.txt")?;
    let output = Command::new(python).args(["-c", script, MANIFEST]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    Some(String::from_utf8(output.stdout).unwrap())
}

#[test]
fn the_manifest_fits_the_schema_of_the_api() {
    let script = "
import sys, yaml, kubernetes_validate
job = yaml.safe_load(open(sys.argv[1]))
version = kubernetes_validate.latest_version()
kubernetes_validate.validate(job, version, strict=True)
job['spec']['completionMod'] = 'x'
try:
    kubernetes_validate.validate(job, version, strict=True)
except kubernetes_validate.ValidationError:
    print('refused', version)
";
    let Some(said) = python(script) else { return };
    assert!(said.starts_with("refused 1."), "a word that is none is seen: {said}");
}

#[test]
fn the_command_of_the_container_issues_its_shard() {
    let script = "
import sys, yaml
job = yaml.safe_load(open(sys.argv[1]))
assert f\"--shard=auto/{job['spec']['completions']}\" in job['spec']['template']['spec']['containers'][0]['args']
print('\\n'.join(job['spec']['template']['spec']['containers'][0]['args']))
";
    let Some(arguments) = python(script) else { return };
    let ids: Vec<String> = (0..64).map(|number| format!("d{number:05}")).collect();
    let served = Served::with_devices(&ids.iter().map(String::as_str).collect::<Vec<_>>());
    let home = workplace();
    for name in ["ids", "fleet", "secret"] {
        fs::create_dir(home.path().join(name)).unwrap();
    }
    fs::write(home.path().join("ids/ids.txt"), ids.join("\n")).unwrap();
    fs::copy(served.secret_file(), home.path().join("secret/secret")).unwrap();
    let here = home.path().display().to_string();
    let mut lines = String::new();
    for index in 0..16 {
        let arguments = arguments.lines().map(|argument| {
            let argument = argument.replace("$(JOB_COMPLETION_INDEX)", &index.to_string());
            argument.replace("=/", &format!("={here}/"))
        });
        let ended = certreq(home.path())
            .args(arguments)
            .env("JOB_COMPLETION_INDEX", index.to_string())
            .env("CERTREQ_HOST", &served.url)
            .env("CERTREQ_USER", "admin")
            .run()
            .exits(0);
        lines.push_str(&ended.stdout);
    }
    fs::write(home.path().join("lines"), lines).unwrap();
    let all = "64 devices in 16 shards: 64 issued\n";
    certreq(home.path()).args(["summary", "lines"]).run().exits(0).stdout_is(all);
    certreq(home.path()).args(["status", "fleet", "--check"]).run().exits(0).stdout_has("64 devices");
}
