//! Waiting for what happens in an account: the one way of lists that wait and of streams.

use std::future::Future;
use std::pin::pin;

use futures_util::future::{Either, select};

use super::Control;
use crate::account::Account;

/// What comes of `happens`. Meanwhile the account is in use, and what falls due there happens
/// without another call. Until then this takes no time of the processor.
pub(super) async fn until<T>(
    control: &Control,
    account: &Account,
    happens: impl Future<Output = T>,
) -> T {
    let _waiting = control.registry.wait_at(account);
    // In this order: what happens at once needs no timer.
    match select(pin!(happens), pin!(account.keep_running_due())).await {
        Either::Left((happened, _)) => happened,
        Either::Right((never, _)) => match never {},
    }
}
