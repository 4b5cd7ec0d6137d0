//! Row 9: what clients also ask for beside availabilities. Whole calls, rendered.

use tokio::runtime::Runtime;
use zendesk_availability_emulator::seed::Seed;

use crate::Outcome;
use crate::emulator::{agent, build_with};
use crate::options::Options;
use crate::page_cost::{Account, FEW};
use crate::report::{Line, Report, Requirement, Unit};

const GROUP: &str = "/api/v2/account_groups/availability/1";
/// One group, which every generated agent is in, and the demo's admin.
const ONE_GROUP: &str = r#"{
    "groups": [{"id": 1, "name": "All"}],
    "users": [{"id": 1, "name": "Ada", "email": "admin@example.com", "role": "admin"}],
    "api_tokens": [{"token": "demo-api-token"}]
}"#;

/// Row 9: the availability of a group that all agents are in.
pub(crate) fn group_availability(options: &Options, report: &mut Report) -> Outcome<()> {
    let runtime = runtime()?;
    let emulator = build_with(Seed::parse(ONE_GROUP)?, options.agents)?;
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
    Ok(())
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
