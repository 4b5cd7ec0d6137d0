//! Pages of the Ticketing API: by offset, which is its default, and by cursor.

use axum::response::Response;
use serde::Serialize;

use super::cursor_pages::{self, Cursor, MAX_SIZE, PageRequest};
use super::json::Json;
use crate::world::{Page, Position};
use crate::zendesk::error::{ApiError, Code};
use crate::zendesk::request::api_request::ApiRequest;
use crate::zendesk::request::query::{Query, positive};
use crate::zendesk::response;

/// Offset pages end here.
const LAST_PAGE: usize = 100;
const LAST_RECORD: usize = 10_000;

const PER_PAGE: &[&str] = &["per_page"];
const PAGE: &[&str] = &[cursor_pages::NUMBER];
const CURSORS: &[&str] = &[
    cursor_pages::SIZE,
    cursor_pages::AFTER,
    cursor_pages::BEFORE,
];

/// The page that a request asks for.
#[derive(Debug)]
pub(crate) enum Paging<K> {
    Offset { page: usize, size: usize },
    Cursor(PageRequest<K>),
}

/// A list's page as it is answered.
pub(crate) struct List<'a, T, R> {
    /// The member of the answer that has the page.
    pub(crate) name: &'static str,
    /// The path of the list, below `/api/v2`.
    pub(crate) path: &'a str,
    pub(crate) page: &'a Page<T>,
    pub(crate) resources: Vec<R>,
    /// Counts the records of the whole list. Pages by cursor do not say it.
    pub(crate) count: &'a dyn Fn() -> usize,
}

impl<K: Cursor> Paging<K> {
    pub(crate) fn read(query: &mut Query) -> Self {
        if query.has_any(CURSORS) {
            // Some clients send the parameters of both kinds.
            query.tolerate(PAGE);
            query.tolerate(PER_PAGE);
            return Self::Cursor(PageRequest::read_cursors(query, MAX_SIZE));
        }
        // Without a value they are known all the same.
        query.tolerate(CURSORS);
        let (page, size) = read_offset(query);
        Self::Offset { page, size }
    }

    /// Selects the page from a list. `select` returns the first records at a position.
    pub(crate) fn select<T>(
        &self,
        select: impl FnOnce(&Position<K>, usize) -> Page<T>,
    ) -> Result<Page<T>, ApiError> {
        match self {
            Self::Cursor(PageRequest { position, size }) => Ok(select(position, *size)),
            Self::Offset { page, size } => {
                let end = page.saturating_mul(*size);
                if *page > LAST_PAGE || end > LAST_RECORD {
                    return Err(ApiError::InvalidPaginationDepth);
                }
                let before = end - size;
                let mut selected = select(&Position::First, end);
                selected.items.drain(..before.min(selected.items.len()));
                Ok(Page {
                    has_previous: before > 0,
                    ..selected
                })
            }
        }
    }

    /// The answer with a page. A cursor is the key of its first or last record.
    pub(crate) fn answer<T, R: Serialize>(
        &self,
        request: &ApiRequest,
        list: &List<'_, T, R>,
        key: impl Fn(&T) -> K,
    ) -> Result<Response, ApiError> {
        let url = request.api_url(list.path)?;
        let mut json = begin_page(list.name, &list.resources);
        match self {
            Self::Offset { page, .. } => {
                let links = offset_links(request, &url, *page, list.page.has_next);
                write_offset(&mut json, &links, (list.count)());
            }
            Self::Cursor(_) => {
                request.context.metadata.set_page(list.page.has_next);
                let (links, meta) = cursor_pages::envelope(list.page, key, &url, &request.query);
                json.raw(",\"meta\":").value(&meta);
                json.raw(",\"links\":").value(&links);
            }
        }
        json.raw("}");
        Ok(response::written(json.into_bytes()))
    }
}

/// Reads the number of a page and its size.
pub(crate) fn read_offset(query: &mut Query) -> (usize, usize) {
    let number =
        |text: &str| positive(text).ok_or_else(|| "expected a whole number from 1".to_owned());
    let page = query.read(PAGE, Code::InvalidPaginationParameter, number);
    let size = query.read(PER_PAGE, Code::InvalidPaginationParameter, number);
    if size.is_some_and(|size| size > MAX_SIZE) {
        query.note(format!("per_page was clamped to {MAX_SIZE}"));
    }
    (page.unwrap_or(1), size.unwrap_or(MAX_SIZE).min(MAX_SIZE))
}

/// The addresses of the page before this one and of the page after it.
#[derive(Default)]
pub(crate) struct OffsetLinks {
    previous: Option<String>,
    next: Option<String>,
}

pub(crate) fn offset_links(
    request: &ApiRequest,
    url: &str,
    page: usize,
    has_next: bool,
) -> OffsetLinks {
    let to = |page: usize| {
        cursor_pages::link(url, &request.query, cursor_pages::NUMBER, &page.to_string())
    };
    OffsetLinks {
        previous: (page > 1).then(|| to(page - 1)),
        next: has_next.then(|| to(page + 1)),
    }
}

/// The answer with a page by offset.
pub(crate) fn offset_page(
    name: &str,
    resources: &[impl Serialize],
    links: &OffsetLinks,
    count: usize,
) -> Response {
    let mut json = begin_page(name, resources);
    write_offset(&mut json, links, count);
    json.raw("}");
    response::written(json.into_bytes())
}

/// An answer with a page, up to the members that follow it.
pub(crate) fn begin_page(name: &str, resources: &[impl Serialize]) -> Json {
    let mut json = Json::with_capacity(512 + resources.len() * 1024);
    json.raw("{\"").raw(name).raw("\":").value(&resources);
    json
}

/// Writes the members that follow a page by offset.
pub(crate) fn write_offset(json: &mut Json, links: &OffsetLinks, count: usize) {
    json.raw(",\"next_page\":").value(&links.next);
    json.raw(",\"previous_page\":").value(&links.previous);
    json.raw(",\"count\":").number(count);
}
