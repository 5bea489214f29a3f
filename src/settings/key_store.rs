//! Where keys are made, and where the PINs of tokens come from.

use std::{
    env,
    path::{Path, PathBuf},
};

use zeroize::Zeroizing;

use super::secret;
use crate::{
    cli::key_store::KeyStoreArgs,
    device_id::DeviceId,
    failure::Failure,
    keys::{self, KeyStore, Pins, TokenStore},
    output::Ui,
    pki::token_uri::TokenUri,
};

/// A PIN for tokens whose URI names no file.
const PIN: &str = "CERTREQ_PIN";
/// The same, in `$CREDENTIALS_DIRECTORY` (systemd.exec(5)).
const CREDENTIAL: &str = "certreq.pin";

/// The key store of `--key-store`; `None` without the flag.
///
/// # Errors
/// Usage failures.
pub(crate) fn resolve(args: &KeyStoreArgs, ui: &Ui) -> Result<Option<KeyStore>, Failure> {
    match args.key_store.as_deref() {
        None => Ok(None),
        Some("file") => Ok(Some(KeyStore::File)),
        Some(text) => Ok(Some(KeyStore::Token(TokenStore::new(token("--key-store", text, ui)?)))),
    }
}

/// A token that was typed: its module may be loaded from anywhere.
///
/// # Errors
/// Usage failures.
pub(crate) fn token(flag: &str, text: &str, ui: &Ui) -> Result<TokenUri, Failure> {
    let uri: TokenUri = text.parse().map_err(|error| {
        Failure::usage(format!("{flag}: {error}"))
            .hint("write pkcs11:token=NAME?module-path=/usr/lib/.../module.so")
    })?;
    if uri.pin_value.is_some() {
        ui.warn("a PIN on the command line can be seen by every user of this machine; use pin-source=/FILE");
    }
    let uri = TokenUri {
        module_path: uri.module_path.as_deref().map(absolute),
        pin_source: uri.pin_source.as_deref().map(absolute),
        ..uri
    };
    keys::typed(uri.clone());
    Ok(uri)
}

/// The file that stands beside a certificate is read from other directories.
fn absolute(path: &str) -> String {
    std::path::absolute(path)
        .ok()
        .and_then(|path| path.to_str().map(str::to_owned))
        .unwrap_or_else(|| path.to_owned())
}

/// Sets the sources of PINs, for every later use of a token.
pub(crate) fn install(may_ask: bool) {
    let variable = |name: &str| env::var(name).ok().filter(|text| !text.is_empty());
    let credential = env::var_os("CREDENTIALS_DIRECTORY").map(PathBuf::from);
    keys::install(Pins {
        given: variable(PIN).map(Zeroizing::new),
        file: credential.map(|directory| Path::new(&directory).join(CREDENTIAL)),
        ask: (may_ask && Ui::can_ask())
            .then(|| Box::new(|question: &str| secret::ask(question).ok().flatten()) as _),
        // The verbs that make keys report a value that cannot be parsed.
        named: variable("CERTREQ_KEY_STORE").and_then(|text| text.parse().ok()),
    });
}

/// A key that was named is one device's.
///
/// # Errors
/// A usage failure when it would be several devices'.
pub(crate) fn for_devices(store: &KeyStore, ids: Option<&[DeviceId]>) -> Result<(), Failure> {
    match store {
        KeyStore::Token(store) if store.is_one_key() && ids.is_none_or(|ids| ids.len() != 1) => {
            Err(Failure::usage("--key-store names one key (object, id), which can belong to one device only")
                .hint("give one device, or give only the token: each device then gets a key of its own"))
        }
        _ => Ok(()),
    }
}
