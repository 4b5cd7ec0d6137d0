//! The order of the unified statuses, their pages, and which of them the caller may use.

use axum::http::Method;
use serde_json::json;
use zendesk_availability_emulator::config::StatusesShape;

use super::agent_statuses::names;
use crate::harness::{ADMIN, Account, Ask, below, elements};

/// An account with custom statuses for which order and groups matter. Agent 7 is in group 1, agent
/// 8 in no group, and the groups of agent 9 are unknown.
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

const STANDARD: [&str; 4] = ["away", "offline", "online", "transfers_only"];
const CUSTOM: [&str; 10] = [
    " ", "10", "9", "B", "b", "onlin", "onlinea", "Ápice", "ﬀ", "🦀",
];

/// Documented: lexicographical by name, no other sort. Assumed: by code point, which is not the
/// order of a locale, of numbers or of UTF-16.
#[test]
fn the_order_is_by_code_point() {
    let account = many();
    assert_eq!(
        names(&account.json("/agent_statuses")),
        [STANDARD.to_vec(), CUSTOM.to_vec()]
    );
    assert_eq!(
        names(&account.json("/agent_statuses?sort=-name")),
        [STANDARD.to_vec(), CUSTOM.to_vec()]
    );
}

/// Documented: pages contain custom statuses, which `page[size]` counts, and the first page also
/// contains all default ones. Assumed: other pages contain no default ones. Links back lead to the
/// page before, in the same order, and the first page has the default ones however it was reached.
#[test]
fn a_page_counts_custom_statuses_and_the_first_has_all_default_ones() {
    for shape in [StatusesShape::Documented, StatusesShape::Flat] {
        let account = many();
        let settings = json!({ "settings": { "statuses_shape": shape.as_str() } });
        let change = Ask::control(Method::PATCH, "").json(&settings);
        assert_eq!(account.send(&change).status, 200);
        for size in 1..=11 {
            let mut page = account.json(&format!("/agent_statuses?page[size]={size}"));
            let mut pages = vec![page.clone()];
            while !page["links"]["next"].is_null() {
                page = account.json(&below(&page["links"]["next"]));
                pages.push(page.clone());
            }
            let custom: Vec<_> = CUSTOM.chunks(size).map(<[_]>::to_vec).collect();
            let default = std::iter::once(&STANDARD[..]).chain(std::iter::repeat(&[][..]));
            let expected: Vec<_> = default
                .zip(custom)
                .map(|(default, custom)| [default.to_vec(), custom])
                .collect();
            assert_eq!(
                pages.iter().map(names).collect::<Vec<_>>(),
                expected,
                "{shape} {size}"
            );
            for pair in pages.windows(2).rev() {
                assert_eq!(
                    account.json(&below(&pair[1]["links"]["prev"])),
                    pair[0],
                    "{shape} {size}: back"
                );
            }
        }
        // From the cursors of `meta`, with any size: a short page at the start of the list, and one
        // further on.
        assert_eq!(
            names(&account.json("/agent_statuses?page[before]=305")),
            [STANDARD.to_vec(), CUSTOM[..2].to_vec()]
        );
        let middle = names(&account.json("/agent_statuses?page[before]=305&page[size]=1"));
        assert_eq!(middle, [vec![], vec!["10".to_owned()]]);
    }
}

/// Assumed: `default` is empty on an empty page that a cursor led to. It is full on the first page
/// of an account without custom statuses.
#[test]
fn an_empty_page_has_default_statuses_if_no_cursor_led_to_it() {
    let account = many();
    for query in ["page[after]=307", "page[before]=303"] {
        assert_eq!(
            names(&account.json(&format!("/agent_statuses?{query}"))).concat(),
            [""; 0],
            "{query}"
        );
    }
    let none = Account::seeded(&format!("{ADMIN}agents: [{{ id: 1 }}]"));
    for path in ["/agent_statuses", "/agent_statuses/me"] {
        assert_eq!(
            names(&none.json(path)),
            [STANDARD.to_vec(), Vec::new()],
            "{path}"
        );
    }
}

/// Assumed: a cursor keeps its place in the caller's own list when the caller may no longer use its
/// status. A page is the first if nothing of that list is before it.
#[test]
fn a_cursor_of_me_keeps_its_place() {
    let account = many();
    let get = |path: &str| {
        account
            .send(&Ask::get(path).token("eight@example.com", "demo-api-token"))
            .json()
    };
    // " " and "B" belong to groups that the caller is not in.
    assert_eq!(
        names(&get("/agent_statuses/me?page[after]=303&page[size]=1")),
        [STANDARD.to_vec(), vec!["10"]]
    );
    assert_eq!(
        names(&get("/agent_statuses/me?page[after]=302&page[size]=1")),
        [vec![], vec!["onlin".to_owned()]]
    );
}

/// Documented: `/me` has the same shape, limited to what the caller may use. With empty `group_ids`
/// every agent may use the status. Assumed: an agent whose groups are unknown is in none.
#[test]
fn me_lists_what_the_caller_may_use() {
    let account = many();
    let mine = |email: &str| {
        let answer = account.send(&Ask::get("/agent_statuses/me").token(email, "demo-api-token"));
        assert_eq!(answer.status, 200, "{email}");
        names(&answer.json())
    };
    let standard = ["away", "offline", "online", "transfers_only"];
    let [default, custom] = mine("seven@example.com");
    assert_eq!(default, standard);
    assert_eq!(
        custom,
        [" ", "10", "9", "b", "onlin", "onlinea", "Ápice", "ﬀ", "🦀"]
    );
    for email in ["eight@example.com", "nine@example.com"] {
        let [default, custom] = mine(email);
        assert_eq!(default, standard, "{email}");
        assert_eq!(
            custom,
            ["10", "9", "onlin", "onlinea", "Ápice", "ﬀ", "🦀"],
            "{email}"
        );
    }
    // Pages count only what the caller may use, and their links stay in that list.
    let get = |path: &str| {
        account
            .send(&Ask::get(path).token("seven@example.com", "demo-api-token"))
            .json()
    };
    let mut page = get("/agent_statuses/me?page[size]=4");
    let mut pages = vec![names(&page).map(|names| names.len())];
    while !page["links"]["next"].is_null() {
        page = get(&below(&page["links"]["next"]));
        pages.push(names(&page).map(|names| names.len()));
    }
    assert_eq!(pages, [[4, 4], [0, 4], [0, 1]]);
    // In the demo, 10011 is in the group of the restricted status and 10001 is not.
    let demo = Account::demo();
    let agnes = names(&demo.send(&Ask::get("/agent_statuses/me").by_agent()).json());
    assert_eq!(agnes[1], ["In a meeting", "Month-end closing"]);
    assert_eq!(
        names(&demo.json("/agent_statuses/me"))[1],
        ["In a meeting"],
        "an admin's own, not the account's"
    );
}

/// Documented: the time of a custom status has whole seconds. Parts of a second are cut off
/// (assumed).
#[test]
fn custom_statuses_have_times_in_whole_seconds() {
    let page = many().json("/agent_statuses");
    let nine = elements(&page["custom"])
        .iter()
        .find(|status| status["id"] == 305);
    assert_eq!(
        nine.map(|status| &status["updated_at"]),
        Some(&json!("2026-01-01T00:00:00Z"))
    );
}
