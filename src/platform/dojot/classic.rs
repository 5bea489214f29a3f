//! The login of releases 0.5 to 0.8: `POST /auth`, JSON.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use super::{answer::Answer, asked::Ask, http::Http, logins::Grant, token::Token};
use crate::platform::{ErrorKind, PlatformError};

#[derive(Serialize)]
struct Credentials<'a> {
    username: &'a str,
    passwd: &'a str,
}

#[derive(Deserialize)]
struct Granted {
    jwt: Option<String>,
}

/// The body of the request.
pub(super) fn credentials(
    ask: &Ask<'_>,
    user: &str,
    secret: &str,
) -> Result<Zeroizing<Vec<u8>>, PlatformError> {
    let body = serde_json::to_vec(&Credentials { username: user, passwd: secret }).map(Zeroizing::new);
    body.map_err(|error| ask.error(ErrorKind::Rejected, error))
}

/// Reads the gateway's answer to a login.
pub(super) fn granted(http: &Http, ask: &Ask<'_>, answer: &Answer) -> Result<Grant, PlatformError> {
    if !answer.status.is_success() {
        return Err(refused(ask, http, answer));
    }
    let granted: Granted = answer.json(ask, http.place())?;
    let token = granted.jwt.map(Zeroizing::new).and_then(|jwt| Token::new(&jwt)).ok_or_else(|| {
        answer.error(ask, ErrorKind::InvalidResponse, format!("{} answered without a token", http.place()))
    })?;
    Ok(Grant { token, life: None, refresh: None })
}

/// The error of a refused login. The gateway says 401 for an unknown or inactive user and 403 for a wrong password.
fn refused(ask: &Ask<'_>, http: &Http, answer: &Answer) -> PlatformError {
    let mut error = answer.refusal(ask, http.base());
    match answer.status.as_u16() {
        401 => {
            error.kind = ErrorKind::Unauthenticated;
            error.hint("that user is unknown there, or inactive: check the user name (-u) and the host (-h)")
        }
        403 => {
            error.kind = ErrorKind::Unauthenticated;
            error.hint("most likely the password is wrong")
        }
        404 => error.hint("it has no /auth: releases from 1.0 on log in with --auth oidc, and --realm NAME"),
        _ => error,
    }
}
