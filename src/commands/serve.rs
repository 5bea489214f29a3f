//! `certreq serve`: the embedded platform, until it is told to stop.

mod hub;

use std::{
    collections::HashSet,
    net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr},
    path::PathBuf,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use futures_util::FutureExt;
pub use hub::{IdprovPlan, OPERATOR_CERTIFICATE, OPERATOR_KEY, OPERATOR_ROOT};
use tokio::signal::unix::{Signal, SignalKind, signal};
use zeroize::Zeroizing;

use super::clock;
use crate::{
    authority::{
        ADMIN, Authority, AuthorityError, CaKey, CertificateProfile, Database, Login, Options, Partitions,
    },
    device_id::DeviceId,
    failure::Failure,
    keys::KeyStore,
    output::{Ui, ui::Verbosity},
    pki::alt_name::{self, AltName},
    serve::{self, Bound, EstSettings, Realm, ServeError, Settings},
};

/// How long the platform's own tokens last, up to 0.8 and from 1.0 on.
pub const DOJOT_TOKEN: Duration = Duration::from_secs(420);
pub const OPENID_TOKEN: Duration = Duration::from_secs(300);

/// Everything decided before the server starts.
#[derive(Clone)]
pub struct Plan {
    /// Address and port to listen on; port 0 takes a free one.
    pub listen: SocketAddr,
    /// Directory of the authority: its key and database. Created when it is missing.
    pub dir: PathBuf,
    /// Where the records are.
    pub database: Database,
    /// How long the server says that it is not ready, before it takes no more connections.
    pub drain: Duration,
    /// PEM files with the server's certificate chain and its key; with them the server speaks HTTPS.
    pub tls: Option<(PathBuf, PathBuf)>,
    /// How long issued certificates are valid.
    pub lifetime: Duration,
    /// How long a revocation list is valid; a new one is made at half of it, or when something was revoked.
    pub crl_lifetime: Duration,
    /// How long a login lasts.
    pub token_lifetime: Duration,
    /// Log in with OpenID Connect, as releases 1.0 do.
    pub openid: bool,
    /// Kind of key a new authority signs with.
    pub key: CaKey,
    /// Where the key of a new authority is made.
    pub store: KeyStore,
    /// Passphrase of the CA key; a new key is encrypted with it.
    pub passphrase: Option<Zeroizing<String>>,
    /// Secret of the user admin of a new authority, or for the reset; without it one is made and shown once.
    pub admin_secret: Option<Zeroizing<String>>,
    /// Give an existing admin that secret, or another one.
    pub reset_admin_secret: bool,
    /// Devices to enter in the registry; those already there stay.
    pub register: Vec<DeviceId>,
    /// URL under which clients reach this server; issued certificates point there for revocation. By default the
    /// address listened on.
    pub public_url: Option<String>,
    /// Limit logins, as the platform does; by default unless the server listens on loopback.
    pub login_limit: Option<bool>,
    /// Make a revocation list only so often; by default as soon as something was revoked.
    pub crl_publish_every: Option<Duration>,
    /// In how many parts revocation lists are; by default as many as there are.
    pub crl_partitions: Option<Partitions>,
    /// Profile of issued certificates.
    pub profile: CertificateProfile,
    /// Speak EST, too.
    pub est: Option<EstPlan>,
    /// Provision devices, too.
    pub idprov: Option<IdprovPlan>,
}

/// How EST is served.
#[derive(Clone)]
pub struct EstPlan {
    /// The user that asks with a password, when it is not a user of the authority.
    pub user: Option<(String, Zeroizing<String>)>,
    pub labels: Vec<String>,
    /// First requests wait for an operator's approval.
    pub approve: bool,
    /// Attributes that requests shall hold: CsrAttrs (RFC 7030 §4.5.2), DER.
    pub attributes: Option<Vec<u8>>,
}

