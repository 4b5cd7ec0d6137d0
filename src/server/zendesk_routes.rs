//! The routes of Zendesk's API: the path of each operation, who may call it, its id and its handler.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::extract::Request;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use futures_util::FutureExt;
use futures_util::future::{self, BoxFuture};
use tower::Service;

use crate::zendesk::error::ApiError;
use crate::zendesk::request::api_request::ApiRequest;
use crate::zendesk::request::operation::{Access, Operation, OperationTable};
use crate::zendesk::response::cache::ResponseCache;
use crate::zendesk::{
    account_settings, agent_availabilities, agent_status_updates, agent_statuses, authorizations,
    capacity_rules, group_availability, group_memberships, groups, job_statuses, oauth_clients,
    oauth_grants, oauth_tokens, search, talk_availabilities, talk_statistics, users, work_items,
};

/// The table. A literal in a path comes before a parameter.
#[rustfmt::skip]
fn operations(routes: ZendeskRoutes) -> ZendeskRoutes {
    use Access::{Admins, Agents, Anyone, Staff, Users};
    routes
        .post("/oauth/tokens", Anyone,
            "create_token_for_grant_type", oauth_grants::create_token_for_grant_type)
        .get("/api/v2/agent_availabilities", Admins,
            "list_agent_availabilities", agent_availabilities::list_agent_availabilities)
        .get("/api/v2/agent_availabilities/me", Agents,
            "show_my_agent_availability", agent_availabilities::show_my_agent_availability)
        .get("/api/v2/agent_availabilities/{agent_id}", Admins,
            "show_agent_availability", agent_availabilities::show_agent_availability)
        .get("/api/v2/agent_availabilities/me/channels/{channel}/relationships/work_items", Agents,
            "list_my_work_items", work_items::list_my_work_items)
        .get("/api/v2/agent_availabilities/{agent_id}/channels/{channel}/relationships/work_items", Admins,
            "list_work_items", work_items::list_work_items)
        .get("/api/v2/agent_availabilities/agent_statuses", Admins,
            "list_agent_statuses", agent_statuses::list_agent_statuses)
        .get("/api/v2/agent_availabilities/agent_statuses/me", Agents,
            "list_my_agent_statuses", agent_statuses::list_my_agent_statuses)
        .put("/api/v2/agent_availabilities/agent_statuses/agents/me", Agents,
            "update_my_agent_status", agent_status_updates::update_my_agent_status)
        .put("/api/v2/agent_availabilities/agent_statuses/agents/update_many", Admins,
            "update_many_agent_statuses", agent_status_updates::update_many_agent_statuses)
        .put("/api/v2/agent_availabilities/agent_statuses/agents/{agent_id}", Admins,
            "update_agent_status", agent_status_updates::update_agent_status)
        .get("/api/v2/agent_availabilities/agent_statuses/job_statuses/{job_id}", Admins,
            "show_job_status", job_statuses::show_job_status)
        .get("/api/v2/users", Staff, "list_users", users::list_users)
        .get("/api/v2/users/me", Users, "show_current_user", users::show_current_user)
        .get("/api/v2/users/show_many", Staff, "show_many_users", users::show_many_users)
        .get("/api/v2/users/search", Staff, "search_users", search::search_users)
        .get("/api/v2/users/{user_id}", Staff, "show_user", users::show_user)
        .get("/api/v2/users/{user_id}/groups", Staff, "list_user_groups", groups::list_user_groups)
        .get("/api/v2/groups", Staff, "list_groups", groups::list_groups)
        .get("/api/v2/groups/assignable", Staff,
            "list_assignable_groups", groups::list_assignable_groups)
        .get("/api/v2/groups/{group_id}", Staff, "show_group", groups::show_group)
        .get("/api/v2/groups/{group_id}/users", Staff, "list_group_users", groups::list_group_users)
        .get("/api/v2/groups/{group_id}/memberships", Staff,
            "list_memberships_of_group", group_memberships::list_memberships_of_group)
        .get("/api/v2/group_memberships", Staff,
            "list_group_memberships", group_memberships::list_group_memberships)
        .get("/api/v2/account_groups/availability/{group_id}", Admins,
            "show_group_availability", group_availability::show_group_availability)
        .get("/api/v2/capacity/rules", Admins,
            "list_capacity_rules", capacity_rules::list_capacity_rules)
        .get("/api/v2/capacity/rules/{rule_id}", Admins,
            "show_capacity_rule", capacity_rules::show_capacity_rule)
        .get("/api/v2/capacity/rules/assignees", Admins,
            "list_assignees", capacity_rules::list_assignees)
        .get("/api/v2/capacity/rules/{rule_id}/assignees", Admins,
            "list_assignees_of_rule", capacity_rules::list_assignees_of_rule)
        .get("/api/v2/search", Staff, "list_search_results", search::list_search_results)
        .get("/api/v2/account/settings", Staff,
            "show_account_settings", account_settings::show_account_settings)
        .get("/api/v2/channels/voice/availabilities/{agent_id}", Agents,
            "show_talk_availability", talk_availabilities::show_talk_availability)
        .put("/api/v2/channels/voice/availabilities/{agent_id}", Agents,
            "update_talk_availability", talk_availabilities::update_talk_availability)
        .get("/api/v2/channels/voice/stats/agents_activity", Agents,
            "list_agents_activity", talk_statistics::list_agents_activity)
        .get("/api/v2/channels/voice/stats/current_queue_activity", Agents,
            "show_current_queue_activity", talk_statistics::show_current_queue_activity)
        .get("/api/v2/oauth/tokens", Admins, "list_oauth_tokens", oauth_tokens::list_oauth_tokens)
        .post("/api/v2/oauth/tokens", Admins,
            "create_oauth_token", oauth_tokens::create_oauth_token)
        .get("/api/v2/oauth/tokens/current", Users,
            "show_current_oauth_token", oauth_tokens::show_current_oauth_token)
        .delete("/api/v2/oauth/tokens/current", Users,
            "revoke_current_oauth_token", oauth_tokens::revoke_current_oauth_token)
        .get("/api/v2/oauth/tokens/{token_id}", Users,
            "show_oauth_token", oauth_tokens::show_oauth_token)
        .delete("/api/v2/oauth/tokens/{token_id}", Users,
            "revoke_oauth_token", oauth_tokens::revoke_oauth_token)
        .get("/api/v2/oauth/clients", Admins,
            "list_oauth_clients", oauth_clients::list_oauth_clients)
        .post("/api/v2/oauth/clients", Admins,
            "create_oauth_client", oauth_clients::create_oauth_client)
        .get("/api/v2/oauth/clients/{client_id}", Admins,
            "show_oauth_client", oauth_clients::show_oauth_client)
        .put("/api/v2/oauth/clients/{client_id}", Admins,
            "update_oauth_client", oauth_clients::update_oauth_client)
        .delete("/api/v2/oauth/clients/{client_id}", Admins,
            "delete_oauth_client", oauth_clients::delete_oauth_client)
        .put("/api/v2/oauth/clients/{client_id}/generate_secret", Admins,
            "generate_oauth_client_secret", oauth_clients::generate_oauth_client_secret)
        .get("/api/v2/users/me/oauth/clients", Admins,
            "list_my_oauth_clients", oauth_clients::list_my_oauth_clients)
        .get("/oauth/authorizations/new", Anyone,
            "new_authorization", authorizations::new_authorization)
        .post("/oauth/authorizations/new", Anyone,
            "create_authorization", authorizations::create_authorization)
}

