//! Buckets: the sets of agents that answer conditions on counts.

use std::ops::Range;

use super::ChannelRecord;
use super::slots::{Slot, SlotSet};

/// The set that answers a condition on a count. The bounds of the buckets are 0, 1, …, 16, and then
/// the powers of two.
///
/// The set of a bucket holds the agents with at least as much free capacity, or at most as many work
/// items, as its bound. So one set answers a condition.
pub(super) struct Bucket {
    pub(super) number: usize,
    /// Whether the set holds only agents that meet the condition.
    pub(super) is_exact: bool,
}

/// The bounds up to this one have no gaps.
pub(super) const DENSE: u64 = 16;
/// The number of buckets for work items: up to a bound of 128. Nearly every agent has fewer, so a
/// higher bound needs no set.
const WORK_ITEM_BUCKETS: usize = 20;

/// The number of bounds that are at most `count`.
fn bounds_up_to(count: u64) -> usize {
    let dense = usize::try_from(count.min(DENSE)).unwrap_or_default() + 1;
    dense + (count / DENSE).checked_ilog2().unwrap_or(0) as usize
}

/// The number of bounds below `count`.
fn bounds_below(count: u64) -> usize {
    count.checked_sub(1).map_or(0, bounds_up_to)
}

impl Bucket {
    /// The bucket for "at least this much free capacity".
    pub(super) fn at_least(count: u64) -> Self {
        Self {
            number: bounds_up_to(count) - 1,
            is_exact: is_bound(count),
        }
    }

    /// The bucket for "at most this many work items", if there is one.
    pub(super) fn at_most(count: u64) -> Option<Self> {
        let number = bounds_below(count);
        (number < WORK_ITEM_BUCKETS).then_some(Self {
            number,
            is_exact: is_bound(count),
        })
    }
}

fn is_bound(count: u64) -> bool {
    count <= DENSE || count.is_power_of_two()
}

/// The buckets of free capacity that a channel is in.
pub(super) fn capacity_buckets(channel: Option<ChannelRecord<'_>>) -> Range<usize> {
    0..channel
        .and_then(ChannelRecord::remaining_capacity)
        .map_or(0, bounds_up_to)
}

/// The buckets of work over the capacity that a channel is in: bucket 0 for one item over it and
/// more, and so on without gaps. Nearly every agent is in none of them.
pub(super) fn overload_buckets(channel: Option<ChannelRecord<'_>>) -> Range<usize> {
    let over = channel.map_or(0, ChannelRecord::overload).min(DENSE);
    0..usize::try_from(over).unwrap_or_default()
}

/// The buckets of work items that a channel is in.
pub(super) fn work_item_buckets(channel: Option<ChannelRecord<'_>>) -> Range<usize> {
    let first = channel.map_or(WORK_ITEM_BUCKETS, |channel| {
        bounds_below(channel.items().len() as u64)
    });
    first.min(WORK_ITEM_BUCKETS)..WORK_ITEM_BUCKETS
}

/// The sets of these buckets.
pub(super) fn in_buckets(
    sets: &mut Vec<SlotSet>,
    buckets: Range<usize>,
) -> impl Iterator<Item = &mut SlotSet> {
    if sets.len() < buckets.end {
        sets.resize_with(buckets.end, SlotSet::default);
    }
    sets[buckets].iter_mut()
}

/// Adds a slot to the buckets of a range. If the range ends before it starts, removes the slot from
/// the buckets between.
pub(super) fn move_between(
    sets: &mut Vec<SlotSet>,
    slot: Slot,
    slots: usize,
    Range { start, end }: Range<usize>,
) {
    in_buckets(sets, end.min(start)..start).for_each(|set| set.remove(slot, slots));
    in_buckets(sets, start.min(end)..end).for_each(|set| set.insert(slot, slots));
}
