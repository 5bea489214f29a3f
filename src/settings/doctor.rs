//! Settings of `certreq doctor`: their faults are part of the answer, where they can be.

use std::time::{Duration, SystemTime};

use clap::Command;

use super::{config, default_authority, duration, est, login, place, secret};
use crate::{
    cli::{doctor::DoctorArgs, issue::Format, platform::PlatformArgs},
    commands::doctor::{Config, Place, Plan, Remote, STEP},
    failure::Failure,
    output::{Ui, columns},
    pki::time::Time,
    platform::dojot::{self, Kept, TokenFile},
};

/// Never asks for anything. `command` is the whole command line, which the configuration files are held against.
///
/// # Errors
/// Usage failures.
pub fn resolve(args: &DoctorArgs, command: &Command, ui: &Ui) -> Result<Plan, Failure> {
    let platform = &args.platform;
    if platform.local.is_none() && platform.idprov.idprov.is_some() {
        return Err(Failure::usage("doctor checks platforms and the embedded authority, not IDProv servers")
            .hint("servers on the network: certreq discover; secrets of a server: certreq oob list"));
    }
    let dir = args.directory.clone().unwrap_or_else(|| args.dir.clone());
    let place = match (&platform.local, &platform.est.est) {
        (Some(dir), _) => Place::Local(dir.clone().map_or_else(default_authority, Ok)?),
        (None, Some(text)) => {
            let mut options = est::reach(text, platform)?;
            options.known = place::held_roots(&dir);
            options.connect_timeout = options.connect_timeout.min(STEP);
            options.timeout = options.timeout.min(STEP);
            options.secret = secret::find(&place::sources(platform), ui)?.filter(|_| options.user.is_some());
            Place::Est(Box::new(options))
        }
        (None, None) => Place::Remote(Box::new(remote(platform, ui)?)),
    };
    let files = config::files()?;
    Ok(Plan {
        config: Config {
            files: files.iter().map(|file| file.path.display().to_string()).collect(),
            findings: config::findings(command, &files),
        },
        dir,
        now: Time::from(SystemTime::now()),
        json: args.format == Format::Json,
        columns: columns::of_stdout(),
        pin: place::pin(platform)?,
        place,
    })
}

fn remote(args: &PlatformArgs, ui: &Ui) -> Result<Remote, Failure> {
    let base = place::base(args)?;
    let named = args.token_file.as_ref().map(TokenFile::new);
    let mut troubles = Vec::new();
    let given = login::access_token(args, ui).unwrap_or_else(|failure| {
        troubles.push(failure.hint("its first line must be the token: --access-token-file FILE"));
        None
    });
    let bearer = given.as_ref().and_then(|token| token.claims()?.user);
    let user = args.user.clone().or(bearer).or_else(|| owner(named.as_ref()?));
    let kept = || place::kept_token_file(&base, user.as_deref()?).ok();
    let token_is_named = named.is_some();
    let token_file = named.or_else(kept);
    let mut options = dojot::Options::new(base, user.as_deref().unwrap_or_default());
    options.connect_timeout = duration::parse("--connect-timeout", &args.connect_timeout)?.min(STEP);
    options.timeout = duration::parse("--timeout", args.timeout.as_deref().unwrap_or("60s"))?.min(STEP);
    options.retry_delay = Duration::from_millis(100);
    if let Err(failure) = login::method(&mut options, args) {
        troubles.push(failure);
    }
    match place::cacert(args) {
        Ok(certificates) => options.cacerts = certificates,
        Err(failure) => troubles.push(failure.hint("name a file with certificates in PEM: --cacert FILE")),
    }
    match secret::find(&place::sources(args), ui) {
        Ok(secret) => options.secret = secret.filter(|_| user.is_some()),
        Err(failure) => troubles.push(failure.hint("its first line must be the secret: --secret-file FILE")),
    }
    if let (Some(file), Some(user)) = (&token_file, &user) {
        // A file that cannot be read has a check of its own.
        let kept = file.read(user, SystemTime::now().into()).unwrap_or_default();
        options.token = kept.filter(|token| options.is_from_here(token));
    }
    if given.is_some() {
        (options.token, options.only_token, options.secret) = (given, true, None);
    }
    Ok(Remote { has_secret: options.secret.is_some(), options, user, token_file, token_is_named, troubles })
}

/// The user of the token, by its claims.
fn owner(file: &TokenFile) -> Option<String> {
    match file.look() {
        Ok(Kept::Token(claims)) => claims.user,
        _ => None,
    }
}
