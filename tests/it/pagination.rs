//! Pages. What is true of one list is true of all.

mod changes;
mod sizes;

use serde_json::{Value, json};

use crate::harness::{ADMIN, Account, FROM_THE_END, below, elements};

/// A list with pages.
struct List {
    /// The path below the prefix of the two APIs, perhaps with filters.
    path: &'static str,
    /// The account with the list, with this number of entries.
    account: fn(usize) -> Account,
    /// The names of the entries of a page.
    entries: fn(&Value) -> Vec<String>,
}

const LISTS: [List; 6] = [
    List {
        path: "",
        account: agents,
        entries: by_id,
    },
    List {
        path: "?filter[group_id]=7",
        account: agents_of_two_groups,
        entries: by_id,
    },
    List {
        path: "/1/channels/messaging/relationships/work_items",
        account: work_items,
        entries: by_id,
    },
    List {
        path: "/1/channels/messaging/relationships/work_items?sort=-added_at",
        account: work_items,
        entries: by_id,
    },
    List {
        path: "/agent_statuses",
        account: statuses,
        entries: by_name,
    },
    List {
        path: "/agent_statuses/me",
        account: statuses,
        entries: by_name,
    },
];

fn agents(count: usize) -> Account {
    seeded(
        "agents",
        (1..=count).map(|n| format!("{{ id: {}, agent_status: {{ id: 2 }} }}", n * 10)),
    )
}

/// Twice as many agents. Every other one is in group 7.
fn agents_of_two_groups(count: usize) -> Account {
    let agent = |n: usize| {
        let group = 7 + n % 2;
        format!(
            "{{ id: {}, agent_status: {{ id: 2 }}, group_ids: [{group}] }}",
            n * 10
        )
    };
    seeded(
        "groups: [{ id: 7, name: Even }, { id: 8, name: Odd }]\nagents",
        (1..=count * 2).map(agent),
    )
}

/// Work items whose ids fall as time moves on.
fn work_items(count: usize) -> Account {
    let item = |n: usize| {
        let (id, minute, second) = (9000 - n, n / 60, n % 60);
        format!(
            "{{ id: {id}, added_at: '2026-01-21T09:{minute:02}:{second:02}Z', reason: ASSIGNED }}"
        )
    };
    let items: Vec<_> = (1..=count).map(item).collect();
    let channels = format!(
        "{{ messaging: {{ work_items: [{}] }}, talk: {{}} }}",
        items.join(", ")
    );
    seeded(
        "agents",
        [format!(
            "{{ id: 1, agent_status: {{ id: 2 }}, channels: {channels} }}"
        )],
    )
}

/// Custom statuses whose names lie among those of the standard ones. Their ids fall as the names
/// rise.
fn statuses(count: usize) -> Account {
    let status = |n: usize| {
        format!(
            "{{ id: {}, name: {}{n:03} }}",
            1000 - n,
            if n.is_multiple_of(3) { "P" } else { "p" }
        )
    };
    let custom: Vec<_> = (1..=count).map(status).collect();
    let list = format!(
        "agent_statuses: {{ custom: [{}] }}\nagents",
        custom.join(", ")
    );
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
    elements(&body["data"])
        .iter()
        .map(|entry| entry["id"].as_str().expect("an id").to_owned())
        .collect()
}

/// Pages contain only custom statuses.
fn by_name(body: &Value) -> Vec<String> {
    let names = |key: &str| {
        elements(&body[key])
            .iter()
            .map(|status| {
                status["attributes"]["name"]
                    .as_str()
                    .expect("a name")
                    .to_owned()
            })
            .collect::<Vec<_>>()
    };
    let default = names("default");
    assert!(
        default.is_empty() || default == ["away", "offline", "online", "transfers_only"],
        "{default:?}"
    );
    names("custom")
}

impl List {
    /// The path with more parameters.
    fn with(&self, query: &str) -> String {
        let start = if self.path.contains('?') { "&" } else { "?" };
        format!("{}{start}{query}", self.path)
    }

    /// All entries in order, from one page.
    fn all(&self, account: &Account) -> Vec<String> {
        (self.entries)(&account.json(&self.with("page[size]=100")))
    }
}

/// The page that a link leads to.
fn follow(account: &Account, link: &Value) -> Value {
    account.json(&below(link))
}

