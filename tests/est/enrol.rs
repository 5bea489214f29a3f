//! First certificates: whom certreq believes, who may ask, and what cannot be asked of EST.

use super::{issue, leaf, served};
use crate::support::{
    platform::{Served, text, workplace},
    terminal::certreq,
    tools,
};

#[test]
fn a_fingerprint_is_enough_to_believe_a_server_and_another_one_stops_the_run() {
    let home = workplace();
    let served = Served::start(&["--est"]);
    let right = served.root_fingerprint();
    let wrong = right.replace(|c: char| c.is_ascii_hexdigit(), "0");
    issue(home.path(), &served, "a1998e")
        .args(["--ca-fingerprint", &wrong])
        .run()
        .exits(6)
        .stderr_has("no CA certificate of")
        .stderr_has(&right);
    assert!(!home.path().join("cert_a1998e").exists());
    issue(home.path(), &served, "a1998e").run().exits(5).stderr_has("signed by a CA that is not trusted here");
    issue(home.path(), &served, "a1998e")
        .args(["--ca-fingerprint", &right])
        .run()
        .exits(0)
        .stdout_has("issued");
    tools::accepts_pair(home.path(), "a1998e");
    // From now on the root on disk is enough.
    issue(home.path(), &served, "b2c3d4").run().exits(0);
    certreq(home.path()).args(["verify", "cert_b2c3d4"]).run().exits(0);
}

#[test]
fn a_cacert_is_believed_and_first_use_is_said() {
    let home = workplace();
    let served = served(home.path(), &[]);
    let other = workplace();
    let root = home.path().join("ca/ca.pem").display().to_string();
    issue(other.path(), &served, "a1998e").args(["--cacert", &root]).run().exits(0);
    assert_eq!(text(other.path(), "ca/ca.pem"), text(home.path(), "ca/ca.pem"));
}

#[test]
fn certificates_are_in_the_same_records_and_can_be_listed_and_revoked() {
    let home = workplace();
    let served = served(home.path(), &["--no-login-limit"]);
    issue(home.path(), &served, "a1998e").run().exits(0);
    let fingerprint = leaf(home.path(), "a1998e").fingerprint().to_string();
    let login = [served.login(), vec!["--cacert".into(), "ca/ca.pem".into()]].concat();
    certreq(home.path()).args(["list"]).args(&login).run().exits(0).stdout_has("a1998e");
    // Somewhere else: this fleet hears nothing of it.
    let elsewhere = workplace();
    let mut login = login;
    *login.last_mut().unwrap() = home.path().join("ca/ca.pem").display().to_string();
    certreq(elsewhere.path()).args(["revoke", &fingerprint, "--yes"]).args(&login).run().exits(0);
    certreq(home.path())
        .args(["renew", "a1998e", "--all", "--est", &served.url])
        .run()
        .exits(4)
        .stderr_has("was revoked")
        .stderr_has("certreq issue --force");
    assert_eq!(leaf(home.path(), "a1998e").fingerprint().to_string(), fingerprint, "the pair stays");
    issue(home.path(), &served, "a1998e").args(["--force"]).run().exits(0);
    assert_ne!(leaf(home.path(), "a1998e").fingerprint().to_string(), fingerprint);
}

#[test]
fn what_this_fleet_revoked_is_renewed_with_the_first_credentials() {
    let home = workplace();
    let served = served(home.path(), &[]);
    issue(home.path(), &served, "a1998e").run().exits(0);
    let login = [served.login(), vec!["--cacert".into(), "ca/ca.pem".into()]].concat();
    certreq(home.path()).args(["revoke", "cert_a1998e", "--yes"]).args(&login).run().exits(0);
    certreq(home.path()).args(["renew", "a1998e"]).args(served.est()).run().exits(6).stderr_has("revoked");
    certreq(home.path()).args(["renew", "a1998e", "--all"]).args(served.est()).run().exits(0);
    tools::accepts_pair(home.path(), "a1998e");
}

