//! Measures the parts of a call, in process and without a socket: `cargo bench --bench hot`, which
//! takes about a minute. `cargo bench --bench hot -- update` runs the measurements with "update" in
//! their name. `-- --test` runs everything once.
//!
//! Private parts are measured as whole calls that differ in that part only.
#![expect(
    clippy::expect_used,
    reason = "a benchmark that cannot start has to stop"
)]

use std::hint::black_box;
use std::num::NonZeroU32;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Method, Request, StatusCode, header};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;
use criterion::{BatchSize, BenchmarkId, Criterion, criterion_group, criterion_main};
use http_body_util::BodyExt;
use tokio::runtime::Runtime;
use tower::ServiceExt;
use zendesk_availability_emulator::Emulator;
use zendesk_availability_emulator::config::{RateLimitPatch, SettingsPatch};
use zendesk_availability_emulator::world::{
    AgentFilter, AgentId, ChannelName, ChannelStatus, GroupId, Position, SkillId, StatusId,
    StatusReason,
};

const P: &str = "/api/v2/agent_availabilities";
const FRENCH: &str = "1ae11c11-9993-49f8-9850-c2dc096badd1";
/// The id of the first generated agent. The others follow without gaps.
const FIRST: u64 = 1_000_000_001;
const FEW: usize = 1_000;
const MANY: usize = 100_000;
/// A rate limit that counts every call and refuses none.
const LIMIT: NonZeroU32 = NonZeroU32::new(1_000_000_000).expect("not zero");

/// A name, the filter as a query spells it, and the same filter for the Rust handle.
type Filter = (&'static str, &'static str, AgentFilter);

fn filters() -> Vec<Filter> {
    let all = AgentFilter::default;
    let french = || Some(vec![SkillId(FRENCH.into())]);
    vec![
        ("none", "", all()),
        (
            "channel status",
            "filter[channel_status]=messaging:online",
            all().channel_status(vec![(ChannelName::Messaging, ChannelStatus::Online)]),
        ),
        (
            "status",
            "filter[agent_status_id]=3",
            all().agent_status(vec![StatusId(3)]),
        ),
        (
            "status name",
            "filter[agent_status_name]=%22online%22",
            all().agent_status_name(vec!["online".to_owned()]),
        ),
        (
            "group",
            "filter[group_id]=42",
            all().group(vec![GroupId(42)]),
        ),
        (
            "skill",
            "filter[skill]=1ae11c11-9993-49f8-9850-c2dc096badd1",
            all().skill(french()),
        ),
        (
            "capacity",
            "filter[remaining_capacity]=messaging:2",
            all().remaining_capacity(vec![(ChannelName::Messaging, 2)]),
        ),
        (
            "work items",
            "filter[work_items_count]=messaging:2",
            all().work_items_count(vec![(ChannelName::Messaging, 2)]),
        ),
        (
            "ids",
            "filter[agent_id]=1000000001,1000000500,1000000999",
            all().agent([FIRST, FIRST + 499, FIRST + 998].map(AgentId).to_vec()),
        ),
        (
            "three together",
            "filter[agent_status_id]=3&filter[group_id]=42&filter[work_items_count]=talk:0",
            all()
                .agent_status(vec![StatusId(3)])
                .group(vec![GroupId(42)])
                .work_items_count(vec![(ChannelName::Talk, 0)]),
        ),
    ]
}

/// An emulator that is called without a socket.
struct Account {
    emulator: Emulator,
    router: Router,
    runtime: Runtime,
}

impl Account {
    fn new(agents: usize, limit: Option<NonZeroU32>) -> Self {
        let window = limit.map(|_| Duration::from_secs(1));
        let rate_limit = RateLimitPatch::new().requests(limit).window(window);
        let settings = SettingsPatch::new().rate_limit(rate_limit);
        let emulator = Emulator::builder()
            .agents(agents)
            .settings(settings)
            .build()
            .expect("the settings are valid");
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .expect("a runtime");
        Self {
            router: emulator.router(),
            emulator,
            runtime,
        }
    }

