//! Decides which calls may use the control API. A page of another site may not, under any name by
//! which it reaches the emulator. Other machines may only if the operator allows it. Health probes,
//! the index and the contract files are not guarded.

use std::convert::Infallible;
use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::header::{AUTHORIZATION, HOST, ORIGIN};
use axum::http::request::Parts;
use axum::http::{HeaderMap, HeaderName, Uri};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use subtle::ConstantTimeEq;

use super::error::ControlError;
use super::{Control, source};
use crate::config::{ServerConfig, host_name, is_host, name_as_given};
use crate::incoming::ByOwner;

const FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const FORWARDED_PROTO: &str = "x-forwarded-proto";

/// Lets permitted calls through, with their [`source`], once the default account exists: an account
/// that was added earlier could take its name.
pub(crate) async fn guard(
    State(control): State<Arc<Control>>,
    mut request: Request,
    next: Next,
) -> Response {
    let is_ready = || {
        control
            .registry
            .default_account()
            .map(drop)
            .ok_or(ControlError::NotReady)
    };
    let checked = check(&control.config, &request)
        .and_then(|()| is_ready())
        .and_then(|()| source::read(request.headers()));
    match checked {
        Ok(source) => {
            if let Some(source) = source {
                request.extensions_mut().insert(source);
            }
            next.run(request).await
        }
        Err(refusal) => refusal.into_response(),
    }
}

fn check(config: &ServerConfig, request: &Request) -> Result<(), ControlError> {
    if request.extensions().get::<ByOwner>().is_some() {
        return Ok(());
    }
    if !is_local(config) && config.control_token.is_none() && !config.allow_open_control {
        return forbidden(
            "other machines can reach this server: start it with --control-token, or with --allow-open-control to \
             answer without a token",
        );
    }
    let headers = request.headers();
    let host = host(request.uri(), headers)?;
    if host.is_some_and(str::is_empty) {
        return forbidden("the request names no host: its Host is empty");
    }
    if let Some(host) = host.filter(|host| !may_name(config, host)) {
        return forbidden(format!(
            "this server takes no control calls for the host {host}: see --control-host"
        ));
    }
    let is_own_origin = |origin: &str| {
        let host = host?;
        let (scheme, authority) = origin.split_once("://")?;
        let fits = scheme == own_scheme(config, headers, host) && is_host(authority);
        Some(fits && origin_host(scheme, authority)? == origin_host(scheme, host)?)
    };
    if single(headers, &ORIGIN)?.is_some_and(|origin| is_own_origin(origin) != Some(true)) {
        return forbidden("the call comes from a page of another origin");
    }
    let is_own_site =
        |site: &str| site.eq_ignore_ascii_case("same-origin") || site.eq_ignore_ascii_case("none");
    if single(headers, &FETCH_SITE)?.is_some_and(|site| !is_own_site(site)) {
        return forbidden(
            "the call comes from a page of another origin: its Sec-Fetch-Site is not same-origin or none",
        );
    }
    match &config.control_token {
        Some(token) if !has_token(headers, token) => Err(ControlError::Unauthorized),
        _ => Ok(()),
    }
}

/// Refuses a stream that a page of another origin may have opened. Such a page can send a GET
/// without an `Origin`, and over plain HTTP browsers add no `Sec-Fetch-Site`. It cannot send a header
/// of the emulator's own. If one of these headers is there, the guard has checked it.
pub(super) fn check_stream(config: &ServerConfig, request: &Request) -> Result<(), ControlError> {
    let is_there = |name: &HeaderName| request.headers().contains_key(name);
    let is_own = request.extensions().get::<ByOwner>().is_some()
        || config.control_token.is_some()
        || [ORIGIN, FETCH_SITE, source::HEADER].iter().any(is_there);
    if is_own {
        return Ok(());
    }
    forbidden("a page of another origin could open this stream: send the header X-Emulator-Source")
}

/// The same for the older stream of events. curl opens it without such a header, which is safe on
/// loopback: browsers add `Sec-Fetch-Site` there.
pub(super) fn check_event_stream(
    config: &ServerConfig,
    request: &Request,
) -> Result<(), ControlError> {
    if is_local(config) {
        Ok(())
    } else {
        check_stream(config, request)
    }
}

/// Whether only this machine can reach the server.
fn is_local(config: &ServerConfig) -> bool {
    config
        .local_addr
        .is_none_or(|address| address.ip().is_loopback())
}

fn forbidden(why: impl Into<String>) -> Result<(), ControlError> {
    Err(ControlError::Forbidden(why.into()))
}

/// The host and port that the call names, if any.
fn host<'a>(uri: &'a Uri, headers: &'a HeaderMap) -> Result<Option<&'a str>, ControlError> {
    match uri.authority() {
        Some(authority) => Ok(Some(authority.as_str())),
        None => single(headers, &HOST),
    }
}

/// The value of a header that may be given once.
fn single<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Result<Option<&'a str>, ControlError> {
    let mut values = headers.get_all(name).iter();
    let (value, another) = (values.next(), values.next());
    match value.map(|value| value.to_str()) {
        None => Ok(None),
        Some(Ok(value)) if another.is_none() => Ok(Some(value)),
        Some(_) => Err(ControlError::Forbidden(format!(
            "the header {name} is there twice or is not text"
        ))),
    }
}

