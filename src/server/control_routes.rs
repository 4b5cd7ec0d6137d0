//! The routes of the control API: method, path and handler of each call.

use std::sync::Arc;

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::routing::{MethodFilter, on};

use crate::app::App;
use crate::control::criteria::Operations;
use crate::control::paths::ControlPaths;
use crate::control::{
    Control, account_stream, accounts, agent_pages, agent_statuses as statuses, agents, channels,
    clock, contract, events, faults, groups, guard, health, index, presence, rate_limit, report,
    requests, snapshot, talk_queue, tokens, users, verify, work_items as items,
};

/// The table. Calls that steer or show an account are guarded; the index, probes and contract files
/// are not.
pub(super) fn table(
    app: &App,
    operations: impl Iterator<Item = &'static str>,
) -> (Router, ControlPaths) {
    let control = Arc::new(Control {
        registry: Arc::clone(&app.registry),
        defaults: Arc::clone(&app.defaults),
        config: app.config.clone(),
        clock_mode: app.clock_mode,
        ids: app.ids.clone(),
        operations: Operations::new(operations),
        stop: app.stop.clone(),
    });
    let guard = from_fn_with_state(Arc::clone(&control), guard::guard);
    let mut routes = guarded(ControlRoutes::default());
    routes.router = routes.router.route_layer(guard);
    let ControlRoutes { router, paths } = routes.merge(open_to_all());
    (router.with_state(control), paths)
}

/// The routes without a guard.
fn open_to_all() -> ControlRoutes {
    let index = index(ControlRoutes::default());
    unguarded(ControlRoutes::default()).merge(index)
}

/// Where a client begins: a list of links, and for browsers the live page.
fn index(routes: ControlRoutes) -> ControlRoutes {
    let routes = routes
        .get("/", index::show_root)
        .get("/_emulator", index::show_index);
    #[cfg(feature = "dashboard")]
    let routes = super::dashboard_routes::with_page(routes);
    routes
}

