//! A slow platform: one thread that answers one request at a time, each after so long. What stands behind it is fast.

use std::{
    net::TcpListener,
    sync::Arc,
    thread::{self, JoinHandle},
    time::Duration,
};

use hyper::{Request, Response, body::Incoming, client, server, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    net::TcpStream,
    sync::{Mutex, oneshot},
    time::Instant,
};

use crate::platform::Any;

/// A slow platform, until it is dropped.
pub(crate) struct Slow {
    pub(crate) url: String,
    stop: Option<oneshot::Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Slow {
    /// Stands before the platform at `url`, and answers each request after `time`.
    pub(crate) fn start(url: &str, time: Duration) -> Any<Self> {
        let target = url.trim_start_matches("http://").to_owned();
        let listener = TcpListener::bind("127.0.0.1:0")?;
        listener.set_nonblocking(true)?;
        let url = format!("http://{}", listener.local_addr()?);
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
        let (stop, stopped) = oneshot::channel();
        let thread = thread::spawn(move || {
            runtime.block_on(async {
                tokio::select! {
                    // A listener that breaks ends the run that asks it.
                    _ = accept(listener, target, time) => {}
                    _ = stopped => {}
                }
            });
        });
        Ok(Self { url, stop: Some(stop), thread: Some(thread) })
    }
}

impl Drop for Slow {
    fn drop(&mut self) {
        drop(self.stop.take());
        let _ = self.thread.take().map(JoinHandle::join);
    }
}

async fn accept(listener: TcpListener, target: String, time: Duration) -> Any<()> {
    let listener = tokio::net::TcpListener::from_std(listener)?;
    // When the one thread is free again.
    let free = Arc::new(Mutex::new(Instant::now()));
    loop {
        let (stream, _) = listener.accept().await?;
        stream.set_nodelay(true)?;
        let (target, free) = (target.clone(), Arc::clone(&free));
        tokio::spawn(async move {
            connection(stream, &target, &free, time).await.map_err(|error| error.to_string())
        });
    }
}

async fn connection(stream: TcpStream, target: &str, free: &Mutex<Instant>, time: Duration) -> Any<()> {
    let behind = TcpStream::connect(target).await?;
    behind.set_nodelay(true)?;
    let (sender, exchange) = client::conn::http1::handshake(TokioIo::new(behind)).await?;
    tokio::spawn(exchange);
    let sender = &Mutex::new(sender);
    let answer = |request| async move { one(request, &mut *sender.lock().await, free, time).await };
    Ok(server::conn::http1::Builder::new().serve_connection(TokioIo::new(stream), service_fn(answer)).await?)
}

/// Waits for its turn, and then as long as the slow platform is at work.
async fn one(
    request: Request<Incoming>,
    sender: &mut client::conn::http1::SendRequest<Incoming>,
    free: &Mutex<Instant>,
    time: Duration,
) -> hyper::Result<Response<Incoming>> {
    let came = Instant::now();
    let mut free = free.lock().await;
    // Timers wake a little late, and that is no rest of the thread's.
    let began = came.max(*free);
    let response = sender.send_request(request).await;
    tokio::time::sleep_until(began + time).await;
    *free = began + time;
    response
}
