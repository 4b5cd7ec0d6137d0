//! Lists that are kept as they were sent, because clients that poll ask for the same again and
//! again.
//!
//! A list follows from the request, from how agents are shown, and from the records on the page.
//! Records never change: after a write there is another one. So while the same request finds the
//! very same records, it gets the very same bytes, and nobody has to say when they are out of date.
//! While nothing is written it need not even look.

use std::collections::VecDeque;
use std::fmt;
use std::hash::BuildHasher;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Bytes;
use dashmap::DashMap;
use parking_lot::Mutex;

use crate::world::{AtomicRevision, Page, Record, Revision};
use crate::zendesk::agent_resource::Shape;

/// How many of the last questions are remembered, at most: only what is asked again while it is
/// among them is kept, so that a walk over all pages does not push out what is polled.
const REMEMBERED: u64 = 1024;
/// About how many bytes a record takes.
const RECORD: usize = 400;

/// The lists that are kept, the oldest of which go when there is no more room.
pub(crate) struct ResponseCache {
    room: usize,
    /// What was asked, each at a place that follows from the question.
    asked: Box<[AtomicU64]>,
    lists: DashMap<u64, List>,
    order: Mutex<Order>,
}

#[derive(Default)]
struct Order {
    /// The oldest first.
    questions: VecDeque<u64>,
    bytes: usize,
}

/// What a list follows from, besides the records.
#[derive(Clone, Copy, Hash, PartialEq, Eq)]
pub(crate) struct Question<'a> {
    pub(crate) shape: Shape,
    /// What links begin with.
    pub(crate) base_url: &'a str,
    /// Path and query of the request.
    pub(crate) target: &'a str,
    /// How many agents a page has, which the query may leave to the account.
    pub(crate) size: usize,
}

struct List {
    shape: Shape,
    base_url: Box<str>,
    target: Box<str>,
    page_size: usize,
    page: Page<Record>,
    /// When the records were last found to be these.
    revision: AtomicRevision,
    body: Bytes,
}

impl List {
    fn answers(&self, question: &Question<'_>) -> bool {
        let Self {
            shape,
            base_url,
            target,
            page_size,
            ..
        } = self;
        Question {
            shape: *shape,
            base_url,
            target,
            size: *page_size,
        } == *question
    }

    fn shows(&self, page: &Page<Record>) -> bool {
        let same = |(kept, found): (&Record, &Record)| kept.is(found);
        (self.page.has_previous, self.page.has_next) == (page.has_previous, page.has_next)
            && self.page.items.len() == page.items.len()
            && self.page.items.iter().zip(&page.items).all(same)
    }

    fn sent(&self) -> (Bytes, bool) {
        (self.body.clone(), self.page.has_next)
    }

    fn size(&self) -> usize {
        self.body.len() + self.base_url.len() + self.target.len() + self.page.items.len() * RECORD
    }
}

impl ResponseCache {
    /// Room for so many bytes.
    pub(crate) fn new(room: usize) -> Self {
        let asked = (0..REMEMBERED).map(|_| AtomicU64::new(0)).collect();
        Self {
            room,
            asked,
            lists: DashMap::new(),
            order: Mutex::default(),
        }
    }

    /// The list that answers the question: a kept one, or else what `render` makes of the page that
    /// `find` finds. Goes with it whether there is more after it. `revision` was read before.
    pub(crate) fn list(
        &self,
        question: &Question<'_>,
        revision: Revision,
        find: impl FnOnce() -> Page<Record>,
        render: impl FnOnce(&Page<Record>) -> Vec<u8>,
    ) -> (Bytes, bool) {
        let key = self.lists.hasher().hash_one(question);
        let kept = || self.lists.get(&key).filter(|list| list.answers(question));
        if let Some(list) = kept()
            && list.revision.load() == revision
        {
            return list.sent();
        }
        let page = find();
        if let Some(list) = kept()
            && list.shows(&page)
        {
            list.revision.store(revision);
            return list.sent();
        }
        let (body, has_more) = (Bytes::from(render(&page)), page.has_next);
        let place = usize::try_from(key % REMEMBERED)
            .ok()
            .and_then(|place| self.asked.get(place));
        if place.is_some_and(|place| place.swap(key, Ordering::Relaxed) == key) {
            let Question {
                shape,
                base_url,
                target,
                size: page_size,
            } = *question;
            let (base_url, target, revision) = (base_url.into(), target.into(), revision.into());
            self.keep(
                key,
                List {
                    shape,
                    base_url,
                    target,
                    page_size,
                    page,
                    revision,
                    body: body.clone(),
                },
            );
        }
        (body, has_more)
    }

    fn keep(&self, key: u64, list: List) {
        let size = list.size();
        if size > self.room {
            return;
        }
        let mut order = self.order.lock();
        match self.lists.insert(key, list) {
            // It keeps its place.
            Some(old) => order.bytes -= old.size(),
            None => order.questions.push_back(key),
        }
        order.bytes += size;
        while order.bytes > self.room
            && let Some(oldest) = order.questions.pop_front()
        {
            order.bytes -= self
                .lists
                .remove(&oldest)
                .map_or(0, |(_, list)| list.size());
        }
    }
}

