//! The filters of the list of agents.

mod agent_status_name;
mod refused;

use serde_json::{Value, json};

use super::list::agents;
use crate::harness::{ADMIN, Account, elements};

const LONG: u64 = 1_900_012_345_678_901;
const FRENCH: &str = "1ae11c11-9993-49f8-9850-c2dc096badd1";
const REFUNDS: &str = "5f0c2f3e-7a52-4d0b-8b0e-3c1d9a6f4e27";

fn check(account: &Account, query: &str, expected: &[u64]) {
    let answer = account.get(query);
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    assert_eq!(agents(&answer.json()), expected, "{query}");
}

/// Documented: each row of Zendesk's table, and commas between the elements of a list. Observed:
/// spaces around an element are ignored. Assumed: the other spellings, and that the elements mean
/// "any of".
#[test]
fn each_filter_lets_through_what_it_names() {
    let account = Account::small_team();
    let cases: &[(&str, &[u64])] = &[
        (
            "?filter[channel_status]=messaging:online",
            &[10001, 10011, 10012],
        ),
        ("?filter[channel_status]=messaging:away", &[10013, 10016]),
        ("?filter[channel_status]=messaging:transfers_only", &[10015]),
        (
            "?filter[channel_status]=messaging:offline",
            &[10014, 10017, LONG],
        ),
        (
            "?filter[channel_status]=support:online",
            &[10001, 10011, 10013, 10016, 10017],
        ),
        ("?filter[channel_status]=chat:online", &[10018]),
        ("?filter[channel_status]=talk:online", &[]),
        (
            "?filter[channel_status]=talk:away,chat:online",
            &[10013, 10016, 10018],
        ),
        (
            "?filter[channel_status]=talk:away,talk:away",
            &[10013, 10016],
        ),
        ("?filter[agent_status_id]=3", &[10001, 10011, 10012, 10018]),
        ("?filter[agent_status_id]=123", &[10016]),
        ("?filter[agent_status_ids]=124,4", &[10013, 10017]),
        ("?filter[agent_status_id]=4,124", &[10013, 10017]),
        ("?filter[agent_status_id]=999", &[]),
        ("?filter[agent_id]=10012", &[10012]),
        (
            "?filter[agent_id]=1900012345678901,10012,10012,77",
            &[10012, LONG],
        ),
        ("?filter[agent_ids]=10012,10011", &[10011, 10012]),
        ("?filter[group_id]=42", &[10011, 10014, 10015, 10017]),
        (
            "?filter[group_ids]=1",
            &[10001, 10011, 10012, 10013, 10015, 10016, 10018],
        ),
        (
            "?filter[group_id]=1,42",
            &[
                10001, 10011, 10012, 10013, 10014, 10015, 10016, 10017, 10018,
            ],
        ),
        ("?filter[group_id]=43", &[]),
        (
            "?filter[skill]=5f0c2f3e-7a52-4d0b-8b0e-3c1d9a6f4e27",
            &[10014, 10015, 10017],
        ),
        (
            "?filter[skill_id]=5f0c2f3e-7a52-4d0b-8b0e-3c1d9a6f4e27",
            &[10014, 10015, 10017],
        ),
        (
            "?filter[skill_ids]=1ae11c11-9993-49f8-9850-c2dc096badd1",
            &[10001, 10011, 10015, 10016],
        ),
        ("?filter[skill]=no-such-skill", &[]),
        // An id that no record can have matches none. The others still match.
        ("?filter[agent_id]=99999999999999999999999", &[]),
        ("?filter[agent_id]=99999999999999999999999,10012", &[10012]),
        ("?filter[group_id]=18446744073709551616", &[]),
        // If a filter is given twice, in one spelling or in both, the last one counts.
        ("?filter[agent_id]=10011&filter[agent_id]=10012", &[10012]),
        ("?filter[agent_id]=10011&filter[agent_ids]=10012", &[10012]),
        (
            "?filter[agent_ids]=10012&filter%5Bagent_id%5D=10011",
            &[10011],
        ),
        (
            "?filter[skill_id]=none&filter[skill]=5f0c2f3e-7a52-4d0b-8b0e-3c1d9a6f4e27",
            &[10014, 10015, 10017],
        ),
        // Percent-encoded, with spaces, and with empty elements.
        (
            "?filter%5Bchannel_status%5D=talk%3Aaway%2Cchat%3Aonline",
            &[10013, 10016, 10018],
        ),
        ("?filter%5Bagent_ids%5D=10012%2C10011", &[10011, 10012]),
        ("?filter[agent_id]=10012,+10011,,", &[10011, 10012]),
        ("?filter[agent_id]=+10012+,%2010011%20", &[10011, 10012]),
        (
            "?filter[channel_status]=talk:away+,+chat:online",
            &[10013, 10016, 10018],
        ),
        (
            "?filter[skill]=+5f0c2f3e-7a52-4d0b-8b0e-3c1d9a6f4e27+,+none",
            &[10014, 10015, 10017],
        ),
    ];
    for (query, expected) in cases {
        check(&account, query, expected);
    }
    check(
        &account,
        &format!("?filter[skill]={FRENCH},{REFUNDS}"),
        &[10001, 10011, 10014, 10015, 10016, 10017],
    );
}

