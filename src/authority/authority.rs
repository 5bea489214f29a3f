//! An authority, opened: its parts, and how a new one is made.

use std::{
    fmt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use aws_lc_rs::rand;
use tokio::sync::Mutex;
use zeroize::Zeroizing;

use super::{
    ca::{BuildError, Ca},
    copy,
    crl::CurrentCrl,
    database::Database,
    directory::{Directory, key_file},
    error::AuthorityError,
    hashing::Hasher,
    keyfile,
    options::{Clock, Options},
    partition::{self, Partitions},
    profile::Profile,
    repository::{Counting, Genesis, Repository, StoreError},
};
use crate::pki::{
    certificate::Certificate,
    key::{KeySpec, PrivateKey},
    time::Time,
};

/// The first user, and its tenant.
pub const ADMIN: &str = "admin";

/// A certificate authority with its records. All methods may be called concurrently.
pub struct Authority {
    pub(super) signer: Arc<Signer>,
    pub(super) repository: Box<dyn Repository>,
    pub(super) crl: Mutex<Option<Arc<CurrentCrl>>>,
    pub(super) partitions: Partitions,
    /// The list of each part, in their order; none where all revocations are in one.
    pub(super) parts: Vec<Mutex<Option<Arc<CurrentCrl>>>>,
    pub(super) crl_lifetime: Duration,
    pub(super) crl_publish_every: Option<Duration>,
    concerns: Vec<String>,
    pub(super) hasher: Hasher,
    clock: Clock,
    token_key: Zeroizing<Vec<u8>>,
    // Dropped last: the directory stays ours until the database is closed.
    directory: Directory,
}

/// The part that makes signatures; shared with threads that do so slowly.
#[derive(Debug)]
pub(super) struct Signer {
    pub ca: Ca,
    pub profile: Profile,
}

impl fmt::Debug for Authority {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Authority").field("directory", &self.directory.path()).finish_non_exhaustive()
    }
}

impl Authority {
    /// The directory holds an authority.
    #[must_use]
    pub fn exists(dir: &Path) -> bool {
        Database::exists(dir)
    }

    /// Where an authority in `dir` keeps its key.
    #[must_use]
    pub fn key_file(dir: &Path) -> PathBuf {
        key_file(dir)
    }

    /// Opens the authority in `dir`, making a new one when there is none: key, root certificate, database. A new one
    /// has no users yet; see [`Self::introduce_admin`].
    ///
    /// # Errors
    /// When another process uses the directory, the key cannot be opened, or the database is not ours.
    pub async fn open(dir: &Path, options: Options) -> Result<Self, AuthorityError> {
        let directory = Directory::open(dir)?;
        let repository = options.database.open(directory.path()).await?;
        let is_elsewhere = options.database.place().filter(|_| Self::exists(dir));
        if let Some(place) = is_elsewhere
            && repository.genesis().await?.is_none()
        {
            return Err(AuthorityError::NotCopied { dir: dir.to_owned(), place });
        }
        Self::with_repository(directory, repository, options).await
    }

    async fn with_repository(
        directory: Directory,
        repository: Box<dyn Repository>,
        options: Options,
    ) -> Result<Self, AuthorityError> {
        if repository.secret_is_there(copy::UNFINISHED).await? {
            let place = options.database.place().unwrap_or_else(|| directory.path().display().to_string());
            return Err(StoreError::Unfinished { place }.into());
        }
        let now = (options.clock)();
        let (ca, token_key) = match repository.genesis().await? {
            Some(Genesis { root, token_key }) => (existing(&directory, &options, root)?, token_key),
            None => create(&directory, &options, &*repository, now).await?,
        };
        let url = options.public_url.as_deref();
        let partitions = partition::agree(&*repository, options.crl_partitions, url).await?;
        let profile = Profile::new(&ca, options.profile, options.lifetime, url, partitions)?;
        Ok(Self {
            signer: Arc::new(Signer { ca, profile }),
            repository,
            crl: Mutex::default(),
            parts: partitions.all().filter(|part| !part.is_whole()).map(|_| Mutex::default()).collect(),
            partitions,
            crl_lifetime: options.crl_lifetime,
            crl_publish_every: options.crl_publish_every,
            concerns: directory.concerns(),
            hasher: Hasher::new()?,
            clock: options.clock,
            token_key,
            directory,
        })
    }

    /// The directory it lives in.
    #[must_use]
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// Warnings about the directory: other users can read or change it.
    #[must_use]
    pub fn concerns(&self) -> &[String] {
        &self.concerns
    }

