//! Work that takes long, done beside the threads that serve, so that others are served meanwhile.

/// From how many bytes, and from how many agents, work takes long: longer than handing it over.
const MANY_BYTES: usize = 64 * 1024;
const MANY_AGENTS: usize = 200;

pub(super) fn is_long_text(bytes: usize) -> bool {
    bytes > MANY_BYTES
}

pub(super) fn are_many(agents: usize) -> bool {
    agents > MANY_AGENTS
}

/// Does the work, elsewhere if it takes long.
pub(super) async fn run<T: Send + 'static>(takes_long: bool, work: impl FnOnce() -> T + Send + 'static) -> T {
    if !takes_long {
        return work();
    }
    match tokio::task::spawn_blocking(work).await.map_err(tokio::task::JoinError::try_into_panic) {
        Ok(done) => done,
        Err(Ok(panic)) => std::panic::resume_unwind(panic),
        // The server stops, and nobody waits for this any more.
        Err(Err(_)) => std::future::pending().await,
    }
}
