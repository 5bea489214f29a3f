//! A SoftHSM of one test, with tokens in it, and what `pkcs11-tool` sees there.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use tempfile::TempDir;

use crate::support::{
    platform::workplace,
    terminal::{Call, certreq},
    tools,
};

pub(crate) const PIN: &str = "273 519";
const SO_PIN: &str = "87654321";

/// Places of the Debian package and of others.
const MODULES: [&str; 3] =
    ["/usr/lib/softhsm/libsofthsm2.so", "/usr/lib64/pkcs11/libsofthsm2.so", "/usr/lib/pkcs11/libsofthsm2.so"];

pub(crate) struct SoftHsm {
    home: TempDir,
}

/// A key object, as `pkcs11-tool` lists it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Object {
    pub(crate) label: String,
    /// Hexadecimal.
    pub(crate) id: String,
    pub(crate) access: String,
}

impl SoftHsm {
    /// With one token called `lab`; `None` where SoftHSM or `pkcs11-tool` is missing.
    #[track_caller]
    pub(crate) fn new() -> Option<Self> {
        if !tools::present(&["softhsm2-util", "pkcs11-tool"]) {
            return None;
        }
        let home = workplace();
        fs::create_dir(home.path().join("tokens")).unwrap();
        let tokens = home.path().join("tokens").display().to_string();
        let config =
            format!("directories.tokendir = {tokens}\nobjectstore.backend = file\nlog.level = ERROR\n");
        fs::write(home.path().join("softhsm2.conf"), config).unwrap();
        let hsm = Self { home };
        hsm.add("lab");
        Some(hsm)
    }

    /// One more token.
    pub(crate) fn add(&self, label: &str) {
        let args = ["--init-token", "--free", "--label", label, "--pin", PIN, "--so-pin", SO_PIN];
        let made =
            Command::new("softhsm2-util").args(args).env("SOFTHSM2_CONF", self.config()).output().unwrap();
        assert!(made.status.success(), "{}", String::from_utf8_lossy(&made.stderr));
    }

    pub(crate) fn path(&self) -> &Path {
        self.home.path()
    }

    pub(crate) fn config(&self) -> PathBuf {
        self.home.path().join("softhsm2.conf")
    }

    pub(crate) fn module() -> &'static str {
        MODULES.into_iter().find(|path| Path::new(path).exists()).expect("SoftHSM's module is there")
    }

    /// Its module, where it is installed.
    pub(crate) fn here() -> Option<&'static str> {
        tools::present(&["softhsm2-util"]).then(Self::module)
    }

    /// As `--key-store` takes it.
    pub(crate) fn store(token: &str) -> String {
        format!("pkcs11:token={token}?module-path={}", Self::module())
    }

    /// certreq in the SoftHSM's directory, which knows the PIN.
    pub(crate) fn certreq(&self) -> Call {
        self.without_pin().env("CERTREQ_PIN", PIN)
    }

    pub(crate) fn without_pin(&self) -> Call {
        certreq(self.path()).env("SOFTHSM2_CONF", self.config())
    }

    /// Runs pkcs11-tool, logged in.
    #[track_caller]
    pub(crate) fn tool(&self, args: &[&str]) -> String {
        let login = ["--module", Self::module(), "--login", "--pin", PIN];
        let output = Command::new("pkcs11-tool")
            .args(login)
            .args(args)
            .env("SOFTHSM2_CONF", self.config())
            .output()
            .unwrap();
        let said = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(output.status.success(), "{args:?}: {said}{}", String::from_utf8_lossy(&output.stderr));
        said
    }

    /// The private keys of a token, sorted.
    #[track_caller]
    pub(crate) fn private_keys(&self, token: &str) -> Vec<Object> {
        listed(&self.tool(&["--token-label", token, "--list-objects", "--type", "privkey"]))
    }

    /// Their ids, sorted.
    #[track_caller]
    pub(crate) fn ids(&self, token: &str) -> Vec<String> {
        let mut ids: Vec<String> = self.private_keys(token).into_iter().map(|key| key.id).collect();
        ids.sort();
        ids
    }

    #[track_caller]
    pub(crate) fn public_keys(&self, token: &str) -> Vec<Object> {
        listed(&self.tool(&["--token-label", token, "--list-objects", "--type", "pubkey"]))
    }
}

pub(super) fn listed(text: &str) -> Vec<Object> {
    let mut objects = Vec::new();
    let (mut label, mut id) = (String::new(), String::new());
    for line in text.lines().map(str::trim) {
        if let Some(value) = line.strip_prefix("label:") {
            value.trim().clone_into(&mut label);
        } else if let Some(value) = line.strip_prefix("ID:") {
            value.trim().clone_into(&mut id);
        } else if let Some(access) = line.strip_prefix("Access:") {
            let access = access.trim().to_owned();
            objects.push(Object { label: std::mem::take(&mut label), id: std::mem::take(&mut id), access });
        }
    }
    objects.sort();
    objects
}

/// The ids of the keys that a journal says are in a token, sorted.
pub(crate) fn accounted(hsm: &SoftHsm, dir: &str) -> Vec<String> {
    let lines =
        hsm.certreq().args(["status", "--journal", "--format", "json", "--dir", dir]).run().exits(0).json();
    let mut last = std::collections::BTreeMap::new();
    for line in lines.iter().filter(|line| line["event"] == "object") {
        last.insert(line["uri"].as_str().unwrap().to_owned(), line["object"].as_str().unwrap().to_owned());
    }
    let mut ids: Vec<String> =
        last.into_iter().filter(|(_, step)| step != "removed").map(|(uri, _)| id_of(&uri)).collect();
    ids.sort();
    ids
}

/// The id in a URI, in hexadecimal.
pub(crate) fn id_of(uri: &str) -> String {
    let uri: certreq::pki::token_uri::TokenUri = uri.parse().unwrap();
    certreq::pki::token_uri::hexadecimal(&uri.id.unwrap())
}
