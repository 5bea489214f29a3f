//! Settings of `certreq inspect`.

use std::{path::Path, time::SystemTime};

use etcetera::BaseStrategy;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject};

use super::{duration, moment, password::Password};
use crate::{
    cli::{inspect::InspectArgs, issue::Format},
    commands::inspect::{Plan, Servers, View},
    failure::Failure,
    output::{Ui, columns},
    sources::{online, read, revocation::ListPlace},
};

/// Resolves the arguments; reads the password and the client certificate.
///
/// # Errors
/// Usage failures, and files that cannot be read.
pub fn resolve(args: &InspectArgs, ui: &Ui) -> Result<Plan, Failure> {
    let stdin = args.inputs.iter().filter(|input| *input == "-").count();
    let password_from_stdin = args.password_file.as_deref() == Some(Path::new("-"));
    if stdin + usize::from(password_from_stdin) > 1 {
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
    Ok(Plan {
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
        password: Password::resolve(args.password_file.as_deref(), stdin == 0, ui)?,
        ca: args.ca.clone(),
        lists: args.crl.iter().map(|place| ListPlace::from(place.as_str())).collect(),
        online,
        servers,
    })
}

fn view(args: &InspectArgs) -> View {
    match args.format {
        Format::Json => View::Json,
        Format::Text if args.short => View::Short,
        Format::Text => View::Text { all: args.text },
    }
}

fn servers(args: &InspectArgs) -> Result<Servers, Failure> {
    let client = match (&args.cert, &args.key) {
        (Some(cert), Some(key)) => Some((chain(cert)?, private_key(key)?)),
        _ => None,
    };
    Ok(Servers { name: args.servername.clone(), timeout: duration::parse("--timeout", &args.timeout)?, client })
}

fn chain(path: &Path) -> Result<Vec<CertificateDer<'static>>, Failure> {
    let failed = |why: String| Failure::failed(format!("--cert {}: {why}", path.display()));
    let bytes = read::file(path).map_err(|error| failed(error.to_string()))?;
    let chain: Vec<_> = CertificateDer::pem_slice_iter(&bytes)
        .collect::<Result<_, _>>()
        .map_err(|error| failed(error.to_string()))?;
    if chain.is_empty() { Err(failed("no certificate is in it".to_owned())) } else { Ok(chain) }
}

fn private_key(path: &Path) -> Result<PrivateKeyDer<'static>, Failure> {
    let failed = |why: String| Failure::failed(format!("--key {}: {why}", path.display()));
    let bytes = read::file(path).map_err(|error| failed(error.to_string()))?;
    PrivateKeyDer::from_pem_slice(&bytes).map_err(|error| failed(error.to_string()))
}