#[rustfmt::skip]
fn guarded(routes: ControlRoutes) -> ControlRoutes {
    routes
        .get("/_emulator/accounts", accounts::list_accounts)
        .post("/_emulator/accounts", accounts::create_account)
        .get("/_emulator/accounts/{subdomain}", accounts::show_account)
        .patch("/_emulator/accounts/{subdomain}", accounts::update_account)
        .delete("/_emulator/accounts/{subdomain}", accounts::delete_account)
        .post("/_emulator/accounts/{subdomain}/reset", accounts::reset_account)
        .get("/_emulator/accounts/{subdomain}/clock", clock::show_clock)
        .put("/_emulator/accounts/{subdomain}/clock", clock::set_clock)
        .post("/_emulator/accounts/{subdomain}/clock/advance", clock::advance_clock)
        .get("/_emulator/accounts/{subdomain}/rate_limit", rate_limit::show_rate_limit)
        .get("/_emulator/accounts/{subdomain}/account_rate_limit", rate_limit::show_account_rate_limit)
        .get("/_emulator/accounts/{subdomain}/requests", requests::list_requests)
        .delete("/_emulator/accounts/{subdomain}/requests", requests::clear_requests)
        .post("/_emulator/accounts/{subdomain}/requests/verify", verify::verify_requests)
        .get("/_emulator/accounts/{subdomain}/report", report::show_report)
        .get("/_emulator/accounts/{subdomain}/snapshot", snapshot::show_snapshot)
        .put("/_emulator/accounts/{subdomain}/snapshot", snapshot::replace_snapshot)
        .patch("/_emulator/accounts/{subdomain}/snapshot", snapshot::update_snapshot)
        .get("/_emulator/accounts/{subdomain}/events", events::list_events)
        .get("/_emulator/accounts/{subdomain}/stream", account_stream::stream_account)
        .get("/_emulator/accounts/{subdomain}/faults", faults::show_faults)
        .put("/_emulator/accounts/{subdomain}/faults", faults::set_faults)
        // What agents have and what happens to them.
        .get("/_emulator/accounts/{subdomain}/agents", agent_pages::list_agents)
        .post("/_emulator/accounts/{subdomain}/agents", agents::create_agents)
        .get("/_emulator/accounts/{subdomain}/agents/counts", agent_pages::count_agents)
        .get("/_emulator/accounts/{subdomain}/agents/{agent_id}", agents::show_agent)
        .put("/_emulator/accounts/{subdomain}/agents/{agent_id}", agents::replace_agent)
        .patch("/_emulator/accounts/{subdomain}/agents/{agent_id}", agents::update_agent)
        .delete("/_emulator/accounts/{subdomain}/agents/{agent_id}", agents::delete_agent)
        .post("/_emulator/accounts/{subdomain}/agents/{agent_id}/sign-in", presence::sign_in)
        .post("/_emulator/accounts/{subdomain}/agents/{agent_id}/sign-out", presence::sign_out)
        .post("/_emulator/accounts/{subdomain}/agents/{agent_id}/disconnect", presence::disconnect)
        .post("/_emulator/accounts/{subdomain}/agents/{agent_id}/reconnect", presence::reconnect)
        .post("/_emulator/accounts/{subdomain}/agents/{agent_id}/idle", presence::idle)
        .put("/_emulator/accounts/{subdomain}/agents/{agent_id}/channels/{channel}", channels::replace_channel)
        .patch("/_emulator/accounts/{subdomain}/agents/{agent_id}/channels/{channel}", channels::update_channel)
        .delete("/_emulator/accounts/{subdomain}/agents/{agent_id}/channels/{channel}", channels::delete_channel)
        .post("/_emulator/accounts/{subdomain}/agents/{agent_id}/channels/{channel}/work_items", items::create_work_item)
        .patch("/_emulator/accounts/{subdomain}/agents/{agent_id}/channels/{channel}/work_items/{work_item_id}", items::update_work_item)
        .delete("/_emulator/accounts/{subdomain}/agents/{agent_id}/channels/{channel}/work_items/{work_item_id}", items::delete_work_item)
        .post("/_emulator/accounts/{subdomain}/agents/{agent_id}/channels/{channel}/work_items/{work_item_id}/move", items::move_work_item)
        .get("/_emulator/accounts/{subdomain}/agent_statuses", statuses::list_agent_statuses)
        .post("/_emulator/accounts/{subdomain}/agent_statuses", statuses::create_agent_status)
        .get("/_emulator/accounts/{subdomain}/agent_statuses/{agent_status_id}", statuses::show_agent_status)
        .put("/_emulator/accounts/{subdomain}/agent_statuses/{agent_status_id}", statuses::replace_agent_status)
        .patch("/_emulator/accounts/{subdomain}/agent_statuses/{agent_status_id}", statuses::update_agent_status)
        .delete("/_emulator/accounts/{subdomain}/agent_statuses/{agent_status_id}", statuses::delete_agent_status)
        .get("/_emulator/accounts/{subdomain}/groups", groups::list_groups)
        .get("/_emulator/accounts/{subdomain}/groups/{group_id}", groups::show_group)
        .put("/_emulator/accounts/{subdomain}/groups/{group_id}", groups::replace_group)
        .patch("/_emulator/accounts/{subdomain}/groups/{group_id}", groups::update_group)
        .get("/_emulator/accounts/{subdomain}/talk_queue", talk_queue::show_talk_queue)
        .put("/_emulator/accounts/{subdomain}/talk_queue", talk_queue::replace_talk_queue)
        .patch("/_emulator/accounts/{subdomain}/talk_queue", talk_queue::update_talk_queue)
        // Who may call an account.
        .get("/_emulator/accounts/{subdomain}/users", users::list_users)
        .get("/_emulator/accounts/{subdomain}/users/{user_id}", users::show_user)
        .put("/_emulator/accounts/{subdomain}/users/{user_id}", users::replace_user)
        .patch("/_emulator/accounts/{subdomain}/users/{user_id}", users::update_user)
        .delete("/_emulator/accounts/{subdomain}/users/{user_id}", users::delete_user)
        .get("/_emulator/accounts/{subdomain}/api_tokens", tokens::list_api_tokens)
        .get("/_emulator/accounts/{subdomain}/api_tokens/{api_token_id}", tokens::show_api_token)
        .put("/_emulator/accounts/{subdomain}/api_tokens/{api_token_id}", tokens::replace_api_token)
        .patch("/_emulator/accounts/{subdomain}/api_tokens/{api_token_id}", tokens::update_api_token)
        .delete("/_emulator/accounts/{subdomain}/api_tokens/{api_token_id}", tokens::delete_api_token)
        .get("/_emulator/accounts/{subdomain}/oauth_tokens", tokens::list_oauth_tokens)
        .get("/_emulator/accounts/{subdomain}/oauth_tokens/{oauth_token_id}", tokens::show_oauth_token)
        .put("/_emulator/accounts/{subdomain}/oauth_tokens/{oauth_token_id}", tokens::replace_oauth_token)
        .patch("/_emulator/accounts/{subdomain}/oauth_tokens/{oauth_token_id}", tokens::update_oauth_token)
        .delete("/_emulator/accounts/{subdomain}/oauth_tokens/{oauth_token_id}", tokens::delete_oauth_token)
        .post("/_emulator/accounts/{subdomain}/oauth_tokens/{oauth_token_id}/expire", tokens::expire_oauth_token)
}

