//! Which parts of a fault can be combined. Other combinations are refused with the reason.

use crate::document::reader::{Node, Object};

/// All parts of a fault.
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

/// A part and the parts that it excludes.
struct Excludes {
    key: &'static str,
    /// Only with this value. None means any value.
    value: Option<&'static str>,
    others: &'static [&'static str],
    why: &'static str,
}

/// The parts about an answer that arrives.
const ABOUT_AN_ANSWER: &[&str] = &[
    "status",
    "slow_first_byte",
    "dribble",
    "truncate",
    "break_json",
    "empty",
];

const NO_ANSWER: &str = "with silence there is never an answer";

const EXCLUDED: &[Excludes] = &[
    Excludes {
        key: "silence",
        value: None,
        others: ABOUT_AN_ANSWER,
        why: NO_ANSWER,
    },
    Excludes {
        key: "silence",
        value: None,
        others: &["latency", "reset"],
        why: NO_ANSWER,
    },
    Excludes {
        key: "reset",
        value: Some("before"),
        others: ABOUT_AN_ANSWER,
        why: "the connection is reset before there is an answer",
    },
    Excludes {
        key: "reset",
        value: Some("after"),
        others: ABOUT_AN_ANSWER,
        why: "the connection is reset in place of the answer",
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
        why: "text is not JSON",
    },
    Excludes {
        key: "body",
        value: Some("html"),
        others: &["break_json"],
        why: "HTML is not JSON",
    },
    Excludes {
        key: "truncate",
        value: None,
        others: &["break_json"],
        why: "a body can be corrupted in one way only, and truncate is given",
    },
    Excludes {
        key: "reset",
        value: Some("mid_body"),
        others: &["truncate", "break_json"],
        why: "a body can be corrupted in one way only, and reset is given",
    },
];

/// Refuses parts that cannot be combined.
pub(super) fn check(node: &Node<'_>, fault: &Object<'_>) {
    // False counts as absent.
    let given_part = |key| {
        fault
            .optional(key)
            .filter(|node| node.value().boolean() != Some(false))
    };
    if KEYS.iter().all(|key| given_part(key).is_none()) {
        node.problem(format_args!(
            "a fault has at least one of {}",
            KEYS.join(", ")
        ));
    }
    for key in ["retry_after", "body"] {
        if let Some(node) = given_part(key).filter(|_| given_part("status").is_none()) {
            node.problem("it needs a status");
        }
    }
    let status = given_part("status").and_then(|node| node.value().number());
    if let Some(node) = given_part("retry_after")
        .filter(|_| status.is_some_and(|status| ![429, 503].contains(&status)))
    {
        node.problem("it needs the status 429 or 503");
    }
    for Excludes {
        key,
        value,
        others,
        why,
    } in EXCLUDED
    {
        let Some(found) = given_part(key) else {
            continue;
        };
        if value.is_some_and(|value| found.value().text().is_none_or(|text| text != value)) {
            continue;
        }
        for other in others.iter().filter_map(|other| given_part(other)) {
            other.problem(why);
        }
    }
}
