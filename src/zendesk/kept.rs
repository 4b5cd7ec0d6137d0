//! Lists that are kept as they were sent, because clients that poll ask for the same again and again.
//!
//! A list follows from the request, from how agents are shown, and from the records on the page. Records never change:
//! after a write there is another one. So while the same request finds the very same records, it gets the very same
//! bytes, and nobody has to say when they are out of date.

use std::collections::VecDeque;
use std::fmt;
use std::hash::{BuildHasher, RandomState};
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Bytes;
use dashmap::DashMap;
use parking_lot::Mutex;

use super::agent_resource::Shape;
use crate::world::{Page, Record};

/// How many of the last questions are remembered, at most: only what is asked again while it is among them is kept, so
/// that a walk over all pages does not push out what is polled.
const REMEMBERED: usize = 1024;
/// About how many bytes a record takes.
const RECORD: usize = 400;

/// The lists that are kept, the oldest of which go when there is no more room.
pub(crate) struct KeptLists {
    room: usize,
    hasher: RandomState,
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
pub(super) struct Question<'a> {
    pub(super) shape: Shape,
    /// What links begin with.
    pub(super) base_url: &'a str,
    /// Path and query of the request.
    pub(super) target: &'a str,
}

struct List {
    shape: Shape,
    base_url: Box<str>,
    target: Box<str>,
    page: Page<Record>,
    body: Bytes,
}

impl List {
    fn answers(&self, question: &Question<'_>, page: &Page<Record>) -> bool {
        let Self { shape, base_url, target, .. } = self;
        let same = |(kept, found): (&Record, &Record)| kept.is(found);
        Question { shape: *shape, base_url, target } == *question
            && (self.page.has_previous, self.page.has_next) == (page.has_previous, page.has_next)
            && self.page.items.len() == page.items.len()
            && self.page.items.iter().zip(&page.items).all(same)
    }

    fn size(&self) -> usize {
        self.body.len() + self.base_url.len() + self.target.len() + self.page.items.len() * RECORD
    }
}

impl KeptLists {
    /// Room for so many bytes.
    pub(crate) fn new(room: usize) -> Self {
        let asked = (0..REMEMBERED).map(|_| AtomicU64::new(0)).collect();
        Self { room, hasher: RandomState::new(), asked, lists: DashMap::new(), order: Mutex::default() }
    }

    /// The list that answers the question: a kept one, or else what `render` makes of the page.
    pub(super) fn list(
        &self,
        question: &Question<'_>,
        page: Page<Record>,
        render: impl FnOnce(&Page<Record>) -> Vec<u8>,
    ) -> Bytes {
        let key = self.hasher.hash_one(question);
        if let Some(list) = self.lists.get(&key)
            && list.answers(question, &page)
        {
            return list.body.clone();
        }
        let body = Bytes::from(render(&page));
        let place = &self.asked[key as usize % REMEMBERED];
        if place.swap(key, Ordering::Relaxed) == key {
            let Question { shape, base_url, target } = *question;
            let list = List { shape, base_url: base_url.into(), target: target.into(), page, body: body.clone() };
            self.keep(key, list);
        }
        body
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
            order.bytes -= self.lists.remove(&oldest).map_or(0, |(_, list)| list.size());
        }
    }
}

impl fmt::Debug for KeptLists {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("KeptLists").field("room", &self.room).field("lists", &self.lists.len()).finish_non_exhaustive()
    }
}