/// The paths of the table, each with its handlers, and the operations.
pub(super) fn table(cache: &Arc<ResponseCache>) -> (Endpoints, OperationTable) {
    let listed = operations(ZendeskRoutes {
        endpoints: BTreeMap::new(),
        operations: OperationTable::default(),
        cache: Arc::clone(cache),
    });
    (listed.endpoints, listed.operations)
}

/// What is at each path.
pub(super) type Endpoints = BTreeMap<&'static str, Endpoint>;

struct ZendeskRoutes {
    endpoints: Endpoints,
    operations: OperationTable,
    cache: Arc<ResponseCache>,
}

impl ZendeskRoutes {
    fn get<F: Handler>(self, path: &'static str, access: Access, id: &'static str, f: F) -> Self {
        self.operation(Method::GET, path, access, id, f)
    }

    fn post<F: Handler>(self, path: &'static str, access: Access, id: &'static str, f: F) -> Self {
        self.operation(Method::POST, path, access, id, f)
    }

    fn put<F: Handler>(self, path: &'static str, access: Access, id: &'static str, f: F) -> Self {
        self.operation(Method::PUT, path, access, id, f)
    }

    fn delete<F: Handler>(
        self,
        path: &'static str,
        access: Access,
        id: &'static str,
        f: F,
    ) -> Self {
        self.operation(Method::DELETE, path, access, id, f)
    }

    fn operation<F: Handler>(
        mut self,
        method: Method,
        path: &'static str,
        access: Access,
        id: &'static str,
        f: F,
    ) -> Self {
        let operation = Operation {
            id,
            method,
            path,
            access,
        };
        let cache = Arc::clone(&self.cache);
        let handler = move |request| {
            let request = ApiRequest::new(request, &cache);
            let answer = async move {
                let answer = match request {
                    Ok(request) => f.handle(request).await,
                    Err(error) => Err(error),
                };
                Ok(answer.into_response())
            };
            answer.boxed()
        };
        let endpoint = self.endpoints.entry(operation.path).or_default();
        Arc::make_mut(&mut endpoint.handlers).push((operation.method.clone(), Arc::new(handler)));
        self.operations.add(operation);
        self
    }
}