impl std::fmt::Debug for EstPlan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EstPlan")
            .field("labels", &self.labels)
            .field("approve", &self.approve)
            .finish_non_exhaustive()
    }
}

impl std::fmt::Debug for Plan {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plan")
            .field("listen", &self.listen)
            .field("dir", &self.dir)
            .field("database", &self.database)
            .field("drain", &self.drain)
            .field("tls", &self.tls)
            .field("lifetime", &self.lifetime)
            .field("crl_lifetime", &self.crl_lifetime)
            .field("token_lifetime", &self.token_lifetime)
            .field("openid", &self.openid)
            .field("key", &self.key)
            .field("store", &self.store)
            .field("passphrase", &self.passphrase.as_ref().map(|_| ".."))
            .field("admin_secret", &self.admin_secret.as_ref().map(|_| ".."))
            .field("register", &self.register)
            .field("public_url", &self.public_url)
            .field("reset_admin_secret", &self.reset_admin_secret)
            .field("login_limit", &self.login_limit)
            .field("crl_publish_every", &self.crl_publish_every)
            .field("crl_partitions", &self.crl_partitions)
            .field("profile", &self.profile)
            .field("est", &self.est)
            .field("idprov", &self.idprov)
            .finish()
    }
}

impl Plan {
    /// A loopback server on port 8000 for the authority in `dir`, with the platform's own times and limits.
    #[must_use]
    pub fn new(dir: PathBuf) -> Self {
        let options = Options::default();
        let settings = Settings::default();
        Self {
            listen: SocketAddr::from(([127, 0, 0, 1], 8000)),
            dir,
            database: Database::default(),
            drain: Duration::ZERO,
            tls: None,
            lifetime: options.lifetime,
            crl_lifetime: options.crl_lifetime,
            token_lifetime: settings.token_lifetime,
            openid: false,
            key: options.key,
            store: KeyStore::File,
            passphrase: None,
            admin_secret: None,
            reset_admin_secret: false,
            register: Vec::new(),
            public_url: None,
            login_limit: None,
            crl_publish_every: None,
            crl_partitions: None,
            profile: options.profile,
            est: None,
            idprov: None,
        }
    }
}

/// Serves until SIGINT or SIGTERM. Says `listening on URL` on stderr once requests are accepted.
///
/// # Errors
/// When the address or the directory is taken, a file cannot be used, or the passphrase is wrong.
pub async fn run(mut plan: Plan, ui: &Ui) -> Result<(), Failure> {
    let stop = Stop::new()?;
    clock::warn(std::time::SystemTime::now().into(), ui);
    if !serve::forbid_core_dumps() {
        ui.warn("the system does not let this process forbid core dumps: one would hold the CA key");
    }
    let mut bound = serve::bind(plan.listen, plan.tls.as_ref())?;
    if plan.est.is_some() {
        bound = bound.certified();
    }
    let hub = plan.idprov.take().map(hub::Listening::open).transpose()?;
    if !(bound.is_encrypted() || bound.address().ip().is_loopback()) {
        ui.warn("passwords and tokens travel unencrypted: this server is open to the network without TLS");
    }
    let options = options(&mut plan, &bound);
    if options.public_url.is_none() && options.crl_partitions.is_some_and(|parts| parts.count() > 1) {
        return Err(Failure::usage("certificates name the URL of their list: say it with --public-url"));
    }
    let authority = Arc::new(Authority::open(&plan.dir, options).await?);
    for text in authority.concerns() {
        ui.warn(text);
    }
    if let Some(secret) = &admin_secret(&mut plan, &authority).await? {
        introduce(ui, secret);
    }
    if !plan.register.is_empty() {
        let new = authority.register_devices(ADMIN, &plan.register).await;
        let new = new.map_err(|error| Failure::failed(error.to_string()).context("registering devices"))?;
        ui.detail(&format!("{new} of {} devices are new in the registry", plan.register.len()));
    }
    let openid = if plan.openid { Some(realm(&plan, &bound, &authority, ui).await?) } else { None };
    let est = est(&mut plan);
    let mut server_names = server_names(&plan, &bound);
    let draining = Arc::new(AtomicBool::new(false));
    let stop = stopped(stop, Arc::clone(&draining), plan.drain).shared();
    let hub = match hub {
        Some(hub) => Some(hub.begin(&authority, &mut server_names, stop.clone(), ui).await?),
        None => None,
    };
    if est.is_some() {
        introduce_est(&plan, &bound, &authority, ui);
    }
    ui.note(&format!("listening on {}", bound.url()));
    let login_limit = plan.login_limit.unwrap_or(!bound.address().ip().is_loopback());
    let settings = Settings {
        token_lifetime: plan.token_lifetime,
        login_limit,
        openid,
        est,
        server_names,
        draining,
        ..Settings::default()
    };
    let platform = bound.serve(authority, settings, stop);
    match hub {
        Some(hub) => futures_util::future::try_join(platform, hub).await.map(drop)?,
        None => platform.await?,
    }
    ui.detail("stopped");
    Ok(())
}

