//! Random writes compared with a small model of the rules: which call changes the state, what is in
//! a call, and which write makes a version.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::http::Method;
use proptest::option::of;
use proptest::prelude::*;
use proptest::sample::select;
use serde_json::{Value, json};

use super::super::json;
use super::{account, path, set, shown, switch_routing};
use crate::harness::{Account, Ask, elements};
use crate::property::{TALK_LENGTH, TALKS, check};

const IDS: [u64; 2] = [11, 12];
const STATES: [&str; 4] = ["online", "away", "transfers_only", "offline"];
const REASONS: [&str; 3] = ["OFFERED", "ACCEPTED", "ASSIGNED"];
/// In seconds.
const WRAP_UP: u64 = 30;

#[derive(Clone, Debug)]
enum Step {
    /// Sets the unified status by Zendesk's API.
    Status(u64, u64),
    /// Sets the Talk availability.
    Talk(u64, Option<&'static str>, Option<&'static str>),
    /// Sets the status of the channel by the control API.
    Channel(u64, &'static str),
    /// Fixes the call status, or lets it follow the items.
    Fix(u64, Option<&'static str>),
    Add(u64, u64, &'static str),
    Change(u64, u64, &'static str),
    Remove(u64, u64),
    Routing(bool),
    /// Seconds pass.
    Wait(u64),
}

fn steps() -> impl Strategy<Value = Step> {
    let (id, item) = (|| select(&IDS[..]), || 1..3_u64);
    let (state, reason) = (|| select(&STATES[..]), || select(&REASONS[..]));
    let via = select(&["client", "phone"][..]);
    let fixed = select(&["on_call", "wrap_up"][..]);
    prop_oneof![
        3 => (id(), 2..6_u64).prop_map(|(id, status)| Step::Status(id, status)),
        5 => (id(), of(state()), of(via)).prop_map(|(id, state, via)| Step::Talk(id, state, via)),
        2 => (id(), state()).prop_map(|(id, state)| Step::Channel(id, state)),
        1 => (id(), of(fixed)).prop_map(|(id, fixed)| Step::Fix(id, fixed)),
        4 => (id(), item(), reason()).prop_map(|(id, item, why)| Step::Add(id, item, why)),
        2 => (id(), item(), reason()).prop_map(|(id, item, why)| Step::Change(id, item, why)),
        4 => (id(), item()).prop_map(|(id, item)| Step::Remove(id, item)),
        2 => any::<bool>().prop_map(Step::Routing),
        3 => select(&[1, 10, WRAP_UP - 1, WRAP_UP][..]).prop_map(Step::Wait),
    ]
}

/// An agent as the rules say that it is.
#[derive(Debug)]
struct Agent {
    status: u64,
    support: Option<&'static str>,
    state: &'static str,
    via: &'static str,
    fixed: Option<&'static str>,
    items: BTreeMap<u64, &'static str>,
    /// How many seconds ago a call ended.
    since_call: Option<u64>,
    version: u64,
}

impl Agent {
    fn new(status: u64, support: Option<&'static str>, state: &'static str) -> Self {
        Self {
            status,
            support,
            state,
            via: "client",
            fixed: None,
            items: BTreeMap::new(),
            since_call: None,
            version: 1,
        }
    }

    /// Sets a part, and counts a version if that changes it.
    fn set<T: PartialEq>(version: &mut u64, part: &mut T, new: T) {
        *version += u64::from(*part != new);
        *part = new;
    }

    fn take_status(&mut self, status: u64) {
        let state = match status {
            2 => "offline",
            3 => "online",
            4 => "away",
            _ => "transfers_only",
        };
        let support = if status == 4 { "online" } else { state };
        self.status = status;
        self.version += 1;
        Self::set(&mut self.version, &mut self.state, state);
        if self.support.is_some() {
            Self::set(&mut self.version, &mut self.support, Some(support));
        }
    }

    /// Puts an item, or takes it away. The end of an accepted one is the end of a call.
    fn put_item(&mut self, item: u64, reason: Option<&'static str>) {
        let before = self.items.remove(&item);
        self.items.extend(reason.map(|reason| (item, reason)));
        if before == Some("ACCEPTED") && reason != before {
            self.since_call = Some(0);
        }
        self.version += 1;
    }

    fn call_status(&self) -> Option<&'static str> {
        let is_on_call = self.items.values().any(|reason| *reason == "ACCEPTED");
        let is_in_wrap_up = self.since_call.is_some_and(|since| since < WRAP_UP);
        self.fixed
            .or(is_on_call.then_some("on_call"))
            .or(is_in_wrap_up.then_some("wrap_up"))
    }
}

struct Model {
    routing: bool,
    agents: BTreeMap<u64, Agent>,
}

impl Model {
    fn new() -> Self {
        let agents = [
            (11, Agent::new(3, Some("online"), "online")),
            (12, Agent::new(4, None, "away")),
        ];
        Self {
            routing: true,
            agents: agents.into(),
        }
    }

    /// Does a step, and returns the status of its answer.
    fn apply(&mut self, step: &Step) -> u16 {
        let routing = self.routing;
        let agents = &mut self.agents;
        match *step {
            Step::Status(..) if !routing => return 403,
            Step::Status(id, status) => agent(agents, id).take_status(status),
            Step::Talk(id, state, via) => {
                let agent = agent(agents, id);
                let (state, via) = (state.unwrap_or(agent.state), via.unwrap_or(agent.via));
                if routing && state != agent.state {
                    return 400;
                }
                Agent::set(&mut agent.version, &mut agent.state, state);
                Agent::set(&mut agent.version, &mut agent.via, via);
            }
            Step::Channel(id, state) => {
                let agent = agent(agents, id);
                Agent::set(&mut agent.version, &mut agent.state, state);
            }
            Step::Fix(id, fixed) => {
                let agent = agent(agents, id);
                Agent::set(&mut agent.version, &mut agent.fixed, fixed);
            }
            Step::Add(id, item, _) if agent(agents, id).items.contains_key(&item) => return 409,
            Step::Add(id, item, reason) => {
                agent(agents, id).put_item(item, Some(reason));
                return 201;
            }
            Step::Change(id, item, _) | Step::Remove(id, item)
                if !agent(agents, id).items.contains_key(&item) =>
            {
                return 404;
            }
            Step::Change(id, item, reason) => agent(agents, id).put_item(item, Some(reason)),
            Step::Remove(id, item) => agent(agents, id).put_item(item, None),
            Step::Routing(on) => self.routing = on,
            Step::Wait(seconds) => {
                for since in agents.values_mut().filter_map(|it| it.since_call.as_mut()) {
                    *since += seconds;
                }
            }
        }
        200
    }
}

fn agent(agents: &mut BTreeMap<u64, Agent>, id: u64) -> &mut Agent {
    agents.get_mut(&id).expect("an agent")
}

/// Makes the call of a step. None for those that succeed always.
fn send(account: &Account, step: &Step) -> Option<u16> {
    let control = |method, path: String, body: Value| Ask::control(method, &path).json(&body);
    let item = |id: u64, item: u64| format!("/agents/{id}/channels/talk/work_items/{item}");
    let ask = match *step {
        Step::Status(id, status) => {
            Ask::put(&format!("/agent_statuses/agents/{id}")).json(&json!({ "id": status }))
        }
        Step::Talk(id, state, via) => {
            let given = [("agent_state", state), ("via", via)].into_iter();
            let given = given.filter_map(|(name, value)| Some((name.to_owned(), value?.into())));
            let availability: Value = given.collect::<serde_json::Map<_, _>>().into();
            let mut ask = super::ask(&path(id)).json(&json!({ "availability": availability }));
            ask.method = Method::PUT;
            ask
        }
        Step::Channel(id, state) => control(
            Method::PATCH,
            format!("/agents/{id}/channels/talk"),
            json!({ "status": state }),
        ),
        Step::Fix(id, fixed) => control(
            Method::PATCH,
            format!("/agents/{id}"),
            json!({ "talk": { "call_status": fixed } }),
        ),
        Step::Add(id, item, reason) => control(
            Method::POST,
            format!("/agents/{id}/channels/talk/work_items"),
            json!({ "id": item, "reason": reason }),
        ),
        Step::Change(id, number, reason) => {
            control(Method::PATCH, item(id, number), json!({ "reason": reason }))
        }
        Step::Remove(id, number) => control(Method::DELETE, item(id, number), json!({})),
        Step::Routing(on) => {
            switch_routing(account, on);
            return None;
        }
        Step::Wait(seconds) => {
            account.advance(Duration::from_secs(seconds));
            return None;
        }
    };
    Some(account.send(&ask).status.as_u16())
}

/// Compares what all calls show with the model.
fn compare(account: &Account, model: &Model, context: &str) {
    let activity = json(
        account,
        "/channels/voice/stats/agents_activity?agent_ids=11,12",
    );
    for ((id, agent), active) in model
        .agents
        .iter()
        .zip(elements(&activity["agents_activity"]))
    {
        let expected = super::availability(agent.state, agent.call_status(), agent.via);
        assert_eq!(shown(account, *id), expected, "{context}");
        for (name, value) in expected.as_object().expect("members") {
            assert_eq!(active[name], *value, "{context}");
        }
        let document = account
            .send(&Ask::control(Method::GET, &format!("/agents/{id}")))
            .json();
        assert_eq!(document["agent_status"]["id"], agent.status, "{context}");
        assert_eq!(
            document["channels"]["support"]["status"].as_str(),
            agent.support,
            "{context}"
        );
        assert_eq!(document["version"], agent.version, "{context}");
    }
    for state in STATES {
        let expected: Vec<_> = model
            .agents
            .iter()
            .filter(|(_, agent)| agent.state == state)
            .map(|(id, _)| *id)
            .collect();
        let filter = format!("?filter[channel_status]=talk:{state}&filter[agent_id]=11,12");
        assert_eq!(
            crate::list::agents(&account.json(&filter)),
            expected,
            "{context}"
        );
    }
    let queue = json(account, "/channels/voice/stats/current_queue_activity");
    let online = model
        .agents
        .values()
        .filter(|agent| agent.state == "online")
        .count();
    assert_eq!(
        queue["current_queue_activity"]["agents_online"], online,
        "{context}"
    );
}

fn run(steps: &[Step]) {
    let account = account();
    set(
        &account,
        &json!({ "talk_wrap_up": format!("{WRAP_UP}s"), "rate_limit": "off", "account_rate_limit": "off" }),
    );
    let mut model = Model::new();
    for (number, step) in steps.iter().enumerate() {
        let context = format!("step {number} of {steps:?}");
        let expected = model.apply(step);
        assert_eq!(send(&account, step).unwrap_or(200), expected, "{context}");
        compare(&account, &model, &context);
    }
}

/// Documented: what an update may change with routing on and off. Assumed: the rest.
#[test]
fn any_history_agrees_with_the_rules() {
    let steps = proptest::collection::vec(steps(), 1..TALK_LENGTH);
    check(TALKS, &steps, |steps| run(&steps));
}

/// The steps exercise the model: a call with its wrap-up, refusals, and both ways to set a state.
#[test]
fn a_history_that_uses_all_of_it() {
    run(&[
        Step::Talk(11, Some("away"), None),
        Step::Talk(11, Some("online"), Some("phone")),
        Step::Status(12, 3),
        Step::Add(11, 1, "ACCEPTED"),
        Step::Add(11, 1, "ACCEPTED"),
        Step::Routing(false),
        Step::Status(11, 4),
        Step::Talk(11, Some("away"), Some("client")),
        Step::Remove(11, 1),
        Step::Wait(WRAP_UP - 1),
        Step::Fix(12, Some("on_call")),
        Step::Wait(1),
        Step::Routing(true),
        Step::Channel(11, "transfers_only"),
        Step::Talk(11, Some("transfers_only"), None),
        Step::Fix(12, None),
        Step::Remove(11, 1),
    ]);
}
