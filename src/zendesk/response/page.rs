//! Cursor pagination: the parameters of a request, and the `links` and `meta` of its answer.

use serde::Serialize;

use crate::world::{Page, Position, UnknownCursor};
use crate::zendesk::error::{ApiError, Code, Problem, Source, sentence};
use crate::zendesk::request::query::{Query, is_number};

/// The largest page.
const MAX_SIZE: usize = 100;

pub(crate) const SIZE: &str = "page[size]";
pub(crate) const AFTER: &str = "page[after]";
pub(crate) const BEFORE: &str = "page[before]";
const NOT_VALID: &str = "the cursor is not valid here";
/// The number of a page, in offset pagination.
pub(crate) const NUMBER: &str = "page";
/// How clients come to send both cursors by accident.
const BOTH_FROM_RUBY: &str =
    "the official Ruby client sends both cursors when `collection.fetch(true)` is called again";

/// The end of a link to the page after an item, without other parameters. The item's cursor
/// follows.
pub(crate) const NEXT: &str = "?page%5Bafter%5D=";

/// The page that a request asks for.
#[derive(Debug)]
pub(crate) struct PageRequest<K> {
    pub(crate) position: Position<K>,
    pub(crate) size: usize,
}

/// A key that can be a cursor.
pub(crate) trait Cursor: Sized {
    fn parse(text: &str) -> Option<Self>;
    fn text(&self) -> String;
}

impl<K: Cursor> PageRequest<K> {
    pub(crate) fn read(query: &mut Query, default_size: usize) -> Self {
        query.read(
            &[NUMBER],
            Code::InvalidPaginationParameter,
            |_| -> Result<(), _> {
                Err(format!(
                    "offset pagination is not supported; use {SIZE} and {AFTER}"
                ))
            },
        );
        Self::read_cursors(query, default_size)
    }

    /// The same, without a look at the parameter of offset pagination.
    pub(crate) fn read_cursors(query: &mut Query, default_size: usize) -> Self {
        let cursor = |text: &str| K::parse(text).ok_or_else(|| NOT_VALID.to_owned());
        let after = query.read(&[AFTER], Code::InvalidPaginationParameter, cursor);
        let before = query.read(&[BEFORE], Code::InvalidPaginationParameter, cursor);
        if after.is_some() && before.is_some() {
            query.note(BOTH_FROM_RUBY.to_owned());
            query.refuse(
                BEFORE,
                Code::InvalidPaginationParameter,
                format!("{AFTER} is given as well, and only one of them can be used"),
            );
        }
        let position = before
            .map(Position::Before)
            .or(after.map(Position::After))
            .unwrap_or(Position::First);
        Self {
            position,
            size: read_size(query).unwrap_or(default_size),
        }
    }
}

impl<K> PageRequest<K> {
    /// The error about an unknown cursor.
    pub(crate) fn refusal(&self, unknown: UnknownCursor) -> ApiError {
        let parameter = match self.position {
            Position::First | Position::After(_) => AFTER,
            Position::Before(_) => BEFORE,
        };
        let problem = Problem::new(Code::InvalidPaginationParameter, sentence(&unknown));
        problem.at(Source::Parameter(parameter.to_owned())).into()
    }
}

/// The parameter of the query that has a cursor, if one has.
pub(crate) fn cursor_in(query: &str) -> Option<&'static str> {
    let given = |name: &str| {
        let values = form_urlencoded::parse(query.as_bytes()).filter(|(given, _)| given == name);
        values.last().is_some_and(|(_, value)| !value.is_empty())
    };
    [AFTER, BEFORE].into_iter().find(|name| given(name))
}

/// The problem with an expired cursor.
pub(crate) fn not_valid(name: &str) -> Problem {
    let problem = Problem::new(
        Code::InvalidPaginationParameter,
        format!("{name}: {NOT_VALID}."),
    );
    problem.at(Source::Parameter(name.to_owned()))
}

fn read_size(query: &mut Query) -> Option<usize> {
    let size = query.read(&[SIZE], Code::InvalidPaginationParameter, |text| {
        // A number that does not fit is a large size.
        let size = if is_number(text) {
            text.parse().unwrap_or(usize::MAX)
        } else {
            0
        };
        if size == 0 {
            Err(format!("expected a whole number from 1 to {MAX_SIZE}"))
        } else {
            Ok(size)
        }
    })?;
    if size > MAX_SIZE {
        query.note(format!("{SIZE} was clamped to {MAX_SIZE}"));
    }
    Some(size.min(MAX_SIZE))
}

/// The `links` of a page.
#[derive(Serialize)]
pub(crate) struct Links {
    prev: Option<String>,
    next: Option<String>,
}

/// The `meta` of a page.
#[derive(Serialize)]
pub(crate) struct Meta {
    has_more: bool,
    after_cursor: Option<String>,
    before_cursor: Option<String>,
}

/// The `links` and `meta` of a page of the list at `url`.
pub(crate) fn envelope<T, K: Cursor>(
    page: &Page<T>,
    key: impl Fn(&T) -> K,
    url: &str,
    query: &Query,
) -> (Links, Meta) {
    let before_cursor = page.items.first().map(|item| key(item).text());
    let after_cursor = page.items.last().map(|item| key(item).text());
    let link_to = |name, cursor: &Option<String>| {
        cursor
            .as_deref()
            .map(|cursor| link(url, query, name, cursor))
    };
    let prev = page
        .has_previous
        .then(|| link_to(BEFORE, &before_cursor))
        .flatten();
    let next = page
        .has_next
        .then(|| link_to(AFTER, &after_cursor))
        .flatten();
    let links = Links { prev, next };
    (
        links,
        Meta {
            has_more: page.has_next,
            after_cursor,
            before_cursor,
        },
    )
}

/// The list at `url` with the parameters of this query, and with this one in place of those that say
/// which page it is.
pub(crate) fn link(url: &str, query: &Query, name: &str, value: &str) -> String {
    let kept = query
        .repeatable()
        .filter(|(name, _)| ![AFTER, BEFORE, NUMBER].contains(name));
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    let pairs = pairs.extend_pairs(kept).append_pair(name, value).finish();
    format!("{url}?{pairs}")
}
