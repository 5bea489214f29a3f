//! Which platform a run talks to, and with which credentials.

use std::{
    path::{Path, PathBuf},
    time::SystemTime,
};

use clap::{ArgMatches, parser::ValueSource};
use etcetera::BaseStrategy;
use zeroize::Zeroizing;

use super::{default_authority, duration, login, secret};
use crate::{
    authority,
    cli::platform::PlatformArgs,
    commands::anchor::Terms,
    custody::Exposure,
    evidence::bundle,
    failure::Failure,
    fleet::{anchor, layout::Layout},
    output::{Ui, escape},
    pki::{certificate::Certificate, fingerprint::Fingerprint, time::Time},
    platform::{
        dojot::{self, BaseUrl, Kept, Token, TokenFile},
        est, idprov,
        local::Local,
    },
};

/// Files looked through for a kept token.
const MOST_TOKENS: usize = 1000;

/// The signer, and everything needed to reach it.
#[derive(Debug)]
pub enum Place {
    /// A platform behind HTTP.
    Dojot(Box<dojot::Options>),
    /// The embedded authority, in this process.
    Local(Box<LocalPlace>),
    /// An EST server.
    Est(Box<est::Options>),
    /// An IDProv server.
    Idprov(Box<idprov::Options>),
}

impl Place {
    /// With the roots that the fleet in `dir` trusts: EST and IDProv servers are believed by them, too.
    #[must_use]
    pub(crate) fn of_fleet(mut self, dir: &Path) -> Self {
        match &mut self {
            Self::Est(options) => options.known = held_roots(dir),
            Self::Idprov(options) => options.known = held_roots(dir),
            Self::Dojot(_) | Self::Local(_) => {}
        }
        self
    }
}

