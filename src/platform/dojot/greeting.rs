//! A first request to a platform, without a login.

use std::sync::atomic::Ordering;

use serde_json::{Map, Value};

use super::{
    asked::{Ask, Asked, NORMAL},
    client::Dojot,
    words,
};
use crate::platform::{ErrorKind, PlatformError};

impl Dojot {
    /// `GET /x509/v1/ca` without a token, once. A gateway refuses it, and the refusal shows that it is a gateway.
    ///
    /// # Errors
    /// When no answer comes, or one that no dojot gateway gives: a redirect, a web page, a path that is not known.
    pub async fn greet(&self) -> Result<(), PlatformError> {
        let ask = Ask::get(Asked::Greeting, "/x509/v1/ca", NORMAL);
        let answer = self.http.send(&ask, None).await?;
        let base = self.http.base();
        if words::is_web_page(&answer.body) {
            let mut error = answer.refusal(&ask, base);
            error.kind = ErrorKind::InvalidResponse;
            error.hint.get_or_insert_with(|| "check the host (-h) and the port (-p)".to_owned());
            return Err(error);
        }
        match answer.status.as_u16() {
            401 | 403 => Ok(()),
            200..=299 => answer.json::<Map<String, Value>>(&ask, self.http.place()).map(drop),
            _ => Err(answer.refusal(&ask, base)),
        }
    }

    /// It is a release up to 0.6, as its refusal of a field in a list of certificates showed.
    #[must_use]
    pub fn is_up_to_0_6(&self) -> bool {
        self.all_fields.load(Ordering::Relaxed)
    }
}
