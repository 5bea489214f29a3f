//! Files that were carried back: certificates of devices, the issuers between them and a root, and the root.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    enroll::DeviceFailure,
    evidence::read,
    failure::{Exit, Failure},
    fleet::carried,
    output::escape,
    pki::{certificate::Certificate, sniff},
};

/// Names that files of certificates have; others in a directory are left alone.
const ENDINGS: [&str; 5] = ["pem", "crt", "cer", "der", "p7b"];

/// A file may hold the certificates of a whole fleet; more is something else.
const LIMIT: u64 = 16 * 1024 * 1024;

/// A device's certificate and its issuers.
pub(super) struct Piece {
    pub(super) file: String,
    pub(super) leaf: Certificate,
    issuers: Vec<Certificate>,
}

impl Piece {
    /// Leaf first.
    pub(super) fn pem(&self) -> String {
        std::iter::once(&self.leaf).chain(&self.issuers).map(Certificate::to_pem).collect()
    }
}

/// Content of the files that were carried back.
pub(super) struct Parcel {
    pub(super) pieces: Vec<Piece>,
    /// The first, which is the newest, of `ca.pem`.
    pub(super) root: Option<Certificate>,
    /// Files that hold no certificate, and why.
    pub(super) unusable: Vec<(String, DeviceFailure)>,
}

/// Reads the files and directories.
///
/// # Errors
/// When a directory cannot be listed, or roots differ.
pub(super) fn open(paths: &[PathBuf]) -> Result<Parcel, Failure> {
    let mut parcel = Parcel { pieces: Vec::new(), root: None, unusable: Vec::new() };
    for path in paths {
        if path.is_dir() {
            for file in listed(path)? {
                parcel.add(&file)?;
            }
        } else {
            parcel.add(path)?;
        }
    }
    Ok(parcel)
}

fn listed(directory: &Path) -> Result<Vec<PathBuf>, Failure> {
    let failed = |error: io::Error| Failure::failed(format!("{}: {error}", directory.display()));
    let mut found = Vec::new();
    for entry in fs::read_dir(directory).map_err(failed)? {
        let file = entry.map_err(failed)?.path();
        let ending = file.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
        if file.is_file() && ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) {
            found.push(file);
        }
    }
    found.sort_unstable();
    if found.is_empty() {
        return Err(Failure::failed(format!("there is no certificate in {}", directory.display()))
            .hint("certreq issue --csr writes <id>.pem and ca.pem into the directory of --out"));
    }
    Ok(found)
}

impl Parcel {
    fn add(&mut self, path: &Path) -> Result<(), Failure> {
        let file = escape::line(&path.display().to_string());
        let certificates = match certificates(path) {
            Ok(certificates) => certificates,
            Err(why) => {
                let failure =
                    DeviceFailure::new(Exit::Failed, why).hint("nothing of it was used; copy it again");
                self.unusable.push((file, failure));
                return Ok(());
            }
        };
        let is_root = path.file_name().is_some_and(|name| name == carried::ROOTS_FILE);
        let (issuers, leaves): (Vec<_>, Vec<_>) = certificates.into_iter().partition(|one| one.is_ca);
        if leaves.is_empty() && !is_root && issuers.iter().any(|one| one.subject != one.issuer) {
            let failure = DeviceFailure::new(Exit::Unsafe, "it holds CA certificates only, and no device's");
            self.unusable.push((file, failure));
            return Ok(());
        }
        if leaves.is_empty() {
            return self.take_root(issuers.into_iter().next(), &file);
        }
        for leaf in leaves {
            self.pieces.push(Piece { file: file.clone(), leaf, issuers: issuers.clone() });
        }
        Ok(())
    }

    fn take_root(&mut self, root: Option<Certificate>, file: &str) -> Result<(), Failure> {
        match (&self.root, root) {
            (Some(first), Some(second)) if *first != second => {
                Err(Failure::new(Exit::Unsafe, format!("{file} holds another root than the one before it"))
                    .hint("nothing was written; join the certificates of one platform at a time"))
            }
            (None, root) => {
                self.root = root;
                Ok(())
            }
            _ => Ok(()),
        }
    }
}

/// Every certificate of a file, at least one; or why it cannot be used.
fn certificates(path: &Path) -> Result<Vec<Certificate>, String> {
    if fs::metadata(path).is_ok_and(|metadata| metadata.len() > LIMIT) {
        return Err(format!("it is larger than {} MiB", LIMIT >> 20));
    }
    let bytes = read::file(path).map_err(|error| error.to_string())?;
    sniff::certificates(&bytes, None).map_err(|error| error.to_string())
}