    /// The self-signed root certificate.
    #[must_use]
    pub fn root(&self) -> &Certificate {
        self.signer.ca.root()
    }

    /// 32 random octets, made once, under which login tokens are signed.
    #[must_use]
    pub fn token_key(&self) -> &[u8] {
        &self.token_key
    }

    /// The RSA key under which access tokens of OpenID logins are signed; made when it is first asked for. It is
    /// worth no more than a password, so it is not encrypted.
    ///
    /// # Errors
    /// When it can be neither read nor made.
    pub async fn openid_key(&self) -> Result<PrivateKey, AuthorityError> {
        if self.repository.is_shared() {
            return self.shared_openid_key().await;
        }
        let path = self.directory.openid_key();
        blocking(move || {
            if path.exists() {
                keyfile::read(&path, None)
            } else {
                keyfile::create(&path, KeySpec::Rsa2048, None)
            }
        })
        .await
    }

    /// One key for all instances: a token of one is taken by the others.
    async fn shared_openid_key(&self) -> Result<PrivateKey, AuthorityError> {
        const NAME: &str = "openid_key";
        let bad = |reason: String| AuthorityError::Key { path: PathBuf::from(NAME), reason };
        let pem = if let Some(pem) = self.repository.secret(NAME).await? {
            pem
        } else {
            let made = blocking(move || {
                let key = PrivateKey::generate(KeySpec::Rsa2048).map_err(|error| bad(error.to_string()))?;
                key.to_pkcs8_pem().map_err(|error| bad(error.to_string()))
            })
            .await?;
            self.repository.keep_secret(NAME, Zeroizing::new(made.as_bytes().to_vec())).await?
        };
        let text = std::str::from_utf8(&pem).map_err(|error| bad(error.to_string()))?;
        PrivateKey::from_pem(text).map_err(|error| bad(error.to_string()))
    }

    /// The records can be reached now.
    ///
    /// # Errors
    /// When they cannot.
    pub async fn answers(&self) -> Result<(), StoreError> {
        self.repository.answers().await
    }

    /// Counts attempts to log in for all instances together; `None` where this is the only one.
    ///
    /// # Errors
    /// When the records fail.
    pub async fn count_attempts(
        &self,
        keys: Vec<[u8; 32]>,
        change: Counting,
    ) -> Result<Option<()>, StoreError> {
        if !self.repository.is_shared() {
            return Ok(None);
        }
        self.repository.count_attempts(keys, change).await.map(Some)
    }

    /// The time as this authority sees it.
    #[must_use]
    pub fn now(&self) -> Time {
        (self.clock)()
    }
}

fn existing(directory: &Directory, options: &Options, root: Vec<u8>) -> Result<Ca, AuthorityError> {
    let path = directory.key();
    if !path.exists() {
        return Err(AuthorityError::KeyMissing(path));
    }
    let ca = Ca::load(root, keyfile::of_existing(&path, options)?)?;
    if !ca.key_fits() {
        return Err(AuthorityError::KeyMismatch(path));
    }
    let (now, begins) = ((options.clock)(), ca.root().not_before);
    if now < begins {
        return Err(AuthorityError::ClockBehind { now, begins });
    }
    Ok(ca)
}

/// The key comes first: a crash before the database knows its root leaves a key that the next start takes up.
async fn create(
    directory: &Directory,
    options: &Options,
    repository: &dyn Repository,
    now: Time,
) -> Result<(Ca, Zeroizing<Vec<u8>>), AuthorityError> {
    let path = directory.key();
    let key: PrivateKey = {
        let (path, options) = (path.clone(), options.clone());
        blocking(move || keyfile::of_new(&path, &options)).await?
    };
    let ca = Ca::create(key, now)?;
    let mut token_key = Zeroizing::new(vec![0; 32]);
    rand::fill(&mut token_key).map_err(|_| BuildError::Random)?;
    let root = ca.root().der().to_vec();
    if repository.save_genesis(Genesis { root, token_key: token_key.clone() }).await? {
        return Ok((ca, token_key));
    }
    // Another instance founded it meanwhile; this one needs the same key.
    match repository.genesis().await? {
        Some(Genesis { root, token_key }) => Ok((existing(directory, options, root)?, token_key)),
        None => Err(AuthorityError::Store(StoreError::Closed)),
    }
}

/// Work that takes longer than other tasks should wait.
pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, AuthorityError> + Send + 'static,
) -> Result<T, AuthorityError> {
    tokio::task::spawn_blocking(work).await.unwrap_or(Err(AuthorityError::Store(StoreError::Closed)))
}
