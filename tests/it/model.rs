//! Random histories of an account, compared with a naive model of it: a plain list of agents, and
//! rules from the contract. Whole answers are compared, except the text of errors and the text of
//! links, which are followed instead.

mod agents;
mod operation;
mod pages;
mod rendered;
mod write;

use std::collections::BTreeMap;
use std::time::Duration;

use proptest::prelude::*;
use serde_json::{Value, json};
use zendesk_availability_emulator::config::{RateLimitPatch, SettingsPatch};
use zendesk_availability_emulator::jiff::{SignedDuration, Timestamp};
use zendesk_availability_emulator::seed::Seed;
use zendesk_availability_emulator::world::AgentId;

use self::agents::{Agents, Refusal};
use self::operation::Operation;
use crate::harness::{Account, Answer, Ask};
use crate::property::{HISTORIES, HISTORY_LENGTH, check};

const SEED: &str = "
groups: [{ id: 1, name: Support }, { id: 2, name: Billing }]
skills: [{ id: french, name: French }]
users:
  - { id: 1, name: Admin, email: admin@example.com, role: admin }
  - { id: 2, name: Agent, email: agent@example.com, role: agent }
api_tokens: [{ token: demo-api-token }]
oauth_tokens: [{ token: demo-oauth-agent, user_id: 2 }]
agent_statuses:
  custom:
    - { id: 50, name: Lunch, channels: { messaging: away, support: online } }
    - { id: 51, name: Books, group_ids: [2], channels: { chat: offline, messaging: offline, support: away, talk: offline } }
";

/// An account and its model, side by side.
struct Pair {
    account: Account,
    agents: Agents,
    delay: Duration,
    jobs: Vec<Job>,
    versions: BTreeMap<u64, u64>,
}

/// An update of many agents, as the model keeps it.
struct Job {
    id: String,
    status: u64,
    ids: Vec<u64>,
    created: Timestamp,
    results: Option<Vec<Value>>,
}

impl Pair {
    fn new(delay: Duration) -> Self {
        let seed = Seed::parse(SEED).unwrap_or_else(|error| panic!("{error}"));
        let settings = SettingsPatch::new()
            .rate_limit(RateLimitPatch::off())
            .job_delay(delay)
            .page_size_default(3)
            .work_items_per_page(2);
        let account = Account::with(|builder| builder.seed(seed).settings(settings));
        Self {
            account,
            agents: Agents::default(),
            delay,
            jobs: Vec::new(),
            versions: BTreeMap::new(),
        }
    }

    fn send(&mut self, ask: &Ask) -> Answer {
        let answer = self.account.send(ask);
        self.run_jobs();
        answer
    }

    /// Jobs that are due run before the next answer, each at its own instant.
    fn run_jobs(&mut self) {
        let now = self.account.now();
        for job in self.jobs.iter_mut().filter(|job| job.results.is_none()) {
            let due = job.created + self.delay;
            if due <= now {
                let result = |id: &u64| {
                    let outcome = self.agents.set_status(*id, job.status, "PUBLIC_API", due);
                    match outcome.err() {
                        None => json!({ "id": id, "success": true, "status": "Updated" }),
                        Some(refusal) => {
                            json!({ "id": id, "success": false, "error": refusal.code() })
                        }
                    }
                };
                job.results = Some(job.ids.iter().map(result).collect());
            }
        }
    }

    fn run(&mut self, operation: &Operation) {
        match operation {
            Operation::List {
                filter,
                select,
                size,
                place,
            } => self.list(filter, *select, *size, *place),
            Operation::Show(id) => {
                let answer = self.send(&Ask::get(&format!("/{id}")));
                let expected = self
                    .agents
                    .get(*id)
                    .map(|agent| self.document(agent, &format!("/{id}")));
                self.expect(&answer, expected, Refusal::NoAgent);
            }
            Operation::ShowMe { admin } => {
                // The caller may follow the links to work items.
                let (ask, id, links_of) = if *admin {
                    (Ask::get("/me"), 1, "/1")
                } else {
                    (Ask::get("/me").by_agent(), 2, "/me")
                };
                let answer = self.send(&ask);
                let expected = self
                    .agents
                    .get(id)
                    .map(|agent| self.document(agent, links_of));
                self.expect(&answer, expected, Refusal::NoAgent);
            }
            Operation::WorkItems {
                id,
                channel,
                newest_first,
                place,
            } => {
                self.work_items(*id, channel, *newest_first, *place);
            }
            Operation::Update { id, status } => {
                let answer = self.account.update(*id, *status);
                self.run_jobs();
                self.updated(*id, *status, &answer);
            }
            Operation::UpdateMe { status } => {
                let ask = Ask::put("/agent_statuses/agents/me")
                    .by_agent()
                    .json(&json!({ "id": status }));
                let answer = self.send(&ask);
                self.updated(2, *status, &answer);
            }
            Operation::UpdateMany { ids, status } => self.update_many(ids, *status),
            Operation::ReadJob(index) => self.read_job(*index),
            Operation::World(write) => {
                let done = write.apply(&self.account);
                let expected = write.apply_to_model(&mut self.agents, self.account.now());
                assert_eq!(done, expected, "{write:?}");
            }
            Operation::Advance(seconds) => {
                self.account.advance(Duration::from_secs(*seconds));
                // A request, so that the jobs that are due run before the next write of the test.
                self.send(&Ask::get("/agent_statuses"));
            }
        }
        self.compare();
    }

