//! Revocation lists in parts: each certificate names one, openssl and certreq judge by it, and by no other.
//!
//! By hand: `CERTREQ_TEST_REVOCATIONS=1000000x64 cargo test --test all serve::partitions -- --nocapture` (revocations,
//! parts) says how long the lists are, and what they cost; `CERTREQ_TEST_DATABASE=postgres` asks the other database.

use std::{
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use certreq::pki::crl::Crl;
use tempfile::TempDir;

use crate::support::{
    platform::{Served, workplace},
    postgres,
    terminal::certreq,
    tools,
};

fn openssl(home: &Path, args: &[&str]) -> (bool, String) {
    let output = Command::new("openssl").args(args).current_dir(home).output().expect("openssl starts");
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8_lossy(&said).into_owned())
}

/// Where the certificate of a device says that its revocation is told.
fn place(home: &Path, id: &str) -> String {
    let certificate = format!("cert_{id}/cert.pem");
    let (_, said) = openssl(home, &["x509", "-in", &certificate, "-noout", "-ext", "crlDistributionPoints"]);
    said.lines().find_map(|line| line.trim().strip_prefix("URI:")).expect("it names a place").to_owned()
}

/// The part a certificate belongs to, computed as any client can: the last octet of its serial number modulo the
/// number.
fn part(home: &Path, id: &str, of: u16) -> u16 {
    let (_, said) = openssl(home, &["x509", "-in", &format!("cert_{id}/cert.pem"), "-noout", "-serial"]);
    let serial = said.trim();
    u16::from_str_radix(&serial[serial.len() - 2..], 16).expect("hexadecimal") % of
}

/// Fetches a list to a file.
fn fetch(home: &Path, url: &str, file: &str) -> Crl {
    let said =
        Command::new("curl").args(["-sSf", "-o", file, url]).current_dir(home).output().expect("curl starts");
    assert!(said.status.success(), "{url}: {}", String::from_utf8_lossy(&said.stderr));
    Crl::from_der(fs::read(home.join(file)).expect("it was written")).expect("a list")
}

/// Verdict of openssl on a device's certificate with this list alone.
fn judged(home: &Path, id: &str, list: &str) -> (bool, String) {
    let certificate = format!("cert_{id}/cert.pem");
    openssl(home, &["verify", "-crl_check", "-CAfile", "ca/ca.pem", "-CRLfile", list, &certificate])
}

fn verify(home: &Path, id: &str, list: &str) -> i32 {
    let device = format!("cert_{id}");
    let args = ["verify", &device, "--crl", list, "--revocation", "require"];
    certreq(home).args(args).run().code
}

#[test]
fn the_list_of_a_certificates_part_says_what_became_of_it_and_no_other_does() {
    let ids: Vec<String> = (0..12).map(|number| format!("d{number:04}")).collect();
    let list = ids.join(",");
    let served = Served::start(&["--crl-partitions", "4", "--register", &list]);
    let home = workplace();
    let (at, login) = (home.path(), served.login());
    certreq(at).args(["issue", "-i", &list]).args(&login).run().exits(0);
    certreq(at).args(["revoke", "cert_d0000", "cert_d0001", "--yes"]).args(&login).run().exits(0);
    // Neither the whole list nor the journal shall help.
    fs::remove_file(at.join("ca/crl.pem")).unwrap();
    fs::remove_dir_all(at.join(".certreq")).unwrap();
    let mut entries = 0;
    for number in 0..4 {
        let name = format!("{number}.der");
        entries += fetch(at, &format!("{}/crl/4/{number}.der", served.url), &name).len();
        let (_, text) =
            openssl(at, &["crl", "-inform", "DER", "-in", &name, "-noout", "-text", "-CAfile", "ca/ca.pem"]);
        assert!(text.contains("verify OK"), "{text}");
        assert!(text.contains("X509v3 Issuing Distribution Point: critical"), "{text}");
        assert!(text.contains(&format!("URI:{}/crl/4/{number}.der", served.url)), "{text}");
    }
    assert_eq!(entries, 2, "each revocation is in one part");
    for id in &ids {
        let own = part(at, id, 4);
        assert_eq!(place(at, id), format!("{}/crl/4/{own}.der", served.url));
        let revoked = ["d0000", "d0001"].contains(&id.as_str());
        let (is_good, said) = judged(at, id, &format!("{own}.der"));
        assert_eq!((is_good, said.contains("certificate revoked")), (!revoked, revoked), "{id}: {said}");
        assert_eq!(verify(at, id, &format!("{own}.der")), if revoked { 12 } else { 0 }, "{id}");
        assert_eq!(verify(at, id, &place(at, id)), if revoked { 12 } else { 0 }, "{id} by its URL");
        let other = format!("{}.der", (own + 1) % 4);
        let (is_good, said) = judged(at, id, &other);
        assert!(!is_good && !said.contains("certificate revoked"), "{id}: {said}");
        assert_eq!(verify(at, id, &other), 15, "{id} by the list of another part");
    }
    // All of it is in the whole list, as before.
    assert_eq!(fetch(at, &format!("{}/crl.der", served.url), "whole.der").len(), 2);
    assert_eq!((verify(at, "d0000", "whole.der"), verify(at, "d0005", "whole.der")), (12, 0));
    let url = format!("{}/crl/4/0.der", served.url);
    certreq(at).args(["inspect", "0.der", "--format", "json"]).run().exits(0).stdout_has(&url);
    // To disk, verified.
    certreq(at)
        .args(["ca", "crl", "--part", "0/4", "--part", "3/4"])
        .args(&login)
        .run()
        .exits(0)
        .stdout_has("written");
    assert_eq!(verify(at, "d0000", "ca/crl-0-of-4.pem") == 12, part(at, "d0000", 4) == 0);
    assert!(at.join("ca/crl-3-of-4.pem").is_file() && !at.join("ca/crl.pem").exists());
    certreq(at).args(["ca", "crl", "--part", "3/4"]).args(&login).run().exits(0).stdout_has("unchanged");
    certreq(at).args(["ca", "crl", "--part", "1/8"]).args(&login).run().exits(1);
    certreq(at).args(["ca", "crl", "--part", "4/4"]).args(&login).run().exits(2).stderr_has("K from 0 to N-1");
    for wrong in ["4/4.der", "8/0.der", "4/0.pem", "4/x.der", "0/0.der", "4/-1.der"] {
        let url = format!("{}/crl/{wrong}", served.url);
        let said =
            Command::new("curl").args(["-s", "-o", "/dev/null", "-w", "%{http_code}", &url]).output().unwrap();
        assert_eq!(String::from_utf8_lossy(&said.stdout), "404", "{wrong}");
    }
}