/// The roots in `ca/ca.pem`. A file that cannot be read stops the run where it is compared with the platform's root.
pub(super) fn held_roots(dir: &Path) -> Vec<Certificate> {
    anchor::read(&Layout::new(dir)).ok().flatten().unwrap_or_default()
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
/// Usage failures: an invalid host, no user, no secret without a terminal to ask for it.
pub(crate) fn resolve(args: &PlatformArgs, ui: &Ui) -> Result<Place, Failure> {
    resolve_with(args, &Said::default(), ui)
}

/// The same for verbs that may do without a platform: `None` unless one was named.
///
/// # Errors
/// As [`resolve`].
pub(crate) fn resolve_named(args: &PlatformArgs, ui: &Ui) -> Result<Option<Place>, Failure> {
    let is_named =
        args.host.is_some() || args.local.is_some() || args.est.est.is_some() || args.idprov.idprov.is_some();
    is_named.then(|| resolve(args, ui)).transpose()
}

/// Forgets a platform that only a variable or a profile names: looking at a file must not need a login because of it.
pub(crate) fn only_if_typed(args: &mut PlatformArgs, matches: &ArgMatches) {
    let Some((_, verb)) = matches.subcommand() else { return };
    if verb.value_source("host") != Some(ValueSource::CommandLine) {
        args.host = None;
    }
    if verb.value_source("est") != Some(ValueSource::CommandLine) {
        args.est.est = None;
    }
    if verb.value_source("idprov") != Some(ValueSource::CommandLine) {
        args.idprov.idprov = None;
    }
}

/// The verb that was typed talks to no platform.
pub(crate) fn goes_nowhere(matches: &ArgMatches) -> bool {
    let Some((name, verb)) = matches.subcommand() else { return false };
    let typed = |flag: &str| {
        verb.try_contains_id(flag).is_ok() && verb.value_source(flag) == Some(ValueSource::CommandLine)
    };
    match name {
        "inspect" | "verify" => !["host", "est", "idprov", "local", "authority"].into_iter().any(typed),
        "status" => !typed("compare"),
        "ca" | "devices" => false,
        _ => verb.try_contains_id("host").is_err(),
    }
}

/// One answer to which embedded authority is meant, whichever way it was typed: afterwards `local` has its directory.
/// The variable of `--authority` only says where the authority is, not that it is wanted.
///
/// # Errors
/// Usage failures: two directories; flags of the authority without it.
pub(crate) fn settle_local(args: &mut PlatformArgs, matches: &ArgMatches) -> Result<(), Failure> {
    let mut typed = matches;
    while let Some((_, inner)) = typed.subcommand() {
        typed = inner;
    }
    let is_typed = typed.value_source("authority") == Some(ValueSource::CommandLine);
    match (&args.local, args.authority.take()) {
        (Some(Some(local)), Some(authority)) if is_typed && *local != authority => {
            return Err(Failure::usage(format!(
                "--local={} and --authority {} name two directories",
                local.display(),
                authority.display()
            )));
        }
        (Some(None), Some(authority)) => args.local = Some(Some(authority)),
        (None, Some(authority)) if is_typed => args.local = Some(Some(authority)),
        _ => {}
    }
    let alone = match (args.registered_only, &args.ca_passphrase_file) {
        (true, _) => "--registered-only",
        (_, Some(_)) => "--ca-passphrase-file",
        _ => return Ok(()),
    };
    if args.local.is_some() {
        return Ok(());
    }
    Err(Failure::usage(format!("{alone} needs the embedded authority")).hint("add --local, or --authority DIR"))
}

/// A plain argument that is the directory of an authority is no device: until --authority, --local took it.
///
/// # Errors
/// When it is one.
pub(crate) fn refuse_authority(text: &str) -> Result<(), Failure> {
    if Local::exists(Path::new(text)) { Err(is_authority(text)) } else { Ok(()) }
}

/// Says how the directory of an authority is named.
pub(crate) fn is_authority(text: &str) -> Failure {
    let text = escape::line(text);
    Failure::usage(format!("{text} is the directory of an authority, not of a device"))
        .hint(format!("name it with its flag: --authority {text}"))
}

/// Secret values that were typed, or came through stdin, and cannot be had again.
#[derive(Default)]
struct Said {
    secret: Option<Zeroizing<String>>,
    /// An access token.
    token: Option<Token>,
}

fn resolve_with(args: &PlatformArgs, said: &Said, ui: &Ui) -> Result<Place, Failure> {
    if let Some(options) = super::idprov::named(args)? {
        return Ok(Place::Idprov(Box::new(options)));
    }
    match (&args.local, &args.est.est) {
        (Some(dir), _) => embedded(args, dir.clone(), ui).map(|options| Place::Local(Box::new(options))),
        (None, Some(text)) => super::est::resolve(text, args, said.secret.as_ref(), ui)
            .map(|options| Place::Est(Box::new(options))),
        (None, None) => remote(args, said, ui).map(|options| Place::Dojot(Box::new(options))),
    }
}

/// Access to a place that is used again and again. Files are read each time; values that were typed, or came through
/// stdin, are remembered.
pub struct Access {
    args: PlatformArgs,
    said: Said,
    first: Option<Place>,
}

impl Access {
    /// Resolves it for the first time.
    ///
    /// # Errors
    /// As for a place that is gone to once.
    pub(crate) fn resolve(args: &PlatformArgs, ui: &Ui) -> Result<Self, Failure> {
        let mut args = args.clone();
        let mut said = Said::default();
        if args.local.is_none()
            && (args.secret.is_some() || args.secret_file.as_deref() == Some(Path::new("-")))
        {
            said.secret = secret::find(&sources(&args), ui)?;
        }
        let first = resolve_with(&args, &said, ui)?;
        if let Place::Est(options) = &first
            && said.secret.is_none()
            && secret::find(&sources(&args), ui)?.is_none()
        {
            said.secret.clone_from(&options.secret);
        }
        if let Place::Dojot(options) = &first {
            if options.only_token && args.access_token_file.as_deref() == Some(Path::new("-")) {
                said.token.clone_from(&options.token);
            } else if said.secret.is_none() && secret::find(&sources(&args), ui)?.is_none() {
                said.secret.clone_from(&options.secret);
            }
        }
        args.secret = None;
        Ok(Self { args, said, first: Some(first) })
    }

    /// The place, with the present content of files.
    ///
    /// # Errors
    /// As before.
    pub fn place(&mut self, ui: &Ui) -> Result<Place, Failure> {
        match self.first.take() {
            Some(place) => Ok(place),
            None => resolve_with(&self.args, &self.said, ui),
        }
    }
}

impl std::fmt::Debug for Access {
    /// No secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Access").field("first", &self.first).finish_non_exhaustive()
    }
}

