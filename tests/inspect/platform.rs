//! Against our own platform: issue three, revoke one, look at all of them.

use certreq::{
    pki::certificate::Certificate,
    platform::{
        Platform,
        dojot::{BaseUrl, Dojot, Options},
    },
};
use zeroize::Zeroizing;

use crate::support::{
    platform::{SECRET, Served, text, workplace},
    terminal::certreq,
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
        Dojot::new(options).unwrap().delete(&chain[0].fingerprint()).await.unwrap();
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
    // The responder, without any list at hand.
    std::fs::remove_file(place.path().join("ca/crl.pem")).unwrap();
    // Without permission nobody asks a private address.
    run(&["inspect", "--check", "--online", &files[0]]).exits(15).stdout_has("private network");
    assert_eq!(look(&["--online", "--online-private"]), "ocsp");
}
