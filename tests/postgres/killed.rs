//! Two servers behind nginx, several shards, and kill -9 of any of them, and of the database, at random moments: every
//! device has one pair and one certificate in the end.
//!
//! The long run, by hand: `CERTREQ_TEST_KILLS=20000x8x10 cargo test --test all postgres::killed` (devices, shards,
//! rounds); `CERTREQ_TEST_SEED=N` repeats one.

use std::{
    fs,
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use certreq::fleet::pair;
use tempfile::TempDir;

use super::shared::serve;
use crate::support::{
    platform::{Served, workplace},
    port::Port,
    postgres::{Cluster, Fresh},
    terminal::certreq,
    tools,
};

/// A small generator of numbers, so that a seed repeats a round.
struct Dice(u64);

impl Dice {
    fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 % end as u64).unwrap()
    }
}

/// An nginx before two ports; it ends with the test.
struct Proxy {
    home: TempDir,
    port: Port,
    ports: [Port; 2],
}

impl Proxy {
    fn start() -> Self {
        let home = workplace();
        let (port, ports) = (Port::reserve(), [Port::reserve(), Port::reserve()]);
        let example =
            fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/examples/ha/nginx.conf")).unwrap();
        let ours = example
            .replace(":8000", &format!(":{}", port.number))
            .replace(":8001", &format!(":{}", ports[0].number))
            .replace(":8002", &format!(":{}", ports[1].number));
        fs::write(home.path().join("nginx.conf"), ours).unwrap();
        fs::create_dir(home.path().join("tmp")).unwrap();
        let proxy = Self { home, port, ports };
        proxy.run(&[]);
        proxy
    }

    fn run(&self, args: &[&str]) {
        let user = crate::examples::user();
        let output = Command::new(tools::find("nginx").unwrap())
            .args(["-p", &format!("{}/", self.home.path().display()), "-c", "nginx.conf"])
            .args(["-g", &format!("user {user};")])
            .args(args)
            .current_dir(self.home.path())
            .output()
            .unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port.number)
    }

    fn listen(&self, place: usize) -> String {
        format!("127.0.0.1:{}", self.ports[place].number)
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.run(&["-s", "stop"]);
    }
}

fn start_shard(home: &Path, proxy: &Proxy, secret: &str, shard: usize, of: usize) -> Child {
    certreq(home)
        .args(["issue", "--ids-from", "ids", "--format", "json", "-u", "admin", "--secret-file", secret])
        .args(["-h", &proxy.url(), "--shard", &format!("{shard}/{of}"), "--dir", &format!("shards/{shard}")])
        .args(["--retries", "20"])
        .into_command()
        .stdin(Stdio::null())
        .stdout(
            fs::OpenOptions::new().append(true).create(true).open(home.join(format!("{shard}.log"))).unwrap(),
        )
        .stderr(Stdio::null())
        .spawn()
        .unwrap()
}

/// Pairs on disk.
fn pairs(home: &Path, shards: usize) -> usize {
    let of = |shard: usize| {
        let entries = fs::read_dir(home.join(format!("shards/{shard}"))).into_iter().flatten().flatten();
        entries.filter(|entry| entry.file_name().to_string_lossy().starts_with("cert_")).count()
    };
    (0..shards).map(of).sum()
}

