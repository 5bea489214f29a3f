//! The least a client can do, as fast as it gets: for each device a key, a request, the issuer's signature, and two
//! durable files in a directory that gets its name at once.
//!
//! No journal, no names or dates compared, no time-outs, no second try, no report, no TLS; requests are bytes on
//! sockets that were opened before. What this reaches, next to `wrk`, is what is left for a tool that does its job.

use std::{
    fs::{self, File, OpenOptions},
    io::{Read, Write},
    net::TcpStream,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::atomic::{AtomicUsize, Ordering},
    thread,
};

use certreq::pki::{
    certificate::Certificate,
    csr,
    key::{KeySpec, PrivateKey},
};
use x509_parser::{certificate::X509Certificate, prelude::FromDer};

use crate::platform::Any;

/// Devices that share a flush.
const BATCH: usize = 512;
/// Of each thread.
const CONNECTIONS: usize = 64;
/// While one waits for the disk or the platform, another one has work.
const THREADS_A_CORE: usize = 2;

/// Where to ask, and with what.
pub(crate) struct Bare {
    address: String,
    token: String,
    root: Certificate,
    ids: Vec<String>,
}

impl Bare {
    /// Reads `ADDRESS TOKEN_FILE ROOT_FILE`, and the ids from a file.
    pub(crate) fn from_arguments(arguments: &[String]) -> Any<Self> {
        let [address, token, root, ids] = arguments else { return Err("bare ADDRESS TOKEN ROOT IDS".into()) };
        Ok(Self {
            address: address.clone(),
            token: fs::read_to_string(token)?.trim().to_owned(),
            root: Certificate::all_from_pem(&fs::read_to_string(root)?)?.remove(0),
            ids: fs::read_to_string(ids)?.lines().map(str::to_owned).collect(),
        })
    }

    /// A pair for every id, in the working directory.
    pub(crate) fn run(&self) -> Any<()> {
        fs::create_dir("staged")?;
        let directory = File::open(".")?;
        let begun = AtomicUsize::new(0);
        let threads = THREADS_A_CORE * thread::available_parallelism()?.get();
        thread::scope(|scope| {
            let workers: Vec<_> = (0..threads)
                .map(|_| scope.spawn(|| self.work(&directory, &begun).map_err(|error| error.to_string())))
                .collect();
            workers.into_iter().try_for_each(|worker| worker.join().map_err(|_| "a worker panicked")?)
        })?;
        Ok(())
    }

    fn work(&self, directory: &File, begun: &AtomicUsize) -> Any<()> {
        let mut connections = (0..CONNECTIONS).map(|_| self.connect()).collect::<Any<Vec<_>>>()?;
        loop {
            let rest = self.ids.get(begun.fetch_add(BATCH, Ordering::Relaxed)..).unwrap_or_default();
            let batch = &rest[..rest.len().min(BATCH)];
            if batch.is_empty() {
                return Ok(rustix::fs::syncfs(directory)?);
            }
            let keys = batch.iter().map(|id| stage(id)).collect::<Any<Vec<_>>>()?;
            rustix::fs::syncfs(directory)?;
            for (ids, keys) in batch.chunks(CONNECTIONS).zip(keys.chunks(CONNECTIONS)) {
                for ((id, key), connection) in ids.iter().zip(keys).zip(&mut connections) {
                    self.ask(connection, id, key)?;
                }
                for (id, connection) in ids.iter().zip(&mut connections) {
                    self.take(connection, id)?;
                }
            }
            rustix::fs::syncfs(directory)?;
            for id in batch {
                fs::rename(staged(id), format!("cert_{id}"))?;
            }
        }
    }

    fn connect(&self) -> Any<TcpStream> {
        let connection = TcpStream::connect(&self.address)?;
        connection.set_nodelay(true)?;
        Ok(connection)
    }

    fn ask(&self, connection: &mut TcpStream, id: &str, key: &PrivateKey) -> Any<()> {
        let body = serde_json::json!({"csr": csr::request(key, id)?, "belongsTo": {"device": id}}).to_string();
        let head = format!(
            "POST /x509/v1/certificates HTTP/1.1\r\nHost: {}\r\nContent-Type: application/json\r\n\
             Authorization: Bearer {}\r\nContent-Length: {}\r\n\r\n",
            self.address,
            self.token,
            body.len()
        );
        Ok(connection.write_all((head + &body).as_bytes())?)
    }

    fn take(&self, connection: &mut TcpStream, id: &str) -> Any<()> {
        let answer: serde_json::Value = serde_json::from_slice(&answer(connection)?)?;
        let pem = answer["certificatePem"].as_str().ok_or("no certificate")?;
        let der = pem::parse(pem)?.into_contents();
        let (_, certificate) = X509Certificate::from_der(&der)?;
        let (_, root) = X509Certificate::from_der(self.root.der())?;
        certificate.verify_signature(Some(root.public_key()))?;
        write(&staged(id).join("cert.pem"), 0o644, pem)
    }
}

fn staged(id: &str) -> PathBuf {
    Path::new("staged").join(id)
}

fn stage(id: &str) -> Any<PrivateKey> {
    let key = PrivateKey::generate(KeySpec::P256)?;
    fs::create_dir(staged(id))?;
    write(&staged(id).join("private.key"), 0o600, &key.to_pkcs8_pem()?)?;
    Ok(key)
}

fn write(path: &Path, mode: u32, text: &str) -> Any<()> {
    Ok(OpenOptions::new().write(true).create_new(true).mode(mode).open(path)?.write_all(text.as_bytes())?)
}

/// The body of the next answer, which has to be a 201.
fn answer(connection: &mut TcpStream) -> Any<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut part = [0; 8192];
    loop {
        let read = connection.read(&mut part)?;
        if read == 0 {
            return Err("the connection was closed".into());
        }
        bytes.extend_from_slice(&part[..read]);
        let mut headers = [httparse::EMPTY_HEADER; 32];
        let mut head = httparse::Response::new(&mut headers);
        let httparse::Status::Complete(begin) = head.parse(&bytes)? else { continue };
        let length = head.headers.iter().find(|header| header.name.eq_ignore_ascii_case("content-length"));
        let length: usize = std::str::from_utf8(length.ok_or("no length")?.value)?.parse()?;
        if head.code != Some(201) {
            return Err(format!("{:?} {}", head.code, String::from_utf8_lossy(&bytes[begin..])).into());
        }
        if bytes.len() >= begin + length {
            return Ok(bytes.split_off(begin));
        }
    }
}