/// Documented: `remaining_capacity` is at least n free slots. Assumed: a channel without
/// `max_capacity` never matches, and an agent over capacity has zero free slots and not a negative
/// number.
#[test]
fn remaining_capacity_is_the_number_of_free_slots() {
    let account = Account::small_team();
    // Messaging: 10011 holds 5 of 5, 10012 4 of 2, 10001 0 of 3, 10015 0 of 4, the others 0 of 5.
    let others = [10013, 10014, 10016, 10017, LONG];
    let at_least = |from: &[u64]| {
        let mut ids = [from, &others].concat();
        ids.sort_unstable();
        ids
    };
    let cases = [
        ("messaging:0", at_least(&[10001, 10011, 10012, 10015])),
        ("messaging:1", at_least(&[10001, 10015])),
        ("messaging:3", at_least(&[10001, 10015])),
        ("messaging:4", at_least(&[10015])),
        ("messaging:5", at_least(&[])),
        ("messaging:6", vec![]),
        ("messaging:18446744073709551615", vec![]),
        ("messaging:99999999999999999999999", vec![]),
        ("messaging:00005", at_least(&[])),
        // Support: 10001 holds 1 of 10, 10011 2 of 8, 10017 and the last 1 of 5, 10013 0 of 6,
        // 10016 0 of 5.
        ("support:6", vec![10001, 10011, 10013]),
        ("support:7", vec![10001]),
        ("support:9", vec![10001]),
        ("support:10", vec![]),
        // No talk channel has a capacity, so not even zero free slots match.
        ("talk:0", vec![]),
        ("chat:1", vec![10018]),
        ("chat:2", vec![]),
        // Any of the values.
        ("chat:1,support:7", vec![10001, 10018]),
        ("talk:0,chat:0", vec![10018]),
    ];
    for (value, expected) in cases {
        check(
            &account,
            &format!("?filter[remaining_capacity]={value}"),
            &expected,
        );
    }
}

