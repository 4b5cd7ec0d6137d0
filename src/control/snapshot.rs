//! The whole of an account as one document, which is a seed as well: to look at, to replace and to change.

use axum::body::Bytes;
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::Value;

use super::error::ControlError;
use super::place::Place;
use super::{body, heavy};
use crate::account::{Account, Snapshot};
use crate::seed::Seed;
use crate::seed::merge::merge;

/// The largest body: a seed of some hundred thousand agents.
const MAX_BYTES: usize = 256 * 1024 * 1024;

/// `GET /_emulator/accounts/{subdomain}/snapshot`
pub(crate) async fn show_snapshot(place: Place) -> Response {
    let takes_long = heavy::are_many(place.account.world.agent_count());
    let now = place.settled().await;
    answer(heavy::run(takes_long, move || place.account.snapshot(now).document().to_text()).await)
}

/// `PUT /_emulator/accounts/{subdomain}/snapshot`
pub(crate) async fn replace_snapshot(place: Place, request: Request) -> Result<Response, ControlError> {
    change(place, request, |account, document, now| {
        account.replace(&body::read(document, Seed::read)?, now)?;
        Ok(account.snapshot(now))
    })
    .await
}

/// `PATCH /_emulator/accounts/{subdomain}/snapshot`
pub(crate) async fn update_snapshot(place: Place, request: Request) -> Result<Response, ControlError> {
    change(place, request, |account, patch, now| {
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
    mut place: Place,
    request: Request,
    change: fn(&Account, &Value, Timestamp) -> Result<Snapshot, ControlError>,
) -> Result<Response, ControlError> {
    let bytes = body::receive_bytes(request, MAX_BYTES).await?;
    place.find_again()?;
    let takes_long = heavy::is_long_text(bytes.len()) || heavy::are_many(place.account.world.agent_count());
    let now = place.settled().await;
    let work = move || {
        let document = body::parse(&bytes)?;
        // Either is as large as the account.
        drop(bytes);
        Ok::<_, ControlError>(change(&place.account, &document, now)?.document().to_text())
    };
    Ok(answer(heavy::run(takes_long, work).await?))
}

fn answer(text: impl Into<Bytes>) -> Response {
    ([(CONTENT_TYPE, "application/json")], text.into()).into_response()
}
