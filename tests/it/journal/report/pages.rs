//! Lists: whether a client follows the links, and reaches the end.

use axum::http::Method;
use serde_json::json;

use super::{NONE, shown, verdicts};
use crate::harness::{Account, Ask, below};

const LINKS: &str = "pagination_links";
const MORE: &str = "has_more";

/// A client that follows the links of a list is good, for every list, for both spellings of the
/// query, and for a list that is cached.
#[test]
fn following_links_to_the_end_is_good() {
    let filters = "filter[agent_status_id]=3,4,123&filter%5Bskill_ids%5D=a+b,1ae11c11-9993-49f8-9850-c2dc096badd1&include=x";
    let items = "/10011/channels/messaging/relationships/work_items?page[size]=1";
    for start in [
        "?page[size]=3",
        "?page%5Bsize%5D=1&filter%5Bchannel_status%5D=messaging%3Aonline&x=1",
        &format!("?per_page=1&page[size]=1&{filters}"),
        "/agent_statuses?page[size]=1",
        "/agent_statuses/me?page[size]=1",
        items,
        "/me/channels/messaging/relationships/work_items?page[size]=1",
    ] {
        let server = Account::demo();
        for round in 1..=4 {
            let (mut path, mut pages) = (start.to_owned(), 0);
            loop {
                let ask = Ask::get(&path);
                let is_own = start.split(['/', '?']).any(|part| part == "me");
                let page = server.send(&if is_own { ask.by_agent() } else { ask });
                let next = page.at("/links/next");
                if next.is_null() {
                    break;
                }
                (path, pages) = (below(&next), pages + 1);
            }
            assert!(pages > 0, "{start}");
            assert_eq!(
                shown(&server, "pagination_links", "good").len(),
                pages * round,
                "{start}"
            );
            assert_eq!(
                shown(&server, "has_more", "good").len(),
                pages * round,
                "{start}"
            );
        }
        assert_eq!(shown(&server, "pagination_links", "bad"), [0; 0], "{start}");
        assert_eq!(shown(&server, "has_more", "bad"), [0; 0], "{start}");
    }
}

/// The same backwards, and with the token of an old client in each query (observed).
#[test]
fn links_may_be_followed_backwards_and_with_a_token() {
    let server = Account::demo();
    let get = |path: &str, sign: char| {
        let ask = Ask::get(&format!("{path}{sign}access_token=demo-oauth-admin")).anonymous();
        server.send(&ask).json()
    };
    let second = get(&below(&get("?page[size]=3", '&')["links"]["next"]), '&');
    get(&below(&second["links"]["prev"]), '&');
    assert_eq!(shown(&server, "pagination_links", "good"), [2, 3]);
    assert_eq!(shown(&server, "pagination_links", "bad"), [0; 0]);
}

/// Observed: Faraday sorts the parameters of a link before it sends them, HTTP libraries differ in
/// what they encode, and some add parameters to each request. Assumed: the elements of a list mean
/// the same in any order.
#[test]
fn a_link_may_be_spelled_in_any_way() {
    for second in [
        "?page%5Bsize%5D=3&filter%5Bgroup_id%5D=1%2C42&filter%5Bskill_id%5D=a+b&page%5Bafter%5D=10011",
        "?filter%5Bgroup_id%5D=1%2C42&filter%5Bskill_id%5D=a+b&page%5Bafter%5D=10011&page%5Bsize%5D=3",
        "?page[after]=10011&filter[skill_id]=a%20b&page[size]=3&filter[group_id]=1,42",
        "?page%5Bsize%5D=3&filter%5Bgroup_id%5D=42%2C1&filter%5Bskill_id%5D=a+b&page%5Bafter%5D=10011",
        "?page[size]=3&filter[group_id]=1,42&filter[skill_id]=a+b&page[after]=10011&per_page=3&include=x&page[before]=",
        "?page[size]=9&page[size]=3&filter[group_id]=1,42&filter[skill_id]=a+b&page[after]=1&page[after]=10011",
    ] {
        let server = Account::demo();
        server.get("?page[size]=3&filter[group_id]=1,42&filter[skill_id]=a+b");
        assert_eq!(server.get(second).status, 200, "{second}");
        assert_eq!(verdicts(&server, LINKS), [vec![2], NONE, NONE], "{second}");
    }
}

