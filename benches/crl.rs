//! A revocation list of 1,000,000 entries, looked up for 1,000 certificates: `cargo bench --bench crl`.
//!
//! In process, step by step; then the whole programs side by side, `certreq verify` on 1,000 files and
//! `openssl verify -crl_check` on the same ones. Needs openssl.

use std::{
    fs,
    io::{self, Write},
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant, SystemTime},
};

use certreq::pki::{
    certificate::Certificate,
    crl::{Crl, CrlSet},
    pem,
    time::Time,
};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DistinguishedName, DnType, IsCa,
    Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, RevocationReason, RevokedCertParams, SerialNumber,
};

const ENTRIES: u64 = 1_000_000;
const CERTIFICATES: u64 = 1_000;

type Any<T> = Result<T, Box<dyn std::error::Error>>;

fn main() -> Any<()> {
    let place = tempfile::Builder::new().prefix("bench-").tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let now = Time::from(SystemTime::now());
    let scene = Scene::make(place.path(), now)?;
    let mut out = io::stdout().lock();

    let (read, seconds_read) = timed(|| fs::read(place.path().join("list.der")));
    let (list, seconds_parse) = timed(|| Crl::from_der(read.unwrap_or_default()));
    let list = list?;
    writeln!(out, "list of {} entries, {} MiB", list.len(), list.der().len() >> 20)?;
    let (signature, seconds_check) = timed(|| list.check_issuer(&scene.root));
    signature?;
    let mut set = CrlSet::new();
    set.add(list, "list.der");
    // The first question checks the signature again, once; it belongs to reading.
    let _ = set.status(&scene.root, &scene.root, now);
    let (revoked, seconds_look) = timed(|| {
        let states = scene.leaves.iter().map(|leaf| set.status(leaf, &scene.root, now).state);
        states.filter(certreq::pki::revocation::State::is_revoked).count()
    });
    row(&mut out, "read the file", seconds_read)?;
    row(&mut out, "parse and index", seconds_parse)?;
    row(&mut out, "check the signature", seconds_check)?;
    row(&mut out, &format!("look up {CERTIFICATES} certificates, {revoked} revoked"), seconds_look)?;
    writeln!(out, "  {:<58} {:>8} MiB", "peak memory of all that", peak()?)?;

    writeln!(out, "the whole programs, {CERTIFICATES} files, one list")?;
    let ours = ["verify", "--ca", "ca.pem", "--crl", "list.der", "--revocation", "require"];
    row(&mut out, "certreq verify", scene.run(env!("CARGO_BIN_EXE_certreq"), &ours)?)?;
    let theirs = ["verify", "-CAfile", "ca.pem", "-crl_check", "-CRLfile", "list.pem"];
    row(&mut out, "openssl verify -crl_check", scene.run("openssl", &theirs)?)?;
    Ok(())
}

fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let began = Instant::now();
    let result = work();
    (result, began.elapsed())
}

fn row(out: &mut impl Write, what: &str, took: Duration) -> io::Result<()> {
    writeln!(out, "  {what:<58} {:>8.1} ms", took.as_secs_f64() * 1000.0)
}

/// MiB, from the kernel.
fn peak() -> Any<u64> {
    let status = fs::read_to_string("/proc/self/status")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no VmHWM")?;
    Ok(line.trim().trim_end_matches(" kB").trim().parse::<u64>()? >> 10)
}

/// An authority, its list, and certificates of which every tenth is on it.
struct Scene {
    place: std::path::PathBuf,
    root: Certificate,
    leaves: Vec<Certificate>,
}

impl Scene {
    fn make(place: &Path, now: Time) -> Any<Self> {
        let key = KeyPair::generate()?;
        let mut params = named("Bench CA", now);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        let root = Certificate::from_der(params.self_signed(&key)?.der().to_vec())?;
        let issuer = Issuer::new(params, key);
        let device = KeyPair::generate()?;
        let leaves = (0..CERTIFICATES)
            .map(|number| {
                let mut params = named(&format!("{number:05x}"), now);
                // Every tenth is one of the list's; the others lie between them.
                let serial = serial(number * 997) + u64::from(number % 10 != 0);
                params.serial_number = Some(SerialNumber::from(serial));
                Ok(Certificate::from_der(params.signed_by(&device, &issuer)?.der().to_vec())?)
            })
            .collect::<Any<Vec<_>>>()?;
        let list = list(&issuer, now)?;
        fs::write(place.join("list.pem"), pem::encode("X509 CRL", &list))?;
        fs::write(place.join("list.der"), list)?;
        fs::write(place.join("ca.pem"), root.to_pem())?;
        for (number, leaf) in leaves.iter().enumerate() {
            fs::write(place.join(format!("{number}.pem")), leaf.to_pem())?;
        }
        Ok(Self { place: place.to_owned(), root, leaves })
    }

    fn run(&self, program: &str, args: &[&str]) -> Any<Duration> {
        let files = (0..CERTIFICATES).map(|number| format!("{number}.pem"));
        let mut command = Command::new(program);
        command.args(args).args(files).current_dir(&self.place).stdout(Stdio::null()).stderr(Stdio::null());
        let (status, took) = timed(|| command.status());
        // Some are revoked: success would be the error.
        if status?.success() { Err(format!("{program} did not see the revoked ones").into()) } else { Ok(took) }
    }
}

/// 64-bit numbers, spread like random ones, in no order.
fn serial(number: u64) -> u64 {
    (number + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15) & !1
}

fn named(name: &str, now: Time) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = now.plus(-86_400).calendar();
    params.not_after = now.plus(86_400).calendar();
    params
}

fn list(issuer: &Issuer<'_, KeyPair>, now: Time) -> Any<Vec<u8>> {
    let entry = |number| RevokedCertParams {
        serial_number: SerialNumber::from(serial(number)),
        revocation_time: now.plus(-3_600).calendar(),
        reason_code: Some(RevocationReason::KeyCompromise),
        invalidity_date: None,
    };
    let params = CertificateRevocationListParams {
        this_update: now.plus(-60).calendar(),
        next_update: now.plus(86_400).calendar(),
        crl_number: SerialNumber::from(42_u64),
        issuing_distribution_point: None,
        revoked_certs: (0..ENTRIES).map(entry).collect(),
        key_identifier_method: KeyIdMethod::Sha256,
    };
    Ok(params.signed_by(issuer)?.der().to_vec())
}