fn round(cluster: &Cluster, devices: usize, shards: usize, seed: u64) {
    let mut dice = Dice(seed | 1);
    let database: Fresh = cluster.fresh();
    let proxy = Proxy::start();
    let home = workplace();
    let ids: Vec<String> = (0..devices).map(|number| format!("d{number:06}")).collect();
    fs::write(home.path().join("ids"), ids.join("\n")).unwrap();
    fs::create_dir(home.path().join("shards")).unwrap();
    let list = home.path().join("ids").display().to_string();
    let first = serve(&database.url(), None, &["--listen", &proxy.listen(0), "--register-from", &list]);
    let secret = home.path().join("secret").display().to_string();
    fs::copy(first.secret_file(), &secret).unwrap();
    let second = serve(&database.url(), Some(&first), &["--listen", &proxy.listen(1)]);
    let mut servers = [Some(first), Some(second)];
    let mut running: Vec<Option<Child>> =
        (0..shards).map(|shard| Some(start_shard(home.path(), &proxy, &secret, shard, shards))).collect();
    // The process to kill, and after how many pairs.
    let mut kills: Vec<(usize, &str)> = ["server", "database", "shard", "shard"]
        .into_iter()
        .map(|what| (devices / 20 + dice.below(devices * 8 / 10), what))
        .collect();
    kills.sort_unstable();
    kills.reverse();
    let until = Instant::now() + Duration::from_secs(60 + devices as u64 / 20);
    loop {
        assert!(Instant::now() < until, "seed {seed}: {} of {devices} pairs", pairs(home.path(), shards));
        while kills.last().is_some_and(|(after, _)| pairs(home.path(), shards) >= *after) {
            let (after, what) = kills.pop().unwrap();
            let place = dice.below(if what == "server" { 2 } else { shards });
            tools::say(&format!("seed {seed}: kill -9 of {what} {place} after {after} pairs"));
            match what {
                "server" => {
                    let left = servers[place].take().unwrap().kill();
                    let args = ["--database", &database.url(), "--listen", &proxy.listen(place)];
                    servers[place] = Some(Served::start_in(left, &args));
                }
                "database" => cluster.kill_and_start_again(),
                _ => {
                    if let Some(child) = &mut running[place] {
                        let _ = child.kill();
                        let _ = child.wait();
                        running[place] = Some(start_shard(home.path(), &proxy, &secret, place, shards));
                    }
                }
            }
        }
        for (shard, slot) in running.iter_mut().enumerate() {
            let Some(ended) = slot.as_mut().and_then(|child| child.try_wait().unwrap()) else {
                continue;
            };
            // The engine starts it again.
            let again = || start_shard(home.path(), &proxy, &secret, shard, shards);
            *slot = (!ended.success()).then(again);
        }
        if running.iter().all(Option::is_none) {
            break;
        }
        std::thread::sleep(Duration::from_millis(5));
    }
    assert!(kills.is_empty(), "seed {seed}: {kills:?} did not come");
    check(cluster, &database, home.path(), &ids, shards, seed);
}

/// Counts in the database and on the disk, not in a report.
fn check(cluster: &Cluster, database: &Fresh, home: &Path, ids: &[String], shards: usize, seed: u64) {
    let counts = cluster
        .sql(database, "SELECT count(*), count(DISTINCT device), count(DISTINCT serial) FROM certificates");
    let number = ids.len();
    let doubles = "SELECT device, count(*) FROM certificates GROUP BY device HAVING count(*) > 1 LIMIT 5";
    let several = cluster.sql(database, doubles);
    assert_eq!(counts, format!("{number}|{number}|{number}"), "seed {seed}: {several}");
    let rows = cluster.sql(database, "SELECT device, encode(fingerprint, 'hex') FROM certificates");
    let known: std::collections::HashMap<&str, &str> =
        rows.lines().filter_map(|line| line.split_once('|')).collect();
    let mut found = 0;
    for shard in 0..shards {
        for entry in fs::read_dir(home.join(format!("shards/{shard}"))).unwrap().flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let Some(id) = name.strip_prefix("cert_") else { continue };
            let pair = pair::at(&entry.path()).unwrap_or_else(|fault| panic!("seed {seed}: {id} {fault}"));
            let fingerprint = pair.leaf.fingerprint().to_string().replace(':', "").to_lowercase();
            assert_eq!(known.get(id), Some(&fingerprint.as_str()), "seed {seed}: {id}");
            found += 1;
        }
    }
    assert_eq!(found, number, "seed {seed}");
    certreq(home).args(["status", "shards", "--check"]).run().exits(0);
    let logs: Vec<String> = (0..shards).map(|shard| format!("{shard}.log")).collect();
    let said = certreq(home).args(["summary"]).args(&logs).run().exits(0).stdout;
    // Thousands are set apart by commas.
    let said = said.replace(',', "");
    assert!(said.contains(&format!("{number} devices in {shards} shards")), "{said}");
}

#[test]
fn every_device_has_one_pair_and_one_certificate_whatever_is_killed() {
    if !tools::present(&["nginx"]) {
        return;
    }
    if super::missing("postgres::killed") {
        return;
    }
    let cluster = Cluster::start().expect("it was there a moment ago");
    let sizes = std::env::var("CERTREQ_TEST_KILLS").unwrap_or_else(|_| "400x4x1".to_owned());
    let sizes: Vec<usize> = sizes.split('x').map(|number| number.parse().unwrap()).collect();
    let [devices, shards, rounds] = sizes[..] else { panic!("devices x shards x rounds") };
    let seed = std::env::var("CERTREQ_TEST_SEED").ok().map(|seed| seed.parse::<u64>().unwrap());
    let seed = seed.unwrap_or_else(|| std::process::id().into());
    for number in 0..rounds as u64 {
        round(&cluster, devices, shards, seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(number * 2));
    }
}
