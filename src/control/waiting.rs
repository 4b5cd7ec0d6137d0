//! Waiting for events of an account, for lists that wait and for streams.

use std::future::Future;
use std::pin::pin;

use futures_util::future::{Either, select};

use super::Control;
use crate::account::Account;

/// Waits for `happens`. Meanwhile the account counts as used, and what falls due is done without
/// another call. Waiting takes no processor time.
pub(super) async fn until<T>(
    control: &Control,
    account: &Account,
    happens: impl Future<Output = T>,
) -> T {
    let _waiting = control.registry.wait_at(account);
    // In this order: an event that is there already needs no timer.
    match select(pin!(happens), pin!(account.keep_running_due())).await {
        Either::Left((happened, _)) => happened,
        Either::Right((never, _)) => match never {},
    }
}
