//! Where a source lies: its directory is opened once, and the certificate and the key beside it are read through it.

use std::{
    io,
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use crate::{
    device_id::DeviceId,
    evidence::{
        beside,
        input::Source,
        read::{self, ReadError},
    },
    fleet::{
        folder::{Folder, NoFolder, Part},
        layout::{CERTIFICATE_FILE, KEY_FILE},
        pair::{KeyFault, KeyFile},
    },
    pki::lint::{Code, Exposed, KeyBeside},
};

/// The directory of a source.
#[derive(Default)]
pub(super) struct Place {
    pub(super) directory: Option<PathBuf>,
    /// The device that the directory is called after.
    pub(super) device: Option<DeviceId>,
    folder: Option<Result<Folder, NoFolder>>,
    /// The source is the `cert.pem` of the directory.
    is_certificate: bool,
    /// It was found while a directory was looked through: all of the pair is judged, not this one file.
    is_found: bool,
}

impl Place {
    pub(super) fn of(source: &Source) -> Self {
        let (Source::File(path) | Source::Found(path)) = source else { return Self::default() };
        let Some(directory) = beside::directory(path) else { return Self::default() };
        Self {
            device: beside::device_id(&directory),
            folder: Some(Folder::open(&directory)),
            is_certificate: path.file_name().is_some_and(|name| name == CERTIFICATE_FILE),
            directory: Some(directory),
            is_found: matches!(source, Source::Found(_)),
        }
    }

    /// It is the certificate of a device's pair: any other content is a fault.
    pub(super) fn is_pair(&self) -> bool {
        self.is_certificate && self.device.is_some()
    }

    /// It is a device's, and no certificate is there.
    pub(super) fn lacks_certificate(&self) -> bool {
        let Some(Ok(folder)) = &self.folder else { return false };
        self.device.is_some() && matches!(folder.read(Path::new(CERTIFICATE_FILE), read::LIMIT), Part::Missing)
    }

    /// The bytes of the source. Other files than a device's pair may be links or pipes.
    pub(super) fn read(&self, path: &Path) -> Result<Zeroizing<Vec<u8>>, ReadError> {
        let other = |why: String| ReadError::Io(io::Error::other(why));
        let folder = match &self.folder {
            Some(Ok(folder)) if self.is_certificate => folder,
            Some(Err(error)) if self.is_pair() => {
                return Err(other(format!("the directory {error}")));
            }
            _ => return read::file(path),
        };
        let name = Path::new(CERTIFICATE_FILE);
        let part =
            if self.is_pair() { folder.read(name, read::LIMIT) } else { folder.read_linked(name, read::LIMIT) };
        match part {
            Part::Read { bytes, .. } => Ok(bytes),
            Part::Unusable(why) if self.is_pair() => Err(other(format!("it {why}"))),
            // It may be a pipe; and the system's own words name every other trouble.
            _ => read::file(path),
        }
    }

    /// The key beside it. A file that was named may lie without one, a device's pair may not.
    pub(super) fn key(&self, directory: &Path) -> Option<KeyBeside> {
        let Some(Ok(folder)) = &self.folder else { return None };
        let file = KeyFile::of(folder);
        let key = match file.facts() {
            Ok(facts) => Ok(Some(facts)),
            Err(KeyFault::Kind) => Ok(None),
            Err(KeyFault::Missing) if !(self.is_pair() && self.is_found) => return None,
            Err(fault) => Err((code(&fault), fault.to_string())),
        };
        let place = directory.join(KEY_FILE).display().to_string();
        let exposed = |_| if file.is_handed_over() { Exposed::HandedOver } else { Exposed::Open };
        let exposed = file.exposed_mode().map(exposed);
        Some(KeyBeside { place, key, exposed })
    }
}

fn code(fault: &KeyFault) -> Code {
    match fault {
        KeyFault::Missing => Code::KeyMissing,
        KeyFault::Empty => Code::KeyEmpty,
        KeyFault::Encrypted => Code::KeyEncrypted,
        KeyFault::Denied
        | KeyFault::Unusable(_)
        | KeyFault::NotAKey(_)
        | KeyFault::Kind
        | KeyFault::Stays
        | KeyFault::Token(_) => Code::KeyUnreadable,
    }
}
