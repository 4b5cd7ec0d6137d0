//! The state of an agent, which is the status of its channel `talk`.

use axum::http::Method;
use serde_json::{Value, json};
use zendesk_availability_emulator::world::{ChannelName, ChannelStatus, EventKind};

use super::{account, availability, history, patch, put, shown, steer, switch_routing, update};
use crate::harness::{Account, elements};
use crate::list::agents;

fn changed(previous: ChannelStatus, new: ChannelStatus) -> EventKind {
    EventKind::StateChanged {
        channel: ChannelName::Talk,
        previous,
        new,
    }
}

/// The agents that the availability API lists with this status on the channel.
fn listed(account: &Account, status: &str) -> Vec<u64> {
    agents(&account.json(&format!("?filter[channel_status]=talk:{status}")))
}

fn talk_channel(account: &Account) -> Value {
    let document = account.json("/11");
    let included = elements(&document["included"]);
    let id = "agent_availabilities|11|channels|talk";
    let talk = included.iter().find(|part| part["id"] == id);
    talk.expect("the channel")["attributes"].clone()
}

/// Documented: the state can be set while routing is off. Assumed: the unified status stays.
#[test]
fn without_routing_an_update_sets_the_channel_and_nothing_else() {
    let account = account();
    switch_routing(&account, false);
    let before = patch(&account, 11, &json!({}));
    let answer = put(&account, &json!({ "agent_state": "away" }));
    assert_eq!(
        answer.json(),
        json!({ "availability": availability("away", None, "client") })
    );
    assert_eq!(answer.header("x-emulator-hint"), None);
    assert_eq!(shown(&account, 11), availability("away", None, "client"));
    assert_eq!(talk_channel(&account)["status"], "away");
    let after = patch(&account, 11, &json!({}));
    assert_eq!(after["agent_status"], before["agent_status"]);
    assert_eq!(after["channels"]["support"], before["channels"]["support"]);
    let change = changed(ChannelStatus::Online, ChannelStatus::Away);
    assert_eq!(history(&account), (2, vec![(2, change)]));
    assert_eq!(listed(&account, "away"), [11, 12]);
    assert_eq!(listed(&account, "online"), [] as [u64; 0]);
}

/// Assumed, like a channel whose status stays: no event, no version.
#[test]
fn the_present_state_again_changes_nothing() {
    let account = account();
    for routing in [true, false] {
        switch_routing(&account, routing);
        let answer = put(
            &account,
            &json!({ "agent_state": "online", "via": "client" }),
        );
        assert_eq!(answer.status, 200, "{}", answer.text());
    }
    assert_eq!(history(&account), (1, Vec::new()));
}

/// Documented: with routing on, an update that would change the state is a 400. The body is
/// assumed.
#[test]
fn with_routing_the_state_follows_the_unified_status() {
    let account = account();
    let before = account.state();
    let refused = put(&account, &json!({ "agent_state": "away", "via": "phone" }));
    assert_eq!(
        (refused.status.as_u16(), refused.json()),
        (
            400,
            json!({
                "error": "BadRequest",
                "description": "The Talk state follows the unified status while omnichannel routing is on.",
            })
        )
    );
    assert_eq!(account.state(), before);
    let set = account.update(11, 5);
    assert_eq!(set.status, 200);
    let expected = availability("transfers_only", None, "client");
    assert_eq!(shown(&account, 11), expected);
}

/// Documented: `via` can always be set. Assumed: it is a version without an event.
#[test]
fn via_is_set_whether_or_not_routing_is_on() {
    let account = account();
    let expected = availability("online", None, "phone");
    assert_eq!(
        put(&account, &json!({ "via": "phone" })).at("/availability"),
        expected
    );
    assert_eq!(history(&account), (2, Vec::new()));
    switch_routing(&account, false);
    let both = put(
        &account,
        &json!({ "agent_state": "offline", "via": "client" }),
    );
    assert_eq!(
        both.at("/availability"),
        availability("offline", None, "client")
    );
    let change = changed(ChannelStatus::Online, ChannelStatus::Offline);
    assert_eq!(history(&account), (4, vec![(3, change)]));
    assert_eq!(shown(&account, 12), availability("away", None, "client"));
}

/// Assumed: the state is one value, whichever API wrote it.
#[test]
fn a_channel_that_is_set_elsewhere_is_the_state() {
    let account = account();
    let channel = json!({ "status": "transfers_only" });
    steer(
        &account,
        Method::PATCH,
        "/agents/11/channels/talk",
        &channel,
    );
    let expected = availability("transfers_only", None, "client");
    assert_eq!(shown(&account, 11), expected);
    patch(&account, 11, &json!({ "agent_status": { "id": 4 } }));
    assert_eq!(shown(&account, 11), availability("away", None, "client"));
}

/// Assumed: an agent that does not exist or takes no calls is a 404, as for any record.
#[test]
fn agents_that_take_no_calls_are_not_found() {
    let account = account();
    for agent in ["14", "99", "99999999999999999999999"] {
        let path = format!("/channels/voice/availabilities/{agent}");
        let get = super::ask(&path);
        let put = update(&json!({ "via": "phone" })).to(format!("/api/v2{path}"));
        for ask in [get, put] {
            let answer = account.send(&ask);
            assert_eq!(answer.status, 404, "{agent}");
            let body = json!({ "error": "RecordNotFound", "description": "Not found" });
            assert_eq!(answer.json(), body);
        }
    }
    let without = account.send(&super::ask("/channels/voice/availabilities/14"));
    assert_eq!(without.hint(), "agent 14 has no channel talk");
    let wrong = account.send(&super::ask("/channels/voice/availabilities/me"));
    assert_eq!(wrong.status, 400);
    assert_eq!(wrong.at("/error/title"), "Invalid attribute");
}
