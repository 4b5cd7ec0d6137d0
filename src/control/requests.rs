//! The journal of an account: the latest requests to it.

use std::collections::BTreeMap;
use std::sync::Arc;

use axum::Json;
use axum::extract::State;
use axum::http::{StatusCode, Uri};

use super::account_path::AccountPath;
use super::error::ControlResult;
use super::matcher::{self, NUMBERS, Purpose};
use super::parameters::Parameters;
use super::{Control, blocking};
use crate::account::{CallerThen, Entry, Reading, RequestMatcher};
use crate::wire::journal::{Caller, Journal, JournalEntry};

/// The default and the highest number of requests in an answer.
const LIMIT: usize = 1_000;
const HIGHEST_LIMIT: u64 = 10_000;

/// Which requests a list is to have.
struct RequestsQuery {
    after: u64,
    limit: usize,
    matcher: RequestMatcher,
}

/// `GET /_emulator/accounts/{subdomain}/requests`
pub(crate) async fn list_requests(
    State(control): State<Arc<Control>>,
    path: AccountPath,
    uri: Uri,
) -> ControlResult {
    let numbers = [&["after", "limit"], &NUMBERS[..]].concat();
    let query = Parameters::parse(uri.query(), &numbers).read(|node| {
        let object = node.object(&[&["after", "limit"], Purpose::JournalFilter.keys()].concat())?;
        let matcher = matcher::read(&object, Purpose::JournalFilter, &control.operations);
        let after = object.optional("after").and_then(|node| node.number());
        let limit = object
            .optional("limit")
            .and_then(|node| node.number_in(0, HIGHEST_LIMIT));
        Some(RequestsQuery {
            after: after.unwrap_or(0),
            limit: limit.unwrap_or(LIMIT),
            matcher,
        })
    })?;
    let list = move || Ok(Json(query.document(&path.account.journal.read())));
    blocking::answer(true, list).await
}

/// `DELETE /_emulator/accounts/{subdomain}/requests`
pub(crate) async fn clear_requests(path: AccountPath) -> StatusCode {
    // To drop many entries can take long.
    blocking::spawn(move || path.account.journal.clear()).await;
    StatusCode::NO_CONTENT
}

impl RequestsQuery {
    fn document(&self, reading: &Reading) -> Journal {
        let later = reading
            .entries
            .iter()
            .filter(|(sequence, _)| *sequence > self.after);
        let requests = later
            .filter(|(_, entry)| self.matcher.matches_head(&**entry))
            .take(self.limit)
            .map(|(sequence, entry)| document(*sequence, entry));
        Journal {
            requests: requests.collect(),
            first: reading.first(),
            last: reading.last,
            dropped: reading.dropped,
        }
    }
}

fn document(sequence: u64, entry: &Entry) -> JournalEntry {
    JournalEntry {
        headers: entry.headers().into_iter().collect(),
        body: entry.body().map(std::borrow::Cow::into_owned),
        ..without_content(sequence, entry)
    }
}

/// The same with no headers and no body, which are most of the work.
pub(super) fn without_content(sequence: u64, entry: &Entry) -> JournalEntry {
    let caller = entry.caller.map(|CallerThen { user, role }| Caller {
        user_id: user.map(|user| user.0),
        email: entry.email().map(str::to_owned),
        role,
    });
    JournalEntry {
        sequence,
        time: entry.time,
        request_id: entry.request_id.to_string(),
        operation: entry.operation.map(str::to_owned),
        method: entry.method.to_string(),
        path: entry.path().into_owned(),
        query: entry.query().into_iter().collect(),
        headers: BTreeMap::new(),
        body: None,
        body_complete: entry.is_body_complete,
        caller,
        agent: entry.agent().map(|agent| agent.0),
        status: entry.status,
        hint: entry.hint().map(str::to_owned),
        fault: entry.fault.as_deref().map(str::to_owned),
        duration: entry.duration,
        unread: entry.unread(),
    }
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
