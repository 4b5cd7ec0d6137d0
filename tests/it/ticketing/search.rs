//! Searches.

use serde_json::json;
use zendesk_availability_emulator::seed::Seed;

use super::{below, get, ids, json};
use crate::harness::Account;

/// Documented in part: words, quotes, `email:`, `name:`, `role:` and `external_id`.
#[test]
fn users_are_found() {
    let account = Account::demo();
    for (query, expected) in [
        ("query=okafor", vec![10011]),
        ("query=AGNES%20okafor", vec![10011]),
        ("query=email:agent@example.com", vec![10011]),
        ("query=Agent@Example.com", vec![10011]),
        ("query=%22Agnes Okafor%22".trim(), vec![10011]),
        ("query=name:lena", vec![20001]),
        ("query=role:admin", vec![10001, 10002]),
        (
            "query=role:end-user%20role:admin",
            vec![10001, 10002, 30001],
        ),
        ("query=role:admin%20okafor", vec![]),
        ("query=email:nobody@example.com", vec![]),
        ("query=type:group", vec![]),
        ("query=oka*", vec![10011]),
        ("external_id=hr-1", vec![]),
    ] {
        let query = query.replace(' ', "%20");
        let answer = json(&account, &format!("/users/search?{query}"));
        assert_eq!(ids(&answer, "users"), expected, "{query}");
        assert_eq!(answer["count"], expected.len(), "{query}");
    }
}

/// Documented: the form, and the types. Assumed: users come before groups.
#[test]
fn users_and_groups_are_found_together() {
    let account = Account::demo();
    let found = json(&account, "/search.json?query=support");
    assert_eq!(ids(&found, "results"), [1]);
    assert_eq!(found["results"][0]["result_type"], "group");
    assert_eq!(found["facets"], json!(null));
    let users = json(&account, "/search?query=type:user%20role:admin");
    assert_eq!(ids(&users, "results"), [10001, 10002]);
    assert_eq!(users["results"][1]["result_type"], "user");
    assert_eq!(json(&account, "/search?query=type:group")["count"], 4);
    let tickets = get(&account, "/search?query=type:ticket%20status:open");
    assert_eq!(
        (tickets.status.as_u16(), tickets.at("/count")),
        (200, json!(0))
    );
    assert!(
        tickets.hint().contains("only user and group are here"),
        "{}",
        tickets.hint()
    );
    assert!(tickets.hint().contains("status:open"), "{}", tickets.hint());
}

/// Documented: sorting and operators in the text. Assumed: what they do here, and that a hint says
/// so.
#[test]
fn what_a_search_cannot_do_is_hinted() {
    let account = Account::demo();
    for (query, count, hint) in [
        ("type:user%20agnes%20order_by:created_at", 1, "no effect"),
        ("type:user%20created%3E2026-01-01", 0, "created>2026-01-01"),
        ("email:%20agent@example.com", 0, "nothing has `email:`"),
        ("-agnes", 0, "nothing has `-agnes`"),
        ("type:user%20type:ticket%20agnes", 1, "type `ticket`"),
    ] {
        let answer = get(&account, &format!("/search?query={query}"));
        assert_eq!(answer.at("/count"), count, "{query}");
        assert!(answer.hint().contains(hint), "{query}: {}", answer.hint());
    }
}

/// Documented: pages by offset. Observed: the body of the refusal of cursors.
#[test]
fn a_search_has_offset_pages_only() {
    let account = Account::demo();
    let first = json(&account, "/users/search?query=role:agent&per_page=20");
    assert_eq!(
        (ids(&first, "users").len(), &first["count"]),
        (20, &json!(27))
    );
    let second = json(&account, &below(&first["next_page"]));
    assert_eq!(
        (ids(&second, "users").len(), &second["next_page"]),
        (7, &json!(null))
    );
    assert_eq!(
        json(&account, &below(&second["previous_page"]))["users"],
        first["users"]
    );
    for (path, action) in [
        ("/search", "search/index"),
        ("/users/search", "users/search"),
    ] {
        for wrong in ["page[size]=1", "page[after]=x", "page=x"] {
            let answer = get(&account, &format!("{path}?query=a&{wrong}"));
            assert_eq!(answer.status, 400, "{path} {wrong}");
            assert_eq!(
                answer.json(),
                json!({ "error": { "title": "Invalid attribute", "message": format!(
                    "You passed an invalid value for the page attribute. Invalid parameter: page must be an integer from api/v2/{action}"
                ) } })
            );
        }
        for missing in ["", "?query="] {
            assert_eq!(
                get(&account, &format!("{path}{missing}")).status,
                400,
                "{path}"
            );
        }
    }
}

/// Documented: at most 1,000 results, then 422.
#[test]
fn a_search_ends_after_1000_results() {
    let seed = "oauth_tokens: [{ token: demo-oauth-admin, user_id: 1 }]\nusers: [{ id: 1, name: Ada, email: ada@example.com, role: admin }]\n";
    let seed = Seed::parse(seed).expect("a seed");
    let account = Account::with(|builder| builder.seed(seed).agents(1_500));
    for query in ["role:agent", "agent", "name:agent%20name:example"] {
        let expected = if query.contains("example") { 0 } else { 1_000 };
        let last = json(&account, &format!("/search?query={query}&page=10"));
        assert_eq!(last["count"], expected, "{query}");
        assert_eq!(ids(&last, "results").len(), expected / 10, "{query}");
        let after = get(&account, &format!("/search?query={query}&page=11"));
        assert_eq!(after.refusal(), "422 invalid");
    }
    let one = json(&account, "/users/search?query=agent-1000000002@example.com");
    assert_eq!(ids(&one, "users"), [1_000_000_002]);
    let name = json(&account, "/users/search?query=1000001500");
    assert_eq!(
        ids(&name, "users"),
        [1_000_001_500],
        "the last one is compared too"
    );
}
