//! The account of a case, with its statuses and agents.

use std::collections::BTreeMap;

use proptest::sample::Index;
use serde_json::json;
use zendesk_availability_emulator::config::{RateLimitPatch, SettingsPatch};
use zendesk_availability_emulator::seed::Seed;
use zendesk_availability_emulator::world::{
    Agent, AgentId, AgentStatus, GroupId, SkillId, StatusId, StatusReason,
};

use super::{CUSTOM, Case};
use crate::harness::Account;

impl Case {
    pub(super) fn account(&self) -> Account {
        let named = |id: serde_json::Value| json!({ "id": id, "name": "It" });
        let user = |id: u64, role: &str| json!({ "id": id, "name": role, "email": format!("{role}@example.com"), "role": role });
        let seed = json!({
            "groups": self.groups.iter().map(|id| named((*id).into())).collect::<Vec<_>>(),
            "skills": self.skills.iter().map(|id| named(id.as_str().into())).collect::<Vec<_>>(),
            "users": [user(1, "admin"), user(2, "agent")],
            "api_tokens": [{ "token": "demo-api-token" }],
            "oauth_tokens": [{ "token": "demo-oauth-agent", "user_id": 2 }],
        });
        let seed = Seed::parse(&seed.to_string()).unwrap_or_else(|error| panic!("{error}"));
        let settings = SettingsPatch::new()
            .omnichannel_routing(self.shape.routing[0])
            .release(self.shape.release)
            .skills(self.shape.skills)
            .work_items_per_page(self.shape.work_items)
            .rate_limit(RateLimitPatch::off());
        let account = Account::with(|builder| builder.seed(seed).settings(settings));
        for (id, name) in CUSTOM.iter().zip(&self.statuses) {
            let custom = json!({ "name": name, "channels": { "support": "away" } });
            account
                .save_custom_status(*id, &custom)
                .expect("no status has this name");
        }
        account
    }

    /// Adds the agents, and puts some of them into other statuses. Returns the agents as the test
    /// expects them.
    pub(super) fn add_agents(&self, account: &Account) -> BTreeMap<u64, Agent> {
        let world = account.world();
        let status = |index: &Index| {
            StatusId([2, 3, 4, 5].into_iter().chain(CUSTOM).collect::<Vec<_>>()[index.index(8)])
        };
        let (groups, skills) = (Vec::from_iter(&self.groups), Vec::from_iter(&self.skills));
        let mut agents = BTreeMap::new();
        for (id, drawn) in &self.agents {
            let made = world.status(status(&drawn.status)).expect("it was made");
            let entered = AgentStatus::new(made, drawn.reason, drawn.updated_at);
            let mut agent = Agent::new(AgentId(*id), entered);
            agent.version = drawn.version;
            agent.channels.clone_from(&drawn.channels);
            agent.groups = drawn
                .groups
                .as_ref()
                .map(|of| chosen(&groups, of).map(|id| GroupId(*id)).collect());
            agent.skills = drawn.skills.as_ref().map(|of| {
                chosen(&skills, of)
                    .map(|id| SkillId(id.as_str().into()))
                    .collect()
            });
            account.add_agent(&agent).expect("no agent has this id");
            agents.insert(*id, agent);
        }
        for (index, to, when) in self.set.iter().filter(|_| self.shape.routing[0]) {
            let id = *index.get(&agents.keys().copied().collect::<Vec<_>>());
            // Raising the highest possible version does not make it smaller.
            let agent = world
                .set_status(AgentId(id), status(to), StatusReason::PublicApi, *when)
                .expect("it may");
            assert_eq!(
                (agent.status.status.id, agent.version >= agents[&id].version),
                (status(to), true)
            );
            agents.insert(id, agent);
        }
        world.set_omnichannel_routing(self.shape.routing[1], false, account.now());
        agents
    }
}

fn chosen<'a, T>(pool: &'a [&T], indices: &[Index]) -> impl Iterator<Item = &'a T> {
    let indices = if pool.is_empty() { &[] } else { indices };
    indices
        .iter()
        .map(|index| *index.get(pool))
        .collect::<Vec<_>>()
        .into_iter()
}
