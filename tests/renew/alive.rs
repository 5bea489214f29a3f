//! `renew --watch` keeps a fleet alive under the eyes of clients that connect all the time.
//!
//! The ordinary run takes seconds. `CERTREQ_RENEW_LIFETIMES=10` is the real thing: 500 devices whose certificates live
//! for two minutes, for so many lifetimes.

#![expect(clippy::print_stderr, reason = "the figures of the long run")]

use std::{
    fs::File,
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, AtomicUsize, Ordering},
    },
    thread,
    time::{Duration, Instant},
};

use certreq::pki::{certificate::Certificate, key::PrivateKey};
use rustls::{
    ClientConfig, ClientConnection, RootCertStore, ServerConfig, ServerConnection, StreamOwned,
    pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject},
    server::WebPkiClientVerifier,
};

use super::{fleet, ids, renew};
use crate::support::platform::workplace;

/// A server that says welcome to clients with a certificate of the fleet's root.
struct Broker {
    address: SocketAddr,
    root: RootCertStore,
}

fn provider() -> Arc<rustls::crypto::CryptoProvider> {
    Arc::new(rustls::crypto::aws_lc_rs::default_provider())
}

impl Broker {
    fn start(ca: &Path) -> Self {
        let own = rcgen::generate_simple_self_signed(["localhost".to_owned()]).unwrap();
        let mut root = RootCertStore::empty();
        root.add(own.cert.der().clone()).unwrap();
        let mut clients = RootCertStore::empty();
        clients.add(CertificateDer::from_pem_file(ca).unwrap()).unwrap();
        let verifier =
            WebPkiClientVerifier::builder_with_provider(Arc::new(clients), provider()).build().unwrap();
        let key = PrivateKeyDer::try_from(own.signing_key.serialize_der()).unwrap();
        let config = ServerConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_client_cert_verifier(verifier)
            .with_single_cert(vec![own.cert.der().clone()], key)
            .unwrap();
        let config = Arc::new(config);
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let config = Arc::clone(&config);
                thread::spawn(move || {
                    let mut tls = StreamOwned::new(ServerConnection::new(config).unwrap(), stream);
                    // A client that is not let in hears nothing.
                    let _ = tls.write_all(b"welcome\n");
                    tls.conn.send_close_notify();
                    let _ = tls.flush();
                });
            }
        });
        Self { address, root }
    }

    /// Connects with the pair in `directory`, both files read through one handle.
    fn connect(&self, directory: &Path) -> Result<(), String> {
        use rustix::fs::{Mode, OFlags, openat};
        let handle = File::open(directory).map_err(|error| error.to_string())?;
        let read = |name: &str| -> Result<Vec<u8>, String> {
            let file = openat(&handle, name, OFlags::RDONLY, Mode::empty());
            let mut bytes = Vec::new();
            let file = file.map_err(|error| format!("{name}: {error}"))?;
            File::from(file).read_to_end(&mut bytes).map_err(|error| error.to_string())?;
            Ok(bytes)
        };
        let chain: Vec<_> = CertificateDer::pem_slice_iter(&read("cert.pem")?).flatten().collect();
        let key = PrivateKeyDer::from_pem_slice(&read("private.key")?).map_err(|error| error.to_string())?;
        let config = ClientConfig::builder_with_provider(provider())
            .with_safe_default_protocol_versions()
            .unwrap()
            .with_root_certificates(self.root.clone())
            .with_client_auth_cert(chain, key)
            .map_err(|error| format!("the pair does not match: {error}"))?;
        let connection = ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
        let stream = TcpStream::connect(self.address).map_err(|error| error.to_string())?;
        let patience = Some(Duration::from_secs(30));
        stream.set_read_timeout(patience).map_err(|error| error.to_string())?;
        let mut tls = StreamOwned::new(connection, stream);
        let mut said = String::new();
        tls.read_to_string(&mut said).map_err(|error| error.to_string())?;
        if said == "welcome\n" { Ok(()) } else { Err(format!("the server said {said:?}")) }
    }

    /// The same with a program that knows nothing of us, started inside the directory.
    fn openssl(&self, directory: &Path) -> Result<(), String> {
        let output = Command::new("openssl")
            .args(["s_client", "-quiet", "-connect", &self.address.to_string()])
            .args(["-cert", "cert.pem", "-key", "private.key"])
            .current_dir(directory)
            .stdin(Stdio::null())
            .output()
            .unwrap();
        if String::from_utf8_lossy(&output.stdout).contains("welcome") {
            return Ok(());
        }
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

/// Opens the two files by their paths, one after the other, as most programs do.
fn matches_by_path(directory: &Path) -> bool {
    let certificate = std::fs::read_to_string(directory.join("cert.pem")).unwrap();
    let key = std::fs::read_to_string(directory.join("private.key")).unwrap();
    let leaf = &Certificate::all_from_pem(&certificate).unwrap()[0];
    leaf.public_key_info() == PrivateKey::from_pem(&key).unwrap().public_key_info()
}

#[derive(Default)]
struct Count {
    connections: AtomicUsize,
    by_openssl: AtomicUsize,
    looks: AtomicUsize,
    mixed: AtomicUsize,
    failures: Mutex<Vec<String>>,
}

/// The act of one client over and over again, for one directory after the other.
fn endlessly(over: &AtomicBool, directories: &[PathBuf], mut act: impl FnMut(&Path)) {
    for directory in directories.iter().cycle() {
        if over.load(Ordering::SeqCst) {
            return;
        }
        act(directory);
    }
}

#[test]
fn a_watched_fleet_never_misses_a_connection() {
    let long = std::env::var("CERTREQ_RENEW_LIFETIMES").ok().map(|text| text.parse::<u32>().unwrap());
    let (devices, lifetime, within, lifetimes) = match long {
        Some(lifetimes) => (500, 120, 60, lifetimes),
        None => (6, 8, 5, 1),
    };
    let home = workplace();
    let ids = ids(devices);
    let served = fleet(home.path(), &ids, &["--lifetime", &format!("{lifetime}s")]);
    let mut command = renew(home.path(), &served)
        .args(["--watch", "--within", &format!("{within}s"), "--format", "json"])
        .into_command();
    let cycles = File::create(home.path().join("cycles")).unwrap();
    let mut watch = command.stdin(Stdio::null()).stdout(cycles).spawn().unwrap();
    let broker = Broker::start(&home.path().join("ca/ca.pem"));
    let directories: Vec<PathBuf> = ids.iter().map(|id| home.path().join(format!("cert_{id}"))).collect();
    let (count, over) = (Count::default(), AtomicBool::new(false));
    let note = |directory: &Path, result: Result<(), String>| {
        if let Err(reason) = result {
            count.failures.lock().unwrap().push(format!("{}: {reason}", directory.display()));
        }
    };
    let began = Instant::now();
    thread::scope(|scope| {
        scope.spawn(|| {
            endlessly(&over, &directories, |directory| {
                note(directory, broker.connect(directory));
                count.connections.fetch_add(1, Ordering::SeqCst);
            });
        });
        scope.spawn(|| {
            endlessly(&over, &directories, |directory| {
                note(directory, broker.openssl(directory));
                count.by_openssl.fetch_add(1, Ordering::SeqCst);
                thread::sleep(Duration::from_millis(20));
            });
        });
        scope.spawn(|| {
            endlessly(&over, &directories, |directory| {
                count.mixed.fetch_add(usize::from(!matches_by_path(directory)), Ordering::SeqCst);
                count.looks.fetch_add(1, Ordering::SeqCst);
                thread::sleep(Duration::from_millis(1));
            });
        });
        // So long that without a renewal every certificate would have expired again and again.
        let whole = Duration::from_secs(lifetime * u64::from(lifetimes) + 2);
        while began.elapsed() < whole && watch.try_wait().unwrap().is_none() {
            thread::sleep(Duration::from_millis(50));
        }
        over.store(true, Ordering::SeqCst);
    });
    let ended = watch.try_wait().unwrap();
    let sent = Command::new("kill").arg(watch.id().to_string()).status().unwrap();
    assert!(ended.is_none() && sent.success(), "it ended by itself: {ended:?}");
    assert_eq!(watch.wait().unwrap().code(), Some(130));
    let issued = crate::support::account::issued(&served.authority());
    let renewals: usize = issued.values().map(|all| all.len() - 1).sum();
    let number = |count: &AtomicUsize| count.load(Ordering::SeqCst);
    eprintln!(
        "{devices} devices, {lifetimes} lifetimes of {lifetime} s in {:.0?}: {renewals} renewals, {} connections \
         and {} of openssl, {} failures; {} looks by two paths, {} of them mixed",
        began.elapsed(),
        number(&count.connections),
        number(&count.by_openssl),
        count.failures.lock().unwrap().len(),
        number(&count.looks),
        number(&count.mixed),
    );
    let said = std::fs::read_to_string(home.path().join("cycles")).unwrap();
    let lines: Vec<serde_json::Value> = said.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let failures = count.failures.into_inner().unwrap();
    if !failures.is_empty() {
        // When each cycle was to begin and when it was over tells a slow disk from a late start.
        for line in lines.iter().filter(|line| line["schema"] == "certreq.renew-cycle/1") {
            eprintln!("{line}");
        }
    }
    assert!(failures.is_empty(), "{}", failures[..failures.len().min(20)].join("\n"));
    assert!(number(&count.connections) > devices && number(&count.by_openssl) > 0);
    let fewest = issued.values().map(Vec::len).min().unwrap();
    assert!(fewest > lifetimes as usize, "somebody was renewed only {} times", fewest - 1);
    assert!(
        lines.iter().any(|line| line["schema"] == "certreq.renew-cycle/1" && line["renewed"] != 0),
        "{said}"
    );
}
