//! Where a request was sent: whose account that is, and what links in the answer begin with.

use axum::extract::Request;
use axum::http::HeaderMap;
use axum::http::header::HOST;

use super::context::ACCOUNT;
use crate::account::Registry;
use crate::config::{PublicUrl, ServerConfig, host_name, is_host};
use crate::zendesk::error::{ApiError, Code, Problem, Source};

const FORWARDED_HOST: &str = "X-Forwarded-Host";
const FORWARDED_PROTO: &str = "X-Forwarded-Proto";

/// Below these, the first label of a host is the subdomain of an account: the product's own domain,
/// and names that no one else has.
const DOMAINS: [&str; 3] = ["localhost", "zendesk.com", "zendesk.test"];

/// Where a request was sent.
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

    /// The subdomain of the account that the request is for, unless that is the default one.
    pub(crate) fn subdomain(&self, config: &ServerConfig) -> Option<&'a str> {
        self.path.or_else(|| {
            let host = self.host?;
            let public = config.public_url.as_ref().map(PublicUrl::host);
            DOMAINS
                .into_iter()
                .chain(public)
                .find_map(|domain| label(host, domain))
        })
    }

    /// What was asked, for an answer that says that nothing is there.
    pub(crate) fn name(&self) -> String {
        self.path
            .or(self.host.map(host_name))
            .unwrap_or_default()
            .to_owned()
    }

    /// Scheme and host and perhaps the account, without a slash at the end: where the client's next
    /// request to the same account goes. A public URL has to be told which account that is.
    pub(crate) fn base_url(&self, config: &ServerConfig, registry: &Registry) -> String {
        let below = |base: &str, account: Option<&str>| match account {
            Some(account) => [base, ACCOUNT, account].concat(),
            None => base.to_owned(),
        };
        let Some(public) = &config.public_url else {
            return match self.host {
                Some(host) => below(&[self.scheme, "://", host].concat(), self.path),
                None => below(&config.own_url(), self.path),
            };
        };
        match self.host.and_then(|host| label(host, public.host())) {
            Some(account) if self.path.is_none() => public.of_account(account),
            _ => below(
                public.as_str(),
                self.path
                    .or_else(|| self.subdomain(config).filter(|it| !registry.is_default(it))),
            ),
        }
    }
}

/// The first label of a host below a domain.
fn label<'a>(host: &'a str, domain: &str) -> Option<&'a str> {
    let name = host_name(host);
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
    if is_host(host) {
        Ok(Some(host))
    } else {
        Err(not_a_host())
    }
}

/// What the proxy that is nearest to the client said.
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
