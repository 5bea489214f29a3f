//! Two machines that share nothing but what is carried between them.

mod hostile;
mod line;
mod refused;

use std::{
    fs,
    path::{Path, PathBuf},
};

use certreq::pki::certificate::Certificate;
use tempfile::TempDir;

use crate::support::{
    platform::workplace,
    terminal::{Call, certreq},
};

/// The machine with the keys, the one with the network, and what goes between.
struct Gap {
    inside: TempDir,
    outside: TempDir,
    carried: TempDir,
}

impl Gap {
    fn new() -> Self {
        Self { inside: workplace(), outside: workplace(), carried: workplace() }
    }

    fn requests(&self) -> PathBuf {
        self.carried.path().join("requests")
    }

    fn certificates(&self) -> PathBuf {
        self.carried.path().join("certificates")
    }

    fn inside(&self, args: &[&str]) -> Call {
        certreq(self.inside.path()).args(args)
    }

    /// Makes keys and requests.
    fn begin(&self, ids: &[&str]) {
        self.inside(&["key"]).args(ids).run().exits(0);
        self.inside(&["csr", "--out"]).args([self.requests()]).run().exits(0);
    }

    /// Signs what came at the embedded authority.
    fn sign(&self) -> Call {
        self.sign_at(&["--authority", "authority"])
    }

    fn sign_at<S: AsRef<str>>(&self, platform: &[S]) -> Call {
        certreq(self.outside.path())
            .args(["issue", "--csr"])
            .args([self.requests()])
            .args(["--out".as_ref(), self.certificates().as_os_str()])
            .args(platform.iter().map(AsRef::as_ref))
    }

    /// Certificates of the embedded authority, as `certreq list` shows them.
    fn sign_list(&self) -> String {
        certreq(self.outside.path())
            .args(["list", "--authority", "authority", "--format", "json"])
            .run()
            .exits(0)
            .stdout
    }

    fn root_fingerprint(&self) -> String {
        fingerprint(&self.certificates().join("ca.pem"))
    }

    fn join(&self) -> Call {
        let pin = self.root_fingerprint();
        self.inside(&["join", "--ca-fingerprint", &pin]).args([self.certificates()])
    }
}

fn fingerprint(file: &Path) -> String {
    leaf(file).fingerprint().to_string()
}

fn leaf(file: &Path) -> Certificate {
    Certificate::all_from_pem(&fs::read_to_string(file).unwrap()).unwrap().remove(0)
}
