//! Pages: contract, section 1, "Cursor pagination". What holds for one list holds for all.

mod changes;
mod sizes;

use serde_json::{Value, json};

use crate::harness::{ADMIN, Account, Ask, below};

/// A list that has pages.
struct List {
    /// Below the prefix of the two APIs, perhaps with filters.
    path: &'static str,
    /// The account that has it, with so many entries.
    account: fn(usize) -> Account,
    /// The entries of a page, by what names them.
    entries: fn(&Value) -> Vec<String>,
}

const LISTS: [List; 5] = [
    List { path: "", account: agents, entries: by_id },
    List { path: "?filter[group_id]=7", account: agents_of_two_groups, entries: by_id },
    List { path: "/1/channels/messaging/relationships/work_items", account: work_items, entries: by_id },
    List { path: "/agent_statuses", account: statuses, entries: by_name },
    List { path: "/agent_statuses/me", account: statuses, entries: by_name },
];

fn agents(count: usize) -> Account {
    seeded("agents", (1..=count).map(|n| format!("{{ id: {}, agent_status: {{ id: 2 }} }}", n * 10)))
}

/// Twice as many agents, of which every other one is in group 7.
fn agents_of_two_groups(count: usize) -> Account {
    let agent = |n: usize| {
        let group = 7 + n % 2;
        format!("{{ id: {}, agent_status: {{ id: 2 }}, group_ids: [{group}] }}", n * 10)
    };
    seeded("groups: [{ id: 7, name: Even }, { id: 8, name: Odd }]\nagents", (1..=count * 2).map(agent))
}

/// Work items whose ids fall as time goes on.
fn work_items(count: usize) -> Account {
    let item = |n: usize| {
        let (id, minute, second) = (9000 - n, n / 60, n % 60);
        format!("{{ id: {id}, added_at: '2026-01-21T09:{minute:02}:{second:02}Z', reason: ASSIGNED }}")
    };
    let items: Vec<_> = (1..=count).map(item).collect();
    let channels = format!("{{ messaging: {{ work_items: [{}] }}, talk: {{}} }}", items.join(", "));
    seeded("agents", [format!("{{ id: 1, agent_status: {{ id: 2 }}, channels: {channels} }}")])
}

/// The four standard statuses, and custom ones whose names lie among theirs.
fn statuses(count: usize) -> Account {
    let status =
        |n: usize| format!("{{ id: {}, name: {}{n:03} }}", 1000 - n, if n.is_multiple_of(3) { "P" } else { "p" });
    let custom: Vec<_> = (5..=count).map(status).collect();
    let list = format!("agent_statuses: {{ custom: [{}] }}\nagents", custom.join(", "));
    seeded(&list, ["{ id: 1, agent_status: { id: 2 } }".to_owned()])
}

fn seeded(key: &str, entries: impl IntoIterator<Item = String>) -> Account {
    let entries: Vec<_> = entries.into_iter().collect();
    Account::seeded(&format!(
        "settings: {{ rate_limit: {{ requests: null }} }}\n{ADMIN}{key}: [{}]",
        entries.join(", ")
    ))
}

fn by_id(body: &Value) -> Vec<String> {
    let data = body["data"].as_array().expect("data");
    data.iter().map(|entry| entry["id"].as_str().expect("an id").to_owned()).collect()
}

/// Standard and custom statuses share the pages. Each kind has an order of its own, which has to be that of the whole.
fn by_name(body: &Value) -> Vec<String> {
    let names = |key: &str| {
        let statuses = body[key].as_array().expect("statuses").iter();
        let names: Vec<_> =
            statuses.map(|status| status["attributes"]["name"].as_str().expect("a name").to_owned()).collect();
        assert!(names.is_sorted(), "{names:?}");
        names
    };
    let mut all = [names("default"), names("custom")].concat();
    all.sort();
    all
}

impl List {
    /// The path with more parameters.
    fn with(&self, query: &str) -> String {
        let start = if self.path.contains('?') { "&" } else { "?" };
        format!("{}{start}{query}", self.path)
    }

    /// Every entry in order, as one page.
    fn all(&self, account: &Account) -> Vec<String> {
        (self.entries)(&account.json(&self.with("page[size]=100")))
    }
}

