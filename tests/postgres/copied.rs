//! `authority copy`: from SQLite to Postgres and back, and a copy that was cut.

use std::fs;

use tempfile::TempDir;

use crate::support::{
    platform::{Served, workplace},
    postgres,
    terminal::certreq,
};

#[test]
fn an_authority_moves_there_and_back_and_everything_is_as_before() {
    let Some(cluster) = postgres::shared("postgres::copied") else { return };
    let home = workplace();
    let ids: Vec<String> = (0..40).map(|number| format!("d{number:05}")).collect();
    let list = ids.join(",");
    certreq(home.path()).args(["issue", "--authority", "here", "-i", &list]).run().exits(0);
    certreq(home.path()).args(["revoke", "cert_d00003", "--authority", "here", "--yes"]).run().exits(0);
    certreq(home.path()).args(["ca", "crl", "--authority", "here"]).run().exits(0);
    let database = cluster.fresh();
    let copy = |from: &str, to: &str| certreq(home.path()).args(["authority", "copy", from, to]).run();
    let said = copy("here", &database.url()).exits(0).stdout;
    assert!(said.contains("certificates  39 rows") && said.contains("devices  40 rows"), "{said}");
    copy("here", &database.url()).exits(1).stderr_has("holds an authority already");
    copy("nowhere", "there").exits(1).stderr_has("there is no authority in nowhere");

    // A server on the copy, with the key, is the same authority.
    let place = TempDir::new().unwrap();
    fs::create_dir(place.path().join("authority")).unwrap();
    let copied = std::process::Command::new("cp")
        .args(["-a", "here/ca.key"])
        .arg(place.path().join("authority"))
        .current_dir(home.path())
        .status();
    assert!(copied.unwrap().success());
    let served = Served::start_in(place, &["--database", &database.url(), "--reset-admin-secret"]);
    let login = served.login();
    certreq(home.path()).args(["verify", "cert_d00004"]).args(&login).run().exits(0);
    certreq(home.path()).args(["renew", "d00005", "--all"]).args(&login).run().exits(0);
    certreq(home.path()).args(["revoke", "cert_d00006", "--yes"]).args(&login).run().exits(0);
    certreq(home.path()).args(["ca", "crl"]).args(&login).run().exits(0);
    let list = std::process::Command::new("openssl")
        .args(["crl", "-in", "ca/crl.pem", "-noout", "-text"])
        .current_dir(home.path())
        .output()
        .unwrap();
    assert_eq!(String::from_utf8_lossy(&list.stdout).matches("Serial Number:").count(), 2, "both revocations");
    drop(served);

    copy(&database.url(), "back").exits(0);
    fs::copy(home.path().join("here/ca.key"), home.path().join("back/ca.key")).unwrap();
    certreq(home.path()).args(["status", "--platform", "--authority", "back", "--check"]).run().exits(12);
    certreq(home.path()).args(["issue", "--authority", "back", "-i", "e00001"]).run().exits(0);
}

#[test]
fn a_copy_that_was_cut_is_not_used_and_goes_on() {
    let Some(cluster) = postgres::shared("postgres::copied") else { return };
    let home = workplace();
    certreq(home.path()).args(["issue", "--authority", "here", "-i", "d00001,d00002,d00003"]).run().exits(0);
    let database = cluster.fresh();
    let copy = || certreq(home.path()).args(["authority", "copy", "here", &database.url()]).run();
    copy().exits(0);
    // As it is in the middle: a mark, and not yet everything.
    cluster.sql(&database, "DELETE FROM certificates WHERE id = 3; DELETE FROM meta; DELETE FROM crl");
    cluster.sql(&database, "INSERT INTO meta VALUES ('copying', '')");
    let serve = ["serve", "--listen", "127.0.0.1:0", "--dir", "a", "--database", &database.url()];
    certreq(home.path()).args(serve).run().exits(1).stderr_has("holds a copy that is not complete");
    let said = copy().exits(0).stdout;
    assert!(said.contains("certificates  3 rows, 2 there before"), "{said}");
    assert_eq!(cluster.sql(&database, "SELECT count(*) FROM meta WHERE key = 'copying'"), "0");
    // A row that differs is found.
    let other = cluster.fresh();
    certreq(home.path()).args(["authority", "copy", "here", &other.url()]).run().exits(0);
    cluster.sql(&other, "UPDATE certificates SET device = 'x' WHERE id = 2; DELETE FROM meta");
    cluster.sql(&other, "INSERT INTO meta VALUES ('copying', '')");
    certreq(home.path())
        .args(["authority", "copy", "here", &other.url()])
        .run()
        .exits(1)
        .stderr_has("rows of certificates are alike");
}