    /// Account and model are the same, and no version has become smaller.
    fn compare(&mut self) {
        for agent in self.agents.sorted() {
            let held = self.account.world().agent(AgentId(agent.id));
            assert_eq!(
                held.map(|held| held.version),
                Some(agent.version),
                "the version of agent {}",
                agent.id
            );
        }
        assert_eq!(
            self.account.world().events().len(),
            self.agents.events,
            "the number of events"
        );
        let versions: BTreeMap<_, _> = self
            .agents
            .sorted()
            .into_iter()
            .map(|agent| (agent.id, agent.version))
            .collect();
        for (id, version) in &versions {
            let before = self.versions.get(id).copied().unwrap_or_default();
            assert!(
                before <= *version,
                "agent {id} fell from version {before} to {version}"
            );
        }
        // The version of a removed agent is forgotten.
        self.versions = versions;
    }

    fn expect(&self, answer: &Answer, expected: Option<Value>, refusal: Refusal) {
        match expected {
            Some(expected) => {
                assert_eq!(answer.status, 200, "{}", answer.text());
                assert_eq!(answer.json(), expected);
            }
            None => self.refused(answer, refusal),
        }
    }

    #[expect(
        clippy::unused_self,
        reason = "it is called like the methods beside it"
    )]
    fn refused(&self, answer: &Answer, refusal: Refusal) {
        assert_eq!(
            answer.status.as_u16(),
            refusal.status(),
            "{}",
            answer.text()
        );
        assert_eq!(answer.codes(), [refusal.code()]);
    }

    fn updated(&mut self, id: u64, status: u64, answer: &Answer) {
        match self
            .agents
            .set_status(id, status, "PUBLIC_API", self.account.now())
        {
            Ok(()) => self.expect(
                answer,
                Some(rendered::updated(id, status)),
                Refusal::NoAgent,
            ),
            Err(refusal) => self.refused(answer, refusal),
        }
    }

    fn update_many(&mut self, ids: &[u64], status: u64) {
        let list = ids.iter().map(u64::to_string).collect::<Vec<_>>().join(",");
        let path = format!("/agent_statuses/agents/update_many?ids={list}");
        let answer = self.account.put(&path, &json!({ "id": status }));
        self.run_jobs();
        let refusal = if !self.agents.routing {
            Some(Refusal::RoutingOff)
        } else if agents::status_name(status).is_none() {
            Some(Refusal::NoStatus)
        } else {
            None
        };
        if let Some(refusal) = refusal {
            return self.refused(&answer, refusal);
        }
        let once: Vec<_> = ids
            .iter()
            .enumerate()
            .filter(|(index, id)| !ids[..*index].contains(id))
            .map(|(_, id)| *id)
            .collect();
        let id = answer
            .at("/job_status/id")
            .as_str()
            .expect("a job's id")
            .to_owned();
        let expected = rendered::job(&id, "queued", 0, once.len(), None, None);
        self.expect(
            &answer,
            Some(json!({ "job_status": expected })),
            Refusal::NoJob,
        );
        self.jobs.push(Job {
            id,
            status,
            ids: once,
            created: self.account.now(),
            results: None,
        });
        self.run_jobs();
    }

    fn read_job(&mut self, index: usize) {
        if self.jobs.is_empty() {
            let answer = self.send(&Ask::get(
                "/agent_statuses/job_statuses/01KFGZ6T9QW3V8X2M5N7P4R1C0",
            ));
            return self.refused(&answer, Refusal::NoJob);
        }
        let index = index % self.jobs.len();
        let answer = self.send(&Ask::get(&format!(
            "/agent_statuses/job_statuses/{}",
            self.jobs[index].id
        )));
        let (job, now) = (&self.jobs[index], self.account.now());
        let due = job.created + self.delay;
        if job.results.is_some() && now.duration_since(due) >= SignedDuration::from_hours(24) {
            return self.refused(&answer, Refusal::NoJob);
        }
        let state = match &job.results {
            Some(_) => "completed",
            None if now.duration_since(job.created) * 2
                <= SignedDuration::try_from(self.delay).expect("short") =>
            {
                "queued"
            }
            None => "working",
        };
        let total = job.ids.len();
        let progress = job.results.as_ref().map_or(0, Vec::len);
        let mut found = answer.json();
        for result in found
            .get_mut("results")
            .and_then(Value::as_array_mut)
            .into_iter()
            .flatten()
        {
            // The text of an error is not compared.
            if let Some(details) = result
                .as_object_mut()
                .and_then(|result| result.remove("details"))
            {
                assert!(details.as_str().is_some_and(|details| !details.is_empty()));
            }
        }
        let done = job.results.as_ref().map(|_| due);
        assert_eq!(
            found,
            rendered::job(&job.id, state, progress, total, done, job.results.as_ref())
        );
    }
}

/// Documented, observed and assumed, as each rule of `agents` says: after any changes in any order,
/// an account answers like a list of agents with the contract's rules.
#[test]
fn an_account_behaves_as_its_model() {
    let history = proptest::collection::vec(operation::operations(), 1..HISTORY_LENGTH);
    let delay = prop_oneof![Just(Duration::ZERO), Just(Duration::from_mins(1))];
    check(HISTORIES, &(delay, history), |(delay, history)| {
        let mut pair = Pair::new(delay);
        for operation in operation::beginning().iter().chain(&history) {
            pair.run(operation);
        }
    });
}
