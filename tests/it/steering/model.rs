//! Random steering compared with a naive model of it: documents, changed as the contract says.
//! After each call the document, its version and the events must agree.

mod documents;
mod step;
mod steps;

use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};
use zendesk_availability_emulator::seed::Seed;
use zendesk_availability_emulator::world::{AgentFilter, Position};

use self::documents::Documents;
use self::step::Step;
use super::agent;
use crate::harness::{Account, Ask};
use crate::property::{STEERING_LENGTH, STEERINGS, check};

const SEED: &str = "
groups: [{ id: 1, name: Support }, { id: 2, name: Billing }]
skills: [{ id: french, name: French }]
users: [{ id: 9, name: Admin, email: admin@example.com, role: admin }]
api_tokens: [{ token: demo-api-token }]
agent_statuses:
  custom:
    - { id: 50, name: Lunch, channels: { messaging: away } }
    - { id: 51, name: Books, group_ids: [2], channels: { messaging: offline, support: online, talk: offline } }
";

/// The agent and the version of each event since the last call.
fn new_events(server: &Account, seen: &mut usize) -> Vec<(u64, u64)> {
    let events = crate::events::events(server);
    let new = events[*seen..]
        .iter()
        .map(|(agent, _)| agent.expect("an event of an agent"))
        .collect();
    *seen = events.len();
    new
}

/// Generated agents after those of the model: more than a search for a page checks in one step.
const CROWD: usize = 1_100;

fn run(crowd: usize, steps: &[Step]) {
    let start = Seed::parse(SEED).unwrap_or_else(|error| panic!("{error}"));
    let server = Account::with(|builder| builder.seed(start).agents(crowd));
    let first_of_crowd = server.json("?page[size]=1")["data"][0]["attributes"]["agent_id"].as_u64();
    let (mut documents, mut seen) = (Documents::default(), 0);
    for step in steps {
        server.advance(Duration::from_secs(1));
        let before = documents.clone();
        let (method, path, body) = step.call();
        let ask = Ask::control(method, &path);
        let answer = server.send(&match step {
            Step::Many(ids) => {
                let lines = ids
                    .iter()
                    .map(|id| format!("{{\"id\": {id}}}"))
                    .collect::<Vec<_>>()
                    .join("\n");
                ask.header("content-type", "application/x-ndjson")
                    .body(lines)
            }
            _ => ask.json(&body),
        });
        let expected = step.apply_to(&mut documents, &format!("{:.6}", server.now()));
        let context = format!("{step:?} answered {} {}", answer.status, answer.text());
        let expected = expected.unwrap_or_else(|status| {
            documents = before.clone();
            step::Done {
                status,
                answer: None,
                events: Vec::new(),
            }
        });
        documents.note_ended_calls(&before, &format!("{:.6}", server.now()));
        assert_eq!(answer.status.as_u16(), expected.status, "{context}");
        if let Some(expected) = expected.answer {
            assert_eq!(answer.json(), documents.renewed(expected), "{context}");
        }
        // Every event makes a version, and only a change of skills makes a version without an
        // event.
        assert_eq!(new_events(&server, &mut seen), expected.events, "{context}");
        for id in step::IDS {
            let shown = super::get(&server, &format!("/agents/{id}"));
            match documents.agents.get(&id) {
                None => assert_eq!(shown.status, 404, "{context}"),
                Some(expected) => {
                    assert_eq!(agent(&server, id), *expected, "{context}");
                    let version = server.attributes(id)["version"].clone();
                    assert_eq!(version, expected["version"], "{context}");
                }
            }
        }
        // They are in the order of their ids, and the generated agents come after them.
        let expected: Vec<_> = documents
            .agents
            .keys()
            .copied()
            .chain(first_of_crowd)
            .collect();
        let listed = server.json(&format!("?page[size]={}", documents.agents.len() + 1));
        assert_eq!(crate::list::agents(&listed), expected, "{context}");
        let everyone = server
            .world()
            .agents(&AgentFilter::default(), &Position::First, usize::MAX)
            .items;
        assert_eq!(everyone.len(), documents.agents.len() + crowd, "{context}");
    }
}

/// Documented: what makes events. Assumed: the rest.
#[test]
fn documents_versions_and_events_stay_in_step() {
    let crowd = prop_oneof![3 => Just(0), 1 => Just(CROWD)];
    let steps = proptest::collection::vec(steps::steps(), 1..STEERING_LENGTH);
    check(STEERINGS, &(crowd, steps), |(crowd, steps)| {
        run(crowd, &steps);
    });
}

/// The steps exercise the model: most succeed, and some are refused.
#[test]
fn a_history_that_uses_all_of_it() {
    let all = json!({ "agent_status": { "id": 3 }, "channels": { "talk": { "work_items": [{ "id": 1 }, { "id": 2 }] } } });
    let steps = [
        Step::Create(1, all.clone()),
        Step::Create(1, Value::Null),
        Step::Many(vec![2, 3]),
        Step::Many(vec![3, 4]),
        Step::Replace(2, json!({ "channels": { "talk": {} } })),
        Step::Move {
            from: (1, "talk"),
            item: 1,
            agent: Some(2),
            channel: None,
        },
        Step::Move {
            from: (1, "talk"),
            item: 1,
            agent: Some(2),
            channel: None,
        },
        Step::Presence(1, "disconnect"),
        Step::Presence(1, "reconnect"),
        Step::Patch(
            1,
            json!({ "agent_status": { "id": 51 }, "skill_ids": ["french"] }),
        ),
        Step::Delete(1),
    ];
    run(0, &steps);
    run(CROWD, &steps);
}
