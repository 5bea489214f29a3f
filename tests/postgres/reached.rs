//! Ways to a database: over TLS, one of several hosts, through PgBouncer.

use std::{
    fs,
    path::Path,
    process::{Child, Command},
    time::{Duration, Instant},
};

use crate::support::{
    platform::{Served, workplace},
    port::Port,
    postgres::{self, Cluster},
    terminal::certreq,
    tools,
};

/// A CA, and a certificate for the host `localhost` that it signed.
fn certificates(home: &Path) {
    let make = |args: &[&str]| drop(tools::openssl(home, args));
    let key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2"];
    make(
        &[&["req", "-x509", "-keyout", "ca.key", "-out", "ca.pem", "-subj", "/CN=database CA"], &key[..]]
            .concat(),
    );
    make(
        &[&["req", "-x509", "-keyout", "other.key", "-out", "other.pem", "-subj", "/CN=other CA"], &key[..]]
            .concat(),
    );
    fs::write(home.join("names"), "subjectAltName=DNS:localhost\n").unwrap();
    make(&[
        "req",
        "-newkey",
        "ec",
        "-pkeyopt",
        "ec_paramgen_curve:P-256",
        "-nodes",
        "-keyout",
        "db.key",
        "-out",
        "db.csr",
        "-subj",
        "/CN=db",
    ]);
    make(&[
        "x509",
        "-req",
        "-in",
        "db.csr",
        "-CA",
        "ca.pem",
        "-CAkey",
        "ca.key",
        "-CAcreateserial",
        "-days",
        "2",
        "-extfile",
        "names",
        "-out",
        "db.pem",
    ]);
    let private = Command::new("chmod").args(["600", "db.key"]).current_dir(home).status();
    assert!(private.unwrap().success());
}

#[test]
fn a_database_with_tls_is_spoken_to_in_tls_and_its_certificate_is_verified() {
    if super::missing("postgres::reached") {
        return;
    }
    let port = Port::reserve();
    let cluster = Cluster::start_with(|home| {
        certificates(home);
        let file = |name: &str| home.join(name).display().to_string();
        vec![
            "listen_addresses=127.0.0.1".to_owned(),
            format!("port={}", port.number),
            "ssl=on".to_owned(),
            format!("ssl_cert_file={}", file("db.pem")),
            format!("ssl_key_file={}", file("db.key")),
        ]
    });
    let cluster = cluster.expect("it was there a moment ago");
    let database = cluster.fresh();
    let address = |host: &str, root: &str| {
        let root = cluster.home().join(root).display().to_string().replace('/', "%2F");
        format!(
            "postgres://certreq@{host}:{}/{}?sslmode=verify-full&sslrootcert={root}",
            port.number, database.name
        )
    };
    let served = Served::start(&["--database", &address("localhost", "ca.pem"), "--register", "a1998e"]);
    let home = workplace();
    certreq(home.path()).args(["issue", "-i", "a1998e"]).args(served.login()).run().exits(0);
    let sql = "SELECT bool_and(ssl), count(*) > 0 FROM pg_stat_ssl JOIN pg_stat_activity USING (pid) \
               WHERE application_name = 'certreq'";
    assert_eq!(cluster.sql(&database, sql), "t|t");
    drop(served);
    let refused = |address: &str| {
        let call = certreq(home.path()).args([
            "serve",
            "--listen",
            "127.0.0.1:0",
            "--dir",
            "a",
            "--database",
            address,
        ]);
        call.run().exits(1).stderr_has("certificate");
    };
    refused(&address("localhost", "other.pem"));
    refused(&address("127.0.0.1", "ca.pem"));
}

