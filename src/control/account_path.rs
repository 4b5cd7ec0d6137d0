//! The path of a call: an account, and something in it.

use std::sync::Arc;

use axum::extract::path::ErrorKind;
use axum::extract::rejection::PathRejection;
use axum::extract::{FromRequestParts, Path, Request};
use axum::http::request::Parts;
use axum::response::IntoResponse;

use super::error::{ControlError, ControlResult};
use super::parameters::whole_number;
use super::source::Source;
use super::{Control, blocking, body};
use crate::account::Account;
use crate::document::json::Document;
use crate::world::{AgentId, ChannelName, Stamp, StatusId, WorkItemId};

const SUBDOMAIN: &str = "subdomain";

/// The account in a path, and the other parameters of the path.
pub(crate) struct AccountPath {
    control: Arc<Control>,
    pub(super) account: Arc<Account>,
    parameters: Vec<(String, String)>,
    /// The source that the call names, if any.
    source: Option<Arc<str>>,
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
            source: parts
                .extensions
                .get()
                .map(|Source(source)| Arc::clone(source)),
        })
    }
}

/// The 404 of a path that is not UTF-8.
fn unreadable(rejection: &PathRejection) -> ControlError {
    let is_account = |kind: &ErrorKind| matches!(kind, ErrorKind::InvalidUtf8InPathParam { key } if key == SUBDOMAIN);
    match rejection {
        PathRejection::FailedToDeserializePathParams(error) if is_account(error.kind()) => {
            ControlError::NoAccount("of this name".to_owned())
        }
        _ => ControlError::NoRecord("the path is not UTF-8".to_owned()),
    }
}

/// Finds the account with this subdomain.
pub(super) fn find(control: &Control, subdomain: &str) -> Result<Arc<Account>, ControlError> {
    control
        .registry
        .account(subdomain)
        .ok_or_else(|| ControlError::NoAccount(subdomain.to_owned()))
}

impl AccountPath {
    /// Receives the body of a call and does `work` with it. The work is done on a blocking thread
    /// if the body is long or the agent in the path holds many items.
    pub(super) async fn work<T: IntoResponse>(
        self,
        request: Request,
        work: impl FnOnce(&Account, &Document<'_>, Stamp) -> Result<T, ControlError> + Send + 'static,
    ) -> ControlResult {
        let takes_long = self.has_many_items();
        self.receive(takes_long, request, work).await
    }

    /// The same for work that takes long: it is always done on a blocking thread.
    pub(super) async fn long_work<T: IntoResponse>(
        self,
        request: Request,
        work: impl FnOnce(&Account, &Document<'_>, Stamp) -> Result<T, ControlError> + Send + 'static,
    ) -> ControlResult {
        self.receive(true, request, work).await
    }

    async fn receive<T: IntoResponse>(
        mut self,
        takes_long: bool,
        request: Request,
        work: impl FnOnce(&Account, &Document<'_>, Stamp) -> Result<T, ControlError> + Send + 'static,
    ) -> ControlResult {
        let bytes = body::receive(request, &[body::JSON], body::MAX_BYTES).await?;
        self.find_again()?;
        let stamp = self.run_due().await;
        let takes_long = takes_long || blocking::is_long_text(bytes.len());
        blocking::answer(takes_long, move || {
            work(
                &self.account,
                &body::parse_if_any(bytes, body::parse)?,
                stamp,
            )
        })
        .await
    }

    /// Whether writing the document of the agent in the path takes long, because it has many items.
    pub(super) fn has_many_items(&self) -> bool {
        let held = self
            .agent()
            .ok()
            .and_then(|id| self.account.world.record(id));
        held.is_some_and(|agent| {
            blocking::are_many(agent.channels().map(|channel| channel.items().len()).sum())
        })
    }

    /// Looks the account up again, since it may have been reset or deleted while the body arrived.
    pub(super) fn find_again(&mut self) -> Result<(), ControlError> {
        self.account = find(&self.control, self.text(SUBDOMAIN))?;
        Ok(())
    }

    /// Does what fell due by now, and returns the stamp of what the call does.
    pub(super) async fn run_due(&self) -> Stamp {
        let now = self.account.clock.now();
        self.account.run_due(now).await;
        Stamp {
            time: now,
            source: self.source.clone(),
        }
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

    /// The id in a parameter of the path. If it is not a number, nothing has it.
    pub(super) fn id(&self, what: &str, parameter: &str) -> Result<u64, ControlError> {
        whole_number(self.text(parameter)).ok_or_else(|| self.missing(what, parameter))
    }

    fn text(&self, name: &str) -> &str {
        text(&self.parameters, name)
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
