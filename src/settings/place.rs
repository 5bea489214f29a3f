//! Which platform a run talks to, and with which credentials.

use std::{
    fs,
    path::{Path, PathBuf},
    time::SystemTime,
};

use zeroize::Zeroizing;

use super::{default_authority, duration, login, secret};
use crate::{
    authority,
    cli::platform::PlatformArgs,
    failure::Failure,
    output::{Ui, escape},
    pki::{certificate::Certificate, fingerprint::Fingerprint},
    platform::dojot::{self, BaseUrl, TokenFile},
};

/// Who signs, and everything needed to reach it.
#[derive(Debug)]
pub enum Place {
    /// A platform behind HTTP.
    Dojot(Box<dojot::Options>),
    /// The embedded authority, in this process.
    Local(Box<LocalPlace>),
}

/// Which authority, and how it signs.
#[derive(Debug)]
pub struct LocalPlace {
    pub dir: PathBuf,
    pub registered_only: bool,
    pub options: authority::Options,
}

/// Resolves where to go and fetches the secret that is needed there.
///
/// # Errors
/// Usage failures: a host that is none, no user, no secret where nobody can be asked for it.
pub(crate) fn resolve(args: &PlatformArgs, ui: &Ui) -> Result<Place, Failure> {
    match &args.local {
        Some(dir) => embedded(args, dir.clone(), ui).map(|options| Place::Local(Box::new(options))),
        None => remote(args, ui).map(|options| Place::Dojot(Box::new(options))),
    }
}

/// The pinned fingerprint of `--ca-fingerprint`.
pub(crate) fn pin(args: &PlatformArgs) -> Result<Option<Fingerprint>, Failure> {
    let parse =
        |text: &String| text.parse().map_err(|error| Failure::usage(format!("--ca-fingerprint: {error}")));
    args.ca_fingerprint.as_ref().map(parse).transpose()
}

fn embedded(args: &PlatformArgs, dir: Option<PathBuf>, ui: &Ui) -> Result<LocalPlace, Failure> {
    Ok(LocalPlace {
        dir: dir.map_or_else(default_authority, Ok)?,
        registered_only: args.registered_only,
        options: authority::Options {
            passphrase: passphrase(args.ca_passphrase_file.as_deref(), ui)?,
            ..authority::Options::default()
        },
    })
}

/// The passphrase of the embedded authority's key, if one was given.
pub(crate) fn passphrase(file: Option<&Path>, ui: &Ui) -> Result<Option<Zeroizing<String>>, Failure> {
    let sources = secret::Sources {
        argument: None,
        file,
        variable: "CERTREQ_CA_PASSPHRASE",
        credential: "certreq.ca-passphrase",
    };
    secret::find(&sources, ui)
}

fn remote(args: &PlatformArgs, ui: &Ui) -> Result<dojot::Options, Failure> {
    let base = BaseUrl::parse(&args.host, args.port).map_err(Failure::usage)?;
    let mut options = dojot::Options::new(base, args.user.clone().unwrap_or_default());
    options.connect_timeout = duration::parse("--connect-timeout", &args.connect_timeout)?;
    options.timeout = duration::parse("--timeout", &args.timeout)?;
    options.cacerts = cacert(args)?;
    login::method(&mut options, args)?;
    if let Some(token) = login::access_token(args, ui)? {
        options.token = Some(token);
        options.only_token = true;
        return Ok(options);
    }
    let user = args.user.clone().ok_or_else(|| {
        Failure::usage("no user name was given")
            .hint("name one with -u, or try it without a platform: certreq issue --local -i ID")
    })?;
    if let Some(path) = &args.token_file {
        keep_token(&mut options, path, &user)?;
    }
    let sources = secret::Sources {
        argument: args.secret.as_deref(),
        file: args.secret_file.as_deref(),
        variable: "CERTREQ_SECRET",
        credential: "certreq.secret",
    };
    options.secret = secret::find(&sources, ui)?;
    if options.secret.is_none() && options.token.is_none() {
        let typed = secret::ask(&format!("Secret of {} at {}: ", escape::line(&user), options.base))?;
        options.secret = Some(typed.ok_or_else(no_secret)?);
    }
    Ok(options)
}

/// Uses the token in the file while it is good, and keeps the next one there.
fn keep_token(options: &mut dojot::Options, path: &Path, user: &str) -> Result<(), Failure> {
    let file = TokenFile::new(path);
    let kept = file.read(user, SystemTime::now().into()).map_err(|error| {
        Failure::failed(format!("the token file {} cannot be read: {error}", path.display()))
    })?;
    options.token = kept.filter(|token| options.is_from_here(token));
    options.on_token = Some(Box::new(move |token| {
        if let Err(error) = file.write(token) {
            tracing::warn!("the token was not kept in {}: {error}", file.path().display());
        }
    }));
    Ok(())
}

fn no_secret() -> Failure {
    Failure::usage("no secret was given, and there is no terminal to ask at")
        .hint("use --secret-file FILE, --secret-file - to read stdin, or the variable CERTREQ_SECRET")
}

fn cacert(args: &PlatformArgs) -> Result<Vec<Vec<u8>>, Failure> {
    let Some(path) = &args.cacert else {
        return Ok(Vec::new());
    };
    let failed = |error: String| Failure::failed(format!("--cacert {}: {error}", path.display()));
    let text = fs::read_to_string(path).map_err(|error| failed(error.to_string()))?;
    let certificates = Certificate::all_from_pem(&text).map_err(|error| failed(error.to_string()))?;
    Ok(certificates.iter().map(|certificate| certificate.der().to_vec()).collect())
}
