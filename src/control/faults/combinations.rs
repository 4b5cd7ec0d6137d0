//! Which parts of a fault go together. What makes no sense is refused with the reason.

use crate::document::reader::{Node, Object};

/// Everything that a fault can have.
pub(super) const KEYS: &[&str] = &[
    "status",
    "retry_after",
    "body",
    "latency",
    "slow_first_byte",
    "dribble",
    "truncate",
    "break_json",
    "empty",
    "reset",
    "silence",
];

/// What a part excludes.
struct Excludes {
    key: &'static str,
    /// Only with this value; with any, if there is none.
    value: Option<&'static str>,
    others: &'static [&'static str],
    why: &'static str,
}

const EXCLUDED: &[Excludes] = &[
    Excludes {
        key: "silence",
        value: None,
        others: &[
            "status",
            "latency",
            "slow_first_byte",
            "dribble",
            "truncate",
            "break_json",
            "empty",
            "reset",
        ],
        why: "with silence there never is an answer",
    },
    Excludes {
        key: "reset",
        value: Some("before"),
        others: &[
            "status",
            "slow_first_byte",
            "dribble",
            "truncate",
            "break_json",
            "empty",
        ],
        why: "the connection is reset before there is an answer",
    },
    Excludes {
        key: "empty",
        value: None,
        others: &[
            "status",
            "slow_first_byte",
            "dribble",
            "truncate",
            "break_json",
        ],
        why: "with empty the answer is a 200 without a body",
    },
    Excludes {
        key: "reset",
        value: Some("mid_body"),
        others: &["empty"],
        why: "there has to be a body",
    },
    Excludes {
        key: "body",
        value: Some("empty"),
        others: &[
            "slow_first_byte",
            "dribble",
            "truncate",
            "break_json",
            "reset",
        ],
        why: "there has to be a body",
    },
    Excludes {
        key: "body",
        value: Some("text"),
        others: &["break_json"],
        why: "text is no JSON to begin with",
    },
    Excludes {
        key: "body",
        value: Some("html"),
        others: &["break_json"],
        why: "HTML is no JSON to begin with",
    },
    Excludes {
        key: "truncate",
        value: None,
        others: &["break_json"],
        why: "a body is corruption in one way only, and truncate is there",
    },
    Excludes {
        key: "reset",
        value: Some("mid_body"),
        others: &["truncate", "break_json"],
        why: "a body is corruption in one way only, and reset is there",
    },
];

/// Notes what does not go together.
pub(super) fn check(node: &Node<'_>, fault: &Object<'_>) {
    // False is as good as absent.
    let given = |key| {
        fault
            .optional(key)
            .filter(|node| node.value().boolean() != Some(false))
    };
    if KEYS.iter().all(|key| given(key).is_none()) {
        node.problem(format_args!(
            "a fault has at least one of {}",
            KEYS.join(", ")
        ));
    }
    for key in ["retry_after", "body"] {
        if let Some(node) = given(key).filter(|_| given("status").is_none()) {
            node.problem("it goes with a status only");
        }
    }
    let status = given("status").and_then(|node| node.value().number());
    if let Some(node) =
        given("retry_after").filter(|_| status.is_some_and(|status| ![429, 503].contains(&status)))
    {
        node.problem("it goes with the statuses 429 and 503 only");
    }
    for Excludes {
        key,
        value,
        others,
        why,
    } in EXCLUDED
    {
        let Some(found) = given(key) else { continue };
        if value.is_some_and(|value| found.value().text().is_none_or(|text| text != value)) {
            continue;
        }
        for other in others.iter().filter_map(|other| given(other)) {
            other.problem(why);
        }
    }
}
