//! `certreq inspect`, in one table of one run: `cargo bench --bench inspect`.
//!
//! One file as a whole process against `openssl x509`, and a directory of 100,000 certificates of one authority with
//! its revocation list of 10,000 entries. `--short` shows dates, and REVOKED or ON HOLD; it verifies the list's signature
//! and that of every certificate the list names, and says good of nothing. What that costs depends on the authority's
//! key, so there is a row for each kind. `certreq verify` of one chain is here, too. Needs openssl.
//!
//! `CERTREQ_BENCH_BESIDE=path/to/certreq` measures another program by turns with this one.

mod beside;
#[expect(dead_code, reason = "other benches issue one")]
mod fleet;

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
    thread,
    time::Instant,
};

use beside::{Program, ROUNDS, by_turns, middle, programs, ratio};
use fleet::{Watched, watched};
use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, DistinguishedName, DnType, IsCa,
    Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose, RevokedCertParams, SerialNumber,
};
use time::OffsetDateTime;

type Any<T> = Result<T, Box<dyn std::error::Error>>;

const CERTIFICATES: u64 = 100_000;
const REVOKED: u64 = 10_000;

#[expect(clippy::print_stdout, reason = "the table is the result")]
fn main() -> Any<()> {
    let place = tempfile::Builder::new().prefix("bench-").tempdir_in(env!("CARGO_TARGET_TMPDIR"))?;
    let home = place.path();
    let rsa = KeyPair::generate_rsa_for(&rcgen::PKCS_RSA_SHA256, rcgen::RsaKeySize::_2048)?;
    let fleets = [
        ("RSA-2048", fleet(home, "rsa", &rsa)?),
        ("P-256", fleet(home, "p256", &KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?)?),
    ];
    let chain = chain(home)?;
    let file = fleets[0].1.join("devices/000000.pem");
    let file = file.to_str().ok_or("a path")?;
    let programs = programs()?;
    println!("| what | ms | certificates/s | peak memory | beside the other |\n|---|---:|---:|---:|---:|");
    let openssl = [Program { name: "openssl", path: PathBuf::from("openssl") }];
    short(
        &openssl,
        "x509 -noout -subject -dates, one file",
        &["x509", "-noout", "-subject", "-dates", "-in", file],
        home,
    )?;
    short(&programs, "inspect --short, one file", &["inspect", "--short", file], home)?;
    let alone =
        ["verify", "--ca", "root.pem", "--intermediates", "middle.pem", "--revocation", "off", "leaf.pem"];
    short(&programs, "verify, one chain of three", &alone, &chain)?;
    let listed =
        ["verify", "--ca", "root.pem", "--intermediates", "middle.pem", "--crl", "lists.pem", "leaf.pem"];
    short(&programs, "verify, one chain of three, with lists", &listed, &chain)?;
    for (kind, fleet) in &fleets {
        let runs = by_turns(&programs, ROUNDS, |program| whole(&program.path, fleet))?;
        let runs: Vec<(f64, u64)> = runs.into_iter().map(middle).collect();
        let seconds: Vec<f64> = runs.iter().map(|(seconds, _)| *seconds).collect();
        for (at, (program, (took, peak))) in programs.iter().zip(&runs).enumerate() {
            #[expect(clippy::cast_precision_loss, reason = "a number of certificates, KiB in MiB")]
            let (rate, peak) = (CERTIFICATES as f64 / took, *peak as f64 / 1024.0);
            println!(
                "| {} inspect, {CERTIFICATES} files, authority {kind}, {REVOKED} revoked | {:.0} | {rate:.0} | {peak:.1} MiB | {} |",
                program.name,
                took * 1e3,
                if at == 0 { ratio(&seconds) } else { String::new() }
            );
        }
    }
    Ok(())
}

/// The middle of many whole processes, a row for each program.
#[expect(clippy::print_stdout, reason = "the table is the result")]
fn short(programs: &[Program], what: &str, args: &[&str], directory: &Path) -> Any<()> {
    let runs = by_turns(programs, 200, |program| {
        let mut command = Command::new(&program.path);
        command.args(args).current_dir(directory).stdout(Stdio::null()).stderr(Stdio::null());
        let began = Instant::now();
        let status = command.status()?;
        assert!(status.success(), "{} {args:?} failed", program.name);
        Ok((began.elapsed().as_secs_f64(), 0))
    })?;
    let seconds: Vec<f64> = runs.into_iter().map(|runs| middle(runs).0).collect();
    for (at, (program, took)) in programs.iter().zip(&seconds).enumerate() {
        let ratio = if at == 0 { ratio(&seconds) } else { String::new() };
        println!("| {} {what} | {:.2} | | | {ratio} |", program.name, took * 1e3);
    }
    Ok(())
}

