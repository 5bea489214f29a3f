//! The loop that accepts connections, and the life of each: TLS if there is any, HTTP/1.1, an end.

use std::{
    io,
    net::SocketAddr,
    sync::Arc,
    time::{Duration, SystemTime},
};

use axum::{Router, extract::ConnectInfo, http::Request};
use futures_util::future::{Either, select};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioIo, TokioTimer},
    server::graceful::{GracefulShutdown, Watcher},
};
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::{TcpListener, TcpStream},
    task::JoinSet,
    time::{sleep, timeout},
};
use tower_service::Service;

use super::{
    crowd::{Activity, Crowd},
    encryption::Encryption,
    peer::Peer,
    watched::Watched,
};
use crate::pki::time::Time;

/// How long requests under way may take once the server is told to stop.
const DRAIN: Duration = Duration::from_secs(10);

/// How long to wait when the system gives no more connections: no file handles, no memory.
const BREATH: Duration = Duration::from_millis(50);

/// The year 9999, less a day.
const LATEST: i64 = 253_402_214_400;

/// Octets of the longest request head, as of the platform's own servers.
const LONGEST_HEAD: usize = 16 * 1024;

/// Octets that TLS keeps for a client that does not read.
const TLS_BUFFER: usize = 16 * 1024;

/// The parts that serve a connection.
#[derive(Clone)]
struct Way {
    router: Router,
    tls: Option<Encryption>,
    patience: Duration,
    http: http1::Builder,
}

/// The other end of a connection.
struct Client {
    address: SocketAddr,
    activity: Arc<Activity>,
}

/// Serves until `stop` resolves; requests under way may end then. `patience` bounds every wait for a client, `most` the
/// connections at a time.
pub(super) async fn serve(
    listener: TcpListener,
    tls: Option<Encryption>,
    router: Router,
    (patience, most): (Duration, usize),
    stop: impl Future<Output = ()> + Send,
) {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new()).header_read_timeout(patience).max_buf_size(LONGEST_HEAD);
    // Some clients of EST look for headers letter by letter.
    http.title_case_headers(true);
    let way = Way { router, tls, patience, http };
    let crowd = Crowd::new(most);
    let graceful = GracefulShutdown::new();
    let mut connections = JoinSet::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = std::pin::pin!(accept(&listener));
        let (stream, address) = match select(stop.as_mut(), accepted).await {
            Either::Left(_) => break,
            Either::Right((accepted, _)) => accepted,
        };
        while connections.try_join_next().is_some() {}
        let Some(place) = crowd.enter().await else { break };
        let client = Client { address, activity: place.activity() };
        let watched = Watched::new(stream, place, patience);
        connections.spawn(connection(way.clone(), watched, client, graceful.watcher()));
    }
    drop(listener);
    // Those that still run afterwards are aborted.
    let _ = timeout(DRAIN, graceful.shutdown()).await;
    connections.shutdown().await;
}

async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, client)) => {
                // Answers are small: waiting for more to send would only delay them.
                let _ = stream.set_nodelay(true);
                return (stream, client);
            }
            Err(error) if error.kind() == io::ErrorKind::ConnectionAborted => {}
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                sleep(BREATH).await;
            }
        }
    }
}

async fn connection(way: Way, stream: Watched<TcpStream>, client: Client, watcher: Watcher) {
    let Some(tls) = &way.tls else { return talk(&way, stream, client, None, watcher).await };
    let tls = match tls.acceptor().await {
        Ok(tls) => tls,
        Err(error) => {
            tracing::error!(error, "connections cannot be encrypted");
            return;
        }
    };
    // A client that fails to agree on TLS has been told so by TLS itself.
    match timeout(way.patience, tls.accept(stream)).await {
        Ok(Ok(mut stream)) => {
            stream.get_mut().1.set_buffer_limit(Some(TLS_BUFFER));
            let peer = Peer::of(stream.get_ref().1);
            talk(&way, stream, client, Some(peer), watcher).await;
        }
        Ok(Err(error)) => refused(&error, client.address),
        Err(_) => {}
    }
}

/// Logs why a client's certificate was refused: TLS tells the client little of that.
fn refused(error: &io::Error, client: SocketAddr) {
    let tls = error.get_ref().and_then(|inner| inner.downcast_ref::<rustls::Error>());
    if let Some(rustls::Error::InvalidCertificate(why)) = tls {
        tracing::warn!(%client, "a client's certificate was refused: {why}");
    }
}

async fn talk(
    way: &Way,
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    client: Client,
    peer: Option<Peer>,
    watcher: Watcher,
) {
    if Time::from(SystemTime::now()).unix() >= LATEST {
        // The HTTP library cannot write such a date, and panics.
        tracing::error!("the clock is after the year 9999: requests cannot be answered");
        return;
    }
    let router = &way.router;
    let Client { address, activity } = client;
    let service = service_fn(move |mut request: Request<Incoming>| {
        activity.made_request();
        request.extensions_mut().insert(ConnectInfo(address));
        if let Some(peer) = &peer {
            request.extensions_mut().insert(peer.clone());
        }
        router.clone().call(request)
    });
    let served = watcher.watch(way.http.serve_connection(TokioIo::new(stream), service)).await;
    if let Err(error) = served {
        tracing::debug!(%error, client = %address, "a connection broke off");
    }
}