/// Documented for cursors and links, observed for the two signs that there is more, assumed for the
/// rest: all pages together are the list, forwards and backwards, for any page size.
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
            assert_eq!(
                pages.iter().map(list.entries).collect::<Vec<_>>(),
                expected,
                "{case}"
            );
            for (number, page) in pages.iter().enumerate() {
                assert_eq!(
                    page["links"]["prev"].is_null(),
                    number == 0,
                    "{case}: {page}"
                );
                assert_eq!(
                    page["links"]["next"].is_null(),
                    number + 1 == pages.len(),
                    "{case}: {page}"
                );
            }
            for pair in pages.windows(2).rev() {
                assert_eq!(
                    follow(&account, &pair[1]["links"]["prev"]),
                    pair[0],
                    "{case}, backwards"
                );
            }
        }
    }
}

/// Observed: a client follows the cursors of `meta`, and drops the page size on later pages. A
/// cursor works with any size, in both directions.
#[test]
fn cursors_work_with_another_page_size() {
    for list in LISTS {
        let account = (list.account)(30);
        let all = list.all(&account);
        let end = account.json(&list.with("page[size]=100"))["meta"]["after_cursor"].clone();
        let end = end.as_str().expect("a cursor");
        let page = account.json(&list.with(&format!("page[size]=4&page[before]={end}")));
        assert_eq!((list.entries)(&page), all[25..29], "{}", list.path);
        let [after, before] = ["after_cursor", "before_cursor"]
            .map(|name| page["meta"][name].as_str().expect("a cursor"));
        for (query, expected) in [
            (format!("page[before]={before}"), &all[5..25]),
            (format!("page[before]={before}&page[size]=3"), &all[22..25]),
            (format!("page[before]={after}&page[size]=1"), &all[27..28]),
            (format!("page[after]={before}"), &all[26..]),
            (format!("page[after]={before}&page[size]=2"), &all[26..28]),
        ] {
            assert_eq!(
                (list.entries)(&account.json(&list.with(&query))),
                expected,
                "{}, {query}",
                list.path
            );
        }
    }
}

/// Documented for work items, whose cursor is the id of the page's last item, and for statuses,
/// whose cursors are integers. Assumed for agents, and that the cursors of statuses are ids, as
/// text.
#[test]
fn cursors_are_the_ids_of_the_ends_of_a_page() {
    let cursors = |list: &List| (list.account)(9).json(&list.with("page[size]=3"))["meta"].clone();
    let [agents, _, items, newest_first, statuses, mine] = &LISTS;
    assert_eq!(
        cursors(agents),
        json!({ "has_more": true, "after_cursor": "30", "before_cursor": "10" })
    );
    assert_eq!(
        cursors(items),
        json!({ "has_more": true, "after_cursor": "8997", "before_cursor": "8999" })
    );
    assert_eq!(
        cursors(newest_first),
        json!({ "has_more": true, "after_cursor": "8993", "before_cursor": "8991" })
    );
    let documented =
        Account::demo().json("/10011/channels/messaging/relationships/work_items?page[size]=3");
    assert_eq!(documented["meta"]["after_cursor"], "203");
    // By name, "P003" of id 997 comes first.
    for list in [statuses, mine] {
        assert_eq!(
            cursors(list),
            json!({ "has_more": true, "after_cursor": "991", "before_cursor": "997" })
        );
    }
}

/// Documented: lexicographical by name; by code point (assumed).
#[test]
fn statuses_are_ordered_by_code_point() {
    let names = [
        "Zebra",
        "awa",
        "away2",
        "\u{c4}pfel",
        "\u{e4}pfel",
        "\u{ff5e}",
        "\u{1f600}",
        "AWAY",
        "\u{e4}",
        " lead",
    ];
    let status = |(n, name): (usize, &&str)| format!("{{ id: {}, name: \"{name}\" }}", 900 - n);
    let custom: Vec<_> = names.iter().enumerate().map(status).collect();
    let account = Account::seeded(&format!(
        "{ADMIN}agent_statuses: {{ custom: [{}] }}",
        custom.join(", ")
    ));
    let mut expected = names;
    expected.sort_by_key(|name| name.chars().collect::<Vec<_>>());
    let mut page = account.json("/agent_statuses?page[size]=1");
    let mut walked = by_name(&page);
    while page["meta"]["has_more"] == true {
        page = follow(&account, &page["links"]["next"]);
        walked.extend(by_name(&page));
        assert!(
            walked.len() <= expected.len(),
            "the walk does not end: {walked:?}"
        );
    }
    assert_eq!(walked, expected);
}

