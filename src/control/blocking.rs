//! Work that takes long, done on blocking threads, so that the threads that serve stay free.

use std::sync::Arc;
use std::time::Duration;

use axum::response::IntoResponse;

use super::error::{ControlError, ControlResult};
use crate::account::Account;

/// From how many bytes, and from how many agents, events and the like, work takes longer than
/// handing it to another thread.
const MANY_BYTES: usize = 64 * 1024;
const MANY: usize = 200;
/// How often to check whether the last calls to a removed account have ended.
const PAUSE: Duration = Duration::from_millis(100);

pub(super) fn is_long_text(bytes: usize) -> bool {
    bytes > MANY_BYTES
}

pub(super) fn are_many(things: usize) -> bool {
    things > MANY
}

/// Does the work, on a blocking thread if it takes long.
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

/// Makes an answer, on a blocking thread if that takes long. This includes writing its body.
pub(super) async fn answer<T: IntoResponse>(
    takes_long: bool,
    make: impl FnOnce() -> Result<T, ControlError> + Send + 'static,
) -> ControlResult {
    run(takes_long, || make().map(T::into_response)).await
}

/// Drops a removed account on a blocking thread, once the calls under way have ended. Otherwise the
/// last of those calls would drop it.
pub(super) fn drop_later(account: Arc<Account>) {
    tokio::spawn(async move {
        while Arc::strong_count(&account) > 1 {
            tokio::time::sleep(PAUSE).await;
        }
        spawn(|| drop(account)).await;
    });
}

/// Does the work on a blocking thread, where what it owns is dropped too.
pub(super) async fn spawn<T: Send + 'static>(work: impl FnOnce() -> T + Send + 'static) -> T {
    match tokio::task::spawn_blocking(work)
        .await
        .map_err(tokio::task::JoinError::try_into_panic)
    {
        Ok(done) => done,
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        // The server stops, and the result is not needed.
        Err(Err(_)) => std::future::pending().await,
    }
}
