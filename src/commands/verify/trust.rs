//! The trusted ends of a path, for each certificate.

use std::{
    collections::{BTreeSet, HashMap},
    path::{Path, PathBuf},
};

use super::{Plan, Trust, material::Input};
use crate::{
    evidence::{bundle, roots},
    failure::Failure,
    output::Ui,
    pki::{certificate::Certificate, chain},
};

/// Anchors, and certificates that may stand between.
#[derive(Debug, Default)]
pub(super) struct Store {
    pub(super) anchors: Vec<Certificate>,
    pub(super) between: Vec<Certificate>,
}

/// The stores of a run.
#[derive(Debug)]
pub(super) struct Anchors {
    /// Named ones; `None` when every device directory has its own.
    named: Option<Store>,
    beside: HashMap<PathBuf, Result<Store, String>>,
    /// Directories that may hold a revocation list.
    places: BTreeSet<PathBuf>,
}

/// Reads every anchor once.
pub(super) fn load(plan: &Plan, inputs: &[Input], ui: &Ui) -> Result<Anchors, Failure> {
    let trust = &plan.trust;
    let mut extra = Vec::new();
    for path in &plan.intermediates {
        extra.extend(read(path, "the certificates between", ui)?);
    }
    if trust.system || !trust.ca.is_empty() {
        return named(trust, extra, ui);
    }
    let mut anchors = Anchors { named: None, beside: HashMap::new(), places: BTreeSet::new() };
    for input in inputs {
        let Some(ca) = input.ca() else {
            if input.material(plan).is_err() {
                continue;
            }
            return Err(Failure::usage("no trusted root: give --ca FILE or --system-roots")
                .hint("only device directories have a root of their own"));
        };
        anchors.beside.entry(ca.clone()).or_insert_with(|| {
            let certificates =
                bundle::certificates(&ca).map_err(|error| format!("the root {}: {error}", ca.display()))?;
            store(certificates, &extra, trust.partial)
        });
        anchors.places.extend(ca.parent().map(Path::to_path_buf));
    }
    Ok(anchors)
}

fn named(trust: &Trust, extra: Vec<Certificate>, ui: &Ui) -> Result<Anchors, Failure> {
    let mut certificates = Vec::new();
    let mut places = BTreeSet::new();
    for path in &trust.ca {
        certificates.extend(read(path, "the root certificates", ui)?);
        let directory = if path.is_dir() { Some(path.as_path()) } else { path.parent() };
        places.extend(directory.map(Path::to_path_buf));
    }
    let mut named = Store { anchors: Vec::new(), between: extra };
    if !certificates.is_empty() {
        named = store(certificates, &named.between, trust.partial).map_err(Failure::failed)?;
    }
    if trust.system {
        named.anchors.extend(roots::system().map_err(Failure::failed)?);
    }
    Ok(Anchors { named: Some(named), beside: HashMap::new(), places })
}

/// A file of a directory that cannot be read does not hide the others; one that was named itself is an error.
fn read(path: &Path, what: &str, ui: &Ui) -> Result<Vec<Certificate>, Failure> {
    let read = bundle::readable_certificates(path)
        .map_err(|error| Failure::failed(format!("{what} cannot be read from {}: {error}", path.display())))?;
    for why in read.unread {
        ui.warn(&format!("a certificate is not used: {why}"));
    }
    Ok(read.items)
}

/// Only self-signed certificates end a path, as in openssl, unless that was asked for.
fn store(certificates: Vec<Certificate>, extra: &[Certificate], partial: bool) -> Result<Store, String> {
    let (anchors, others) = if partial { (certificates, Vec::new()) } else { chain::self_signed(certificates) };
    if anchors.is_empty() {
        return Err(
            "the trusted certificates include no self-signed one: give their root, too, or --partial-chain"
                .to_owned(),
        );
    }
    Ok(Store { anchors, between: others.into_iter().chain(extra.iter().cloned()).collect() })
}

impl Anchors {
    /// The store for one certificate.
    pub(super) fn of(&self, input: &Input) -> Result<&Store, String> {
        if let Some(named) = &self.named {
            return Ok(named);
        }
        let beside = input.ca().and_then(|ca| self.beside.get(&ca));
        beside.ok_or_else(|| "it has no root certificate".to_owned())?.as_ref().map_err(Clone::clone)
    }

    /// `crl.pem` in every directory that holds an anchor, where there is one.
    pub(super) fn lists_beside(&self) -> impl Iterator<Item = PathBuf> {
        self.places.iter().map(|place| place.join("crl.pem")).filter(|path| path.exists())
    }

    /// The fleets whose journals may know the certificates: of device directories, and of anchors in a `ca` directory.
    pub(super) fn fleets(&self, inputs: &[Input]) -> BTreeSet<PathBuf> {
        let mut places: BTreeSet<PathBuf> =
            inputs.iter().filter_map(Input::ca).filter_map(|ca| ca.parent().map(Path::to_path_buf)).collect();
        places.extend(self.places.iter().filter(|place| place.ends_with("ca")).cloned());
        places.iter().filter_map(|place| place.parent()).map(Path::to_path_buf).collect()
    }
}
