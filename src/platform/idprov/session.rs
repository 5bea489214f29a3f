//! The way to one server: its trusted root, and its directory, asked for once.

use std::sync::Arc;

use rustls::client::danger::ServerCertVerifier;

use super::{Address, Options, Target, discovery, trust};
use crate::{
    pki::{certificate::Certificate, fingerprint::Fingerprint, idprov::Directory},
    platform::{
        ErrorKind, Holder, PlatformError,
        dojot::{
            asked::{Ask, Asked, NORMAL},
            http::Http,
            patience,
        },
        est::trust::provisional,
    },
};

/// A server whose directory was fetched.
#[derive(Debug)]
pub(super) struct Session {
    pub(super) address: Address,
    verifier: Arc<dyn ServerCertVerifier>,
    pub(super) http: Http,
    pub(super) directory: Directory,
    pub(super) root: Certificate,
    /// True when the root was known before, or has the fingerprint that was given; else the root is the one that the
    /// server named.
    pub(super) is_pinned: bool,
}

impl Session {
    pub(super) async fn open(options: &Options) -> Result<Self, PlatformError> {
        let address = match &options.target {
            Target::At(address) => address.clone(),
            Target::Found => discovery::only_one(options.search).await?,
        };
        let known: Vec<Vec<u8>> = options
            .cacerts
            .iter()
            .cloned()
            .chain(options.known.iter().map(|root| root.der().to_vec()))
            .collect();
        let pin = options.accept.or(options.pin);
        if !known.is_empty() && pin.is_none_or(|pin| known.iter().any(|der| Fingerprint::of(der) == pin)) {
            return Self::with_roots(options, address, &known, true).await;
        }
        // Only the root is taken from this answer, and it is required of every further connection.
        let first = fetch(&trust::client(&address, options, provisional(), None)?, &address, options).await?;
        let root = match pin {
            Some(pin) => first.authorities.iter().find(|one| one.fingerprint() == pin),
            None => first.root(),
        };
        let Some(root) = root else { return Err(no_root(&address, &first, pin)) };
        Self::with_roots(options, address, &[root.der().to_vec()], pin.is_some()).await
    }

    async fn with_roots(
        options: &Options,
        address: Address,
        roots: &[Vec<u8>],
        is_pinned: bool,
    ) -> Result<Self, PlatformError> {
        let verifier = trust::rooted_in(roots)?;
        let http = trust::client(&address, options, Arc::clone(&verifier), None)?;
        let directory = fetch(&http, &address, options).await?;
        let trusted = |one: &&Certificate| roots.iter().any(|root| root == one.der());
        // A hub of the Go programs has no root in its directory: then the first of the given roots is taken.
        let root = directory.authorities.iter().find(trusted).cloned();
        let root = root.or_else(|| first_root(roots).filter(|_| directory.authorities.is_empty()));
        let root = root.ok_or_else(|| other_root(&address, &directory))?;
        Ok(Self { address, verifier, http, directory, root, is_pinned })
    }

    /// A client that shows this pair.
    pub(super) fn shown_by(&self, options: &Options, holder: &Holder) -> Result<Http, PlatformError> {
        trust::client(&self.address, options, Arc::clone(&self.verifier), Some(holder))
    }
}

fn first_root(roots: &[Vec<u8>]) -> Option<Certificate> {
    roots.iter().find_map(|der| Certificate::from_der(der.clone()).ok()).filter(|root| root.is_ca)
}

async fn fetch(http: &Http, address: &Address, options: &Options) -> Result<Directory, PlatformError> {
    let ask = Ask::get(Asked::Directory, &address.directory, NORMAL);
    let answer = patience::read(http, options.retry_delay, async || {
        let answer = http.send(&ask, None).await?;
        if answer.status.is_success() { Ok(answer) } else { Err(answer.refusal(&ask, http.base())) }
    });
    let answer = answer.await?;
    Directory::parse(&answer.body).map_err(|error| {
        answer
            .error(&ask, ErrorKind::InvalidResponse, format!("{}: {error}", http.place()))
            .hint("is that the address of an IDProv server? Those on this network: certreq discover")
    })
}

fn no_root(address: &Address, directory: &Directory, pin: Option<Fingerprint>) -> PlatformError {
    let Some(pin) = pin else {
        let text =
            format!("the directory of {address} has no root certificate, so the server cannot be trusted");
        return PlatformError::new(ErrorKind::Untrusted, text)
            .hint("give the root certificate: --cacert FILE; its operator has it");
    };
    let text = format!("no root certificate in the directory of {address} has the fingerprint {pin}");
    let shown = directory.root().map(|root| format!("it has {}", root.fingerprint()));
    let next = shown.unwrap_or_else(|| "it has none".to_owned());
    PlatformError::new(ErrorKind::Untrusted, text).hint(format!("{next}; ask its operator which one is right"))
}

fn other_root(address: &Address, directory: &Directory) -> PlatformError {
    let named = directory.root().map_or_else(|| "none".to_owned(), |root| root.fingerprint().to_string());
    let text =
        format!("the directory of {address} names another root certificate than the one that is trusted here");
    PlatformError::new(ErrorKind::Untrusted, text)
        .hint(format!("it names {named}; ask its operator which one is right"))
}
