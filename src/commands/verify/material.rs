//! Certificates of the inputs: files, device directories, fleets, servers.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
};

use zeroize::Zeroizing;

use super::Plan;
use crate::{
    device_id::DeviceId,
    evidence::{
        contents,
        endpoint::{self, Endpoint, Options},
        input::{self, Directories, Named},
        read::{self, ReadError},
    },
    fleet::{
        layout::{CERTIFICATE_FILE, KEY_FILE, Layout},
        pair::{KeyFault, KeyFile, PairFault, Seen},
    },
    pki::{
        certificate::Certificate,
        facts::KeyFacts,
        sniff::{Encoding, Item, SniffError},
    },
};

/// One thing to verify.
#[derive(Debug)]
pub(super) struct Input {
    pub(super) label: String,
    source: Source,
}

/// Where its certificate is.
#[derive(Debug)]
enum Source {
    /// A device's directory.
    Directory(PathBuf),
    File(PathBuf),
    /// It is here, or cannot be read.
    Read(Result<Arc<Material>, String>),
}

impl Input {
    fn read(label: String, material: Result<Material, String>) -> Self {
        Self { label, source: Source::Read(material.map(Arc::new)) }
    }

    /// Its certificate. Files are read each time: memory does not hold all inputs of a run.
    pub(super) fn material(&self, plan: &Plan) -> Result<Arc<Material>, String> {
        let material = match &self.source {
            Source::Directory(path) => pair(path, plan),
            Source::File(path) => read(path, plan).map(|material| with_key(material, plan)),
            Source::Read(read) => return read.clone(),
        };
        material.map(Arc::new)
    }

    /// `ca/ca.pem` beside its directory, whether it is there or not.
    pub(super) fn ca(&self) -> Option<PathBuf> {
        match &self.source {
            Source::Directory(path) => ca_beside(path),
            Source::File(_) | Source::Read(_) => None,
        }
    }
}

/// A certificate and the facts known about it.
#[derive(Debug)]
pub(super) struct Material {
    pub(super) leaf: Certificate,
    /// Certificates that came with it.
    pub(super) others: Vec<Certificate>,
    /// Its private key.
    pub(super) key: Option<KeyAt>,
    /// The id its directory is named after.
    pub(super) device: Option<DeviceId>,
    /// The host it was asked of.
    pub(super) host: Option<String>,
    /// Something odd about where it came from.
    pub(super) remark: Option<String>,
    /// Oddities of the file, in words that follow its name.
    pub(super) notes: Vec<String>,
}

/// Where the private key is that should belong to the certificate.
#[derive(Debug)]
pub(super) enum KeyAt {
    File(PathBuf, KeyFile),
    /// In the same file; absent when no password opened it.
    Here(Option<KeyFacts>),
}

/// All inputs that were named. Servers are asked, and standard input is read; files are not yet.
pub(super) fn gather(plan: &Plan) -> Vec<Input> {
    plan.inputs
        .iter()
        .flat_map(|input| input::named(input, Directories::Match))
        .filter(|named| match named {
            Ok(Named::Directory(path)) => is_of_shard(path, plan),
            _ => true,
        })
        .flat_map(|named| match named {
            Ok(Named::Server(server)) => vec![from_server(&server, plan)],
            Ok(Named::Directory(path)) => from_directory(&path, plan),
            Ok(Named::File(path)) => vec![from_file(&path)],
            Ok(Named::Stdin) => {
                let label = "standard input".to_owned();
                let material = recognise(read::stdin(), &label, plan);
                vec![Input::read(label, material.map(|material| with_key(material, plan)))]
            }
            Err((label, error)) => vec![Input::read(label, Err(error.to_string()))],
        })
        .collect()
}

fn from_server(server: &Endpoint, plan: &Plan) -> Input {
    let (server_name, client) = (plan.server_name.clone(), plan.client.clone());
    let options = Options { server_name, timeout: plan.timeout, client };
    let material = endpoint::fetch(server, options).map_err(|error| error.to_string()).and_then(|presented| {
        let chain = presented
            .chain
            .into_iter()
            .map(|der| Certificate::from_der(der).map_err(|error| error.to_string()))
            .collect::<Result<Vec<_>, _>>()?;
        let mut material = with_key(of_chain(chain)?, plan);
        material.host = Some(server.host.clone());
        if !presented.key_proven {
            material.remark = Some("the server did not prove that it has the private key".to_owned());
        }
        Ok(material)
    });
    Input::read(server.to_string(), material)
}

/// A device directory, or every device directory of a fleet.
fn from_directory(path: &Path, plan: &Plan) -> Vec<Input> {
    if path.join(CERTIFICATE_FILE).exists() {
        return vec![from_device(path)];
    }
    let nothing = |why: String| vec![Input::read(path.display().to_string(), Err(why))];
    let entries = match fs::read_dir(path) {
        Ok(entries) => entries,
        Err(error) => return nothing(error.to_string()),
    };
    let mut devices: Vec<PathBuf> = entries
        .flatten()
        .map(|entry| entry.path())
        .filter(|path| device_of(path).is_some() && path.is_dir())
        .collect();
    let has_devices = !devices.is_empty();
    devices.retain(|device| is_of_shard(device, plan));
    if !has_devices {
        return nothing("there is no certificate in it, and no device directory".to_owned());
    }
    devices.sort();
    devices.iter().map(|device| from_device(device)).collect()
}

