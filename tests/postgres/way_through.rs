//! From `serve --database` to verified pairs on disk.

use tempfile::TempDir;

use crate::support::{
    platform::{Served, workplace},
    postgres,
    terminal::certreq,
};

#[test]
fn devices_get_their_pairs_and_find_everything_again_after_a_restart() {
    let Some(cluster) = postgres::shared("postgres::way_through") else { return };
    let database = cluster.fresh();
    let url = database.url();
    let ids: Vec<String> = (0..10).map(|number| format!("d{number:05}")).collect();
    let list = ids.join(",");
    let served = Served::start(&["--database", &url, "--register", &list]);
    let home = workplace();
    let login = served.login();
    certreq(home.path()).args(["issue", "-i", &list]).args(&login).run().exits(0).stderr_has("10 issued");
    certreq(home.path()).args(["verify", "."]).run().exits(0);
    assert_eq!(cluster.sql(&database, "SELECT count(DISTINCT device), count(*) FROM certificates"), "10|10");
    assert!(!served.authority().join("authority.db").exists());
    certreq(home.path()).args(["revoke", "cert_d00003", "--yes"]).args(&login).run().exits(0);
    certreq(home.path()).args(["ca", "crl"]).args(&login).run().exits(0);
    let crl = std::process::Command::new("openssl")
        .args([
            "verify",
            "-crl_check",
            "-CAfile",
            "ca/ca.pem",
            "-CRLfile",
            "ca/crl.pem",
            "cert_d00003/cert.pem",
        ])
        .current_dir(home.path())
        .output()
        .unwrap();
    assert!(String::from_utf8_lossy(&crl.stderr).contains("certificate revoked"), "{crl:?}");
    let again = Served::start_in(served.kill(), &["--database", &url]);
    let login = again.login();
    certreq(home.path()).args(["status", "--platform", "--check"]).args(&login).run().exits(12);
    certreq(home.path()).args(["renew", "d00001", "--all"]).args(&login).run().exits(0);
    assert_eq!(cluster.sql(&database, "SELECT count(*) FROM certificates"), "10");
}

#[test]
fn what_cannot_be_a_database_is_refused_before_anything_is_made() {
    let Some(cluster) = postgres::shared("postgres::way_through") else { return };
    let home = TempDir::new().unwrap();
    let serve = |url: &str| {
        certreq(home.path()).args(["serve", "--listen", "127.0.0.1:0", "--dir", "a", "--database", url]).run()
    };
    serve("mysql://certreq@localhost/ca").exits(2).stderr_has("does not begin with postgres://");
    serve("postgres://localhost").exits(2).stderr_has("names no user");
    let newer = cluster.fresh();
    cluster.sql(&newer, "CREATE TABLE certreq_schema (version bigint); INSERT INTO certreq_schema VALUES (99)");
    serve(&newer.url()).exits(1).stderr_has("was written by a newer certreq (schema 99, this one knows 2)");
    let strange = cluster.fresh();
    cluster.sql(&strange, "CREATE TABLE certificates (x int)");
    serve(&strange.url()).exits(1).stderr_has("is not a certreq database");
    let loose = cluster.fresh();
    cluster.sql(&loose, &format!("ALTER DATABASE {} SET synchronous_commit = off", loose.name));
    serve(&loose.url()).exits(1).stderr_has("synchronous_commit off");
    // Records that are in the directory would seem to be lost.
    certreq(home.path()).args(["issue", "--authority", "b", "-i", "x1"]).run().exits(0);
    let empty = cluster.fresh();
    certreq(home.path())
        .args(["serve", "--listen", "127.0.0.1:0", "--dir", "b", "--database", &empty.url()])
        .run()
        .exits(1)
        .stderr_has("is empty");
}
