//! One request over a TLS connection that is there.

use std::{error::Error, io};

use http_body_util::Empty;
use hyper::{Request, body::Bytes, client::conn::http1, header};
use hyper_util::rt::TokioIo;

use super::tls::{Channel, TlsError};

/// Answer of a server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    /// `404 Not Found`
    pub words: String,
    /// Where it sends us; not followed.
    pub location: Option<String>,
}

/// Asks for a path; the body is not read.
///
/// # Errors
/// When no answer came.
pub async fn get(channel: Channel, host: &str, path: &str) -> Result<Answer, TlsError> {
    let (stream, of_io) = channel.into_parts();
    let sorted = |error: hyper::Error| {
        let mut cause: Option<&(dyn Error + 'static)> = Some(&error);
        while let Some(one) = cause {
            if let Some(error) = one.downcast_ref::<io::Error>() {
                return of_io(error);
            }
            cause = one.source();
        }
        if error.is_incomplete_message() || error.is_canceled() {
            return TlsError::Closed;
        }
        TlsError::Other("its answer is not HTTP".to_owned())
    };
    let request = Request::get(path)
        .header(header::HOST, host)
        .header(header::USER_AGENT, concat!("certreq/", env!("CARGO_PKG_VERSION")))
        .header(header::CONNECTION, "close")
        .body(Empty::<Bytes>::new())
        .map_err(|_| TlsError::Other("the request cannot be made: its path is not valid".to_owned()))?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.map_err(&sorted)?;
    let answered = sender.send_request(request);
    tokio::pin!(answered);
    // The connection does the work. It may end with the answer; without one its end says more than the request's.
    let answer = tokio::select! {
        answer = &mut answered => answer.map_err(&sorted)?,
        ended = connection => answered.await.map_err(|error| sorted(ended.err().unwrap_or(error)))?,
    };
    Ok(Answer {
        status: answer.status().as_u16(),
        words: answer.status().to_string(),
        location: answer
            .headers()
            .get(header::LOCATION)
            .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned()),
    })
}