#[test]
fn labels_lead_to_the_same_authority_and_a_wrong_one_is_told() {
    let home = workplace();
    let served = served(home.path(), &["--est-label", "fleet-1"]);
    let at = |label: &str| {
        let url = format!("{}/{label}", served.url);
        certreq(home.path())
            .args(["issue", "a1998e", "--est", &url, "-u", "admin", "--secret-file", &served.secret_file()])
            .run()
    };
    at("fleet-2").exits(1).stderr_has("there is no label").stderr_has("check the label");
    at("fleet-1").exits(0);
    at(".well-known/est/fleet-1").exits(0).stdout_has("skipped");
}

#[test]
fn a_wrong_password_is_refused_and_too_many_are_held_up() {
    let home = workplace();
    let served = Served::start(&["--est", "--login-limit"]);
    std::fs::write(home.path().join("wrong"), "wrong").unwrap();
    let fingerprint = served.root_fingerprint();
    let ask = |secret: &str| {
        certreq(home.path())
            .args(["issue", "a1998e", "--est", &served.url, "-u", "admin", "--secret-file", secret])
            .args(["--ca-fingerprint", &fingerprint, "--retries", "0"])
            .run()
    };
    ask("wrong").exits(4).stderr_has("the user or the password is wrong");
    for _ in 0..4 {
        ask("wrong");
    }
    ask("wrong").exits(5).stderr_has("too many wrong passwords");
}

#[test]
fn a_user_of_its_own_asks_for_certificates_and_nobody_else() {
    let home = workplace();
    let secret = home.path().join("est.secret");
    std::fs::write(&secret, "enrol me").unwrap();
    let path = secret.display().to_string();
    let served = served(home.path(), &["--est-user", "line-7", "--est-secret-file", &path]);
    issue(home.path(), &served, "a1998e").run().exits(4);
    certreq(home.path())
        .args(["issue", "a1998e", "--est", &served.url, "-u", "line-7", "--secret-file", &path])
        .run()
        .exits(0);
}

#[test]
fn the_pair_of_a_trusted_ca_opens_the_door_for_its_own_device_only() {
    let home = workplace();
    let served = served(home.path(), &[]);
    let dir = home.path();
    let run = |line: &str| {
        let args: Vec<&str> = line.split(' ').collect();
        tools::openssl(dir, &args);
    };
    std::fs::write(dir.join("ext"), "basicConstraints=critical,CA:FALSE\nextendedKeyUsage=clientAuth\n")
        .unwrap();
    run(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=Maker -days 9 -keyout maker.key -out maker.pem",
    );
    run(
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -subj /CN=a1998e -keyout first.key -out first.csr",
    );
    run(
        "x509 -req -in first.csr -CA maker.pem -CAkey maker.key -CAcreateserial -extfile ext -days 9 -out first.pem",
    );
    let enrol = |id: &str| {
        certreq(dir)
            .args(["issue", id, "--est", &served.url, "--est-cert", "first.pem", "--est-key", "first.key"])
            .args(["--retries", "0"])
            .run()
    };
    // The maker is not trusted yet; under TLS 1.3 that is told only after the request left.
    enrol("a1998e").exits(4).stderr_has("refused the certificate shown to it");
    let login = [served.login(), vec!["--cacert".into(), "ca/ca.pem".into()]].concat();
    certreq(dir).args(["ca", "trust", "add", "maker.pem"]).args(&login).run().exits(0);
    enrol("b2c3d4").exits(4).stderr_has("names a1998e, and the request b2c3d4");
    enrol("a1998e").exits(0);
    tools::accepts_pair(dir, "a1998e");
}

#[test]
fn what_est_cannot_do_is_said_in_one_sentence() {
    let home = workplace();
    let served = served(home.path(), &[]);
    issue(home.path(), &served, "a1998e").run().exits(0);
    for (verb, words) in [
        ("list", "needs a platform that keeps records"),
        ("devices", "needs a platform that keeps records"),
        ("revoke cert_a1998e --yes", "needs a platform that keeps records"),
        ("issue --all", "needs a platform that keeps records"),
        ("renew --all --revoke-old", "needs a platform that keeps records"),
        ("ca trust list", "trusts only its own"),
        ("ca crl", "has no revocation list"),
    ] {
        let ended =
            certreq(home.path()).args(verb.split(' ')).args(served.est()).args(["--cacert", "ca/ca.pem"]).run();
        let ended = ended.exits(1);
        assert!(ended.stderr.contains(words), "{verb}: {}", ended.stderr);
        assert_eq!(ended.stderr.lines().filter(|line| line.starts_with("error:")).count(), 1, "{verb}");
    }
    certreq(home.path()).args(["ca", "show", "--est", &served.url]).run().exits(0).stdout_has("They agree.");
}

