//! Answers that are large: few are under way at a time, so that clients that do not read cannot fill the memory.

use std::{
    pin::Pin,
    sync::Arc,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    body::{Body, Bytes, HttpBody},
    extract::{Request, State},
    http::Method,
    middleware::Next,
    response::{IntoResponse, Response},
};
use hyper::body::{Frame, SizeHint};
use tokio::{sync::OwnedSemaphorePermit, time::timeout};

use super::{problem::Problem, state::Shared};

/// Large answers under way at a time: some 400 KiB each.
pub(super) const MOST: usize = 64;

/// How long a request waits for one of them to end.
const PATIENCE: Duration = Duration::from_secs(5);

const LISTS: [&str; 4] = ["/x509/v1/certificates", "/x509/v1/trusted-cas", "/x509/v1/ca/crl", "/device"];

/// Lets a few requests for lists pass at a time, each until its answer was read.
pub(super) async fn bounded(State(shared): State<Shared>, request: Request, next: Next) -> Response {
    if request.method() != Method::GET || !LISTS.contains(&request.uri().path()) {
        return next.run(request).await;
    }
    let Ok(Ok(permit)) = timeout(PATIENCE, Arc::clone(&shared.large).acquire_owned()).await else {
        return Problem::Busy.into_response();
    };
    next.run(request).await.map(|body| Body::new(Held { body, _permit: permit }))
}

/// A body, and the turn it is read in.
struct Held {
    body: Body,
    _permit: OwnedSemaphorePermit,
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.get_mut().body).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    /// Without this, answers would come in chunks, without a Content-Length.
    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
