//! A connection's byte stream that ends when its peer stops reading, or when its place is needed.

use std::{
    future::Future,
    io::{self, ErrorKind, IoSlice},
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use tokio::{
    io::{AsyncRead, AsyncWrite, ReadBuf},
    time::{Sleep, sleep},
};

use super::crowd::Place;

/// `stream`, watched.
#[derive(Debug)]
pub(super) struct Watched<S> {
    stream: S,
    place: Place,
    /// How long the peer may take to make room for more bytes.
    patience: Duration,
    /// Runs while the peer makes none.
    stalled: Option<Pin<Box<Sleep>>>,
    /// Its place was needed.
    closed: bool,
}

impl<S> Watched<S> {
    pub(super) fn new(stream: S, place: Place, patience: Duration) -> Self {
        Self { stream, place, patience, stalled: None, closed: false }
    }

    fn check(&mut self, cx: &mut Context<'_>) -> io::Result<()> {
        // The message comes once.
        self.closed = self.closed || Pin::new(self.place.closed()).poll(cx).is_ready();
        if self.closed { Err(ErrorKind::ConnectionAborted.into()) } else { Ok(()) }
    }

    /// Bounds how long a write may be pending.
    fn bounded<T>(&mut self, cx: &mut Context<'_>, wrote: Poll<io::Result<T>>) -> Poll<io::Result<T>> {
        if wrote.is_ready() {
            self.stalled = None;
            self.place.progressed();
            return wrote;
        }
        let patience = self.patience;
        let stalled = self.stalled.get_or_insert_with(|| Box::pin(sleep(patience)));
        ready!(stalled.as_mut().poll(cx));
        Poll::Ready(Err(ErrorKind::TimedOut.into()))
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Watched<S> {
    fn poll_read(self: Pin<&mut Self>, cx: &mut Context<'_>, buffer: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.check(cx)?;
        let read = ready!(Pin::new(&mut this.stream).poll_read(cx, buffer));
        this.place.progressed();
        Poll::Ready(read)
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Watched<S> {
    fn poll_write(self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.check(cx)?;
        let wrote = Pin::new(&mut this.stream).poll_write(cx, bytes);
        this.bounded(cx, wrote)
    }

    fn poll_write_vectored(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let this = self.get_mut();
        this.check(cx)?;
        let wrote = Pin::new(&mut this.stream).poll_write_vectored(cx, slices);
        this.bounded(cx, wrote)
    }

    /// Without this, the HTTP library would copy each body before it writes.
    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        this.check(cx)?;
        let flushed = Pin::new(&mut this.stream).poll_flush(cx);
        if flushed.is_ready() && this.stalled.is_none() {
            return flushed;
        }
        this.bounded(cx, flushed)
    }

    fn poll_shutdown(self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        let this = self.get_mut();
        let shut = Pin::new(&mut this.stream).poll_shutdown(cx);
        this.bounded(cx, shut)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};

    use super::*;
    use crate::serve::crowd::Crowd;

    #[tokio::test]
    async fn a_peer_that_does_not_read_is_not_waited_for() {
        let (ours, mut theirs) = tokio::io::duplex(64);
        let place = Crowd::new(1).enter().await.unwrap();
        let mut watched = Watched::new(ours, place, Duration::from_millis(50));
        assert_eq!(watched.write_all(&[0; 65]).await.unwrap_err().kind(), ErrorKind::TimedOut);
        let mut read = [0; 64];
        theirs.read_exact(&mut read).await.unwrap();
        watched.write_all(&[0; 10]).await.unwrap();
    }

    #[tokio::test]
    async fn a_connection_whose_place_is_needed_ends_for_good() {
        let (ours, _theirs) = tokio::io::duplex(64);
        let crowd = Crowd::new(1);
        let mut watched = Watched::new(ours, crowd.enter().await.unwrap(), Duration::from_secs(60));
        let (next, ()) = tokio::join!(crowd.enter(), async {
            for _ in 0..2 {
                assert_eq!(watched.read_u8().await.unwrap_err().kind(), ErrorKind::ConnectionAborted);
                assert_eq!(watched.write_u8(1).await.unwrap_err().kind(), ErrorKind::ConnectionAborted);
            }
            drop(watched);
        });
        assert!(next.is_some());
    }
}