/// What answers a request: a handler, without its type.
type DynHandler = dyn Fn(Request) -> BoxFuture<'static, Result<Response, Infallible>> + Send + Sync;

/// The handlers of a path, by method. A service and not one of axum's method routers, whose handlers
/// move the request once more and box twice.
#[derive(Clone, Default)]
pub(super) struct Endpoint {
    handlers: Arc<Vec<(Method, Arc<DynHandler>)>>,
}

impl Service<Request> for Endpoint {
    type Response = Response;
    type Error = Infallible;
    type Future = BoxFuture<'static, Result<Response, Infallible>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request) -> Self::Future {
        // A HEAD is a GET whose answer loses its body later.
        let method = match *request.method() {
            Method::HEAD => &Method::GET,
            ref method => method,
        };
        let handler = self.handlers.iter().find(|(other, _)| other == method);
        match handler {
            Some((_, handler)) => handler(request),
            // A layer has answered other methods.
            None => future::ready(Ok(ApiError::MethodNotAllowed.into_response())).boxed(),
        }
    }
}

/// A handler of Zendesk's API: it answers a request or refuses it.
trait Handler: Copy + Send + Sync + 'static {
    fn handle(self, request: ApiRequest)
    -> impl Future<Output = Result<Response, ApiError>> + Send;
}

impl<F, Fut> Handler for F
where
    F: Fn(ApiRequest) -> Fut + Copy + Send + Sync + 'static,
    Fut: Future<Output = Result<Response, ApiError>> + Send,
{
    fn handle(
        self,
        request: ApiRequest,
    ) -> impl Future<Output = Result<Response, ApiError>> + Send {
        self(request)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::control::contract;
    use crate::zendesk::{is_of_availability, is_of_ticketing};

    /// Assumed: the table and `openapi/` name the same operations, by the same ids. That the
    /// documented ones answer is tested over the wire.
    #[test]
    fn every_route_is_documented_and_every_documented_operation_is_a_route() {
        let mut routes: BTreeSet<_> = table(&Arc::new(ResponseCache::new(0)))
            .1
            .iter()
            .map(|operation| {
                (
                    operation.id.to_owned(),
                    operation.method.to_string(),
                    operation.path.to_owned(),
                )
            })
            .collect();
        for (id, path) in [
            ("healthz", "/_emulator/healthz"),
            ("readyz", "/_emulator/readyz"),
            ("openapi_json", "/_emulator/openapi.json"),
            ("openapi_yaml", "/_emulator/openapi.yaml"),
        ] {
            routes.insert((id.to_owned(), "GET".to_owned(), path.to_owned()));
        }
        assert_eq!(routes, documented());
    }

    /// Assumed: each operation below `/api/v2` has the limit and the errors of an API that is known by
    /// the beginning of its path.
    #[test]
    fn every_operation_belongs_to_an_api_with_a_limit() {
        let (_, operations) = table(&Arc::new(ResponseCache::new(0)));
        let has_no_limit = |path: &&str| !is_of_availability(path) && !is_of_ticketing(path);
        let unlimited = operations.iter().map(|operation| operation.path);
        let unlimited: BTreeSet<_> = unlimited.filter(has_no_limit).collect();
        let expected = ["/oauth/authorizations/new", "/oauth/tokens"];
        assert_eq!(unlimited, BTreeSet::from(expected));
    }

    /// (operation id, method, path)
    #[expect(clippy::expect_used, reason = "a test fails by panicking")]
    fn documented() -> BTreeSet<(String, String, String)> {
        let document: serde_json::Value =
            serde_saphyr::from_str(contract::YAML).expect("the contract is YAML");
        let paths = document["paths"].as_object().expect("paths");
        let operations = paths.iter().flat_map(|(path, item)| {
            let methods = item
                .as_object()
                .expect("a path item")
                .iter()
                .filter(|(key, _)| *key != "parameters");
            methods.map(move |(method, operation)| {
                let id = operation["operationId"]
                    .as_str()
                    .expect("every operation has an id");
                (id.to_owned(), method.to_uppercase(), path.clone())
            })
        });
        operations.collect()
    }

    /// Assumed: an operation is called as its handler is, so that logs, documents and code use one
    /// word.
    #[test]
    fn every_operation_has_the_name_of_its_handler() {
        let source: String = include_str!("zendesk_routes.rs")
            .split_whitespace()
            .collect();
        for operation in table(&Arc::new(ResponseCache::new(0))).1.iter() {
            let handler = source
                .split_once(&format!("\"{}\",", operation.id))
                .map_or("", |(_, rest)| rest);
            let handler = handler
                .split([',', ')'])
                .next()
                .and_then(|path| path.rsplit("::").next());
            assert_eq!(handler, Some(operation.id));
        }
    }
}
