//! Events as they happen, as server-sent events.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::fmt::Write;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::http::HeaderValue;
use axum::http::header::{CACHE_CONTROL, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use futures_util::stream;
use serde_json::{Value, json};
use tokio::time::timeout;

use super::events::{Filter, is_much, next, write};
use super::{Control, blocking};
use crate::account::Account;
use crate::events::envelope::{EventType, Sender};
use crate::world::{EventPage, Watch};

/// How long a stream is silent before it sends a comment, which keeps proxies from closing it. In
/// real time.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How many events are sent at once.
const PORTION: usize = 100;

const EVENTS: HeaderValue = HeaderValue::from_static("text/event-stream");
const NO_CACHE: HeaderValue = HeaderValue::from_static("no-cache");

/// The stream of an account's events: those after the one with this number, or else those from now
/// on.
pub(super) fn answer(
    control: Arc<Control>,
    account: Arc<Account>,
    after: Option<u64>,
    filter: Filter,
) -> Response {
    let page = account.world.events_after(u64::MAX, 0, |_| false);
    // An event that has not happened yet is from before a reset.
    let is_ahead = after.is_some_and(|after| after > page.last);
    let watch = account.world.watch(if is_ahead { Some(0) } else { after });
    let ready = if is_ahead {
        VecDeque::from([notice("reset", &json!({ "last": page.last }))])
    } else {
        VecDeque::new()
    };
    let events = stream::unfold(
        Stream {
            control,
            account,
            watch,
            filter,
            ready,
        },
        |mut stream| async {
            let chunk = stream.next().await?;
            Some((Ok::<_, Infallible>(chunk), stream))
        },
    );
    (
        [(CONTENT_TYPE, EVENTS), (CACHE_CONTROL, NO_CACHE)],
        Body::from_stream(events),
    )
        .into_response()
}

/// A stream. It ends when the server stops or the account is deleted.
struct Stream {
    control: Arc<Control>,
    account: Arc<Account>,
    watch: Watch,
    filter: Filter,
    ready: VecDeque<String>,
}

impl Stream {
    async fn next(&mut self) -> Option<Bytes> {
        if let Some(text) = self.ready.pop_front() {
            return Some(text.into());
        }
        let after = self.watch.after;
        let happens = timeout(
            HEARTBEAT,
            next(
                &self.control,
                &self.account,
                &mut self.watch,
                &self.filter,
                PORTION,
            ),
        );
        match self.control.stop.run_until_cancelled(happens).await? {
            Ok(page) => {
                let (page, sender) = (page?, self.account.sender());
                Some(
                    blocking::run(is_much(&page), move || render(&page, sender, after))
                        .await
                        .into(),
                )
            }
            Err(_) => Some(Bytes::from_static(b":\n\n")),
        }
    }
}

fn render(page: &EventPage, sender: Sender, after: u64) -> String {
    let missed = page.dropped.saturating_sub(after);
    let mut text = if missed > 0 {
        notice("dropped", &json!({ "dropped": missed }))
    } else {
        String::new()
    };
    for event in &page.events {
        // Writing to a string does not fail.
        let _ = write!(
            text,
            "id: {}\n{}",
            event.sequence,
            notice(EventType::of(event).as_str(), &write(sender, event))
        );
    }
    text
}

/// A message of the stream. Neither part has line breaks.
fn notice(event: &str, data: &Value) -> String {
    format!("event: {event}\ndata: {data}\n\n")
}
