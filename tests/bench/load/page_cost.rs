//! Row 4: the cost of a page among very many agents, compared with the same page among 1,000. Whole
//! calls, rendered.

use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::http::{Request, StatusCode, header};
use http_body_util::BodyExt;
use serde_json::Value;
use tokio::runtime::Runtime;
use tower::ServiceExt;
use zendesk_availability_emulator::Emulator;

use crate::Outcome;
use crate::emulator::{FILTERS, agent, authorization, build, label, page};
use crate::options::Options;
use crate::report::{Line, Report, Requirement, Unit, median};

pub(crate) const FEW: usize = 1_000;
const FULL: usize = 100;
/// The length of one slice of calls. Without an index, a page of rare agents would take long.
const LONGEST: Duration = Duration::from_millis(500);

/// Filters that match hardly any agent, or none.
const RARE: &[&str] = &[
    "filter[agent_status_id]=3&filter[channel_status]=messaging:offline",
    "filter[group_id]=999",
    "filter[remaining_capacity]=messaging:1000",
    "filter[agent_status_name]=%22no+such+status%22",
    "filter[work_items_count]=messaging:0&filter[agent_status_id]=4",
    "filter[agent_status_id]=124&filter[channel_status]=talk:online",
];

/// Row 4.
pub(crate) fn page_cost(options: &Options, report: &mut Report) -> Outcome<()> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    let (few, many) = (
        Account::new(&runtime, FEW)?,
        Account::new(&runtime, options.agents)?,
    );
    let mut cases = Vec::new();
    let kinds = FILTERS
        .iter()
        .chain(RARE)
        .map(|filter| (label(filter), [*filter; 2].map(str::to_owned)));
    let three = (
        "agent_id of three".to_owned(),
        [&few, &many].map(Account::three),
    );
    for (name, filters) in kinds.chain([three]) {
        for place in ["first", "middle", "last"] {
            let case = Case::new(&few, &many, &filters, place);
            cases.push(
                case.map_err(|error| format!("{name}, {place} page: {error}"))?
                    .named(&name, place),
            );
        }
    }
    let calls = options.repeats(200, 30);
    for _ in 0..options.rounds {
        for case in &mut cases {
            let cheap = few.cost(&case.few, calls)?;
            let dear = many.cost(&case.many, calls)?;
            case.samples.push(if case.full {
                dear / cheap
            } else {
                dear - cheap
            });
            case.micros.push(dear);
        }
    }
    for (full, what, unit, most) in [
        (
            true,
            "page cost among all agents, times that among 1,000",
            Unit::Ratio,
            1.15,
        ),
        (
            false,
            "page cost among all agents, over that among 1,000",
            Unit::Micros,
            25.0,
        ),
    ] {
        let of_kind = || cases.iter().filter(|case| case.full == full);
        let worst =
            of_kind().max_by(|one, other| median(&one.samples).total_cmp(&median(&other.samples)));
        let Some(worst) = worst else { continue };
        let what = format!("{what}: the worst of {}, {}", of_kind().count(), worst.name);
        let (required, samples) = (Some(Requirement::AtMost(most)), worst.samples.clone());
        report.line(Line {
            row: "4",
            what,
            unit,
            required,
            samples,
        });
        for case in of_kind() {
            let (items, micros) = (case.items, median(&case.micros));
            let beside = if case.same {
                String::new()
            } else {
                format!(", beside any {items}")
            };
            let what = format!("{} ({items} items, {micros:.0} µs{beside})", case.name);
            let samples = case.samples.clone();
            report.detail(Line {
                row: "4",
                what,
                unit,
                required: Some(Requirement::AtMost(most)),
                samples,
            });
        }
    }
    Ok(())
}

/// One page in both accounts.
struct Case {
    name: String,
    few: String,
    many: String,
    items: usize,
    /// The page has 100 agents in both accounts.
    full: bool,
    /// The page has the same number of agents in both accounts.
    same: bool,
    /// The ratio or the difference, one for each round.
    samples: Vec<f64>,
    /// The cost among many agents, one for each round.
    micros: Vec<f64>,
}