pub(super) fn sources(args: &PlatformArgs) -> secret::Sources<'_> {
    secret::Sources {
        argument: args.secret.as_deref(),
        file: args.secret_file.as_deref(),
        command: args.secret_command.as_deref(),
        variable: "CERTREQ_SECRET",
        credential: "certreq.secret",
    }
}

/// The root that `--ca-fingerprint` and `--accept-new-ca` name, to be written where it belongs.
pub(crate) fn root_terms(args: &PlatformArgs) -> Result<Terms, Failure> {
    Ok(Terms {
        pin: pin(args)?,
        accept: fingerprint("--accept-new-ca", args.accept_new_ca.as_deref())?,
        write: true,
    })
}

/// Flags that name a platform, typed beside `--local`. Variables and profiles give way to it instead.
///
/// # Errors
/// A usage failure that names the flag.
pub(crate) fn contradiction(matches: &ArgMatches) -> Result<(), Failure> {
    const FLAGS: [&str; 13] = [
        "host",
        "port",
        "user",
        "secret",
        "secret_file",
        "secret_command",
        "token_file",
        "cacert",
        "auth",
        "realm",
        "client_id",
        "token_url",
        "access_token_file",
    ];
    if let Some((_, verb)) = matches.subcommand() {
        return contradiction(verb);
    }
    let knows = |flag: &str| matches.try_contains_id(flag).is_ok();
    let typed = |flag: &str| knows(flag) && matches.value_source(flag) == Some(ValueSource::CommandLine);
    if !knows("local") {
        return Ok(());
    }
    let Some(local) = ["local", "authority"].into_iter().find(|flag| typed(flag)) else { return Ok(()) };
    match FLAGS.iter().find(|flag| typed(flag)) {
        Some(flag) => Err(Failure::usage(format!(
            "--{local} cannot be used with --{}: the embedded authority is in this process",
            flag.replace('_', "-")
        ))),
        None => Ok(()),
    }
}

/// The pinned fingerprint of `--ca-fingerprint`.
pub(crate) fn pin(args: &PlatformArgs) -> Result<Option<Fingerprint>, Failure> {
    fingerprint("--ca-fingerprint", args.ca_fingerprint.as_deref())
}

/// The fingerprint a flag names.
pub(super) fn fingerprint(flag: &str, text: Option<&str>) -> Result<Option<Fingerprint>, Failure> {
    let parse = |text: &str| text.parse().map_err(|error| Failure::usage(format!("{flag}: {error}")));
    text.map(parse).transpose()
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
        file,
        variable: "CERTREQ_CA_PASSPHRASE",
        credential: "certreq.ca-passphrase",
        ..secret::Sources::default()
    };
    secret::find(&sources, ui)
}

/// The platform that was named, or the one on this machine.
pub(super) fn base(args: &PlatformArgs) -> Result<BaseUrl, Failure> {
    BaseUrl::parse(args.host.as_deref().unwrap_or("127.0.0.1"), args.port).map_err(Failure::usage)
}

