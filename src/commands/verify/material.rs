//! From what was named to certificates: files, device directories, fleets, servers.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::{Input, Plan};
use crate::{
    fleet::{
        device_id::DeviceId,
        layout::{CERTIFICATE_FILE, KEY_FILE, Layout},
    },
    pki::certificate::Certificate,
    sources::{
        bundle,
        endpoint::{self, Endpoint, Options},
    },
};

/// One thing to verify, or why it cannot be.
#[derive(Debug)]
pub(super) struct Gathered {
    pub(super) label: String,
    pub(super) material: Result<Material, String>,
}

/// A certificate and what is known about it.
#[derive(Debug)]
pub(super) struct Material {
    pub(super) leaf: Certificate,
    /// What came with it.
    pub(super) others: Vec<Certificate>,
    /// The file with its private key.
    pub(super) key: Option<PathBuf>,
    /// The id its directory is named after.
    pub(super) device: Option<DeviceId>,
    /// `ca/ca.pem` beside its directory, whether it is there or not.
    pub(super) ca: Option<PathBuf>,
    /// Something odd about where it came from.
    pub(super) remark: Option<String>,
}

pub(super) fn gather(plan: &Plan) -> Vec<Gathered> {
    plan.inputs
        .iter()
        .flat_map(|input| match input {
            Input::Server(server) => vec![from_server(server, plan)],
            Input::Path(path) if path.is_dir() => from_directory(path, plan),
            Input::Path(path) => vec![from_file(path, plan)],
        })
        .collect()
}

fn from_server(server: &Endpoint, plan: &Plan) -> Gathered {
    let options = Options { server_name: plan.server_name.clone(), timeout: plan.timeout, client: None };
    let material = endpoint::fetch(server, options).map_err(|error| error.to_string()).and_then(|presented| {
        let chain = presented
            .chain
            .into_iter()
            .map(|der| Certificate::from_der(der).map_err(|error| error.to_string()))
            .collect::<Result<Vec<_>, _>>()?;
        let mut material = of_chain(chain)?;
        material.key.clone_from(&plan.key);
        if !presented.key_proven {
            material.remark = Some("the server did not prove that it has the private key".to_owned());
        }
        Ok(material)
    });
    Gathered { label: server.to_string(), material }
}

/// A device directory, or every device directory of a fleet.
fn from_directory(path: &Path, plan: &Plan) -> Vec<Gathered> {
    if path.join(CERTIFICATE_FILE).exists() {
        return vec![from_device(path, plan)];
    }
    let nothing = |why: String| vec![Gathered { label: label(path), material: Err(why) }];
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) => return nothing(error.to_string()),
    };
    let mut devices: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| device_of(path).is_some() && path.is_dir())
        .collect();
    if devices.is_empty() {
        return nothing("there is no certificate in it, and no device directory".to_owned());
    }
    devices.sort();
    devices.iter().map(|device| from_device(device, plan)).collect()
}

fn from_device(directory: &Path, plan: &Plan) -> Gathered {
    let material = read(&directory.join(CERTIFICATE_FILE)).map(|material| beside(material, directory));
    Gathered { label: label(directory), material: material.map(|material| with_key(material, plan)) }
}

/// The first certificate of a file; the others help to build its path. In a directory `cert_<id>` it is that
/// device's, as if the directory had been named.
fn from_file(path: &Path, plan: &Plan) -> Gathered {
    let material = read(path).map(|material| match path.parent().and_then(named_directory) {
        Some(directory) if path.ends_with(CERTIFICATE_FILE) && device_of(&directory).is_some() => {
            beside(material, &directory)
        }
        _ => material,
    });
    Gathered { label: label(path), material: material.map(|material| with_key(material, plan)) }
}

fn read(path: &Path) -> Result<Material, String> {
    bundle::certificates(path).map_err(|error| error.to_string()).and_then(of_chain)
}

/// What the directory of a device knows: its key, its name, the root beside it.
fn beside(mut material: Material, directory: &Path) -> Material {
    material.key = Some(directory.join(KEY_FILE)).filter(|key| key.exists());
    if let Some(directory) = named_directory(directory) {
        material.device = device_of(&directory);
        material.ca = directory.parent().map(|fleet| Layout::new(fleet).ca_certificate());
    }
    material
}

fn with_key(mut material: Material, plan: &Plan) -> Material {
    material.key = plan.key.clone().or(material.key);
    material
}

/// The directory under a path that tells its name: `.` and `..` do not.
fn named_directory(directory: &Path) -> Option<PathBuf> {
    match directory.file_name() {
        Some(_) => Some(directory.to_path_buf()),
        None if directory.as_os_str().is_empty() => fs::canonicalize(".").ok(),
        None => fs::canonicalize(directory).ok(),
    }
}

fn device_of(directory: &Path) -> Option<DeviceId> {
    directory.file_name()?.to_str()?.strip_prefix("cert_")?.parse().ok()
}

fn of_chain(chain: Vec<Certificate>) -> Result<Material, String> {
    let mut chain = chain.into_iter();
    let leaf = chain.next().ok_or_else(|| "there is no certificate".to_owned())?;
    Ok(Material { leaf, others: chain.collect(), key: None, device: None, ca: None, remark: None })
}

fn label(path: &Path) -> String {
    if path == Path::new("-") { "standard input".to_owned() } else { path.display().to_string() }
}
