//! The agents of an account, page by page.

use axum::Json;
use axum::http::Uri;

use super::account_path::AccountPath;
use super::blocking;
use super::error::ControlResult;
use super::parameters::Parameters;
use crate::account::Account;
use crate::document::reader::Node;
use crate::seed::write;
use crate::wire::agent::AgentPage;
use crate::world::{AgentFilter, AgentId, Position, StatusId};

/// The default and the highest number of agents on a page.
const LIMIT: usize = 100;
const HIGHEST_LIMIT: u64 = 1_000;

/// The query of a page of agents.
struct AgentsQuery {
    position: Position<AgentId>,
    limit: usize,
    filter: AgentFilter,
}

/// `GET /_emulator/accounts/{subdomain}/agents`
pub(crate) async fn list_agents(path: AccountPath, uri: Uri) -> ControlResult {
    path.run_due().await;
    let parameters = Parameters::parse(uri.query(), &["after", "limit", "agent_status_id"]);
    let query = parameters.read(|node| read_query(node, &path.account))?;
    // How much these agents hold is not known beforehand.
    let page = move || {
        let page = path
            .account
            .world
            .agents(&query.filter, &query.position, query.limit);
        let next = page
            .items
            .last()
            .filter(|_| page.has_next)
            .map(|agent| agent.id.0);
        let agents = page.items.iter().map(write::agent).collect();
        Ok(Json(AgentPage { agents, next }))
    };
    blocking::answer(true, page).await
}

fn read_query(node: &Node<'_>, account: &Account) -> Option<AgentsQuery> {
    let query = node.object(&["after", "limit", "agent_status_id"])?;
    let after = query.optional("after").and_then(|node| node.number());
    let limit = query
        .optional("limit")
        .and_then(|node| node.number_in(1, HIGHEST_LIMIT));
    let status = query.optional("agent_status_id").and_then(|node| {
        let id = node.number()?;
        if account.world.catalog().get(StatusId(id)).is_none() {
            node.problem(format_args!("there is no unified status {id}"));
        }
        Some(vec![StatusId(id)])
    });
    Some(AgentsQuery {
        position: after.map_or(Position::First, |id| Position::After(AgentId(id))),
        limit: limit.unwrap_or(LIMIT),
        filter: AgentFilter {
            agent_status: status,
            ..AgentFilter::default()
        },
    })
}
