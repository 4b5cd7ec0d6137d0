//! How the client went through lists: whether by the links that it was given, and whether to their
//! end.

use axum::http::Method;

use super::sent::{Sent, sent};
use super::{Finding, ReportRule, Verdict};
use crate::account::{Entry, Reading};

const SIZE: &str = "page[size]";
const AFTER: &str = "page[after]";
const BEFORE: &str = "page[before]";

/// A request for a page of a list.
struct Asked<'a> {
    /// Without the parameters that are below.
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

    /// Whether it is a step to a further page, as far as anything read the query: before that,
    /// nothing says which of the parameters shape the answer. With both cursors, which the Ruby
    /// client's `fetch(true)` sends, it is not: the answer is a 400 and says so.
    fn is_step(&self) -> bool {
        self.sent.entry.parameters.is_some() && self.after.is_some() != self.before.is_some()
    }

    /// Whether it had been answered with a page of the same list when the other came.
    fn is_page_before(&self, other: &Self) -> bool {
        self.sent.entry.has_more.is_some()
            && self.sent.resource == other.sent.resource
            && self.sent.is_known_to(&other.sent)
    }

    fn has_filters_of(&self, other: &Self) -> bool {
        self.sent.shape == other.sent.shape
    }
}

/// Requests for lists: what was answered with a page, and what else was asked at such paths. A HEAD
/// has no page.
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

/// Went on with the list that it had begun, as links do, or with another one.
///
/// A correct client may
/// - send the pairs of a link in another order or spelling, and add parameters that mean nothing:
///   only what shapes the answer is compared, as a set of pairs;
/// - build the query from `meta.after_cursor`: nothing can tell it from a link;
/// - give another `page[size]`, or none, as the Ruby client does: a note;
/// - follow a link that another client was given: any earlier page of the list will do;
/// - go on from a cursor that it has kept: without a page of its own in a complete journal, nothing
///   is said.
pub(super) fn pagination_links(reading: &Reading) -> Vec<Finding> {
    let asked = asked(reading);
    // What was cleared or dropped may be where the cursor is from.
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
    let rule = ReportRule::PaginationLinks;
    let changed = Finding::of(
        rule,
        Verdict::Bad,
        changed,
        "asked for further pages with other filters than those of any page before: links.next and links.prev repeat them",
    );
    let resized = Finding::of(
        rule,
        Verdict::Note,
        resized,
        "asked for further pages with another page[size] than the link has, or without it: cursors work with any size",
    );
    let followed = Finding::of(
        rule,
        Verdict::Good,
        followed,
        "asked for further pages as the links do",
    );
    [changed, resized, followed].into_iter().flatten().collect()
}

/// Went on while there was more, or stopped.
///
/// A correct client may stop because it has found what it looked for, ask for the first page again
/// and again, or leave the rest to another client: that there was more is a note. Nothing is said
/// of a page
/// - that was asked for backwards: there is always more behind it;
/// - that a fault was injected into, for the client may never have read it;
/// - after which the list was begun again and gone on with: workers that share credentials look
///   like that.
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
        // The same page again is a client that polls, or that tries again.
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
    let left = Finding::of(
        ReportRule::HasMore,
        Verdict::Note,
        left,
        "there was more after these pages, and the client has not asked for it: a fault unless it had what it looked for",
    );
    let continued = Finding::of(
        ReportRule::HasMore,
        Verdict::Good,
        continued,
        "asked for the next page while there was more",
    );
    left.into_iter().chain(continued).collect()
}
