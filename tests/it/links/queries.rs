//! The query of a link.

use axum::http::Method;
use serde_json::{Value, json};

use crate::harness::{Account, Ask, P, below};

const ITEMS: &str = "/10011/channels/messaging/relationships/work_items";

fn link(answer: &Value, name: &str) -> String {
    below(&answer["links"][name])
}

/// Documented for the brackets, assumed for what is repeated: links percent-encode the brackets and
/// repeat the filters and the page size as the request was understood.
#[test]
fn links_repeat_what_was_asked() {
    let account = Account::demo();
    for (query, name, expected) in [
        (
            "page[size]=3",
            "next",
            "?page%5Bsize%5D=3&page%5Bafter%5D=10012",
        ),
        (
            "page%5Bsize%5D=3",
            "next",
            "?page%5Bsize%5D=3&page%5Bafter%5D=10012",
        ),
        (
            "page[after]=10011&page[size]=3",
            "next",
            "?page%5Bsize%5D=3&page%5Bafter%5D=10014",
        ),
        (
            "page[after]=10011&page[size]=3",
            "prev",
            "?page%5Bsize%5D=3&page%5Bbefore%5D=10012",
        ),
        ("page[before]=10013", "next", "?page%5Bafter%5D=10012"),
        (
            "page[size]=1&page[before]=18446744073709551615",
            "prev",
            "?page%5Bsize%5D=1&page%5Bbefore%5D=1900012345678901",
        ),
        (
            "filter[channel_status]=messaging:online,support:online&page[size]=1",
            "next",
            "?filter%5Bchannel_status%5D=messaging%3Aonline%2Csupport%3Aonline&page%5Bsize%5D=1&page%5Bafter%5D=10001",
        ),
        (
            "filter[group_ids]=1,+42&select_channel=talk&filter[remaining_capacity]=messaging:1&include=x&page[size]=1",
            "next",
            "?filter%5Bgroup_ids%5D=1%2C+42&select_channel=talk&filter%5Bremaining_capacity%5D=messaging%3A1\
             &page%5Bsize%5D=1&page%5Bafter%5D=10001",
        ),
        (
            "filter[agent_status_name]=%22online%22,%22In%20a%20meeting%22&filter[work_items_count]=talk:0,messaging:4\
             &filter[skill]=1ae11c11-9993-49f8-9850-c2dc096badd1&page[size]=1",
            "next",
            "?filter%5Bagent_status_name%5D=%22online%22%2C%22In+a+meeting%22\
             &filter%5Bwork_items_count%5D=talk%3A0%2Cmessaging%3A4\
             &filter%5Bskill%5D=1ae11c11-9993-49f8-9850-c2dc096badd1&page%5Bsize%5D=1&page%5Bafter%5D=10001",
        ),
        (
            "page[size]=9&filter[agent_id]=10011&page[size]=1&filter[agent_id]=10012,10013",
            "next",
            "?page%5Bsize%5D=1&filter%5Bagent_id%5D=10012%2C10013&page%5Bafter%5D=10012",
        ),
        // Neither ignored nor absent parameters.
        (
            "per_page=1&page[size]=3&sort=name&filter[x]=1&filter[group_id]=&page=",
            "next",
            "?page%5Bsize%5D=3&page%5Bafter%5D=10012",
        ),
    ] {
        assert_eq!(
            link(&account.json(&format!("?{query}")), name),
            expected,
            "{query}"
        );
    }
    let items = account.json(&format!("{ITEMS}.json?page[size]=3&filter[agent_id]=1"));
    assert_eq!(
        link(&items, "next"),
        format!("{ITEMS}?page%5Bsize%5D=3&page%5Bafter%5D=203")
    );
    let included =
        account.json("/10011")["included"][0]["relationships"]["work_items"]["links"]["next"]
            .clone();
    assert_eq!(
        included,
        format!("http://localhost{P}{ITEMS}?page%5Bafter%5D=203"),
        "the documented example"
    );
}

/// Assumed: a parameter counts once, in any of its spellings. So a link that repeats it must not
/// bring back a value that did not count.
#[test]
fn links_repeat_no_value_that_did_not_count() {
    let account = Account::demo();
    for query in [
        "filter[agent_id]=10011&filter[agent_ids]=10012,10013,10014",
        "filter[agent_ids]=10014&filter[agent_id]=",
        "filter[agent_status_id]=5&filter[agent_status_ids]=",
        "select_channel=chat&filter[select_channel]=",
        "filter[select_channel]=chat&select_channel=",
    ] {
        let first = account.json(&format!("?page[size]=1&{query}"));
        let whole = account.json(&format!("?{query}"));
        let second = account.json(&link(&first, "next"));
        assert_eq!(
            second["data"][0], whole["data"][1],
            "{query}: {}",
            first["links"]
        );
    }
}

/// Assumed: a link never contains a token, which would end up in logs. A client that follows the
/// link signs in again.
#[test]
fn links_never_hold_a_token() {
    let account = Account::demo();
    for token in [
        "access_token=demo-oauth-admin",
        "access%5Ftoken=demo%2Doauth%2Dadmin",
        "access_token=x&access_token=demo-oauth-admin",
    ] {
        for path in [
            "",
            ITEMS,
            "/agent_statuses",
            "/agent_statuses/me",
            "/me/channels/messaging/relationships/work_items",
        ] {
            let ask = Ask::raw(
                Method::GET,
                &format!("{P}{path}?{token}&page[size]=1&{token}"),
            );
            let answer = account.send(&ask);
            assert_eq!(answer.status, 200, "{path}: {}", answer.text());
            assert!(
                !answer.text().contains("token") && !answer.text().contains("demo-oauth"),
                "{}",
                answer.text()
            );
            assert!(
                !answer.hint().contains("token"),
                "{path}: {}",
                answer.hint()
            );
        }
    }
}

/// Assumed: agents may call only the `/me` forms, so links to work items use them for agents. An
/// agent's `links.self` is numeric for every caller, and so is every link for an admin.
#[test]
fn links_lead_where_the_caller_may_go() {
    let account = Account::demo();
    for (ask, pages) in [
        (Ask::get("/me").by_agent(), "/me"),
        (Ask::get("/10011"), "/10011"),
    ] {
        let body = account.send(&ask).json();
        assert_eq!(
            body["data"]["links"],
            json!({ "self": format!("http://localhost{P}/10011") })
        );
        let next = &body["included"][0]["relationships"]["work_items"]["links"]["next"];
        let items = format!("{P}{pages}/channels/messaging/relationships/work_items");
        assert_eq!(
            next,
            &format!("http://localhost{items}?page%5Bafter%5D=203")
        );
        let mut follow = ask;
        follow.target = format!("{items}?page%5Bafter%5D=203");
        let rest = account.send(&follow);
        assert_eq!(rest.status, 200, "{follow:?}");
        assert_eq!(
            link(&rest.json(), "prev"),
            format!("{pages}/channels/messaging/relationships/work_items?page%5Bbefore%5D=204")
        );
    }
}