/// Documented: `work_items_count` is at most n work items. Assumed: an agent without the channel
/// never matches.
#[test]
fn work_items_count_is_the_most_work_items() {
    let account = Account::small_team();
    // Messaging: 10011 holds 5, 10012 4, the others none. Support: 10011 holds 2, 10001, 10017 and
    // the last 1.
    let idle = [10001, 10013, 10014, 10015, 10016, 10017, LONG];
    let and = |more: &[u64]| {
        let mut ids = [&idle[..], more].concat();
        ids.sort_unstable();
        ids
    };
    let cases = [
        ("messaging:0", and(&[])),
        ("messaging:3", and(&[])),
        ("messaging:4", and(&[10012])),
        ("messaging:5", and(&[10011, 10012])),
        ("messaging:00004", and(&[10012])),
        ("messaging:128", and(&[10011, 10012])),
        ("messaging:129", and(&[10011, 10012])),
        ("messaging:18446744073709551615", and(&[10011, 10012])),
        ("messaging:99999999999999999999999", and(&[10011, 10012])),
        ("support:0", vec![10013, 10016]),
        ("support:1", vec![10001, 10013, 10016, 10017, LONG]),
        ("talk:0", vec![10013, 10014, 10016]),
        ("talk:1", vec![10013, 10014, 10015, 10016]),
        ("chat:1", vec![]),
        ("chat:2", vec![10018]),
        // Any of the values.
        ("chat:2,talk:0", vec![10013, 10014, 10016, 10018]),
        (" talk:0 , chat:2 ", vec![10013, 10014, 10016, 10018]),
        (
            "support:0,support:1",
            vec![10001, 10013, 10016, 10017, LONG],
        ),
    ];
    for (value, expected) in cases {
        check(
            &account,
            &format!("?filter[work_items_count]={}", value.replace(' ', "%20")),
            &expected,
        );
    }
}

/// Documented: `work_items_count` is at most n work items, for every n and every number of items.
#[test]
fn work_items_count_is_exact_for_any_number() {
    const COUNTS: [u64; 12] = [0, 15, 16, 17, 24, 25, 32, 33, 64, 127, 129, 200];
    let item =
        |id: u64| format!("{{ id: {id}, added_at: 2026-01-21T09:00:00Z, reason: ASSIGNED }}");
    let agent = |count: &u64| {
        let items = (0..*count).map(item).collect::<Vec<_>>().join(", ");
        format!(
            "{{ id: {}, channels: {{ talk: {{ work_items: [{items}] }} }} }}",
            1_000 + count
        )
    };
    let agents = COUNTS.iter().map(agent).collect::<Vec<_>>().join(", ");
    let account = Account::seeded(&format!(
        "settings: {{ rate_limit: {{ requests: null }} }}\n{ADMIN}agents: [{{ id: 1, channels: {{ chat: {{}} }} }}, {agents}]"
    ));
    for most in 0..=201 {
        let expected: Vec<_> = COUNTS
            .iter()
            .filter(|count| **count <= most)
            .map(|count| 1_000 + count)
            .collect();
        check(
            &account,
            &format!("?filter[work_items_count]=talk:{most}"),
            &expected,
        );
    }
}

/// Assumed: a spelling that is not Zendesk's means the same, and a hint names the documented one.
/// Observed: the Ruby client's `filter[select_channel]`, which is not a mistake.
#[test]
fn another_spelling_is_hinted_at() {
    let account = Account::demo();
    for (given, documented, value) in [
        ("filter[agent_status_ids]", "filter[agent_status_id]", "3"),
        ("filter[group_ids]", "filter[group_id]", "42"),
        ("filter[agent_ids]", "filter[agent_id]", "10011,10012"),
        ("filter[skill_id]", "filter[skill]", REFUNDS),
        ("filter[skill_ids]", "filter[skill]", REFUNDS),
    ] {
        let [old, new] = [given, documented].map(|name| account.get(&format!("?{name}={value}")));
        assert_eq!(
            old.hint(),
            format!("`{given}` is read as `{documented}`, its documented name")
        );
        assert_eq!(new.hint(), "", "{documented}");
        assert_eq!(
            (old.json(), agents(&old.json()).is_empty()),
            (new.json(), false),
            "{given}"
        );
        // A parameter that does not count gets no hint.
        assert_eq!(account.get(&format!("?{given}=")).hint(), "", "{given}");
    }
    assert_eq!(account.get("?filter[select_channel]=talk").hint(), "");
}