/// Observed: the Ruby client drops the page size on later pages. Assumed: with other filters it is
/// another list.
#[test]
fn another_size_is_noted_and_other_filters_are_bad() {
    for (second, expected) in [
        (
            "?filter%5Bgroup_id%5D=1%2C42&page%5Bafter%5D=10011",
            [NONE, NONE, vec![2]],
        ),
        (
            "?page[size]=2&filter[group_id]=1,42&page[after]=10011",
            [NONE, NONE, vec![2]],
        ),
        ("?page[size]=3&page[after]=10011", [NONE, vec![2], NONE]),
        (
            "?page[size]=3&filter[group_id]=1&page[after]=10011",
            [NONE, vec![2], NONE],
        ),
        (
            "?page[size]=3&filter[group_id]=1,42&filter[agent_id]=1&page[before]=10013",
            [NONE, vec![2], NONE],
        ),
        // Observed: `fetch(true)` of the Ruby client sends both cursors. That is a 400, and not a
        // step to another page.
        (
            "?page[size]=3&filter[group_id]=1,42&page[after]=10013&page[before]=10011",
            [NONE, NONE, NONE],
        ),
        // Another list.
        ("/agent_statuses?page[size]=3", [NONE, NONE, NONE]),
    ] {
        let server = Account::demo();
        server.get("?page[size]=3&filter[group_id]=1,42");
        server.get(second);
        assert_eq!(verdicts(&server, LINKS), expected, "{second}");
    }
}

/// Assumed: a cursor may be older than the journal, or from a page of another client.
#[test]
fn a_cursor_may_be_older_than_the_journal() {
    let (filtered, unfiltered) = (
        "?page[size]=3&filter[group_id]=1",
        "?page[size]=3&page[after]=10011",
    );
    let server = Account::demo();
    server.get(unfiltered);
    server.get(filtered);
    assert_eq!(verdicts(&server, LINKS), [NONE, NONE, NONE]);
    assert_eq!(
        server
            .send(&Ask::control(Method::DELETE, "/requests"))
            .status,
        204
    );
    server.get(filtered);
    server.get(unfiltered);
    assert_eq!(verdicts(&server, LINKS), [NONE, NONE, NONE], "cleared");
    let server = Account::with(|builder| builder.journal_requests(2));
    for query in [unfiltered, filtered, unfiltered] {
        server.get(query);
    }
    assert_eq!(verdicts(&server, LINKS), [NONE, NONE, NONE], "dropped");
    let server = Account::demo();
    server.get(filtered);
    server.send(&Ask::get(unfiltered).header("user-agent", "another"));
    assert_eq!(
        verdicts(&server, LINKS),
        [NONE, NONE, NONE],
        "another program"
    );
    server.get("?page[size]=3");
    server.send(&Ask::get(unfiltered).header("user-agent", "another"));
    assert_eq!(
        verdicts(&server, LINKS),
        [vec![4], NONE, NONE],
        "a link that was handed on"
    );
}

/// Assumed: a call that was refused before its query was read is neither good nor bad, and a
/// refused page has no links. The report says of none of its parameters that they have no effect.
#[test]
fn a_refused_step_says_nothing() {
    let server = Account::demo();
    let rules = json!({ "faults": [{ "preset": "rate-limit-text-body", "when": { "after": 1, "first": 1 } }] });
    assert_eq!(
        server
            .send(&Ask::control(Method::PUT, "/faults").json(&rules))
            .status,
        200
    );
    server.get("?page[size]=3&per_page=3");
    for status in [429, 200] {
        assert_eq!(
            server
                .get("?page[size]=3&page[after]=10011&per_page=3")
                .status,
            status
        );
    }
    server.send(&Ask::get("?page[size]=3&filter[group_id]=1&page[after]=10011").anonymous());
    server.send(&Ask::get("?page[size]=3&filter[group_id]=1&page[after]=10011").by_agent());
    assert_eq!(verdicts(&server, LINKS), [vec![3], NONE, NONE]);
    assert_eq!(verdicts(&server, MORE)[0], [1]);
}

