//! Writes that do not go through Zendesk's API. Those of the control API return the text of a
//! refusal. The tests of the control API check its answers.

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::jiff::Timestamp;
use zendesk_availability_emulator::world::{
    Agent, AgentId, ChannelName, ChannelStatus, GroupId, SkillId, StatusId, StatusReason, World,
    WriteError,
};

use super::{Account, Ask};

pub type Written = Result<Agent, String>;

impl Account {
    fn write(&self, method: Method, path: &str, body: &Value) -> Result<(), String> {
        let answer = self.send_unchecked(&Ask::control(method, path).json(body));
        if answer.status.is_success() {
            Ok(())
        } else {
            Err(answer.text().replace(r#"\""#, "\""))
        }
    }

    /// Writes to the world itself.
    pub fn directly(
        &self,
        write: impl FnOnce(&World, Timestamp) -> Result<Agent, WriteError>,
    ) -> Written {
        write(&self.world(), self.now()).map_err(|error| error.to_string())
    }

    fn write_agent(&self, method: Method, id: AgentId, path: &str, body: &Value) -> Written {
        self.write(method, &format!("/agents/{id}{path}"), body)?;
        Ok(self.world().agent(id).expect("it was just written"))
    }

    /// Adds an agent, as the call that creates many does.
    pub fn add_agent(&self, agent: &Agent) -> Written {
        self.directly(|world, _| match world.add_agents(vec![agent.clone()]) {
            Ok(_) => Ok(world.agent(agent.id).expect("it was just added")),
            Err(mut refused) => Err(refused.remove(0).1),
        })
    }

    /// Gives an agent a channel, or resets the one that it has.
    pub fn put_channel(
        &self,
        id: AgentId,
        name: ChannelName,
        max_capacity: Option<u32>,
    ) -> Written {
        let body = json!({ "max_capacity": max_capacity });
        self.write_agent(Method::PUT, id, &format!("/channels/{name}"), &body)
    }

    /// Sets a unified status for any reason.
    pub fn set_status(&self, id: AgentId, status: StatusId, reason: StatusReason) -> Written {
        self.directly(|world, now| world.set_status(id, status, reason, now))
    }

    pub fn set_channel_status(
        &self,
        id: AgentId,
        name: ChannelName,
        status: ChannelStatus,
    ) -> Written {
        let body = json!({ "status": status.as_str() });
        self.write_agent(Method::PATCH, id, &format!("/channels/{name}"), &body)
    }

    pub fn set_max_capacity(&self, id: AgentId, name: ChannelName, new: Option<u32>) -> Written {
        let body = json!({ "max_capacity": new });
        self.write_agent(Method::PATCH, id, &format!("/channels/{name}"), &body)
    }

    pub fn set_groups(&self, id: AgentId, groups: &[GroupId]) -> Written {
        let ids: Vec<_> = groups.iter().map(|group| group.0).collect();
        self.write_agent(Method::PATCH, id, "", &json!({ "group_ids": ids }))
    }

    pub fn set_skills(&self, id: AgentId, skills: &[SkillId]) -> Written {
        let ids: Vec<_> = skills.iter().map(|skill| &*skill.0).collect();
        self.write_agent(Method::PATCH, id, "", &json!({ "skill_ids": ids }))
    }

    /// Creates a custom status, or replaces it.
    pub fn save_custom_status(&self, id: u64, body: &Value) -> Result<(), String> {
        self.write(Method::PUT, &format!("/agent_statuses/{id}"), body)
    }
}