/// Observed: clients combine `channel_status` with `remaining_capacity`, `agent_id` and
/// `select_channel`. Assumed: different filters are combined with "and".
#[test]
fn different_filters_are_combined_with_and() {
    let account = Account::small_team();
    let cases: &[(&str, &[u64])] = &[
        (
            "filter[channel_status]=messaging:online&filter[remaining_capacity]=messaging:1",
            &[10001],
        ),
        (
            "filter[channel_status]=messaging:online&filter[agent_id]=10011,10013",
            &[10011],
        ),
        (
            "filter[channel_status]=messaging:away&filter[work_items_count]=talk:0",
            &[10013, 10016],
        ),
        (
            "filter[channel_status]=messaging:online&filter[work_items_count]=talk:0",
            &[],
        ),
        (
            "filter[channel_status]=messaging:online&filter[work_items_count]=messaging:4",
            &[10001, 10012],
        ),
        (
            "filter[agent_status_name]=%22online%22&filter[group_id]=42",
            &[10011],
        ),
        (
            "filter[agent_status_name]=%22online%22&filter[agent_status_id]=4",
            &[],
        ),
        ("filter[agent_status_id]=3&filter[group_id]=42", &[10011]),
        (
            "filter[group_id]=42&filter[skill]=5f0c2f3e-7a52-4d0b-8b0e-3c1d9a6f4e27&filter[agent_status_id]=5",
            &[10015],
        ),
        // Each condition applies to the agent. They need not match the same channel.
        (
            "filter[channel_status]=support:online&filter[remaining_capacity]=messaging:5",
            &[10013, 10016, 10017],
        ),
    ];
    for (query, expected) in cases {
        check(&account, &format!("?{query}"), expected);
        let reversed: Vec<_> = query.rsplit('&').collect();
        check(&account, &format!("?{}", reversed.join("&")), expected);
    }
}

/// Documented: `select_channel` limits the channel data of the answer to one channel. Observed: the
/// other spelling. Assumed: no agent is left out.
#[test]
fn a_selected_channel_is_all_that_is_shown() {
    let account = Account::small_team();
    let whole = account.json("");
    for query in [
        "select_channel=messaging",
        "filter[select_channel]=messaging",
        "filter%5Bselect_channel%5D=messaging",
    ] {
        let page = account.json(&format!("?{query}"));
        assert_eq!(agents(&page), agents(&whole), "{query}");
        for agent in elements(&page["data"]) {
            let id = format!(
                "{}|channels|messaging",
                agent["id"].as_str().unwrap_or_default()
            );
            let has_it =
                ![10018, 10019].contains(&agent["attributes"]["agent_id"].as_u64().expect("an id"));
            let expected = if has_it {
                json!([{ "type": "channels", "id": id }])
            } else {
                json!([])
            };
            assert_eq!(
                agent["relationships"]["channels"]["data"], expected,
                "{query}"
            );
        }
        let of_messaging = |item: &&Value| {
            item["id"]
                .as_str()
                .is_some_and(|id| id.contains("|channels|messaging"))
        };
        let of_whole: Vec<_> = elements(&whole["included"])
            .iter()
            .filter(of_messaging)
            .collect();
        assert_eq!(
            page["included"],
            json!(of_whole),
            "{query}: neither more nor less"
        );
    }
    // The rest of the agents' data is the same.
    let attributes = |page: &Value| -> Vec<Value> {
        elements(&page["data"])
            .iter()
            .map(|agent| agent["attributes"].clone())
            .collect()
    };
    assert_eq!(
        attributes(&account.json("?select_channel=chat")),
        attributes(&whole)
    );
    // The last of two spellings counts.
    let page =
        account.json("?select_channel=chat&filter[select_channel]=talk&filter[agent_id]=10013");
    assert_eq!(
        page["included"][0]["id"],
        "agent_availabilities|10013|channels|talk"
    );
    // A channel that is not shown can still be filtered by.
    check(
        &account,
        "?select_channel=talk&filter[channel_status]=support:online",
        &[10001, 10011, 10013, 10016, 10017],
    );
}
