//! Pages of anything that has an order: a page is found by a key, never by a number, so that it
//! keeps its place when things come and go.

/// Where a page lies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Position<K> {
    /// At the start.
    First,
    /// Right after this key, whether or not something still has it.
    After(K),
    /// Right before this key, likewise.
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

/// A page, in the list's own order whichever way it was reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Page<T> {
    /// What is on it.
    pub items: Vec<T>,
    /// Something lies before it. An empty page has nothing on either side: no item of it could be
    /// named in a link.
    pub has_previous: bool,
    /// Something lies after it.
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

/// A list with an order, walked from any key in either direction.
pub(super) trait Ordered {
    type Key;
    type Item;

    fn key(item: &Self::Item) -> Self::Key;
    /// What lies after the key, nearest first; everything without one.
    fn after(&self, key: Option<&Self::Key>) -> impl Iterator<Item = Self::Item>;
    /// What lies before the key, nearest first; everything, from the end, without one.
    fn before(&self, key: Option<&Self::Key>) -> impl Iterator<Item = Self::Item>;
}

/// A list the other way round.
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
