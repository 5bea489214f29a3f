//! A platform that is slower than our patience: every request is carried out, many answers come too late.

#![expect(clippy::print_stderr, reason = "the seed that repeats a failure")]

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json};

use crate::support::{
    forger::{self, Forger, Wish, signed_answer},
    platform::workplace,
    scripted::{Reply, Request, Scripted},
    terminal::certreq,
};

/// Records by fingerprint: the certificate, and its device.
type Records = Arc<Mutex<BTreeMap<String, (String, String)>>>;

const TIME_OUT: Duration = Duration::from_secs(1);

/// Where a delay comes from: the seed says the whole sequence.
struct Dice(u64);

impl Dice {
    /// 0 to 3 times the time-out.
    fn delay(&mut self) -> Duration {
        // Numerical Recipes' generator; the low bits are not used.
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        let part = u32::try_from(self.0 >> 33).unwrap();
        (TIME_OUT * 3).mul_f64(f64::from(part) / f64::from(1_u32 << 31))
    }
}

fn sign(forger: &Forger, request: &Request, records: &Records) -> Value {
    let body = request.json();
    let pem = forger.sign(body["csr"].as_str().unwrap(), &Wish::default());
    let answer = signed_answer(&pem);
    let fingerprint = answer["certificateFingerprint"].as_str().unwrap().to_owned();
    let device = body["belongsTo"]["device"].as_str().unwrap().to_owned();
    records.lock().unwrap().insert(fingerprint, (pem, device));
    answer
}

fn listed(records: &Records) -> Reply {
    let records = records.lock().unwrap();
    let all: Vec<Value> = records
        .iter()
        .map(|(fingerprint, (pem, device))| {
            json!({"fingerprint": fingerprint, "pem": pem, "belongsTo": {"device": device}})
        })
        .collect();
    Reply::json(200, json!({"paging": {"totalItems": all.len(), "totalPages": 1}, "certificates": all}))
}

/// `carry_out` decides when a request is carried out, and when it is answered.
fn platform(
    records: &Records,
    carry_out: impl Fn(Arc<Forger>, Request, Records) -> Reply + Send + Sync + 'static,
) -> Scripted {
    let (forger, records) = (Arc::new(Forger::new("the root")), Arc::clone(records));
    Scripted::start(move |request| match request.line().as_str() {
        "POST /auth" => Reply::json(200, json!({"jwt": forger::token()})),
        "GET /x509/v1/ca" => Reply::json(200, forger.ca_answer()),
        "GET /x509/v1/ca/crl" => Reply::status(404),
        "POST /x509/v1/certificates" => carry_out(Arc::clone(&forger), request.clone(), Arc::clone(&records)),
        "GET /x509/v1/certificates" => listed(&records),
        line if line.starts_with("DELETE /x509/v1/certificates/") => {
            records.lock().unwrap().remove(line.rsplit('/').next().unwrap());
            Reply::status(204)
        }
        line => panic!("unexpected request: {line}"),
    })
}

#[test]
fn one_living_certificate_a_key_however_late_the_answers_come() {
    let count: usize = std::env::var("CERTREQ_TEST_SLOW_DEVICES").map_or(24, |text| text.parse().unwrap());
    let seed = std::env::var("CERTREQ_TEST_SEED").map_or_else(
        |_| SystemTime::now().duration_since(UNIX_EPOCH).unwrap().subsec_nanos().into(),
        |text| text.parse().unwrap(),
    );
    eprintln!("CERTREQ_TEST_SEED={seed}");
    let (records, dice) = (Records::default(), Mutex::new(Dice(seed)));
    let server = platform(&records, move |forger, request, records| {
        let delay = dice.lock().unwrap().delay();
        if delay < TIME_OUT / 2 {
            return Reply::json(201, sign(&forger, &request, &records));
        }
        // The client does not wait for it any more when it is done.
        std::thread::spawn(move || {
            std::thread::sleep(delay);
            sign(&forger, &request, &records);
        });
        Reply::hang()
    });
    let ids: Vec<String> = (0..count).map(|number| format!("{number:06x}")).collect();
    let home = workplace();
    certreq(home.path())
        .args(["-h", &server.url(), "-u", "admin", "-i", &ids.join(","), "--timeout", "1s"])
        .env("CERTREQ_SECRET", "right")
        .run()
        .exits(0);
    let mut alive: BTreeMap<String, usize> = BTreeMap::new();
    for (_, device) in records.lock().unwrap().values() {
        *alive.entry(device.clone()).or_default() += 1;
    }
    assert_eq!(alive.len(), count);
    let several: Vec<_> = alive.iter().filter(|(_, number)| **number != 1).collect();
    assert!(several.is_empty(), "seed {seed}: {several:?}");
}

/// A request whose connection broke is carried out long after the same one was sent again.
#[test]
fn a_certificate_that_comes_after_the_second_request_is_named_and_revoked() {
    let (records, first) = (Records::default(), Mutex::new(None::<Request>));
    let server = platform(&records, move |forger, request, records| {
        let mut first = first.lock().unwrap();
        match first.take() {
            None => {
                *first = Some(request);
                Reply::cut()
            }
            Some(earlier) => {
                sign(&forger, &earlier, &records);
                Reply::json(201, sign(&forger, &request, &records))
            }
        }
    });
    let home = workplace();
    let ended = certreq(home.path())
        .args(["-h", &server.url(), "-u", "admin", "-i", "a1998e"])
        .env("CERTREQ_SECRET", "right")
        .run()
        .exits(0)
        .stderr_has("the platform had one more certificate for its key");
    let left: Vec<String> = records.lock().unwrap().keys().cloned().collect();
    assert_eq!(left.len(), 1, "{}", ended.stderr);
    let journal = certreq(home.path()).args(["status", "--journal"]).run().exits(0);
    assert!(journal.stdout.contains("a1998e  surplus "), "{}", journal.stdout);
    assert!(
        !journal.stdout.contains(&format!("surplus {}", left[0])),
        "what is used stays: {}",
        journal.stdout
    );
}
