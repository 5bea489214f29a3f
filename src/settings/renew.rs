//! Settings of `certreq renew`.

use std::{
    ffi::OsString,
    path::{Path, PathBuf},
    time::Duration,
};

use super::{duration, issue, key_store, moment, pace, place, place::Access, shard};
use crate::{
    cli::{issue::Format, renew::RenewArgs},
    commands::renew::{Plan, Terms},
    device_id::DeviceId,
    enroll::UserCommand,
    failure::Failure,
    fleet::{id_list, layout::Layout, named},
    keys::KeyStore,
    output::Ui,
};

/// Resolves the arguments; reads the list of ids, and the secret unless it is not needed.
///
/// # Errors
/// Usage failures, and files that cannot be read.
pub fn resolve(args: &RenewArgs, ui: &Ui) -> Result<(Option<Access>, Plan), Failure> {
    let stdin = Path::new("-");
    if args.ids_from.as_deref() == Some(stdin) && args.platform.secret_file.as_deref() == Some(stdin) {
        return Err(Failure::usage("stdin cannot be both the list of ids and the secret"));
    }
    let store = key_store::resolve(&args.store, ui)?;
    let plan = plan(args, store)?;
    // A dry run reads the disk only; `--revoked` needs the platform's list.
    let needs_platform = !plan.dry_run || plan.terms.revoked;
    let access = needs_platform.then(|| Access::resolve(&args.platform, ui)).transpose()?;
    Ok((access, plan))
}

/// The plan once more, with the present content of files; values from stdin stay as they were in `old`.
///
/// # Errors
/// As for [`resolve`].
pub fn again(args: &RenewArgs, old: &Plan) -> Result<Plan, Failure> {
    if args.ids_from.as_deref() == Some(Path::new("-")) {
        return Ok(old.clone());
    }
    plan(args, old.store.clone())
}

fn plan(args: &RenewArgs, store: Option<KeyStore>) -> Result<Plan, Failure> {
    let (dir, devices) = devices(args)?;
    if let Some(store) = &store {
        key_store::for_devices(store, devices.as_deref())?;
    }
    let timeout = duration::parse("--exec-timeout", &args.exec_timeout)?;
    let command = |flag, line: &Option<OsString>| line.clone().map(|line| UserCommand { flag, line, timeout });
    Ok(Plan {
        devices,
        dir,
        shard: shard::resolve(&args.shard)?,
        terms: Terms {
            within: moment::within("--within", &args.within)?,
            all: args.all,
            revoked: args.revoked,
            spread: match &args.spread {
                Some(spread) => duration::parse("--spread", spread)?,
                None => Duration::ZERO,
            },
        },
        key: args.key,
        store,
        reuse_key: args.reuse_key,
        keep: args.keep,
        test: command("--test-cmd", &args.test_cmd),
        exec: command("--exec", &args.exec),
        revoke_old: args.revoke_old,
        limits: pace::limits(&args.pace)?,
        dry_run: args.dry_run,
        wait: args.wait,
        json: args.format == Format::Json,
        root: place::root_terms(&args.platform)?,
        watch: args.watch,
    })
}

/// The fleet's directory, and the devices that were named; a directory that is named says where the fleet is.
fn devices(args: &RenewArgs) -> Result<(PathBuf, Option<Vec<DeviceId>>), Failure> {
    let mut ids = issue::named_ids(&args.ids, args.ids_from.as_deref(), args.id_column.as_deref())?;
    let mut dir = args.dir.clone();
    for text in &args.devices {
        let (parent, id) = device(text)?;
        if let Some(parent) = parent {
            let known = dir.get_or_insert_with(|| parent.clone());
            if !is_same(known, &parent) {
                return Err(Failure::usage(format!("{text} is not in {}", known.display()))
                    .hint("one run works in one fleet directory"));
            }
        }
        ids.get_or_insert_default().push(id);
    }
    Ok((dir.unwrap_or_else(|| PathBuf::from(".")), ids.map(id_list::without_duplicates)))
}

/// `a1998e`, or a path that ends in `cert_a1998e`, with the directory it is in.
fn device(text: &str) -> Result<(Option<PathBuf>, DeviceId), Failure> {
    place::refuse_authority(text)?;
    let path = named::of_file(Path::new(text)).unwrap_or_else(|| PathBuf::from(text));
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    if let Some(id) = Layout::device_of(name) {
        let parent = path.parent().filter(|parent| !parent.as_os_str().is_empty());
        return Ok((parent.map(Path::to_path_buf), id));
    }
    let id = DeviceId::wide(text).map_err(|error| {
        Failure::usage(format!("{error}")).hint("name ids, or directories like fleet/cert_a1998e")
    })?;
    Ok((None, id))
}

fn is_same(one: &Path, other: &Path) -> bool {
    match (one.canonicalize(), other.canonicalize()) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}
