//! What links begin with: the address under which the client reached the emulator.

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::HOST;

use crate::config::{ServerConfig, is_host};
use crate::zendesk::error::{ApiError, Code, Problem, Source};

const FORWARDED_HOST: &str = "X-Forwarded-Host";
const FORWARDED_PROTO: &str = "X-Forwarded-Proto";

/// Scheme and host, without a slash at the end.
pub(super) fn base_url(request: &Request, config: &ServerConfig) -> Result<String, ApiError> {
    let host = requested_host(request)?;
    if let Some(public) = &config.public_url {
        return Ok(public.as_str().to_owned());
    }
    let headers = request.headers();
    let forwarded = |name| if config.trust_forwarded { first_value(headers, name) } else { Ok(None) };
    let scheme = match forwarded(FORWARDED_PROTO)? {
        Some(scheme @ ("http" | "https")) => scheme,
        Some(_) => return Err(invalid(FORWARDED_PROTO, "X-Forwarded-Proto is neither http nor https.")),
        None => "http",
    };
    let host = match forwarded(FORWARDED_HOST)? {
        Some(host) if is_host(host) => host,
        Some(_) => return Err(invalid(FORWARDED_HOST, "X-Forwarded-Host is not a valid host and port.")),
        None => match host {
            Some(host) => host,
            None => return Ok(config.own_url()),
        },
    };
    Ok([scheme, "://", host].concat())
}

/// The authority of an absolute target or of HTTP/2 comes before the header.
fn requested_host(request: &Request) -> Result<Option<&str>, ApiError> {
    let not_a_host = || invalid("Host", "Host is not a valid host and port.");
    let mut headers = request.headers().get_all(HOST).iter();
    let host = match (request.uri().authority(), headers.next()) {
        (Some(authority), _) => authority.as_str(),
        (None, Some(host)) => host.to_str().map_err(|_| not_a_host())?,
        (None, None) => return Ok(None),
    };
    if headers.next().is_some() {
        return Err(invalid("Host", "Host is there twice."));
    }
    if is_host(host) { Ok(Some(host)) } else { Err(not_a_host()) }
}

/// What the proxy that is nearest to the client said.
fn first_value<'a>(headers: &'a HeaderMap, name: &'static str) -> Result<Option<&'a str>, ApiError> {
    let Some(value) = headers.get(name) else { return Ok(None) };
    let value = value.to_str().map_err(|_| invalid(name, "The header is not text."))?;
    Ok(value.split(',').next().map(str::trim))
}

fn invalid(header: &'static str, detail: &str) -> ApiError {
    Problem::new(Code::InvalidHost, detail).at(Source::Header(header)).into()
}
