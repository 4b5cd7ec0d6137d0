//! Cursor pagination: the parameters of a request, and the `links` and `meta` of its answer.

use serde::Serialize;

use crate::world::{
    AgentId, ClientId, GroupId, Page, Position, StatusId, TokenId, UnknownCursor, UserId,
    WorkItemId,
};
use crate::zendesk::error::{ApiError, Code, Problem, Source, sentence};
use crate::zendesk::request::api_request::ApiRequest;
use crate::zendesk::request::query::{self, Query};

/// The largest page. Also the default of the Ticketing API.
pub(crate) const MAX_SIZE: usize = 100;

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

/// An id is its own cursor.
macro_rules! id_cursors {
    ($($id:ident),+) => {
        $(impl Cursor for $id {
            fn parse(text: &str) -> Option<Self> {
                query::number(text).map(Self)
            }

            fn text(&self) -> String {
                self.0.to_string()
            }
        })+
    };
}

id_cursors!(
    AgentId, ClientId, GroupId, StatusId, TokenId, UserId, WorkItemId
);

impl<K: Cursor> PageRequest<K> {
    /// Reads the page of a list that has cursors only.
    pub(crate) fn read(request: &mut ApiRequest) -> Self {
        let default_size = request.context.settings().page_size_default;
        let query = &mut request.query;
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

    /// Reads the cursor and the size of a page.
    pub(crate) fn read_cursors(query: &mut Query, default_size: usize) -> Self {
        let cursor = |text: &str| K::parse(text).ok_or_else(|| NOT_VALID.to_owned());
        let after = query.read(&[AFTER], Code::InvalidPaginationParameter, cursor);
        let before = query.read(&[BEFORE], Code::InvalidPaginationParameter, cursor);
        if after.is_some() && before.is_some() {
            query.note(BOTH_FROM_RUBY.to_owned());
            query.add_parameter_problem(
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

/// The problem with an expired cursor in this parameter.
pub(crate) fn not_valid(name: &str) -> Problem {
    let problem = Problem::new(
        Code::InvalidPaginationParameter,
        format!("{name}: {NOT_VALID}."),
    );
    problem.at(Source::Parameter(name.to_owned()))
}

fn read_size(query: &mut Query) -> Option<usize> {
    let size = query.read(&[SIZE], Code::InvalidPaginationParameter, |text| {
        query::positive(text).ok_or_else(|| format!("expected a whole number from 1 to {MAX_SIZE}"))
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
    let link_to = |is_there: bool, name, cursor: &Option<String>| {
        let cursor = cursor.as_deref().filter(|_| is_there)?;
        Some(link(url, query, name, cursor))
    };
    let links = Links {
        prev: link_to(page.has_previous, BEFORE, &before_cursor),
        next: link_to(page.has_next, AFTER, &after_cursor),
    };
    let meta = Meta {
        has_more: page.has_next,
        after_cursor,
        before_cursor,
    };
    (links, meta)
}

/// A link to the list at `url`. It has the parameters of the query, but of those that select a page
/// only this one.
pub(crate) fn link(url: &str, query: &Query, name: &str, value: &str) -> String {
    let kept = query
        .repeatable()
        .filter(|(name, _)| ![AFTER, BEFORE, NUMBER].contains(name));
    let mut pairs = form_urlencoded::Serializer::new(String::new());
    let pairs = pairs.extend_pairs(kept).append_pair(name, value).finish();
    format!("{url}?{pairs}")
}
