//! Access tokens: the claims that can be read from one, and the file that keeps it between runs.
//!
//! The signature is the platform's to check; the claims are hints only.

use std::{
    fmt,
    fs::{DirBuilder, Permissions},
    io::{self, Read, Write},
    os::unix::fs::{DirBuilderExt, PermissionsExt},
    path::{Path, PathBuf},
};

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use reqwest::Url;
use zeroize::Zeroizing;

use crate::{
    custody::{self, Exposure},
    pki::time::Time,
};

/// Seconds before its expiry at which a token is no longer worth using.
pub(super) const MARGIN: u64 = 30;
/// Most bytes of a token file.
const MOST: u64 = 64 * 1024;

/// A bearer token; wiped when dropped, never printed.
#[derive(Clone)]
pub struct Token(Zeroizing<String>);

/// Claims of a token; unverified.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Claims {
    pub user: Option<String>,
    pub tenant: Option<String>,
    /// `iss`: a URL in tokens of OpenID logins, the name of a key in others.
    pub issuer: Option<String>,
    pub issued: Option<Time>,
    pub expires: Option<Time>,
}

impl Token {
    /// A text that can be sent as a bearer token: printable ASCII without blanks, and not `null`.
    #[must_use]
    pub fn new(text: &str) -> Option<Self> {
        let text = text.trim();
        let fits = !text.is_empty() && text != "null" && text.bytes().all(|byte| byte.is_ascii_graphic());
        fits.then(|| Self(Zeroizing::new(text.to_owned())))
    }

    /// The text itself; for the `Authorization` header and the token file only.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The payload of a JWT (RFC 7519); `None` when it is no JWT.
    #[must_use]
    pub fn claims(&self) -> Option<Claims> {
        let mut parts = self.0.split('.');
        let (Some(_), Some(payload), Some(_), None) = (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return None;
        };
        let payload = URL_SAFE_NO_PAD.decode(payload.trim_end_matches('=')).ok()?;
        let payload: serde_json::Map<String, serde_json::Value> = serde_json::from_slice(&payload).ok()?;
        let text = |name: &str| payload.get(name)?.as_str().map(str::to_owned);
        let time = |name: &str| {
            let value = payload.get(name)?;
            #[expect(clippy::cast_possible_truncation, reason = "saturates, and Time clamps")]
            value.as_i64().or_else(|| value.as_f64().map(|seconds| seconds as i64)).map(Time::from_unix)
        };
        Some(Claims {
            user: text("username").or_else(|| text("preferred_username")),
            tenant: text("service").or_else(|| realm(&text("iss")?)),
            issuer: text("iss"),
            issued: time("iat"),
            expires: time("exp"),
        })
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(...)")
    }
}

/// The tenant in the issuer of an OpenID login, a URL: its last path segment (`.../realms/<tenant>`).
fn realm(issuer: &str) -> Option<String> {
    let url = Url::parse(issuer).ok()?;
    let last = url.path_segments()?.rfind(|segment| !segment.is_empty())?;
    Some(last.to_owned())
}

/// Content of a token file, whether it can be used or not.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Kept {
    /// No such file.
    Missing,
    Empty,
    /// The word `null`, which scripts leave there after a login that failed.
    Null,
    /// A text that is no JWT.
    Strange,
    Token(Claims),
}

/// A file with one token and nothing else, as the platform's own script leaves it.
#[derive(Clone, Debug)]
pub struct TokenFile(PathBuf);

impl TokenFile {
    #[must_use]
    pub fn new(path: impl Into<PathBuf>) -> Self {
        Self(path.into())
    }

    #[must_use]
    pub fn path(&self) -> &Path {
        &self.0
    }

    /// The token of `user` that is still good for 30 s at `now`. A missing or empty file, `null`, anything but a JWT,
    /// another user's token and an expired one all count as no token.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn read(&self, user: &str, now: Time) -> io::Result<Option<Token>> {
        let Some(bytes) = self.bytes()? else { return Ok(None) };
        let token = std::str::from_utf8(&bytes).ok().and_then(Token::new);
        Ok(token.filter(|token| token.claims().is_some_and(|claims| claims.fit(user, now))))
    }

    /// The same for a token of any user.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn read_any(&self, now: Time) -> io::Result<Option<Token>> {
        let Some(bytes) = self.bytes()? else { return Ok(None) };
        let token = std::str::from_utf8(&bytes).ok().and_then(Token::new);
        Ok(token.filter(|token| token.claims().is_some_and(|claims| claims.is_good(now))))
    }

    /// Content of the file; no part of it was checked.
    ///
    /// # Errors
    /// When the file is there and cannot be read.
    pub fn look(&self) -> io::Result<Kept> {
        let Some(bytes) = self.bytes()? else { return Ok(Kept::Missing) };
        let text = String::from_utf8_lossy(&bytes);
        Ok(match text.trim() {
            "" => Kept::Empty,
            "null" => Kept::Null,
            text => Token::new(text).and_then(|token| token.claims()).map_or(Kept::Strange, Kept::Token),
        })
    }

    fn bytes(&self) -> io::Result<Option<Zeroizing<Vec<u8>>>> {
        let file = match custody::open(&self.0) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            opened => opened?,
        };
        let mut bytes = Zeroizing::new(Vec::new());
        file.take(MOST).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    /// Takes away the rights of others, which scripts leave: `Some` with the mode that the file had. A file that
    /// belongs to another user stays as it is, and `Some` names that user.
    ///
    /// # Errors
    /// When it cannot be changed.
    pub fn tighten(&self) -> io::Result<Option<Exposure>> {
        let Ok(file) = custody::open(&self.0) else { return Ok(None) };
        let exposure = Exposure::of(&file.metadata()?);
        if let Some(Exposure::Wide(mode)) = exposure {
            file.set_permissions(Permissions::from_mode(mode & 0o600))?;
        }
        Ok(exposure)
    }

    /// Replaces the file at once and as a whole; only its owner can read it, from its first moment.
    ///
    /// # Errors
    /// When the directory cannot be written.
    pub fn write(&self, token: &Token) -> io::Result<()> {
        let directory = match self.0.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        DirBuilder::new().recursive(true).mode(0o700).create(directory)?;
        // The file has the mode 0600 from its creation on.
        let mut file = tempfile::Builder::new().prefix(".token-").tempfile_in(directory)?;
        file.write_all(token.expose().as_bytes())?;
        file.write_all(b"\n")?;
        file.as_file().sync_all()?;
        file.persist(&self.0)?;
        Ok(())
    }

    /// Forgets the token; `false` when there was none.
    ///
    /// # Errors
    /// When the file is there and cannot be removed.
    pub fn remove(&self) -> io::Result<bool> {
        match std::fs::remove_file(&self.0) {
            Ok(()) => Ok(true),
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(false),
            Err(error) => Err(error),
        }
    }
}

impl Claims {
    /// True for the token of this user that is still good; the platform folds user names to lower case.
    fn fit(&self, user: &str, now: Time) -> bool {
        self.user.as_ref().is_none_or(|name| name.to_lowercase() == user.to_lowercase()) && self.is_good(now)
    }

    /// True when the token does not end within the next 30 s.
    fn is_good(&self, now: Time) -> bool {
        self.expires.is_none_or(|expires| now.plus(MARGIN.cast_signed()) < expires)
    }
}
