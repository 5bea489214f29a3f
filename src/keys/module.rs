//! Loading the library that speaks to tokens. A library runs with all rights of this process, so a file beside a
//! certificate cannot choose one: it is taken from where only root writes, or as the user named it.

use std::{
    collections::HashMap,
    fs, io,
    os::unix::fs::MetadataExt,
    path::{Path, PathBuf},
    sync::{LazyLock, Mutex, PoisonError},
};

use cryptoki::{
    context::{CInitializeArgs, CInitializeFlags, Pkcs11},
    error::{Error, RvError},
};

use super::error::TokenError;
use crate::pki::token_uri::TokenUri;

/// Loaded once in a process: a second initialisation of the same library is an error.
static LOADED: LazyLock<Mutex<HashMap<PathBuf, Pkcs11>>> = LazyLock::new(Mutex::default);

/// The module of a token: of the URI, else `named`, which the user gave.
pub(super) fn of(uri: &TokenUri, named: Option<&str>) -> Result<(PathBuf, Pkcs11), TokenError> {
    let by_user = named.map(PathBuf::from);
    let wanted = uri.module_path.as_deref().map(PathBuf::from);
    let Some(path) = wanted.or_else(|| by_user.clone()) else {
        return Err(TokenError::NoModule(uri.token_words()));
    };
    let is_named = by_user.as_ref() == Some(&path);
    if !is_named {
        let untrusted = |why: String| TokenError::Untrusted { path: path.display().to_string(), why };
        only_roots(&path).map_err(untrusted)?;
    }
    load(&path).map(|module| (path, module))
}

/// Only root can put another library there.
fn only_roots(path: &Path) -> Result<(), String> {
    if !path.is_absolute() {
        return Err("its path does not begin at the root".to_owned());
    }
    let real = match fs::canonicalize(path) {
        Ok(real) => real,
        // A missing module is reported when it is loaded.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(error) => return Err(error.to_string()),
    };
    for place in real.ancestors() {
        let metadata = fs::metadata(place).map_err(|error| error.to_string())?;
        if metadata.uid() != 0 || metadata.mode() & 0o022 != 0 {
            return Err(format!("others than root can change {}", place.display()));
        }
    }
    Ok(())
}

fn load(path: &Path) -> Result<Pkcs11, TokenError> {
    let mut loaded = LOADED.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(module) = loaded.get(path) {
        return Ok(module.clone());
    }
    if cfg!(target_feature = "crt-static") {
        return Err(TokenError::Static);
    }
    let failed = |why: String| TokenError::Load { path: path.display().to_string(), why };
    if let Err(error) = fs::metadata(path) {
        return Err(failed(match error.kind() {
            io::ErrorKind::NotFound => "there is no such file".to_owned(),
            _ => error.to_string(),
        }));
    }
    let module = Pkcs11::new(path).map_err(|error| failed(why(path, &error)))?;
    match module.initialize(CInitializeArgs::new(CInitializeFlags::OS_LOCKING_OK)) {
        Ok(()) | Err(Error::Pkcs11(RvError::CryptokiAlreadyInitialized, _)) => {}
        Err(error) => return Err(failed(format!("it does not start: {error}"))),
    }
    loaded.insert(path.to_owned(), module.clone());
    Ok(module)
}

/// Tells every module that this process is done.
pub(super) fn finalize() {
    for (_, module) in LOADED.lock().unwrap_or_else(PoisonError::into_inner).drain() {
        // The process ends now; an error of a module changes no result.
        let _ = module.finalize();
    }
}

/// Reason of the loader, without the path that it repeats.
fn why(path: &Path, error: &Error) -> String {
    let text = match error {
        Error::LibraryLoading(error) => {
            std::error::Error::source(error).map_or_else(|| error.to_string(), ToString::to_string)
        }
        Error::MissingSymbol(_) => return "it is not a PKCS#11 module".to_owned(),
        other => other.to_string(),
    };
    let text = text.trim_start_matches(&format!("{}: ", path.display())).to_owned();
    if text.contains("ELF class") || text.contains("ELF header") || text.contains("machine") {
        return format!(
            "it is built for another machine than this program ({}): {text}",
            std::env::consts::ARCH
        );
    }
    text
}
