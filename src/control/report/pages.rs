//! How clients read lists: whether they follow links, and whether they read to the end.

use axum::http::Method;

use super::sent::{Sent, sent};
use super::{Finding, ReportRule, Verdict};
use crate::account::{Entry, Reading};

const SIZE: &str = "page[size]";
const AFTER: &str = "page[after]";
const BEFORE: &str = "page[before]";

/// A request for a page of a list.
struct Asked<'a> {
    /// Without the parameters below.
    sent: Sent<'a>,
    size: Option<String>,
    after: Option<String>,
    before: Option<String>,
}

impl<'a> Asked<'a> {
    fn of(mut sent: Sent<'a>) -> Self {
        let mut taken = |wanted: &str| {
            let place = sent.shape.iter().position(|(name, _)| name == wanted)?;
            Some(sent.shape.remove(place).1)
        };
        let (size, after, before) = (taken(SIZE), taken(AFTER), taken(BEFORE));
        Self {
            sent,
            size,
            after,
            before,
        }
    }

    /// Whether it asks for a further page. If the query was not read, it is not known which
    /// parameters shape the answer. The Ruby client's `fetch(true)` sends both cursors, which is
    /// not a step: the answer is a 400 that says so.
    fn is_step(&self) -> bool {
        self.sent.entry.parameters.is_some() && self.after.is_some() != self.before.is_some()
    }

    /// Whether its answer was a page of the same list, and was there when the other request came.
    fn is_page_before(&self, other: &Self) -> bool {
        self.sent.entry.has_more.is_some()
            && self.sent.resource == other.sent.resource
            && other.sent.entry.came_after(self.sent.number)
    }

    fn has_filters_of(&self, other: &Self) -> bool {
        self.sent.shape == other.sent.shape
    }

    /// Whether both got the same further page.
    fn is_same_step(&self, other: &Self) -> bool {
        let is_answered_step = |page: &Self| page.is_step() && page.sent.entry.has_more.is_some();
        is_answered_step(self)
            && is_answered_step(other)
            && self.has_filters_of(other)
            && (&self.size, &self.after, &self.before) == (&other.size, &other.after, &other.before)
    }
}

/// GET requests for lists. A HEAD has no page.
fn asked(reading: &Reading) -> Vec<Asked<'_>> {
    let is_list = |entry: &Entry| {
        entry.method == Method::GET
            && entry
                .operation
                .is_some_and(|operation| operation.starts_with("list_"))
    };
    sent(reading)
        .filter(|sent| is_list(sent.entry))
        .map(Asked::of)
        .collect()
}

/// Whether a client continued the list that it had begun, as its links do.
///
/// A correct client may
/// - send the parameters of a link in another order or spelling, or add parameters without a
///   meaning: only those that shape the answer are compared, in any order;
/// - build the query from `meta.after_cursor`, which looks like a link;
/// - give another `page[size]`, or none, as the Ruby client does: a note;
/// - follow a link that another client got: any earlier page of the list counts;
/// - continue from a cursor that it has kept: without an earlier page of this client in a complete
///   journal there is no finding.
pub(super) fn pagination_links(reading: &Reading) -> Vec<Finding> {
    let asked = asked(reading);
    // The cursor may be from a request that was cleared or dropped.
    let is_complete = reading.first() == Some(1);
    let (mut followed, mut resized, mut changed) = (Vec::new(), Vec::new(), Vec::new());
    for page in asked.iter().filter(|page| page.is_step()) {
        let before = || asked.iter().filter(|earlier| earlier.is_page_before(page));
        let same_filters = || before().filter(|earlier| earlier.has_filters_of(page));
        if same_filters().any(|earlier| earlier.size == page.size) {
            followed.push(page.sent.number);
        } else if same_filters().next().is_some() {
            resized.push(page.sent.number);
        } else if is_complete && before().any(|earlier| earlier.sent.is_of_same_sender(&page.sent))
        {
            changed.push(page.sent.number);
        }
    }
    let shown = [
        (
            Verdict::Bad,
            changed,
            "asked for further pages with other filters than those of any page before: links.next and links.prev repeat them",
        ),
        (
            Verdict::Note,
            resized,
            "asked for further pages with another page[size] than the link has, or without it: cursors work with any size",
        ),
        (
            Verdict::Good,
            followed,
            "asked for further pages as the links do",
        ),
    ];
    Finding::all_of(ReportRule::PaginationLinks, shown)
}

/// Whether a client read on while there was more.
///
/// A correct client may stop because it has found what it needs, poll the first page, or leave the
/// rest to another client. So unread pages are a note. There is no finding for a page
/// - that was asked for backwards, since there is always more after it;
/// - with a fault, since the client may not have read it;
/// - after which the list was begun again and continued, since workers that share credentials look
///   like that.
///
/// A client that asks for the same further page three times in a row does not see that it stands
/// still, or it polls: a note.
pub(super) fn has_more(reading: &Reading) -> Vec<Finding> {
    let asked = asked(reading);
    let (mut left, mut continued) = (Vec::new(), Vec::new());
    for page in &asked {
        let Entry {
            has_more, fault, ..
        } = page.sent.entry;
        if *has_more != Some(true) || fault.is_some() || page.before.is_some() {
            continue;
        }
        // The same page again is a poll or a retry.
        let mut later = asked.iter().filter(|next| {
            let is_forward = next.before.is_none() && next.after != page.after;
            is_forward
                && page.is_page_before(next)
                && page.has_filters_of(next)
                && page.sent.is_of_same_sender(&next.sent)
        });
        let next = later.next();
        if next.is_some_and(|next| next.after.is_some()) {
            continued.push(page.sent.number);
        } else if later.all(|next| next.after.is_none()) {
            left.push(page.sent.number);
        }
    }
    let shown = [
        (
            Verdict::Note,
            left,
            "there was more after these pages, and the client has not asked for it: a bug unless it had what it looked for",
        ),
        (
            Verdict::Good,
            continued,
            "asked for the next page while there was more",
        ),
        (
            Verdict::Note,
            repeated(&asked),
            "asked for the same further page again and again: a loop without an end, unless the client polls it",
        ),
    ];
    Finding::all_of(ReportRule::HasMore, shown)
}

/// The requests for the same further page as the two before them for that list.
fn repeated(asked: &[Asked<'_>]) -> Vec<u64> {
    let is_repeated = |(place, page): &(usize, &Asked<'_>)| {
        let before = asked.iter().take(*place).rev().filter(|earlier| {
            earlier.sent.resource == page.sent.resource
                && earlier.sent.is_of_same_sender(&page.sent)
        });
        before
            .take(2)
            .filter(|earlier| earlier.is_same_step(page))
            .count()
            == 2
    };
    let pages = asked.iter().enumerate().filter(is_repeated);
    pages.map(|(_, page)| page.sent.number).collect()
}
