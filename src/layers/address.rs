//! The address that a request was sent to: it decides the account, and what links begin with.

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::HOST;

use super::context::ACCOUNT;
use crate::account::Registry;
use crate::config::{ServerConfig, host_name, is_host};
use crate::zendesk::error::{ApiError, Code, Problem, Source};

const FORWARDED_HOST: &str = "X-Forwarded-Host";
const FORWARDED_PROTO: &str = "X-Forwarded-Proto";

/// Below these domains, the first label of a host is the subdomain of an account: Zendesk's own
/// domain, and two that can only be local.
const DOMAINS: [&str; 3] = ["localhost", "zendesk.com", "zendesk.test"];

/// The address of a request.
pub(crate) struct Address<'a> {
    scheme: &'a str,
    /// None if the request names no host.
    host: Option<&'a str>,
    /// The account that the path names.
    path: Option<&'a str>,
}

impl<'a> Address<'a> {
    /// Reads the address. `path` is the account that the path named.
    pub(crate) fn read(
        request: &'a Request,
        path: Option<&'a str>,
        config: &ServerConfig,
    ) -> Result<Self, ApiError> {
        let host = requested_host(request)?;
        let headers = request.headers();
        let forwarded = |name| {
            if config.trust_forwarded {
                first_value(headers, name)
            } else {
                Ok(None)
            }
        };
        let scheme = match forwarded(FORWARDED_PROTO)? {
            Some(scheme @ ("http" | "https")) => scheme,
            Some(_) => {
                return Err(invalid(
                    FORWARDED_PROTO,
                    "X-Forwarded-Proto is neither http nor https.",
                ));
            }
            None => "http",
        };
        let host = match forwarded(FORWARDED_HOST)? {
            Some(host) if is_host(host) => Some(host),
            Some(_) => {
                return Err(invalid(
                    FORWARDED_HOST,
                    "X-Forwarded-Host is not a valid host and port.",
                ));
            }
            None => host,
        };
        Ok(Self { scheme, host, path })
    }

    /// The subdomain of the account that the request is for. None means the default account.
    pub(crate) fn subdomain(&self, config: &ServerConfig) -> Option<&'a str> {
        self.path.or_else(|| {
            let host = self.host?;
            let name = host_name(host);
            let of_zendesk = DOMAINS.iter().find_map(|domain| label(name, domain));
            let public = || label(name, config.public_url.as_ref()?.host());
            of_zendesk.or_else(public)
        })
    }

    /// The address as a 404 names it.
    pub(crate) fn name(&self) -> String {
        self.path
            .or(self.host.map(host_name))
            .unwrap_or_default()
            .to_owned()
    }

    /// What links to the same account begin with: scheme, host and perhaps the account, without a
    /// slash at the end. Below a public URL, an account other than the default one is named.
    pub(crate) fn base_url(&self, config: &ServerConfig, registry: &Registry) -> String {
        let below = |base: String, account: Option<&str>| match account {
            Some(account) => base + ACCOUNT + account,
            None => base,
        };
        let Some(public) = &config.public_url else {
            return match self.host {
                Some(host) => below([self.scheme, "://", host].concat(), self.path),
                None => below(config.own_url(), self.path),
            };
        };
        let name = self.host.map(host_name);
        match name.and_then(|name| label(name, public.host())) {
            Some(account) if self.path.is_none() => public.of_account(account),
            _ => below(
                public.as_str().to_owned(),
                self.path
                    .or_else(|| self.subdomain(config).filter(|it| !registry.is_default(it))),
            ),
        }
    }
}

/// The first label of the name of a host below a domain.
fn label<'a>(name: &'a str, domain: &str) -> Option<&'a str> {
    let below = name
        .len()
        .checked_sub(domain.len())
        .filter(|length| *length > 0)?;
    let (labels, end) = name.split_at_checked(below)?;
    let labels = labels
        .strip_suffix('.')
        .filter(|_| end.eq_ignore_ascii_case(domain))?;
    labels.split('.').next().filter(|label| !label.is_empty())
}

/// The authority of an absolute target or of HTTP/2 takes precedence over the header.
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
    if is_host(host) {
        Ok(Some(host))
    } else {
        Err(not_a_host())
    }
}

/// The first value of the header, which the proxy nearest to the client wrote.
fn first_value<'a>(
    headers: &'a HeaderMap,
    name: &'static str,
) -> Result<Option<&'a str>, ApiError> {
    let Some(value) = headers.get(name) else {
        return Ok(None);
    };
    let value = value
        .to_str()
        .map_err(|_| invalid(name, "The header is not text."))?;
    Ok(value.split(',').next().map(str::trim))
}

fn invalid(header: &'static str, detail: &str) -> ApiError {
    Problem::new(Code::InvalidHost, detail)
        .at(Source::Header(header))
        .into()
}
