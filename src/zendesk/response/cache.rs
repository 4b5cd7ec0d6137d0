//! A cache of lists as they were sent: clients that poll ask for the same list again and again.
//!
//! A list follows from the request, from how agents are shown, and from the records on the page.
//! Records never change: a write puts another record in the place of the old one. So a cached list
//! is good while the same request finds the very same records, and no write has to remove it. Until
//! the next write, the records are not even looked up.
//!
//! A list is cached when it is asked for a second time, so neither a walk over all pages nor the
//! accounts of a test run, which are made, read once and deleted, fill the cache.

use std::hash::BuildHasher;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use axum::body::Bytes;
use foldhash::fast::RandomState;
use quick_cache::sync::{Cache, DefaultLifecycle};
use quick_cache::{Equivalent, Weighter};

use crate::world::{AtomicRevision, Page, Record, Revision};
use crate::zendesk::agent_resource::Shape;

/// About how many bytes a record takes.
const RECORD_SIZE: usize = 400;
/// About how many bytes a list of a hundred agents takes.
const LARGE_LIST: usize = 256 * 1024;
/// How many keys that were asked for once are remembered: 8 KiB of hashes.
const REMEMBERED: u64 = 1024;

/// The lists, weighed by their bytes. The standard library's hasher would take 4 % more of a call
/// that gets a cached list.
#[derive(Debug)]
pub(crate) struct ResponseCache {
    lists: Cache<CacheKey<Box<str>>, Arc<CachedList>, Bytewise, RandomState>,
    asked_once: AskedOnce,
}

/// The hashes of the newest keys that were asked for once. A hash decides its own place. Two keys
/// with the same place make a list be cached later, and two with the same hash sooner.
#[derive(Debug)]
struct AskedOnce {
    hashes: Box<[AtomicU64]>,
    hasher: RandomState,
}

impl AskedOnce {
    /// Remembers the key, and returns whether it was remembered already.
    fn remember(&self, key: &CacheKey<&str>) -> bool {
        let hash = self.hasher.hash_one(key);
        let place = usize::try_from(hash % REMEMBERED).ok();
        let place = place.and_then(|place| self.hashes.get(place));
        place.is_some_and(|place| place.swap(hash, Ordering::Relaxed) == hash)
    }
}

/// What a list follows from, besides the records.
#[derive(Clone, Copy, Debug, Hash, PartialEq, Eq)]
pub(crate) struct CacheKey<T> {
    pub(crate) shape: Shape,
    /// What links begin with.
    pub(crate) base_url: T,
    /// Path and query of the request.
    pub(crate) target: T,
    /// How many agents a page has, which the query may leave to the account.
    pub(crate) size: usize,
}

impl Equivalent<CacheKey<Box<str>>> for CacheKey<&str> {
    fn equivalent(&self, cached: &CacheKey<Box<str>>) -> bool {
        *self
            == CacheKey {
                shape: cached.shape,
                base_url: &*cached.base_url,
                target: &*cached.target,
                size: cached.size,
            }
    }
}

#[derive(Debug)]
struct CachedList {
    page: Page<Record>,
    /// When the records were last found to be these.
    revision: AtomicRevision,
    body: Bytes,
}

impl CachedList {
    fn shows(&self, page: &Page<Record>) -> bool {
        let same = |(cached, found): (&Record, &Record)| cached.is(found);
        (self.page.has_previous, self.page.has_next) == (page.has_previous, page.has_next)
            && self.page.items.len() == page.items.len()
            && self.page.items.iter().zip(&page.items).all(same)
    }

    fn to_send(&self) -> (Bytes, bool) {
        (self.body.clone(), self.page.has_next)
    }
}

#[derive(Clone, Debug)]
struct Bytewise;

impl Weighter<CacheKey<Box<str>>, Arc<CachedList>> for Bytewise {
    fn weight(&self, key: &CacheKey<Box<str>>, list: &Arc<CachedList>) -> u64 {
        let records = list.page.items.len() * RECORD_SIZE;
        (list.body.len() + key.base_url.len() + key.target.len() + records) as u64
    }
}

impl ResponseCache {
    /// A cache of this many bytes.
    pub(crate) fn new(size: usize) -> Self {
        // Shards divide the size. Each gets room for at least 32 lists of this estimate, so a small
        // cache is one shard.
        let lists = Cache::with(
            size / LARGE_LIST,
            size as u64,
            Bytewise,
            RandomState::default(),
            DefaultLifecycle::default(),
        );
        let asked_once = AskedOnce {
            hashes: (0..REMEMBERED).map(|_| AtomicU64::default()).collect(),
            hasher: RandomState::default(),
        };
        Self { lists, asked_once }
    }

