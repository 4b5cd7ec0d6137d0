//! Verification: whether the client did what a test expects, and if not, what it did.

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use serde_json::{Map, Value};

use super::account_path::AccountPath;
use super::error::{ControlError, ControlResult};
use super::matcher::{self, Purpose};
use super::requests::summary;
use super::{Control, body};
use crate::account::{self, Account, Entry, Reading, RequestMatcher};
use crate::document::json::Document;
use crate::document::reader::Object;
use crate::wire::journal::{
    Difference, Expectation, Mismatch, NearRequest, RequestCount, RequestLine, Verified,
};

/// How many requests a refusal shows: of those that nearly match, and of those that match.
const NEAREST: usize = 5;
const MATCHING: usize = 20;

/// Which requests are expected, and how many.
struct Expected {
    matcher: RequestMatcher,
    count: CountRange,
}

/// How many requests there have to be, both bounds included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct CountRange {
    least: u64,
    most: Option<u64>,
}

impl CountRange {
    const ANY: Self = Self {
        least: 1,
        most: None,
    };
}

/// `POST /_emulator/accounts/{subdomain}/requests/verify`
pub(crate) async fn verify_requests(
    State(control): State<Arc<Control>>,
    path: AccountPath,
    request: Request,
) -> ControlResult {
    let verify = move |account: &Account, given: &Document<'_>, _| {
        let expected = body::read(given, |node| {
            let object = node.object(&[Purpose::Verification.keys(), &["count"]].concat())?;
            Some(Expected {
                matcher: matcher::read(&object, Purpose::Verification, &control.operations),
                count: read_count(&object)?,
            })
        })?;
        expected.verify(&account.journal.read())
    };
    // It compares every request of the journal.
    path.long_work(request, verify).await
}

fn read_count(object: &Object<'_>) -> Option<CountRange> {
    let Some(node) = object.optional("count") else {
        return Some(CountRange::ANY);
    };
    let count = node.object(&["exactly", "at_least", "at_most"])?;
    let number = |key| count.optional(key).and_then(|node| node.number());
    match ["exactly", "at_least", "at_most"].map(number).into() {
        (Some(exactly), None, None) => Some(CountRange {
            least: exactly,
            most: Some(exactly),
        }),
        (Some(_), ..) => {
            node.problem("expected \"exactly\", or \"at_least\" and \"at_most\"");
            None
        }
        (None, Some(least), Some(most)) if least > most => {
            node.problem("\"at_least\" is greater than \"at_most\"");
            None
        }
        (None, None, None) => Some(CountRange::ANY),
        (None, least, most) => Some(CountRange {
            least: least.unwrap_or(0),
            most,
        }),
    }
}

impl Expected {
    fn verify(&self, reading: &Reading) -> Result<Json<Verified>, ControlError> {
        let (mut matching, mut others) = (Vec::new(), Vec::new());
        for (sequence, entry) in &reading.entries {
            match self.differences(entry) {
                differences if differences.is_empty() => matching.push((*sequence, &**entry)),
                differences => others.push((*sequence, &**entry, differences)),
            }
        }
        let matched = matching.len() as u64;
        // Any of the dropped requests may have matched.
        let highest = matched + reading.dropped;
        if self.count.includes(matched) && self.count.includes(highest) {
            return Ok(Json(Verified { matched }));
        }
        let description = self.count.describe(matched, reading);
        if self.count.overlaps(matched, highest) {
            return Err(ControlError::Incomplete(description));
        }
        let is_short = matched < self.count.least;
        let newest = matching.iter().rev().take(MATCHING);
        let mismatch = Mismatch {
            expected: self.document(),
            matched,
            nearest: is_short.then(|| nearest(others)),
            matching: (!is_short).then(|| {
                newest
                    .map(|(sequence, entry)| line(*sequence, entry))
                    .collect()
            }),
        };
        Err(ControlError::NotVerified {
            description,
            details: serde_json::to_value(mismatch).unwrap_or_default(),
        })
    }

    /// The criteria that a request does not meet.
    fn differences(&self, entry: &Entry) -> Vec<Difference> {
        let mut differences = Vec::new();
        let mut note = |field: &str, expected: Value, found: Value| {
            differences.push(Difference {
                field: field.to_owned(),
                expected,
                found,
            });
        };
        self.matcher.compare_head(entry, &mut note);
        if let Some(expected) = &self.matcher.body {
            match entry.body_value() {
                Some(json) => account::differences(
                    "body",
                    expected,
                    Some(&json),
                    &mut |place, expected, found| {
                        note(place, expected.clone(), found.cloned().unwrap_or_default());
                    },
                ),
                None => {
                    let found = entry.body().map(|body| shortened(&body));
                    note("body", expected.clone(), found.into());
                }
            }
        }
        differences
    }

    fn document(&self) -> Map<String, Value> {
        let expectation = Expectation {
            criteria: matcher::document(&self.matcher),
            count: self.count.document(),
        };
        match serde_json::to_value(expectation) {
            Ok(Value::Object(document)) => document,
            _ => Map::new(),
        }
    }
}

impl CountRange {
    fn includes(self, number: u64) -> bool {
        number >= self.least && self.most.is_none_or(|most| number <= most)
    }

    /// Whether it includes any number of another range.
    fn overlaps(self, lowest: u64, highest: u64) -> bool {
        highest >= self.least && self.most.is_none_or(|most| lowest <= most)
    }

    fn document(self) -> RequestCount {
        let Self { least, most } = self;
        if most == Some(least) {
            return RequestCount {
                exactly: most,
                ..RequestCount::default()
            };
        }
        RequestCount {
            exactly: None,
            at_least: Some(least),
            at_most: most,
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

/// Those with the fewest differences. Of those with as many, the newest come first.
fn nearest(mut others: Vec<(u64, &Entry, Vec<Difference>)>) -> Vec<NearRequest> {
    others.sort_by_key(|(sequence, _, differences)| {
        (differences.len(), std::cmp::Reverse(*sequence))
    });
    let nearest = others.into_iter().take(NEAREST);
    nearest
        .map(|(sequence, entry, differences)| NearRequest {
            line: line(sequence, entry),
            differences,
        })
        .collect()
}

fn line(sequence: u64, entry: &Entry) -> RequestLine {
    RequestLine {
        sequence,
        request: summary(entry),
    }
}

/// The beginning of a body that is not JSON.
fn shortened(body: &str) -> String {
    const LONGEST: usize = 200;
    let end = body.char_indices().nth(LONGEST).map(|(end, _)| end);
    end.map_or_else(|| body.to_owned(), |end| format!("{}…", &body[..end]))
}
