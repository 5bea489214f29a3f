//! A pair changes together or not at all, for every verb that looks meanwhile.

#![expect(clippy::print_stdout, reason = "how often each verb looked")]

use std::{
    sync::atomic::{AtomicBool, Ordering},
    thread,
    time::{Duration, Instant},
};

use rustix::fs::{CWD, RenameFlags, renameat_with};

use super::Fleet;
use crate::support::terminal::certreq;

/// How long each verb looks; `CERTREQ_TEST_EXCHANGE_SECONDS` makes it longer.
fn span() -> Duration {
    let seconds = std::env::var("CERTREQ_TEST_EXCHANGE_SECONDS").ok().and_then(|text| text.parse().ok());
    Duration::from_secs(seconds.unwrap_or(1))
}

#[test]
fn a_pair_that_is_exchanged_all_the_time_is_never_seen_mixed() {
    let fleet = Fleet::new();
    fleet.pair("cert_a1998e", "a1998e", -10..355);
    fleet.pair("other", "a1998e", -10..355);
    let (one, two) = (fleet.path().join("cert_a1998e"), fleet.path().join("other"));
    let server = fleet.server();
    let address = server.url();
    let verbs: [&[&str]; 6] = [
        &["verify", "cert_a1998e", "--revocation", "off"],
        &["inspect", "cert_a1998e/cert.pem", "--check", "--format", "json"],
        &["whoami", "cert_a1998e"],
        &["connect", &address, "cert_a1998e"],
        &["status", ".", "--check"],
        &["export", "cert_a1998e", "--chain", "--to", "out", "--force"],
    ];
    let over = AtomicBool::new(false);
    thread::scope(|scope| {
        let exchanges = scope.spawn(|| {
            let mut count = 0_u64;
            while !over.load(Ordering::Relaxed) {
                renameat_with(CWD, &one, CWD, &two, RenameFlags::EXCHANGE).unwrap();
                count += 1;
            }
            count
        });
        let wrong = verbs.iter().find_map(|verb| {
            let (began, mut looks) = (Instant::now(), 0_u32);
            while began.elapsed() < span() {
                let ended = certreq(fleet.path()).args(*verb).run();
                if ended.code != 0 || ended.stdout.contains("mismatch") {
                    return Some(format!("{verb:?}: {} {}{}", ended.code, ended.stdout, ended.stderr));
                }
                looks += 1;
            }
            println!("{}: {looks} looks, none wrong", verb[0]);
            None
        });
        over.store(true, Ordering::Relaxed);
        assert!(exchanges.join().unwrap() > 1000, "exchanged often enough to be met");
        assert_eq!(wrong, None);
    });
}
