//! Pages of OAuth clients and tokens.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use super::page::{self, Ordered};
use super::{Page, Position};

/// A page of the records for which `matches` returns true, by ascending id.
pub(super) fn page_by_id<K: Copy + Ord, T>(
    records: &BTreeMap<K, Arc<T>>,
    matches: impl Fn(&T) -> bool,
    position: &Position<K>,
    limit: usize,
) -> Page<K> {
    page::select(&Matching { records, matches }, position, limit)
}

struct Matching<'a, K, T, F> {
    records: &'a BTreeMap<K, Arc<T>>,
    matches: F,
}

impl<K: Copy + Ord, T, F: Fn(&T) -> bool> Matching<'_, K, T, F> {
    fn within(&self, from: Bound<K>, to: Bound<K>) -> impl DoubleEndedIterator<Item = K> {
        let records = self.records.range((from, to));
        let matching = records.filter(|(_, record)| (self.matches)(record));
        matching.map(|(id, _)| *id)
    }
}

impl<K: Copy + Ord, T, F: Fn(&T) -> bool> Ordered for Matching<'_, K, T, F> {
    type Key = K;
    type Item = K;

    fn key(item: &K) -> K {
        *item
    }

    fn after(&self, key: Option<&K>) -> impl Iterator<Item = K> {
        let from = key.map_or(Bound::Unbounded, |key| Bound::Excluded(*key));
        self.within(from, Bound::Unbounded)
    }

    fn before(&self, key: Option<&K>) -> impl Iterator<Item = K> {
        let to = key.map_or(Bound::Unbounded, |key| Bound::Excluded(*key));
        self.within(Bound::Unbounded, to).rev()
    }
}
