//! The journal of an account: what was asked of it lately.

use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, Uri};
use axum::response::Response;
use serde_json::{Map, Value, json};

use super::account_path::AccountPath;
use super::error::ControlError;
use super::matcher::{KEYS, Matcher, NUMBERS};
use super::parameters::Parameters;
use super::{Control, blocking};
use crate::account::{CallerThen, Entry, Reading};
use crate::seed::write::micros;

/// How many requests an answer has, unless the call says otherwise, and how many it may say.
const LIMIT: usize = 1_000;
const HIGHEST_LIMIT: u64 = 10_000;

/// Which requests a list is to have.
struct Wanted {
    after: u64,
    limit: usize,
    matcher: Matcher,
}

/// `GET /_emulator/accounts/{subdomain}/requests`
pub(crate) async fn list_requests(
    State(control): State<Arc<Control>>,
    path: AccountPath,
    uri: Uri,
) -> Result<Response, ControlError> {
    let numbers = [&["after", "limit"], &NUMBERS[..]].concat();
    let wanted = Parameters::parse(uri.query(), &numbers).read(|node| {
        let object = node.object(&[&["after", "limit"], &KEYS[..]].concat())?;
        let matcher = Matcher::read(&object, &control.operations);
        let after = object
            .optional("after")
            .map_or(Some(0), |node| node.number());
        let limit = object
            .optional("limit")
            .map_or(Some(LIMIT), |node| node.number_in(0, HIGHEST_LIMIT));
        Some(Wanted {
            after: after?,
            limit: limit?,
            matcher,
        })
    })?;
    let list = move || Ok(Json(wanted.document(&path.account.journal.read())));
    blocking::answer(true, list).await
}
/// `DELETE /_emulator/accounts/{subdomain}/requests`
pub(crate) async fn clear_requests(path: AccountPath) -> StatusCode {
    // What it holds may be much, which takes long to drop.
    blocking::spawn(move || path.account.journal.clear()).await;
    StatusCode::NO_CONTENT
}

impl Wanted {
    fn document(&self, reading: &Reading) -> Value {
        let meant = reading
            .entries
            .iter()
            .filter(|(sequence, _)| *sequence > self.after);
        let meant = meant
            .filter(|(_, entry)| self.matcher.fits(entry))
            .take(self.limit);
        let requests: Vec<_> = meant
            .map(|(sequence, entry)| document(*sequence, entry))
            .collect();
        json!({
            "requests": requests,
            "first": reading.first(),
            "last": reading.last,
            "dropped": reading.dropped,
        })
    }
}

fn document(sequence: u64, entry: &Entry) -> Value {
    let texts = |pairs: Vec<(String, String)>| -> Map<_, Value> {
        pairs
            .into_iter()
            .map(|(name, value)| (name, value.into()))
            .collect()
    };
    let caller = entry.caller.map(|CallerThen { user, role }| {
        json!({ "user_id": user.map(|user| user.0), "email": entry.email(), "role": role.as_str() })
    });
    json!({
        "sequence": sequence,
        "time": micros(entry.time),
        "request_id": entry.request_id.to_string(),
        "operation": entry.operation,
        "method": entry.method.as_str(),
        "path": entry.path(),
        "query": texts(entry.query()),
        "headers": texts(entry.headers()),
        "body": entry.body(),
        "body_complete": entry.is_body_complete,
        "caller": caller,
        "agent": entry.agent().map(|agent| agent.0),
        "status": entry.status,
        "hint": entry.hint(),
        "fault": entry.fault.as_deref(),
        "duration_us": u64::try_from(entry.duration.as_micros()).unwrap_or(u64::MAX),
        "unread": entry.unread(),
    })
}

/// A request in one line.
pub(super) fn summary(entry: &Entry) -> String {
    let mut query = form_urlencoded::Serializer::new(String::new());
    let query = query.extend_pairs(entry.query()).finish();
    let sign = if query.is_empty() { "" } else { "?" };
    format!(
        "{} {}{sign}{query} → {}",
        entry.method,
        entry.path(),
        entry.status
    )
}