/// Assumed: on an empty page `has_more` is false and both cursors and both links are null, however
/// it was reached: after the last entry, or before the first.
#[test]
fn an_empty_page_leads_nowhere() {
    for list in LISTS {
        let account = (list.account)(5);
        let whole = account.json(&list.with("page[size]=100"))["meta"].clone();
        let [first, last] =
            ["before_cursor", "after_cursor"].map(|name| whole[name].as_str().expect("a cursor"));
        for query in [
            format!("page[size]=2&page[after]={last}"),
            format!("page[size]=2&page[before]={first}"),
        ] {
            let page = account.json(&list.with(&query));
            assert!((list.entries)(&page).is_empty(), "{} {query}", list.path);
            assert_eq!(
                (&page["meta"], &page["links"]),
                (&no_cursors(), &no_links()),
                "{} {query}",
                list.path
            );
        }
    }
}

/// Assumed: a list without entries has nothing on either side, which is not an error.
#[test]
fn an_empty_list_has_one_empty_page() {
    let account = work_items(3);
    for path in [
        "?filter[agent_id]=404&",
        "/1/channels/talk/relationships/work_items?",
    ] {
        let page = account.json(&format!("{path}page[size]=2"));
        assert_eq!(page["data"], json!([]), "{path}");
        assert_eq!(
            (&page["meta"], &page["links"]),
            (&no_cursors(), &no_links()),
            "{path}"
        );
    }
    let page = account.json(&format!("?filter[agent_id]=404&{FROM_THE_END}"));
    assert_eq!(
        (&page["meta"], &page["links"]),
        (&no_cursors(), &no_links())
    );
}

fn no_cursors() -> Value {
    json!({ "has_more": false, "after_cursor": null, "before_cursor": null })
}

fn no_links() -> Value {
    json!({ "prev": null, "next": null })
}

/// How a client continues from a page: its next query, if there is one. An absent cursor is sent as
/// an empty one.
type Onward = fn(&List, &Value) -> Option<String>;

/// The first two go forward and the others back. Observed for the first two: some clients follow
/// the link, some the flag.
const CLIENTS: [(&str, Onward); 4] = [
    ("links.next", |_, page| {
        page["links"]["next"]
            .is_string()
            .then(|| below(&page["links"]["next"]))
    }),
    ("has_more", |list, page| {
        let cursor = page["meta"]["after_cursor"].as_str().unwrap_or_default();
        (page["meta"]["has_more"] == true)
            .then(|| list.with(&format!("page[size]=2&page[after]={cursor}")))
    }),
    ("links.prev", |_, page| {
        page["links"]["prev"]
            .is_string()
            .then(|| below(&page["links"]["prev"]))
    }),
    ("before_cursor", |list, page| {
        let cursor = page["meta"]["before_cursor"].as_str()?;
        Some(list.with(&format!("page[size]=2&page[before]={cursor}")))
    }),
];

/// Assumed: a client that follows `links.next`, or `has_more` with `after_cursor`, sees no entry
/// twice, from any first page. The same is true backwards. No entry is skipped either.
#[test]
fn every_way_to_follow_pages_sees_each_entry_once() {
    for list in LISTS {
        let account = (list.account)(7);
        let all = list.all(&account);
        let mut starts = vec!["page[size]=2".to_owned()];
        let mut page = account.json(&list.with("page[size]=1"));
        loop {
            let cursor = page["meta"]["after_cursor"].as_str().expect("a cursor");
            starts.extend(
                ["after", "before"].map(|name| format!("page[size]=2&page[{name}]={cursor}")),
            );
            if page["links"]["next"].is_null() {
                break;
            }
            page = follow(&account, &page["links"]["next"]);
        }
        for (start, (client, onward)) in starts
            .iter()
            .flat_map(|start| CLIENTS.map(|client| (start, client)))
        {
            let case = format!("{} from {start} by {client}", list.path);
            let mut page = account.json(&list.with(start));
            let mut seen = (list.entries)(&page);
            while let Some(path) = onward(&list, &page) {
                page = account.json(&path);
                let entries = (list.entries)(&page);
                assert!(seen.len() <= all.len(), "{case} does not end: {seen:?}");
                let place = if client == "links.prev" || client == "before_cursor" {
                    0
                } else {
                    seen.len()
                };
                seen.splice(place..place, entries);
            }
            let is_part = seen.is_empty() || all.windows(seen.len()).any(|part| part == seen);
            assert!(is_part, "{case}: {seen:?}");
        }
    }
}
