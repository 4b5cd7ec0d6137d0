//! How calls reach the control API: in process straight to the router, or over HTTP.
//!
//! Calls block. Each runs on a new thread, since the thread of a test may belong to a runtime, and
//! a runtime must not be entered twice.

use std::fmt::Display;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HOST};
use axum::http::{HeaderName, HeaderValue, Method, Request, Response, StatusCode, Uri};
use http_body_util::{BodyExt, Full};
use hyper_util::rt::TokioIo;
use serde::Serialize;
use tokio::net::TcpStream;
use tower::ServiceExt;

use super::error::ClientError;
use crate::incoming::ByOwner;

/// How long an answer over HTTP may take, beside the time that the call itself waits.
const PATIENCE: Duration = Duration::from_secs(30);
const SOURCE: HeaderName = HeaderName::from_static("x-emulator-source");

/// Where calls go.
#[derive(Clone, Debug)]
pub(crate) enum Transport {
    /// To this router, as the owner of the emulator.
    Router(Router),
    /// To the server at this host and port.
    Http {
        authority: String,
        /// The control token, if the server has one.
        token: Option<HeaderValue>,
    },
}

/// A call of the control API.
#[derive(Debug)]
pub(super) struct Call {
    pub(super) method: Method,
    pub(super) target: String,
    /// The source that it names, if any.
    pub(super) source: Option<String>,
    pub(super) body: Option<Content>,
    /// How long the server may wait before it answers.
    pub(super) waits: Duration,
}

/// The body of a call.
#[derive(Debug)]
pub(super) struct Content {
    pub(super) kind: &'static str,
    pub(super) bytes: Vec<u8>,
}

/// The answer to a call.
#[derive(Debug)]
pub(super) struct CallAnswer {
    pub(super) status: StatusCode,
    pub(super) bytes: Bytes,
}

impl Transport {
    /// The server at an address such as `http://127.0.0.1:8080`.
    pub(super) fn http(url: &str, token: Option<&str>) -> Result<Self, ClientError> {
        let uri: Uri = url
            .parse()
            .map_err(|_| ClientError::Address(url.to_owned()))?;
        let is_plain =
            uri.scheme_str() == Some("http") && uri.path() == "/" && uri.query().is_none();
        let authority = uri
            .authority()
            .filter(|_| is_plain)
            .ok_or_else(|| ClientError::Address(url.to_owned()))?;
        let token = token.map(|token| HeaderValue::try_from(format!("Bearer {token}")));
        let token = token.transpose().map_err(|_| ClientError::Token)?;
        Ok(Self::Http {
            authority: authority.to_string(),
            token,
        })
    }

    pub(super) fn send(&self, call: Call) -> Result<CallAnswer, ClientError> {
        std::thread::scope(|scope| {
            let called = scope.spawn(|| {
                let runtime = tokio::runtime::Builder::new_current_thread()
                    .enable_all()
                    .build();
                runtime
                    .map_err(ClientError::from)?
                    .block_on(self.answer(call))
            });
            called
                .join()
                .unwrap_or_else(|panic| std::panic::resume_unwind(panic))
        })
    }

    async fn answer(&self, call: Call) -> Result<CallAnswer, ClientError> {
        let waits = call.waits;
        let mut request = Request::builder()
            .method(call.method)
            .uri(call.target)
            .header(ACCEPT, "application/json");
        if let Some(source) = call.source {
            request = request.header(SOURCE, source);
        }
        if let Some(content) = &call.body {
            request = request.header(CONTENT_TYPE, content.kind);
        }
        let body = Full::from(call.body.map(|content| content.bytes).unwrap_or_default());
        match self {
            Self::Router(router) => {
                let request = request
                    .extension(ByOwner)
                    .body(Body::new(body))
                    .map_err(ClientError::unsendable)?;
                let response = match router.clone().oneshot(request).await {
                    Ok(response) => response,
                    Err(never) => match never {},
                };
                CallAnswer::receive(response).await
            }
            Self::Http { authority, token } => {
                request = request.header(HOST, authority);
                if let Some(token) = token {
                    request = request.header(AUTHORIZATION, token);
                }
                let request = request.body(body).map_err(ClientError::unsendable)?;
                let answered = tokio::time::timeout(
                    PATIENCE.saturating_add(waits),
                    exchange(authority, request),
                )
                .await;
                answered.map_err(|_| ClientError::Late)?
            }
        }
    }
}

/// Sends one request on a new connection.
async fn exchange(
    authority: &str,
    request: Request<Full<Bytes>>,
) -> Result<CallAnswer, ClientError> {
    // The default port is that of HTTP.
    let has_port = authority
        .rsplit_once(':')
        .is_some_and(|(_, port)| port.bytes().all(|byte| byte.is_ascii_digit()));
    let stream = if has_port {
        TcpStream::connect(authority).await
    } else {
        TcpStream::connect((authority, 80)).await
    };
    let handshake = hyper::client::conn::http1::handshake(TokioIo::new(stream?)).await;
    let (mut sender, connection) = handshake.map_err(ClientError::unreadable)?;
    // This owns the sender, and the connection ends when the sender is dropped.
    let exchanged = async move {
        let response = sender
            .send_request(request)
            .await
            .map_err(ClientError::unreadable)?;
        CallAnswer::receive(response).await
    };
    // The answer arrives only while the connection is polled.
    let (answer, _) = futures_util::future::join(exchanged, connection).await;
    answer
}

impl CallAnswer {
    async fn receive(
        response: Response<impl HttpBody<Data = Bytes, Error: Display>>,
    ) -> Result<Self, ClientError> {
        let status = response.status();
        let body = response.into_body().collect().await;
        let bytes = body.map_err(ClientError::unreadable)?.to_bytes();
        Ok(Self { status, bytes })
    }
}

impl Call {
    pub(super) fn new(method: Method, target: String) -> Self {
        Self {
            method,
            target,
            source: None,
            body: None,
            waits: Duration::ZERO,
        }
    }

    /// Sets a body of JSON.
    pub(super) fn json(mut self, body: &impl Serialize) -> Result<Self, ClientError> {
        let bytes = serde_json::to_vec(body).map_err(ClientError::unsendable)?;
        let kind = "application/json";
        self.body = Some(Content { kind, bytes });
        Ok(self)
    }

    /// Sets a body of documents, one on each line.
    pub(super) fn ndjson(mut self, bytes: Vec<u8>) -> Self {
        let kind = "application/x-ndjson";
        self.body = Some(Content { kind, bytes });
        self
    }
}