/// Assumed: `me` and the caller's id name the same list, and links name it by the id. An encoded
/// path is the same too.
#[test]
fn a_list_is_the_same_however_its_path_is_spelled() {
    for path in [
        "/me/channels/messaging/relationships/work_items",
        "/%31%30001/channels/messaging/relationships/work_items.json",
        "/10001/channels/%6Dessaging/relationships/work_items/",
    ] {
        let server = Account::demo();
        for id in [1, 2] {
            let add = Ask::control(Method::POST, "/agents/10001/channels/messaging/work_items")
                .json(&json!({ "id": id }));
            assert_eq!(server.send(&add).status, 201);
        }
        let first = server.json(&format!("{path}?page[size]=1"));
        let next = below(&first["links"]["next"]);
        assert!(next.starts_with("/10001/"), "{next}");
        server.get(&next);
        assert_eq!(verdicts(&server, LINKS), [vec![2], NONE, NONE], "{path}");
        assert_eq!(verdicts(&server, MORE), [vec![1], NONE, NONE], "{path}");
    }
}

/// Assumed: a client may stop once it has found what it looked for, so an unfinished walk is only
/// noted.
#[test]
fn what_was_left_unread_is_noted() {
    let server = Account::small_team();
    server.get("?page[size]=3");
    assert_eq!(verdicts(&server, MORE), [NONE, NONE, vec![1]]);
    // It polls the first page, and then continues.
    server.get("?page[size]=3");
    let next = below(&server.json("?page[size]=3")["links"]["next"]);
    server.get(&next);
    assert_eq!(verdicts(&server, MORE), [vec![1, 2, 3], NONE, vec![4]]);
    // Another walk, another list, another caller and another program are independent.
    server.get("?page[size]=100&filter[group_id]=42");
    server.get("/agent_statuses?page[size]=100");
    server.send(&Ask::get("?page[after]=10013").by_agent());
    server.send(&Ask::get("?page[after]=10013").header("user-agent", "another"));
    assert_eq!(verdicts(&server, MORE), [vec![1, 2, 3], NONE, vec![4]]);
    // Observed: the Ruby client drops the page size, and still continues.
    server.get("?page[after]=10014&page[size]=");
    assert_eq!(verdicts(&server, MORE), [vec![1, 2, 3, 4], NONE, NONE]);
}

/// Assumed: two workers with the same credentials walk side by side. Neither leaves its walk
/// unfinished, though each seems to begin again in the middle of the other's walk.
#[test]
fn walks_side_by_side_are_not_confused() {
    let server = Account::demo();
    let [one, two, three] = ["", "&page[after]=10012", "&page[after]=10015"]
        .map(|after| format!("?page[size]=3{after}"));
    for page in [&one, &one, &two, &two, &one, &three, &two, &three] {
        assert_eq!(server.get(page).status, 200);
    }
    let [good, bad, note] = verdicts(&server, MORE);
    assert_eq!((bad, good.contains(&2)), (NONE, true));
    assert!(
        !note.iter().any(|left| [1, 2, 3, 4, 5, 7].contains(left)),
        "{note:?}"
    );
}

/// Assumed: a client that goes backwards has already read the pages after its place. A HEAD has no
/// page, and neither may an answer that a fault damaged.
#[test]
fn some_pages_say_nothing_of_what_was_left() {
    let server = Account::demo();
    server.get("?page[before]=10014&page[size]=1");
    server.send(&Ask::head("?page[size]=1"));
    let rules = json!({ "faults": [{ "preset": "truncated-json" }] });
    assert_eq!(
        server
            .send(&Ask::control(Method::PUT, "/faults").json(&rules))
            .status,
        200
    );
    server.get("?page[size]=2");
    assert_eq!(verdicts(&server, MORE), [NONE, NONE, NONE]);
}

/// Assumed: no client needs the same further page three times, unless it polls. The first page is
/// polled, and a page that was refused or comes between others is asked for again.
#[test]
fn a_loop_over_one_page_is_noted() {
    let server = Account::demo();
    let rules = json!({ "faults": [{ "preset": "stuck-cursor" }] });
    let set = Ask::control(Method::PUT, "/faults").json(&rules);
    assert_eq!(server.send(&set).status, 200);
    let [first, second, third] = ["", "&page[after]=10012", "&page[after]=10015"]
        .map(|after| format!("?page[size]=3{after}"));
    for page in [
        &first, &first, &first, &second, &second, &third, &second, &second,
    ] {
        server.get(page);
    }
    assert_eq!(shown(&server, MORE, "note"), [0; 0]);
    for _ in 0..2 {
        server.get(&second);
    }
    assert_eq!(shown(&server, MORE, "note"), [9, 10]);
}
