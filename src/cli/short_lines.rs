//! The log on a terminal: a short line for each request. Other lines are as in other formats.

use std::fmt::{self, Debug};

use tracing::field::{Field, Visit};
use tracing::{Event, Subscriber};
use tracing_subscriber::fmt::format::{Format, Writer};
use tracing_subscriber::fmt::{FmtContext, FormatEvent, FormatFields};
use tracing_subscriber::registry::LookupSpan;

/// The target of the events of requests.
pub(super) const REQUESTS: &str = "zendesk_availability_emulator::layers::access_log";

/// Writes events for a terminal.
#[derive(Debug)]
pub(super) struct ShortLines {
    format: Format,
    /// The account that is not named in lines.
    default_subdomain: String,
}

impl ShortLines {
    pub(super) fn new(default_subdomain: String) -> Self {
        Self {
            format: Format::default(),
            default_subdomain,
        }
    }
}

impl<S, N> FormatEvent<S, N> for ShortLines
where
    S: Subscriber + for<'a> LookupSpan<'a>,
    N: for<'a> FormatFields<'a> + 'static,
{
    fn format_event(
        &self,
        context: &FmtContext<'_, S, N>,
        mut writer: Writer<'_>,
        event: &Event<'_>,
    ) -> fmt::Result {
        if event.metadata().target() != REQUESTS {
            return self.format.format_event(context, writer, event);
        }
        let mut request = Request::default();
        event.record(&mut request);
        let Request {
            status,
            method,
            path,
            account,
            hint,
        } = request;
        write!(writer, "{status} {method} {path}")?;
        if let Some(account) = account.filter(|account| *account != self.default_subdomain) {
            write!(writer, " ({account})")?;
        }
        if let Some(hint) = hint {
            write!(writer, ": {hint}")?;
        }
        writeln!(writer)
    }
}

/// The fields of a request in a line.
#[derive(Default)]
struct Request {
    status: u64,
    method: String,
    path: String,
    account: Option<String>,
    hint: Option<String>,
}

impl Visit for Request {
    fn record_u64(&mut self, field: &Field, value: u64) {
        if field.name() == "status" {
            self.status = value;
        }
    }

    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            // A path can have control characters for the terminal.
            "path" => self.path = value.escape_debug().to_string(),
            "account" => self.account = Some(value.to_owned()),
            _ => {}
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        match field.name() {
            "method" => self.method = format!("{value:?}"),
            "message" => self.hint = Some(format!("{value:?}")),
            _ => {}
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use axum::body::Body;
    use axum::http::Request;
    use tower::ServiceExt;
    use tracing_subscriber::layer::SubscriberExt;
    use zendesk_availability_emulator::Emulator;

    use super::*;
    use crate::cli::stderr::Stderr;

    /// By design: one short line for each request, with the hint of its answer.
    #[test]
    #[expect(clippy::expect_used, reason = "a test fails by panicking")]
    fn a_request_is_one_short_line() {
        let stderr = Arc::new(Stderr::default());
        let layer = tracing_subscriber::fmt::layer().with_writer(Arc::clone(&stderr));
        let layer = layer
            .with_ansi(false)
            .event_format(ShortLines::new("example".to_owned()));
        let router = Emulator::builder().build().expect("an emulator").router();
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        tracing::subscriber::with_default(tracing_subscriber::registry().with(layer), || {
            for (method, path, body) in [
                ("POST", "/_emulator/accounts", r#"{"subdomain": "t42"}"#),
                (
                    "GET",
                    "/api/v2/agent_availabilities/10011?access_token=demo-oauth-admin",
                    "",
                ),
                ("GET", "/_account/t42/api/v2/agent_availabilities", ""),
                ("GET", "/_emulator/\u{9b}x", ""),
            ] {
                let request = Request::builder()
                    .method(method)
                    .uri(path)
                    .header("content-type", "application/json");
                let request = request.body(Body::from(body)).expect("a request");
                runtime
                    .block_on(router.clone().oneshot(request))
                    .expect("infallible");
            }
            tracing::warn!(dropped = 3, "something else");
        });
        let logged = stderr.take();
        let lines = <[&str; 5]>::try_from(logged.lines().collect::<Vec<_>>());
        let [made, seen, refused, escaped, other] = lines.expect("a line each");
        assert_eq!(made, "201 POST /_emulator/accounts");
        assert_eq!(seen, "200 GET /api/v2/agent_availabilities/10011");
        assert!(
            refused
                .starts_with("401 GET /api/v2/agent_availabilities (t42): send `Authorization: "),
            "{refused}"
        );
        assert_eq!(escaped, "404 GET /_emulator/\\u{9b}x");
        assert!(
            other.ends_with("something else dropped=3") && other.contains(" WARN "),
            "{other}"
        );
    }
}
