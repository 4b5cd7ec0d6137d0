//! A body that never arrives.

use std::convert::Infallible;
use std::time::Duration;

use axum::body::Body;
use futures_util::stream::{self, StreamExt};
use serde_json::json;
use zendesk_availability_emulator::client::{Fault, FaultRule};

use crate::harness::{Account, Ask, kept_body};

/// Assumed: a body that does not arrive within 30 seconds is a 408, and nothing is changed. The
/// journal has what arrived.
#[test]
fn a_body_that_never_comes_is_given_up() {
    is_given_up(&Account::demo());
}

/// The same, after the same time, if a fault has to examine the body.
#[test]
fn a_body_that_never_comes_to_a_fault_is_given_up() {
    let account = Account::demo();
    let default = account.emulator().default_account();
    let rule = FaultRule::new(Fault::new().status(503)).body(json!({ "id": 4 }));
    default.set_faults(&[rule]).expect("a rule");
    is_given_up(&account);
    assert_eq!(default.faults().expect("rules")[0].matched, 0);
}

fn is_given_up(account: &Account) {
    let half = stream::once(async { Ok::<_, Infallible>("{\"id\"") });
    let body = Body::from_stream(half.chain(stream::pending()));
    let update = Ask::update();
    let answer = account.run(async {
        let answer = account.answer_body(&update, body);
        tokio::time::timeout(Duration::from_secs(31), answer).await
    });
    let answer = answer.expect("an answer in time");
    assert_eq!(answer.status, 408);
    assert_eq!(
        answer.text(),
        r#"{"error":"RequestTimeout","description":"The request body did not arrive in time"}"#
    );
    assert_eq!(account.world().events(), []);
    assert_eq!(
        kept_body(account.emulator()),
        (Some("{\"id\"".to_owned()), false)
    );
}