#[rustfmt::skip]
fn unguarded(routes: ControlRoutes) -> ControlRoutes {
    routes
        .get("/_emulator/healthz", health::healthz)
        .get("/_emulator/readyz", health::readyz)
        .get("/_emulator/openapi.json", contract::openapi_json)
        .get("/_emulator/openapi.yaml", contract::openapi_yaml)
        .get("/_emulator/openapi.control.json", contract::control_openapi_json)
        .get("/_emulator/openapi.control.yaml", contract::control_openapi_yaml)
}

/// Routes of the control API, and their paths and methods.
#[derive(Default)]
pub(super) struct ControlRoutes {
    pub(super) router: Router<Arc<Control>>,
    paths: ControlPaths,
}

impl ControlRoutes {
    pub(super) fn get<H: Handler<T, Arc<Control>>, T: 'static>(
        self,
        path: &'static str,
        handler: H,
    ) -> Self {
        self.route(Method::GET, MethodFilter::GET, path, handler)
    }

    fn post<H: Handler<T, Arc<Control>>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.route(Method::POST, MethodFilter::POST, path, handler)
    }

    fn put<H: Handler<T, Arc<Control>>, T: 'static>(self, path: &'static str, handler: H) -> Self {
        self.route(Method::PUT, MethodFilter::PUT, path, handler)
    }

    fn patch<H: Handler<T, Arc<Control>>, T: 'static>(
        self,
        path: &'static str,
        handler: H,
    ) -> Self {
        self.route(Method::PATCH, MethodFilter::PATCH, path, handler)
    }

    fn delete<H: Handler<T, Arc<Control>>, T: 'static>(
        self,
        path: &'static str,
        handler: H,
    ) -> Self {
        self.route(Method::DELETE, MethodFilter::DELETE, path, handler)
    }

    fn route<H: Handler<T, Arc<Control>>, T: 'static>(
        mut self,
        method: Method,
        filter: MethodFilter,
        path: &'static str,
        handler: H,
    ) -> Self {
        self.paths.add(path, method);
        self.router = self.router.route(path, on(filter, handler));
        self
    }

    fn merge(mut self, other: Self) -> Self {
        self.router = self.router.merge(other.router);
        self.paths.append(other.paths);
        self
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    /// By design: the table has the paths and methods of the contracts: those of `control.yaml`, and the
    /// probes and files that both contracts are about.
    #[test]
    #[cfg(feature = "dashboard")]
    #[expect(clippy::expect_used, reason = "a test fails by panicking")]
    fn every_route_is_documented_and_every_documented_path_is_a_route() {
        let mut documented = BTreeSet::new();
        for yaml in [contract::YAML, contract::CONTROL_YAML] {
            let document: serde_json::Value =
                serde_saphyr::from_str(yaml).expect("the contract is YAML");
            let paths = document["paths"].as_object().expect("paths").iter();
            for (path, item) in paths.filter(|(path, _)| *path == "/" || path.starts_with("/_")) {
                let methods = item.as_object().expect("a path item").keys();
                let methods = methods.filter(|key| *key != "parameters");
                documented.extend(methods.map(|method| (path.clone(), method.to_uppercase())));
            }
        }
        let routes = guarded(ControlRoutes::default()).merge(open_to_all());
        let routes = routes.paths.iter();
        let routes = routes.map(|(path, method)| (path.to_owned(), method.to_string()));
        assert_eq!(routes.collect::<BTreeSet<_>>(), documented);
    }
}
