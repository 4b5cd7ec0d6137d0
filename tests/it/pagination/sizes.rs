//! How large a page is, and which requests for pages are refused.

use serde_json::json;
use zendesk_availability_emulator::config::SettingsPatch;

use super::LISTS;
use crate::harness::{Account, elements};

/// Documented for the default, on a sibling and for custom statuses, and for the maximum, for
/// Zendesk in general. Assumed: a larger size is clamped.
#[test]
fn a_page_has_twenty_entries_unless_told_otherwise_and_a_hundred_at_most() {
    for list in LISTS {
        let account = (list.account)(100);
        for (query, size, is_clamped) in [
            ("page[size]=", 20, false),
            ("page[size]=1", 1, false),
            ("page[size]=0021", 21, false),
            ("page[size]=99", 99, false),
            ("page[size]=100", 100, false),
            ("page[size]=101", 100, true),
            ("page[size]=4294967297", 100, true),
            ("page[size]=18446744073709551617", 100, true),
            ("page[size]=999999999999999999999999999999", 100, true),
        ] {
            let answer = account.get(&list.with(query));
            assert_eq!(
                (list.entries)(&answer.json()).len(),
                size,
                "{} {query}",
                list.path
            );
            let hint = if is_clamped {
                "page[size] was clamped to 100"
            } else {
                ""
            };
            assert_eq!(answer.hint(), hint, "{} {query}", list.path);
        }
    }
    for list in LISTS {
        let page = (list.account)(101).json(&list.with("page[size]=1000"));
        assert_eq!(
            ((list.entries)(&page).len(), &page["meta"]["has_more"]),
            (100, &json!(true)),
            "{}",
            list.path
        );
    }
}

/// Assumed: the default is a setting.
#[test]
fn the_default_size_can_be_set() {
    let account = Account::demo_with(SettingsPatch::new().page_size_default(2));
    for path in ["", "/10011/channels/messaging/relationships/work_items"] {
        for (query, size) in [("", 2), ("page[size]=3", 3)] {
            let page = account.json(&format!("{path}?{query}"));
            assert_eq!(elements(&page["data"]).len(), size, "{path} {query}");
        }
    }
    let account = Account::demo_with(SettingsPatch::new().page_size_default(1));
    let statuses = account.json("/agent_statuses");
    let length = |key: &str| statuses[key].as_array().map(Vec::len);
    assert_eq!(
        (length("default"), length("custom")),
        (Some(4), Some(1)),
        "{statuses}"
    );
    assert_eq!(statuses["meta"]["has_more"], true);
}

/// Assumed: sizes that are zero, negative or not numbers, an unparsable cursor, both cursors at
/// once and offset pagination are refused, and the parameter is named.
#[test]
fn a_page_that_cannot_be_is_refused() {
    let sizes = [
        "0", "000", "-1", "abc", "1.5", "1e1", "0x10", "+5", "%2B5", "5,6", "%D9%A3", "%00", "5%20",
    ];
    let sizes = sizes.map(|size| (format!("page[size]={size}"), "page[size]"));
    let cursors = [
        "x",
        "-1",
        "1.5",
        "+1",
        "%00",
        "%FF",
        "!",
        "1,2",
        "99999999999999999999",
        "null",
    ];
    let after = cursors.map(|cursor| (format!("page[after]={cursor}"), "page[after]"));
    let before = cursors.map(|cursor| (format!("page[before]={cursor}"), "page[before]"));
    let rest = [
        ("page[after]=end", "page[after]"),
        ("page[before]=end", "page[before]"),
        ("page=2", "page"),
        ("page=1", "page"),
        ("page=x&per_page=5", "page"),
    ];
    let rest = rest.map(|(query, name)| (query.to_owned(), name));
    for list in LISTS {
        let account = (list.account)(5);
        for (query, name) in sizes.iter().chain(&after).chain(&before).chain(&rest) {
            let answer = account.get(&list.with(query));
            assert_eq!(
                answer.refusal(),
                "400 InvalidPaginationParameter",
                "{} {query}",
                list.path
            );
            assert_eq!(
                answer.at("/errors/0/source"),
                json!({ "parameter": name }),
                "{} {query}",
                list.path
            );
        }
    }
}

/// Documented: the two cursors together are an error. Observed: the official Ruby client sends both
/// from the second `collection.fetch(true)` on, which the hint says (assumed).
#[test]
fn the_two_cursors_exclude_each_other() {
    for list in LISTS {
        let account = (list.account)(5);
        let page = account.json(&list.with("page[size]=2"));
        let cursor = page["meta"]["after_cursor"].as_str().expect("a cursor");
        for query in [
            format!("page[after]={cursor}&page[before]={cursor}"),
            format!("page%5Bbefore%5D={cursor}&page%5Bafter%5D={cursor}"),
        ] {
            let answer = account.get(&list.with(&query));
            assert_eq!(
                (answer.status.as_u16(), answer.codes().len()),
                (400, 1),
                "{} {query}",
                list.path
            );
            assert_eq!(
                answer.at("/errors/0/source"),
                json!({ "parameter": "page[before]" }),
                "{query}"
            );
            assert!(
                answer.hint().contains("collection.fetch(true)"),
                "{query}: {}",
                answer.hint()
            );
        }
        // An empty cursor counts as absent, so these are accepted.
        for query in [
            format!("page[after]={cursor}&page[before]="),
            format!("page[before]&page[after]={cursor}"),
        ] {
            assert_eq!(
                (list.entries)(&account.json(&list.with(&query))).len(),
                3,
                "{} {query}",
                list.path
            );
        }
    }
}

/// Observed: clients send both cursors empty or without a value for the first page.
#[test]
fn empty_cursors_mean_the_first_page() {
    for list in LISTS {
        let account = (list.account)(25);
        let plain = account.json(list.path);
        for query in [
            "page[after]=",
            "page[after]",
            "page%5Bafter%5D=&page%5Bbefore%5D=",
            "page[before]",
        ] {
            assert_eq!(
                account.json(&list.with(query)),
                plain,
                "{} {query}",
                list.path
            );
        }
    }
}

/// Assumed: a work item's cursor names an item of the channel, and a cursor that names none is
/// refused. An agent's cursor is a place in the order of ids, so every number is valid.
#[test]
fn a_work_item_cursor_has_to_name_an_item_of_the_channel() {
    let account = Account::demo();
    let path = "/10011/channels/messaging/relationships/work_items";
    for cursor in [0, 1, 301, 501, 18_446_744_073_709_551_615_u64] {
        for name in ["page[after]", "page[before]"] {
            let answer = account.get(&format!("{path}?{name}={cursor}"));
            assert_eq!(answer.refusal(), "400 InvalidPaginationParameter");
            assert_eq!(
                answer.at("/errors/0/source"),
                json!({ "parameter": name }),
                "{cursor}"
            );
            assert_eq!(
                answer.at("/errors/0/detail"),
                "The cursor names no work item of this channel.",
                "{cursor}"
            );
            assert_eq!(
                account.get(&format!("?{name}={cursor}")).status,
                200,
                "{cursor}"
            );
        }
    }
}
