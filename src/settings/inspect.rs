//! Settings of `certreq inspect`.

use std::{path::Path, time::SystemTime};

use etcetera::BaseStrategy;

use super::{
    client, duration, moment,
    place::{self, Place},
    secret,
};
use crate::{
    cli::{inspect::InspectArgs, issue::Format},
    commands::inspect::{Plan, Servers, View},
    evidence::{online, revocations::ListPlace},
    failure::Failure,
    output::{Ui, columns},
    pki::alt_name,
};

/// Resolves the arguments; reads the password, the client certificate, and the secret for a platform that was named.
///
/// # Errors
/// Usage failures, and files that cannot be read.
pub fn resolve(args: &InspectArgs, ui: &Ui) -> Result<(Option<Place>, Plan), Failure> {
    let stdin = args.inputs.iter().filter(|input| *input == "-").count();
    let secrets = [&args.password_file, &args.platform.secret_file];
    let from_stdin = secrets.into_iter().flatten().filter(|path| path.as_path() == Path::new("-")).count();
    if stdin + from_stdin > 1 {
        return Err(Failure::usage("stdin can be read only once"));
    }
    let now = match &args.at {
        Some(text) => moment::parse("--at", text)?,
        None => SystemTime::now().into(),
    };
    let servers = servers(args)?;
    let online = args.online.then(|| online::Options {
        allow_private: args.online_private,
        timeout: servers.timeout,
        cache: etcetera::choose_base_strategy().ok().map(|base| base.cache_dir().join("certreq").join("crl")),
    });
    let place = place::resolve_named(&args.platform, ui)?;
    let plan = Plan {
        inputs: args.inputs.clone(),
        recursive: args.recursive,
        now,
        within: args
            .within
            .as_deref()
            .map(|text| moment::within("--within", text))
            .transpose()?
            .unwrap_or_default(),
        check: args.check,
        view: view(args),
        columns: columns::of_stdout(),
        pem: args.pem,
        password: secret::password(args.password_file.as_deref(), stdin == 0, ui)?,
        ca: args.ca.clone(),
        lists: args.crl.iter().map(|place| ListPlace::from(place.as_str())).collect(),
        online,
        servers,
    };
    Ok((place, plan))
}

fn view(args: &InspectArgs) -> View {
    match args.format {
        Format::Json => View::Json,
        Format::Text if args.short => View::Short,
        Format::Text => View::Text { all: args.text },
    }
}

fn servers(args: &InspectArgs) -> Result<Servers, Failure> {
    Ok(Servers {
        name: args.servername.as_deref().map(alt_name::typed),
        timeout: duration::parse("--timeout", args.platform.timeout.as_deref().unwrap_or("10s"))?,
        client: client::identity(args.cert.as_deref(), args.key.as_deref())?,
    })
}