/// What a link leads to.
fn follow(account: &Account, link: &Value) -> Value {
    account.json(&below(link))
}

/// Documented for cursors and links, observed for the two sayings of whether there is more, assumed for the rest:
/// section 1. Pages put together are the list, forwards and backwards, whatever their size.
#[test]
fn pages_make_up_the_list_in_either_direction() {
    const COUNT: usize = 23;
    for list in LISTS {
        let account = (list.account)(COUNT);
        let all = list.all(&account);
        assert_eq!(all.len(), COUNT, "{}", list.path);
        for size in [1, 2, 7, 22, 23, 24] {
            let case = format!("{} by {size}", list.path);
            let mut pages = vec![account.json(&list.with(&format!("page[size]={size}")))];
            while pages[pages.len() - 1]["meta"]["has_more"] == true {
                pages.push(follow(&account, &pages[pages.len() - 1]["links"]["next"]));
                assert!(pages.len() <= COUNT, "{case} does not end");
            }
            let expected: Vec<_> = all.chunks(size).map(<[_]>::to_vec).collect();
            assert_eq!(pages.iter().map(list.entries).collect::<Vec<_>>(), expected, "{case}");
            for (number, page) in pages.iter().enumerate() {
                assert_eq!(page["links"]["prev"].is_null(), number == 0, "{case}: {page}");
                assert_eq!(page["links"]["next"].is_null(), number + 1 == pages.len(), "{case}: {page}");
            }
            for pair in pages.windows(2).rev() {
                assert_eq!(follow(&account, &pair[1]["links"]["prev"]), pair[0], "{case}, backwards");
            }
        }
    }
}

/// Observed: section 1, a client follows the cursors of `meta`, and drops the page size on later pages. A cursor works
/// with any size, in both directions.
#[test]
fn cursors_work_with_another_page_size() {
    for list in LISTS {
        let account = (list.account)(30);
        let all = list.all(&account);
        let page = account.json(&list.with("page[size]=4&page[before]=end"));
        assert_eq!((list.entries)(&page), all[26..], "{}", list.path);
        let [after, before] =
            ["after_cursor", "before_cursor"].map(|name| page["meta"][name].as_str().expect("a cursor"));
        for (query, expected) in [
            (format!("page[before]={before}"), &all[6..26]),
            (format!("page[before]={before}&page[size]=3"), &all[23..26]),
            (format!("page[before]={after}&page[size]=1"), &all[28..29]),
            (format!("page[after]={before}"), &all[27..]),
            (format!("page[after]={before}&page[size]=2"), &all[27..29]),
        ] {
            assert_eq!((list.entries)(&account.json(&list.with(&query))), expected, "{}, {query}", list.path);
        }
    }
}

/// Documented for work items, whose cursor is the id of the page's last item, assumed for agents: section 1. Status
/// cursors are opaque (assumed).
#[test]
fn cursors_are_the_ids_of_the_ends_of_a_page() {
    let cursors = |list: &List| (list.account)(9).json(&list.with("page[size]=3"))["meta"].clone();
    let [agents, _, items, statuses, _] = &LISTS;
    assert_eq!(cursors(agents), json!({ "has_more": true, "after_cursor": "30", "before_cursor": "10" }));
    assert_eq!(cursors(items), json!({ "has_more": true, "after_cursor": "8997", "before_cursor": "8999" }));
    let documented = Account::demo().json("/10011/channels/messaging/relationships/work_items?page[size]=3");
    assert_eq!(documented["meta"]["after_cursor"], "203");
    let opaque = cursors(statuses)["after_cursor"].clone();
    let opaque = opaque.as_str().expect("a cursor");
    let is_url_safe = opaque.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte));
    assert!(is_url_safe && opaque.parse::<u64>().is_err(), "{opaque}");
}