    fn call(&self, request: Request<Body>) -> (StatusCode, Bytes) {
        self.runtime.block_on(async {
            let response = self
                .router
                .clone()
                .oneshot(request)
                .await
                .expect("the service is infallible");
            let status = response.status();
            (
                status,
                response
                    .into_body()
                    .collect()
                    .await
                    .expect("the body is in memory")
                    .to_bytes(),
            )
        })
    }

    /// Measures a call that must be answered with this status. Building the request is not
    /// measured.
    fn measure(
        &self,
        bench: &mut criterion::Bencher<'_>,
        expected: StatusCode,
        request: impl Fn() -> Request<Body>,
    ) {
        let (status, body) = self.call(request());
        assert_eq!(status, expected, "{body:?}");
        bench.iter_batched(
            &request,
            |request| self.call(request),
            BatchSize::SmallInput,
        );
    }
}

fn basic(text: &str) -> String {
    format!("Basic {}", BASE64_STANDARD.encode(text))
}

fn request(method: Method, path: &str, authorization: &str, body: &'static str) -> Request<Body> {
    let request = Request::builder()
        .method(method)
        .uri(format!("{P}{path}"))
        .header(header::HOST, "127.0.0.1");
    let request = request.header(header::AUTHORIZATION, authorization);
    let request = if body.is_empty() {
        request
    } else {
        request.header(header::CONTENT_TYPE, "application/json")
    };
    request.body(Body::from(body)).expect("a request")
}

/// A GET by the admin.
fn get(path: &str) -> Request<Body> {
    request(
        Method::GET,
        path,
        &basic("admin@example.com/token:demo-api-token"),
        "",
    )
}

fn one_agent(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("GET one agent");
    for agents in [FEW, MANY] {
        let account = Account::new(agents, None);
        let path = format!("/{}", FIRST + agents as u64 / 2);
        group.bench_function(BenchmarkId::new("of", agents), |bench| {
            account.measure(bench, StatusCode::OK, || get(&path));
        });
    }
    group.finish();
}

fn pages(criterion: &mut Criterion) {
    let account = Account::new(FEW, None);
    let mut group = criterion.benchmark_group("GET a page of 100, by filter");
    for (name, query, _) in filters() {
        let query = format!("?page[size]=100&{query}")
            .replace('[', "%5B")
            .replace(']', "%5D");
        group.bench_function(name, |bench| {
            account.measure(bench, StatusCode::OK, || get(&query));
        });
    }
    group.finish();
}

