//! The whole route table in one place.

use std::convert::Infallible;
use std::sync::Arc;

use axum::Router;
use axum::extract::Request;
use axum::http::Method;
use axum::middleware::from_fn_with_state;
use axum::response::{IntoResponse, Response};
use axum::routing::{MethodFilter, MethodRouter, get, on_service, patch, post, put};

use super::App;
use crate::control::criteria::Operations;
use crate::control::{
    Control, accounts, agent_pages, agent_statuses as statuses, agents, channels, clock, contract,
    events, faults, guard, health, nowhere, presence, report, requests, snapshot, tokens, users,
    verify, work_items as items,
};
use crate::zendesk::error::ApiError;
use crate::zendesk::hint::{did_you_mean, nearest, quoted};
use crate::zendesk::request::api_request::ApiRequest;
use crate::zendesk::request::context::{CONTROL, RequestContext};
use crate::zendesk::request::operation::{Access, Operation};
use crate::zendesk::request::query::is_number;
use crate::zendesk::{
    agent_availabilities, agent_status_updates, agent_statuses, job_statuses, work_items,
};

/// Both APIs, and the operations of Zendesk's.
pub(super) fn routes(app: &App) -> (Router, Vec<Arc<Operation>>) {
    let Routes {
        router: zendesk,
        operations,
    } = zendesk_routes();
    let paths: Arc<[String]> = operations
        .iter()
        .map(|operation| operation.whole_path())
        .collect();
    let control = control_routes(
        app,
        Operations::new(operations.iter().map(|operation| operation.id)),
    );
    let control_paths: Arc<[String]> = control.paths.into();
    let router = zendesk
        .merge(control.router)
        .fallback(move |request: Request| async move {
            match request.uri().path() {
                path if path.starts_with(CONTROL) => {
                    nowhere::no_such_path(path, &control_paths).into_response()
                }
                _ => no_such_endpoint(&request, &paths).into_response(),
            }
        })
        // Of the control API, it gets its body where the methods are known.
        .method_not_allowed_fallback(async || ApiError::MethodNotAllowed);
    (router, operations)
}

/// The operation that a request would be routed to. A literal beats a parameter whatever the method
/// is.
pub(super) fn operation_at<'a>(
    operations: &'a [Arc<Operation>],
    method: &Method,
    path: &str,
) -> Option<&'a Operation> {
    // As the router has it, a HEAD is a GET whose answer has no body.
    let method = if *method == Method::HEAD {
        &Method::GET
    } else {
        method
    };
    let at_path = || operations.iter().filter(|operation| operation.is_at(path));
    let fewest = at_path().map(|operation| operation.parameters()).min()?;
    let operation = at_path().find(|it| it.method == *method && it.parameters() == fewest);
    operation.map(|operation| &**operation)
}

/// Zendesk's API.
fn zendesk_routes() -> Routes {
    use Access::{Admins, Agents};
    Routes::default()
        .get(
            "/",
            Admins,
            "list_agent_availabilities",
            agent_availabilities::list_agent_availabilities,
        )
        .get(
            "/me",
            Agents,
            "show_my_agent_availability",
            agent_availabilities::show_my_agent_availability,
        )
        .get(
            "/{agent_id}",
            Admins,
            "show_agent_availability",
            agent_availabilities::show_agent_availability,
        )
        .get(
            "/me/channels/{channel}/relationships/work_items",
            Agents,
            "list_my_work_items",
            work_items::list_my_work_items,
        )
        .get(
            "/{agent_id}/channels/{channel}/relationships/work_items",
            Admins,
            "list_work_items",
            work_items::list_work_items,
        )
        .get(
            "/agent_statuses",
            Admins,
            "list_agent_statuses",
            agent_statuses::list_agent_statuses,
        )
        .get(
            "/agent_statuses/me",
            Agents,
            "list_my_agent_statuses",
            agent_statuses::list_my_agent_statuses,
        )
        .put(
            "/agent_statuses/agents/me",
            Agents,
            "update_my_agent_status",
            agent_status_updates::update_my_agent_status,
        )
        .put(
            "/agent_statuses/agents/update_many",
            Admins,
            "update_many_agent_statuses",
            agent_status_updates::update_many_agent_statuses,
        )
        .put(
            "/agent_statuses/agents/{agent_id}",
            Admins,
            "update_agent_status",
            agent_status_updates::update_agent_status,
        )
        .get(
            "/agent_statuses/job_statuses/{job_id}",
            Admins,
            "show_job_status",
            job_statuses::show_job_status,
        )
}

