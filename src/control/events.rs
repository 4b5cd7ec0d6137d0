//! The events of an account: as a list that can wait for the next one, or as a stream.

use std::future::poll_fn;
use std::sync::Arc;
use std::time::Duration;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::http::header::ACCEPT;
use serde_json::{Map, Value, json};
use tokio::time::timeout;

use super::account_path::{AccountPath, find};
use super::error::ControlResult;
use super::parameters::Parameters;
use super::{Control, blocking, guard, stream, waiting};
use crate::account::Account;
use crate::document::reader::{Node, Object};
use crate::events::{EventType, Sender};
use crate::world::{AgentId, Event, EventPage, Subject, Watch};

const LAST_EVENT_ID: &str = "Last-Event-ID";
/// The parameters, and at the end the header that is read like one.
const KEYS: [&str; 6] = ["after", "limit", "type", "agent", "wait", LAST_EVENT_ID];
const STREAM: &str = "text/event-stream";

/// The default and the highest number of events in a list.
const LIMIT: usize = 1_000;
const HIGHEST_LIMIT: u64 = 10_000;
/// In real time, since it is about the connection and not about the account.
const LONGEST_WAIT: Duration = Duration::from_mins(1);

/// A query for events.
struct EventsQuery {
    after: Option<u64>,
    filter: Filter,
    limit: usize,
    wait: Duration,
}

/// Which events.
#[derive(Debug)]
pub(super) struct Filter {
    types: Vec<EventType>,
    agent: Option<AgentId>,
}

impl Filter {
    fn matches(&self, event: &Event) -> bool {
        let of_agent = |wanted| matches!(event.subject, Subject::Agent { id, .. } if id == wanted);
        self.types.contains(&EventType::of(event)) && self.agent.is_none_or(of_agent)
    }
}

/// `GET /_emulator/accounts/{subdomain}/events`
pub(crate) async fn list_events(
    State(control): State<Arc<Control>>,
    path: AccountPath,
    request: Request,
) -> ControlResult {
    let is_stream = accepts_stream(request.headers());
    if is_stream {
        guard::check_event_stream(&control.config, &request)?;
    }
    let mut parameters = Parameters::parse(
        request.uri().query(),
        &["after", "limit", "agent", LAST_EVENT_ID],
    );
    let last_event_id = request
        .headers()
        .get(LAST_EVENT_ID)
        .filter(|id| !id.is_empty());
    if let Some(id) = last_event_id {
        // A number is ASCII. Other text is refused below.
        parameters.insert(LAST_EVENT_ID, id.to_str().unwrap_or("?"));
    }
    // As a parameter of the query it is unknown.
    let keys = if last_event_id.is_some() {
        &KEYS[..]
    } else {
        &KEYS[..KEYS.len() - 1]
    };
    let query = parameters.read(|node| read_query(node, keys, is_stream))?;
    path.run_due().await;
    if is_stream {
        return Ok(stream::events(
            control,
            path.account,
            query.after,
            query.filter,
        ));
    }
    list(&control, path.account, query).await
}

/// Whether `Accept` names the type of streams.
fn accepts_stream(headers: &HeaderMap) -> bool {
    let accepted = headers.get_all(ACCEPT).iter();
    let mut ranges = accepted
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','));
    ranges.any(|range| {
        let (kind, _) = range.split_once(';').unwrap_or((range, ""));
        kind.trim().eq_ignore_ascii_case(STREAM)
    })
}

fn read_query(node: &Node<'_>, keys: &[&str], is_stream: bool) -> Option<EventsQuery> {
    let query = node.object(keys)?;
    if is_stream {
        for key in ["limit", "wait"] {
            if let Some(node) = query.optional(key) {
                node.problem("a stream neither waits nor ends");
            }
        }
    }
    let [after, last_event_id] =
        ["after", LAST_EVENT_ID].map(|key| query.optional(key).and_then(|node| node.number()));
    let limit = query
        .optional("limit")
        .and_then(|node| node.number_in(0, HIGHEST_LIMIT));
    let wait = query.optional("wait").and_then(|node| {
        let wait = node.duration()?;
        if wait > LONGEST_WAIT {
            node.problem("expected 60s at most");
        }
        Some(wait)
    });
    Some(EventsQuery {
        after: last_event_id.or(after),
        filter: read_filter(&query),
        limit: limit.unwrap_or(LIMIT),
        wait: wait.unwrap_or_default(),
    })
}

