//! The groups of an account.

use axum::Json;

use super::account_path::AccountPath;
use super::blocking;
use super::error::ControlResult;
use crate::seed::write;
use crate::wire::group::GroupList;

/// `GET /_emulator/accounts/{subdomain}/groups`
pub(crate) async fn list_groups(path: AccountPath) -> ControlResult {
    path.run_due().await;
    let list = move || {
        let directory = path.account.world.directory();
        let groups = directory.groups.values().map(write::group).collect();
        Ok(Json(GroupList { groups }))
    };
    blocking::answer(true, list).await
}
