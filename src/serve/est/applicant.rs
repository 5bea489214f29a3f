//! The applicant for a certificate: a user with a password, or the holder of a certificate.

use std::net::IpAddr;

use aws_lc_rs::{
    constant_time::verify_slices_are_equal,
    digest::{SHA256, digest},
};
use axum::http::{HeaderMap, StatusCode, header::AUTHORIZATION};
use base64::{Engine, engine::general_purpose::STANDARD};
use zeroize::Zeroizing;

use super::{Est, answer::Problem};
use crate::{authority::Login, serve::peer::Peer};

/// An applicant, for one device or for all.
#[derive(Debug)]
pub(super) enum Applicant {
    /// Knows the password.
    User,
    /// Shows this certificate, DER.
    Holder(Vec<u8>),
}

impl Est {
    /// The applicant. A given password takes precedence over a certificate.
    pub(super) async fn applicant(
        &self,
        headers: &HeaderMap,
        client: IpAddr,
        peer: &Peer,
    ) -> Result<Applicant, Problem> {
        match (credentials(headers), peer.certificate()) {
            (Some((user, secret)), _) => self.check(client, &user, secret).await.map(|()| Applicant::User),
            (None, Some(certificate)) => Ok(Applicant::Holder(certificate.to_vec())),
            (None, None) => {
                Err(Problem::unauthorized("a user and a password are wanted, or a client certificate"))
            }
        }
    }

    async fn check(&self, client: IpAddr, user: &str, secret: Zeroizing<String>) -> Result<(), Problem> {
        let shared = &self.shared;
        let now = shared.authority.now();
        if let Some(wait) = shared.limiter.as_ref().and_then(|limiter| limiter.refuses(client, user, now)) {
            return Err(Problem::later(StatusCode::TOO_MANY_REQUESTS, "too many wrong passwords", wait));
        }
        let granted = match &self.settings.user {
            Some((name, known)) => same(name, user) & same(known, &secret),
            None => match shared.log_in(client, user, secret).await {
                Ok(Login::Granted(_)) => true,
                Ok(Login::WrongSecret | Login::UnknownUser) => false,
                Ok(Login::Busy) => {
                    let words = "too many log in at a time";
                    return Err(Problem::later(StatusCode::SERVICE_UNAVAILABLE, words, 1));
                }
                Err(error) => return Err(error.into()),
            },
        };
        if granted {
            return Ok(());
        }
        // Those that are right are as many as there are devices: only the wrong ones count.
        shared.allowance(client, user).await?;
        tracing::warn!(%client, user = ?user, "a wrong user or password was refused");
        Err(Problem::unauthorized("the user or the password is wrong"))
    }
}

/// Takes as long whichever octet differs.
fn same(one: &str, other: &str) -> bool {
    let hash = |text: &str| digest(&SHA256, text.as_bytes());
    verify_slices_are_equal(hash(one).as_ref(), hash(other).as_ref()).is_ok()
}

/// User and password of `Authorization: Basic` (RFC 7617).
fn credentials(headers: &HeaderMap) -> Option<(String, Zeroizing<String>)> {
    let value = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, encoded) = value.split_once(' ')?;
    if !scheme.eq_ignore_ascii_case("basic") {
        return None;
    }
    let plain = Zeroizing::new(STANDARD.decode(encoded.trim()).ok()?);
    let (user, secret) = std::str::from_utf8(&plain).ok()?.split_once(':')?;
    Some((user.to_owned(), Zeroizing::new(secret.to_owned())))
}
