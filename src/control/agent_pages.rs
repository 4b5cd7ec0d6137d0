//! The agents of an account: listed page by page, and counted.

use std::collections::BTreeMap;

use axum::Json;
use axum::http::Uri;

use super::account_path::AccountPath;
use super::agent_selection::{self, Selection};
use super::blocking;
use super::error::ControlResult;
use super::parameters::Parameters;
use crate::account::Account;
use crate::document::reader::Node;
use crate::seed::write;
use crate::wire::agent::{AgentCounts, AgentPage, StatusCount};
use crate::wire::user::UserDocument;
use crate::world::{Agent, AgentId, ChannelName, ChannelStatus, Tally, UserId, World};

/// The default and the highest number of agents on a page.
const DEFAULT_LIMIT: usize = 100;
const HIGHEST_LIMIT: u64 = 1_000;

/// What can be included beside the agents.
const USERS: &str = "users";

/// The query of a page of agents.
struct AgentsQuery {
    after: Option<AgentId>,
    limit: usize,
    includes_users: bool,
    selection: Selection,
}

/// `GET /_emulator/accounts/{subdomain}/agents`
pub(crate) async fn list_agents(path: AccountPath, uri: Uri) -> ControlResult {
    path.run_due().await;
    let numbers = [&["after", "limit"], &agent_selection::NUMBERS[..]].concat();
    let parameters = Parameters::parse(uri.query(), &numbers);
    let query = parameters.read(|node| read_query(node, &path.account))?;
    let page = move || {
        let world = &path.account.world;
        let page = query.selection.page(world, query.after, query.limit);
        let next = page
            .items
            .last()
            .filter(|_| page.has_next)
            .map(|agent| agent.id.0);
        let users = query.includes_users.then(|| users(world, &page.items));
        let agents = page.items.iter().map(write::agent).collect();
        Ok(Json(AgentPage {
            agents,
            users,
            next,
        }))
    };
    // How much these agents hold is not known beforehand.
    blocking::answer(true, page).await
}

/// `GET /_emulator/accounts/{subdomain}/agents/counts`
pub(crate) async fn count_agents(path: AccountPath, uri: Uri) -> ControlResult {
    path.run_due().await;
    let parameters = Parameters::parse(uri.query(), &agent_selection::NUMBERS);
    let selection = parameters.read(|node| {
        let query = node.object(&agent_selection::KEYS)?;
        Some(Selection::read(&query, &path.account))
    })?;
    let count = move || {
        let world = &path.account.world;
        Ok(Json(counts(world, &selection.tally(world))))
    };
    blocking::answer(true, count).await
}

fn read_query(node: &Node<'_>, account: &Account) -> Option<AgentsQuery> {
    let keys = [&["after", "limit", "include"], &agent_selection::KEYS[..]].concat();
    let query = node.object(&keys)?;
    let after = query.optional("after").and_then(|node| node.number());
    let limit = query
        .optional("limit")
        .and_then(|node| node.number_in(1, HIGHEST_LIMIT));
    let include = query.optional("include");
    if let Some(node) = include
        .as_ref()
        .filter(|node| node.value().text().is_none_or(|text| text != USERS))
    {
        node.problem(format_args!("expected \"{USERS}\""));
    }
    Some(AgentsQuery {
        after: after.map(AgentId),
        limit: limit.unwrap_or(DEFAULT_LIMIT),
        includes_users: include.is_some(),
        selection: Selection::read(&query, account),
    })
}

/// The users of these agents. An agent may have none.
fn users(world: &World, agents: &[Agent]) -> Vec<UserDocument> {
    let directory = world.directory();
    let users = agents
        .iter()
        .filter_map(|agent| directory.user(UserId(agent.id.0)));
    users.map(write::user).collect()
}

fn counts(world: &World, tally: &Tally) -> AgentCounts {
    let statuses = world.catalog();
    let agent_statuses = statuses.iter().map(|status| StatusCount {
        id: status.id.0,
        name: status.name.to_string(),
        agents: tally.in_status(status.id) as u64,
    });
    let on_channel = |name: ChannelName| -> BTreeMap<_, _> {
        let counted = ChannelStatus::ALL
            .iter()
            .map(|status| (*status, tally.on_channel(name, *status) as u64));
        counted.collect()
    };
    AgentCounts {
        agents: tally.agents as u64,
        agent_statuses: agent_statuses.collect(),
        channels: ChannelName::ALL
            .iter()
            .map(|name| (*name, on_channel(*name)))
            .collect(),
    }
}