/// Whether a host can only be this machine, a neighbour by its short name, or a host that the
/// operator named. The owner of any other name can make it point here, and pages of that name would
/// then have the same origin.
fn may_name(config: &ServerConfig, host: &str) -> bool {
    if !is_host(host) {
        return false;
    }
    let name = host_name(host).to_ascii_lowercase();
    let is_ip = name.parse::<IpAddr>().is_ok()
        || name
            .strip_prefix('[')
            .and_then(|name| name.strip_suffix(']'))
            .is_some_and(|name| name.parse::<Ipv6Addr>().is_ok());
    let is_public = config
        .public_url
        .as_ref()
        .is_some_and(|url| url.host().eq_ignore_ascii_case(&name));
    let is_short = !name.contains('.');
    let is_localhost = name == "localhost" || name.ends_with(".localhost");
    is_ip || is_short || is_localhost || is_public || config.control_hosts.contains(&name)
}

/// The scheme of the call, as far as it is known: a proxy may have terminated HTTPS.
fn own_scheme<'a>(config: &'a ServerConfig, headers: &'a HeaderMap, host: &str) -> &'a str {
    let forwarded = headers
        .get(FORWARDED_PROTO)
        .filter(|_| config.trust_forwarded);
    if let Some(forwarded) = forwarded {
        return forwarded
            .to_str()
            .ok()
            .and_then(|all| all.split(',').next())
            .unwrap_or_default()
            .trim();
    }
    let public = config
        .public_url
        .as_ref()
        .filter(|url| url.host().eq_ignore_ascii_case(host_name(host)));
    public
        .and_then(|url| url.as_str().split_once("://"))
        .map_or("http", |(scheme, _)| scheme)
}

/// The name and port of an origin. The default port is that of the scheme.
fn origin_host(scheme: &str, authority: &str) -> Option<(String, u16)> {
    let name = name_as_given(authority);
    let port = match (authority.strip_prefix(name)?.strip_prefix(':'), scheme) {
        (Some(port), _) => port.parse().ok()?,
        (None, "http") => 80,
        (None, "https") => 443,
        (None, _) => return None,
    };
    Some((name.to_ascii_lowercase(), port))
}

/// Whether the call has the token. The time that the comparison takes does not depend on how much
/// of the token is right.
fn has_token(headers: &HeaderMap, token: &str) -> bool {
    let given = headers
        .get(AUTHORIZATION)
        .and_then(|value| value.to_str().ok());
    let given = given
        .and_then(|value| value.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"));
    given.is_some_and(|(_, given)| given.as_bytes().ct_eq(token.as_bytes()).into())
}

/// The scheme and authority that the call names, or else those of the server.
pub(crate) struct OwnUrl(pub(super) String);

impl FromRequestParts<Arc<Control>> for OwnUrl {
    type Rejection = Infallible;

    async fn from_request_parts(
        parts: &mut Parts,
        control: &Arc<Control>,
    ) -> Result<Self, Infallible> {
        // The guard has refused calls whose host cannot be read.
        let host = host(&parts.uri, &parts.headers).ok().flatten();
        Ok(Self(match (&control.config.public_url, host) {
            (Some(public), _) => public.as_str().to_owned(),
            (None, Some(host)) => format!("http://{host}"),
            (None, None) => control.config.own_url(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::http::Request;

    use super::*;

    /// Assumed: a server that other machines can reach is guarded unless the operator says
    /// otherwise.
    #[test]
    #[expect(clippy::expect_used, reason = "a test fails by panicking")]
    fn others_may_steer_only_if_the_operator_said_so() {
        let listening = |address: &str| ServerConfig {
            local_addr: Some(address.parse().expect("an address")),
            ..ServerConfig::default()
        };
        let check = |config: &ServerConfig| {
            let request = Request::get("/")
                .header(AUTHORIZATION, "Bearer token")
                .body(Body::empty());
            super::check(config, &request.expect("a request"))
                .map_err(|refusal| refusal.description())
        };
        for own in ["127.0.0.1:80", "127.9.9.9:80", "[::1]:80"] {
            assert_eq!(check(&listening(own)), Ok(()), "{own}");
        }
        for other in ["0.0.0.0:80", "192.0.2.1:80", "[::]:80", "[2001:db8::1]:80"] {
            let refused = check(&listening(other)).expect_err("the operator did not allow it");
            assert!(
                refused.contains("--control-token") && refused.contains("--allow-open-control"),
                "{refused}"
            );
            assert_eq!(
                check(&ServerConfig {
                    allow_open_control: true,
                    ..listening(other)
                }),
                Ok(()),
                "{other}"
            );
            let token = |token: &str| ServerConfig {
                control_token: Some(token.to_owned()),
                ..listening(other)
            };
            assert_eq!(check(&token("token")), Ok(()), "{other}");
            assert!(check(&token("another")).is_err(), "{other}");
        }
    }
}
