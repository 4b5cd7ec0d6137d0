//! The whole of an account as one document, which is a seed as well: to look at, to replace and to change.

use std::sync::Arc;

use axum::body::Bytes;
use axum::extract::{Request, State};
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use serde_json::Value;

use super::accounts::{Subdomain, find};
use super::error::ControlError;
use super::{Control, body, heavy};
use crate::account::{Account, Snapshot};
use crate::seed::Seed;
use crate::seed::merge::merge;

/// The largest body: a seed of some hundred thousand agents.
const MAX_BYTES: usize = 256 * 1024 * 1024;

/// `GET /_emulator/accounts/{subdomain}/snapshot`
pub(crate) async fn show_snapshot(
    State(control): State<Arc<Control>>,
    Subdomain(subdomain): Subdomain,
) -> Result<Response, ControlError> {
    let account = find(&control, &subdomain)?;
    let now = account.clock.now();
    account.settle(now);
    let snapshot = account.snapshot(now);
    let text = heavy::run(heavy::are_many(snapshot.agents()), move || snapshot.document().to_text()).await;
    Ok(answer(text))
}

/// `PUT /_emulator/accounts/{subdomain}/snapshot`
pub(crate) async fn replace_snapshot(
    State(control): State<Arc<Control>>,
    Subdomain(subdomain): Subdomain,
    request: Request,
) -> Result<Response, ControlError> {
    change(&control, &subdomain, request, |account, document| {
        let now = account.clock.now();
        let seed = body::read(document, Seed::read)?;
        account.settle(now);
        account.replace(&seed, now)?;
        Ok(account.snapshot(now))
    })
    .await
}

/// `PATCH /_emulator/accounts/{subdomain}/snapshot`
pub(crate) async fn update_snapshot(
    State(control): State<Arc<Control>>,
    Subdomain(subdomain): Subdomain,
    request: Request,
) -> Result<Response, ControlError> {
    change(&control, &subdomain, request, |account, patch| {
        let now = account.clock.now();
        account.settle(now);
        account.edit(|snapshot| body::read(&patched(snapshot, patch), Seed::read), now)?;
        Ok(account.snapshot(now))
    })
    .await
}

fn patched(snapshot: &Snapshot, patch: &Value) -> Value {
    let mut document = snapshot.document().to_value();
    if let Some(Value::Object(limit)) = document.pointer_mut("/settings/rate_limit") {
        // Calls that come meanwhile count, unless the patch says what is to be left.
        limit.shift_remove("remaining");
    }
    merge(&mut document, patch);
    document
}

async fn change(
    control: &Control,
    subdomain: &str,
    request: Request,
    change: fn(&Account, &Value) -> Result<Snapshot, ControlError>,
) -> Result<Response, ControlError> {
    let bytes = body::receive_bytes(request, MAX_BYTES).await?;
    let account = find(control, subdomain)?;
    let takes_long = heavy::is_long_text(bytes.len()) || heavy::are_many(account.world.agent_count());
    let work = move || {
        let document = body::parse(&bytes)?;
        // Either is as large as the account.
        drop(bytes);
        Ok::<_, ControlError>(change(&account, &document)?.document().to_text())
    };
    Ok(answer(heavy::run(takes_long, work).await?))
}

fn answer(text: impl Into<Bytes>) -> Response {
    ([(CONTENT_TYPE, "application/json")], text.into()).into_response()
}
