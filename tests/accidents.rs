//! Accidents: a mistyped call changes no whole platform, and makes no authority.

use std::fs;

use crate::support::{
    platform::{SECRET, Served, workplace},
    terminal::certreq,
};

#[test]
fn without_ids_only_the_shell_tools_call_or_all_means_every_device() {
    let served = Served::with_devices(&["a1998e", "b2c3d4"]);
    let call = |words: &str, environment: bool| {
        let home = workplace();
        let mut call = certreq(home.path()).env("CERTREQ_SECRET", SECRET);
        if environment {
            call = call.env("CERTREQ_HOST", &served.url).env("CERTREQ_USER", "admin");
        }
        let words = words.replace("URL", &served.url);
        let done = call.args(words.split(' ')).run();
        let issued = home.path().join("cert_a1998e").exists();
        (done, issued, fs::read_dir(home.path()).unwrap().next().is_some())
    };
    for words in ["--dir .", "issue", "issue --dir .", "-v --dir .", "--force", "issue -h URL -u admin"] {
        let (done, issued, written) = call(words, true);
        done.exits(2).stdout_is("").stderr_has("no device given").stderr_has("--all");
        assert!(!issued && !written, "{words}");
    }
    for (words, environment) in [
        ("-h URL -u admin", false),
        ("-u admin", true),
        ("--all", true),
        ("issue --all", true),
        ("-v issue --all", true),
    ] {
        let (done, issued, _) = call(words, environment);
        done.exits(0).stdout_has("b2c3d4");
        assert!(issued, "{words}");
    }
    let (done, issued, written) = call("-q", true);
    done.exits(2).stderr_has("no device given");
    assert!(!issued && !written);
    let (done, issued, written) = call("issue --all -i a1998e", true);
    done.exits(2);
    assert!(!issued && !written);
}

#[test]
fn at_a_terminal_the_number_of_devices_has_to_be_typed() {
    let served = Served::with_devices(&["a1998e", "b2c3d4"]);
    let home = workplace();
    for (typed, issued) in [("y", false), ("3", false), ("", false), ("2", true)] {
        let command = certreq(home.path())
            .env("CERTREQ_SECRET", SECRET)
            .args(["issue", "-h", &served.url, "-u", "admin"])
            .into_command();
        let mut terminal = rexpect::session::spawn_command(command, Some(60_000)).unwrap();
        terminal.exp_string("every device of the user").unwrap();
        terminal.exp_string("Type the number of devices to go on (2):").unwrap();
        terminal.send_line(typed).unwrap();
        terminal.exp_string(if issued { "2 issued" } else { "not confirmed" }).unwrap();
        terminal.exp_eof().unwrap();
        assert_eq!(home.path().join("cert_a1998e").exists(), issued, "{typed}");
        assert_eq!(home.path().join("ca").exists(), issued, "no root is pinned for nothing");
    }
}

#[test]
fn one_key_in_the_requests_of_two_devices_gets_one_certificate() {
    use certreq::pki::{
        csr,
        key::{KeySpec, PrivateKey},
    };
    let home = workplace();
    let key = PrivateKey::generate(KeySpec::P256).unwrap();
    for id in ["same1", "same2"] {
        fs::write(home.path().join(format!("{id}.csr")), csr::request_for(&key, id, &[]).unwrap()).unwrap();
    }
    let run = |words: &str| certreq(home.path()).args(words.split(' ')).run();
    run("issue --authority lab --csr same1.csr --csr same2.csr --out together")
        .exits(3)
        .stdout_has("same1  issued")
        .stderr_has("has the key of same1, and a key is for one device");
    let second = run("issue --authority lab --csr same2.csr --out later").exits(6).stderr_has("same1");
    assert!(second.stderr.contains("a key is one device's") && !second.stderr.contains("at this address"));
    assert!(!home.path().join("later/same2.pem").exists());
}

#[test]
fn asking_for_the_version_is_only_that() {
    let home = workplace();
    for words in ["-v", "-V", "version", "--version"] {
        certreq(home.path())
            .env("CERTREQ_HOST", "127.0.0.1:9")
            .env("CERTREQ_USER", "admin")
            .env("CERTREQ_SECRET", SECRET)
            .args([words])
            .run()
            .exits(0)
            .stdout_has(env!("CARGO_PKG_VERSION"))
            .stderr_is("");
    }
}

