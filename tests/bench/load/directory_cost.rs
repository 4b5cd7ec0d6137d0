//! Row 9: what clients also ask for beside availabilities. Whole calls, rendered.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use tokio::runtime::Runtime;
use zendesk_availability_emulator::clock::Clock;
use zendesk_availability_emulator::seed::Seed;
use zendesk_availability_emulator::world::{AgentId, StatusId, StatusReason, World};

use crate::Outcome;
use crate::emulator::{agent, any_agent, build_with};
use crate::options::Options;
use crate::page_cost::{Account, FEW};
use crate::random::Random;
use crate::report::{Line, Report, Requirement, Unit, quantile};

const GROUP: &str = "/api/v2/account_groups/availability/1";
/// The time between two updates.
const PAUSE: Duration = Duration::from_micros(100);
/// One group, which every generated agent is in, and the demo's admin.
const ONE_GROUP: &str = r#"{
    "settings": {"omnichannel_routing": true},
    "groups": [{"id": 1, "name": "All"}],
    "users": [{"id": 1, "name": "Ada", "email": "admin@example.com", "role": "admin"}],
    "api_tokens": [{"token": "demo-api-token"}]
}"#;

/// Row 9: the availability of a group that all agents are in.
pub(crate) fn group_availability(options: &Options, report: &mut Report) -> Outcome<()> {
    let runtime = runtime()?;
    let emulator = build_with(Seed::parse(ONE_GROUP)?, options.agents)?;
    let world = emulator.world();
    let account = Account::of(emulator, &runtime, options.agents);
    let calls = options.repeats(200, 30);
    let millis = |_| Ok(account.cost(GROUP, calls)? / 1e3);
    report.line(Line {
        row: "9a",
        what: "availability of a group of all agents".to_owned(),
        unit: Unit::Millis,
        required: Some(Requirement::AtMost(2.0)),
        samples: (0..options.rounds).map(millis).collect::<Outcome<_>>()?,
    });
    let slow = |round| slow_update(&account, &world, options, round as u64);
    report.line(Line {
        row: "9a",
        what: "p99 of an update beside such calls without a pause".to_owned(),
        unit: Unit::Millis,
        required: None,
        samples: (0..options.rounds).map(slow).collect::<Outcome<_>>()?,
    });
    Ok(())
}

/// How many milliseconds 99 of 100 updates take at most while another thread calls.
fn slow_update(
    account: &Account<'_>,
    world: &World,
    options: &Options,
    round: u64,
) -> Outcome<f64> {
    let (done, clock) = (AtomicBool::new(false), Clock::real());
    let mut random = Random::new(round);
    std::thread::scope(|scope| {
        let calling = scope.spawn(|| -> Outcome<()> {
            while !done.load(Ordering::Relaxed) {
                account.cost(GROUP, 1)?;
            }
            Ok(())
        });
        let mut latencies = Vec::new();
        for number in 0..1_000 {
            let agent = AgentId(any_agent(&mut random, options.agents));
            let began = Instant::now();
            let status = StatusId(3 + number % 2);
            let written = world.set_status(agent, status, StatusReason::PublicApi, clock.now());
            latencies.push(began.elapsed().as_secs_f64() * 1e3);
            if let Err(error) = written {
                done.store(true, Ordering::Relaxed);
                return Err(error.into());
            }
            std::thread::sleep(PAUSE);
        }
        done.store(true, Ordering::Relaxed);
        calling.join().map_err(|_| "the calls panicked")??;
        Ok(quantile(&mut latencies, 0.99))
    })
}

/// Row 9: pages of users by role, compared with those of 1,000.
pub(crate) fn users_by_role(options: &Options, report: &mut Report) -> Outcome<()> {
    let runtime = runtime()?;
    let few = Account::new(&runtime, FEW)?;
    let many = Account::new(&runtime, options.agents)?;
    let calls = options.repeats(200, 30);
    let paths = |agents: usize| {
        let users = "/api/v2/users?role=agent&page%5Bsize%5D=100";
        [
            "/api/v2/users?role=agent".to_owned(),
            format!("{users}&page%5Bafter%5D={}", agent(agents / 2)),
        ]
    };
    let (of_few, of_many) = (paths(FEW), paths(options.agents));
    for (place, (cheap, dear)) in ["first", "middle"]
        .into_iter()
        .zip(of_few.iter().zip(&of_many))
    {
        let ratio = |_| Ok(many.cost(dear, calls)? / few.cost(cheap, calls)?);
        report.line(Line {
            row: "9b",
            what: format!("{place} page of users by role, times that among 1,000"),
            unit: Unit::Ratio,
            required: Some(Requirement::AtMost(1.15)),
            samples: (0..options.rounds).map(ratio).collect::<Outcome<_>>()?,
        });
    }
    Ok(())
}

fn runtime() -> Outcome<Runtime> {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    Ok(runtime.enable_all().build()?)
}