/// Seconds and peak KiB for the whole directory; the answer is checked.
fn whole(program: &Path, fleet: &Path) -> Any<(f64, u64)> {
    let mut command = Command::new(program);
    command
        .args(["inspect", "-q", "--short", "--ca", "ca.pem", "--crl", "crl.pem", "devices"])
        .current_dir(fleet);
    let Watched { status, seconds, peak, text } = watched(&mut command, fleet)?;
    let count = |word: &str| text.lines().filter(|line| line.starts_with(word)).count() as u64;
    let (valid, revoked) = (count("VALID"), count("REVOKED"));
    if !status.success() || (valid, revoked) != (CERTIFICATES - REVOKED, REVOKED) {
        return Err(format!("{status}: {valid} valid and {revoked} revoked").into());
    }
    Ok((seconds, peak))
}

/// A directory with an authority, its list, and the certificates it issued.
fn fleet(home: &Path, name: &str, key: &KeyPair) -> Any<PathBuf> {
    let root = home.join(name);
    fs::create_dir_all(root.join("devices"))?;
    let mut params = CertificateParams::default();
    params.distinguished_name = subject("Bench Root");
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    fs::write(root.join("ca.pem"), params.self_signed(key)?.pem())?;
    let issuer = Issuer::new(params, key);
    fs::write(root.join("crl.pem"), list().signed_by(&issuer)?.pem()?)?;
    let device = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256)?;
    thread::scope(|scope| {
        let halves = [0..CERTIFICATES / 2, CERTIFICATES / 2..CERTIFICATES];
        let workers = halves.map(|half| {
            let (root, device, issuer) = (&root, &device, &issuer);
            scope.spawn(move || {
                half.into_iter().try_for_each(|number| {
                    let certificate =
                        leaf(number).signed_by(device, issuer).map_err(|error| error.to_string())?;
                    let path = root.join(format!("devices/{number:06}.pem"));
                    fs::write(path, certificate.pem()).map_err(|error| error.to_string())
                })
            })
        });
        workers.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(|_| Err("a panic".to_owned())))
    })?;
    Ok(root)
}

/// A root, an authority below it, a device of that, and a list of each authority.
fn chain(home: &Path) -> Any<PathBuf> {
    let place = home.join("chain");
    fs::create_dir(&place)?;
    let keys = [KeyPair::generate()?, KeyPair::generate()?, KeyPair::generate()?];
    let authority = |name: &str| {
        let mut params = CertificateParams::default();
        params.distinguished_name = subject(name);
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
        (params.not_before, params.not_after) = (day(-1), day(364));
        params.use_authority_key_identifier_extension = true;
        params
    };
    let (root, middle) = (authority("Bench Root"), authority("Bench Authority"));
    fs::write(place.join("root.pem"), root.self_signed(&keys[0])?.pem())?;
    let root = Issuer::new(root, &keys[0]);
    fs::write(place.join("middle.pem"), middle.signed_by(&keys[1], &root)?.pem())?;
    let middle = Issuer::new(middle, &keys[1]);
    fs::write(place.join("leaf.pem"), leaf(1).signed_by(&keys[2], &middle)?.pem())?;
    let lists = [list().signed_by(&root)?.pem()?, list().signed_by(&middle)?.pem()?];
    fs::write(place.join("lists.pem"), lists.concat())?;
    Ok(place)
}

fn subject(name: &str) -> DistinguishedName {
    let mut subject = DistinguishedName::new();
    subject.push(DnType::CommonName, name);
    subject.push(DnType::OrganizationName, "dojot IoT Platform");
    subject
}

fn day(days: i64) -> OffsetDateTime {
    OffsetDateTime::now_utc() + time::Duration::days(days)
}

fn serial(number: u64) -> SerialNumber {
    SerialNumber::from(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1)
}

fn leaf(number: u64) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = subject(&format!("{number:06x}"));
    params.serial_number = Some(serial(number));
    (params.not_before, params.not_after) = (day(-1), day(364));
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature, KeyUsagePurpose::KeyAgreement];
    params.extended_key_usages = vec![rcgen::ExtendedKeyUsagePurpose::ClientAuth];
    params.use_authority_key_identifier_extension = true;
    params
}

/// Every tenth certificate.
fn list() -> CertificateRevocationListParams {
    let entry = |number| RevokedCertParams {
        serial_number: serial(number * (CERTIFICATES / REVOKED)),
        revocation_time: day(-1),
        reason_code: None,
        invalidity_date: None,
    };
    CertificateRevocationListParams {
        this_update: day(-1),
        next_update: day(1),
        crl_number: SerialNumber::from(42_u64),
        issuing_distribution_point: None,
        revoked_certs: (0..REVOKED).map(entry).collect(),
        key_identifier_method: KeyIdMethod::Sha256,
    }
}
