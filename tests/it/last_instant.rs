//! The last instant, at which a clock that is moved too far stops.

use std::time::Duration;

use zendesk_availability_emulator::jiff::Timestamp;
use zendesk_availability_emulator::world::{AgentId, StatusId, StatusReason};

use crate::harness::Account;

/// Assumed: an event at the last instant is kept and shown with that time, to the microsecond
/// (`src/world/micros.rs`).
#[test]
fn what_happens_in_the_last_second_is_shown_in_it() {
    let account = Account::demo();
    account.advance(Duration::MAX);
    assert_eq!(account.now(), Timestamp::MAX);
    let agent = account.set_status(AgentId(10011), StatusId(4), StatusReason::PublicApi);
    assert_eq!(
        agent.map(|agent| agent.status.updated_at.as_microsecond()),
        Ok(Timestamp::MAX.as_microsecond())
    );
    let answer = account.update(10011, 3);
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(
        account.attributes(10011)["agent_status"]["updated_at"],
        "9999-12-30T22:00:00.999999Z"
    );
}
