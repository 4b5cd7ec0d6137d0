//! Verification: whether the client did what a test expects, and if not, what it did instead.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::response::Response;
use serde_json::{Value, json};

use super::account_path::AccountPath;
use super::error::ControlError;
use super::matcher::{CONTENT_KEYS, Difference, KEYS, Matcher};
use super::requests::summary;
use super::{Control, body};
use crate::account::{Account, Entry, Reading};
use crate::document::json::Document;
use crate::document::reader::{Node, Object};

/// How many requests a refusal shows that are nearly what was expected, and how many that are.
const NEAREST: usize = 5;
const MATCHING: usize = 20;

/// What is expected: so many requests that are like this.
struct Expected {
    matcher: Matcher,
    count: Count,
}

/// How many there are to be, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Count {
    least: u64,
    most: Option<u64>,
}

/// `POST /_emulator/accounts/{subdomain}/requests/verify`
pub(crate) async fn verify_requests(
    State(control): State<Arc<Control>>,
    path: AccountPath,
    request: Request,
) -> Result<Response, ControlError> {
    let verify = move |account: &Account, given: &Document<'_>, _| {
        let expected = body::read(given, |node| {
            let object = node.object(&[&KEYS[..], &CONTENT_KEYS, &["count"]].concat())?;
            let matcher = Matcher::read(&object, &control.operations).with_content(&object);
            Some(Expected {
                matcher,
                count: read_count(&object)?,
            })
        })?;
        expected.verify(&account.journal.read())
    };
    // Every request of the journal is looked at.
    path.long_work(true, request, verify).await
}

fn read_count(object: &Object<'_>) -> Option<Count> {
    let Some(node) = object.optional("count") else {
        return Some(Count {
            least: 1,
            most: None,
        });
    };
    let count = node.object(&["exactly", "at_least", "at_most"])?;
    let bounds = ["exactly", "at_least", "at_most"].map(|key| count.optional(key));
    // A number that cannot be read is not one that is missing.
    let number = |node: &Option<Node<'_>>| {
        node.as_ref()
            .map_or(Some(None), |node| node.number().map(Some))
    };
    let [exactly, least, most] = bounds.each_ref().map(number);
    let (exactly, least, most) = (exactly?, least?, most?);
    match (exactly, least, most) {
        (Some(exactly), None, None) => Some(Count {
            least: exactly,
            most: Some(exactly),
        }),
        (Some(_), ..) => {
            node.problem("expected \"exactly\", or \"at_least\" and \"at_most\"");
            None
        }
        (None, Some(least), Some(most)) if least > most => {
            node.problem("nothing is at least the one and at most the other");
            None
        }
        (None, None, None) => Some(Count {
            least: 1,
            most: None,
        }),
        (None, least, most) => Some(Count {
            least: least.unwrap_or(0),
            most,
        }),
    }
}

impl Expected {
    fn verify(&self, reading: &Reading) -> Result<Json<Value>, ControlError> {
        let (mut matching, mut others) = (Vec::new(), Vec::new());
        for (sequence, entry) in &reading.entries {
            match self.matcher.differences(entry) {
                differences if differences.is_empty() => matching.push((*sequence, &**entry)),
                differences => others.push((*sequence, &**entry, differences)),
            }
        }
        let matched = matching.len() as u64;
        // Any of those that were dropped may have been like this.
        let highest = matched + reading.dropped;
        if self.count.includes(matched) && self.count.includes(highest) {
            return Ok(Json(json!({ "matched": matched })));
        }
        if self.count.may_be_in(matched, highest) {
            return Err(ControlError::Incomplete(
                self.count.describe(matched, reading),
            ));
        }
        let is_short = matched < self.count.least;
        let mut details = json!({ "expected": self.document(), "matched": matched });
        if is_short {
            details["nearest"] = nearest(others);
        } else {
            let newest = matching.iter().rev().take(MATCHING);
            details["matching"] = newest
                .map(|(sequence, entry)| brief(*sequence, entry))
                .collect();
        }
        Err(ControlError::NotVerified {
            description: self.count.describe(matched, reading),
            details,
        })
    }

    fn document(&self) -> Value {
        let mut document = self.matcher.document();
        document.insert("count".to_owned(), self.count.document());
        document.into()
    }
}

impl Count {
    fn includes(self, number: u64) -> bool {
        number >= self.least && self.most.is_none_or(|most| number <= most)
    }

    /// Whether any number of a range would do.
    fn may_be_in(self, lowest: u64, highest: u64) -> bool {
        highest >= self.least && self.most.is_none_or(|most| lowest <= most)
    }

    fn document(self) -> Value {
        match self {
            Self {
                least,
                most: Some(most),
            } if least == most => json!({ "exactly": least }),
            Self {
                least,
                most: Some(most),
            } => json!({ "at_least": least, "at_most": most }),
            Self { least, most: None } => json!({ "at_least": least }),
        }
    }

    fn describe(self, matched: u64, reading: &Reading) -> String {
        let expected = match self {
            Self {
                least,
                most: Some(most),
            } if least == most => format!("exactly {least}"),
            Self {
                least: 0,
                most: Some(most),
            } => format!("at most {most}"),
            Self {
                least,
                most: Some(most),
            } => format!("at least {least} and at most {most}"),
            Self { least, most: None } => format!("at least {least}"),
        };
        let (held, dropped) = (reading.entries.len(), reading.dropped);
        let missing = if dropped == 0 {
            String::new()
        } else {
            format!("; {dropped} more have been dropped")
        };
        format!(
            "{expected} of the requests should be like this, and {matched} of {held} are{missing}"
        )
    }
}

/// Those with the fewest differences; of those with as many, the newest first.
fn nearest(mut others: Vec<(u64, &Entry, Vec<Difference>)>) -> Value {
    others.sort_by_key(|(sequence, _, differences)| {
        (differences.len(), std::cmp::Reverse(*sequence))
    });
    let nearest = others
        .into_iter()
        .take(NEAREST)
        .map(|(sequence, entry, differences)| {
            let differences = differences.into_iter().map(
                |Difference {
                     field,
                     expected,
                     found,
                 }| json!({ "field": field, "expected": expected, "found": found }),
            );
            let mut document = brief(sequence, entry);
            document["differences"] = differences.collect();
            document
        });
    nearest.collect()
}

fn brief(sequence: u64, entry: &Entry) -> Value {
    json!({ "sequence": sequence, "request": summary(entry) })
}
