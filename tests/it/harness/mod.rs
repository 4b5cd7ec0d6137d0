//! A separate account for each test, in process, with a clock that stands still.

mod answer;
mod ask;
mod contract;
mod http2;
mod operations;
mod stream;
mod write;

pub use answer::Answer;
pub use ask::Ask;
pub use contract::{control_document, document, resolve, target};
pub use http2::http2;
pub use operations::{Operation, operations};
pub use stream::Stream;
pub use write::Written;

use std::ops::Deref;
use std::pin::pin;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::http::{Request, Response};
use serde_json::{Value, json};
use tower::ServiceExt;
use zendesk_availability_emulator::client::RequestFilter;
use zendesk_availability_emulator::clock::Clock;
use zendesk_availability_emulator::config::SettingsPatch;
use zendesk_availability_emulator::jiff::Timestamp;
use zendesk_availability_emulator::seed::{DEMO, Seed};
use zendesk_availability_emulator::world::World;
use zendesk_availability_emulator::{Builder, Emulator};

/// Asks for the last page of a list of agents: no agent of these tests has the highest possible id.
pub const FROM_THE_END: &str = "page[before]=18446744073709551615";
/// The prefix of every path of the two APIs.
pub const P: &str = "/api/v2/agent_availabilities";
/// The time at which every account's clock starts.
pub const START: &str = "2026-01-21T10:30:00Z";

/// An account, and a client that signs in as its admin by default.
#[derive(Debug)]
pub struct Account {
    emulator: Emulator,
    /// The account's clock, moved directly: what is due runs with the next call, as it does when
    /// time passes by itself.
    clock: Clock,
    router: Router,
    runtime: tokio::runtime::Runtime,
}

impl Account {
    /// The demo account.
    pub fn demo() -> Self {
        Self::with(|builder| builder)
    }

    /// The demo account, with only the agents that differ from each other. The agents of its second
    /// page are left out.
    pub fn small_team() -> Self {
        Self::small_team_with(SettingsPatch::default())
    }

    /// The same with other settings.
    pub fn small_team_with(settings: SettingsPatch) -> Self {
        let mut seed: Value = serde_saphyr::from_str(DEMO).expect("the demo seed is YAML");
        let agents = seed["agents"].as_array_mut().expect("agents");
        agents.retain(|agent| {
            !agent["id"]
                .as_u64()
                .is_some_and(|id| (10_020..=10_035).contains(&id))
        });
        let seed = Seed::parse(&seed.to_string()).expect("a seed");
        Self::with(|builder| builder.seed(seed).settings(settings))
    }

    /// The demo account with other settings.
    pub fn demo_with(settings: SettingsPatch) -> Self {
        Self::with(|builder| builder.settings(settings))
    }

    /// An account with this seed, in YAML. The seed must have the user as whom the client signs in:
    /// see [`ADMIN`].
    pub fn seeded(seed: &str) -> Self {
        let seed = Seed::parse(seed)
            .unwrap_or_else(|error| panic!("the seed of this test is wrong:\n{error}"));
        Self::with(|builder| builder.seed(seed))
    }

    /// Any account.
    pub fn with(build: impl FnOnce(Builder) -> Builder) -> Self {
        let start: Timestamp = START.parse().expect("a time");
        let clock = Clock::frozen(start);
        let builder = Emulator::builder().clock(clock.clone()).sequential_ids();
        let emulator = build(builder)
            .build()
            .expect("the settings of this test are valid");
        let router = emulator.router();
        // Real time stands still while any task can run, and passes at once when all of them wait.
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime
            .enable_all()
            .start_paused(true)
            .max_blocking_threads(1)
            .build()
            .expect("a runtime");
        Self {
            emulator,
            clock,
            router,
            runtime,
        }
    }

    pub fn emulator(&self) -> &Emulator {
        &self.emulator
    }

    /// The account's agents, read without Zendesk's API.
    pub fn world(&self) -> impl Deref<Target = World> + use<> {
        self.emulator.world()
    }

    /// The account's time.
    pub fn now(&self) -> Timestamp {
        self.clock.now()
    }

    /// Moves the account's clock on.
    pub fn advance(&self, by: Duration) {
        self.clock.advance(by);
    }

    /// Sends a request. The answer has been checked against the contract.
    pub fn send(&self, ask: &Ask) -> Answer {
        let answer = self.send_unchecked(ask);
        contract::check(ask, &answer);
        answer
    }

    /// Sends a request whose answer the test checks completely. It may have what the contract does
    /// not describe, such as times with years of more than four digits.
    pub fn send_unchecked(&self, ask: &Ask) -> Answer {
        self.run(self.answer(ask))
    }

    /// Sends a request with this body in place of its own. The answer has been checked against the
    /// contract.
    pub fn send_body(&self, ask: &Ask, body: Body) -> Answer {
        let answer = self.run(self.answer_body(ask, body));
        contract::check(ask, &answer);
        answer
    }

    /// Runs a task. Time is tokio's: it jumps to what is due next when every task waits.
    pub fn run<T>(&self, task: impl Future<Output = T>) -> T {
        self.runtime.block_on(task)
    }

