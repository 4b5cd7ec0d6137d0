//! Work that takes long, done beside the threads that serve.

use super::error::ApiError;

/// Does the work on a blocking thread.
pub(super) async fn run<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, ApiError> {
    tokio::task::spawn_blocking(work).await.map_err(|error| {
        tracing::error!(%error, "work on a blocking thread ended early");
        ApiError::Internal
    })
}
