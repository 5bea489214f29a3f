//! Log in once, forget it again, and say whose a directory is.

use std::fs;

use crate::support::{
    platform::{SECRET, Served, workplace},
    refusals::Refusals,
    scripted::Request,
    terminal::{certreq, tree},
    tools::mode,
};

#[test]
fn a_login_serves_later_commands_of_that_host_and_user_until_the_logout() {
    let served = Served::with_devices(&["a1998e"]);
    let home = workplace();
    let call = |args: &[&str]| {
        certreq(home.path()).args(args).args(["-h", &served.url, "-u", "admin"]).env("HOME", home.path())
    };
    call(&["issue", "-i", "a1998e"]).run().exits(2).stderr_has("no secret given");
    let ended = call(&["login"]).env("CERTREQ_SECRET", SECRET).run().exits(0).stdout_is("");
    let tokens = home.path().join(".local/state/certreq/tokens");
    let file = fs::read_dir(&tokens).unwrap().next().unwrap().unwrap().path();
    assert_eq!((mode(&file), mode(&tokens)), (0o600, 0o700));
    let token = fs::read_to_string(&file).unwrap();
    assert!(!ended.stderr.contains(token.trim()) && !ended.stderr.contains(SECRET));

    call(&["issue", "-i", "a1998e"]).run().exits(0);
    certreq(home.path())
        .args(["ca", "show", "-h", &served.url, "-u", "somebody"])
        .env("HOME", home.path())
        .run()
        .exits(2)
        .stderr_has("no secret given");
    call(&["logout"]).run().exits(0).stderr_has("logged out admin");
    assert!(!file.exists());
    call(&["logout"]).run().exits(0).stderr_has("there was no token");
    call(&["ca", "show"]).run().exits(2).stderr_has("no secret given");
}

#[test]
fn a_refused_login_keeps_nothing() {
    let served = Served::with_devices(&[]);
    let home = workplace();
    certreq(home.path())
        .args(["login", "-h", &served.url, "-u", "admin", "-t", "token.jwt"])
        .env("CERTREQ_SECRET", "wrong")
        .run()
        .exits(4);
    assert!(!home.path().join("token.jwt").exists());
    certreq(home.path()).args(["login", "--authority", "lab"]).run().exits(2).stderr_has("needs no login");
    assert_eq!(tree(home.path()), Vec::<String>::new());
}

#[test]
fn whoami_reads_one_directory_and_touches_nothing() {
    let home = workplace();
    certreq(home.path()).args(["issue", "--authority", "lab", "-i", "a1998e,b2c3d4"]).run().exits(0);
    let before = tree(home.path());
    let said = certreq(home.path()).args(["whoami", "cert_a1998e"]).run().exits(0).stderr_is("");
    assert!(said.stdout.starts_with("id: a1998e\nfingerprint: "), "{}", said.stdout);
    let said = certreq(&home.path().join("cert_a1998e")).args(["whoami", "--format", "json"]).run().exits(0);
    assert_eq!(said.json()[0]["id"], "a1998e");
    assert_eq!(said.json()[0]["state"], "valid");
    certreq(home.path()).args(["whoami", "ca"]).run().exits(1).stdout_is("").stderr_has("cert.pem is missing");
    assert_eq!(tree(home.path()), before);
    fs::copy(home.path().join("cert_b2c3d4/private.key"), home.path().join("cert_a1998e/private.key")).unwrap();
    certreq(home.path()).args(["whoami", "cert_a1998e"]).run().exits(6).stdout_has("id: a1998e");
}

#[test]
fn a_login_refused_in_eight_ways_keeps_no_token() {
    let unasked = |request: &Request| panic!("unexpected request: {}", request.line());
    Refusals::of("POST /auth", unasked).check(
        |_| {},
        |home, url| {
            certreq(home)
                .args(["login", "-h", url, "-u", "admin", "-t", "token.jwt"])
                .env("CERTREQ_SECRET", "right")
        },
    );
}
