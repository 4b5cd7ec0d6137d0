//! The request as a handler sees it: the caller, the query, the body, and the world to answer from.

use std::borrow::Cow;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::Request;
use percent_encoding::percent_decode_str;
use serde_json::Value;

use super::body;
use super::context::RequestContext;
use super::query::{Query, is_number};
use crate::account::Account;
use crate::incoming::Unreadable;
use crate::world::{AgentId, ChannelName, Role, UserId, World};
use crate::zendesk::PREFIX;
use crate::zendesk::error::{ApiError, Code, Problem};
use crate::zendesk::hint::{nearest, quoted};
use crate::zendesk::response::cache::ResponseCache;

/// Words that paths have in the place of an agent's id.
const LITERALS: [&str; 3] = ["agent_statuses", "me", "update_many"];

/// A request to one of the routes. The layers in front of them have checked that the caller may
/// make it.
#[derive(Debug)]
pub(crate) struct ApiRequest {
    pub(crate) context: Arc<RequestContext>,
    pub(crate) account: Arc<Account>,
    pub(crate) cache: Arc<ResponseCache>,
    /// Whether the answer shows the fields of omnichannel routing. Read once, so that the whole
    /// answer agrees.
    pub(crate) shows_omnichannel: bool,
    pub(crate) query: Query,
    body: Body,
}

impl ApiRequest {
    pub(crate) fn new(mut request: Request, cache: &Arc<ResponseCache>) -> Result<Self, ApiError> {
        let context = request.extensions_mut().remove::<Arc<RequestContext>>();
        let context = context.ok_or(ApiError::Internal)?;
        let account = Arc::clone(context.account()?);
        Ok(Self {
            query: Query::parse(context.uri.query().unwrap_or_default()),
            shows_omnichannel: context.effective.shows_omnichannel(account.world.routing()),
            cache: Arc::clone(cache),
            body: request.into_body(),
            context,
            account,
        })
    }

    pub(crate) fn world(&self) -> &World {
        &self.account.world
    }

    /// Ends reading the query, and refuses the request if a parameter is wrong. Every handler calls
    /// this before it reads or writes the world.
    pub(crate) fn finish_query(&mut self) -> Result<(), ApiError> {
        let finished = self
            .query
            .finish(self.context.settings().validation, &self.context.hints);
        if let Some(parameters) = self.query.parameters() {
            let _ = self.context.metadata.parameters.set(parameters);
        }
        finished
    }

    /// The value of a path parameter. axum's `Path` refuses the whole path if one parameter is not
    /// UTF-8. Here that parameter is empty, which is neither a number nor a name.
    pub(crate) fn param(&self, name: &str) -> Cow<'_, str> {
        let operation = self.context.operation.as_ref();
        let template = operation.map_or("", |operation| operation.path);
        // Up to the first parameter, path and template are equal.
        let start = template.find('{').unwrap_or(template.len());
        let [template, path] = [template, self.context.uri.path()]
            .map(|path| path.get(start..).unwrap_or_default())
            .map(|path| path.split('/'));
        let is_wanted = |part: &str| {
            let part = part
                .strip_prefix('{')
                .and_then(|part| part.strip_suffix('}'));
            part == Some(name)
        };
        let value = template
            .zip(path)
            .find(|(part, _)| is_wanted(part))
            .map_or("", |(_, value)| value);
        // Nearly every value is a number. Without this look, decoding it takes 1.1 % of the
        // instructions of a call that shows an agent.
        if value.bytes().all(|byte| byte.is_ascii_alphanumeric()) {
            return Cow::Borrowed(value);
        }
        percent_decode_str(value).decode_utf8().unwrap_or_default()
    }

    /// Reads the agent's id from the path. A number that is too large for an id is an agent that
    /// does not exist. Anything but a number is refused together with the problems of the query, so
    /// this comes before [`Self::finish_query`].
    pub(crate) fn read_agent_id(&mut self) -> Result<AgentId, ApiError> {
        {
            let text = self.param("agent_id");
            if is_number(&text) {
                return text.parse().map(AgentId).map_err(|_| no_such_agent(text));
            }
            if let Some(near) = nearest(&text, LITERALS) {
                self.context.hints.add(format!(
                    "{} is not an agent id, did you mean `{near}`?",
                    quoted(&text)
                ));
            }
        }
        let problem = Problem::new(
            Code::InvalidAgentId,
            "The agent id in the path is not a number.",
        );
        self.query.add_problem(problem.clone());
        Err(problem.into())
    }

    /// The channel in the path.
    pub(crate) fn channel_in_path(&self) -> Result<ChannelName, ApiError> {
        let channel = ChannelName::parse(&self.param("channel"));
        channel.ok_or_else(|| {
            ApiError::not_found(format!(
                "There is no such channel. The channels are {}.",
                ChannelName::NAMES.join(", ")
            ))
        })
    }

    /// The caller, as an agent.
    pub(crate) fn caller_as_agent(&self) -> Result<AgentId, ApiError> {
        let agent = self.context.caller()?.user.map(UserId::as_agent);
        agent.ok_or_else(|| ApiError::not_found("The caller is no agent."))
    }

    /// Whether the caller is an admin. Agents may call only the `/me` forms, so links in their
    /// answers have `/me`.
    pub(crate) fn is_by_admin(&self) -> bool {
        matches!(self.context.caller(), Ok(caller) if caller.role == Role::Admin)
    }

    /// The URL of a path below [`PREFIX`].
    pub(crate) fn url(&self, path: &str) -> Result<String, ApiError> {
        Ok([self.context.base_url()?, PREFIX, path].concat())
    }

    /// The URL of a path below `/api/v2`.
    pub(crate) fn api_url(&self, path: &str) -> Result<String, ApiError> {
        Ok([self.context.base_url()?, "/api/v2", path].concat())
    }

    /// Reads an id of the Ticketing API from the path.
    pub(crate) fn read_id(&self, parameter: &str, action: &'static str) -> Result<u64, ApiError> {
        let text = self.param(parameter);
        if !is_number(&text) {
            self.context.hints.add(format!(
                "{} is not an id; if this is a call that is not here, a rule with `answer` can answer it",
                quoted(&text)
            ));
            return Err(ApiError::InvalidAttribute { name: "id", action });
        }
        text.parse().map_err(|_| ApiError::NoRecord)
    }

    /// Receives the body, of any type.
    pub(crate) async fn receive_body(&mut self) -> Result<Bytes, Unreadable> {
        let body = std::mem::take(&mut self.body);
        let bytes = body::receive(&self.context, body).await.cloned();
        self.account.pass_gate().await;
        bytes
    }

    /// Adds the parameters of a form in the body to the query, after its own, and returns both as
    /// one form.
    pub(crate) async fn read_form(&mut self) -> Result<String, ApiError> {
        let body = self.receive_body().await?;
        let form = body::form(&self.context, &body)?;
        let query = self.context.uri.query().unwrap_or_default();
        let form = format!("{query}&{form}");
        self.query = Query::parse(&form);
        Ok(form)
    }

    /// Receives a body of JSON, and reads it with this function.
    pub(crate) async fn read_body<T>(
        &mut self,
        read: fn(&RequestContext, &Value) -> Result<T, ApiError>,
    ) -> Result<T, ApiError> {
        let body = std::mem::take(&mut self.body);
        let value = body::receive_json(&self.context, body).await;
        self.account.pass_gate().await;
        read(&self.context, &value?)
    }
}

pub(crate) fn no_such_agent(id: impl std::fmt::Display) -> ApiError {
    ApiError::not_found(format!("There is no agent {id}."))
}
