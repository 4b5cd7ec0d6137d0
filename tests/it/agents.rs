//! One agent: contract, section 2, `GET /api/v2/agent_availabilities/{agent_id}` and `/me`.

use serde_json::json;

use crate::harness::{Account, Ask};

/// Documented: the example of the API reference.
#[test]
fn an_agent_is_shown_with_its_channels_and_first_work_items() {
    let agent = Account::demo().json("/10011");
    assert_eq!(agent["data"]["attributes"]["agent_status"]["name"], "online");
    assert_eq!(agent["data"]["attributes"]["version"], 236);
    assert_eq!(agent["included"][0]["id"], "agent_availabilities|10011|channels|messaging");
    assert_eq!(agent["included"][0]["attributes"]["work_item_count"], 5);
    assert_eq!(agent["included"][0]["relationships"]["work_items"]["meta"], json!({ "has_more": true }));
}

/// Documented for the role, assumed for its being the only way: agents may call `/me` alone.
#[test]
fn an_agent_may_see_itself_and_nobody_else() {
    let account = Account::demo();
    assert_eq!(account.send(&Ask::get("/me").by_agent()).status, 200);
    let refused = account.send(&Ask::get("/10011").by_agent());
    assert_eq!(refused.status, 403);
    assert_eq!(refused.at("/error/title"), "Forbidden");
}