#[test]
fn what_the_server_wants_in_requests_is_done_or_named() {
    let home = workplace();
    // RFC 7030 §4.5.2: challengePassword, the curve secp384r1, a MAC address, and ecdsa-with-SHA384.
    std::fs::write(
        home.path().join("attributes"),
        "MEEGCSqGSIb3DQEJBzASBgcqhkjOPQIBMQcGBSuBBAAiMBYGCSqGSIb3DQEJDjEJBgcrBgEBAQEWBggqhkjOPQQDAw==",
    )
    .unwrap();
    let path = home.path().join("attributes").display().to_string();
    let served = served(home.path(), &["--est-csrattrs", &path]);
    let curve = |id: &str| {
        tools::openssl(home.path(), &["x509", "-in", &format!("cert_{id}/cert.pem"), "-noout", "-text"])
    };
    issue(home.path(), &served, "a1998e").run().exits(0).stderr_has("challengePassword");
    assert!(curve("a1998e").contains("NIST CURVE: P-384"));
    issue(home.path(), &served, "b2c3d4")
        .args(["--key", "p256"])
        .run()
        .exits(0)
        .stderr_has("a key of the kind p384");
    assert!(curve("b2c3d4").contains("NIST CURVE: P-256"));
}

#[test]
fn contradictions_are_usage_errors() {
    let home = workplace();
    let said = |args: &[&str]| certreq(home.path()).args(args).run().exits(2).stderr;
    assert!(said(&["issue", "a", "--est", "ca.example", "-h", "host"]).contains("cannot be combined"));
    assert!(said(&["issue", "a", "--est", "ca.example", "--local"]).contains("cannot be combined"));
    assert!(said(&["issue", "a", "--est", "http://ca.example"]).contains("needs TLS"));
    assert!(said(&["issue", "a", "--est", "https://ca.example/simpleenroll"]).contains("operation"));
    assert!(said(&["serve", "--est-user", "u"]).contains("--est"));
}

#[test]
fn a_doctor_looks_at_an_est_server_and_a_profile_names_it() {
    let home = workplace();
    let served = served(home.path(), &[]);
    let doctor = |more: &[&str]| certreq(home.path()).args(["doctor", "--est"]).args(more).run();
    let login = served.est();
    let rest: Vec<&str> = login[1..].iter().map(String::as_str).collect();
    doctor(&rest).exits(0).stdout_has("answers as an EST server does").stdout_has("unchanged");
    doctor(&[&served.url]).stdout_has("neither a user (-u) nor a certificate");
    doctor(&["127.0.0.1:1"]).exits(5).stdout_has("refused");
    let config = home.path().join(".config/certreq");
    std::fs::create_dir_all(&config).unwrap();
    let profile = format!(
        "[profile.line]\nest = \"{}\"\nuser = \"admin\"\nsecret_file = \"{}\"\n",
        served.url,
        served.secret_file()
    );
    let file = config.join("config.toml");
    std::fs::write(&file, profile).unwrap();
    std::fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(0o600)).unwrap();
    let typed = |line: &str| certreq(home.path()).args(line.split(' ')).args(["--profile", "line"]).run();
    typed("issue a1998e").exits(0);
    typed("renew a1998e --all").exits(0);
    // Verbs that look at files ask no server, even when a profile names one.
    typed("verify cert_a1998e").exits(0);
    typed("status").exits(0);
    typed("login").exits(2).stderr_has("EST has no login tokens");
    // A host that is typed goes before it.
    typed("issue b2c3d4 -h 127.0.0.1:1 --retries 0").exits(5).stderr_has("127.0.0.1:1");
}