    /// The list with this key, and whether more comes after it: the cached list, or what `render`
    /// makes of the page that `find` finds. `revision` was read before.
    pub(crate) fn list(
        &self,
        key: CacheKey<&str>,
        revision: Revision,
        find: impl FnOnce() -> Page<Record>,
        render: impl FnOnce(&Page<Record>) -> Vec<u8>,
    ) -> (Bytes, bool) {
        let cached = self.lists.get(&key);
        if let Some(list) = &cached
            && list.revision.load() == revision
        {
            return list.to_send();
        }
        let page = find();
        if let Some(list) = &cached
            && list.shows(&page)
        {
            list.revision.store(revision);
            return list.to_send();
        }
        let list = Arc::new(CachedList {
            body: render(&page).into(),
            page,
            revision: revision.into(),
        });
        let sent = list.to_send();
        if cached.is_none() && !self.asked_once.remember(&key) {
            return sent;
        }
        let key = CacheKey {
            shape: key.shape,
            base_url: key.base_url.into(),
            target: key.target.into(),
            size: key.size,
        };
        self.lists.insert(key, list);
        sent
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

    fn page() -> Page<Record> {
        Page {
            items: Vec::new(),
            has_previous: false,
            has_next: false,
        }
    }

    fn ask(lists: &ResponseCache, target: &str, size: usize) -> (Bytes, bool) {
        let mut rendered = false;
        let key = CacheKey {
            shape: shape(3),
            base_url: "http://localhost",
            target,
            size: 20,
        };
        let (body, _) = lists.list(key, AtomicRevision::new().load(), page, |_| {
            rendered = true;
            target.repeat(size).into_bytes()
        });
        (body, rendered)
    }

    /// Assumed: a list is rendered until it is asked for a second time.
    #[test]
    fn the_same_key_gets_the_same_list() {
        let lists = ResponseCache::new(1 << 20);
        assert_eq!(
            [1, 2, 3, 4].map(|_| ask(&lists, "/a", 9).1),
            [true, true, false, false]
        );
        assert_eq!(ask(&lists, "/a", 9).0, "/a".repeat(9));
    }

    /// Assumed: another way to show agents, another host and another end of the list are other
    /// keys.
    #[test]
    fn everything_that_a_list_follows_from_is_compared() {
        let lists = ResponseCache::new(1 << 20);
        let first = CacheKey {
            shape: shape(3),
            base_url: "http://a",
            target: "/a",
            size: 20,
        };
        let ask = |key: CacheKey<&str>, page, body: &str| {
            lists
                .list(
                    key,
                    AtomicRevision::new().load(),
                    || page,
                    |_| body.as_bytes().to_vec(),
                )
                .0
        };
        for _ in 0..3 {
            ask(first, page(), "first");
        }
        assert_eq!(ask(first, page(), "rendered again"), "first");
        for other in [
            CacheKey {
                shape: shape(2),
                ..first
            },
            CacheKey {
                base_url: "http://b",
                ..first
            },
            CacheKey {
                target: "/b",
                ..first
            },
            CacheKey { size: 21, ..first },
        ] {
            assert_eq!(ask(other, page(), "other"), "other");
        }
        assert_eq!(
            ask(
                first,
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
                first,
                Page {
                    has_previous: true,
                    ..page()
                },
                "before"
            ),
            "before"
        );
    }

    /// Assumed: the page is looked up again after a write, once, and not without a write.
    #[test]
    fn a_page_is_looked_up_after_a_write_only() {
        let lists = ResponseCache::new(1 << 20);
        let key = CacheKey {
            shape: shape(3),
            base_url: "http://a",
            target: "/a",
            size: 20,
        };
        let ask = |revision| {
            let mut looked = false;
            let find = || {
                looked = true;
                page()
            };
            lists.list(key, revision, find, |_| Vec::new());
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

    /// Assumed: the cache never holds more bytes than its size, and holds the newest list.
    #[test]
    fn the_cache_never_exceeds_its_size() {
        let lists = ResponseCache::new(10_000);
        for number in 0..500 {
            let target = format!("/{number}");
            for _ in 0..2 {
                ask(&lists, &target, 100 + number % 300);
            }
            let weights = lists
                .lists
                .iter()
                .map(|(key, list)| Bytewise.weight(&key, &list));
            let cached: u64 = weights.sum();
            assert_eq!(lists.lists.weight(), cached, "{number}");
            assert!(cached <= 10_000, "{number}: {cached}");
        }
        assert!(lists.lists.len() > 1, "hardly anything is cached");
        assert!(!ask(&lists, "/499", 100).1, "the newest is gone");
        assert!(ask(&lists, "/0", 100).1, "the oldest is still there");
        // A list that is larger than the cache is never cached.
        assert_eq!(
            [1, 2, 3].map(|_| ask(&lists, "/large", 10_000).1),
            [true, true, true]
        );
    }

    /// Assumed: a cache of no bytes holds nothing.
    #[test]
    fn a_size_of_zero_caches_nothing() {
        let lists = ResponseCache::new(0);
        assert_eq!([1, 2, 3].map(|_| ask(&lists, "/a", 9).1), [true; 3]);
    }

    /// Assumed: lists that are asked for once take no memory.
    #[test]
    fn what_is_asked_for_once_is_not_cached() {
        let lists = ResponseCache::new(1 << 20);
        for page in 0..3000 {
            ask(&lists, &format!("/{page}"), 100);
        }
        assert_eq!(lists.lists.weight(), 0);
    }

    /// Assumed: a list that is polled stays while a client walks over a thousand pages, whether the
    /// polling began before the walk or after the cache was full.
    #[test]
    fn a_long_walk_does_not_push_out_what_is_polled() {
        let lists = ResponseCache::new(50_000);
        let mut walk = (0..3000).map(|page| format!("/{page}"));
        for polled in ["/before", "/full"] {
            ask(&lists, polled, 100);
            ask(&lists, polled, 100);
            for page in walk.by_ref().take(1000) {
                ask(&lists, &page, 200);
            }
            assert!(!ask(&lists, polled, 100).1, "{polled} was pushed out");
        }
        assert!(
            !ask(&lists, "/before", 100).1,
            "the first was pushed out later"
        );
    }
}
