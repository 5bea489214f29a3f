//! Which device directories are meant, and the authority beside each.

use std::{
    collections::HashMap,
    io,
    path::{Path, PathBuf},
    sync::Arc,
};

use super::Plan;
use crate::{
    custody,
    device_id::DeviceId,
    evidence::{beside, bundle},
    failure::Failure,
    fleet::{
        anchor,
        layout::{CERTIFICATE_FILE, KEY_FILE, Layout},
        named, scan,
    },
    pki::{
        certificate::Certificate,
        crl::{self, Crl},
        pem,
    },
};

/// No file of revocation lists is larger.
const LIMIT: u64 = 64 * 1024 * 1024;

/// One device directory.
#[derive(Debug)]
pub(super) struct Device {
    /// As messages name it.
    pub(super) label: String,
    pub(super) directory: PathBuf,
    /// The device it must be for; `None` when its name does not say.
    pub(super) id: Option<DeviceId>,
}

/// Everything that was named; at least one.
pub(super) fn find(plan: &Plan) -> Result<Vec<Device>, Failure> {
    let mut devices: Vec<Device> = Vec::new();
    for input in &plan.inputs {
        for device in of_input(input, &plan.dir)? {
            // Named twice, by id and by directory: still one device.
            if !devices.iter().any(|known| known.directory == device.directory) {
                devices.push(device);
            }
        }
    }
    Ok(devices)
}

fn of_input(input: &str, dir: &Path) -> Result<Vec<Device>, Failure> {
    let layout = Layout::new(dir);
    if let Ok(id) = input.parse::<DeviceId>() {
        let directory = layout.device(&id);
        if directory.is_dir() {
            return Ok(vec![Device { label: id.to_string(), directory, id: Some(id) }]);
        }
    }
    let path = named::of_file(Path::new(input)).unwrap_or_else(|| PathBuf::from(input));
    let path = path.as_path();
    if !path.is_dir() {
        let looked = dir.display();
        return Err(Failure::failed(format!(
            "{input}: no device has this id in {looked}, and no directory this name"
        ))
        .hint("give the directory with the device directories: --dir DIR"));
    }
    if path.join(CERTIFICATE_FILE).exists() || path.join(KEY_FILE).exists() {
        let id = beside::device_id(path);
        return Ok(vec![Device { label: input.to_owned(), directory: path.to_owned(), id }]);
    }
    let fleet = Layout::new(path);
    let ids = scan::devices(&fleet).map_err(|error| Failure::failed(error.to_string()))?;
    if ids.is_empty() {
        return Err(Failure::failed(format!("{input}: it holds no pair and no device directory")));
    }
    let device = |id: DeviceId| Device { label: id.to_string(), directory: fleet.device(&id), id: Some(id) };
    Ok(ids.into_iter().map(device).collect())
}

/// Content of a fleet's `ca` directory.
#[derive(Debug, Default)]
pub(super) struct Authority {
    /// Where the roots were looked for.
    pub(super) place: PathBuf,
    pub(super) roots: Vec<Certificate>,
    /// PEM.
    pub(super) revocation_list: Option<String>,
}

/// The authorities of fleets, each read once.
#[derive(Debug)]
pub(super) struct Roots {
    named: Option<PathBuf>,
    known: HashMap<PathBuf, Arc<Authority>>,
}

impl Roots {
    pub(super) fn new(plan: &Plan) -> Self {
        Self { named: plan.ca.clone(), known: HashMap::new() }
    }

    /// Of the fleet a device directory belongs to.
    pub(super) fn of(&mut self, device: &Path) -> Result<Arc<Authority>, Failure> {
        let fleet = match device.parent() {
            Some(parent) if device.file_name().is_some() => parent.to_owned(),
            // `.` and `..` have no parent by name.
            _ => device.join(".."),
        };
        if let Some(known) = self.known.get(&fleet) {
            return Ok(Arc::clone(known));
        }
        let authority = Arc::new(self.read(&fleet)?);
        self.known.insert(fleet, Arc::clone(&authority));
        Ok(authority)
    }

    fn read(&self, fleet: &Path) -> Result<Authority, Failure> {
        let layout = Layout::new(if fleet.as_os_str().is_empty() { Path::new(".") } else { fleet });
        let list = layout.ca_revocation_list();
        let revocation_list = revocation_list(&list)
            .map_err(|why| Failure::failed(format!("{} cannot be used: {why}", list.display())))?;
        let (place, roots) = match &self.named {
            Some(file) => {
                let read = bundle::certificates(file);
                let failed = |error| Failure::failed(format!("--ca {}: {error}", file.display()));
                (file.clone(), read.map_err(failed)?)
            }
            None => (
                layout.ca_certificate(),
                anchor::read(&layout).map_err(|error| Failure::failed(error.to_string()))?.unwrap_or_default(),
            ),
        };
        Ok(Authority { place, roots, revocation_list })
    }
}

/// The lists of a PEM file, re-written as they were read: other content of the file is not passed on.
fn revocation_list(path: &Path) -> Result<Option<String>, String> {
    let text = match custody::read_text(path, LIMIT) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        Err(error) => return Err(error.to_string()),
    };
    let lists = pem::decode_all(crl::LABEL, &text).map_err(|error| error.to_string())?;
    let mut whole = String::with_capacity(text.len());
    for der in lists {
        let list = Crl::from_der(der).map_err(|error| error.to_string())?;
        whole.push_str(&pem::encode(crl::LABEL, list.der()));
    }
    Ok(Some(whole))
}
