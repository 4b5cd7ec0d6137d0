//! The paths of the control API, and the answers to calls that none of them takes.

use axum::http::Method;

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

/// The paths of the control API, with their parameters in braces, and the methods of each.
#[derive(Debug, Default)]
pub(crate) struct ControlPaths(Vec<(&'static str, Vec<Method>)>);

impl ControlPaths {
    pub(crate) fn add(&mut self, path: &'static str, method: Method) {
        match self.0.iter_mut().find(|(other, _)| *other == path) {
            Some((_, methods)) => methods.push(method),
            None => self.0.push((path, vec![method])),
        }
    }

    /// Each path with each of its methods.
    #[cfg(test)]
    pub(crate) fn iter(&self) -> impl Iterator<Item = (&'static str, &Method)> {
        let paths = self.0.iter();
        paths.flat_map(|(path, methods)| methods.iter().map(|method| (*path, method)))
    }

    pub(crate) fn append(&mut self, mut other: Self) {
        self.0.append(&mut other.0);
    }

    /// The 404 or 405 of a call that no route takes. `route` is the path in the table, if any.
    pub(crate) fn refusal(
        &self,
        route: Option<&str>,
        method: &Method,
        path: &str,
    ) -> Option<ControlError> {
        let methods = self.0.iter().find(|(template, _)| Some(*template) == route);
        let Some((_, methods)) = methods else {
            return Some(self.no_such_path(path));
        };
        let takes =
            |taken: &Method| taken == method || (*taken == Method::GET && *method == Method::HEAD);
        if methods.iter().any(takes) {
            return None;
        }
        let names = methods.iter().map(|method| match *method {
            Method::GET => "GET, HEAD",
            ref other => other.as_str(),
        });
        let names = names.collect::<Vec<_>>().join(", ");
        Some(ControlError::MethodNotAllowed(names))
    }

    /// A 404 that names the path that was probably meant.
    fn no_such_path(&self, path: &str) -> ControlError {
        let given = segments(path);
        let likeness = |template: &str| likeness(&given, &segments(template));
        let paths = || self.0.iter().map(|(template, _)| *template);
        let best = paths().map(likeness).max();
        let best = best.filter(|score| *score >= ENOUGH && given.len() <= MOST_SEGMENTS);
        let likeliest: Vec<_> = paths().filter(|it| Some(likeness(it)) == best).collect();
        // Of several with the same score, the one whose spelling is nearest.
        let meant = nearest(path, likeliest.iter().copied()).or_else(|| likeliest.first().copied());
        ControlError::NoSuchPath(match meant {
            Some(meant) => format!("there is no such path, did you mean `{meant}`?"),
            None => format!("there is no such path; see {START}/openapi.control.yaml"),
        })
    }
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
