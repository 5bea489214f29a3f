//! One certificate: simpleenroll and simplereenroll (RFC 7030 §4.2).

use std::{sync::atomic::Ordering, time::SystemTime};

use reqwest::{Method, StatusCode, header::HeaderValue};

use super::{
    body,
    client::Est,
    credentials::{Challenge, Credentials},
    session::{PKCS10, Session, refusal},
};
use crate::{
    pki::{certificate::Certificate, csr, time::Time},
    platform::{
        ErrorKind, Holder, PlatformError, SignRequest, Signed,
        dojot::{
            answer::Answer,
            asked::{Ask, Asked, NORMAL},
            http::Http,
        },
    },
};

impl Est {
    /// Enrols, or renews with the pair of the request's holder while that is valid; after its end the credentials of
    /// a first request count.
    pub(super) async fn enrol(&self, request: &SignRequest) -> Result<Signed, PlatformError> {
        let session = self.session().await?;
        let now = Time::from(SystemTime::now());
        let holder = request.holder.as_deref().filter(|holder| holder.leaf.not_after >= now);
        let body = body::without_armour(&request.csr_pem);
        let path = self.options.address.path(if holder.is_some() { "simplereenroll" } else { "simpleenroll" });
        let ask = Ask {
            what: Asked::Sign(&request.device),
            method: Method::POST,
            path: &path,
            body: Some(&body),
            limit: NORMAL,
        };
        let answer = match holder {
            Some(holder) => self.renew(session, &ask, holder).await?,
            None => self.exchange(&session.http, &ask).await?,
        };
        match answer.status {
            StatusCode::OK => read(session, &ask, &answer, request),
            StatusCode::ACCEPTED => Err(pending(&ask, &answer, session.http.place())),
            status if status.is_success() => {
                let text = format!("{} answered {status} without a certificate", session.http.place());
                Err(answer.error(&ask, ask.unreadable(), text))
            }
            _ if holder.is_some() => Err(of_one_device(refusal(&ask, &answer, &session.http))),
            _ => Err(refusal(&ask, &answer, &session.http)),
        }
    }

    /// Renews with the holder's certificate. A refusal of this certificate concerns this device, and no other.
    async fn renew(&self, session: &Session, ask: &Ask<'_>, holder: &Holder) -> Result<Answer, PlatformError> {
        let http = session.shown_by(&self.options, holder)?;
        let mut answer = http.send_in(PKCS10, ask, None).await.map_err(of_one_device)?;
        if answer.status == StatusCode::UNAUTHORIZED && self.credentials().is_some() {
            // Some servers want the password as well.
            answer = self.exchange(&http, ask).await.map_err(of_one_device)?;
        }
        if answer.status == StatusCode::UNAUTHORIZED {
            return Err(of_one_device(refusal(ask, &answer, &session.http)));
        }
        Ok(answer)
    }

    /// Sends a request, with the password once the server asks for it. When a nonce was too old, the request is sent
    /// once more with a fresh one.
    async fn exchange(&self, http: &Http, ask: &Ask<'_>) -> Result<Answer, PlatformError> {
        let wanted = self.wants_basic.load(Ordering::Relaxed).then_some(Challenge::Basic);
        let mut answer = http.send_in(PKCS10, ask, self.answer_to(wanted.as_ref(), ask)).await?;
        let mut tried = wanted;
        while answer.status == StatusCode::UNAUTHORIZED {
            let Some(challenge) = self.next_challenge(&answer, tried.as_ref()) else { break };
            answer = http.send_in(PKCS10, ask, self.answer_to(Some(&challenge), ask)).await?;
            if challenge == Challenge::Basic && answer.status != StatusCode::UNAUTHORIZED {
                self.wants_basic.store(true, Ordering::Relaxed);
            }
            tried = Some(challenge);
        }
        Ok(answer)
    }

    fn answer_to(&self, challenge: Option<&Challenge>, ask: &Ask<'_>) -> Option<HeaderValue> {
        self.credentials()?.answer(challenge?, ask.method.as_str(), ask.path)
    }

    /// The challenge that is worth another try: another kind of proof than the last, or a fresh nonce where ours was
    /// stale, once.
    fn next_challenge(&self, answer: &Answer, tried: Option<&Challenge>) -> Option<Challenge> {
        self.credentials()?;
        let challenge = Challenge::of(&answer.challenges)?;
        match (tried, &challenge) {
            (None, _) | (Some(Challenge::Basic), Challenge::Digest(_)) => Some(challenge),
            (Some(Challenge::Digest(before)), Challenge::Digest(now)) if now.is_stale && !before.is_stale => {
                Some(challenge)
            }
            _ => None,
        }
    }

    fn credentials(&self) -> Option<Credentials<'_>> {
        let secret = self.options.secret.as_ref()?;
        Some(Credentials { user: self.options.user.as_deref().unwrap_or_default(), secret })
    }
}

fn of_one_device(mut error: PlatformError) -> PlatformError {
    if matches!(error.kind, ErrorKind::Unauthenticated | ErrorKind::Forbidden) {
        error.kind = ErrorKind::Forbidden;
        let next =
            "if the certificate in use is taken no more, ask with the first credentials: certreq issue --force";
        error.hint = Some(next.to_owned());
    }
    error
}

/// Takes the certificate of our key out of the answer, and adds the certificates that lead from it to the root.
fn read(
    session: &Session,
    ask: &Ask<'_>,
    answer: &Answer,
    request: &SignRequest,
) -> Result<Signed, PlatformError> {
    let mut found = body::certificates(answer).map_err(|text| {
        answer.error(ask, ask.unreadable(), format!("{} answered 200: {text}", session.http.place()))
    })?;
    let ours = csr::public_key_info(&request.csr_pem);
    let own = found.iter().position(|one| Some(one.public_key_info()) == ours.as_deref());
    // A certificate of another key is returned, too: the caller says which device it is of.
    let leaf = found.swap_remove(own.or_else(|| found.iter().position(|one| !one.is_ca)).unwrap_or(0));
    let between = session.authorities.between(&leaf, &found);
    Ok(Signed {
        certificate_pem: std::iter::once(&leaf).chain(&between).map(Certificate::to_pem).collect(),
        fingerprint: leaf.fingerprint().to_string(),
        request_id: answer.request_id.clone(),
    })
}

fn pending(ask: &Ask<'_>, answer: &Answer, place: &str) -> PlatformError {
    let said = answer.first_words().map_or_else(String::new, |words| format!(": {words}"));
    let text = format!("{place} holds the request until it is approved there{said}");
    let mut error = answer.error(ask, ErrorKind::Pending, text);
    error.retry_after = answer.retry_after;
    error.hint("have it approved, then run the same command again: it sends the same request")
}