#[test]
fn what_was_issued_before_keeps_the_whole_list_and_the_number_of_parts_stays() {
    let served = Served::start(&["--register", "01d00,eee00,1a570"]);
    let home = workplace();
    let at = home.path();
    certreq(at).args(["issue", "-i", "01d00"]).args(served.login()).run().exits(0);
    assert!(place(at, "01d00").ends_with("/crl.der"));
    let served = Served::start_in(served.kill(), &["--crl-partitions", "2"]);
    certreq(at).args(["issue", "-i", "eee00"]).args(served.login()).run().exits(0);
    let first = place(at, "eee00");
    let own = part(at, "eee00", 2);
    assert_eq!(first, format!("{}/crl/2/{own}.der", served.url));
    let number = |list: &Crl| list.number().unwrap().parse::<u64>().unwrap();
    let before = number(&fetch(at, &first, "before.der"));
    certreq(at).args(["revoke", "cert_01d00", "cert_eee00", "--yes"]).args(served.login()).run().exits(0);

    // Started again, under another URL and without the option: in so many parts still, and each list is for the
    // certificates of both URLs.
    let left = served.kill();
    let serve = |count: &str| {
        let home = left.path();
        let mut call = certreq(home).args(["serve", "--listen", "127.0.0.1:0", "--dir", "authority"]);
        if let Ok(database) = fs::read_to_string(home.join("database")) {
            call = call.args(["--database", &database]);
        }
        call.args(["--crl-partitions", count]).run()
    };
    serve("8").exits(1).stderr_has("its revocation lists are in 2 parts");
    serve("1").exits(1).stderr_has("its revocation lists are in 2 parts");
    serve("3").exits(2).stderr_has("power of two");
    let served = Served::start_in(left, &[]);
    certreq(at).args(["issue", "-i", "1a570"]).args(served.login()).run().exits(0);
    assert_eq!(place(at, "1a570"), format!("{}/crl/2/{}.der", served.url, part(at, "1a570", 2)));
    fs::remove_file(at.join("ca/crl.pem")).unwrap();
    fs::remove_dir_all(at.join(".certreq")).unwrap();
    let list = fetch(at, &format!("{}/crl/2/{own}.der", served.url), "own.der");
    assert!(number(&list) > before, "numbers rise");
    let (_, text) = openssl(at, &["crl", "-inform", "DER", "-in", "own.der", "-noout", "-text"]);
    assert!(text.contains(&first), "{text}");
    assert_eq!(verify(at, "eee00", "own.der"), 12);
    assert!(judged(at, "eee00", "own.der").1.contains("certificate revoked"));
    // A list in parts may name a certificate of before, and never makes one good: that is for the whole one.
    let named = part(at, "01d00", 2) == own;
    assert_eq!(verify(at, "01d00", "own.der"), if named { 12 } else { 15 });
    assert_eq!(fetch(at, &format!("{}/crl.der", served.url), "whole.der").len(), 2);
    assert_eq!(verify(at, "01d00", "whole.der"), 12);
}

