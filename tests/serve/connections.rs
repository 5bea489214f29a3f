//! Clients that send nothing, half of something, or read nothing: they are let go, and others are served.

#![expect(clippy::print_stderr, reason = "what is left out, and why")]

use std::{
    io::{Read, Write},
    net::{Shutdown, TcpStream},
    os::unix::fs::{MetadataExt, PermissionsExt},
    time::{Duration, Instant},
};

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use crate::support::{
    lab::Lab,
    platform::Served,
    terminal::{certreq, program},
};

const PATIENCE: Duration = Duration::from_millis(500);

/// Reads until the server closes: what it said, and how long it took.
pub(super) fn until_closed(mut stream: TcpStream) -> (String, Duration) {
    let began = Instant::now();
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    let mut said = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        match stream.read(&mut buffer) {
            Ok(0) => break,
            Ok(more) => said.extend_from_slice(&buffer[..more]),
            Err(error) if error.kind() == std::io::ErrorKind::ConnectionReset => break,
            Err(error) => panic!("the server does not close: {error}"),
        }
    }
    (String::from_utf8_lossy(&said).into_owned(), began.elapsed())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_that_is_silent_or_stops_half_way_ends() {
    let lab = Lab::with(|_, settings| {
        settings.login_limit = false;
        settings.patience = PATIENCE;
    })
    .await;
    let address = lab.url.trim_start_matches("http://").to_owned();
    let kept = "GET /health HTTP/1.1\r\nHost: x\r\n\r\n";
    let slow_body =
        "POST /auth HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{";
    let chunked = "POST /ocsp HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nab";
    for (sent, said) in [
        ("", ""),
        ("P", ""),
        ("PRI * HTT", ""),
        ("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\u{4}\0\0\0\0\0", ""),
        ("G", ""),
        ("GET / HTTP/1.1\r\nHost: x\r\n", ""),
        ("\r\n", ""),
        (kept, "HTTP/1.1 200"),
        (slow_body, "HTTP/1.1 408"),
        (chunked, "HTTP/1.1 408"),
    ] {
        let address = address.clone();
        let (answer, took) = tokio::task::spawn_blocking(move || {
            let mut stream = TcpStream::connect(address).unwrap();
            stream.write_all(sent.as_bytes()).unwrap();
            until_closed(stream)
        })
        .await
        .unwrap();
        assert!(answer.starts_with(said) && (!said.is_empty() || answer.is_empty()), "{sent:?}: {answer}");
        assert!(took < Duration::from_secs(10), "{sent:?} took {took:?}");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_connection_without_a_place_pushes_out_the_one_that_does_nothing() {
    let lab = Lab::with(|_, settings| {
        settings.login_limit = false;
        settings.connections = Some(8);
    })
    .await;
    let address = lab.url.trim_start_matches("http://").to_owned();
    let silent: Vec<_> = (0..30).map(|_| TcpStream::connect(&address).unwrap()).collect();
    assert_eq!(lab.bytes("/health").await.0, 200, "a client that made a request before has kept its place");
    let stranger = crate::support::lab::client();
    assert_eq!(stranger.get(format!("{}/health", lab.url)).send().await.unwrap().status(), 200);
    let closed = silent.into_iter().filter(|stream| {
        stream.set_nonblocking(true).unwrap();
        let mut stream = stream;
        matches!(stream.read(&mut [0; 1]), Ok(0)) || stream.take_error().unwrap().is_some()
    });
    assert!(closed.count() >= 20);
}

/// As many files as this process may have.
pub(crate) fn raise_own_limit() -> bool {
    let Rlimit { maximum, .. } = getrlimit(Resource::Nofile);
    setrlimit(Resource::Nofile, Rlimit { current: maximum, maximum }).is_ok()
        && maximum.is_none_or(|files| files > 4000)
}

/// Starts `certreq serve` below a limit of files that the shell sets.
fn below(limit: &str) -> (Served, u32) {
    let shell = format!("ulimit {limit} && exec {} \"$@\"", program());
    let served = Served::start_as(&["sh", "-c", &shell, "certreq"], &[]);
    let process = served.process();
    (served, process)
}

#[tokio::test(flavor = "multi_thread")]
async fn eleven_hundred_silent_connections_do_not_stop_a_server_with_1024_files() {
    if !raise_own_limit() {
        eprintln!("left out: this machine gives too few files for it");
        return;
    }
    let (served, _) = below("-n 1024");
    let address = served.url.trim_start_matches("http://").to_owned();
    let silent: Vec<_> = (0..1100).map(|_| TcpStream::connect(&address).unwrap()).collect();
    let began = Instant::now();
    for _ in 0..20 {
        let answer = crate::support::lab::client().get(format!("{}/health", served.url)).send().await.unwrap();
        assert_eq!(answer.status(), 200);
    }
    assert!(began.elapsed() < Duration::from_secs(10), "{:?}", began.elapsed());
    for stream in silent {
        // Some were closed by the server already.
        let _ = stream.shutdown(Shutdown::Both);
    }
}

#[test]
fn it_takes_all_the_files_it_may_have_and_leaves_no_core() {
    let (served, process) = below("-Sn 256");
    let limits = std::fs::read_to_string(format!("/proc/{process}/limits")).unwrap();
    let of = |name: &str| -> Vec<String> {
        let line = limits.lines().find(|line| line.starts_with(name)).unwrap();
        line[name.len()..].split_whitespace().take(2).map(str::to_owned).collect()
    };
    let files = of("Max open files");
    assert_eq!(files[0], files[1], "the soft limit is the hard one");
    assert_eq!(of("Max core file size"), ["0", "0"]);
    drop(served);
}

/// Owner of the files in /proc that show a process's memory: its user, or root where only root may look.
fn owner_of_memory(process: u32) -> u32 {
    std::fs::metadata(format!("/proc/{process}/environ")).unwrap().uid()
}

#[test]
fn no_other_process_of_its_user_looks_into_its_memory() {
    let home = tempfile::tempdir().unwrap();
    let user = if rustix::process::geteuid().is_root() { 65534 } else { rustix::process::geteuid().as_raw() };
    let copies = tempfile::tempdir().unwrap();
    std::fs::set_permissions(home.path(), PermissionsExt::from_mode(0o777)).unwrap();
    let serve = certreq(home.path()).args(["serve", "--listen", "127.0.0.1:0", "--dir", "ca"]);
    let (child, _, stderr) = crate::serve::process::until_listening(serve.unprivileged(copies.path()));
    // Files that root alone may look at belong to root (proc(5)); files that its user may look at, to the user.
    assert_eq!(owner_of_memory(child.id()), 0);
    crate::serve::process::terminate(child, stderr);
    let other = certreq(home.path()).args(["ca", "-h", "192.0.2.1", "--timeout", "60s"]);
    let mut child = other.unprivileged(copies.path()).into_command().spawn().unwrap();
    let began = Instant::now();
    while owner_of_memory(child.id()) != user {
        assert!(began.elapsed() < Duration::from_secs(10), "the test tells nothing: every process looks so");
        std::thread::yield_now();
    }
    child.kill().unwrap();
    child.wait().unwrap();
}