fn read_filter(query: &Object<'_>) -> Filter {
    let types = query.optional("type").and_then(|node| {
        let names = node.text()?;
        let types = names.split(',').map(|name| {
            let known = EventType::named(name);
            if known.is_none() {
                node.problem(format_args!(
                    "unknown type, expected any of {}",
                    EventType::NAMES.join(", ")
                ));
            }
            known
        });
        Some(types.flatten().collect())
    });
    let agent = query
        .optional("agent")
        .and_then(|node| node.number())
        .map(AgentId);
    Filter {
        types: types.unwrap_or_else(|| EventType::ALL.to_vec()),
        agent,
    }
}

async fn list(control: &Control, account: Arc<Account>, query: EventsQuery) -> ControlResult {
    let EventsQuery {
        after,
        filter,
        limit,
        wait,
    } = query;
    let after = after.unwrap_or_default();
    // The watch begins before the look, so that no event is missed in between.
    let mut watch = account.world.watch(Some(after));
    let page = account
        .world
        .events_after(after, limit, |event| filter.matches(event));
    // If `after` is higher than the last event, the account was reset. Waiting would be in vain.
    if !page.events.is_empty() || limit == 0 || wait.is_zero() || after > page.last {
        return document(account.sender(), page).await;
    }
    let happens = async {
        loop {
            match next(control, &account, &mut watch, &filter, limit).await {
                Some(page) if page.events.is_empty() => {}
                page => return page,
            }
        }
    };
    match control
        .stop
        .run_until_cancelled(timeout(wait, happens))
        .await
    {
        Some(Ok(Some(page))) => document(account.sender(), page).await,
        // The account is gone. Answer for the one that has its name now.
        Some(Ok(None)) => {
            let account = find(control, &account.subdomain)?;
            let page = account
                .world
                .events_after(after, limit, |event| filter.matches(event));
            document(account.sender(), page).await
        }
        // No event came in time, or the server stops.
        Some(Err(_)) | None => {
            let page = account.world.events_after(after, 0, |_| false);
            document(account.sender(), page).await
        }
    }
}

/// Waits for the next events. The page has none if the log has dropped events that the watch has
/// not seen. `None` if the account is gone.
pub(super) async fn next(
    control: &Control,
    account: &Account,
    watch: &mut Watch,
    filter: &Filter,
    limit: usize,
) -> Option<EventPage> {
    let matches = |event: &Event| filter.matches(event);
    let happens = poll_fn(|context| account.world.poll_events(watch, limit, matches, context));
    waiting::until(control, account, happens).await
}

async fn document(sender: Sender, page: EventPage) -> ControlResult {
    let takes_long = takes_long(&page);
    let write = move || {
        let events: Vec<_> = page
            .events
            .iter()
            .map(|event| write(sender, event))
            .collect();
        Ok(Json(
            json!({ "events": events, "first": page.first, "last": page.last, "dropped": page.dropped }),
        ))
    };
    blocking::answer(takes_long, write).await
}

/// Whether it takes long to write the events of a page.
pub(super) fn takes_long(page: &EventPage) -> bool {
    blocking::are_many(page.events.iter().map(|event| event.size()).sum())
}

/// The envelope of an event, with its place in the log and the source that its caller named.
pub(super) fn write(sender: Sender, event: &Event) -> Value {
    let mut document = Map::new();
    document.insert("sequence".to_owned(), event.sequence.into());
    if let Some(source) = &event.source {
        document.insert("source".to_owned(), (**source).into());
    }
    if let Value::Object(envelope) = sender.envelope(event) {
        document.extend(envelope);
    }
    document.into()
}
