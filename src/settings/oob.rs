//! Settings of `certreq oob` and `certreq discover`.

use std::time::SystemTime;

use zeroize::Zeroizing;

use super::{client, duration, idprov, oob_list, place, secret};
use crate::{
    cli::{
        issue::Format,
        oob::{AddArgs, ApproveArgs, DiscoverArgs, ListArgs, OperatorArgs, RemoveArgs, Show},
    },
    commands::{
        oob::{self, Door, Given},
        serve::{OPERATOR_CERTIFICATE, OPERATOR_KEY, OPERATOR_ROOT},
    },
    device_id::DeviceId,
    failure::Failure,
    fleet::id_list,
    output::Ui,
    pki::{
        idprov::{OobSecret, hub::Approval},
        time::Time,
    },
};

/// Resolves the arguments of `oob add`.
///
/// # Errors
/// Usage failures, and files that cannot be read.
pub fn add(args: &AddArgs, ui: &Ui) -> Result<oob::Add, Failure> {
    let valid_until = valid_until(args.valid_for.as_deref())?;
    let given = match (&args.from, &args.generate) {
        (Some(path), _) => {
            secret::warn_of_others(path, ui);
            let listed = oob_list::read(path)?.into_iter().map(|one| {
                let own = Some(one.valid_until).filter(|text| !text.is_empty());
                OobSecret {
                    device_id: one.device.to_string(),
                    secret: one.secret,
                    valid_until: own.unwrap_or_else(|| valid_until.clone()),
                }
            });
            Given::Secrets(listed.collect())
        }
        (None, Some(file)) => Given::Made {
            devices: ids(&args.devices)?,
            valid_until,
            file: file.clone(),
            show: args.show.map(|show| match show {
                Show::Text => oob::Show::Text,
                Show::Qr => oob::Show::Qr,
            }),
        },
        (None, None) => Given::Secrets(vec![one(args, valid_until, ui)?]),
    };
    Ok(oob::Add { door: door(&args.operator)?, given, json: args.operator.format == Format::Json })
}

fn one(args: &AddArgs, valid_until: String, ui: &Ui) -> Result<OobSecret, Failure> {
    let devices = ids(&args.devices)?;
    let [device] = devices.as_slice() else {
        return Err(Failure::usage("a secret is for one device: give exactly one")
            .hint("secrets of many devices: --from FILE; new ones: --generate FILE"));
    };
    let sources = secret::Sources {
        file: args.oob_secret_file.as_deref(),
        variable: "CERTREQ_OOB_SECRET",
        credential: "certreq.oob-secret",
        ..secret::Sources::default()
    };
    let found = match secret::find(&sources, ui)? {
        Some(found) => Some(found),
        None => secret::ask(&format!("Secret of {device}: "))?,
    };
    let found: Zeroizing<String> = found.ok_or_else(|| {
        Failure::usage("no secret given, and no terminal to ask for it")
            .hint("use --oob-secret-file FILE, or --oob-secret-file - to read stdin; new ones: --generate FILE")
    })?;
    Ok(OobSecret { device_id: device.to_string(), secret: found, valid_until })
}

/// As it travels; empty for the server's own limit.
fn valid_until(text: Option<&str>) -> Result<String, Failure> {
    let Some(text) = text else { return Ok(String::new()) };
    if text.len() >= 10 && text.starts_with(|c: char| c.is_ascii_digit()) && text.contains('-') {
        // A date is for the server to read.
        return Ok(text.to_owned());
    }
    let life = i64::try_from(duration::parse("--valid-for", text)?.as_secs()).unwrap_or(i64::MAX);
    Ok(Time::from(SystemTime::now()).plus(life).to_string())
}

/// Resolves the arguments of `oob list`.
///
/// # Errors
/// Usage failures, and files that cannot be read.
pub fn list(args: &ListArgs) -> Result<(Door, bool), Failure> {
    Ok((door(&args.operator)?, args.operator.format == Format::Json))
}

/// Resolves the arguments of `oob remove`.
///
/// # Errors
/// Usage failures, and files that cannot be read.
pub fn remove(args: &RemoveArgs) -> Result<(Door, Vec<DeviceId>, bool), Failure> {
    Ok((door(&args.operator)?, ids(&args.devices)?, args.operator.format == Format::Json))
}

/// Resolves the arguments of `oob approve`.
///
/// # Errors
/// Usage failures, and files that cannot be read.
pub fn approve(args: &ApproveArgs) -> Result<(Door, DeviceId, Approval), Failure> {
    let device = DeviceId::wide(&args.device).map_err(|error| Failure::usage(error.to_string()))?;
    let key: crate::pki::fingerprint::Fingerprint =
        args.fingerprint.parse().map_err(|error| Failure::usage(format!("{error}")))?;
    let approval = Approval { device_id: device.to_string(), fingerprint: key.to_string() };
    Ok((door(&args.operator)?, device, approval))
}

/// Resolves the arguments of `discover`.
///
/// # Errors
/// A usage failure for an invalid time.
pub fn discover(args: &DiscoverArgs) -> Result<oob::Discover, Failure> {
    Ok(oob::Discover { search: duration::parse("--search", &args.search)?, json: args.format == Format::Json })
}

fn ids(texts: &[String]) -> Result<Vec<DeviceId>, Failure> {
    let mut ids = Vec::new();
    for text in texts {
        ids.extend(id_list::from_commas(text).map_err(|error| Failure::usage(error.to_string()))?);
    }
    Ok(id_list::without_duplicates(ids))
}

/// Where the operator works, and as whom.
fn door(args: &OperatorArgs) -> Result<Door, Failure> {
    let mut options = idprov::named(&args.platform)?.ok_or_else(|| {
        Failure::usage("no server given")
            .hint("name it: --idprov HOST[:PORT]; certreq discover lists those here")
    })?;
    let of = |name: &str| args.operator.as_ref().map(|directory| directory.join(name));
    let (cert, key) = match (&args.cert, &args.key) {
        (Some(cert), Some(key)) => (Some(cert.clone()), Some(key.clone())),
        _ => (of(OPERATOR_CERTIFICATE), of(OPERATOR_KEY)),
    };
    let root = of(OPERATOR_ROOT).filter(|path| options.cacerts.is_empty() && path.exists());
    if let Some(path) = root {
        options.cacerts = place::certificates("--operator", &path)?;
    }
    let holder = client::holder((cert.as_deref(), key.as_deref()), ("--cert", "--key"))?;
    let holder =
        holder.ok_or_else(|| Failure::usage("the operator's certificate is missing: --operator DIR"))?;
    Ok(Door { options, holder })
}