    /// Sends a request whose answer is a stream, and reads its head.
    pub fn open(&self, ask: &Ask) -> Stream<'_> {
        let response = self.run(self.respond(ask.request()));
        Stream::open(&self.runtime, ask, response)
    }

    /// Sends a request that waits, and meanwhile the others, one after the other. Returns its
    /// answer.
    pub fn send_before(&self, waiting: &Ask, others: &[Ask]) -> Answer {
        self.send_while(waiting, async {
            for ask in others {
                let answer = self.answer(ask).await;
                assert!(answer.status.is_success(), "{ask:?}: {answer:?}");
                contract::check(ask, &answer);
            }
        })
    }

    /// Sends a request that waits, and runs `meanwhile` before its answer comes. Returns its
    /// answer.
    pub fn send_while(&self, waiting: &Ask, happens: impl Future<Output = ()>) -> Answer {
        // The first of the two is polled first, and gets as far as it can before the other begins.
        let (answer, ()) = self.run(futures_util::future::join(self.answer(waiting), happens));
        contract::check(waiting, &answer);
        answer
    }

    /// Sends two requests, the second when the first has got as far as it can. Returns the answer
    /// to the first, and whether the second was answered before it.
    pub fn send_both(&self, first: &Ask, second: &Ask) -> (Answer, bool) {
        use futures_util::future::{Either, select};
        // The only thread for blocking work is busy until the second is answered, so that no such
        // work is done too early.
        let (done, work) = std::sync::mpsc::channel::<()>();
        self.runtime.spawn_blocking(move || work.recv().is_ok());
        let (answer, is_overtaken) = self.run(async {
            match select(pin!(self.answer(first)), pin!(self.answer(second))).await {
                Either::Left((answer, _)) => (answer, false),
                Either::Right((other, first)) => {
                    contract::check(second, &other);
                    drop(done);
                    (first.await, true)
                }
            }
        });
        contract::check(first, &answer);
        (answer, is_overtaken)
    }

    /// The answer, not checked against the contract.
    pub async fn answer(&self, ask: &Ask) -> Answer {
        Answer::receive(self.respond(ask.request()).await).await
    }

    /// The answer to a request with this body in place of its own.
    pub async fn answer_body(&self, ask: &Ask, body: Body) -> Answer {
        let request = ask.request().map(|_| body);
        Answer::receive(self.respond(request).await).await
    }

    /// The answer as it leaves the emulator, its body not yet read.
    pub async fn respond(&self, request: Request<Body>) -> Response<Body> {
        let response = self.router.clone().oneshot(request).await;
        response.expect("the service is infallible")
    }

    /// A GET below [`P`], as the admin.
    pub fn get(&self, path: &str) -> Answer {
        self.send(&Ask::get(path))
    }

    /// The body of a GET below [`P`] that succeeds.
    pub fn json(&self, path: &str) -> Value {
        let answer = self.get(path);
        assert_eq!(answer.status, 200, "GET {path}: {}", answer.text());
        answer.json()
    }

    /// The attributes of an agent.
    pub fn attributes(&self, agent: u64) -> Value {
        self.json(&format!("/{agent}"))["data"]["attributes"].clone()
    }

    /// A PUT of JSON below [`P`], as the admin.
    pub fn put(&self, path: &str, body: &Value) -> Answer {
        self.send(&Ask::put(path).json(body))
    }

    /// Sets the unified status of an agent through Zendesk's API.
    pub fn update(&self, agent: u64, status: u64) -> Answer {
        self.put(
            &format!("/agent_statuses/agents/{agent}"),
            &json!({ "id": status }),
        )
    }

    /// What must not change when a request is refused: every agent and unified status, and the
    /// number of events.
    pub fn state(&self) -> String {
        use zendesk_availability_emulator::world::{AgentFilter, Position};
        let agents = self
            .world()
            .agents(&AgentFilter::default(), &Position::First, usize::MAX)
            .items;
        let statuses = self
            .world()
            .statuses(|_| true, &Position::First, usize::MAX);
        format!(
            "{agents:?} {statuses:?} {} {:?}",
            self.world().events().len(),
            self.world().routing()
        )
    }
}

/// The part of a body that a failed test shows, since a body may have a mebibyte.
fn shortened(bytes: &[u8]) -> String {
    let shown = String::from_utf8_lossy(&bytes[..bytes.len().min(1000)]);
    format!("{shown:?} ({} bytes)", bytes.len())
}

/// The users for a seed that a test writes itself. Put it at the top: the client signs in as
/// `admin@example.com`.
pub const ADMIN: &str = "
users:
  - { id: 1, name: Admin, email: admin@example.com, role: admin }
api_tokens:
  - { token: demo-api-token }
";

/// The elements of an array.
#[track_caller]
pub fn elements(array: &Value) -> &[Value] {
    array
        .as_array()
        .unwrap_or_else(|| panic!("{array} is not an array"))
}

/// The whole number at this JSON pointer in every element of an array.
#[track_caller]
pub fn numbers(array: &Value, pointer: &str) -> Vec<u64> {
    let number = |element: &Value| element.pointer(pointer).and_then(Value::as_u64);
    elements(array)
        .iter()
        .map(|it| number(it).unwrap_or_else(|| panic!("{it} has no number at {pointer}")))
        .collect()
}

/// The target of an absolute link in an answer, below [`P`].
pub fn below(link: &Value) -> String {
    let link = link
        .as_str()
        .unwrap_or_else(|| panic!("{link} is not a link"));
    let path = link
        .strip_prefix("http://localhost")
        .and_then(|path| path.strip_prefix(P));
    path.unwrap_or_else(|| panic!("{link} leads elsewhere"))
        .to_owned()
}

/// What the journal of the default account has of the body of its oldest request, and whether that
/// is all of it.
pub fn kept_body(emulator: &Emulator) -> (Option<String>, bool) {
    let journal = emulator.default_account().requests(&RequestFilter::any());
    let entry = journal.expect("requests").requests.swap_remove(0);
    (entry.body, entry.body_complete)
}