/// How to reach the platform; as whom is still open.
fn reach(args: &PlatformArgs) -> Result<dojot::Options, Failure> {
    let base = base(args)?;
    let mut options = dojot::Options::new(base, args.user.clone().unwrap_or_default());
    options.connect_timeout = duration::parse("--connect-timeout", &args.connect_timeout)?;
    options.timeout = duration::parse("--timeout", args.timeout.as_deref().unwrap_or("60s"))?;
    options.cacerts = cacert(args)?;
    login::method(&mut options, args)?;
    Ok(options)
}

fn user(args: &PlatformArgs) -> Result<String, Failure> {
    args.user.clone().ok_or_else(|| {
        Failure::usage("no user name given")
            .hint("give one with -u, or try it without a platform: certreq issue --local ID")
    })
}

fn remote(args: &PlatformArgs, said: &Said, ui: &Ui) -> Result<dojot::Options, Failure> {
    let mut options = reach(args)?;
    let given = match &said.token {
        Some(token) => Some(token.clone()),
        None if said.secret.is_some() => None,
        None => login::access_token(args, ui)?,
    };
    if given.is_some() {
        options.token = given;
        options.only_token = true;
        return Ok(options);
    }
    if args.user.is_none() && said.secret.is_none() && secret::find(&sources(args), ui)?.is_none() {
        let kept = match &args.token_file {
            Some(path) => TokenFile::new(path).read_any(now()).map_err(|error| unread(path, &error))?,
            None => only_kept_token(&options.base)?,
        };
        if let Some(token) = kept.filter(|token| options.is_from_here(token)) {
            options.user = token.claims().and_then(|claims| claims.user).unwrap_or_default();
            options.token = Some(token);
            return Ok(options);
        }
    }
    let user = user(args)?;
    if let Some(path) = &args.token_file {
        keep_token(&mut options, path, &user, ui)?;
    }
    options.secret = match &said.secret {
        Some(said) => Some(said.clone()),
        None => secret::find(&sources(args), ui)?,
    };
    if options.secret.is_none() && args.token_file.is_none() {
        options.token = kept_token(&options.base, &user)?.filter(|token| options.is_from_here(token));
    }
    if options.secret.is_none() && options.token.is_none() {
        let typed = secret::ask(&format!("Secret of {} at {}: ", escape::line(&user), options.base))?;
        options.secret = Some(typed.ok_or_else(no_secret)?);
    }
    Ok(options)
}

fn now() -> Time {
    SystemTime::now().into()
}

fn unread(path: &Path, error: &std::io::Error) -> Failure {
    Failure::failed(format!("the token file {} cannot be read: {error}", path.display()))
}

/// The token that `certreq login` left for this host, where it left exactly one that is good.
fn only_kept_token(base: &BaseUrl) -> Result<Option<Token>, Failure> {
    let Ok(file) = kept_token_file(base, "") else { return Ok(None) };
    let entries = file.path().parent().and_then(|directory| std::fs::read_dir(directory).ok());
    let mut found = Vec::new();
    for entry in entries.into_iter().flatten().flatten().take(MOST_TOKENS) {
        let path = entry.path();
        if path.extension().is_none_or(|extension| extension != "jwt") {
            continue;
        }
        let file = TokenFile::new(&path);
        let Some(token) = file.read_any(now()).map_err(|error| unread(&path, &error))? else { continue };
        // The file is named after host and user: with the user of the token, its name shows whether it fits this host.
        let user = token.claims().and_then(|claims| claims.user).unwrap_or_default();
        if kept_token_file(base, &user).is_ok_and(|kept| kept.path() == path) {
            found.push(token);
        }
    }
    Ok(found.pop().filter(|_| found.is_empty()))
}

/// The token that `certreq login` left for this host and user, while it is good.
fn kept_token(base: &BaseUrl, user: &str) -> Result<Option<Token>, Failure> {
    // Without a home directory no token was kept.
    let Ok(file) = kept_token_file(base, user) else { return Ok(None) };
    file.read(user, SystemTime::now().into()).map_err(|error| {
        Failure::failed(format!("the token file {} cannot be read: {error}", file.path().display()))
    })
}

