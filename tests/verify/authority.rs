//! A certificate authority of the openssl command line, at fixed times.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use tempfile::TempDir;

use crate::support::{
    terminal::{Ended, certreq},
    tools::openssl,
};

/// When the tests look, unless they say otherwise.
pub(super) const NOW: &str = "2030-01-01T00:00:00Z";

/// The kinds of key everything is tried with: name, and what genpkey wants to hear.
pub(super) const KEYS: [(&str, &[&str]); 5] = [
    ("p256", &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]),
    ("p384", &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-384"]),
    ("p521", &["-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-521"]),
    ("ed25519", &["-algorithm", "ED25519"]),
    ("rsa", &["-algorithm", "RSA", "-pkeyopt", "rsa_keygen_bits:2048"]),
];

const CONFIG: &str = "
[ca]
default_ca = own
[own]
dir = .
database = index.txt
serial = serial
crlnumber = crlnumber
new_certs_dir = .
certificate = ca.pem
private_key = ca.key
policy = any
default_md = default
unique_subject = no
copy_extensions = none
[any]
commonName = optional
emailAddress = optional
[req]
distinguished_name = dn
[dn]
[root]
basicConstraints = critical, CA:TRUE
keyUsage = critical, keyCertSign, cRLSign, digitalSignature
subjectKeyIdentifier = hash
";

/// A directory with a root, `ca.pem`, and everything it issues.
pub(super) struct Authority {
    home: TempDir,
}

impl Authority {
    pub(super) fn new(kind: &[&str]) -> Self {
        Self::named("Test CA", kind, "root")
    }

    pub(super) fn p256() -> Self {
        Self::new(KEYS[0].1)
    }

    /// With extensions of its own: a section name, or lines for one.
    pub(super) fn named(name: &str, kind: &[&str], extensions: &str) -> Self {
        let home = TempDir::new().unwrap();
        let authority = Self { home };
        let section = if extensions == "root" { String::new() } else { format!("[own_root]\n{extensions}\n") };
        authority.write("ca.cnf", &format!("{CONFIG}{section}"));
        authority.write("index.txt", "");
        authority.write("serial", "1000\n");
        authority.write("crlnumber", "2A\n");
        for file in ["ca.key", "leaf.key"] {
            openssl(authority.path(), &[&["genpkey", "-out", file], kind].concat());
        }
        authority.request("ca", &format!("/CN={name}"));
        authority.request("leaf", "/CN=leaf");
        let section = if extensions == "root" { "root" } else { "own_root" };
        authority.sign("ca", "20200101000000Z", "20460101000000Z", &["-selfsign", "-extensions", section]);
        authority
    }

    pub(super) fn path(&self) -> &Path {
        self.home.path()
    }

    pub(super) fn write(&self, name: &str, text: &str) {
        fs::write(self.path().join(name), text).unwrap();
    }

    fn request(&self, name: &str, subject: &str) {
        let (key, out) = (format!("{name}.key"), format!("{name}.csr"));
        let args = ["req", "-new", "-config", "ca.cnf", "-key", &key, "-subj", subject, "-out", &out];
        openssl(self.path(), &args);
    }

    /// Signs `<name>.csr`, result `<name>.pem`.
    fn sign(&self, name: &str, begin: &str, end: &str, more: &[&str]) {
        let (csr, out) = (format!("{name}.csr"), format!("{name}.pem"));
        let args =
            ["ca", "-config", "ca.cnf", "-batch", "-notext", "-md", "default", "-in", &csr, "-out", &out];
        openssl(self.path(), &[&args, ["-startdate", begin, "-enddate", end].as_slice(), more].concat());
    }

    /// A leaf for CN=`name` with these extensions, in `<name>.pem`; they all share one key.
    pub(super) fn leaf(&self, name: &str, extensions: &str) -> String {
        self.leaf_of(name, "20290101000000Z", "20310101000000Z", extensions)
    }

    pub(super) fn leaf_of(&self, name: &str, begin: &str, end: &str, extensions: &str) -> String {
        let ini = format!("{name}.ext");
        self.write(
            &ini,
            &format!("[x]\nsubjectKeyIdentifier=hash\nauthorityKeyIdentifier=keyid\n{extensions}\n"),
        );
        fs::copy(self.path().join("leaf.csr"), self.path().join(format!("{name}.csr"))).unwrap();
        let subject = format!("/CN={name}");
        self.sign(name, begin, end, &["-extfile", &ini, "-extensions", "x", "-subj", &subject]);
        format!("{name}.pem")
    }

    pub(super) fn revoke(&self, certificate: &str, reason: &str) {
        openssl(self.path(), &["ca", "-config", "ca.cnf", "-revoke", certificate, "-crl_reason", reason]);
    }

    /// A list of the week around [`NOW`].
    pub(super) fn list(&self, name: &str, extensions: &str) -> String {
        self.list_of(name, "20291231000000Z", "20300107000000Z", extensions)
    }

    /// Extensions are lines of a section; none at all make a version 1 list.
    pub(super) fn list_of(&self, name: &str, this: &str, next: &str, extensions: &str) -> String {
        let config = format!("{name}.cnf");
        let mut base = fs::read_to_string(self.path().join("ca.cnf")).unwrap();
        if extensions.is_empty() {
            base = base.replace("crlnumber = crlnumber", "");
        }
        self.write(&config, &format!("{base}\n[list]\n{extensions}\n"));
        let mut args = vec!["ca", "-gencrl", "-config", &config, "-md", "default", "-out", name];
        args.extend(["-crl_lastupdate", this, "-crl_nextupdate", next]);
        if !extensions.is_empty() {
            args.extend(["-crlexts", "list"]);
        }
        openssl(self.path(), &args);
        name.to_owned()
    }

    /// Result of `certreq verify`, at [`NOW`], with `ca.pem` trusted, and revocation required when a list is given.
    pub(super) fn certreq(&self, args: &[&str]) -> Ended {
        let mut all = vec!["verify"];
        all.extend(args);
        if !args.contains(&"--at") {
            all.extend(["--at", NOW]);
        }
        if !args.contains(&"--ca") {
            all.extend(["--ca", "ca.pem"]);
        }
        if args.contains(&"--crl") && !args.contains(&"--revocation") {
            all.extend(["--revocation", "require"]);
        }
        certreq(self.path()).args(all).run()
    }

    /// openssl's numbers for what is wrong; none when it is content.
    pub(super) fn openssl_verify(&self, at: i64, args: &[&str]) -> Vec<u32> {
        let at = at.to_string();
        let all = [&["verify", "-attime", &at], args].concat();
        let output: Output = Command::new("openssl").args(all).current_dir(self.path()).output().unwrap();
        let said =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        let errors: Vec<u32> = said
            .lines()
            .filter_map(|line| line.strip_prefix("error ")?.split(' ').next()?.parse().ok())
            .collect();
        assert_eq!(output.status.success(), errors.is_empty(), "{said}");
        errors
    }
}

/// The exit code that says the same as openssl's first number (openssl-verify(1)).
pub(super) fn exit_for(errors: &[u32]) -> i32 {
    match errors.first() {
        None => 0,
        Some(10) => 11,
        Some(9) => 13,
        Some(23) => 12,
        // Lists: none at hand, another's signature, not begun, ended, another scope, unknown extensions, no right.
        Some(3 | 8 | 11 | 12 | 33 | 35 | 36 | 44 | 54) => 15,
        Some(_) => 14,
    }
}
