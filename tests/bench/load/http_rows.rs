//! Rows 1 to 3 over HTTP: the emulator's CPU time per request beside that of the references.

use std::fs;
use std::time::Duration;

use crate::Outcome;
use crate::emulator::{self, AGENTS, FILTERS, UPDATES, any_agent, label, page};
use crate::exchange::Call;
use crate::options::Options;
use crate::process::{Core, Server};
use crate::random::Random;
use crate::reference;
use crate::report::{Cost, Effort, Line, Report, Requirement, Unit};
use crate::wrk::Wrk;

/// The number of random requests before the first one is repeated.
const RANDOM: usize = 20_000;

/// Row 1: one agent, the same one and random ones, with a log line for each request, and with a JWT
/// in place of an API token.
pub(crate) fn one_agent(options: &Options, report: &mut Report) -> Outcome<()> {
    let one = |agent| Call::get(format!("{AGENTS}/{agent}"));
    let mut random = Random::new(1);
    let any: Vec<_> = (0..RANDOM)
        .map(|_| one(any_agent(&mut random, options.agents)))
        .collect();
    let same = vec![one(emulator::agent(options.agents / 2))];
    let server = emulator::start(options.agents, Some(Core::Server), "error")?;
    Row::new("1a", "one agent, any of them", 0.85).measure(options, report, &server, &any)?;
    Row::new("1b", "one agent, always the same", 0.85).measure(options, report, &server, &same)?;
    let with_jwt = Row {
        authorization: format!("Bearer {}", emulator::access_token(&server)?),
        ..Row::new("1d", "one agent, always the same, with a JWT", 0.85)
    };
    with_jwt.measure(options, report, &server, &same)?;
    drop(server);
    let server = emulator::start(options.agents, Some(Core::Server), "debug")?;
    Row::new("1c", "one agent, any of them, with a log line", 0.7)
        .measure(options, report, &server, &any)
}

/// Row 2: pages of 100. The first page with each filter, and random pages without a filter.
pub(crate) fn pages(options: &Options, report: &mut Report) -> Outcome<()> {
    let server = emulator::start(options.agents, Some(Core::Server), "error")?;
    for filter in FILTERS {
        let what = format!("first page of 100, {}", label(filter));
        let calls = [Call::get(page(filter))];
        Row::new("2", &what, 0.9).measure(options, report, &server, &calls)?;
    }
    let mut random = Random::new(2);
    let mut any = || {
        Call::get(page(&format!(
            "page[after]={}",
            any_agent(&mut random, options.agents)
        )))
    };
    let any: Vec<_> = (0..RANDOM).map(|_| any()).collect();
    Row::new("2", "any page of 100, no filter", 0.9).measure(options, report, &server, &any)
}

/// Row 3, over HTTP: random agents go online or away.
pub(crate) fn updates(options: &Options, report: &mut Report) -> Outcome<()> {
    let mut random = Random::new(3);
    let mut any = || {
        let agent = any_agent(&mut random, options.agents);
        let body = format!(r#"{{"id":{}}}"#, 3 + random.below(2));
        Call {
            method: "PUT",
            path: format!("{UPDATES}/{agent}"),
            body,
        }
    };
    let any: Vec<_> = (0..RANDOM).map(|_| any()).collect();
    let server = emulator::start(options.agents, Some(Core::Server), "error")?;
    Row::new("3a", "status update of any agent", 0.65).measure(options, report, &server, &any)
}

/// The requests over HTTP.
struct Row {
    name: &'static str,
    what: String,
    least: f64,
    authorization: String,
}

impl Row {
    /// A row whose requests have an API token.
    fn new(name: &'static str, what: &str, least: f64) -> Self {
        Self {
            name,
            what: what.to_owned(),
            least,
            authorization: emulator::authorization(),
        }
    }

    fn measure(
        self,
        options: &Options,
        report: &mut Report,
        emulator: &Server,
        calls: &[Call],
    ) -> Outcome<()> {
        let wrk = Wrk::new(calls, self.authorization)?;
        let [wire, axum] = references(&wrk, emulator, calls)?;
        for server in [&wire, &axum, emulator] {
            wrk.drive(server.port, options.slice.min(Duration::from_secs(1)))?;
        }
        let (mut ratios, mut rounds) = (Vec::new(), Vec::new());
        for _ in 0..options.rounds {
            let effort = |server: &Server| -> Outcome<Effort> {
                let before = server.times()?;
                let slice = wrk.drive(server.port, options.slice)?;
                let after = server.times()?;
                let [ran, queued] =
                    [0, 1].map(|field| after[field].saturating_sub(before[field]).as_secs_f64());
                let (rate, micros) = (slice.requests / slice.seconds, ran * 1e6 / slice.requests);
                Ok(Effort {
                    rate,
                    micros,
                    idle: (1.0 - (ran + queued) / slice.seconds).max(0.0),
                })
            };
            let (wire, axum, emulator) = (effort(&wire)?, effort(&axum)?, effort(emulator)?);
            ratios.push(wire.micros / emulator.micros);
            rounds.push([wire, axum, emulator]);
        }
        report.cost(Cost {
            row: self.name,
            what: self.what.clone(),
            rounds,
        });
        let required = Some(Requirement::AtLeast(self.least));
        report.line(Line {
            row: self.name,
            what: self.what,
            unit: Unit::Ratio,
            required,
            samples: ratios,
        });
        Ok(())
    }
}

/// The references, with the emulator's answer to the first of the calls.
pub(crate) fn references(wrk: &Wrk, emulator: &Server, calls: &[Call]) -> Outcome<[Server; 2]> {
    let call = calls.first().ok_or("a row without calls")?;
    let answer = call.answer(emulator.port, wrk.authorization())?;
    let file = wrk.file("answer");
    fs::write(&file, &answer)?;
    let start = |reference: reference::Server| -> Outcome<Server> {
        let server = reference.start(&file)?;
        let repeated = call.answer(server.port, wrk.authorization())?;
        if repeated == answer {
            Ok(server)
        } else {
            let [own, other] =
                [&answer, &repeated].map(|bytes| String::from_utf8_lossy(bytes).into_owned());
            Err(
                format!("{reference:?} does not answer with the emulator's bytes:\n{own}\n{other}")
                    .into(),
            )
        }
    };
    Ok([
        start(reference::Server::Wire)?,
        start(reference::Server::Axum)?,
    ])
}
