//! `certreq export`: pairs of device directories in the files other software expects.

mod devices;
mod report;

use std::{path::PathBuf, time::SystemTime};

use aws_lc_rs::rand;
use zeroize::Zeroizing;

use self::devices::{Device, Roots};
use self::report::Report;
use crate::{
    evidence::fleet_authorities::Fleets,
    failure::{Exit, Failure},
    fleet::export::{self, Content, Form, Made, Material, Sealing, SourceError, WriteError},
    output::Ui,
    pki::{pkcs12::Encryption, revocation::Revocation, time::Time},
};

/// Every decision of a run.
#[derive(Debug)]
pub struct Plan {
    /// Device ids, device directories, directories of device directories.
    pub inputs: Vec<String>,
    /// Where ids are looked for.
    pub dir: PathBuf,
    /// Where the files go; may hold `{id}`.
    pub to: String,
    pub form: Form,
    /// Roots; `ca/ca.pem` beside each device directory when none is named.
    pub ca: Option<PathBuf>,
    pub force: bool,
    pub encryption: Encryption,
    pub password: Password,
    pub json: bool,
}

/// The password of PKCS#12 files.
pub enum Password {
    Given(Zeroizing<String>),
    /// A new one for each device.
    Make,
}

impl std::fmt::Debug for Password {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Password(..)")
    }
}

/// Export of one device.
#[derive(Debug)]
struct Exported {
    material: Material,
    files: Vec<Made>,
    /// Password that was made here and is in no file: it has to be shown.
    password: Option<Zeroizing<String>>,
    /// Revocation that the fleet knows of, where the certificate is revoked or on hold.
    revoked: Option<Revocation>,
}

/// Exports one device after the other; one that fails does not stop the rest.
///
/// # Errors
/// Usage failures, and stdout that cannot be written.
pub fn run(plan: &Plan, ui: &Ui) -> Result<Exit, Failure> {
    let now = Time::from(SystemTime::now());
    let devices = devices::find(plan)?;
    if devices.len() > 1 && !export::is_apart(&plan.to, &plan.form) {
        return Err(Failure::usage(format!(
            "the files of {} devices would have the same names",
            devices.len()
        ))
        .hint(format!("put {{id}} into the directory: --out '{}/{{id}}'", plan.to.trim_end_matches('/'))));
    }
    let mut roots = Roots::new(plan);
    let fleets = Fleets::default();
    let mut report = Report::new(plan, devices.len(), now, ui);
    for device in &devices {
        report.outcome(device, one(plan, device, &mut roots, &fleets, now));
    }
    report.finish()
}

fn one(
    plan: &Plan,
    device: &Device,
    roots: &mut Roots,
    fleets: &Fleets,
    now: Time,
) -> Result<Exported, Failure> {
    let authority = roots.of(&device.directory)?;
    let mut material = export::read(&device.directory, device.id.as_ref(), &authority.roots, now)?;
    if material.root.is_none() && plan.form.needs_root() {
        return Err(Failure::failed(format!("there is no root certificate in {}", authority.place.display()))
            .hint("name the file that has it: --ca FILE"));
    }
    material.revocation_list.clone_from(&authority.revocation_list);
    let made = match &plan.password {
        Password::Make if plan.form.has(Content::P12) => Some(password()?),
        _ => None,
    };
    let given = match &plan.password {
        Password::Given(password) => Some(password),
        Password::Make => None,
    };
    let sealing = made
        .as_ref()
        .or(given)
        .map(|password| Sealing { password: password.as_str(), encryption: plan.encryption });
    let to = export::destination(&plan.to, &material.id);
    let files = export::publish(&to, &plan.form, &material, sealing.as_ref(), &device.directory, plan.force)?;
    let password = made.filter(|_| !plan.form.has(Content::Password));
    let revoked = fleets.of(&device.directory).revoked(&material.leaf, &material.intermediates, now);
    Ok(Exported { material, files, password, revoked })
}

/// A password of 25 characters that are not taken for one another: 125 bits.
fn password() -> Result<Zeroizing<String>, Failure> {
    const ALPHABET: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut bytes = Zeroizing::new([0; 25]);
    rand::fill(bytes.as_mut_slice())
        .map_err(|_| Failure::failed("the system's random number generator failed"))?;
    let mut text = Zeroizing::new(String::with_capacity(bytes.len()));
    text.extend(bytes.iter().map(|byte| char::from(ALPHABET[usize::from(byte & 31)])));
    Ok(text)
}

impl From<SourceError> for Failure {
    fn from(error: SourceError) -> Self {
        let failed = Self::failed(error.to_string());
        match error {
            SourceError::OtherKey | SourceError::OtherDevice(_) | SourceError::Path(_) => {
                Self { exit: Exit::Unsafe, ..failed }.hint("`certreq verify` has details on the directory")
            }
            SourceError::Key(crate::pki::pkcs8::Pkcs8Error::Encrypted) => {
                failed.hint("decrypt it first, with a umask of 077: openssl pkey -in OLD -out private.key")
            }
            _ => failed,
        }
    }
}

impl From<WriteError> for Failure {
    fn from(error: WriteError) -> Self {
        let failed = Self::failed(error.to_string());
        match error {
            WriteError::Exists(_) => Self { exit: Exit::Unsafe, ..failed }.hint("--force replaces it"),
            WriteError::Source(_) => {
                Self { exit: Exit::Unsafe, ..failed }.hint("choose another directory: --out DIR")
            }
            _ => failed,
        }
    }
}