/// The control API: what steers is guarded, and the probes are not.
fn control_routes(app: &App, operations: Operations) -> ControlRoutes<()> {
    let control = Arc::new(Control {
        registry: Arc::clone(&app.registry),
        defaults: Arc::clone(&app.defaults),
        config: app.config.clone(),
        clock_mode: app.clock_mode,
        ids: app.ids.clone(),
        operations,
        stop: app.stop.clone(),
    });
    let account = get(accounts::show_account)
        .patch(accounts::update_account)
        .delete(accounts::delete_account);
    let steering = ControlRoutes::default()
        .route(
            "/_emulator/accounts",
            get(accounts::list_accounts).post(accounts::create_account),
        )
        .route("/_emulator/accounts/{subdomain}", account)
        .route(
            "/_emulator/accounts/{subdomain}/reset",
            post(accounts::reset_account),
        )
        .route(
            "/_emulator/accounts/{subdomain}/clock",
            get(clock::show_clock).put(clock::set_clock),
        )
        .route(
            "/_emulator/accounts/{subdomain}/clock/advance",
            post(clock::advance_clock),
        )
        .route(
            "/_emulator/accounts/{subdomain}/requests",
            get(requests::list_requests).delete(requests::clear_requests),
        )
        .route(
            "/_emulator/accounts/{subdomain}/requests/verify",
            post(verify::verify_requests),
        )
        .route(
            "/_emulator/accounts/{subdomain}/report",
            get(report::show_report),
        )
        .route(
            "/_emulator/accounts/{subdomain}/snapshot",
            get(snapshot::show_snapshot)
                .put(snapshot::replace_snapshot)
                .patch(snapshot::update_snapshot),
        )
        .route(
            "/_emulator/accounts/{subdomain}/events",
            get(events::list_events),
        )
        .route(
            "/_emulator/accounts/{subdomain}/faults",
            get(faults::show_faults).put(faults::set_faults),
        );
    let ControlRoutes { router, mut paths } =
        steering_of_the_directory(steering_of_the_world(steering));
    let guard = from_fn_with_state(Arc::clone(&control), guard::guard);
    let steering = router.route_layer(guard).with_state(control);
    let probes = ControlRoutes::default()
        .route("/_emulator/healthz", get(health::healthz))
        .route("/_emulator/readyz", get(health::readyz))
        .route("/_emulator/openapi.json", get(contract::openapi_json))
        .route("/_emulator/openapi.yaml", get(contract::openapi_yaml))
        .route(
            "/_emulator/openapi.control.json",
            get(contract::control_openapi_json),
        )
        .route(
            "/_emulator/openapi.control.yaml",
            get(contract::control_openapi_yaml),
        );
    paths.extend(probes.paths);
    let router = steering.merge(probes.router.with_state(Arc::clone(&app.registry)));
    ControlRoutes { router, paths }
}

/// What agents have and what happens to them.
fn steering_of_the_world(routes: ControlRoutes<Arc<Control>>) -> ControlRoutes<Arc<Control>> {
    let agent = get(agents::show_agent)
        .put(agents::replace_agent)
        .patch(agents::update_agent)
        .delete(agents::delete_agent);
    let channel = put(channels::replace_channel)
        .patch(channels::update_channel)
        .delete(channels::delete_channel);
    let item = patch(items::update_work_item).delete(items::delete_work_item);
    let status = get(statuses::show_agent_status)
        .put(statuses::replace_agent_status)
        .patch(statuses::update_agent_status)
        .delete(statuses::delete_agent_status);
    let of_agent =
        |rest: &str| format!("/_emulator/accounts/{{subdomain}}/agents/{{agent_id}}{rest}");
    routes
        .route(
            "/_emulator/accounts/{subdomain}/agents",
            get(agent_pages::list_agents).post(agents::create_agents),
        )
        .route(&of_agent(""), agent)
        .route(&of_agent("/sign-in"), post(presence::sign_in))
        .route(&of_agent("/sign-out"), post(presence::sign_out))
        .route(&of_agent("/disconnect"), post(presence::disconnect))
        .route(&of_agent("/reconnect"), post(presence::reconnect))
        .route(&of_agent("/idle"), post(presence::idle))
        .route(&of_agent("/channels/{channel}"), channel)
        .route(
            &of_agent("/channels/{channel}/work_items"),
            post(items::create_work_item),
        )
        .route(
            &of_agent("/channels/{channel}/work_items/{work_item_id}"),
            item,
        )
        .route(
            &of_agent("/channels/{channel}/work_items/{work_item_id}/move"),
            post(items::move_work_item),
        )
        .route(
            "/_emulator/accounts/{subdomain}/agent_statuses",
            post(statuses::create_agent_status),
        )
        .route(
            "/_emulator/accounts/{subdomain}/agent_statuses/{agent_status_id}",
            status,
        )
}