/// Assumed: section 1, statuses are listed by the code points of their names, over standard and custom ones together.
#[test]
fn statuses_are_ordered_by_code_point() {
    let names =
        ["Zebra", "awa", "away2", "\u{c4}pfel", "\u{e4}pfel", "\u{ff5e}", "\u{1f600}", "AWAY", "\u{e4}", " lead"];
    let status = |(n, name): (usize, &&str)| format!("{{ id: {}, name: \"{name}\" }}", 900 - n);
    let custom: Vec<_> = names.iter().enumerate().map(status).collect();
    let account = Account::seeded(&format!("{ADMIN}agent_statuses: {{ custom: [{}] }}", custom.join(", ")));
    let mut expected = [&names[..], &["away", "offline", "online", "transfers_only"]].concat();
    expected.sort_by_key(|name| name.chars().collect::<Vec<_>>());
    let mut page = account.json("/agent_statuses?page[size]=1");
    let mut walked = by_name(&page);
    while page["meta"]["has_more"] == true {
        page = follow(&account, &page["links"]["next"]);
        walked.extend(by_name(&page));
        assert!(walked.len() <= expected.len(), "the walk does not end: {walked:?}");
    }
    assert_eq!(walked, expected);
}

/// Assumed: section 1, on an empty page both cursors are null, `has_more` speaks of what comes after it, and
/// `links.prev` is null exactly when nothing is before it. Both links lead back to the list.
#[test]
fn an_empty_page_knows_on_which_side_the_list_is() {
    for list in LISTS {
        let account = (list.account)(5);
        let all = list.all(&account);
        let whole = account.json(&list.with("page[size]=2&page[before]=end"));
        let last = whole["meta"]["after_cursor"].as_str().expect("a cursor");
        let first = account.json(list.path);
        let first = first["meta"]["before_cursor"].as_str().expect("a cursor");

        let behind = account.json(&list.with(&format!("page[size]=2&page[after]={last}")));
        assert!((list.entries)(&behind).is_empty(), "{}", list.path);
        assert_eq!(behind["meta"], json!({ "has_more": false, "after_cursor": null, "before_cursor": null }));
        assert_eq!(behind["links"]["next"], Value::Null);
        assert_eq!((list.entries)(&follow(&account, &behind["links"]["prev"])), all[3..], "{}", list.path);

        let ahead = account.json(&list.with(&format!("page[size]=2&page[before]={first}")));
        assert!((list.entries)(&ahead).is_empty(), "{}", list.path);
        assert_eq!(ahead["meta"], json!({ "has_more": true, "after_cursor": null, "before_cursor": null }));
        assert_eq!(ahead["links"]["prev"], Value::Null);
        assert_eq!((list.entries)(&follow(&account, &ahead["links"]["next"])), all[..2], "{}", list.path);
    }
}

/// Assumed: section 1, and section 2 for its being no error: a list without entries has nothing on either side.
#[test]
fn an_empty_list_has_one_empty_page() {
    let account = work_items(3);
    for path in ["?filter[agent_id]=404", "/1/channels/talk/relationships/work_items"] {
        let start = if path.contains('?') { "&" } else { "?" };
        for query in ["page[size]=2", "page[before]=end"] {
            let page = account.json(&format!("{path}{start}{query}"));
            assert_eq!(page["data"], json!([]), "{path} {query}");
            assert_eq!(page["links"], json!({ "prev": null, "next": null }), "{path} {query}");
            let meta = json!({ "has_more": false, "after_cursor": null, "before_cursor": null });
            assert_eq!(page["meta"], meta, "{path} {query}");
        }
    }
}

/// Assumed: `page[before]=end`, the cursor of ours by which an empty page links to what is before it, is the last page
/// of every list.
#[test]
fn the_cursor_end_means_the_last_page() {
    for list in LISTS {
        let account = (list.account)(25);
        let all = list.all(&account);
        for (query, expected) in [("page[before]=end", &all[5..]), ("page[before]=end&page[size]=100", &all[..])] {
            let page = account.json(&list.with(query));
            assert_eq!((list.entries)(&page), expected, "{}", list.path);
            assert_eq!((&page["meta"]["has_more"], &page["links"]["next"]), (&json!(false), &Value::Null));
            assert_eq!(page["links"]["prev"].is_null(), expected.len() == all.len(), "{}", list.path);
        }
        assert_eq!(account.send(&Ask::get(&list.with("page[after]=end"))).status, 400, "{}", list.path);
    }
}