/// The signal to stop, and the time in which the server says that it is not ready.
async fn stopped(mut stop: Stop, draining: Arc<AtomicBool>, drain: Duration) {
    stop.wait().await;
    draining.store(true, Ordering::Relaxed);
    // A second signal does not wait.
    tokio::select! {
        () = tokio::time::sleep(drain) => {}
        () = stop.wait() => {}
    }
}

/// The admin's secret when it was made just now. A file with another secret than the admin's is not ignored.
async fn admin_secret(plan: &mut Plan, authority: &Authority) -> Result<Option<Zeroizing<String>>, Failure> {
    let given = plan.admin_secret.take();
    if plan.reset_admin_secret {
        return Ok(authority.reset_admin(given).await?);
    }
    let secret = match given {
        Some(secret) if authority.has_admin().await? => secret,
        given => return Ok(authority.introduce_admin(given).await?),
    };
    if matches!(authority.log_in(ADMIN, secret).await?, Login::Granted(_)) {
        return Ok(None);
    }
    Err(Failure::usage(format!(
        "the admin of {} has another secret than the one in --admin-secret-file",
        authority.directory().display()
    ))
    .hint("add --reset-admin-secret to give the admin this secret, or leave the file out"))
}

/// URL under which clients reach us; `None` without a public URL, when we listen on the unspecified address.
fn own_url(plan: &Plan, bound: &Bound) -> Option<String> {
    let reachable = !bound.address().ip().is_unspecified();
    let own = plan.public_url.clone().or_else(|| reachable.then(|| bound.url()));
    own.map(|url| url.trim_end_matches('/').to_owned())
}

async fn realm(plan: &Plan, bound: &Bound, authority: &Authority, ui: &Ui) -> Result<Realm, Failure> {
    let url = own_url(plan, bound).unwrap_or_else(|| {
        let url = bound.url();
        ui.warn(&format!(
            "tokens will name {url} as their issuer; set the address for clients with --public-url"
        ));
        url
    });
    let key = authority.openid_key().await?;
    Realm::new(&key, authority.token_key(), &url, plan.token_lifetime).map_err(Failure::failed)
}

fn est(plan: &mut Plan) -> Option<EstSettings> {
    let EstPlan { user, labels, approve, attributes } = plan.est.take()?;
    Some(EstSettings { user, labels, approve, attributes })
}

/// Prints the facts that clients of EST have to know.
fn introduce_est(plan: &Plan, bound: &Bound, authority: &Authority, ui: &Ui) {
    let url = own_url(plan, bound).unwrap_or_else(|| bound.url());
    let root = authority.root().fingerprint();
    ui.note(&format!("EST: certreq issue --est {url} ID\nroot certificate, SHA-256: {root}"));
}

