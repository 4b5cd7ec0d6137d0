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
        Ok(account.replace(&body::read(document, Seed::read)?, stamp)?)
    })
    .await
}

/// `PATCH /_emulator/accounts/{subdomain}/snapshot`
pub(crate) async fn update_snapshot(path: AccountPath, request: Request) -> ControlResult {
    change(path, request, |account, patch, stamp| {
        let patched = |snapshot: &AccountSnapshot| {
            let document = merge(snapshot.to_edit().value(), patch.value());
            body::read(&document, Seed::read)
        };
        account.edit(patched, stamp)
    })
    .await
}

/// Changes the account by a body, and answers with its snapshot.
async fn change(
    mut path: AccountPath,
    request: Request,
    change: fn(&Account, &Document<'_>, Stamp) -> Result<(), ControlError>,
) -> ControlResult {
    let bytes = body::receive(request, &[body::JSON], MAX_BYTES).await?;
    path.find_again()?;
    let stamp = path.run_due().await;
    let work = move || {
        let now = stamp.time;
        change(&path.account, &body::parse(bytes)?, stamp)?;
        Ok::<_, ControlError>(path.account.snapshot(now).document().to_text())
    };
    Ok(answer(blocking::spawn(work).await?))
}

fn answer(text: impl Into<Bytes>) -> Response {
    ([(CONTENT_TYPE, "application/json")], text.into()).into_response()
}
