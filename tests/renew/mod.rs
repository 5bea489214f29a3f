//! A fleet stays alive: every pair is replaced in time and in one step, whatever breaks.

mod alive;
mod answers;
mod examples;
mod hooks;
mod killed;
mod rules;
mod watching;

use std::path::Path;

use crate::support::{
    platform::Served,
    terminal::{Call, certreq},
};

fn ids(count: usize) -> Vec<String> {
    (0..count).map(|number| format!("{number:06x}")).collect()
}

/// A platform with these devices, and a fleet directory in which each has its first certificate.
fn fleet(home: &Path, ids: &[String], args: &[&str]) -> Served {
    let list = ids.join(",");
    let served = Served::start(&[&["--register", &list][..], args].concat());
    issue(home, &served);
    served
}

fn issue(home: &Path, served: &Served) {
    certreq(home).args(["issue", "--all", "-q"]).args(served.login()).run().exits(0);
}

fn renew(home: &Path, served: &Served) -> Call {
    certreq(home).args(["renew"]).args(served.login())
}

/// Waits for the end of a life of a second. It begins with the minute, so until then it may be due or not.
fn expires(home: &Path, id: &str) {
    let began = std::time::Instant::now();
    while certreq(home).args(["verify", "-q", &format!("cert_{id}")]).run().code != 11 {
        assert!(began.elapsed().as_secs() < 60, "it does not expire");
    }
}

fn fingerprint(home: &Path, id: &str) -> String {
    let pair = certreq::fleet::pair::at(&home.join(format!("cert_{id}"))).unwrap();
    pair.leaf.fingerprint().to_string()
}
