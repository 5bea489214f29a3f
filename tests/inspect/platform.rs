//! Against our own platform: issue three, revoke one, look at all of them.

use certreq::{
    pki::certificate::Certificate,
    platform::{
        Registry,
        dojot::{BaseUrl, Dojot, Options},
    },
};
use zeroize::Zeroizing;

use crate::support::{
    platform::{SECRET, Served, text, workplace},
    terminal::certreq,
    tools::openssl,
};

#[test]
fn the_list_and_the_responder_say_good_revoked_good() {
    let devices = ["a10001", "a10002", "a10003"];
    let served = Served::with_devices(&devices);
    let place = workplace();
    let run = |args: &[&str]| certreq(place.path()).args(args).run();
    let login = served.login();
    let issue: Vec<&str> =
        ["issue", "-i", "a10001,a10002,a10003"].into_iter().chain(login.iter().map(String::as_str)).collect();
    run(&issue).exits(0);
    let chain = Certificate::all_from_pem(&text(place.path(), "cert_a10002/cert.pem")).unwrap();
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    runtime.block_on(async {
        let mut options = Options::new(BaseUrl::parse(&served.url, None).unwrap(), "admin");
        options.secret = Some(Zeroizing::new(SECRET.to_owned()));
        Registry::delete(&Dojot::new(options).unwrap(), &chain[0].fingerprint()).await.unwrap();
    });
    let files = devices.map(|device| format!("cert_{device}/cert.pem"));
    let look = |more: &[&str]| {
        let args = ["inspect", "--check", "--format", "json"].iter().chain(more).copied();
        let said = run(&args.chain(files.iter().map(String::as_str)).collect::<Vec<_>>()).exits(12).json();
        assert_eq!([&said[0]["state"], &said[1]["state"], &said[2]["state"]], ["valid", "revoked", "valid"]);
        for line in &said {
            let word = if line["state"] == "revoked" { "revoked" } else { "good" };
            assert_eq!(line["revocation"]["state"], word, "{line}");
        }
        assert_eq!(said[1]["revocation"]["reason"], "superseded");
        assert!(said[1]["revocation"]["revoked_at"].as_str().unwrap().starts_with("20"));
        said[1]["revocation"]["evidence"]["kind"].as_str().unwrap().to_owned()
    };
    assert_eq!(look(&["--crl", &format!("{}/crl.der", served.url)]), "crl");
    // The platform's own list, when it is named: what lies beside the root is from before.
    let own: Vec<&str> = login.iter().map(String::as_str).collect();
    assert_eq!(look(&own), "crl");
    let said = run(&[&["inspect", &files[1]], &own[..]].concat()).exits(0);
    said.stdout_has("REVOKED").stdout_has(&served.url);
    std::fs::rename(place.path().join("ca"), place.path().join("away")).unwrap();
    assert_eq!(look(&own), "crl");
    std::fs::rename(place.path().join("away"), place.path().join("ca")).unwrap();
    // It was named, so that it does not answer is no reason to say less.
    run(&["inspect", &files[0], "-h", "127.0.0.1", "-p", "1", "-u", "admin", "-s", "x"])
        .exits(5)
        .stderr_has("revocation list cannot be had");
    // openssl reads the same in the list.
    let serial = chain[0].serial.replace(':', "").to_uppercase();
    let url = format!("{}/crl.der", served.url);
    std::fs::write(place.path().join("now.der"), fetched(&url)).unwrap();
    let list = openssl(place.path(), &["crl", "-inform", "DER", "-in", "now.der", "-noout", "-text"]);
    let entry =
        list.split("Serial Number: ").find(|entry| entry.starts_with(&serial)).expect("the serial is on it");
    let line = run(&[&["inspect", "--format", "json", &files[1]], &own[..]].concat()).json().remove(0);
    assert!(entry.contains("Superseded"), "{entry}");
    assert!(entry.contains(&openssl_date(line["revocation"]["revoked_at"].as_str().unwrap())), "{entry}");
    for device in ["a10001", "a10003"] {
        let other = Certificate::all_from_pem(&text(place.path(), &format!("cert_{device}/cert.pem"))).unwrap();
        assert!(!list.contains(&other[0].serial.replace(':', "").to_uppercase()));
    }
    // The responder, without any list at hand.
    std::fs::remove_file(place.path().join("ca/crl.pem")).unwrap();
    // A private address is not asked without permission.
    run(&["inspect", "--check", "--online", &files[0]]).exits(15).stdout_has("private network");
    assert_eq!(look(&["--online", "--online-private"]), "ocsp");
}

fn fetched(url: &str) -> Vec<u8> {
    let done = std::process::Command::new("curl").args(["-sSf", url]).output().expect("curl");
    assert!(done.status.success(), "{}", String::from_utf8_lossy(&done.stderr));
    done.stdout
}

/// As openssl prints a time: `Nov 23 03:10:00 2026 GMT`.
pub(super) fn openssl_date(rfc3339: &str) -> String {
    use time::{OffsetDateTime, format_description::well_known::Rfc3339, macros::format_description};
    let time = OffsetDateTime::parse(rfc3339, &Rfc3339).unwrap();
    time.format(format_description!(
        "[month repr:short] [day padding:space] [hour]:[minute]:[second] [year] GMT"
    ))
    .unwrap()
}
