//! Profiles: values of flags in a file of the user's or the system's, and never in the current directory.

use std::{fs, os::unix::fs::PermissionsExt, path::Path};

use tempfile::TempDir;

use crate::support::{
    platform::{SECRET, Served, workplace},
    terminal::{Call, certreq, tree},
};

/// Writes the user's configuration file of a home.
fn configure(home: &Path, text: &str) {
    let directory = home.join(".config/certreq");
    fs::create_dir_all(&directory).unwrap();
    fs::write(directory.join("config.toml"), text).unwrap();
}

fn home(text: &str) -> TempDir {
    let home = workplace();
    configure(home.path(), text);
    home
}

fn show(call: Call, args: &[&str], key: &str) -> serde_json::Value {
    let ended = call.args(["config", "show", "--format", "json"]).args(args).run().exits(0);
    ended.json().into_iter().find(|setting| setting["key"] == key).expect("a setting of this name")
}

#[test]
fn a_flag_beats_a_variable_beats_a_profile_beats_the_default() {
    let home = home("[profile.factory]\njobs = 7\n");
    let call = || certreq(home.path());
    assert_eq!(show(call(), &[], "jobs")["origin"], "default");
    assert_eq!(show(call(), &[], "jobs")["value"], "64");
    let profile = show(call(), &["--profile", "factory"], "jobs");
    assert_eq!(
        (&profile["value"], &profile["origin"], &profile["line"]),
        (&"7".into(), &"profile".into(), &2.into())
    );
    let named = call().env("CERTREQ_PROFILE", "factory");
    assert_eq!(show(named, &[], "jobs")["value"], "7");
    let variable = || call().env("CERTREQ_PROFILE", "factory").env("CERTREQ_JOBS", "8");
    assert_eq!(show(variable(), &[], "jobs")["value"], "8");
    assert_eq!(show(variable(), &[], "jobs")["name"], "CERTREQ_JOBS");
    let flag = show(variable(), &["--jobs", "9"], "jobs");
    assert_eq!((&flag["value"], &flag["origin"]), (&"9".into(), &"flag".into()));
}

#[test]
fn a_profile_is_all_a_run_needs() {
    let served = Served::with_devices(&["a1998e"]);
    let home = home(&format!(
        "[profile.factory]\nurl = \"{}\"\nuser = \"admin\"\nsecret_file = \"{}\"\ndir = \"fleet\"\nkey = \"p384\"\n",
        served.url,
        served.secret_file()
    ));
    certreq(home.path()).args(["--profile", "factory", "-i", "a1998e"]).run().exits(0);
    let said = certreq(home.path()).args(["inspect", "fleet/cert_a1998e/cert.pem"]).run().exits(0);
    said.stdout_has("P-384");
    // The profile's value for issue's --key is no key file for inspect.
    certreq(home.path()).args(["inspect", "--profile", "factory", "fleet/cert_a1998e"]).run().exits(0);
}

#[test]
fn a_command_says_the_secret_and_a_variable_is_stronger() {
    let served = Served::with_devices(&["a1998e"]);
    let platform = format!("url = \"{}\"\nuser = \"admin\"\n", served.url);
    let home =
        home(&format!("[profile.default]\n{platform}secret_command = \"printf '%s\\\\n' '{SECRET}'\"\n"));
    certreq(home.path()).args(["issue", "-i", "a1998e"]).run().exits(0);
    let wrong = certreq(home.path()).env("CERTREQ_SECRET", "wrong").args(["issue", "-i", "a1998e"]);
    wrong.run().exits(4);
    configure(home.path(), &format!("[profile.default]\n{platform}secret_command = \"exit 3\"\n"));
    let failed = certreq(home.path()).args(["issue", "-i", "a1998e"]).run().exits(1);
    failed.stderr_has("--secret-command returned no secret: it failed with exit code 3");
}

#[test]
fn the_users_file_is_stronger_than_the_systems_value_by_value() {
    let home = home("[profile.factory]\njobs = 7\n");
    let system = workplace();
    fs::create_dir(system.path().join("certreq")).unwrap();
    let text = "[profile.factory]\njobs = 3\nretries = 2\n\n[profile.lab]\njobs = 1\n";
    fs::write(system.path().join("certreq/config.toml"), text).unwrap();
    let call = || certreq(home.path()).env("XDG_CONFIG_DIRS", system.path());
    assert_eq!(show(call(), &["--profile", "factory"], "jobs")["value"], "7");
    assert_eq!(show(call(), &["--profile", "factory"], "retries")["value"], "2");
    assert_eq!(show(call(), &["--profile", "lab"], "jobs")["value"], "1");
    let unknown = call().args(["config", "show", "--profile", "factroy"]).run().exits(2);
    unknown.stderr_has("there is no profile \"factroy\"").stderr_has("factory, lab");
}

