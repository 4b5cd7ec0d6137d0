//! Faults and answers: rules that say which requests to Zendesk's API are hit, when, and what happens
//! to them.

mod answer;
mod combinations;
mod read;
mod write;

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};

use super::account_path::AccountPath;
use super::error::ControlResult;
use super::{Control, blocking, body};
use crate::account::Account;
use crate::document::json::Document;
use crate::world::Stamp;

/// `GET /_emulator/accounts/{subdomain}/faults`
pub(crate) async fn show_faults(path: AccountPath) -> ControlResult {
    let rules = path.account.faults.rules();
    let size = rules.iter().map(|counted| counted.rule.effect.size()).sum();
    let takes_long = blocking::are_many(rules.len()) || blocking::is_long_text(size);
    blocking::answer(takes_long, move || Ok(Json(write::document(&rules)))).await
}

/// `PUT /_emulator/accounts/{subdomain}/faults`
pub(crate) async fn set_faults(
    State(control): State<Arc<Control>>,
    path: AccountPath,
    request: Request,
) -> ControlResult {
    let set = move |account: &Account, given: &Document<'_>, stamp: Stamp| {
        let rules = body::read(given, |node| read::rules(node, &control.operations))?;
        account.faults.set_rules(rules, stamp.time);
        Ok(Json(write::document(&account.faults.rules())))
    };
    path.work(request, set).await
}
