//! Talk availabilities and statistics: documented, unless a test says *assumed*.

mod access;
mod bodies;
mod calls;
mod control;
mod legacy;
mod model;
mod state;
mod statistics;

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::world::{AgentId, EventKind};

use super::{ask, json};
use crate::harness::{Account, Answer, Ask};

/// The admin, agents that take calls, and one that does not.
const SEED: &str = "
groups: [{ id: 1, name: Support }, { id: 2, name: Billing }]
users:
  - { id: 1, name: Admin, email: admin@example.com, role: admin }
  - { id: 11, name: Ada, email: ada@example.com, role: agent }
api_tokens: [{ token: demo-api-token }]
oauth_tokens: [{ token: demo-oauth-admin, user_id: 1, scopes: [read, write] }]
agents:
  - { id: 11, agent_status: { id: 3 }, group_ids: [1], channels: { support: {}, talk: {} } }
  - { id: 12, agent_status: { id: 4 }, group_ids: [1, 2], channels: { talk: {} } }
  - { id: 13, agent_status: { id: 2 }, channels: { talk: {} } }
  - { id: 14, agent_status: { id: 3 }, group_ids: [2], channels: { support: {} } }
";

fn account() -> Account {
    Account::seeded(SEED)
}

fn path(agent: u64) -> String {
    format!("/channels/voice/availabilities/{agent}")
}

/// The availability of an agent.
fn shown(account: &Account, agent: u64) -> Value {
    json(account, &path(agent))["availability"].clone()
}

/// An update of the availability of agent 11.
fn update(availability: &Value) -> Ask {
    let mut ask = ask(&path(11)).json(&json!({ "availability": availability }));
    ask.method = Method::PUT;
    ask
}

fn put(account: &Account, availability: &Value) -> Answer {
    account.send(&update(availability))
}

/// A call of the control API that succeeds.
fn steer(account: &Account, method: Method, path: &str, body: &Value) -> Value {
    let answer = account.send(&Ask::control(method, path).json(body));
    assert!(answer.status.is_success(), "{path}: {}", answer.text());
    answer.json()
}

fn set(account: &Account, settings: &Value) {
    let body = json!({ "settings": settings });
    steer(account, Method::PATCH, "", &body);
}

fn switch_routing(account: &Account, on: bool) {
    set(account, &json!({ "omnichannel_routing": on }));
}

/// Changes an agent through the control API.
fn patch(account: &Account, agent: u64, body: &Value) -> Value {
    steer(account, Method::PATCH, &format!("/agents/{agent}"), body)
}

/// The version of agent 11, and the events so far with the version that each of them made.
fn history(account: &Account) -> (u64, Vec<(u64, EventKind)>) {
    let of_agents = crate::events::events(account).into_iter();
    let of_agents = of_agents.filter_map(|(agent, kind)| Some((agent?.1, kind)));
    let agent = account.world().agent(AgentId(11)).expect("the agent");
    (agent.version, of_agents.collect())
}

fn availability(state: &str, call_status: Option<&str>, via: &str) -> Value {
    json!({ "agent_state": state, "call_status": call_status, "via": via })
}
