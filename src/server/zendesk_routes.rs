//! The routes of Zendesk's API: the path of each operation, who may call it, its id and its handler.

use std::collections::BTreeMap;
use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::Method;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, any};

use crate::zendesk::error::ApiError;
use crate::zendesk::request::api_request::ApiRequest;
use crate::zendesk::request::operation::{Access, Operation, OperationTable};
use crate::zendesk::response::cache::ResponseCache;
use crate::zendesk::{
    account_settings, agent_availabilities, agent_status_updates, agent_statuses,
    group_memberships, groups, job_statuses, search, talk_availabilities, talk_statistics, users,
    work_items,
};

/// The table. A literal in a path comes before a parameter.
#[rustfmt::skip]
fn operations(routes: ZendeskRoutes) -> ZendeskRoutes {
    use Access::{Admins, Agents, Staff, Users};
    routes
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
}

/// The routes of the table, and its operations.
pub(super) fn table(cache: &Arc<ResponseCache>) -> (Router, OperationTable) {
    let listed = operations(ZendeskRoutes {
        methods: BTreeMap::new(),
        operations: OperationTable::default(),
        cache: Arc::clone(cache),
    });
    let methods = listed.methods.into_iter();
    let router = methods.fold(Router::new(), |router, (path, methods)| {
        router.route(path, methods)
    });
    (router, listed.operations)
}

struct ZendeskRoutes {
    methods: BTreeMap<&'static str, MethodRouter>,
    operations: OperationTable,
    cache: Arc<ResponseCache>,
}

impl ZendeskRoutes {
    fn get<F: Handler>(self, path: &'static str, access: Access, id: &'static str, f: F) -> Self {
        let operation = Operation {
            id,
            method: Method::GET,
            path,
            access,
        };
        self.operation(operation, MethodFilter::GET, f)
    }

    fn put<F: Handler>(self, path: &'static str, access: Access, id: &'static str, f: F) -> Self {
        let operation = Operation {
            id,
            method: Method::PUT,
            path,
            access,
        };
        self.operation(operation, MethodFilter::PUT, f)
    }

    fn operation<F: Handler>(mut self, operation: Operation, on: MethodFilter, f: F) -> Self {
        let cache = Arc::clone(&self.cache);
        // A service and not one of axum's handlers, which would move the request once more and box
        // twice.
        let service = tower::service_fn(move |request: Request| {
            let request = ApiRequest::new(request, &cache);
            async move {
                let answer = match request {
                    Ok(request) => f.handle(request).await,
                    Err(error) => Err(error),
                };
                Ok::<_, Infallible>(answer.into_response())
            }
        });
        // A layer answers other methods. With a fallback for any, axum adds no `Allow` to
        // preflights.
        let methods = self.methods.entry(operation.path);
        let methods = methods.or_insert_with(|| any(async || ApiError::MethodNotAllowed));
        *methods = std::mem::take(methods).on_service(on, service);
        self.operations.add(operation);
        self
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