/// No directory of a device that belongs to another shard.
fn is_of_shard(directory: &Path, plan: &Plan) -> bool {
    let device = plan.shard.and_then(|shard| Some((shard, device_of(directory)?)));
    device.is_none_or(|(shard, device)| shard.holds(device.as_str()))
}

fn from_device(directory: &Path) -> Input {
    Input { label: directory.display().to_string(), source: Source::Directory(directory.to_owned()) }
}

/// Both files of a device's directory, from one look.
fn pair(directory: &Path, plan: &Plan) -> Result<Material, String> {
    let Seen { key, certificate } = Seen::at(directory).map_err(|error| format!("it {error}"))?;
    let bytes = certificate.bytes().map_err(|fault| PairFault::Certificate(fault).to_string())?;
    let label = directory.join(CERTIFICATE_FILE).display().to_string();
    let mut material = recognise(Ok(Zeroizing::new(bytes.to_vec())), &label, plan)?;
    let named = named_directory(directory);
    material.device = named.as_deref().and_then(device_of);
    // Outside a fleet a certificate may lie without its key.
    if material.device.is_some() || !matches!(key.facts(), Err(KeyFault::Missing)) {
        material.key = Some(KeyAt::File(directory.join(KEY_FILE), key));
    }
    Ok(with_key(material, plan))
}

/// The root of the fleet that a device's directory is in.
fn ca_beside(directory: &Path) -> Option<PathBuf> {
    let named = named_directory(directory)?;
    named.parent().map(|fleet| Layout::new(fleet).ca_certificate())
}

/// The first certificate of a file; the others help to build its path. In a directory `cert_<id>` it is that
/// device's, as if the directory had been named.
fn from_file(path: &Path) -> Input {
    let home = path.parent().filter(|_| path.ends_with(CERTIFICATE_FILE)).and_then(named_directory);
    let source = match home.filter(|home| device_of(home).is_some()) {
        Some(home) => Source::Directory(home),
        None => Source::File(path.to_owned()),
    };
    Input { label: path.display().to_string(), source }
}

fn read(path: &Path, plan: &Plan) -> Result<Material, String> {
    recognise(read::file(path), &path.display().to_string(), plan)
}

/// The certificates of a file, and its key, in any wrapping. A damaged part makes the whole file unreadable: the part
/// may have been decisive.
fn recognise(
    bytes: Result<Zeroizing<Vec<u8>>, ReadError>,
    label: &str,
    plan: &Plan,
) -> Result<Material, String> {
    let bytes = bytes.map_err(|error| error.to_string())?;
    let (mut chain, mut key, mut is_ordered, mut notes) = (Vec::new(), None, true, Vec::new());
    for found in contents::recognise(&bytes, plan.password.given(), || plan.password.ask(label)) {
        let found = found.map_err(|error| match error {
            SniffError::PasswordNeeded => {
                format!("{error}: give it with --password-file FILE or the variable CERTREQ_PASSWORD")
            }
            error => error.to_string(),
        })?;
        notes.extend(found.remark);
        is_ordered &= !matches!(found.encoding, Encoding::Pkcs7 | Encoding::Pkcs12);
        match found.item {
            Item::Certificate { der, .. } => {
                chain.push(Certificate::from_der(der).map_err(|error| error.to_string())?);
            }
            Item::PrivateKey(facts) => key = Some(facts.key),
            _ => {}
        }
    }
    // A bundle with the root first has no order either.
    is_ordered &= !(chain.first().is_some_and(|first| first.is_ca) && chain.iter().any(|one| !one.is_ca));
    if !is_ordered {
        own_first(&mut chain, key.as_ref().and_then(Option::as_ref));
    }
    let mut material = of_chain(chain)?;
    material.key = key.map(KeyAt::Here);
    material.notes = notes;
    Ok(material)
}

/// Bundles have no order: the certificate of the key in it is meant, or else the first that issued no other.
fn own_first(chain: &mut [Certificate], key: Option<&KeyFacts>) {
    let of_key = key.and_then(|key| chain.iter().position(|one| fits(key, one)));
    let issued_none = |one: &Certificate| {
        !chain.iter().any(|other| other.issuer == one.subject && other.fingerprint() != one.fingerprint())
    };
    if let Some(own) = of_key.or_else(|| chain.iter().position(issued_none)) {
        chain[..=own].rotate_right(1);
    }
}

/// The key is the certificate's.
pub(super) fn fits(key: &KeyFacts, certificate: &Certificate) -> bool {
    let info = KeyFacts::from_der(certificate.public_key_info());
    info.is_some_and(|info| info.is_same(key))
}

fn with_key(mut material: Material, plan: &Plan) -> Material {
    if let Some(path) = plan.key.clone() {
        let read = read::file(&path).map_err(|error| format!("cannot be read: {error}"));
        material.key = Some(KeyAt::File(path, KeyFile::from_read(read)));
    }
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
    Layout::device_of(directory.file_name()?.to_str()?)
}

fn of_chain(chain: Vec<Certificate>) -> Result<Material, String> {
    let mut chain = chain.into_iter();
    let leaf = chain.next().ok_or_else(|| "there is no certificate".to_owned())?;
    Ok(Material {
        leaf,
        others: chain.collect(),
        key: None,
        device: None,
        host: None,
        remark: None,
        notes: Vec::new(),
    })
}