/// Writes revocations of random serial numbers to the records of a server that does not run.
fn fill(home: &Path, revocations: usize) {
    let (now, end) = (1_700_000_000, 4_000_000_000_i64);
    if let Ok(url) = fs::read_to_string(home.join("database")) {
        let cluster = postgres::required();
        let sql = format!(
            "INSERT INTO revocations (serial, revoked_at, reason, not_after)
             SELECT substr(decode('40' || md5(random()::text || n), 'hex'), 1, 16), {now}, 4, {end}
             FROM generate_series(1, {revocations}) AS n ON CONFLICT DO NOTHING; ANALYZE revocations"
        );
        cluster.sql(&cluster.of_url(&url), &sql);
        return;
    }
    let database = rusqlite::Connection::open(home.join("authority/authority.db")).unwrap();
    let sql = format!(
        "INSERT INTO revocations (serial, revoked_at, reason, not_after)
         WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < {revocations})
         SELECT x'40' || randomblob(15), {now}, 4, {end} FROM numbers"
    );
    // Two octet strings that are put together are a text.
    let sql = sql.replace("x'40' || randomblob(15)", "CAST(x'40' || randomblob(15) AS BLOB)");
    database.execute_batch(&sql).unwrap();
}

/// The most memory a process had, in MiB.
fn memory(process: u32) -> u64 {
    let status = fs::read_to_string(format!("/proc/{process}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).expect("a line");
    line.trim().trim_end_matches(" kB").parse::<u64>().expect("a number") / 1024
}

#[test]
fn a_million_revocations_are_in_lists_that_a_small_client_can_read() {
    let sizes = std::env::var("CERTREQ_TEST_REVOCATIONS").unwrap_or_else(|_| "2000x8".to_owned());
    let (revocations, parts) = sizes.split_once('x').expect("revocations x parts");
    let (revocations, of): (usize, u16) = (revocations.parse().unwrap(), parts.parse().unwrap());
    let served = Served::start(&["--crl-partitions", parts, "--register", "bad00,600d0"]);
    let home = workplace();
    let at = home.path();
    // Before there is much: issuing fetches the whole list.
    certreq(at).args(["issue", "-i", "600d0,bad00"]).args(served.login()).run().exits(0);
    let left: TempDir = served.kill();
    fill(left.path(), revocations);
    let served = Served::start_in(left, &[]);
    certreq(at).args(["revoke", "cert_bad00", "--yes"]).args(served.login()).run().exits(0);
    let _ = fs::remove_file(at.join("ca/crl.pem"));
    fs::remove_dir_all(at.join(".certreq")).unwrap();
    let (mut entries, mut longest, mut slowest) = (0, 0, Duration::ZERO);
    let begun = Instant::now();
    for number in 0..of {
        let asked = Instant::now();
        let list = fetch(at, &format!("{}/crl/{of}/{number}.der", served.url), "list.der");
        slowest = slowest.max(asked.elapsed());
        entries += list.len();
        longest = longest.max(list.der().len());
    }
    let first = begun.elapsed();
    let peak = memory(served.process());
    assert_eq!(entries, revocations + 1, "each revocation is in one list");
    assert!(longest <= 2 << 20, "{longest} octets");
    let begun = Instant::now();
    for number in 0..of {
        fetch(at, &format!("{}/crl/{of}/{number}.der", served.url), "list.der");
    }
    let again = begun.elapsed();
    for (id, code) in [("600d0", 0), ("bad00", 12)] {
        fetch(at, &format!("{}/crl/{of}/{}.der", served.url, part(at, id, of)), "own.der");
        let (is_good, said) = judged(at, id, "own.der");
        assert_eq!((is_good, said.contains("certificate revoked")), (code == 0, code == 12), "{said}");
        assert_eq!(verify(at, id, "own.der"), code);
    }
    let asked = Instant::now();
    let whole = fetch(at, &format!("{}/crl.der", served.url), "whole.der");
    assert_eq!(whole.len(), revocations + 1);
    tools::say(&format!(
        "{revocations} revocations in {of} lists: the longest has {longest} octets; all made in {first:.1?} (the slowest \
         in {slowest:.1?}), read again in {again:.1?}; {peak} MiB at most; the whole list has {} octets, made in {:.1?}; \
         {} MiB at most with it",
        whole.der().len(),
        asked.elapsed(),
        memory(served.process())
    ));
}
