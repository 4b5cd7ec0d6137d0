//! Work that takes long, done beside the threads that serve, so that others are served meanwhile.

use std::sync::Arc;
use std::time::Duration;

use axum::response::{IntoResponse, Response};

use super::error::ControlError;
use crate::account::Account;

/// From how many bytes, and from how many agents, events and the like, work takes long: longer than
/// handing it over.
const MANY_BYTES: usize = 64 * 1024;
const MANY: usize = 200;
/// How often it is looked whether calls to an account that is no more have ended.
const PAUSE: Duration = Duration::from_millis(100);

pub(super) fn is_long_text(bytes: usize) -> bool {
    bytes > MANY_BYTES
}

pub(super) fn are_many(things: usize) -> bool {
    things > MANY
}

/// Does the work, elsewhere if it takes long.
pub(super) async fn run<T: Send + 'static>(
    takes_long: bool,
    work: impl FnOnce() -> T + Send + 'static,
) -> T {
    if takes_long {
        spawn(work).await
    } else {
        work()
    }
}

/// Makes an answer, elsewhere if that takes long. To write a large one out takes as long as to find
/// what it says.
pub(super) async fn answer<T: IntoResponse>(
    takes_long: bool,
    make: impl FnOnce() -> Result<T, ControlError> + Send + 'static,
) -> Result<Response, ControlError> {
    run(takes_long, || make().map(T::into_response)).await
}

/// Drops an account to which no more calls will come, beside the threads that serve, when those
/// that are under way have ended: the last of them would have to do it.
pub(super) fn drop_later(account: Arc<Account>) {
    tokio::spawn(async move {
        while Arc::strong_count(&account) > 1 {
            tokio::time::sleep(PAUSE).await;
        }
        spawn(|| drop(account)).await;
    });
}

/// Does work that can take long. What it owns is dropped there too.
pub(super) async fn spawn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work)
        .await
        .map_err(tokio::task::JoinError::try_into_panic)
    {
        Ok(done) => done,
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        // The server stops, and nobody waits for this any more.
        Err(Err(_)) => std::future::pending().await,
    }
}
