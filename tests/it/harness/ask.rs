//! A request.

use std::fmt;

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Method, Request, Uri};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::Value;

use super::{P, shortened};

/// A request, from the demo's admin by default.
#[derive(Clone)]
pub struct Ask {
    pub method: Method,
    pub target: String,
    headers: Vec<(HeaderName, HeaderValue)>,
    body: Vec<u8>,
}

impl Ask {
    /// A request for exactly this target, without credentials.
    pub fn raw(method: Method, target: &str) -> Self {
        Self {
            method,
            target: target.to_owned(),
            headers: Vec::new(),
            body: Vec::new(),
        }
    }

    /// A request below [`P`], by the admin.
    pub fn new(method: Method, path: &str) -> Self {
        Self::raw(method, &format!("{P}{path}")).token("admin@example.com", "demo-api-token")
    }

    /// A call of the control API about the default account.
    pub fn control(method: Method, path: &str) -> Self {
        Self::raw(method, &format!("/_emulator/accounts/example{path}"))
    }

    pub fn get(path: &str) -> Self {
        Self::new(Method::GET, path)
    }

    pub fn head(path: &str) -> Self {
        Self::new(Method::HEAD, path)
    }

    pub fn put(path: &str) -> Self {
        Self::new(Method::PUT, path)
    }

    /// A change of the unified status of agent 10011, without a body.
    pub fn update() -> Self {
        Self::put("/agent_statuses/agents/10011")
    }

    /// The same request for another target.
    pub fn to(self, target: String) -> Self {
        Self { target, ..self }
    }

    /// Sets a header, replacing its value.
    pub fn header(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        let name = HeaderName::from_static(name);
        self.headers.retain(|(other, _)| *other != name);
        self.headers.push((
            name,
            HeaderValue::from_bytes(value.as_ref()).expect("a header value"),
        ));
        self
    }

    /// Adds a header.
    pub fn another_header(mut self, name: &'static str, value: impl AsRef<[u8]>) -> Self {
        let value = HeaderValue::from_bytes(value.as_ref()).expect("a header value");
        self.headers.push((HeaderName::from_static(name), value));
        self
    }

    pub fn without(mut self, name: &str) -> Self {
        self.headers.retain(|(other, _)| other != name);
        self
    }

    /// Signs in with an API token.
    pub fn token(self, email: &str, token: &str) -> Self {
        self.basic(&format!("{email}/token:{token}"))
    }

    /// Signs in with a password.
    pub fn password(self, email: &str, password: &str) -> Self {
        self.basic(&format!("{email}:{password}"))
    }

    /// Signs in with this `Authorization` header.
    pub fn basic(self, text: &str) -> Self {
        self.header("authorization", format!("Basic {}", STANDARD.encode(text)))
    }

    /// Signs in with an OAuth token.
    pub fn bearer(self, token: &str) -> Self {
        self.header("authorization", format!("Bearer {token}"))
    }

    /// Signs in as the demo's plain agent, 10011.
    pub fn by_agent(self) -> Self {
        self.bearer("demo-oauth-agent")
    }

    /// Does not sign in.
    pub fn anonymous(self) -> Self {
        self.without("authorization")
    }

    pub fn json(self, body: &Value) -> Self {
        self.header("content-type", "application/json")
            .body(body.to_string())
    }

    pub fn body(mut self, body: impl Into<Vec<u8>>) -> Self {
        self.body = body.into();
        self
    }

    /// Whether it asks for what a web page may send.
    pub(super) fn is_preflight(&self) -> bool {
        let has = |wanted: &str| self.headers.iter().any(|(name, _)| name == wanted);
        self.method == Method::OPTIONS && has("origin") && has("access-control-request-method")
    }

    /// Whether it signs in with anything but an OAuth token.
    pub(super) fn has_basic(&self) -> bool {
        let mut values = self
            .headers
            .iter()
            .filter(|(name, _)| name == "authorization");
        values
            .next()
            .is_some_and(|(_, value)| value.as_bytes().to_ascii_lowercase().starts_with(b"basic"))
    }

    fn uri(&self) -> Uri {
        self.target
            .parse()
            .unwrap_or_else(|error| panic!("{}: {error}", self.target))
    }

    /// The path of the target, in any of the target's forms.
    pub(super) fn path(&self) -> String {
        self.uri().path().to_owned()
    }

    pub fn request(&self) -> Request<Body> {
        let mut request = Request::new(Body::from(self.body.clone()));
        *request.method_mut() = self.method.clone();
        *request.uri_mut() = self.uri();
        for (name, value) in &self.headers {
            request.headers_mut().append(name, value.clone());
        }
        request
    }
}

impl fmt::Debug for Ask {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            method,
            target,
            headers,
            body,
        } = self;
        write!(
            f,
            "{method} {} with {headers:?} and {}",
            shortened(target.as_bytes()),
            shortened(body)
        )
    }
}
