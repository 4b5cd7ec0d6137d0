//! Agents: read, created, changed, deleted, and signed in or out.

use axum::http::Method;
use serde_json::{Value, json};

use super::account::{Account, path};
use super::error::ClientError;
use super::new_agent::{AgentPatch, NewAgent};
use crate::wire::agent::{AgentCounts, AgentDocument, AgentPage, CreatedAgents};
use crate::world::{ChannelName, ChannelStatus};

/// Which agents the control API lists. [`world::AgentFilter`](crate::world::AgentFilter) has the
/// filters of Zendesk's list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentFilter {
    after: Option<u64>,
    limit: Option<u32>,
    has_users: bool,
    selection: Vec<(&'static str, String)>,
}

impl AgentFilter {
    /// All agents.
    pub fn any() -> Self {
        Self::default()
    }

    /// Only agents whose ids are higher than this one.
    #[must_use]
    pub fn after(mut self, id: u64) -> Self {
        self.after = Some(id);
        self
    }

    /// At most this many agents, up to 1,000. Default: 100.
    #[must_use]
    pub fn limit(mut self, agents: u32) -> Self {
        self.limit = Some(agents);
        self
    }

    /// With the users of the agents.
    #[must_use]
    pub fn with_users(mut self) -> Self {
        self.has_users = true;
        self
    }

    /// Only agents in this unified status.
    #[must_use]
    pub fn agent_status(self, id: u64) -> Self {
        self.only("agent_status_id", &id)
    }

    /// Only agents that have this channel.
    #[must_use]
    pub fn channel(self, name: ChannelName) -> Self {
        self.only("channel", &name)
    }

    /// Only agents with this status on the channel that is given, or else on any channel.
    #[must_use]
    pub fn channel_status(self, status: ChannelStatus) -> Self {
        self.only("channel_status", &status)
    }

    /// Only agents of this group.
    #[must_use]
    pub fn group(self, id: u64) -> Self {
        self.only("group_id", &id)
    }

    /// Only agents with this text in name or e-mail address, in any case of letters, or with this
    /// id.
    #[must_use]
    pub fn text(self, text: &str) -> Self {
        self.only("text", text)
    }

    /// Sets a condition in place of one of the same name.
    fn only(mut self, name: &'static str, value: &(impl ToString + ?Sized)) -> Self {
        self.selection.retain(|(other, _)| *other != name);
        self.selection.push((name, value.to_string()));
        self
    }

    /// The parameters that say which agents, without those of pages.
    fn selection(&self) -> String {
        form_urlencoded::Serializer::new(String::new())
            .extend_pairs(&self.selection)
            .finish()
    }

    fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(&self.selection);
        query.extend_pairs(self.after.map(|after| ("after", after.to_string())));
        query.extend_pairs(self.limit.map(|limit| ("limit", limit.to_string())));
        query.extend_pairs(self.has_users.then_some(("include", "users")));
        query.finish()
    }
}

impl Account {
    /// A page of the agents as they are now.
    pub fn agents(&self, filter: &AgentFilter) -> Result<AgentPage, ClientError> {
        self.get(&format!("/agents?{}", filter.query()))
    }

    /// How many of the agents are in which status, on all pages.
    pub fn count_agents(&self, filter: &AgentFilter) -> Result<AgentCounts, ClientError> {
        self.get(&format!("/agents/counts?{}", filter.selection()))
    }

    /// One agent as it is now.
    pub fn agent(&self, id: u64) -> Result<AgentDocument, ClientError> {
        self.get(&path("agents", id))
    }

    /// Adds an agent.
    pub fn create_agent(&self, agent: &NewAgent) -> Result<AgentDocument, ClientError> {
        self.post("/agents", agent)
    }

    /// Adds many agents in one call: all of them, or none if there is a problem with one. Returns
    /// their number.
    pub fn create_agents<'a>(
        &self,
        agents: impl IntoIterator<Item = &'a NewAgent>,
    ) -> Result<usize, ClientError> {
        let mut lines = Vec::new();
        for agent in agents {
            serde_json::to_writer(&mut lines, agent).map_err(ClientError::unsendable)?;
            lines.push(b'\n');
        }
        let created: CreatedAgents = self.ask(self.call(Method::POST, "/agents").ndjson(lines))?;
        Ok(created.created)
    }

    /// Replaces an agent, or adds it.
    pub fn replace_agent(&self, agent: &NewAgent) -> Result<AgentDocument, ClientError> {
        self.put(&path("agents", agent.id()), agent)
    }

    /// Changes an agent, in one write.
    pub fn update_agent(&self, id: u64, patch: &AgentPatch) -> Result<AgentDocument, ClientError> {
        self.patch(&path("agents", id), patch)
    }

    /// Removes an agent, and returns what it was.
    pub fn delete_agent(&self, id: u64) -> Result<AgentDocument, ClientError> {
        self.delete_at(&path("agents", id))
    }

    /// An agent signs in, into this unified status or, by default, online.
    pub fn sign_in(&self, agent: u64, status: Option<u64>) -> Result<AgentDocument, ClientError> {
        self.post_presence(agent, "sign-in", &destination(status))
    }

    /// An agent signs out, and goes offline.
    pub fn sign_out(&self, agent: u64) -> Result<AgentDocument, ClientError> {
        self.post_presence(agent, "sign-out", &json!({}))
    }

    /// An agent loses its connection, and goes offline.
    pub fn disconnect(&self, agent: u64) -> Result<AgentDocument, ClientError> {
        self.post_presence(agent, "disconnect", &json!({}))
    }

    /// A disconnected agent comes back, into this unified status or, by default, the one from
    /// before.
    pub fn reconnect(&self, agent: u64, status: Option<u64>) -> Result<AgentDocument, ClientError> {
        self.post_presence(agent, "reconnect", &destination(status))
    }

    /// An agent has been idle for too long, and goes into this unified status or, by default, away.
    pub fn idle(&self, agent: u64, status: Option<u64>) -> Result<AgentDocument, ClientError> {
        self.post_presence(agent, "idle", &destination(status))
    }

    fn post_presence(
        &self,
        agent: u64,
        what: &str,
        body: &Value,
    ) -> Result<AgentDocument, ClientError> {
        self.post(&format!("{}/{what}", path("agents", agent)), body)
    }
}

fn destination(status: Option<u64>) -> Value {
    json!({ "agent_status_id": status })
}
