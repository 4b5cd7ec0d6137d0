//! Pages of ordered lists. A page is found by a key, not by a number, so that it keeps its place
//! when entries come and go.

use std::collections::BTreeMap;
use std::ops::Bound;

/// Where a page lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Position<K> {
    /// At the start.
    First,
    /// After this key, whether or not an entry has it.
    After(K),
    /// Before this key, whether or not an entry has it.
    Before(K),
}

impl<K> Position<K> {
    pub(super) fn try_map<T, E>(&self, map: impl Fn(&K) -> Result<T, E>) -> Result<Position<T>, E> {
        Ok(match self {
            Self::First => Position::First,
            Self::After(key) => Position::After(map(key)?),
            Self::Before(key) => Position::Before(map(key)?),
        })
    }
}

/// A page, in the order of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// The entries of the page.
    pub items: Vec<T>,
    /// Whether there are entries before it. `false` for an empty page, which has no entry that a
    /// link could name.
    pub has_previous: bool,
    /// Whether there are entries after it. `false` for an empty page.
    pub has_next: bool,
}

impl<T> Page<T> {
    pub(super) fn map<U>(self, map: impl FnMut(T) -> U) -> Page<U> {
        let items = self.items.into_iter().map(map).collect();
        Page {
            items,
            has_previous: self.has_previous,
            has_next: self.has_next,
        }
    }
}

/// An ordered list that can be walked from any key in both directions.
pub(super) trait Ordered {
    type Key;
    type Item;

    fn key(item: &Self::Item) -> Self::Key;
    /// The entries after the key, nearest first; all entries without a key.
    fn after(&self, key: Option<&Self::Key>) -> impl Iterator<Item = Self::Item>;
    /// The entries before the key, nearest first; all entries from the end without a key.
    fn before(&self, key: Option<&Self::Key>) -> impl Iterator<Item = Self::Item>;
}

/// A list in reverse order.
pub(super) struct Reversed<L>(pub(super) L);

impl<L: Ordered> Ordered for Reversed<L> {
    type Key = L::Key;
    type Item = L::Item;

    fn key(item: &L::Item) -> L::Key {
        L::key(item)
    }

    fn after(&self, key: Option<&L::Key>) -> impl Iterator<Item = L::Item> {
        self.0.before(key)
    }

    fn before(&self, key: Option<&L::Key>) -> impl Iterator<Item = L::Item> {
        self.0.after(key)
    }
}

pub(super) fn select<L: Ordered>(
    list: &L,
    position: &Position<L::Key>,
    limit: usize,
) -> Page<L::Item> {
    match position {
        Position::First => forward(list, None, limit),
        Position::After(key) => forward(list, Some(key), limit),
        Position::Before(key) => backward(list, key, limit),
    }
}

/// A page of the entries of a map for whose values `matches` returns true, by ascending key.
pub(super) fn select_entries<'a, K: Clone + Ord, V>(
    map: &'a BTreeMap<K, V>,
    matches: impl Fn(&V) -> bool,
    position: &Position<K>,
    limit: usize,
) -> Page<(&'a K, &'a V)> {
    select(&Entries { map, matches }, position, limit)
}

struct Entries<'a, K, V, F> {
    map: &'a BTreeMap<K, V>,
    matches: F,
}

impl<'a, K: Clone + Ord, V, F: Fn(&V) -> bool> Ordered for Entries<'a, K, V, F> {
    type Key = K;
    type Item = (&'a K, &'a V);

    fn key((key, _): &Self::Item) -> K {
        K::clone(key)
    }

    fn after(&self, key: Option<&K>) -> impl Iterator<Item = Self::Item> {
        let from = key.map_or(Bound::Unbounded, Bound::Excluded);
        let entries = self.map.range::<K, _>((from, Bound::Unbounded));
        entries.filter(|(_, value)| (self.matches)(value))
    }

    fn before(&self, key: Option<&K>) -> impl Iterator<Item = Self::Item> {
        let to = key.map_or(Bound::Unbounded, Bound::Excluded);
        let entries = self.map.range::<K, _>((Bound::Unbounded, to)).rev();
        entries.filter(|(_, value)| (self.matches)(value))
    }
}

fn forward<L: Ordered>(list: &L, after: Option<&L::Key>, limit: usize) -> Page<L::Item> {
    let (items, has_next) = take(list.after(after), limit);
    let is_behind = |first: &L::Item| list.before(Some(&L::key(first))).next().is_some();
    let has_previous = after.is_some() && items.first().is_some_and(is_behind);
    Page {
        items,
        has_previous,
        has_next,
    }
}

fn backward<L: Ordered>(list: &L, before: &L::Key, limit: usize) -> Page<L::Item> {
    let (mut items, has_previous) = take(list.before(Some(before)), limit);
    items.reverse();
    let has_next = items
        .last()
        .is_some_and(|last| list.after(Some(&L::key(last))).next().is_some());
    Page {
        items,
        has_previous,
        has_next,
    }
}

/// The first `limit` items, and whether there is one more.
fn take<T>(mut items: impl Iterator<Item = T>, limit: usize) -> (Vec<T>, bool) {
    let taken = items.by_ref().take(limit).collect();
    (taken, items.next().is_some())
}