fn updates(criterion: &mut Criterion) {
    let account = Account::new(FEW, None);
    let path = format!("/agent_statuses/agents/{FIRST}");
    let admin = basic("admin@example.com/token:demo-api-token");
    let mut group = criterion.benchmark_group("PUT a status");
    group.bench_function("of one agent", |bench| {
        account.measure(bench, StatusCode::OK, || {
            request(Method::PUT, &path, &admin, r#"{"id":4}"#)
        });
    });
    group.finish();
}

/// Calls that differ in one part.
fn parts(criterion: &mut Criterion) {
    let (unlimited, limited) = (Account::new(FEW, None), Account::new(FEW, Some(LIMIT)));
    let path = format!("/{FIRST}");
    let mut group = criterion.benchmark_group("GET one agent, limiter");
    for (name, account) in [("off", &unlimited), ("on", &limited)] {
        group.bench_function(name, |bench| {
            account.measure(bench, StatusCode::OK, || get(&path));
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("GET one agent, signed in with");
    for (name, expected, authorization) in [
        (
            "Basic token",
            StatusCode::OK,
            basic("admin@example.com/token:demo-api-token"),
        ),
        (
            "Basic password",
            StatusCode::OK,
            basic("admin@example.com:demo-password"),
        ),
        (
            "Bearer",
            StatusCode::OK,
            "Bearer demo-oauth-admin".to_owned(),
        ),
        (
            "what is refused with 401",
            StatusCode::UNAUTHORIZED,
            basic("admin@example.com:wrong"),
        ),
    ] {
        group.bench_function(name, |bench| {
            unlimited.measure(bench, expected, || {
                request(Method::GET, &path, &authorization, "")
            });
        });
    }
    group.finish();

    // A single agent, found by its id.
    let ids = |count: u64| {
        (FIRST..FIRST + count)
            .map(|id| id.to_string())
            .collect::<Vec<_>>()
            .join(",")
    };
    let short = format!("?filter%5Bagent_ids%5D={FIRST}");
    let several = format!(
        "{short}&filter%5Bgroup_id%5D=1,42&filter%5Bchannel_status%5D=talk:online&page%5Bsize%5D=1&include=channels"
    );
    let long = format!("?filter%5Bagent_ids%5D={}&page%5Bsize%5D=1", ids(200));
    let mut group = criterion.benchmark_group("GET a list, query of");
    for (name, query) in [
        ("one parameter", &short),
        ("five parameters", &several),
        ("200 ids", &long),
    ] {
        group.bench_function(name, |bench| {
            unlimited.measure(bench, StatusCode::OK, || get(query));
        });
    }
    group.finish();
}

fn world(criterion: &mut Criterion) {
    for agents in [FEW, MANY] {
        let account = Account::new(agents, None);
        let world = account.emulator.world();
        let middle = Position::After(AgentId(FIRST + agents as u64 / 2));
        let mut group =
            criterion.benchmark_group(format!("World::agents, 20 of {agents}, by filter"));
        for (name, _, filter) in filters() {
            group.bench_function(name, |bench| {
                bench.iter(|| world.agents(black_box(&filter), &middle, 20));
            });
        }
        group.finish();
    }
    let account = Account::new(FEW, None);
    let (world, now) = (
        account.emulator.world(),
        account
            .emulator
            .default_account()
            .clock()
            .expect("an account")
            .now,
    );
    let mut group = criterion.benchmark_group("World::agents, any of 1000, page of");
    for size in [1, 20, 100] {
        group.bench_function(size.to_string(), |bench| {
            bench.iter(|| world.agents(&AgentFilter::default(), &Position::First, black_box(size)));
        });
    }
    group.finish();

    let mut group = criterion.benchmark_group("World::set_status");
    group.bench_function("to and fro", |bench| {
        let mut statuses = [3, 4].map(StatusId).into_iter().cycle();
        bench.iter(|| {
            let status = statuses.next().expect("it never ends");
            world
                .set_status(
                    AgentId(FIRST),
                    black_box(status),
                    StatusReason::PublicApi,
                    now,
                )
                .expect("it may")
        });
    });
    group.finish();
}

/// Short, because there are many. The question is only whether a part has become twice as slow.
fn accounts(criterion: &mut Criterion) {
    let server = Account::new(0, None);
    let control = |method: Method, path: &str| {
        let request = Request::builder()
            .method(method)
            .uri(format!("/_emulator/accounts{path}"));
        request.body(Body::empty()).expect("a request")
    };
    let made = server.call(control(Method::POST, "")).0;
    assert_eq!(made, StatusCode::CREATED);
    let mut group = criterion.benchmark_group("An account of the demo's size");
    group.bench_function("made and deleted", |bench| {
        bench.iter(|| {
            let (status, body) = server.call(control(Method::POST, ""));
            assert_eq!(status, StatusCode::CREATED);
            let body: serde_json::Value = serde_json::from_slice(&body).expect("JSON");
            let path = format!("/{}", body["subdomain"].as_str().expect("a subdomain"));
            assert_eq!(
                server.call(control(Method::DELETE, &path)).0,
                StatusCode::NO_CONTENT
            );
        });
    });
    group.bench_function("reset", |bench| {
        server.measure(bench, StatusCode::OK, || control(Method::POST, "/t1/reset"));
    });
    group.finish();
}

fn quick() -> Criterion {
    let measured = Criterion::default()
        .sample_size(20)
        .nresamples(10_000)
        .without_plots();
    measured
        .warm_up_time(Duration::from_millis(300))
        .measurement_time(Duration::from_millis(900))
}

criterion_group! {
    name = hot;
    config = quick();
    targets = one_agent, pages, updates, parts, world, accounts
}
criterion_main!(hot);
