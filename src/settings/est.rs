//! How an EST server is reached, and as whom.

use clap::{ArgMatches, parser::ValueSource};
use zeroize::Zeroizing;

use super::{client, duration, place, secret};
use crate::{
    cli::{est::EstServeArgs, platform::PlatformArgs},
    commands::serve::EstPlan,
    failure::Failure,
    output::{Ui, escape},
    platform::{
        Holder,
        est::{Address, Options, address},
    },
};

/// One answer to whether an EST server is meant: what was typed goes before variables and profiles.
///
/// # Errors
/// A usage failure when another place was typed, too.
pub(crate) fn settle(args: &mut PlatformArgs, matches: &ArgMatches) -> Result<(), Failure> {
    let mut typed = matches;
    while let Some((_, inner)) = typed.subcommand() {
        typed = inner;
    }
    let is_typed = |flag: &str| typed.value_source(flag) == Some(ValueSource::CommandLine);
    let elsewhere = ["host", "port", "local", "authority"].into_iter().find(|flag| is_typed(flag));
    match elsewhere {
        Some(flag) if is_typed("est") => Err(Failure::usage(format!("--est and --{flag} name two places"))),
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

/// Resolves the server, and fetches the secret when there is a user; `said` was had before.
///
/// # Errors
/// Usage failures, and files that cannot be read.
pub(super) fn resolve(
    text: &str,
    args: &PlatformArgs,
    said: Option<&Zeroizing<String>>,
    ui: &Ui,
) -> Result<Options, Failure> {
    let address: Address = text.parse().map_err(|error| Failure::usage(format!("--est: {error}")))?;
    let mut options = Options::new(address);
    options.connect_timeout = duration::parse("--connect-timeout", &args.connect_timeout)?;
    options.timeout = duration::parse("--timeout", args.timeout.as_deref().unwrap_or("60s"))?;
    options.cacerts = place::cacert(args)?;
    options.pin = place::pin(args)?;
    options.accept = place::fingerprint("--accept-new-ca", args.accept_new_ca.as_deref())?;
    options.bootstrap = bootstrap(args)?;
    options.user.clone_from(&args.user);
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
/// A label that is none, and a secret that cannot be read.
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
    Ok(Some(EstPlan { user: args.est_user.clone().zip(secret), labels: args.est_label.clone() }))
}

fn bootstrap(args: &PlatformArgs) -> Result<Option<Holder>, Failure> {
    client::holder((args.est.est_cert.as_deref(), args.est.est_key.as_deref()), ("--est-cert", "--est-key"))
}
