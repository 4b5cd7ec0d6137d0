//! 404 and 405: a path that is not there, and a method that the path does not have.

use std::sync::Arc;

use axum::extract::{MatchedPath, Request};
use axum::http::header::ALLOW;
use axum::response::{IntoResponse, Response};

use super::context;
use crate::control::paths::ControlPaths;
use crate::incoming::ZENDESK_API;
use crate::zendesk::capacity_rules;
use crate::zendesk::error::ApiError;
use crate::zendesk::hint::{did_you_mean, nearest, quoted};
use crate::zendesk::request::context::RequestContext;
use crate::zendesk::request::operation::OperationTable;
use crate::zendesk::request::query::is_number;

/// The paths of both APIs.
#[derive(Debug)]
pub(crate) struct KnownPaths {
    pub(crate) operations: OperationTable,
    pub(crate) control: ControlPaths,
}

impl KnownPaths {
    /// The answer to a request that no route takes.
    pub(crate) fn refusal(&self, request: &Request) -> Option<Response> {
        let is_unknown = |context: &&Arc<RequestContext>| {
            context.operation.is_none() && !context.is_answered_by_rule()
        };
        let context = context(request).filter(is_unknown)?;
        let route = request
            .extensions()
            .get::<MatchedPath>()
            .map(MatchedPath::as_str);
        let path = context.uri.path();
        if context.is_control() {
            let refusal = self.control.refusal(route, &context.method, path)?;
            return Some(refusal.into_response());
        }
        // The limit counts the call, and does not refuse it.
        let _ = context.count_call();
        if let Some(allowed) = route.and_then(|route| self.operations.allowed(route)) {
            if let Some(hint) = capacity_rules::read_only_hint(path) {
                context.hints.add(hint);
            }
            let mut response = ApiError::MethodNotAllowed.into_response();
            response.headers_mut().insert(ALLOW, allowed);
            return Some(response);
        }
        let end = match nearest_path(path, &self.operations) {
            None if path.starts_with(ZENDESK_API) => {
                "; a rule with `answer` can answer here".to_owned()
            }
            near => did_you_mean(near),
        };
        context
            .hints
            .add(format!("nothing is at {}{end}", quoted(path)));
        Some(ApiError::InvalidEndpoint.into_response())
    }
}

/// The path that was probably meant. A number in it is taken for an agent's id. The path of another
/// resource, such as users in place of tickets, was not meant.
fn nearest_path(path: &str, operations: &OperationTable) -> Option<&'static str> {
    let resource = |path: &str| {
        let rest = path.strip_prefix(ZENDESK_API).unwrap_or(path);
        rest.split('/').next().unwrap_or_default().to_owned()
    };
    let wanted = path.starts_with(ZENDESK_API).then(|| resource(path));
    let of_resource = |path: &&str| {
        let is_near = |wanted: &String| nearest(wanted, [&*resource(path)]).is_some();
        wanted.as_ref().is_none_or(is_near)
    };
    let parts = path
        .split('/')
        .map(|part| if is_number(part) { "{agent_id}" } else { part });
    let path = parts.collect::<Vec<_>>().join("/");
    let paths = operations.iter().map(|operation| operation.path);
    nearest(&path, paths.filter(of_resource))
}
