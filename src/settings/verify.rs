//! Settings of `certreq verify`.

use std::{
    path::{Path, PathBuf},
    time::SystemTime,
};

use etcetera::BaseStrategy;

use super::{duration, moment};
use crate::{
    cli::{
        issue::Format,
        verify::{Mode, Use, VerifyArgs},
    },
    commands::verify::{Demand, Expectations, Input, Plan, Trust},
    failure::Failure,
    pki::{chain::Purpose, time::Time},
    sources::{
        endpoint::{AddressError, Endpoint},
        online,
        revocation::ListPlace,
    },
};

/// Resolves the arguments; looks at the clock, unless `--at` says when.
///
/// # Errors
/// Usage failures.
pub fn resolve(args: &VerifyArgs) -> Result<Plan, Failure> {
    let timeout = duration::parse("--timeout", &args.timeout)?;
    let device = args.id.as_deref().map(str::parse).transpose();
    let device = device.map_err(|error| Failure::usage(format!("--id: {error}")))?;
    let online = args.online.then(|| online::Options {
        allow_private: args.online_private,
        timeout,
        cache: etcetera::choose_base_strategy().ok().map(|base| base.cache_dir().join("certreq").join("crl")),
    });
    let inputs = args.inputs.iter().map(|text| input(text)).collect::<Result<Vec<_>, _>>()?;
    let is_one = matches!(inputs.as_slice(), [_]);
    if !is_one && (args.key.is_some() || args.id.is_some()) {
        return Err(Failure::usage("--key and --id are for one certificate, and several were named"));
    }
    Ok(Plan {
        inputs,
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
            name: args.name.clone(),
            revocation: match args.revocation {
                Mode::Off => Demand::Off,
                Mode::Prefer => Demand::Prefer,
                Mode::Require => Demand::Require,
            },
        },
        key: args.key.clone(),
        lists: args.crl.iter().map(|text| ListPlace::from(text.as_str())).collect(),
        online,
        server_name: args.servername.clone().or_else(|| args.name.clone()),
        timeout,
        json: args.format == Format::Json,
    })
}

fn purpose(stated: Option<Use>, name: Option<&str>) -> Purpose {
    match stated {
        Some(Use::Client) => Purpose::Client,
        Some(Use::Server) => Purpose::Server,
        None if name.is_some() => Purpose::Server,
        Some(Use::Any) | None => Purpose::Any,
    }
}

/// What exists on the disk is that; then it may be a server.
fn input(text: &str) -> Result<Input, Failure> {
    if text == "-" || Path::new(text).exists() {
        return Ok(Input::Path(PathBuf::from(text)));
    }
    match text.parse::<Endpoint>() {
        Ok(endpoint) => Ok(Input::Server(endpoint)),
        Err(error @ AddressError::Plain(_)) => Err(Failure::usage(error.to_string())),
        Err(AddressError::Shape) if text.contains("://") => {
            Err(Failure::usage(format!("{text}: {}", AddressError::Shape)))
        }
        // Whoever reads it says that it is not there.
        Err(AddressError::Shape) => Ok(Input::Path(PathBuf::from(text))),
    }
}