/// Under which names clients reach us, for a certificate of our own.
fn server_names(plan: &Plan, bound: &Bound) -> Vec<AltName> {
    let typed = plan.public_url.as_deref().map(alt_name::typed);
    let typed =
        typed.map(|name| name.parse().map_or_else(|_| format!("dns:{name}"), |ip: IpAddr| format!("ip:{ip}")));
    let address = bound.address().ip();
    let mut names: Vec<AltName> = typed.and_then(|name| name.parse().ok()).into_iter().collect();
    if !address.is_unspecified() {
        names.push(AltName::Ip(address));
    }
    if address.is_unspecified() || address.is_loopback() {
        names.push(AltName::Dns("localhost".to_owned()));
        names.extend([Ipv4Addr::LOCALHOST.into(), Ipv6Addr::LOCALHOST.into()].map(AltName::Ip));
    }
    let mut seen = HashSet::new();
    names.retain(|name| seen.insert(name.clone()));
    names
}

fn options(plan: &mut Plan, bound: &Bound) -> Options {
    Options {
        key: plan.key,
        store: plan.store.clone(),
        // Wiped as soon as the key is open.
        passphrase: plan.passphrase.take(),
        lifetime: plan.lifetime,
        crl_lifetime: plan.crl_lifetime,
        crl_publish_every: plan.crl_publish_every,
        crl_partitions: plan.crl_partitions,
        profile: plan.profile,
        database: plan.database.clone(),
        public_url: own_url(plan, bound),
        ..Options::default()
    }
}

/// The one time the secret can be read; `--quiet` does not swallow it.
fn introduce(ui: &Ui, secret: &str) {
    let text = format!("admin secret: {secret}\nIt is shown only now: log in with it as the user {ADMIN}.");
    if ui.verbosity() == Verbosity::Quiet { ui.warn(&text) } else { ui.note(&text) }
}

/// The signals that end the server, listened for before anything is started.
struct Stop {
    interrupt: Signal,
    terminate: Signal,
}

impl Stop {
    fn new() -> Result<Self, Failure> {
        let listen = |kind| signal(kind).map_err(|error| Failure::failed(format!("signals: {error}")));
        Ok(Self { interrupt: listen(SignalKind::interrupt())?, terminate: listen(SignalKind::terminate())? })
    }

    async fn wait(&mut self) {
        tokio::select! {
            _ = self.interrupt.recv() => {}
            _ = self.terminate.recv() => {}
        }
    }
}

impl From<AuthorityError> for Failure {
    fn from(error: AuthorityError) -> Self {
        let failure = Self::failed(error.to_string());
        match error {
            AuthorityError::InUse(_) => failure.hint("stop it, or choose another directory"),
            AuthorityError::PassphraseNeeded(_) | AuthorityError::PassphraseWrong(_) => {
                failure.hint("give the passphrase the key was encrypted with")
            }
            AuthorityError::Exposed { ref path, .. } => {
                let path = path.display().to_string();
                failure.hint(format!(
                    "check its owner: ls -ld {path}; only the owner may have rights: chmod go= {path}"
                ))
            }
            AuthorityError::KeyMissing(_) => failure
                .hint("put the key back from a backup, or choose a new directory")
                .hint("servers that share a database share the key: copy ca.key from the first one"),
            AuthorityError::KeyMismatch(_) => {
                failure.hint("servers that share a database share the key: copy ca.key from the first one")
            }
            AuthorityError::Partitions { .. } => failure.hint("leave out --crl-partitions"),
            AuthorityError::NotCopied { .. } => failure
                .hint("copy them first: certreq authority copy")
                .hint("or name another directory: --authority DIR"),
            _ => failure,
        }
    }
}

impl From<ServeError> for Failure {
    fn from(error: ServeError) -> Self {
        let failure = Self::failed(error.to_string());
        match error {
            ServeError::Listen { source, .. } if source.kind() == std::io::ErrorKind::AddrInUse => {
                failure.hint("choose another port; port 0 picks a free one")
            }
            _ => failure,
        }
    }
}
