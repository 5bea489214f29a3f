//! Every fault of a network or an overloaded platform, for every kind of request.

use std::{path::Path, time::Duration};

use crate::support::{
    account,
    platform::{Served, workplace},
    proxy::{Fault, Kind, Proxy},
    terminal::{Ended, certreq},
    tools::accepts_pair,
};

const FAULTS: [Fault; 13] = [
    Fault::Delay(Duration::from_millis(50)),
    Fault::Status(429),
    Fault::Status(500),
    Fault::Status(502),
    Fault::Status(503),
    Fault::Status(504),
    Fault::RetryAfter(503, 1),
    Fault::CutBefore,
    Fault::CutAfter,
    Fault::CutAnswer,
    Fault::Twice,
    Fault::Corrupt,
    Fault::Stall,
];

/// Lists the devices, and issues for all of them.
fn issue(home: &Path, served: &Served, proxy: &Proxy) -> Ended {
    certreq(home)
        .args(["-h", proxy.url(), "-u", "admin", "--secret-file", &served.secret_file(), "--dir", "fleet"])
        .args(["--timeout", "2s"])
        .run()
}

/// The first request of `kind` meets each fault in turn. The list of certificates is only read when the outcome of a
/// request is open, so the first answer to one is lost as well then.
fn every_fault(kind: Kind) {
    let ids: Vec<String> = ["a1998e", "b2c3d4", "c4d5e6"].map(str::to_owned).to_vec();
    let served = Served::start(&["--register", &ids.join(",")]);
    for (before, fault) in FAULTS.into_iter().enumerate() {
        let case = format!("{fault:?} x {kind:?}");
        let home = workplace();
        let proxy = Proxy::start(&served.url, move |of, number| match () {
            () if of == kind && number == 0 => Some(fault),
            () if kind == Kind::Certificates && of == Kind::Sign && number == 0 => Some(Fault::CutAfter),
            () => None,
        });
        let mut ended = issue(home.path(), &served, &proxy);
        let mut said = ended.stderr.clone();
        for _ in 0..2 {
            if ended.code == 0 {
                break;
            }
            assert!([1, 3, 4, 5].contains(&ended.code), "{case}: exit {}\n{said}", ended.code);
            ended = issue(home.path(), &served, &proxy);
            said.push_str(&ended.stderr);
        }
        assert_eq!(ended.code, 0, "{case}: it does not end\n{said}");
        assert!(proxy.count(kind) > 0 && proxy.faults() > 0, "{case}: it was never met");
        let fleet = home.path().join("fleet");
        let wrong = account::wrong(&fleet, &served.authority(), &ids, before);
        assert!(wrong.is_empty(), "{case}:\n{}\n{said}", wrong.join("\n"));
        accepts_pair(&fleet, &ids[0]);
    }
}

#[test]
fn the_question_which_login_it_is_that_meets_any_fault() {
    every_fault(Kind::WhichLogin);
}

#[test]
fn a_login_that_meets_any_fault() {
    every_fault(Kind::Login);
}

#[test]
fn a_list_of_devices_that_meets_any_fault() {
    every_fault(Kind::Devices);
}

#[test]
fn a_root_certificate_that_meets_any_fault() {
    every_fault(Kind::Root);
}

#[test]
fn a_revocation_list_that_meets_any_fault() {
    every_fault(Kind::RevocationList);
}

#[test]
fn a_request_for_a_certificate_that_meets_any_fault() {
    every_fault(Kind::Sign);
}

#[test]
fn a_search_for_lost_certificates_that_meets_any_fault() {
    every_fault(Kind::Certificates);
}

/// A request in five breaks, all the time, in every way; the run comes through, if need be in several.
#[test]
fn a_network_that_breaks_all_the_time() {
    let ids: Vec<String> = (0..60).map(|number| format!("{number:06x}")).collect();
    let served = Served::start(&["--register", &ids.join(",")]);
    let home = workplace();
    let proxy = Proxy::start(&served.url, |kind, number| {
        let broken = matches!(kind, Kind::Sign | Kind::Certificates) && number % 5 == 2;
        // The last three are slow; they have their own cases.
        broken.then(|| FAULTS[number / 5 % 10])
    });
    let codes: Vec<i32> = std::iter::repeat_with(|| issue(home.path(), &served, &proxy).code)
        .scan(false, |over, code| (!std::mem::replace(over, code == 0)).then_some(code))
        .take(10)
        .collect();
    assert_eq!(codes.last(), Some(&0), "{codes:?}");
    let wrong = account::wrong(&home.path().join("fleet"), &served.authority(), &ids, 0);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
