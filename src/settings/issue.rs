//! Settings of `certreq issue`.

use std::{fs::File, io, path::Path};

use super::{
    idprov, key_store, pace,
    place::{self, Place},
    shard,
};
use crate::{
    cli::issue::{Format, IssueArgs},
    commands::issue::{Every, Plan, Requests},
    device_id::DeviceId,
    failure::Failure,
    fleet::id_list::{self, IdListError},
    output::Ui,
    pki::alt_name::AltName,
};

/// Resolves the arguments; reads the list of ids and the secret.
///
/// # Errors
/// Usage failures, and files that cannot be read.
pub fn resolve(args: &IssueArgs, devices: &[String], ui: &Ui) -> Result<(Place, Plan), Failure> {
    let stdin = Path::new("-");
    if args.ids_from.as_deref() == Some(stdin) && args.platform.secret_file.as_deref() == Some(stdin) {
        return Err(Failure::usage("stdin cannot be both the list of ids and the secret"));
    }
    let oob = [&args.oob.oob_secret_file, &args.oob.oob_secrets];
    if args.ids_from.as_deref() == Some(stdin) && oob.iter().any(|path| path.as_deref() == Some(stdin)) {
        return Err(Failure::usage("stdin cannot be both the list of ids and a secret"));
    }
    // Checks that need no answer of the user come before the prompt.
    let mut hub = idprov::named(&args.platform)?;
    let ids = ids(args, devices)?;
    let ids = match &mut hub {
        Some(hub) => idprov::secrets(hub, &args.oob, ids, ui)?,
        None => as_platforms_take(args, ids)?,
    };
    let requests = args.out.clone().map(|out| Requests { paths: args.csr.clone(), out });
    let names = if requests.is_some() { parsed(&args.san)? } else { names(args, ids.as_deref())? };
    let shard = shard::resolve(&args.shard)?;
    if shard.is_some() && requests.is_some() {
        return Err(Failure::usage("--shard is for devices, and --csr signs every request it is given")
            .hint("give each process requests of its own"));
    }
    let every = match (&ids, &requests) {
        (None, None) => every(args)?,
        _ => Every::Agreed,
    };
    let limits = pace::limits(&args.pace)?;
    let store = key_store::resolve(&args.store, ui)?.unwrap_or_default();
    key_store::for_devices(&store, ids.as_deref())?;
    let plan = Plan {
        ids,
        every,
        dir: args.dir.clone(),
        shard,
        key: args.key,
        store,
        names,
        limits,
        force: args.force,
        dry_run: args.dry_run,
        wait: args.wait,
        json: args.format == Format::Json,
        root: place::root_terms(&args.platform)?,
        requests,
    };
    let place = match hub {
        Some(hub) => Place::Idprov(Box::new(hub)),
        None => place::resolve(&args.platform, ui)?,
    };
    Ok((place, plan))
}

/// A platform, and the authority inside, have a narrower rule for ids than EST and IDProv.
fn as_platforms_take(args: &IssueArgs, ids: Option<Vec<DeviceId>>) -> Result<Option<Vec<DeviceId>>, Failure> {
    if args.platform.local.is_some() || args.platform.est.est.is_none() {
        id_list::all_plain(ids.as_deref().unwrap_or_default()).map_err(|error| {
            Failure::usage(error.to_string()).hint("separate ids with commas: -i a1998e,b2c3d4")
        })?;
    }
    Ok(ids)
}

/// Those of `-i` and of a file, and the plain arguments.
fn ids(args: &IssueArgs, devices: &[String]) -> Result<Option<Vec<DeviceId>>, Failure> {
    let mut ids = named_ids(&args.ids, args.ids_from.as_deref(), args.id_column.as_deref())?;
    for text in devices {
        place::refuse_authority(text)?;
        let more = id_list::from_commas(text).map_err(|error| {
            Failure::usage(error.to_string())
                .hint("plain arguments are device ids; the directory of an authority: --authority DIR")
        })?;
        ids.get_or_insert_default().extend(more);
    }
    Ok(ids.map(id_list::without_duplicates))
}

/// Consent for every device, when no device was named: it was given by a flag, or the user can be asked.
fn every(args: &IssueArgs) -> Result<Every, Failure> {
    if args.all || args.dry_run {
        Ok(Every::Agreed)
    } else if Ui::can_ask() {
        Ok(Every::Ask)
    } else {
        Err(Failure::usage("no device given")
            .hint("give device ids: certreq issue ID ..., or --ids-from FILE")
            .hint("for all devices of the user: --all"))
    }
}

/// The ids of lists like `a,b` and of a file; `None` when no list and no file was given.
pub(super) fn named_ids(
    lists: &[String],
    file: Option<&Path>,
    column: Option<&str>,
) -> Result<Option<Vec<DeviceId>>, Failure> {
    if lists.is_empty() && file.is_none() {
        return Ok(None);
    }
    let mut ids = Vec::new();
    for list in lists {
        ids.extend(id_list::from_commas(list).map_err(|error| {
            Failure::usage(error.to_string()).hint("separate ids with commas: -i a1998e,b2c3d4")
        })?);
    }
    if let Some(path) = file {
        ids.extend(ids_of_file(path, column)?);
    }
    Ok(Some(id_list::without_duplicates(ids)))
}

/// The names of `--san`: they are one server's, so there must be one id.
fn names(args: &IssueArgs, ids: Option<&[DeviceId]>) -> Result<Vec<AltName>, Failure> {
    let names = parsed(&args.san)?;
    match ids {
        Some([_]) => Ok(names),
        _ if names.is_empty() => Ok(names),
        Some(ids) => Err(Failure::usage(format!("--san names one server, and there are {} ids", ids.len()))
            .hint("issue for one server at a time: -i broker --san dns:NAME")),
        None => Err(Failure::usage("--san names one server, and no id was given")
            .hint("name the server's id: -i broker --san dns:NAME")),
    }
}

/// The names of all lists, each once.
pub(super) fn parsed(lists: &[String]) -> Result<Vec<AltName>, Failure> {
    let mut names = Vec::new();
    for list in lists {
        for name in AltName::from_commas(list).map_err(|error| Failure::usage(format!("--san: {error}")))? {
            if !names.contains(&name) {
                names.push(name);
            }
        }
    }
    Ok(names)
}

/// The ids of a file, or of stdin for `-`.
pub(super) fn ids_of_file(path: &Path, column: Option<&str>) -> Result<Vec<DeviceId>, Failure> {
    let result = if path == Path::new("-") {
        id_list::from_reader(io::stdin().lock(), column)
    } else {
        File::open(path).map_err(IdListError::from).and_then(|file| id_list::from_reader(file, column))
    };
    result.map_err(|error| Failure::usage(format!("the ids of {}: {error}", path.display())))
}
