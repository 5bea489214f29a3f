//! How an IDProv server is reached, with which secrets, and how one is served.

use std::{
    collections::{BTreeMap, HashMap},
    net::{Ipv4Addr, SocketAddr},
};

use clap::{ArgMatches, parser::ValueSource};
use url::Url;

use super::{duration, oob_list, place, secret};
use crate::{
    cli::{
        idprov::{IdprovServeArgs, OobArgs},
        platform::PlatformArgs,
    },
    commands::serve::IdprovPlan,
    device_id::DeviceId,
    failure::Failure,
    output::{Ui, escape},
    pki::idprov::{PORT, strength},
    platform::idprov::{Options, Target},
};

/// Decides whether an IDProv server is meant: typed flags go before variables and profiles.
///
/// # Errors
/// A usage failure when another place was typed, too.
pub(crate) fn settle(args: &mut PlatformArgs, matches: &ArgMatches) -> Result<(), Failure> {
    let mut typed = matches;
    while let Some((_, inner)) = typed.subcommand() {
        typed = inner;
    }
    let is_typed = |flag: &str| typed.value_source(flag) == Some(ValueSource::CommandLine);
    let elsewhere = ["host", "port", "est", "local", "authority"].into_iter().find(|flag| is_typed(flag));
    match elsewhere {
        Some(flag) if is_typed("idprov") => {
            Err(Failure::usage(format!("--idprov and --{flag} cannot be combined")))
        }
        Some(_) => {
            args.idprov.idprov = None;
            Ok(())
        }
        None => Ok(()),
    }
}

/// The server that was named, if one was.
///
/// # Errors
/// As [`resolve`].
pub(super) fn named(args: &PlatformArgs) -> Result<Option<Options>, Failure> {
    match (&args.local, &args.idprov.idprov) {
        (None, Some(host)) => resolve(host.as_deref(), args).map(Some),
        _ => Ok(None),
    }
}

/// Resolves the server; `host` is `None` for the only one on the network.
///
/// # Errors
/// Usage failures, and files that cannot be read.
pub(super) fn resolve(host: Option<&str>, args: &PlatformArgs) -> Result<Options, Failure> {
    let target = match host.filter(|host| !host.is_empty()) {
        None => Target::Found,
        Some(text) => Target::At(text.parse().map_err(|error| Failure::usage(format!("--idprov: {error}")))?),
    };
    let mut options = Options::new(target);
    options.connect_timeout = duration::parse("--connect-timeout", &args.connect_timeout)?;
    options.timeout = duration::parse("--timeout", args.timeout.as_deref().unwrap_or("60s"))?;
    options.cacerts = place::cacert(args)?;
    options.pin = place::pin(args)?;
    options.accept = place::fingerprint("--accept-new-ca", args.accept_new_ca.as_deref())?;
    Ok(options)
}

/// The secrets of these devices. Without ids, those of the list are meant, and handed back.
///
/// # Errors
/// Usage failures; a file that cannot be read.
pub(super) fn secrets(
    options: &mut Options,
    args: &OobArgs,
    ids: Option<Vec<DeviceId>>,
    ui: &Ui,
) -> Result<Option<Vec<DeviceId>>, Failure> {
    if let Some(text) = &args.wait_for {
        options.patience = duration::parse("--wait-for", text)?;
    }
    if let Some(path) = &args.oob_secrets {
        secret::warn_of_others(path, ui);
        let listed = oob_list::read(path)?;
        let all: Vec<DeviceId> = listed.iter().map(|one| one.device.clone()).collect();
        options.secrets = listed.into_iter().map(|one| (one.device, one.secret)).collect();
        warn_of_weak(&options.secrets, ui);
        return Ok(Some(ids.unwrap_or(all)));
    }
    let sources = secret::Sources {
        file: args.oob_secret_file.as_deref(),
        variable: "CERTREQ_OOB_SECRET",
        credential: "certreq.oob-secret",
        ..secret::Sources::default()
    };
    let Some(found) = secret::find(&sources, ui)? else { return Ok(ids) };
    match ids.as_deref() {
        Some([id]) => {
            options.secrets.insert(id.clone(), found);
            warn_of_weak(&options.secrets, ui);
            Ok(ids)
        }
        _ => Err(Failure::usage("a secret is for one device: give exactly one with -i")
            .hint("secrets of many devices: --oob-secrets FILE")),
    }
}

fn warn_of_weak(secrets: &HashMap<DeviceId, zeroize::Zeroizing<String>>, ui: &Ui) {
    let weak = |(id, secret): &(&DeviceId, &zeroize::Zeroizing<String>)| {
        strength::bits(secret, id.as_str()) < strength::STRONG
    };
    let mut weak: Vec<&DeviceId> = secrets.iter().filter(weak).map(|(id, _)| id).collect();
    weak.sort_unstable();
    let (Some(first), number) = (weak.first(), weak.len()) else { return };
    let which = if number == 1 { String::new() } else { format!(" and of {} more", number - 1) };
    ui.warn(&format!(
        "the secret of {first}{which} can be guessed by a server that only pretends to know it; \
         certreq oob add --generate makes better ones"
    ));
}

/// How provisioning is served; `None` when it is not.
///
/// # Errors
/// A usage failure for an invalid service.
pub(super) fn serve(args: &IdprovServeArgs) -> Result<Option<IdprovPlan>, Failure> {
    if !args.idprov {
        return Ok(None);
    }
    let mut services = BTreeMap::new();
    for text in &args.idprov_service {
        let (name, url) = service(text)?;
        services.insert(name, url);
    }
    let listen = args.idprov_listen.unwrap_or(SocketAddr::from((Ipv4Addr::UNSPECIFIED, PORT)));
    let name = (!args.no_announce).then(|| args.idprov_name.clone());
    if name
        .as_ref()
        .is_some_and(|name| name.is_empty() || name.len() > 60 || name.chars().any(char::is_control))
    {
        return Err(Failure::usage("--idprov-name: a name on the network has 1 to 60 octets"));
    }
    Ok(Some(IdprovPlan { listen, announce_as: name, services }))
}

fn service(text: &str) -> Result<(String, String), Failure> {
    let refuse = || {
        let shown = escape::line(text);
        Failure::usage(format!("--idprov-service: {shown} is not a NAME=URL"))
            .hint("for example mqtts=tls://broker.example.org:8884")
    };
    let (name, url) = text.split_once('=').ok_or_else(refuse)?;
    let plain = |text: &str| !text.is_empty() && text.chars().all(|c| c.is_ascii_graphic());
    if !plain(name) || !plain(url) || Url::parse(url).is_err() {
        return Err(refuse());
    }
    Ok((name.to_owned(), url.to_owned()))
}
