//! Capacity rules and the agents that are in them, read only.
//!
//! <https://developer.zendesk.com/api-reference/agent-availability/capacity-rules/capacity_rules_api/>
//! <https://developer.zendesk.com/api-reference/agent-availability/capacity-rules/assignees_api/>

use std::ops::Range;

use axum::response::Response;
use serde::Serialize;

use super::error::ApiError;
use super::request::api_request::ApiRequest;
use super::response;
use super::response::cursor_pages::{self, Links, Meta, PageRequest};
use super::response::time::Millis;
use crate::world::{
    AgentId, AssigneeFilter, Assignees, Capacities, CapacityRule, CapacityRules, UserId,
};

/// How many agents a rule shows.
const SAMPLE: usize = 5;
const AGENT_IDS: &[&str] = &["filter[agent_ids]"];

/// A rule as answers show it.
#[derive(Serialize)]
struct RuleResource<'a> {
    assignees: AssigneeSample,
    capacities: CapacitiesResource,
    created_at: Millis,
    default: bool,
    description: &'a str,
    id: &'a str,
    last_updated_at: Millis,
    name: &'a str,
}

#[derive(Serialize)]
struct AssigneeSample {
    agents_sample: Vec<SampledAgent>,
    count: usize,
}

#[derive(Serialize)]
struct SampledAgent {
    id: u64,
    name: String,
}

#[derive(Serialize)]
struct CapacitiesResource {
    email: u32,
    messaging: u32,
    voice: u32,
}

#[derive(Serialize)]
struct AssigneesDocument<'a> {
    assignees: Vec<AssigneeResource<'a>>,
    links: Links,
    meta: Meta,
}

#[derive(Serialize)]
struct AssigneeResource<'a> {
    agent_id: u64,
    capacity_rule_id: &'a str,
}

impl<'a> RuleResource<'a> {
    fn new(request: &ApiRequest, rule: &'a CapacityRule, assignees: Assignees) -> Self {
        let Assignees { sample, count } = assignees;
        let directory = &request.context.directory;
        let sampled = |id: AgentId| {
            let user = request.world().user_in(directory, UserId(id.0))?;
            let name = user.into_owned().name;
            Some(SampledAgent { id: id.0, name })
        };
        let Capacities {
            email,
            messaging,
            voice,
        } = rule.capacities;
        Self {
            assignees: AssigneeSample {
                agents_sample: sample.into_iter().filter_map(sampled).collect(),
                count,
            },
            capacities: CapacitiesResource {
                email,
                messaging,
                voice,
            },
            created_at: Millis(rule.created_at),
            default: rule.is_default,
            description: rule.description.as_deref().unwrap_or_default(),
            id: &rule.id,
            last_updated_at: Millis(rule.last_updated_at),
            name: &rule.name,
        }
    }
}

/// The hint for a call that may have tried to change a rule, by its path.
pub(crate) fn read_only_hint(path: &str) -> Option<&'static str> {
    path.starts_with("/api/v2/capacity/rules")
        .then_some("capacity rules are read only here: the seed has them as `capacity_rules`")
}

/// `GET /api/v2/capacity/rules`
pub(crate) async fn list_capacity_rules(mut request: ApiRequest) -> Result<Response, ApiError> {
    request.finish_query()?;
    let all = rules(&request).iter().count();
    Ok(response::ok(&resources(&request, 0..all)))
}

/// `GET /api/v2/capacity/rules/{rule_id}`
pub(crate) async fn show_capacity_rule(mut request: ApiRequest) -> Result<Response, ApiError> {
    request.finish_query()?;
    let number = rule_in_path(&request)?;
    let rule = resources(&request, number..number + 1).pop();
    Ok(response::ok(&rule.ok_or(ApiError::NoRecord)?))
}

/// `GET /api/v2/capacity/rules/assignees`
pub(crate) async fn list_assignees(request: ApiRequest) -> Result<Response, ApiError> {
    list(request, "/capacity/rules/assignees", |_| Ok(None))
}

/// `GET /api/v2/capacity/rules/{rule_id}/assignees`
pub(crate) async fn list_assignees_of_rule(request: ApiRequest) -> Result<Response, ApiError> {
    let path = format!("/capacity/rules/{}/assignees", request.param("rule_id"));
    list(request, &path, |request| rule_in_path(request).map(Some))
}

fn list(
    mut request: ApiRequest,
    path: &str,
    rule: impl FnOnce(&ApiRequest) -> Result<Option<usize>, ApiError>,
) -> Result<Response, ApiError> {
    let page_request = PageRequest::<AgentId>::read(&mut request);
    let agents = request.query.read_ids(AGENT_IDS, AgentId).map(sorted);
    request.finish_query()?;
    let filter = AssigneeFilter {
        rule: rule(&request)?,
        agents,
    };
    let rules = rules(&request);
    let (position, size) = (&page_request.position, page_request.size);
    let page = request.world().assignees(rules, &filter, position, size);
    request.context.metadata.set_page(page.has_next);
    let url = request.api_url(path)?;
    let (links, meta) =
        cursor_pages::envelope(&page, |assignee| assignee.agent, &url, &request.query);
    let resources = page.items.iter().filter_map(|assignee| {
        Some(AssigneeResource {
            agent_id: assignee.agent.0,
            capacity_rule_id: &rules.get(assignee.rule)?.id,
        })
    });
    Ok(response::ok(&AssigneesDocument {
        assignees: resources.collect(),
        links,
        meta,
    }))
}

fn sorted(mut agents: Vec<AgentId>) -> Vec<AgentId> {
    agents.sort_unstable();
    agents.dedup();
    agents
}

fn rules(request: &ApiRequest) -> &CapacityRules {
    &request.context.directory.capacity_rules
}

fn rule_in_path(request: &ApiRequest) -> Result<usize, ApiError> {
    let number = rules(request).number(&request.param("rule_id"));
    number.ok_or(ApiError::NoRecord)
}

/// The rules with these numbers.
fn resources(request: &ApiRequest, numbers: Range<usize>) -> Vec<RuleResource<'_>> {
    let rules = rules(request);
    let assignees = request.world().assignees_of(rules, numbers.clone(), SAMPLE);
    let of_number = |(number, assignees)| {
        let rule = rules.get(number)?;
        Some(RuleResource::new(request, rule, assignees))
    };
    numbers.zip(assignees).filter_map(of_number).collect()
}
