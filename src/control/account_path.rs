//! What the path of a call names: an account, and something of it.

use std::sync::Arc;

use axum::extract::path::ErrorKind;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;

use super::error::ControlError;
use super::{Control, blocking, body};
use crate::account::Account;
use crate::document::json::Document;
use crate::world::{AgentId, ChannelName, StatusId, WorkItemId};

const SUBDOMAIN: &str = "subdomain";

/// The account that a path names, which is there, and what else it names.
pub(crate) struct AccountPath {
    control: Arc<Control>,
    pub(super) account: Arc<Account>,
    parameters: Vec<(String, String)>,
}

impl FromRequestParts<Arc<Control>> for AccountPath {
    type Rejection = ControlError;

    async fn from_request_parts(
        parts: &mut Parts,
        control: &Arc<Control>,
    ) -> Result<Self, ControlError> {
        let read = Path::<Vec<_>>::from_request_parts(parts, control).await;
        let Path(parameters) = read.map_err(|rejection| unreadable(&rejection))?;
        let account = find(control, text(&parameters, SUBDOMAIN))?;
        Ok(Self {
            control: Arc::clone(control),
            account,
            parameters,
        })
    }
}

/// What is no text names nothing.
fn unreadable(rejection: &PathRejection) -> ControlError {
    let is_account = |kind: &ErrorKind| matches!(kind, ErrorKind::InvalidUtf8InPathParam { key } if key == SUBDOMAIN);
    match rejection {
        PathRejection::FailedToDeserializePathParams(error) if is_account(error.kind()) => {
            ControlError::NoAccount("of this name".to_owned())
        }
        _ => ControlError::NoRecord("the path is not UTF-8".to_owned()),
    }
}

/// The account of this name, which somebody calls.
pub(super) fn find(control: &Control, subdomain: &str) -> Result<Arc<Account>, ControlError> {
    control
        .registry
        .account(subdomain)
        .ok_or_else(|| ControlError::NoAccount(subdomain.to_owned()))
}

impl AccountPath {
    /// Receives the body of a call and does `work` with it: beside the threads that serve, if the
    /// body is long or the agent that the path names holds much.
    pub(super) async fn work<T: IntoResponse>(
        self,
        request: Request,
        work: impl FnOnce(&Account, &Document<'_>, Timestamp) -> Result<T, ControlError>
        + Send
        + 'static,
    ) -> Result<Response, ControlError> {
        let takes_long = self.is_of_much();
        self.long_work(takes_long, request, work).await
    }

    /// The same if it is known whether the work takes long, however short the body is.
    pub(super) async fn long_work<T: IntoResponse>(
        mut self,
        takes_long: bool,
        request: Request,
        work: impl FnOnce(&Account, &Document<'_>, Timestamp) -> Result<T, ControlError>
        + Send
        + 'static,
    ) -> Result<Response, ControlError> {
        let bytes = body::receive(request, &[body::JSON], body::MAX_BYTES).await?;
        self.find_again()?;
        let now = self.run_due().await;
        let takes_long = takes_long || blocking::is_long_text(bytes.len());
        blocking::answer(takes_long, move || {
            work(&self.account, &body::parse_if_any(bytes, body::parse)?, now)
        })
        .await
    }

    /// Whether the path names an agent that holds so much that to write it out takes long.
    pub(super) fn is_of_much(&self) -> bool {
        let held = self
            .agent()
            .ok()
            .and_then(|id| self.account.world.record(id));
        held.is_some_and(|agent| {
            blocking::are_many(agent.channels().map(|channel| channel.items().len()).sum())
        })
    }

    /// Looks the account up once more. While a body comes, it may be reset or deleted, and what is
    /// done then is done to the account that has the name.
    pub(super) fn find_again(&mut self) -> Result<(), ControlError> {
        self.account = find(&self.control, self.text(SUBDOMAIN))?;
        Ok(())
    }

    /// The present, by which everything that fell due has happened.
    pub(super) async fn run_due(&self) -> Timestamp {
        let now = self.account.clock.now();
        self.account.run_due(now).await;
        now
    }

    pub(super) fn agent(&self) -> Result<AgentId, ControlError> {
        self.id("agent", "agent_id").map(AgentId)
    }

    pub(super) fn channel(&self) -> Result<ChannelName, ControlError> {
        ChannelName::parse(self.text("channel")).ok_or_else(|| self.missing("channel", "channel"))
    }

    pub(super) fn work_item(&self) -> Result<WorkItemId, ControlError> {
        self.id("work item", "work_item_id").map(WorkItemId)
    }

    pub(super) fn status(&self) -> Result<StatusId, ControlError> {
        self.id("unified status", "agent_status_id").map(StatusId)
    }

    /// The id that a parameter of the path is. What is not a number names nothing.
    pub(super) fn id(&self, what: &str, parameter: &str) -> Result<u64, ControlError> {
        self.number(parameter)
            .ok_or_else(|| self.missing(what, parameter))
    }

    fn text(&self, name: &str) -> &str {
        text(&self.parameters, name)
    }

    fn number(&self, name: &str) -> Option<u64> {
        // Rust reads a sign as well.
        Some(self.text(name))
            .filter(|text| text.bytes().all(|byte| byte.is_ascii_digit()))?
            .parse()
            .ok()
    }

    fn missing(&self, what: &str, name: &str) -> ControlError {
        ControlError::NoRecord(format!("there is no {what} {}", self.text(name)))
    }
}

fn text<'a>(parameters: &'a [(String, String)], name: &str) -> &'a str {
    parameters
        .iter()
        .find(|(other, _)| other == name)
        .map_or("", |(_, value)| value)
}
