//! Certificates per second with the authority's key in a file, and in a token: `cargo bench --bench ca_key`.
//!
//! A SoftHSM is set up for the run. The same request is posted to a fresh `certreq serve` for each row, 32 at a time, for
//! `CERTREQ_BENCH_SECONDS` (5); the records are durable. Needs softhsm2.

#![expect(clippy::disallowed_methods, reason = "a client of its own asks the server")]

#[allow(dead_code, reason = "the other benches use the rest")]
mod platform;

use std::{
    fs,
    path::Path,
    process::Command,
    time::{Duration, Instant},
};

use certreq::pki::{
    csr,
    key::{KeySpec, PrivateKey},
};
use platform::{Any, Served};
use serde_json::{Value, json};

const MODULE: &str = "/usr/lib/softhsm/libsofthsm2.so";
const PIN: &str = "1234";
const AT_A_TIME: usize = 32;

fn main() -> Any<()> {
    let place = tempfile::tempdir()?;
    let config = softhsm(place.path())?;
    let store = format!("pkcs11:token=bench?module-path={MODULE}");
    let variables = [("SOFTHSM2_CONF", config.as_str()), ("CERTREQ_PIN", PIN)];
    let runtime = tokio::runtime::Runtime::new()?;
    let mut rates = Vec::new();
    for (what, more) in [("in a file", &[][..]), ("in SoftHSM", &["--ca-key-store", &store])] {
        let served = Served::start_with(place.path(), 1, more, &variables, None)?;
        let rate = runtime.block_on(rate(&served))?;
        say(&format!("the authority's key {what:<11} {rate:>8.0} certificates/s"));
        rates.push(rate);
    }
    if let [file, token] = rates.as_slice() {
        say(&format!("the token reaches {:.0} % of the file", token / file * 100.0));
    }
    Ok(())
}

#[expect(clippy::print_stdout, reason = "what a bench is for")]
fn say(line: &str) {
    println!("{line}");
}

/// A token; the path of its configuration.
fn softhsm(place: &Path) -> Any<String> {
    fs::create_dir(place.join("tokens"))?;
    let config = place.join("softhsm2.conf");
    fs::write(&config, format!("directories.tokendir = {}\n", place.join("tokens").display()))?;
    let args = ["--init-token", "--free", "--label", "bench", "--pin", PIN, "--so-pin", "87654321"];
    let made = Command::new("softhsm2-util").args(args).env("SOFTHSM2_CONF", &config).output();
    match made {
        Ok(made) if made.status.success() => Ok(config.display().to_string()),
        _ => Err("a token cannot be made; on Debian: apt-get install softhsm2".into()),
    }
}

#[expect(clippy::cast_precision_loss, reason = "a number of certificates")]
async fn rate(served: &Served) -> Any<f64> {
    let client = reqwest::Client::builder().no_proxy().build()?;
    let secret = fs::read_to_string(&served.secret)?;
    let login = json!({ "username": "admin", "passwd": secret });
    let token: Value = client.post(format!("{}/auth", served.url)).json(&login).send().await?.json().await?;
    let token = token["jwt"].as_str().ok_or("no login")?.to_owned();
    let request = csr::request(&PrivateKey::generate(KeySpec::P256)?, "a1998e")?;
    let seconds = std::env::var("CERTREQ_BENCH_SECONDS").ok().and_then(|text| text.parse().ok()).unwrap_or(5);
    let (began, end) = (Instant::now(), Duration::from_secs(seconds));
    let mut tasks = tokio::task::JoinSet::new();
    for _ in 0..AT_A_TIME {
        let (client, token, body) = (client.clone(), token.clone(), json!({ "csr": request }));
        let url = format!("{}/x509/v1/certificates", served.url);
        tasks.spawn(async move {
            let mut made = 0_usize;
            while began.elapsed() < end {
                let answer = client.post(&url).bearer_auth(&token).json(&body).send().await;
                made += usize::from(answer.is_ok_and(|answer| answer.status().as_u16() == 201));
            }
            made
        });
    }
    let made: usize = tasks.join_all().await.into_iter().sum();
    Ok(made as f64 / began.elapsed().as_secs_f64())
}