/// Where `certreq login` keeps the token of a host and user: a file of its own for each in the state directory.
pub(super) fn kept_token_file(base: &BaseUrl, user: &str) -> Result<TokenFile, Failure> {
    let strategy = etcetera::choose_base_strategy().map_err(|_| {
        Failure::usage("the user has no home directory").hint("name a file for the token: --token-file FILE")
    })?;
    let state = strategy.state_dir().unwrap_or_else(|| strategy.data_dir());
    // The platform folds user names to lower case.
    let bound_to = Fingerprint::of(format!("{base}\n{}", user.to_lowercase()).as_bytes());
    let name = format!("{}.jwt", bound_to.to_string().replace(':', "").to_lowercase());
    Ok(TokenFile::new(state.join("certreq").join("tokens").join(name)))
}

/// The user of a token, and the token's file.
pub(crate) fn token_of(args: &PlatformArgs) -> Result<(String, TokenFile), Failure> {
    if args.local.is_some() {
        return Err(Failure::usage("the embedded authority needs no login"));
    }
    if args.est.est.is_some() {
        return Err(Failure::usage(
            "EST has no login tokens: each request carries the secret (-u, --secret-file)",
        ));
    }
    let base = base(args)?;
    let user =
        args.user.clone().ok_or_else(|| Failure::usage("no user name given").hint("give one with -u"))?;
    let file = match &args.token_file {
        Some(path) => TokenFile::new(path),
        None => kept_token_file(&base, &user)?,
    };
    Ok((user, file))
}

/// Options for a login with user and secret; an existing token is not used.
pub(crate) fn credentials(args: &PlatformArgs, ui: &Ui) -> Result<dojot::Options, Failure> {
    let mut options = reach(args)?;
    user(args)?;
    options.secret = secret::find(&sources(args), ui)?;
    if options.secret.is_none() {
        let prompt = format!("Secret of {} at {}: ", escape::line(&options.user), options.base);
        options.secret = Some(secret::ask(&prompt)?.ok_or_else(no_secret)?);
    }
    Ok(options)
}

/// Uses the token in the file while it is good, and keeps the next one there.
fn keep_token(options: &mut dojot::Options, path: &Path, user: &str, ui: &Ui) -> Result<(), Failure> {
    let file = TokenFile::new(path);
    match file.tighten() {
        Ok(None) => {}
        Ok(Some(Exposure::Wide(mode))) => {
            let shown = path.display();
            ui.warn(&format!(
                "the token file {shown} had the mode {mode:04o}: others could use it; now only you"
            ));
        }
        Ok(Some(exposure)) => ui.warn(&format!("the token file {} {exposure}", path.display())),
        Err(_) => secret::warn_of_others(path, ui),
    }
    if matches!(file.look(), Ok(Kept::Null | Kept::Empty)) {
        ui.note(&format!("the token file {} holds no token: a login puts one there", path.display()));
    }
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

pub(super) fn no_secret() -> Failure {
    Failure::usage("no secret given, and no terminal to ask for it")
        .hint("use --secret-file FILE, --secret-file - to read stdin, or the variable CERTREQ_SECRET")
        .hint("or log in first, at a terminal: certreq login")
}

pub(super) fn cacert(args: &PlatformArgs) -> Result<Vec<Vec<u8>>, Failure> {
    let Some(path) = &args.cacert else {
        return Ok(Vec::new());
    };
    certificates("--cacert", path)
}

/// The certificates of a file, DER, which `flag` names.
pub(super) fn certificates(flag: &str, path: &Path) -> Result<Vec<Vec<u8>>, Failure> {
    let failed = |error: String| Failure::failed(format!("{flag} {}: {error}", path.display()));
    let certificates = bundle::certificates(path).map_err(|error| failed(error.to_string()))?;
    Ok(certificates.iter().map(|certificate| certificate.der().to_vec()).collect())
}