impl Case {
    fn new(
        few: &Account<'_>,
        many: &Account<'_>,
        [of_few, of_many]: &[String; 2],
        place: &str,
    ) -> Outcome<Self> {
        let (few_path, many_path) = (few.page(of_few, place), many.page(of_many, place));
        let (among_few, items) = (few.items(&few_path)?, many.items(&many_path)?);
        let full = among_few == FULL && items == FULL;
        // What is rare among a million is rarer among 1,000, and a smaller page is cheaper. So it
        // is compared with a page of the same size without a filter.
        let same = among_few == items;
        let few_path = if same {
            few_path
        } else {
            page("").replace("=100", &format!("={items}"))
        };
        let (samples, micros) = (Vec::new(), Vec::new());
        Ok(Self {
            name: String::new(),
            few: few_path,
            many: many_path,
            items,
            full,
            same,
            samples,
            micros,
        })
    }

    fn named(mut self, name: &str, place: &str) -> Self {
        self.name = format!("{name}, {place} page");
        self
    }
}

/// An emulator that is called without a socket.
pub(crate) struct Account<'a> {
    /// The router answers as long as this value lives.
    _emulator: Emulator,
    router: Router,
    runtime: &'a Runtime,
    agents: usize,
}

impl<'a> Account<'a> {
    pub(crate) fn new(runtime: &'a Runtime, agents: usize) -> Outcome<Self> {
        Ok(Self::of(build(agents)?, runtime, agents))
    }

    pub(crate) fn of(emulator: Emulator, runtime: &'a Runtime, agents: usize) -> Self {
        Self {
            router: emulator.router(),
            _emulator: emulator,
            runtime,
            agents,
        }
    }

    /// Three of its agents, far apart.
    fn three(&self) -> String {
        let [one, two, three] = [0, self.agents / 2 + 1, self.agents - 1].map(agent);
        format!("filter[agent_id]={one},{two},{three}")
    }

    fn page(&self, filter: &str, place: &str) -> String {
        let cursor = match place {
            "first" => String::new(),
            "middle" => format!("page[after]={}", agent(self.agents / 2)),
            _ => format!("page[before]={}", u64::MAX),
        };
        let parameters = [filter, &cursor]
            .into_iter()
            .filter(|text| !text.is_empty())
            .collect::<Vec<_>>();
        page(&parameters.join("&"))
    }

    fn items(&self, path: &str) -> Outcome<usize> {
        let (_, body) = self.call(path)?;
        let document: Value = serde_json::from_slice(&body)?;
        Ok(document
            .get("data")
            .and_then(Value::as_array)
            .map_or(0, Vec::len))
    }

    /// The median of this number of calls, in microseconds.
    pub(crate) fn cost(&self, path: &str, calls: usize) -> Outcome<f64> {
        let (began, mut times) = (Instant::now(), Vec::with_capacity(calls));
        while times.len() < calls && (times.is_empty() || began.elapsed() < LONGEST) {
            times.push(self.call(path)?.0.as_secs_f64() * 1e6);
        }
        Ok(median(&times))
    }

    fn call(&self, path: &str) -> Outcome<(Duration, Bytes)> {
        let request = Request::get(path).header(header::AUTHORIZATION, authorization());
        let request = request
            .header(header::HOST, "127.0.0.1")
            .body(Body::empty())?;
        self.runtime.block_on(async {
            let began = Instant::now();
            let response = self.router.clone().oneshot(request).await?;
            let status = response.status();
            let body = response.into_body().collect().await?.to_bytes();
            let took = began.elapsed();
            if status == StatusCode::OK {
                Ok((took, body))
            } else {
                Err(format!("{path}: {status}: {body:?}").into())
            }
        })
    }
}