/// Who may call an account.
fn steering_of_the_directory(routes: ControlRoutes<Arc<Control>>) -> ControlRoutes<Arc<Control>> {
    let user = get(users::show_user)
        .put(users::replace_user)
        .patch(users::update_user)
        .delete(users::delete_user);
    let api_token = get(tokens::show_api_token)
        .put(tokens::replace_api_token)
        .patch(tokens::update_api_token)
        .delete(tokens::delete_api_token);
    let oauth_token = get(tokens::show_oauth_token)
        .put(tokens::replace_oauth_token)
        .patch(tokens::update_oauth_token)
        .delete(tokens::delete_oauth_token);
    routes
        .route(
            "/_emulator/accounts/{subdomain}/users",
            get(users::list_users),
        )
        .route("/_emulator/accounts/{subdomain}/users/{user_id}", user)
        .route(
            "/_emulator/accounts/{subdomain}/api_tokens",
            get(tokens::list_api_tokens),
        )
        .route(
            "/_emulator/accounts/{subdomain}/api_tokens/{api_token_id}",
            api_token,
        )
        .route(
            "/_emulator/accounts/{subdomain}/oauth_tokens",
            get(tokens::list_oauth_tokens),
        )
        .route(
            "/_emulator/accounts/{subdomain}/oauth_tokens/{oauth_token_id}",
            oauth_token,
        )
}

/// Routes of the control API, and their paths.
struct ControlRoutes<S> {
    router: Router<S>,
    paths: Vec<String>,
}

impl<S: Clone + Send + Sync + 'static> Default for ControlRoutes<S> {
    fn default() -> Self {
        Self {
            router: Router::new(),
            paths: Vec::new(),
        }
    }
}

impl<S: Clone + Send + Sync + 'static> ControlRoutes<S> {
    fn route(mut self, path: &str, methods: MethodRouter<S>) -> Self {
        self.paths.push(path.to_owned());
        Self {
            router: self.router.route(path, methods),
            paths: self.paths,
        }
    }
}

/// Routes of Zendesk's API, and what is known of the operations behind them.
#[derive(Default)]
struct Routes {
    router: Router,
    operations: Vec<Arc<Operation>>,
}

impl Routes {
    fn get<F>(self, path: &'static str, access: Access, id: &'static str, handler: F) -> Self
    where
        F: AsyncHandler,
    {
        self.operation(
            Operation {
                id,
                method: Method::GET,
                path,
                access,
            },
            MethodFilter::GET,
            handler,
        )
    }

    fn put<F>(self, path: &'static str, access: Access, id: &'static str, handler: F) -> Self
    where
        F: AsyncHandler,
    {
        self.operation(
            Operation {
                id,
                method: Method::PUT,
                path,
                access,
            },
            MethodFilter::PUT,
            handler,
        )
    }

    fn operation<F: AsyncHandler>(
        mut self,
        operation: Operation,
        filter: MethodFilter,
        handler: F,
    ) -> Self {
        let operation = Arc::new(operation);
        let received = Arc::clone(&operation);
        // A service and not one of axum's handlers, which would move the request once more and box
        // twice.
        let service = tower::service_fn(move |request| {
            let call = ApiRequest::receive(&received, request);
            async move {
                let answer = match call {
                    Ok(call) => handler.handle(call).await,
                    Err(error) => Err(error),
                };
                Ok::<_, Infallible>(answer.into_response())
            }
        });
        let route = on_service(filter, service);
        self.router = self.router.route(&operation.whole_path(), route);
        self.operations.push(operation);
        self
    }
}

