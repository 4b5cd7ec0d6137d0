//! Control calls to a path that does not exist, or with a method that its path does not have.

use axum::body::HttpBody;
use axum::http::header::{ALLOW, CONTENT_LENGTH};
use axum::response::{IntoResponse, Response};

use super::error::ControlError;
use crate::names::nearest;

/// The beginning of all paths of this API.
const START: &str = "/_emulator";

/// The score of a pair of segments. A parameter fits any segment and scores 0.
const SAME: i32 = 4;
const NEAR: i32 = 3;
const SKIPPED: i32 = -1;
const NEVER: i32 = -1000;
/// The score from which a path is suggested. `/_emulator/clock` has this score with the path of an
/// account's clock.
const ENOUGH: i32 = 2;
/// A path with more segments gets no suggestion.
const MOST_SEGMENTS: usize = 20;

/// The 404 of a path that does not exist, which suggests the path that was probably meant. `paths`
/// have their parameters in braces.
pub(crate) fn no_such_path(path: &str, paths: &[String]) -> ControlError {
    let given = segments(path);
    let likeness = |template: &str| likeness(&given, &segments(template));
    let best = paths.iter().map(|template| likeness(template)).max();
    let best = best.filter(|score| *score >= ENOUGH && given.len() <= MOST_SEGMENTS);
    let likeliest: Vec<_> = paths
        .iter()
        .map(String::as_str)
        .filter(|it| Some(likeness(it)) == best)
        .collect();
    // Of several with the same score, the one whose spelling is nearest.
    let meant = nearest(path, likeliest.iter().copied()).or_else(|| likeliest.first().copied());
    ControlError::NoSuchPath(match meant {
        Some(meant) => format!("there is no such path, did you mean `{meant}`?"),
        None => format!("there is no such path; see {START}/openapi.control.yaml"),
    })
}

fn segments(path: &str) -> Vec<&str> {
    let behind = path.strip_prefix(START).unwrap_or(path);
    behind
        .split('/')
        .filter(|segment| !segment.is_empty())
        .take(MOST_SEGMENTS + 1)
        .collect()
}

/// The score of the best alignment of a path with a template, in which segments of either may be
/// skipped. Computed row by row.
fn likeness(path: &[&str], template: &[&str]) -> i32 {
    let mut row: Vec<_> = std::iter::successors(Some(0), |score| Some(score + SKIPPED))
        .take(template.len() + 1)
        .collect();
    for given in path {
        let mut next = vec![row[0] + SKIPPED];
        for (place, wanted) in template.iter().enumerate() {
            let paired = row[place] + pair(given, wanted);
            let skipped = row[place + 1].max(next[place]) + SKIPPED;
            next.push(paired.max(skipped));
        }
        row = next;
    }
    row[template.len()]
}

fn pair(given: &str, wanted: &str) -> i32 {
    if wanted.starts_with('{') {
        0
    } else if given == wanted {
        SAME
    } else if nearest(given, [wanted]).is_some() {
        NEAR
    } else {
        NEVER
    }
}

/// Gives the 405 of a path of this API its body, which names the methods in the router's `Allow`.
pub(crate) fn name_methods(mut response: Response) -> Response {
    let allowed = response
        .headers()
        .get(ALLOW)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let methods = allowed.split(',').collect::<Vec<_>>().join(", ");
    let (head, body) = ControlError::MethodNotAllowed(methods)
        .into_response()
        .into_parts();
    let length = body.size_hint().exact();
    *response.body_mut() = body;
    let headers = response.headers_mut();
    headers.extend(head.headers);
    // The router has set the length of an empty body.
    if let Some(length) = length {
        headers.insert(CONTENT_LENGTH, length.into());
    }
    response
}
