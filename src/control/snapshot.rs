//! A whole account as one document, which is also a seed: shown, replaced and changed.

use axum::body::Bytes;
use axum::extract::Request;
use axum::http::header::CONTENT_TYPE;
use axum::response::{IntoResponse, Response};

use super::account_path::AccountPath;
use super::error::{ControlError, ControlResult};
use super::{blocking, body};
use crate::account::{Account, AccountSnapshot};
use crate::document::json::Document;
use crate::document::merge::merge;
use crate::seed::Seed;
use crate::world::Stamp;

/// The largest body: a seed of some hundred thousand agents.
const MAX_BYTES: usize = 256 * 1024 * 1024;

/// `GET /_emulator/accounts/{subdomain}/snapshot`
pub(crate) async fn show_snapshot(path: AccountPath) -> Response {
    let now = path.run_due().await.time;
    answer(blocking::spawn(move || path.account.snapshot(now).document().to_text()).await)
}

/// `PUT /_emulator/accounts/{subdomain}/snapshot`
pub(crate) async fn replace_snapshot(path: AccountPath, request: Request) -> ControlResult {
    change(path, request, |account, document, stamp| {
        let now = stamp.time;
        account.replace(&body::read(document, Seed::read)?, stamp)?;
        Ok(account.snapshot(now))
    })
    .await
}

/// `PATCH /_emulator/accounts/{subdomain}/snapshot`
pub(crate) async fn update_snapshot(path: AccountPath, request: Request) -> ControlResult {
    change(path, request, |account, patch, stamp| {
        let now = stamp.time;
        account.edit(
            |snapshot| body::read(&patched(snapshot, patch), Seed::read),
            stamp,
        )?;
        Ok(account.snapshot(now))
    })
    .await
}

fn patched(snapshot: &AccountSnapshot, patch: &Document<'_>) -> Document<'static> {
    merge(snapshot.to_edit().value(), patch.value())
}

async fn change(
    mut path: AccountPath,
    request: Request,
    change: fn(&Account, &Document<'_>, Stamp) -> Result<AccountSnapshot, ControlError>,
) -> ControlResult {
    let bytes = body::receive(request, &[body::JSON], MAX_BYTES).await?;
    path.find_again()?;
    let stamp = path.run_due().await;
    let work = move || {
        let document = body::parse(bytes)?;
        Ok::<_, ControlError>(
            change(&path.account, &document, stamp)?
                .document()
                .to_text(),
        )
    };
    Ok(answer(blocking::spawn(work).await?))
}

fn answer(text: impl Into<Bytes>) -> Response {
    ([(CONTENT_TYPE, "application/json")], text.into()).into_response()
}