/// A handler of Zendesk's API: every one takes a call and answers it or refuses it.
trait AsyncHandler: Copy + Send + Sync + 'static {
    fn handle(self, call: ApiRequest) -> impl Future<Output = Result<Response, ApiError>> + Send;
}

impl<F, Fut> AsyncHandler for F
where
    F: Fn(ApiRequest) -> Fut + Copy + Send + Sync + 'static,
    Fut: Future<Output = Result<Response, ApiError>> + Send,
{
    fn handle(self, call: ApiRequest) -> impl Future<Output = Result<Response, ApiError>> + Send {
        self(call)
    }
}

fn no_such_endpoint(request: &Request, paths: &[String]) -> ApiError {
    if let Some(context) = request.extensions().get::<Arc<RequestContext>>() {
        let near = did_you_mean(nearest_route(context.uri.path(), paths));
        context.hints.add(format!(
            "nothing is at {}{near}",
            quoted(context.uri.path())
        ));
    }
    ApiError::InvalidEndpoint
}

/// The route that was probably meant. A number in the path is taken for an agent's id.
fn nearest_route<'a>(path: &str, paths: &'a [String]) -> Option<&'a str> {
    let segments = path.split('/').map(|segment| {
        if is_number(segment) {
            "{agent_id}"
        } else {
            segment
        }
    });
    let path = segments.collect::<Vec<_>>().join("/");
    nearest(&path, paths.iter().map(String::as_str))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;
    use crate::zendesk::PREFIX;

    /// Assumed: the table and `openapi/` name the same operations, by the same ids. That the
    /// documented ones answer is tested over the wire.
    #[test]
    fn every_route_is_documented_and_every_documented_operation_is_a_route() {
        let mut routes: BTreeSet<_> = zendesk_routes()
            .operations
            .iter()
            .map(|operation| {
                (
                    operation.id.to_owned(),
                    operation.method.to_string(),
                    operation.whole_path(),
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
        let table: String = include_str!("router.rs").split_whitespace().collect();
        for operation in zendesk_routes().operations {
            let handler = table
                .split_once(&format!("\"{}\",", operation.id))
                .map_or("", |(_, rest)| rest);
            let handler = handler
                .split([',', ')'])
                .next()
                .and_then(|path| path.rsplit("::").next());
            assert_eq!(handler, Some(operation.id));
        }
    }

    /// Assumed: what is said to be at a path is what the router finds there.
    #[test]
    fn an_operation_is_found_as_the_router_finds_it() {
        let operations = zendesk_routes().operations;
        let at = |method: Method, path: &str| {
            let found = operation_at(&operations, &method, &format!("{PREFIX}{path}"));
            found.map(|operation| {
                (
                    operation.id,
                    operation
                        .agent_in(&format!("{PREFIX}{path}"))
                        .map(|agent| agent.0),
                )
            })
        };
        for operation in &operations {
            let path = operation
                .path
                .replace("{agent_id}", "7")
                .replace("{channel}", "talk")
                .replace("{job_id}", "j");
            let agent = operation.path.contains("{agent_id}").then_some(7);
            assert_eq!(
                at(operation.method.clone(), path.trim_end_matches('/')),
                Some((operation.id, agent))
            );
        }
        assert_eq!(
            at(Method::HEAD, "/me"),
            Some(("show_my_agent_availability", None))
        );
        assert_eq!(
            at(Method::GET, "/x"),
            Some(("show_agent_availability", None))
        );
        assert_eq!(
            at(Method::PUT, "/agent_statuses/agents/8"),
            Some(("update_agent_status", Some(8)))
        );
        for (method, path) in [
            (Method::GET, "/"),
            (Method::GET, "/7/"),
            (Method::GET, "s"),
            (Method::PUT, "/7"),
            (Method::GET, "/7/channels/talk"),
            (Method::GET, "/7/channels//relationships/work_items"),
            (Method::GET, "/agent_statuses/agents/me"),
        ] {
            assert_eq!(at(method.clone(), path), None, "{method} {path}");
        }
    }
}