#[test]
fn flags_may_stand_before_the_verb() {
    let home = workplace();
    let run = |words: &str| certreq(home.path()).args(words.split(' ')).run();
    run("-v --authority lab issue a1998e --dir fleet").exits(0).stdout_has("a1998e  issued");
    run("--dir fleet status").exits(0).stdout_has("a1998e");
    run("--within 3d --dir fleet --format json renew --dry-run").exits(0).stdout_has("a1998e");
    run("--authority=lab --dir fleet ca show").exits(0);
    run("-q --local=lab list").exits(0).stdout_has("a1998e");
    // A value that is the name of a verb is a value.
    fs::rename(home.path().join("fleet"), home.path().join("renew")).unwrap();
    run("--dir renew status").exits(0).stdout_has("a1998e");
}

#[test]
fn the_directory_of_an_authority_is_no_device() {
    let home = workplace();
    let run = |words: &str| certreq(home.path()).args(words.split(' ')).run();
    run("issue --local=lab a1998e --dir fleet").exits(0);
    for words in [
        "issue --local lab",
        "issue --local lab -i b2c3d4",
        "issue lab --local",
        "issue b2c3d4 lab --authority lab",
        "--local lab -i b2c3d4",
        "renew --local lab a1998e --dir fleet --all",
        "renew --all --dir fleet lab --local",
        "revoke -i a1998e --yes --dir fleet --local lab",
        "revoke lab --yes --dir fleet --local",
        "list --local lab",
        "ca crl --local lab --dir fleet",
        "verify fleet/cert_a1998e --local lab",
        "doctor fleet --local lab",
    ] {
        run(words).exits(2).stderr_has("--authority lab");
        assert!(!home.path().join("cert_b2c3d4").exists() && !home.path().join("cert_lab").exists(), "{words}");
    }
    // Not created yet, it could be a device: asked, not guessed.
    // A directory that is not there yet, however it is written.
    for words in [
        "issue --local ./later x1",
        "issue --local ./later --csr x.csr --out out",
        "issue --local later --csr x.csr --out out",
        "renew --local ./later --dir fleet --all",
        "revoke --local ./later -i a1998e --yes --dir fleet",
        "list --local ./later",
        "devices add b2c3d4 --local ./later",
    ] {
        let ended = run(words).exits(2);
        assert!(
            ended.stderr.contains("--authority ./later") || ended.stderr.contains("--authority later"),
            "{words}: {}",
            ended.stderr
        );
        assert!(!home.path().join("later").exists(), "{words}");
    }
    for words in ["issue --local new-lab -i b2c3d4", "--local new-lab -i b2c3d4", "list --local new-lab"] {
        run(words).exits(2).stderr_has("--authority new-lab");
    }
    assert!(!home.path().join("cert_b2c3d4").exists() && !home.path().join("ca").exists());
    run("issue --local=lab --authority other -i b2c3d4").exits(2).stderr_has("two directories");
    run("issue -h 127.0.0.1 -u x --registered-only -i b2c3d4").exits(2).stderr_has("--local");
}

#[test]
fn the_variable_says_where_the_authority_is_and_not_that_it_is_wanted() {
    let home = workplace();
    let call = || certreq(home.path()).env("CERTREQ_AUTHORITY", "lab");
    call().args(["issue", "--local", "a1998e"]).run().exits(0);
    assert!(home.path().join("lab/ca.key").exists());
    call().args(["issue", "-i", "b2c3d4"]).run().exits(2).stderr_has("no user name");
    call().args(["issue", "-h", "127.0.0.1:9", "b2c3d4"]).run().exits(2).stderr_has("no user name");
}

#[test]
fn no_authority_and_no_root_before_there_is_a_device() {
    let home = workplace();
    fs::create_dir(home.path().join("requests")).unwrap();
    let run = |words: &str| certreq(home.path()).args(words.split(' ')).run();
    for words in [
        "issue --authority lab --all",
        "--authority lab --all",
        "issue --authority lab ../x",
        "renew --authority lab --all --dir fleet",
        "issue --authority lab --csr requests --out out",
    ] {
        let done = run(words);
        assert!(!home.path().join("lab").exists(), "{words}: {done:?}");
        assert!(!home.path().join("ca").exists(), "{words}: {done:?}");
    }
    // An authority without devices: its root is not pinned for nothing.
    run("issue --authority lab a1998e --dir elsewhere").exits(0);
    run("revoke a1998e --dir elsewhere --authority lab --yes").exits(0);
    run("issue --authority lab --all --registered-only --dry-run").exits(0);
    assert!(!home.path().join("ca").exists());
}
