//! The numbers of the queue of calls. The queue is not a list of calls: a test says what the
//! statistics show.

use axum::Json;
use axum::extract::Request;

use super::account_path::AccountPath;
use super::body;
use super::error::{ControlError, ControlResult};
use crate::account::Account;
use crate::document::json::Document;
use crate::seed::talk::{check_statistic_removals, read_statistics};
use crate::world::{QueueStatistic, Stamp, TalkQueue};

/// `GET /_emulator/accounts/{subdomain}/talk_queue`
pub(crate) async fn show_talk_queue(path: AccountPath) -> Json<TalkQueue> {
    path.run_due().await;
    Json(path.account.world.talk_queue())
}

/// `PUT /_emulator/accounts/{subdomain}/talk_queue`
pub(crate) async fn replace_talk_queue(path: AccountPath, request: Request) -> ControlResult {
    let replace = |account: &Account, given: &Document<'_>, _: Stamp| {
        let queue = body::read(given, read_statistics)?;
        account
            .world
            .update_talk_queue(|_| Ok::<_, ControlError>(queue))
            .map(Json)
    };
    path.work(request, replace).await
}

/// `PATCH /_emulator/accounts/{subdomain}/talk_queue`
pub(crate) async fn update_talk_queue(path: AccountPath, request: Request) -> ControlResult {
    let update = |account: &Account, patch: &Document<'_>, _: Stamp| {
        let merged = |held: &TalkQueue| {
            let removals = check_statistic_removals::<QueueStatistic>;
            body::read_patched(held, patch.value(), removals, read_statistics)
        };
        account.world.update_talk_queue(merged).map(Json)
    };
    path.work(request, update).await
}
