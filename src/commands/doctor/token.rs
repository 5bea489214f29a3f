//! The file that keeps the login token.

use std::{fs, os::unix::fs::PermissionsExt};

use super::Remote;
use crate::{
    output::{checks::Check, span},
    pki::time::Time,
    platform::dojot::{Claims, Kept},
};

const NAME: &str = "token";
/// Tokens with less are replaced before they are used.
const MARGIN: i64 = 30;

pub(super) fn check(remote: &Remote, now: Time) -> Check {
    let user = remote.user.as_deref();
    let Some(file) = &remote.token_file else {
        return Check::skipped(NAME, "no user and no token file given");
    };
    let path = file.path().display();
    let replaced = "the next login replaces it";
    let kept = match file.look() {
        Ok(kept) => kept,
        Err(error) => {
            let text = format!("{path} cannot be read: {error}");
            return Check::fail(NAME, text).hint(format!("check its owner: ls -l {path}"));
        }
    };
    let mode = fs::metadata(file.path()).map_or(0o600, |metadata| metadata.permissions().mode() & 0o7777);
    if mode & 0o077 != 0 && kept != Kept::Missing {
        let text = format!("{path} has the mode {mode:04o}: others may use the token in it");
        return Check::fail(NAME, text).hint(format!("chmod 600 {path}"));
    }
    match kept {
        Kept::Missing if !remote.token_is_named => {
            Check::skipped(NAME, "no token is stored; certreq login stores one")
        }
        Kept::Missing => Check::ok(NAME, format!("{path} is not there yet; a login makes it")),
        Kept::Empty => Check::warn(NAME, format!("{path} is empty")).hint(replaced),
        Kept::Null => {
            let text = format!("{path} holds the word null: a script's login failed");
            Check::warn(NAME, text).hint(format!("give the secret; {replaced}"))
        }
        Kept::Strange => {
            Check::warn(NAME, format!("{path} holds no token")).hint(format!("give the secret; {replaced}"))
        }
        Kept::Token(claims) => judge(&path.to_string(), &claims, user, now),
    }
}

fn judge(path: &str, claims: &Claims, user: Option<&str>, now: Time) -> Check {
    let whose = claims.user.as_deref().unwrap_or("somebody");
    if let (Some(user), Some(owner)) = (user, &claims.user)
        && user.to_lowercase() != owner.to_lowercase()
    {
        let text = format!("{path} holds a token of {owner}, not of {user}: it is not used");
        return Check::warn(NAME, text).hint(format!("-u {owner}, or another --token-file"));
    }
    match claims.expires {
        None => Check::ok(NAME, format!("{path}: of {whose}, without an expiry time")),
        Some(end) if end <= now.plus(MARGIN) => {
            let text = format!("{path}: of {whose}, expired at {}", span::moment(end));
            Check::warn(NAME, text).hint("give the secret; the next login replaces it")
        }
        Some(end) => {
            let left = span::duration(end.unix() - now.unix());
            Check::ok(NAME, format!("{path}: of {whose}, {left} left"))
        }
    }
}