#[test]
fn of_several_hosts_the_one_that_takes_writes_is_used_also_when_it_is_another_one_later() {
    if super::missing("postgres::reached") {
        return;
    }
    let first = Cluster::start().expect("it was there a moment ago");
    let database = first.fresh();
    let second = first.standby();
    // The standby stands first.
    let address = format!(
        "postgres://certreq@{},{}/{}?target_session_attrs=read-write",
        second.host(),
        first.host(),
        database.name
    );
    let served = Served::start(&["--database", &address, "--register", "a1998e,b2c3d4"]);
    let home = workplace();
    certreq(home.path()).args(["issue", "-i", "a1998e"]).args(served.login()).run().exits(0);
    let there = second.of_url(&format!("x/{}", database.name));
    let until = Instant::now() + Duration::from_secs(30);
    while second.sql(&there, "SELECT count(*) FROM certificates") != "1" {
        assert!(Instant::now() < until, "the standby does not follow");
        std::thread::sleep(Duration::from_millis(20));
    }
    first.kill();
    assert_eq!(second.sql(&there, "SELECT pg_promote()"), "t");
    certreq(home.path()).args(["issue", "-i", "b2c3d4", "--retries", "20"]).args(served.login()).run().exits(0);
    assert_eq!(second.sql(&there, "SELECT count(*) FROM certificates"), "2");
}

/// A PgBouncer before a database; it ends with the test.
struct Pooler(Child);

impl Pooler {
    /// `size`: connections to the database.
    fn start(program: &Path, cluster: &Cluster, database: &str, mode: &str, size: u8) -> (Self, String) {
        let directory = cluster.home().join(mode);
        let status = cluster.beside(Path::new("/bin/mkdir")).arg(&directory).status();
        assert!(status.unwrap().success());
        let file = directory.join("pgbouncer.ini");
        let (place, home) = (directory.display().to_string(), cluster.home().display().to_string());
        let text = format!(
            "[databases]\n{database} = host={home} user=certreq\n[pgbouncer]\nlisten_port = 6432\nlisten_addr =\n\
             unix_socket_dir = {place}\nauth_type = any\npool_mode = {mode}\ndefault_pool_size = {size}\n"
        );
        fs::write(&file, text).unwrap();
        let child = cluster.beside(program).arg("-q").arg(&file).spawn().expect("pgbouncer starts");
        let address = format!("postgres://certreq@{}:6432/{database}", place.replace('/', "%2F"));
        let until = Instant::now() + Duration::from_secs(10);
        while !directory.join(".s.PGSQL.6432").exists() {
            assert!(Instant::now() < until, "pgbouncer does not listen");
            std::thread::sleep(Duration::from_millis(20));
        }
        (Self(child), address)
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn a_pooler_may_stand_between_whether_it_gives_sessions_or_transactions() {
    let Some(program) = tools::needs("pgbouncer") else { return };
    let Some(cluster) = postgres::shared("postgres::reached") else { return };
    // A server keeps up to 9 sessions, and is content with few connections for its transactions.
    for (mode, size) in [("session", 10), ("transaction", 2)] {
        let database = cluster.fresh();
        let (_pooler, address) = Pooler::start(&program, cluster, &database.name, mode, size);
        let ids: Vec<String> = (0..40).map(|number| format!("d{number:04}")).collect();
        let list = ids.join(",");
        let served = Served::start(&["--database", &address, "--register", &list, "--crl-partitions", "2"]);
        let home = workplace();
        let login = served.login();
        certreq(home.path()).args(["issue", "-i", &list, "--jobs", "16"]).args(&login).run().exits(0);
        certreq(home.path()).args(["revoke", "cert_d0000", "cert_d0001", "--yes"]).args(&login).run().exits(0);
        certreq(home.path()).args(["status", "--platform", "--check"]).args(&login).run().exits(12);
        let counts = "SELECT (SELECT count(*) FROM certificates), (SELECT count(*) FROM revocations)";
        assert_eq!(cluster.sql(&database, counts), "38|2", "{mode}");
    }
}

/// Every client may ask whether the server is ready, without a token.
#[test]
fn questions_about_readiness_take_no_more_connections_than_the_server_has() {
    let Some(cluster) = postgres::shared("postgres::reached") else { return };
    let database = cluster.fresh();
    let served = super::shared::serve(&database.url(), None, &[]);
    let url = format!("{}/health", served.url);
    let runtime = tokio::runtime::Runtime::new().unwrap();
    runtime.block_on(async {
        let client = reqwest::Client::builder().no_proxy().build().unwrap();
        for _ in 0..4 {
            let asked = (0..64).map(|_| client.get(&url).send());
            for answer in futures_util::future::join_all(asked).await {
                assert_eq!(answer.unwrap().status().as_u16(), 200);
            }
        }
    });
    let open =
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()";
    let open: usize = cluster.sql(&database, open).trim().parse().unwrap();
    assert!(open <= 9, "{open} connections");
}