#[test]
fn a_file_in_the_current_directory_is_never_read() {
    let home = workplace();
    fs::write(home.path().join("config.toml"), "[profile.default]\njobs = 7\n").unwrap();
    fs::create_dir(home.path().join("certreq")).unwrap();
    fs::write(home.path().join("certreq/config.toml"), "[profile.default]\njobs = 7\n").unwrap();
    let call = certreq(home.path()).env("XDG_CONFIG_DIRS", ".");
    assert_eq!(show(call, &[], "jobs")["origin"], "default");
}

#[test]
fn a_secret_is_never_shown() {
    let home = workplace();
    let ended = certreq(home.path())
        .env("CERTREQ_SECRET", "precious")
        .args(["config", "show", "-s", "precious", "--format", "json"])
        .run()
        .exits(0);
    assert!(!ended.stdout.contains("precious") && !ended.stderr.contains("precious"), "{ended:?}");
    ended.stdout_has("(hidden)");
}

#[test]
fn check_names_the_line_of_everything_that_would_not_work() {
    let home = home(
        "[profile.factory]\nurl = \"https://h\"\nusr = \"ci\"\njobs = \"many\"\nsecret = \"precious\"\n\
         key = \"dsa\"\nwithin = 3.5\n",
    );
    let ended = certreq(home.path()).args(["config", "check", "--format", "json"]).run().exits(1);
    let lines: Vec<_> = ended.json().iter().map(|finding| finding["line"].as_u64().unwrap()).collect();
    assert_eq!(lines, [3, 4, 5, 6, 7], "{}", ended.stdout);
    assert!(!ended.stdout.contains("precious"));
    let text = certreq(home.path()).args(["config", "check"]).run().exits(1);
    text.stdout_has("line 3: unknown key \"usr\"\n  did you mean user?");
    // A run does not guess either: a key that is not understood might have been the pin of the root.
    let run = certreq(home.path()).args(["--profile", "factory", "-i", "a1998e"]).run().exits(2);
    run.stderr_has("line 3: unknown key \"usr\"");
    assert_eq!(tree(home.path()), [".config/", ".config/certreq/", ".config/certreq/config.toml"]);
    configure(home.path(), "[profile.factory]\njobs = 0\n");
    let run = certreq(home.path()).args(["--profile", "factory", "-i", "a1998e"]).run().exits(2);
    run.stderr_has("profile factory: invalid value '0'").stderr_has("certreq config check");
    configure(home.path(), "[profile.factory]\njobs = 8\n");
    certreq(home.path()).args(["config", "check"]).run().exits(0).stderr_has("no errors");
}

#[test]
fn a_file_that_others_may_write_is_not_used() {
    let home = home("[profile.default]\njobs = 7\n");
    let path = home.path().join(".config/certreq/config.toml");
    fs::set_permissions(&path, fs::Permissions::from_mode(0o666)).unwrap();
    let refused = certreq(home.path()).args(["config", "show"]).run().exits(6);
    refused.stderr_has("other users can write it").stderr_has("chmod go-w");
}

#[test]
fn every_setting_fits_the_terminal() {
    let home =
        home("[profile.factory]\ndir = \"/var/lib/a-very-long-directory/of-a-fleet/with-many-parts/in-it\"\n");
    let ended =
        certreq(home.path()).env("COLUMNS", "80").args(["config", "show", "--profile", "factory"]).run();
    let ended = ended.exits(0);
    assert!(ended.stdout.lines().all(|line| line.chars().count() <= 80), "{}", ended.stdout);
}

#[test]
fn local_beats_variables_and_profiles_and_contradicts_flags() {
    let home = home("[profile.default]\nurl = \"http://127.0.0.1:9\"\nuser = \"ci\"\n");
    let call = || certreq(home.path()).env("CERTREQ_HOST", "127.0.0.1").env("CERTREQ_USER", "ci");
    call().args(["issue", "--authority", "lab", "-i", "a1998e"]).run().exits(0);
    let both = call().args(["issue", "--authority", "lab", "-h", "127.0.0.1", "-i", "a1998e"]).run().exits(2);
    both.stderr_has("--authority cannot be used with --host");
}
