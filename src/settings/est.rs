//! How an EST server is reached, and as whom.

use std::path::Path;

use clap::{ArgMatches, parser::ValueSource};
use zeroize::Zeroizing;

use super::{client, default_authority, duration, place, secret};
use crate::{
    cli::{
        est::{EstServeArgs, EstSettleArgs, EstVerb},
        issue::Format,
        platform::PlatformArgs,
    },
    commands::{
        est::{Action, Plan as Requests, Which},
        serve::EstPlan,
    },
    evidence::read,
    failure::Failure,
    fleet::id_list,
    output::{Ui, escape},
    pki::{base64_lines, csr_attributes::CsrAttributes},
    platform::{
        Holder,
        est::{Address, Options, address},
    },
};

/// Decides whether an EST server is meant: typed flags go before variables and profiles.
///
/// # Errors
/// A usage failure when another place was typed, too.
pub(crate) fn settle(args: &mut PlatformArgs, matches: &ArgMatches) -> Result<(), Failure> {
    let mut typed = matches;
    while let Some((_, inner)) = typed.subcommand() {
        typed = inner;
    }
    let is_typed = |flag: &str| typed.value_source(flag) == Some(ValueSource::CommandLine);
    let source = typed.try_contains_id("key").ok().and_then(|_| typed.value_source("key"));
    args.est.key_is_chosen = matches!(source, Some(ValueSource::CommandLine | ValueSource::EnvVariable));
    let elsewhere = ["host", "port", "local", "authority"].into_iter().find(|flag| is_typed(flag));
    match elsewhere {
        Some(flag) if is_typed("est") => Err(Failure::usage(format!("--est and --{flag} cannot be combined"))),
        Some(_) => {
            args.est.est = None;
            Ok(())
        }
        None if args.local.is_some() => {
            args.est.est = None;
            Ok(())
        }
        None => Ok(()),
    }
}

/// Address of the server, and the trust anchors for it; the user is not asked for a secret.
///
/// # Errors
/// Usage failures, and files that cannot be read.
pub(super) fn reach(text: &str, args: &PlatformArgs) -> Result<Options, Failure> {
    let address: Address = text.parse().map_err(|error| Failure::usage(format!("--est: {error}")))?;
    let mut options = Options::new(address);
    options.connect_timeout = duration::parse("--connect-timeout", &args.connect_timeout)?;
    options.timeout = duration::parse("--timeout", args.timeout.as_deref().unwrap_or("60s"))?;
    if let Some(text) = &args.est.est_wait {
        options.patience = duration::parse("--est-wait", text)?;
    }
    options.key_is_chosen = args.est.key_is_chosen;
    options.cacerts = place::cacert(args)?;
    options.pin = place::pin(args)?;
    options.accept = place::fingerprint("--accept-new-ca", args.accept_new_ca.as_deref())?;
    options.bootstrap = bootstrap(args)?;
    options.user.clone_from(&args.user);
    Ok(options)
}

/// Resolves the server, and fetches the secret when there is a user; `said` is a secret from an earlier call.
///
/// # Errors
/// Usage failures, and files that cannot be read.
pub(super) fn resolve(
    text: &str,
    args: &PlatformArgs,
    said: Option<&Zeroizing<String>>,
    ui: &Ui,
) -> Result<Options, Failure> {
    let mut options = reach(text, args)?;
    if let Some(user) = &args.user {
        options.secret = match said {
            Some(said) => Some(said.clone()),
            None => secret::find(&place::sources(args), ui)?,
        };
        if options.secret.is_none() && options.bootstrap.is_none() {
            let prompt = format!("Secret of {} at {}: ", escape::line(user), options.address);
            options.secret = Some(secret::ask(&prompt)?.ok_or_else(place::no_secret)?);
        }
    }
    Ok(options)
}

/// How the server speaks EST; `None` when it does not.
///
/// # Errors
/// An invalid label, and a secret that cannot be read.
pub(super) fn serve(args: &EstServeArgs, ui: &Ui) -> Result<Option<EstPlan>, Failure> {
    if !args.est {
        return Ok(None);
    }
    for label in &args.est_label {
        address::check_label(label).map_err(|why| Failure::usage(format!("--est-label: {why}")))?;
    }
    let secret = args.est_secret_file.as_deref().map(|path| {
        secret::warn_of_others(path, ui);
        secret::read(path)
    });
    let secret = secret.transpose()?;
    Ok(Some(EstPlan {
        user: args.est_user.clone().zip(secret),
        labels: args.est_label.clone(),
        approve: args.est_approve,
        attributes: args.est_csrattrs.as_deref().map(attributes).transpose()?,
    }))
}

/// DER of the attributes that requests shall hold (CsrAttrs), from DER or base64; it must be readable.
fn attributes(path: &Path) -> Result<Vec<u8>, Failure> {
    let failed = |why: String| Failure::failed(format!("--est-csrattrs {}: {why}", path.display()));
    let bytes = read::file(path).map_err(|error| failed(error.to_string()))?;
    let der = if bytes.first() == Some(&0x30) {
        bytes.to_vec()
    } else {
        base64_lines::decode(&bytes).map_err(|why| failed(format!("it {why}")))?
    };
    CsrAttributes::from_der(&der).map_err(|error| failed(error.to_string()))?;
    Ok(der)
}

/// Resolves the arguments of `certreq est`.
///
/// # Errors
/// Usage failures.
pub fn requests(verb: &EstVerb) -> Result<Requests, Failure> {
    let (place, action) = match verb {
        EstVerb::List(args) => (&args.place, Action::List),
        EstVerb::Approve(args) => (&args.place, Action::Settle { approve: true, which: which(args)? }),
        EstVerb::Refuse(args) => (&args.place, Action::Settle { approve: false, which: which(args)? }),
    };
    Ok(Requests {
        authority: place.authority.clone().map_or_else(default_authority, Ok)?,
        action,
        json: place.format == Format::Json,
    })
}

fn which(args: &EstSettleArgs) -> Result<Which, Failure> {
    if let Some(key) = place::fingerprint("--request-key", args.request_key.as_deref())? {
        return Ok(Which::Key(key));
    }
    if args.all {
        return Ok(Which::All);
    }
    let mut devices = Vec::new();
    for text in &args.devices {
        devices.extend(id_list::from_commas(text).map_err(|error| Failure::usage(error.to_string()))?);
    }
    Ok(Which::Devices(id_list::without_duplicates(devices)))
}

fn bootstrap(args: &PlatformArgs) -> Result<Option<Holder>, Failure> {
    client::holder((args.est.est_cert.as_deref(), args.est.est_key.as_deref()), ("--est-cert", "--est-key"))
}
