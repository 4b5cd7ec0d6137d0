//! How the client went through lists: whether by the links that it was given, and whether to their end.

use std::borrow::Cow;

use super::{Finding, Verdict};
use crate::account::{Entry, Fate, Parameter, Reading};
use crate::world::UserId;

const SIZE: &str = "page[size]";
const AFTER: &str = "page[after]";
const BEFORE: &str = "page[before]";

/// A request for a page of a list.
struct Asked<'a> {
    sequence: u64,
    entry: &'a Entry,
    user: Option<UserId>,
    path: Cow<'a, str>,
    /// What shaped the answer, but for the cursor.
    shape: Vec<(String, String)>,
    cursor: Option<(&'static str, String)>,
}

impl<'a> Asked<'a> {
    fn read(sequence: u64, entry: &'a Entry) -> Self {
        let (mut shape, mut cursor) = (Vec::new(), None);
        let counted = entry.parameters().into_iter().filter(|parameter| parameter.fate == Fate::Counted);
        for Parameter { name, value, .. } in counted {
            match [AFTER, BEFORE].into_iter().find(|cursor| *cursor == name) {
                Some(name) => cursor = Some((name, value.into_owned())),
                None => shape.push((name.into_owned(), value.into_owned())),
            }
        }
        Self { sequence, entry, user: entry.user(), path: entry.path(), shape, cursor }
    }

    /// Whether both are of the same list, by the same caller.
    fn is_like(&self, other: &Self) -> bool {
        (self.user, &self.path) == (other.user, &other.path)
    }

    /// Whether both are parts of one walk. Some clients ask for the size once only.
    fn walks_with(&self, other: &Self) -> bool {
        let filters = |asked: &Self| -> Vec<(String, String)> {
            asked.shape.iter().filter(|(name, _)| name != SIZE).cloned().collect()
        };
        self.is_like(other) && filters(self) == filters(other)
    }

    /// Whether the query is as links have it: what shaped the answer, then the cursor.
    fn is_as_linked(&self) -> bool {
        let mut link = form_urlencoded::Serializer::new(String::new());
        link.extend_pairs(&self.shape);
        link.extend_pairs(&self.cursor);
        link.finish() == self.entry.raw_query()
    }
}

/// Requests for lists: what was answered with a page, and what else was asked at such paths.
fn asked(reading: &Reading) -> Vec<Asked<'_>> {
    let is_list = |entry: &Entry| matches!(entry.operation, Some(operation) if operation.starts_with("list_"));
    let lists = reading.entries.iter().filter(|(_, entry)| is_list(entry));
    lists.map(|(sequence, entry)| Asked::read(*sequence, entry)).collect()
}

/// Followed the links, or put URLs together. Links may change their form at any time.
pub(super) fn pagination_links(reading: &Reading) -> Vec<Finding> {
    let asked = asked(reading);
    let (mut followed, mut built) = (Vec::new(), Vec::new());
    for (place, page) in asked.iter().enumerate() {
        // What was refused before anybody read the query is as good a link.
        if page.cursor.is_none() {
            continue;
        }
        let earlier = || asked[..place].iter().filter(|earlier| earlier.is_like(page));
        // Where the page before is not in the journal, the form of the link has to do.
        let is_given = earlier().next().is_none() || earlier().any(|earlier| earlier.shape == page.shape);
        if page.is_as_linked() && is_given { followed.push(page.sequence) } else { built.push(page.sequence) }
    }
    let built = Finding::of(
        "pagination_links",
        Verdict::Bad,
        built,
        "asked for pages by addresses of its own making: links.next and links.prev are the way to them",
    );
    let followed = Finding::of("pagination_links", Verdict::Good, followed, "followed the links to further pages");
    built.into_iter().chain(followed).collect()
}

/// Went on while there was more, or stopped early.
pub(super) fn has_more(reading: &Reading) -> Vec<Finding> {
    let asked = asked(reading);
    let (mut left, mut continued) = (Vec::new(), Vec::new());
    let is_forward = |page: &Asked<'_>| page.cursor.as_ref().is_none_or(|(name, _)| *name == AFTER);
    for (place, page) in asked.iter().enumerate() {
        if page.entry.has_more != Some(true) || !is_forward(page) {
            continue;
        }
        // The first that goes on, or begins again.
        let next = asked[place + 1..].iter().find(|next| next.walks_with(page) && is_forward(next));
        if next.is_some_and(|next| next.cursor.is_some()) {
            continued.push(page.sequence);
        } else {
            left.push(page.sequence);
        }
    }
    let left = Finding::of(
        "has_more",
        Verdict::Bad,
        left,
        "there was more after these pages, and the next was never asked for",
    );
    let continued = Finding::of("has_more", Verdict::Good, continued, "asked for the next page while there was more");
    left.into_iter().chain(continued).collect()
}
