//! The order of the unified statuses, their pages, and which of them are mine: contract, section 3.

use serde_json::json;

use super::agent_statuses::names;
use crate::harness::{Account, Ask, below};

/// An account whose custom statuses make order and groups visible. Agent 7 is in group 1, agent 8 in none, and those of
/// agent 9 are not known.
fn many() -> Account {
    Account::seeded(
        r#"
users:
  - { id: 1, name: Admin, email: admin@example.com, role: admin }
  - { id: 7, name: Seven, email: seven@example.com, role: agent }
  - { id: 8, name: Eight, email: eight@example.com, role: agent }
  - { id: 9, name: Nine, email: nine@example.com, role: admin }
api_tokens: [{ token: demo-api-token }]
groups: [{ id: 1, name: One }, { id: 2, name: Two }]
agent_statuses:
  custom:
    - { id: 300, name: Ápice }
    - { id: 301, name: b, group_ids: [1] }
    - { id: 302, name: B, group_ids: [2] }
    - { id: 303, name: " ", group_ids: [1, 2] }
    - { id: 304, name: "10", channels: { talk: away } }
    - { id: 305, name: "9", updated_at: "2026-01-01T00:00:00.999Z" }
    - { id: 306, name: "ﬀ" }
    - { id: 307, name: "🦀" }
    - { id: 308, name: onlin }
    - { id: 309, name: onlinea }
agents:
  - { id: 7, group_ids: [1] }
  - { id: 8, group_ids: [] }
  - { id: 9 }
"#,
    )
}

/// Documented: lexicographical by name, default and custom together, no other sort. Assumed: by code point (sections 1
/// and 3), which is neither a locale's order, nor that of numbers, nor that of UTF-16.
#[test]
fn the_order_is_by_code_point_across_both_lists() {
    let account = many();
    let expected = [
        " ",
        "10",
        "9",
        "B",
        "away",
        "b",
        "offline",
        "onlin",
        "online",
        "onlinea",
        "transfers_only",
        "Ápice",
        "ﬀ",
        "🦀",
    ];
    // One at a time shows the order across both lists, which a single page cannot.
    let (mut path, mut found) = ("/agent_statuses?page[size]=1".to_owned(), Vec::new());
    loop {
        let page = account.json(&path);
        let on_page = names(&page).concat();
        assert_eq!(on_page.len(), 1, "{path}");
        found.extend(on_page);
        if page["links"]["next"].is_null() {
            break;
        }
        path = below(&page["links"]["next"]);
    }
    assert_eq!(found, expected);
    let whole = names(&account.json("/agent_statuses"));
    assert_eq!(whole[0], ["away", "offline", "online", "transfers_only"]);
    assert_eq!(whole[1], [" ", "10", "9", "B", "b", "onlin", "onlinea", "Ápice", "ﬀ", "🦀"]);
}

/// Documented: paged over default and custom together (section 3): the size counts both, and either list may be empty.
/// Assumed: links lead back to the page before, in the same order (section 1).
#[test]
fn a_page_counts_both_lists() {
    let account = many();
    for size in 1..=15 {
        let mut page = account.json(&format!("/agent_statuses?page[size]={size}"));
        let (mut found, mut pages) = ([Vec::new(), Vec::new()], Vec::new());
        loop {
            let [standard, custom] = names(&page);
            assert!(standard.len() + custom.len() <= size, "{size}: {page}");
            assert_eq!(page["meta"]["has_more"], !page["links"]["next"].is_null());
            found[0].extend(standard);
            found[1].extend(custom);
            pages.push(names(&page));
            if page["links"]["next"].is_null() {
                break;
            }
            page = account.json(&below(&page["links"]["next"]));
        }
        assert_eq!(pages.len(), 14_usize.div_ceil(size), "{size}: every page but the last is full");
        assert_eq!(found, names(&account.json("/agent_statuses")), "{size} a page");
        while pages.pop().is_some_and(|expected| expected == names(&page)) && !page["links"]["prev"].is_null() {
            page = account.json(&below(&page["links"]["prev"]));
        }
        assert!(pages.is_empty(), "{size}: the way back has other pages");
    }
}

/// Observed: `/me` has the same shape, limited to what the caller may use. Documented: empty `group_ids` are everybody's
/// (section 3). Assumed: an agent whose groups are not known is in none.
#[test]
fn mine_are_those_that_i_may_use() {
    let account = many();
    let mine = |email: &str| {
        let answer = account.send(&Ask::get("/agent_statuses/me").token(email, "demo-api-token"));
        assert_eq!(answer.status, 200, "{email}");
        names(&answer.json())
    };
    let standard = ["away", "offline", "online", "transfers_only"];
    let [default, custom] = mine("seven@example.com");
    assert_eq!(default, standard);
    assert_eq!(custom, [" ", "10", "9", "b", "onlin", "onlinea", "Ápice", "ﬀ", "🦀"]);
    for email in ["eight@example.com", "nine@example.com"] {
        let [default, custom] = mine(email);
        assert_eq!(default, standard, "{email}");
        assert_eq!(custom, ["10", "9", "onlin", "onlinea", "Ápice", "ﬀ", "🦀"], "{email}");
    }
    // Pages count what is mine, and their links stay with it.
    let get = |path: &str| account.send(&Ask::get(path).token("seven@example.com", "demo-api-token")).json();
    let mut page = get("/agent_statuses/me?page[size]=4");
    let mut pages = vec![names(&page).concat().len()];
    while !page["links"]["next"].is_null() {
        page = get(&below(&page["links"]["next"]));
        pages.push(names(&page).concat().len());
    }
    assert_eq!(pages, [4, 4, 4, 1]);
    // In the demo, 10011 is in the group of the restricted status and 10001 is not.
    let demo = Account::demo();
    let agnes = names(&demo.send(&Ask::get("/agent_statuses/me").by_agent()).json());
    assert_eq!(agnes[1], ["In a meeting", "Month-end closing"]);
    assert_eq!(names(&demo.json("/agent_statuses/me"))[1], ["In a meeting"], "an admin's own, not the account's");
}

/// Documented: a custom status's time has whole seconds (section 1); parts of a second are cut off (assumed).
#[test]
fn custom_statuses_have_times_in_whole_seconds() {
    let page = many().json("/agent_statuses");
    let nine = page["custom"].as_array().expect("a list").iter().find(|status| status["id"] == 305);
    assert_eq!(nine.map(|status| &status["updated_at"]), Some(&json!("2026-01-01T00:00:00Z")));
}
