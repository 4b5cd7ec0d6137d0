//! The two servers that the emulator is compared with. Each is a process: this program, started
//! again.

use std::path::Path;
use std::process::Stdio;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::{Path as PathParameter, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, Request};
use axum::response::Response;
use axum::routing::{get, put};
use http_body_util::{BodyExt, Full};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tower::ServiceExt;

use crate::Outcome;
use crate::emulator::{AGENTS, UPDATES};
use crate::exchange::split;
use crate::process::{self, Core};

/// The servers that answer with bytes from memory.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Server {
    /// hyper and nothing else: the least that answering these bytes costs.
    Wire,
    /// axum with the routes that are called.
    Axum,
}

impl Server {
    /// The server that an argument of this program names.
    pub(crate) fn named(argument: &str) -> Option<Self> {
        [Self::Wire, Self::Axum]
            .into_iter()
            .find(|server| server.argument() == argument)
    }

    fn argument(self) -> &'static str {
        match self {
            Self::Wire => "--wire",
            Self::Axum => "--axum",
        }
    }

    /// Starts it as a process that repeats the answer in the file.
    pub(crate) fn start(self, file: &Path) -> Outcome<process::Server> {
        let file = file.to_str().ok_or("a path that is not text")?;
        let arguments = [self.argument(), file];
        process::Server::start(
            &std::env::current_exe()?,
            &arguments,
            Some(Core::Server),
            Stdio::inherit(),
        )
    }

    /// Serves until the process is killed.
    pub(crate) fn serve(self, file: &str) -> Outcome<()> {
        let answer = Answer::read(file)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()?;
        runtime.block_on(async move {
            let listener = TcpListener::bind(("127.0.0.1", 0)).await?;
            println!("ready at {}", listener.local_addr()?);
            let routes = answer.clone().routes();
            loop {
                let (stream, _) = listener.accept().await?;
                stream.set_nodelay(true)?;
                match self {
                    Self::Wire => tokio::spawn(wire(stream, answer.clone())),
                    Self::Axum => tokio::spawn(routed(stream, routes.clone())),
                };
            }
        })
    }
}

async fn wire(stream: TcpStream, answer: Answer) {
    let service = service_fn(move |request: Request<Incoming>| {
        let answer = answer.clone();
        async move {
            // If the body were left unread, hyper would close the connection.
            request.into_body().collect().await?;
            let mut response = Response::new(Full::new(answer.body));
            *response.headers_mut() = answer.headers;
            Ok::<_, hyper::Error>(response)
        }
    });
    // The generator closes its connections when its slice ends.
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

async fn routed(stream: TcpStream, routes: Router) {
    let service = service_fn(move |request: Request<Incoming>| {
        routes.clone().oneshot(request.map(Body::new))
    });
    let _ = http1::Builder::new()
        .serve_connection(TokioIo::new(stream), service)
        .await;
}

/// An answer that was captured from the emulator.
#[derive(Clone, Debug)]
struct Answer {
    headers: HeaderMap,
    body: Bytes,
}

impl Answer {
    fn read(file: &str) -> Outcome<Self> {
        let bytes = std::fs::read(file)?;
        let (head, body) = split(&bytes).ok_or("not an answer")?;
        let mut headers = HeaderMap::new();
        for line in head.lines().skip(1) {
            let (name, value) = line.split_once(": ").ok_or("not a header")?;
            headers.append(HeaderName::try_from(name)?, HeaderValue::try_from(value)?);
        }
        Ok(Self {
            headers,
            body: Bytes::copy_from_slice(body),
        })
    }

    fn routes(self) -> Router {
        let list = async |State(answer): State<Self>| (answer.headers, answer.body);
        let one = async |PathParameter(_): PathParameter<u64>, State(answer): State<Self>| {
            (answer.headers, answer.body)
        };
        let update = async |PathParameter(_): PathParameter<u64>,
                            State(answer): State<Self>,
                            _: Bytes| { (answer.headers, answer.body) };
        Router::new()
            .route(AGENTS, get(list))
            .route(&format!("{AGENTS}/{{id}}"), get(one))
            .route(&format!("{UPDATES}/{{id}}"), put(update))
            .with_state(self)
    }
}
