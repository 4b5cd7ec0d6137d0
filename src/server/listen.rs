//! The socket: accepting connections, serving each, and ending all of them.

use std::io;
use std::sync::Arc;
use std::time::Duration;

use axum::http::Request;
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

use super::connection::{Connection, Socket};
use super::drain;
use super::faults::NoAnswer;
use super::service::Service;

/// How many connections are served at once; more wait to be accepted.
const MAX_CONNECTIONS: usize = 10_000;
/// How long a request's headers may take, and how long a connection may be idle.
const HEADER_TIMEOUT: Duration = Duration::from_secs(75);
/// How long requests that are under way get to end when the server stops.
const GRACE: Duration = Duration::from_secs(1);
/// How long to wait when no connection can be accepted, which is when file descriptors have run out.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);

/// Serves until `stop` is cancelled and what was under way has ended.
pub(crate) async fn serve(listener: TcpListener, service: Service, stop: CancellationToken) {
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADER_TIMEOUT);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(HEADER_TIMEOUT);
    let graceful = GracefulShutdown::new();
    // Ends with the runtime.
    tokio::spawn(service.clone().delete_idle());
    let places = Arc::new(Semaphore::new(MAX_CONNECTIONS));

    while let Some((stream, place)) = accept(&listener, &places, &stop).await {
        let (service, connection) = (service.clone(), Connection::new(stop.clone()));
        let socket = TokioIo::new(Socket::new(stream, Arc::clone(&connection)));
        let service = service_fn(move |request| answer(&service, &connection, request));
        let connection = graceful.watch(builder.serve_connection_with_upgrades(socket, service).into_owned());
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended badly");
            }
            drop(place);
        });
    }
    drop(listener);
    // Whatever is not done by then ends with the runtime.
    let _ = tokio::time::timeout(GRACE, graceful.shutdown()).await;
}

type Place = tokio::sync::OwnedSemaphorePermit;

/// The next connection, or none when the server is to stop.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
    stop: &CancellationToken,
) -> Option<(TcpStream, Place)> {
    let next = async {
        // Never closed, so there is always a place to wait for.
        let place = Arc::clone(places).acquire_owned().await.ok()?;
        loop {
            match listener.accept().await {
                Ok((stream, _)) => {
                    // A small answer must not wait for the client's acknowledgement of the one before.
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

/// Answers a request. An error ends the connection, or where it is shared, what there is of it for this request.
fn answer(
    service: &Service,
    connection: &Arc<Connection>,
    request: Request<Incoming>,
) -> impl Future<Output = io::Result<Response>> + use<> {
    let (request, rest) = drain::lend(request);
    service.answer(request, Some(connection)).then(|response| rest.finish(response)).map(|response| {
        let is_none = response.extensions().get::<NoAnswer>().is_some();
        if is_none { Err(io::ErrorKind::ConnectionAborted.into()) } else { Ok(response) }
    })
}

/// Binds an address that is given by name or number.
pub(crate) fn bind(host: &str, port: u16) -> std::io::Result<std::net::TcpListener> {
    // Brackets belong to an address in a URL, not to the address.
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let listener = std::net::TcpListener::bind((host, port))?;
    listener.set_nonblocking(true)?;
    Ok(listener)
}
