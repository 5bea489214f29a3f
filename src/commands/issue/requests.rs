//! Requests that were carried here: read, and checked before anything is asked for them.

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use crate::{
    authority::request,
    device_id::DeviceId,
    enroll::{DeviceFailure, ExternalCsr},
    evidence::read,
    failure::{Exit, Failure},
    output::escape,
    pki::{
        alt_name::{self, AltName},
        facts::{ExtensionFacts, RequestFacts},
        names::Name,
        pem,
        sniff::{self, Item},
    },
};

/// Names that files of requests have; others in a directory are left alone.
const ENDINGS: [&str; 3] = ["csr", "req", "p10"];

/// A request is some hundred octets, and a file may hold those of a whole fleet; more is something else.
const LIMIT: u64 = 4 * 1024 * 1024;

/// A request that may be sent, or why not.
pub(super) struct Carried {
    /// The device, or the file where no device can be told.
    pub(super) name: String,
    pub(super) verdict: Result<(DeviceId, ExternalCsr), DeviceFailure>,
}

/// Reads every request of the files and directories, in the order of their names. One that cannot be used does not
/// hide the others; the same request twice counts once.
pub(super) fn read_all(paths: &[PathBuf], names: &[AltName], out: &Path) -> Result<Vec<Carried>, Failure> {
    let mut carried: Vec<Carried> = Vec::new();
    for file in files(paths)? {
        for one in of_file(&file, names, out) {
            add(&mut carried, one);
        }
    }
    Ok(carried)
}

fn add(carried: &mut Vec<Carried>, one: Carried) {
    let Ok((device, ours)) = &one.verdict else { return carried.push(one) };
    let same = carried.iter().find_map(|other| match &other.verdict {
        Ok((theirs, foreign)) if theirs == device => Some(foreign.public_key_info == ours.public_key_info),
        _ => None,
    });
    let twin = carried.iter().find_map(|other| match &other.verdict {
        Ok((theirs, foreign)) if foreign.public_key_info == ours.public_key_info => Some(theirs.clone()),
        _ => None,
    });
    match (same, twin) {
        (None, Some(twin)) => {
            let message = format!("its request has the key of {twin}, and a key is for one device");
            let twice = DeviceFailure::new(Exit::Unsafe, message)
                .hint("nothing was requested for it; make a key of its own: certreq key");
            carried.push(Carried { name: one.name, verdict: Err(twice) });
        }
        (None, None) => carried.push(one),
        (Some(true), _) => {}
        (Some(false), _) => {
            let message = "there are requests with different keys for this device";
            let clash =
                || DeviceFailure::new(Exit::Unsafe, message).hint("carry only the one that counts here");
            let name = one.name;
            carried.retain(|other| !matches!(&other.verdict, Ok((theirs, _)) if theirs.as_str() == name));
            carried.push(Carried { name, verdict: Err(clash()) });
        }
    }
}

fn files(paths: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let mut found = Vec::new();
    for path in paths {
        if !path.is_dir() {
            found.push(path.clone());
            continue;
        }
        let failed = |error: io::Error| Failure::failed(format!("--csr {}: {error}", path.display()));
        let before = found.len();
        for entry in fs::read_dir(path).map_err(failed)? {
            let file = entry.map_err(failed)?.path();
            let ending = file.extension().and_then(|ending| ending.to_str()).map(str::to_ascii_lowercase);
            if file.is_file() && ending.is_some_and(|ending| ENDINGS.contains(&ending.as_str())) {
                found.push(file);
            }
        }
        if found.len() == before {
            return Err(Failure::failed(format!("there is no request in {}", path.display()))
                .hint("requests are found by the ending .csr; give files with other names one by one"));
        }
        found[before..].sort_unstable();
    }
    Ok(found)
}

fn of_file(path: &Path, names: &[AltName], out: &Path) -> Vec<Carried> {
    let shown = escape::line(&path.display().to_string());
    let failed = |why: String| Carried {
        name: shown.clone(),
        verdict: Err(DeviceFailure::new(Exit::Failed, why)
            .hint("nothing was requested for it; make the request again: certreq csr")),
    };
    if fs::metadata(path).is_ok_and(|metadata| metadata.len() > LIMIT) {
        return vec![failed(format!("it is larger than {} MiB; no request is", LIMIT >> 20))];
    }
    let bytes = match read::file(path) {
        Ok(bytes) => bytes,
        Err(error) => return vec![failed(error.to_string())],
    };
    sniff::sniff(&bytes, None)
        .into_iter()
        .map(|found| match found.map(|found| found.item) {
            Ok(Item::Request { facts, der }) => one(&facts, &der, names, out, &shown),
            Ok(Item::PrivateKey(_)) => {
                failed("it holds a private key; keys stay where they were made".to_owned())
            }
            Ok(_) => failed("it holds something else than requests".to_owned()),
            Err(error) => failed(error.to_string()),
        })
        .collect()
}

fn one(facts: &RequestFacts, der: &[u8], names: &[AltName], out: &Path, file: &str) -> Carried {
    let verdict = check(facts, der, names, out);
    let name = match (&verdict, facts.common_names.as_slice()) {
        (Ok((device, _)), _) => device.to_string(),
        (Err(_), [name]) if name.parse::<DeviceId>().is_ok() => name.clone(),
        _ => file.to_owned(),
    };
    Carried { name, verdict }
}

/// The rules of the platform, and those of this tool: one device, no more names than were allowed, no authority.
fn check(
    facts: &RequestFacts,
    der: &[u8],
    names: &[AltName],
    out: &Path,
) -> Result<(DeviceId, ExternalCsr), DeviceFailure> {
    let refuse = |why: String| {
        DeviceFailure::new(Exit::Unsafe, why)
            .hint("no certificate was requested for it; ask the person who made the request")
    };
    let text = pem::encode("CERTIFICATE REQUEST", der).trim_end().to_owned();
    let checked = request::check(&text).map_err(|refusal| refuse(format!("the request: {refusal}")))?;
    let device = match facts.common_names.as_slice() {
        [name] => {
            name.parse::<DeviceId>().map_err(|error| refuse(format!("the request's common name: {error}")))?
        }
        [] => return Err(refuse("the request names no device: it has no common name".to_owned())),
        several => return Err(refuse(format!("the request has {} common names", several.len()))),
    };
    if facts.extensions.iter().any(asks_for_authority) {
        return Err(refuse("the request asks for a CA certificate".to_owned()));
    }
    let same = |asked: &Name, allowed: &AltName| asked.to_string().eq_ignore_ascii_case(&allowed.to_string());
    if let Some(more) = facts.names.iter().find(|asked| !names.iter().any(|name| same(asked, name))) {
        return Err(DeviceFailure::new(Exit::Unsafe, format!("the request asks for the name {more}"))
            .hint("if it is a server of yours, allow all its names: --san dns:NAME,ip:ADDRESS"));
    }
    if names.iter().any(|name| !facts.names.iter().any(|asked| same(asked, name))) {
        return Err(refuse(format!("the request does not ask for {}", alt_name::listed(names))));
    }
    let public_key_info =
        der::Encode::to_der(&checked.public_key).map_err(|error| refuse(error.to_string()))?;
    Ok((device, ExternalCsr { csr_pem: text, public_key_info, out: out.to_owned() }))
}

fn asks_for_authority(extension: &ExtensionFacts) -> bool {
    extension.values.iter().any(|value| value == "CA:TRUE")
}
