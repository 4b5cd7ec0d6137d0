//! What happens in an account, events and requests, as one stream of server-sent events for a viewer
//! such as a page.
//!
//! A viewer gets the newest of each, at most [`PORTION`] every [`PACE`], and is told how many were
//! left out. So a fast client of the account costs a bounded amount of work. A viewer that reads slowly
//! costs the memory of one portion, and what its socket's send buffer takes.

use std::future::poll_fn;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::response::sse::Event;
use futures_util::future::{Either, select};
use futures_util::stream::unfold;
use serde_json::{Value, json};
use tokio::time::{sleep, timeout};

use super::account_path::{AccountPath, find};
use super::error::ControlResult;
use super::parameters::Parameters;
use super::stream::{HEARTBEAT, event_message, heartbeat, message};
use super::{Control, blocking, guard, requests, stream, waiting};
use crate::account::{Account, Entry, NewestRequests};
use crate::document::reader::Node;
use crate::events::Sender;
use crate::world::{EventPage, Watch};

/// At most how many events, and how many requests, are sent at once.
const PORTION: usize = 50;
/// How long a stream pauses after a portion. In real time.
const PACE: Duration = Duration::from_millis(250);

const KEYS: [&str; 2] = ["events_after", "requests_after"];

/// The numbers after which a viewer begins. Without one it begins now.
struct StreamQuery {
    events: Option<u64>,
    requests: Option<u64>,
}

/// `GET /_emulator/accounts/{subdomain}/stream`
pub(crate) async fn stream_account(
    State(control): State<Arc<Control>>,
    path: AccountPath,
    request: Request,
) -> ControlResult {
    guard::check_stream(&control.config, &request)?;
    let query = Parameters::parse(request.uri().query(), &KEYS).read(read_query)?;
    path.run_due().await;
    let (first, stream) = AccountStream::new(control, path.account, &query);
    let portions = unfold(stream, |mut stream| async {
        Some((stream.wait().await?, stream))
    });
    Ok(stream::answer(first, portions))
}

fn read_query(node: &Node<'_>) -> Option<StreamQuery> {
    let query = node.object(&KEYS)?;
    let [events, requests] = KEYS.map(|key| query.optional(key).and_then(|node| node.number()));
    Some(StreamQuery { events, requests })
}

/// The numbers of the newest event and of the newest request of an account.
#[derive(Clone, Copy)]
struct Newest {
    events: u64,
    requests: u64,
}

impl Newest {
    fn of(account: &Account) -> Self {
        Self {
            events: account.world.newest_events(u64::MAX, 0).last,
            requests: account.journal.last(),
        }
    }

    fn message(self, name: &str) -> Event {
        let Self { events, requests } = self;
        message(name, &json!({ "events": events, "requests": requests }))
    }
}

/// A stream. It ends when the server stops or the account is deleted.
struct AccountStream {
    control: Arc<Control>,
    account: Arc<Account>,
    /// The events that the viewer has not seen.
    events: Watch,
    /// The newest request that the viewer has seen or skipped.
    requests: u64,
    /// Whether the last messages were a portion, after which there is a pause.
    is_paced: bool,
}

impl AccountStream {
    /// A stream, and its first messages.
    fn new(
        control: Arc<Control>,
        account: Arc<Account>,
        query: &StreamQuery,
    ) -> (Vec<Event>, Self) {
        let newest = Newest::of(&account);
        let mut first = vec![newest.message("start")];
        let events = query.events.unwrap_or(newest.events);
        let requests = query.requests.unwrap_or(newest.requests);
        // What has not happened yet is from before a reset.
        let is_ahead = events > newest.events || requests > newest.requests;
        let (events, requests) = if is_ahead {
            first.push(newest.message("reset"));
            (newest.events, newest.requests)
        } else {
            (events, requests)
        };
        let stream = Self {
            events: account.world.watch(Some(events)),
            requests,
            control,
            account,
            is_paced: false,
        };
        (first, stream)
    }

    /// Waits for the next messages.
    async fn wait(&mut self) -> Option<Vec<Event>> {
        let happens = timeout(HEARTBEAT, self.newer());
        let happened = self.control.stop.run_until_cancelled(happens).await?;
        self.is_paced = matches!(happened, Ok(Some(())));
        match happened {
            Ok(Some(())) => Some(self.portion().await),
            Ok(None) => self.begin_again(),
            Err(_) => Some(heartbeat()),
        }
    }

    /// Waits for an event or a request. `None` if the account is gone or was reset.
    async fn newer(&self) -> Option<()> {
        let Self {
            control,
            account,
            events,
            ..
        } = self;
        let newer = async {
            if self.is_paced {
                sleep(PACE).await;
            }
            let event = poll_fn(|context| account.world.poll_newer(events, context));
            let request = account.journal.added_after(self.requests);
            match select(pin!(event), pin!(request)).await {
                Either::Left((event, _)) => event,
                Either::Right(((), _)) => Some(()),
            }
        };
        waiting::until(control, account, newer).await
    }

    /// The newest of what the viewer has not seen.
    async fn portion(&mut self) -> Vec<Event> {
        let after = self.events.after;
        let portion = Portion {
            sender: self.account.sender(),
            events: self.account.world.newest_events(after, PORTION),
            requests: self.account.journal.newest(self.requests, PORTION),
            events_after: after,
        };
        self.events.after = portion.events.last;
        self.requests = portion.requests.last;
        blocking::spawn(move || portion.render()).await
    }

    /// Goes on with the account that has the name now. `None` if there is none.
    fn begin_again(&mut self) -> Option<Vec<Event>> {
        let account = find(&self.control, &self.account.subdomain).ok()?;
        let newest = Newest::of(&account);
        self.events = account.world.watch(Some(newest.events));
        self.requests = newest.requests;
        self.account = account;
        Some(vec![newest.message("reset")])
    }
}

/// What is sent at once.
struct Portion {
    sender: Sender,
    events: EventPage,
    requests: NewestRequests,
    /// The newest event that the viewer has seen.
    events_after: u64,
}

impl Portion {
    fn render(&self) -> Vec<Event> {
        let shown = self.events.events.len() as u64;
        let unseen = self.events.last.saturating_sub(self.events_after);
        let skipped = Newest {
            events: unseen.saturating_sub(shown),
            requests: self.requests.skipped,
        };
        let has_skipped = skipped.events > 0 || skipped.requests > 0;
        let skipped = has_skipped.then(|| skipped.message("skipped"));
        let events = self.events.events.iter();
        let events = events.map(|event| event_message(self.sender, event));
        let requests = self.requests.entries.iter();
        let requests =
            requests.map(|(sequence, entry)| message("request", &request(*sequence, entry)));
        skipped.into_iter().chain(events).chain(requests).collect()
    }
}

/// A request as the journal shows it. Its headers and its body are in the list of requests.
fn request(sequence: u64, entry: &Entry) -> Value {
    let mut document = json!(requests::without_content(sequence, entry));
    if let Value::Object(members) = &mut document {
        members.retain(|name, _| name != "headers" && name != "body");
    }
    document
}
