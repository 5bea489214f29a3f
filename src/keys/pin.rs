//! PINs: where they come from. Asked for once for each token, and only when one needs it.

use std::{
    fmt, io,
    path::{Path, PathBuf},
    sync::OnceLock,
};

use zeroize::Zeroizing;

use super::error::TokenError;
use crate::{
    custody::{self, Exposure},
    pki::token_uri::TokenUri,
};

/// No PIN is longer.
const LIMIT: usize = 1024;

/// Asks a person; `None` when no person can be asked.
type Ask = dyn Fn(&str) -> Option<Zeroizing<String>> + Send + Sync;

/// Where PINs come from besides the URI of a token, and which module the user named.
#[derive(Default)]
pub struct Pins {
    /// From the variable.
    pub given: Option<Zeroizing<String>>,
    /// A file whose first line it is (a systemd credential).
    pub file: Option<PathBuf>,
    pub ask: Option<Box<Ask>>,
    /// The token that a variable names.
    pub named: Option<TokenUri>,
}

impl fmt::Debug for Pins {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Pins(..)")
    }
}

static PINS: OnceLock<Pins> = OnceLock::new();
/// The token that was typed.
static TYPED: OnceLock<TokenUri> = OnceLock::new();

/// Tells where PINs come from. The first call in a process counts.
pub fn install(pins: Pins) {
    let _ = PINS.set(pins);
}

/// Tells which token was typed: its module is one that the user chose. The first call in a process counts.
pub fn typed(uri: TokenUri) {
    let _ = TYPED.set(uri);
}

/// The token that the user named.
fn named() -> Option<&'static TokenUri> {
    TYPED.get().or_else(|| PINS.get()?.named.as_ref())
}

/// The module of that token.
pub(super) fn named_module() -> Option<&'static str> {
    named()?.module_path.as_deref()
}

/// The PIN for a token; `None` when no place has one.
pub(super) fn of(uri: &TokenUri, token: &str) -> Result<Option<Zeroizing<String>>, TokenError> {
    if let Some(pin) = &uri.pin_value {
        return Ok(Some(pin.clone()));
    }
    let named = named().filter(|named| is_of(named, uri));
    if let Some(pin) = named.and_then(|named| named.pin_value.clone()) {
        return Ok(Some(pin));
    }
    let file = uri.pin_source.as_deref().or_else(|| named?.pin_source.as_deref()).map(Path::new);
    if let Some(file) = file {
        return read(file, token).map(Some);
    }
    let Some(pins) = PINS.get() else { return Ok(None) };
    if let Some(pin) = &pins.given {
        return Ok(Some(pin.clone()));
    }
    if let Some(file) = pins.file.as_deref().filter(|file| file.exists()) {
        return read(file, token).map(Some);
    }
    Ok(pins.ask.as_ref().and_then(|ask| ask(&format!("PIN of {token}: "))))
}

/// Whether the URI that the user named can mean the token of `uri`.
fn is_of(named: &TokenUri, uri: &TokenUri) -> bool {
    let agree = |one: &Option<String>, other: &Option<String>| one.is_none() || other.is_none() || one == other;
    agree(&named.token, &uri.token) && agree(&named.serial, &uri.serial)
}

fn read(path: &Path, token: &str) -> Result<Zeroizing<String>, TokenError> {
    let shown = path.display();
    let failed =
        |error: io::Error| TokenError::Pin { token: token.to_owned(), why: format!("{shown}: {error}") };
    let file = custody::open(path).map_err(failed)?;
    if let Some(exposure) = file.metadata().ok().and_then(|metadata| Exposure::of(&metadata)) {
        tracing::warn!("the PIN file {shown} {exposure}");
    }
    let text = custody::read_secret(file, LIMIT).map_err(failed)?;
    match text.lines().next().map(str::trim_end).filter(|line| !line.is_empty()) {
        Some(line) => Ok(Zeroizing::new(line.to_owned())),
        None => Err(failed(io::Error::new(io::ErrorKind::InvalidData, "its first line is empty"))),
    }
}
