//! The socket: accepting connections, serving each, and ending all of them.

use std::future::poll_fn;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;
use std::{io, net};

use axum::http::{Request, Version};
use axum::response::Response;
use futures_util::FutureExt;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo, TokioTimer};
use hyper_util::server::conn::auto;
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tower::Service;

use super::connection::Connection;
use super::fault_delivery::{NoAnswer, ResponseConnection, deliver_faults};
use super::work::Work;
use super::{NormalizePath, delete_idle, drain, socket::Socket};
use crate::app::App;

/// How many connections are served at once; more wait to be accepted.
const MAX_CONNECTIONS: usize = 10_000;
/// How long requests may take to end when the server stops.
const GRACE: Duration = Duration::from_secs(1);
/// How many ports are tried if they are taken on the other address.
const PORTS_TO_TRY: usize = 10;
/// How long to wait when no connection can be accepted, which is when file descriptors have run
/// out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until the app is to stop and what was under way has ended.
pub(crate) async fn serve(listeners: Vec<TcpListener>, app: App, service: NormalizePath) {
    let stop = app.stop.clone();
    let mut builder = auto::Builder::new(TokioExecutor::new());
    let limit = app.config.header_timeout;
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limit);
    builder
        .http2()
        .timer(TokioTimer::new())
        .keep_alive_interval(limit);
    let graceful = GracefulShutdown::new();
    // Ends with the runtime.
    tokio::spawn(delete_idle(Arc::clone(&app.registry)));
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));

    while let Some((stream, place)) = accept(&listeners, &places, &stop).await {
        let (service, connection) = (service.clone(), Connection::new(stop.clone()));
        let socket = TokioIo::new(Socket::new(stream, Arc::clone(&connection), limit));
        let service = service_fn(move |request| answer(&service, &connection, request));
        let connection = graceful.watch(
            builder
                .serve_connection_with_upgrades(socket, service)
                .into_owned(),
        );
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended badly");
            }
            drop(place);
        });
    }
    drop(listeners);
    // What is not done by then ends with the runtime.
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
}

type ConnectionPermit = tokio::sync::OwnedSemaphorePermit;

/// The next connection, or none when the server is to stop.
async fn accept(
    listeners: &[TcpListener],
    places: &Arc<Semaphore>,
    stop: &CancellationToken,
) -> Option<(TcpStream, ConnectionPermit)> {
    let next = async {
        // Never closed, so there is always a place to wait for.
        let place = Arc::clone(places).acquire_owned().await.ok()?;
        loop {
            match poll_fn(|context| poll_accept(listeners, context)).await {
                Ok((stream, _)) => {
                    // A small answer must not wait for the client's acknowledgement of the one
                    // before.
                    let _ = stream.set_nodelay(true);
                    return Some((stream, place));
                }
                Err(error) => {
                    tracing::warn!(%error, "no connection could be accepted");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                }
            }
        }
    };
    stop.run_until_cancelled(next).await.flatten()
}

/// The next connection of any listener.
fn poll_accept(
    listeners: &[TcpListener],
    context: &mut Context<'_>,
) -> Poll<io::Result<(TcpStream, SocketAddr)>> {
    let mut accepted = listeners
        .iter()
        .map(|listener| listener.poll_accept(context));
    accepted.find(Poll::is_ready).unwrap_or(Poll::Pending)
}

/// Answers a request. An error ends the connection, or with HTTP/2 the stream of this request.
fn answer(
    service: &NormalizePath,
    connection: &Arc<Connection>,
    request: Request<Incoming>,
) -> impl Future<Output = io::Result<Response>> + use<> {
    let work = (request.version() >= Version::HTTP_2).then(|| Work::begin(connection));
    let response_connection = ResponseConnection::new(Some(connection), request.version());
    let (request, rest) = drain::lend(request);
    service
        .clone()
        .call(request)
        .then(|Ok(response)| deliver_faults(response, response_connection))
        .then(|response| rest.finish(response))
        .map(|response| {
            if response.extensions().get::<NoAnswer>().is_some() {
                return Err(io::ErrorKind::ConnectionAborted.into());
            }
            Ok(match work {
                Some(work) => work.follow_body(response),
                None => response,
            })
        })
}

/// Binds an address that is given by name or number: at least one listener. `localhost` is two
/// addresses with one port, since some clients try the one first and some the other.
pub(crate) fn bind(host: &str, port: u16) -> io::Result<Vec<net::TcpListener>> {
    // Brackets belong to an address in a URL, not to the address.
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let listeners = if host.eq_ignore_ascii_case("localhost") {
        bind_loopback(port)?
    } else {
        vec![net::TcpListener::bind((host, port))?]
    };
    for listener in &listeners {
        listener.set_nonblocking(true)?;
    }
    Ok(listeners)
}

fn bind_loopback(port: u16) -> io::Result<Vec<net::TcpListener>> {
    let mut more_ports = if port == 0 { PORTS_TO_TRY } else { 0 };
    loop {
        let listener = net::TcpListener::bind((Ipv4Addr::LOCALHOST, port))?;
        let chosen = listener.local_addr()?.port();
        match net::TcpListener::bind((Ipv6Addr::LOCALHOST, chosen)) {
            Ok(other) => return Ok(vec![listener, other]),
            Err(error) if error.kind() == io::ErrorKind::AddrInUse => {
                // Another port may be free on both.
                more_ports = more_ports.checked_sub(1).ok_or(error)?;
            }
            // A machine without IPv6 has only one of the two.
            Err(_) => return Ok(vec![listener]),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Assumed: `localhost` is both addresses of loopback with one port, or with none if one of
    /// them is taken.
    #[test]
    #[expect(clippy::expect_used, reason = "a test fails by panicking")]
    fn localhost_is_two_addresses_with_one_port() {
        let ports = |listeners: &[net::TcpListener]| -> Vec<_> {
            listeners
                .iter()
                .map(|it| it.local_addr().map_or(0, |address| address.port()))
                .collect()
        };
        let Ok(taken) = net::TcpListener::bind((Ipv6Addr::LOCALHOST, 0)) else {
            assert_eq!(
                bind("localhost", 0).expect("a port").len(),
                1,
                "without IPv6"
            );
            return;
        };
        let chosen = ports(&bind("LocalHost", 0).expect("a port"));
        assert!(
            chosen.len() == 2 && chosen[0] == chosen[1] && chosen[0] > 0,
            "{chosen:?}"
        );
        let refused = bind("localhost", ports(&[taken])[0])
            .map(drop)
            .map_err(|error| error.kind());
        assert_eq!(refused, Err(io::ErrorKind::AddrInUse));
    }
}
