//! The live page: files that a browser loads, and that call the control API. They hold no secret,
//! so they are served to every caller. The control API decides what the page may see.

use std::hash::{DefaultHasher, Hasher};

use axum::extract::Request;
use axum::http::header::{
    ACCEPT, CACHE_CONTROL, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG,
    IF_NONE_MATCH, REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use axum::http::{HeaderMap, HeaderValue, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse, Redirect, Response};

/// Where the page is.
const PAGE: &str = "/_emulator";

/// The page loads its own files, calls its own server, and runs nothing that is written into it.
const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; \
                      img-src 'self' data:; base-uri 'none'; form-action 'none'; \
                      frame-ancestors 'none'";

/// Lists files with their contents.
macro_rules! files {
    ($($name:literal),+ $(,)?) => {
        &[$(($name, include_str!($name))),+]
    };
}

const HTML: &str = include_str!("index.html");
/// The files that the page loads, by name.
const FILES: &[(&str, &str)] = files![
    "account_bar.js",
    "account_controls.js",
    "address.js",
    "agent_controls.js",
    "agent_row.js",
    "api.js",
    "call_log.js",
    "clock.js",
    "clock_controls.js",
    "controls.js",
    "counts.js",
    "curl.js",
    "dialogs.js",
    "dom.js",
    "event_text.js",
    "events.js",
    "fault_controls.js",
    "feed.js",
    "format.js",
    "keyboard.js",
    "limit.js",
    "list.js",
    "live.js",
    "main.js",
    "names.js",
    "report.js",
    "request.js",
    "requests.js",
    "style.css",
    "team.js",
    "work_controls.js",
];

/// The answer to `GET /_emulator/dashboard/{file}`, if there is such a file.
pub(crate) fn file(name: &str, headers: &HeaderMap) -> Option<Response> {
    let (name, text) = FILES.iter().find(|(known, _)| *known == name)?;
    Some(answer(headers, name, text))
}

/// Answers `GET /_emulator` to a browser with the page, and `GET /` with the way to it. Other
/// clients get what they would get without a page.
pub(crate) async fn prefer_page(request: Request, next: Next) -> Response {
    let mut response = match accepts_html(request.headers()) {
        true if request.uri().path() == PAGE => answer(request.headers(), "", HTML),
        true => Redirect::temporary(PAGE).into_response(),
        false => next.run(request).await,
    };
    // A cache must not give the page to a client that does not accept it.
    let headers = response.headers_mut();
    headers.insert(VARY, HeaderValue::from_static("accept"));
    response
}

/// Whether a client names HTML as a type that it accepts, with at least the weight that JSON has. Clients
/// other than browsers accept anything, or name JSON.
fn accepts_html(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter();
    let accepted: Vec<_> = accepted.filter_map(|value| value.to_str().ok()).collect();
    let quality = |wanted: &str| {
        let ranges = accepted.iter().flat_map(|value| value.split(','));
        let qualities = ranges.filter_map(|range| {
            let (kind, parameters) = range.split_once(';').unwrap_or((range, ""));
            let is_wanted = kind.trim().eq_ignore_ascii_case(wanted);
            is_wanted.then(|| quality(parameters))
        });
        qualities.fold(0.0, f32::max)
    };
    let html = quality("text/html");
    html > 0.0 && html >= quality("application/json")
}

/// The `q` among the parameters of a media range; 1 if there is none, 0 if it is not a number.
fn quality(parameters: &str) -> f32 {
    let mut pairs = parameters.split(';').filter_map(|it| it.split_once('='));
    let q = pairs.find(|(name, _)| name.trim().eq_ignore_ascii_case("q"));
    q.map_or(1.0, |(_, value)| value.trim().parse().unwrap_or(0.0))
}

/// A file, or 304 if the client has it already.
fn answer(headers: &HeaderMap, name: &'static str, text: &'static str) -> Response {
    let tag = tag(text);
    let is_held = headers
        .get_all(IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .map(|held| held.trim().trim_start_matches("W/"))
        .any(|held| held == "*" || held == tag);
    let fixed = [
        (CONTENT_TYPE, content_type(name)),
        (CONTENT_SECURITY_POLICY, POLICY),
        (X_CONTENT_TYPE_OPTIONS, "nosniff"),
        (REFERRER_POLICY, "no-referrer"),
        // A browser keeps it, and asks each time whether it has changed.
        (CACHE_CONTROL, "no-cache"),
    ];
    // A 304 has the length that the file has.
    let of_content = [(CONTENT_LENGTH, text.len().to_string()), (ETAG, tag)];
    if is_held {
        (StatusCode::NOT_MODIFIED, fixed, of_content).into_response()
    } else {
        (fixed, of_content, text).into_response()
    }
}

/// A strong `ETag`: it changes with the content.
fn tag(text: &str) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(text.as_bytes());
    format!("\"{:016x}\"", hasher.finish())
}

fn content_type(name: &str) -> &'static str {
    match name.rsplit_once('.') {
        Some((_, "css")) => "text/css; charset=utf-8",
        Some((_, "js")) => "text/javascript; charset=utf-8",
        _ => "text/html; charset=utf-8",
    }
}
