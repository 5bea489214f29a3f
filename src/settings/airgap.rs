//! Settings of `certreq key`, `certreq csr` and `certreq join`.

use std::path::Path;

use super::{
    issue::{named_ids, parsed},
    key_store,
    place::fingerprint,
};
use crate::{
    cli::{
        airgap::{CsrArgs, JoinArgs, KeyArgs},
        issue::Format,
    },
    commands::{
        airgap::{csr, join, key},
        anchor::Terms,
    },
    failure::Failure,
    fleet::id_list,
    output::Ui,
};

/// Resolves the arguments of `key`; reads the list of ids.
///
/// # Errors
/// Usage failures, and a list that cannot be read.
pub fn key(args: &KeyArgs, ui: &Ui) -> Result<key::Plan, Failure> {
    let ids = named_ids(&args.ids, args.ids_from.as_deref(), args.id_column.as_deref())?;
    let ids = ids
        .filter(|ids| !ids.is_empty())
        .ok_or_else(|| Failure::usage("no device given").hint("for example: certreq key a1998e b2c3d4"))?;
    id_list::all_plain(&ids).map_err(|error| Failure::usage(error.to_string()))?;
    let store = key_store::resolve(&args.store, ui)?.unwrap_or_default();
    key_store::for_devices(&store, Some(&ids))?;
    Ok(key::Plan {
        ids,
        dir: args.place.dir.clone(),
        key: args.key,
        store,
        force: args.force,
        wait: args.place.wait,
        json: args.place.format == Format::Json,
    })
}

/// Resolves the arguments of `csr`.
///
/// # Errors
/// Usage failures.
pub fn csr(args: &CsrArgs) -> Result<csr::Plan, Failure> {
    let ids = named_ids(&args.ids, None, None)?;
    id_list::all_plain(ids.as_deref().unwrap_or_default())
        .map_err(|error| Failure::usage(error.to_string()))?;
    let names = parsed(&args.san)?;
    if !names.is_empty() && ids.as_ref().is_none_or(|ids| ids.len() != 1) {
        return Err(Failure::usage("--san is for one server: give exactly one id")
            .hint("one request per server: certreq csr broker --san dns:NAME"));
    }
    let out = (args.out != Path::new("-")).then(|| args.out.clone());
    let json = args.place.format == Format::Json;
    if json && out.is_none() {
        return Err(Failure::usage("stdout cannot hold both the requests and --format json")
            .hint("name a directory with --out"));
    }
    Ok(csr::Plan { ids, dir: args.place.dir.clone(), out, names, wait: args.place.wait, json })
}

/// Resolves the arguments of `join`.
///
/// # Errors
/// Usage failures.
pub fn join(args: &JoinArgs) -> Result<join::Plan, Failure> {
    Ok(join::Plan {
        paths: args.paths.clone(),
        dir: args.place.dir.clone(),
        root: Terms {
            pin: fingerprint("--ca-fingerprint", args.ca_fingerprint.as_deref())?,
            accept: fingerprint("--accept-new-ca", args.accept_new_ca.as_deref())?,
            write: true,
        },
        wait: args.place.wait,
        json: args.place.format == Format::Json,
    })
}