impl fmt::Debug for ResponseCache {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ResponseCache")
            .field("room", &self.room)
            .field("lists", &self.lists.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::SkillsForm;

    fn shape(work_items: usize) -> Shape {
        Shape {
            shows_omnichannel: true,
            skills: SkillsForm::Objects,
            work_items,
            links_to_me: false,
        }
    }

    fn ask(lists: &ResponseCache, target: &str, size: usize) -> (Bytes, bool) {
        let mut rendered = false;
        let page = || Page {
            items: Vec::new(),
            has_previous: false,
            has_next: false,
        };
        let question = Question {
            shape: shape(3),
            base_url: "http://localhost",
            target,
            size: 20,
        };
        let (body, _) = lists.list(&question, AtomicRevision::new().load(), page, |_| {
            rendered = true;
            target.repeat(size).into_bytes()
        });
        (body, rendered)
    }

    /// Assumed: what is asked once is not kept, what is asked again is.
    #[test]
    fn the_second_answer_is_kept_and_the_third_is_it() {
        let lists = ResponseCache::new(1 << 20);
        assert_eq!(
            [1, 2, 3, 4].map(|_| ask(&lists, "/a", 9).1),
            [true, true, false, false]
        );
        assert_eq!(ask(&lists, "/a", 9).0, "/a".repeat(9));
    }

    /// Assumed: another way to show agents, another host and another end of the list are other
    /// questions.
    #[test]
    fn everything_that_a_list_follows_from_is_compared() {
        let lists = ResponseCache::new(1 << 20);
        let page = || Page {
            items: Vec::new(),
            has_previous: false,
            has_next: false,
        };
        let first = Question {
            shape: shape(3),
            base_url: "http://a",
            target: "/a",
            size: 20,
        };
        let ask = |question: &Question<'_>, page, body: &str| {
            lists
                .list(
                    question,
                    AtomicRevision::new().load(),
                    || page,
                    |_| body.as_bytes().to_vec(),
                )
                .0
        };
        for _ in 0..3 {
            ask(&first, page(), "first");
        }
        assert_eq!(ask(&first, page(), "rendered anew"), "first");
        for other in [
            Question {
                shape: shape(2),
                ..first
            },
            Question {
                base_url: "http://b",
                ..first
            },
            Question {
                target: "/b",
                ..first
            },
            Question { size: 21, ..first },
        ] {
            assert_eq!(ask(&other, page(), "other"), "other");
        }
        assert_eq!(
            ask(
                &first,
                Page {
                    has_next: true,
                    ..page()
                },
                "more"
            ),
            "more"
        );
        assert_eq!(
            ask(
                &first,
                Page {
                    has_previous: true,
                    ..page()
                },
                "before"
            ),
            "before"
        );
    }

    /// Assumed: while nothing is written, nobody looks for the page again; after a write it is
    /// looked for, once.
    #[test]
    fn a_page_is_looked_for_after_a_write_only() {
        let lists = ResponseCache::new(1 << 20);
        let question = Question {
            shape: shape(3),
            base_url: "http://a",
            target: "/a",
            size: 20,
        };
        let ask = |revision| {
            let mut looked = false;
            let find = || {
                looked = true;
                Page {
                    items: Vec::new(),
                    has_previous: false,
                    has_next: false,
                }
            };
            lists.list(&question, revision, find, |_| Vec::new());
            looked
        };
        let [before, after] = [AtomicRevision::new().load(), AtomicRevision::new().load()];
        assert_eq!(
            [before, before, before, after, after].map(ask),
            [true, true, false, true, false]
        );
        assert!(
            ask(before),
            "an older reader may not rely on what a newer one found"
        );
    }

    /// Assumed: whatever is asked, no more is kept than there is room for, and the oldest goes
    /// first.
    #[test]
    fn there_is_never_more_than_there_is_room_for() {
        let lists = ResponseCache::new(10_000);
        for number in 0..500 {
            let target = format!("/{number}");
            for _ in 0..2 {
                ask(&lists, &target, 100 + number % 300);
            }
            let kept: usize = lists.lists.iter().map(|list| list.size()).sum();
            assert_eq!(lists.order.lock().bytes, kept, "{number}");
            assert!(kept <= 10_000, "{number}: {kept}");
        }
        assert!(lists.lists.len() > 1, "hardly anything is kept");
        assert!(!ask(&lists, "/499", 100).1, "the newest is gone");
        assert!(ask(&lists, "/0", 100).1, "the oldest is still there");
        // What is larger than all the room is never kept.
        assert_eq!(
            [1, 2, 3].map(|_| ask(&lists, "/large", 10_000).1),
            [true, true, true]
        );
    }
}
