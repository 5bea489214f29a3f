//! The server under attack: what it costs, and who is still served.
//!
//! `CERTREQ_PRESSURE=60 cargo test --test all serve::pressure -- --nocapture` presses for a minute, with a list of a
//! hundred thousand entries; the ordinary run does so for three seconds, with a tenth of them.

#![expect(clippy::print_stderr, reason = "what was measured")]

use std::{
    io::Write,
    net::TcpStream,
    path::Path,
    time::{Duration, Instant},
};

use super::{
    connections::raise_own_limit,
    logins::{Press, Way, memory},
};
use crate::support::{lab::client, platform::Served, postgres, terminal::certreq};

/// Entries in the revocation list, without a certificate for each.
fn revoke_many(authority: &Path, entries: u32) {
    if postgres::chosen() {
        let url = std::fs::read_to_string(authority.with_file_name("database")).unwrap();
        let cluster = postgres::required();
        let sql = format!(
            "INSERT INTO revocations (serial, revoked_at, reason, not_after)
             SELECT decode(repeat('40', 12) || lpad(to_hex(n), 8, '0'), 'hex'), 1790000000, 4, 4000000000
             FROM generate_series(0, {}) AS n",
            entries - 1
        );
        cluster.sql(&cluster.of_url(&url), &sql);
        return;
    }
    let mut database = rusqlite::Connection::open(authority.join("authority.db")).unwrap();
    let change = database.transaction().unwrap();
    {
        let mut insert = change
            .prepare("INSERT INTO revocations (serial, revoked_at, reason, not_after) VALUES (?1, ?2, 4, ?3)")
            .unwrap();
        for number in 0..entries {
            let mut serial = [0x40_u8; 16];
            serial[12..].copy_from_slice(&number.to_be_bytes());
            insert.execute((serial.as_slice(), 1_790_000_000_i64, 4_000_000_000_i64)).unwrap();
        }
    }
    change.commit().unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn logins_silence_and_readers_that_do_not_read_cost_less_than_256_mib_and_devices_are_issued() {
    if !raise_own_limit() {
        eprintln!("left out: this machine gives too few files for it");
        return;
    }
    let seconds = std::env::var("CERTREQ_PRESSURE").ok().and_then(|text| text.parse().ok()).unwrap_or(3_u64);
    let entries = if seconds >= 60 { 100_000 } else { 10_000 };
    let ids: Vec<String> = (0..100).map(|number| format!("ab{number:04x}")).collect();
    for way in Way::BOTH {
        let first = way.start(&["--register", &ids.join(",")]);
        revoke_many(&first.authority(), entries);
        let home = first.kill();
        let args: &[&str] = if way == Way::OpenId { &["--auth", "oidc"] } else { &[] };
        let served = Served::start_in(home, args);
        let address = served.url.trim_start_matches("http://").to_owned();
        let list = client().get(format!("{}/crl.der", served.url)).send().await.unwrap().bytes().await.unwrap();
        assert!(list.len() > entries as usize * 30, "{}", list.len());

        let press = Press::start(way, &served.url, 64);
        let silent: Vec<_> = (0..1100).map(|_| TcpStream::connect(&address).unwrap()).collect();
        let deaf: Vec<_> = (0..1500)
            .map(|_| {
                let mut stream = TcpStream::connect(&address).unwrap();
                stream.write_all(b"GET /crl.der HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
                stream
            })
            .collect();
        let work = tempfile::tempdir().unwrap();
        let call = certreq(work.path()).args(["issue", "-i", &ids.join(","), "--timeout", "60s"]).args(args);
        let call = call.args(served.login());
        let began = Instant::now();
        let issued = tokio::task::spawn_blocking(move || call.run()).await.unwrap();
        let took = began.elapsed();
        issued.exits(0).stderr_has("100 issued");
        tokio::time::sleep(Duration::from_secs(seconds).saturating_sub(began.elapsed())).await;
        let health = client().get(format!("{}/health", served.url)).send().await.unwrap();
        assert_eq!(health.status(), 200);
        let (peak, now) = memory(served.process());
        eprintln!("{way:?}: 100 devices in {took:?}, peak {peak} MiB, then {now} MiB");
        assert!(peak < 256, "{way:?}: {peak} MiB");
        drop((press, silent, deaf));
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn fifteen_hundred_readers_that_do_not_read_share_one_copy_of_the_list() {
    if !raise_own_limit() {
        eprintln!("left out: this machine gives too few files for it");
        return;
    }
    let first = Served::start(&[]);
    // A list of a megabyte: a copy for each reader would be more than a gigabyte.
    revoke_many(&first.authority(), 30_000);
    let served = Served::start_in(first.kill(), &[]);
    let url = format!("{}/crl.der", served.url);
    let list = client().get(&url).send().await.unwrap().bytes().await.unwrap();
    assert!(list.len() > 1_000_000, "{}", list.len());
    let (_, before) = memory(served.process());
    let address = served.url.trim_start_matches("http://").to_owned();
    let deaf = tokio::task::spawn_blocking(move || {
        let open = |_| {
            let mut stream = TcpStream::connect(&address).unwrap();
            stream.write_all(b"GET /crl.der HTTP/1.1\r\nHost: x\r\n\r\n").unwrap();
            stream
        };
        let streams: Vec<TcpStream> = (0..1500).map(open).collect();
        for stream in &streams {
            // The answer began; nothing is taken out of it.
            stream.set_read_timeout(Some(Duration::from_secs(30))).unwrap();
            assert_eq!(stream.peek(&mut [0; 1]).unwrap(), 1);
        }
        streams
    });
    let deaf = deaf.await.unwrap();
    let (_, after) = memory(served.process());
    eprintln!("1,500 readers cost {} MiB", after.saturating_sub(before));
    assert!(after < before + 64, "{before} MiB before, {after} MiB with 1,500 readers");
    drop(deaf);
}
