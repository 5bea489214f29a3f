//! `certreq oob add`: secrets brought to a server, given or made here.

use std::{
    fs::OpenOptions,
    io::Write as _,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use aws_lc_rs::rand;
use futures_util::{StreamExt, stream};
use zeroize::Zeroizing;

use super::{Door, SCHEMA, done, failure, show};
use crate::{
    commands::outcomes::{Run, State},
    device_id::DeviceId,
    failure::{Exit, Failure},
    output::{Ui, count, escape},
    pki::idprov::{OobSecret, strength},
    platform::{PlatformError, idprov::Operator},
};

/// Secrets on their way at the same time.
const AT_ONCE: usize = 16;

/// Letters and digits that are not taken for one another, and no vowels that make words: 5 bits each.
const ALPHABET: &[u8; 32] = b"23456789bcdfghjkmnpqrstvwxyzBDGH";
/// Characters of a secret: 26 of 5 bits are 130.
const LENGTH: usize = 26;

/// Plan of `certreq oob add`: the secrets, and the server they go to.
#[derive(Debug)]
pub struct Add {
    pub door: Door,
    pub given: Given,
    pub json: bool,
}

/// Where the secrets come from.
#[derive(Debug)]
pub enum Given {
    Secrets(Vec<OobSecret>),
    /// Made here, written to a new file, and shown only with `show`.
    Made {
        devices: Vec<DeviceId>,
        valid_until: String,
        file: PathBuf,
        show: Option<Show>,
    },
}

/// How secrets that were made are printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Show {
    Text,
    Qr,
}

/// Brings the secrets, and says how it went for each.
///
/// # Errors
/// When the server cannot be reached, or secrets that were made cannot be written down.
pub async fn add(plan: Add, ui: &Ui) -> Result<Exit, Failure> {
    let Add { door, given, json } = plan;
    let operator = door.open().await?;
    let (secrets, show) = match given {
        Given::Secrets(secrets) => {
            warn_of_weak(&secrets, ui);
            (secrets, None)
        }
        Given::Made { devices, valid_until, file, show } => {
            let made =
                devices.iter().map(|device| made(device, &valid_until)).collect::<Result<Vec<_>, _>>()?;
            // The secrets are on disk before the server has them, and before a device can rely on them.
            write(&file, &made)?;
            ui.note(&format!("the secrets are in {}", escape::line(&file.display().to_string())));
            (made, show)
        }
    };
    let mut run = Run::new(SCHEMA, json, secrets.len(), ui);
    run.watch_progress(secrets.len());
    let mut brought = stream::iter(&secrets).map(|secret| bring(&operator, secret)).buffered(AT_ONCE);
    while let Some((secret, outcome)) = brought.next().await {
        match outcome {
            Ok(device) => {
                done(&mut run, &device, State::Written, "secret added");
                if let Some(show) = show {
                    show::secret(show, secret, ui)?;
                }
            }
            Err(error) => run.failure(&secret.device_id, &failure(error)),
        }
    }
    drop(brought);
    run.rest();
    let number = run.number(State::Written);
    ui.note(&format!("{} added to {}", count(number, "secret"), escape::line(operator.place())));
    run.end(None)
}

async fn bring<'a>(
    operator: &Operator,
    secret: &'a OobSecret,
) -> (&'a OobSecret, Result<DeviceId, PlatformError>) {
    let device = DeviceId::wide(&secret.device_id)
        .map_err(|error| PlatformError::new(crate::platform::ErrorKind::Rejected, error.to_string()));
    let outcome = match device {
        Ok(device) => operator.add(&device, secret).await.map(|()| device),
        Err(error) => Err(error),
    };
    (secret, outcome)
}

fn made(device: &DeviceId, valid_until: &str) -> Result<OobSecret, Failure> {
    let mut bytes = Zeroizing::new([0; LENGTH]);
    rand::fill(bytes.as_mut_slice())
        .map_err(|_| Failure::failed("the system's random number generator failed"))?;
    let mut secret = Zeroizing::new(String::with_capacity(LENGTH));
    for byte in bytes.iter() {
        secret.push(char::from(ALPHABET.get(usize::from(byte % 32)).copied().unwrap_or(b'2')));
    }
    Ok(OobSecret { device_id: device.to_string(), secret, valid_until: valid_until.to_owned() })
}

/// A new file, for this user alone from its first byte. One that exists is never touched.
fn write(path: &Path, secrets: &[OobSecret]) -> Result<(), Failure> {
    let failed = |error: std::io::Error| {
        Failure::failed(format!("the secrets cannot be written to {}: {error}", path.display()))
            .hint("nothing was added to the server; name a file that does not exist yet")
    };
    let mut text = Zeroizing::new(String::from("id,secret,valid_until\n"));
    for OobSecret { device_id, secret, valid_until } in secrets {
        for part in [device_id, ",", secret.as_str(), ",", valid_until, "\n"] {
            text.push_str(part);
        }
    }
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(path).map_err(failed)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(failed)
}

fn warn_of_weak(secrets: &[OobSecret], ui: &Ui) {
    let weak = |one: &&OobSecret| strength::bits(&one.secret, &one.device_id) < strength::STRONG;
    let (Some(first), number) = (secrets.iter().find(weak), secrets.iter().filter(weak).count()) else {
        return;
    };
    let which = if number == 1 { String::new() } else { format!(" and of {} more", number - 1) };
    ui.warn(&format!(
        "the secret of {}{which} can be guessed by a server that only pretends to know it; --generate makes better ones",
        escape::line(&first.device_id)
    ));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn secrets_that_are_made_are_strong_and_differ() {
        let device = DeviceId::wide("dev1").unwrap();
        let (one, other) = (made(&device, "").unwrap(), made(&device, "").unwrap());
        assert_eq!(one.secret.len(), LENGTH);
        assert!(strength::bits(&one.secret, "dev1") >= strength::STRONG);
        assert_ne!(one.secret, other.secret);
    }

    #[test]
    fn a_file_of_secrets_is_its_owners_alone_and_no_file_is_overwritten() {
        use std::os::unix::fs::MetadataExt;
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("new.csv");
        let secrets = [made(&DeviceId::wide("AA:BB:CC:DD:EE:FF").unwrap(), "2030-01-01").unwrap()];
        write(&path, &secrets).unwrap();
        assert_eq!(std::fs::metadata(&path).unwrap().mode() & 0o777, 0o600);
        let text = std::fs::read_to_string(&path).unwrap();
        assert!(
            text.starts_with("id,secret,valid_until\nAA:BB:CC:DD:EE:FF,") && text.ends_with(",2030-01-01\n")
        );
        assert!(write(&path, &secrets).unwrap_err().message.contains("cannot be written"));
    }
}
