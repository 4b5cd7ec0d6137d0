//! Events as they happen, as server-sent events.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::response::sse::{Event, Sse};
use axum::response::{IntoResponse, Response};
use futures_util::{Stream, StreamExt, stream};
use serde_json::{Value, json};
use tokio::time::timeout;

use super::events::{Filter, next, takes_long, write};
use super::{Control, blocking};
use crate::account::Account;
use crate::events::{EventType, Sender};
use crate::world::{self, EventPage, Watch};

/// How long a stream is silent before it sends a comment, which keeps proxies from closing it. In
/// real time.
pub(super) const HEARTBEAT: Duration = Duration::from_secs(15);
/// How many events are sent at once.
const PORTION: usize = 100;

/// The stream of an account's events: those after the one with this number, or else those from now
/// on.
pub(super) fn events(
    control: Arc<Control>,
    account: Arc<Account>,
    after: Option<u64>,
    filter: Filter,
) -> Response {
    let page = account.world.events_after(u64::MAX, 0, |_| false);
    // An event that has not happened yet is from before a reset.
    let is_ahead = after.is_some_and(|after| after > page.last);
    let watch = account.world.watch(if is_ahead { Some(0) } else { after });
    let reset = is_ahead.then(|| message("reset", &json!({ "last": page.last })));
    let events = EventStream {
        control,
        account,
        watch,
        filter,
    };
    let portions = stream::unfold(events, |mut events| async {
        Some((events.wait().await?, events))
    });
    answer(reset.into_iter().collect(), portions)
}

/// An answer with some messages at once, and then portions of messages as they come.
pub(super) fn answer(
    first: Vec<Event>,
    portions: impl Stream<Item = Vec<Event>> + Send + 'static,
) -> Response {
    let messages = stream::iter(first).chain(portions.flat_map(stream::iter));
    Sse::new(messages.map(Ok::<_, Infallible>)).into_response()
}

/// What keeps a silent stream open. axum's own heartbeat needs its feature `tokio`, which brings a
/// server that the emulator does not use.
pub(super) fn heartbeat() -> Vec<Event> {
    vec![Event::default().comment("")]
}

/// A stream of events. It ends when the server stops or the account is deleted.
struct EventStream {
    control: Arc<Control>,
    account: Arc<Account>,
    watch: Watch,
    filter: Filter,
}

impl EventStream {
    /// Waits for the next messages.
    async fn wait(&mut self) -> Option<Vec<Event>> {
        let after = self.watch.after;
        let happens = next(
            &self.control,
            &self.account,
            &mut self.watch,
            &self.filter,
            PORTION,
        );
        let happens = timeout(HEARTBEAT, happens);
        match self.control.stop.run_until_cancelled(happens).await? {
            Ok(page) => {
                let (page, sender) = (page?, self.account.sender());
                Some(blocking::run(takes_long(&page), move || render(&page, sender, after)).await)
            }
            Err(_) => Some(heartbeat()),
        }
    }
}

fn render(page: &EventPage, sender: Sender, after: u64) -> Vec<Event> {
    let missed = page.dropped.saturating_sub(after);
    let dropped = (missed > 0).then(|| message("dropped", &json!({ "dropped": missed })));
    let events = page.events.iter().map(|event| event_message(sender, event));
    dropped.into_iter().chain(events).collect()
}

/// The message of an event, with its short name.
pub(super) fn event_message(sender: Sender, event: &world::Event) -> Event {
    let name = EventType::of(event);
    message(name.as_str(), &write(sender, event)).id(event.sequence.to_string())
}

pub(super) fn message(event: &str, data: &Value) -> Event {
    Event::default().event(event).data(data.to_string())
}
