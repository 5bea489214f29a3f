//! Settings of `certreq verify`.

use std::{ffi::OsStr, path::Path, time::SystemTime};

use etcetera::BaseStrategy;

use super::{
    client, duration, moment,
    place::{self, Place},
    secret, shard,
};
use crate::{
    cli::{
        issue::Format,
        verify::{Mode, Use, VerifyArgs},
    },
    commands::verify::{Demand, Expectations, Plan, Trust},
    evidence::{
        endpoint::{AddressError, Endpoint},
        online,
        revocations::ListPlace,
    },
    failure::Failure,
    output::Ui,
    pki::{
        alt_name,
        chain::{PolicyDemand, PolicyId, Purpose},
        time::Time,
    },
};

/// Resolves the arguments; looks at the clock, unless `--at` says when; reads the password, the client certificate, and
/// the secret for a platform that was named.
///
/// # Errors
/// Usage failures.
pub fn resolve(args: &VerifyArgs, ui: &Ui) -> Result<(Option<Place>, Plan), Failure> {
    let timeout = duration::parse("--timeout", args.platform.timeout.as_deref().unwrap_or("10s"))?;
    let device = args.id.as_deref().map(str::parse).transpose();
    let device = device.map_err(|error| Failure::usage(format!("--id: {error}")))?;
    let online = args.online.then(|| online::Options {
        allow_private: args.online_private,
        timeout,
        cache: etcetera::choose_base_strategy().ok().map(|base| base.cache_dir().join("certreq").join("crl")),
    });
    args.inputs.iter().try_for_each(|input| check(input))?;
    let stdin = args.inputs.iter().filter(|input| *input == "-").count();
    let secrets = [&args.password_file, &args.platform.secret_file];
    let from_stdin = secrets.into_iter().flatten().filter(|path| path.as_path() == Path::new("-")).count();
    if stdin + from_stdin > 1 {
        return Err(Failure::usage("stdin can be read only once"));
    }
    let is_one = matches!(args.inputs.as_slice(), [_]);
    if !is_one && (args.key.is_some() || args.id.is_some()) {
        return Err(Failure::usage("--key and --id work with one certificate only"));
    }
    let place = match args.revocation {
        Mode::Off => None,
        Mode::Prefer | Mode::Require => place::resolve_named(&args.platform, ui)?,
    };
    let plan = Plan {
        inputs: args.inputs.clone(),
        shard: shard::resolve(&args.shard)?,
        trust: Trust { ca: args.ca.clone(), system: args.system_roots, partial: args.partial_chain },
        intermediates: args.intermediates.clone(),
        expect: Expectations {
            at: args
                .at
                .as_deref()
                .map_or_else(|| Ok(Time::from(SystemTime::now())), |at| moment::parse("--at", at))?,
            within: args.within.as_deref().map(|within| moment::within("--within", within)).transpose()?,
            device,
            purpose: purpose(args.purpose, args.name.as_deref()),
            policy: PolicyDemand {
                accepted: args
                    .policy
                    .iter()
                    .map(|id| {
                        id.parse::<PolicyId>().map_err(|error| Failure::usage(format!("--policy {error}")))
                    })
                    .collect::<Result<_, _>>()?,
                explicit: args.explicit_policy,
                ..PolicyDemand::default()
            },
            name: args.name.as_deref().map(alt_name::typed),
            revocation: match args.revocation {
                Mode::Off => Demand::Off,
                Mode::Prefer => Demand::Prefer,
                Mode::Require => Demand::Require,
            },
        },
        key: args.key.clone(),
        lists: args.crl.iter().map(|text| ListPlace::from(text.as_str())).collect(),
        online,
        server_name: args.servername.as_ref().or(args.name.as_ref()).map(|name| alt_name::typed(name)),
        client: client::identity(args.client_cert.as_deref(), args.client_key.as_deref())?,
        password: secret::password(args.password_file.as_deref(), stdin == 0, ui)?,
        timeout,
        json: args.format == Format::Json,
    };
    Ok((place, plan))
}

fn purpose(stated: Option<Use>, name: Option<&str>) -> Purpose {
    match stated {
        Some(Use::Client) => Purpose::Client,
        Some(Use::Server) => Purpose::Server,
        None if name.is_some() => Purpose::Server,
        Some(Use::Any) | None => Purpose::Any,
    }
}

/// A URL that leads to no certificate is a slip of the pen, not a file that is missing.
fn check(input: &OsStr) -> Result<(), Failure> {
    let text = input.to_string_lossy();
    if Path::new(input).exists() {
        return Ok(());
    }
    match text.parse::<Endpoint>() {
        Err(error @ (AddressError::Plain(_) | AddressError::Secret)) => Err(Failure::usage(error.to_string())),
        Err(AddressError::Shape) if text.contains("://") => {
            Err(Failure::usage(format!("{text}: {}", AddressError::Shape)))
        }
        _ => Ok(()),
    }
}
