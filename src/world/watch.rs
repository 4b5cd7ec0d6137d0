//! Waiting for events. A write wakes the tasks that wait, through their wakers: the world does not
//! know the runtime.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::task::{Context, Poll, Waker};

use parking_lot::Mutex;

use super::{Event, EventPage, World};

/// The watches on a log.
#[derive(Debug, Default)]
pub(super) struct Waiters(Arc<Mutex<WaitList>>);

#[derive(Debug, Default)]
struct WaitList {
    /// No event will come any more.
    has_ended: bool,
    next_ticket: u64,
    wakers: BTreeMap<u64, Waker>,
}

impl Waiters {
    /// A watch on the events after this one.
    pub(super) fn watch(&self, after: u64) -> Watch {
        let mut waiting = self.0.lock();
        waiting.next_ticket += 1;
        Watch {
            waiting: Arc::clone(&self.0),
            ticket: waiting.next_ticket,
            after,
        }
    }

    /// Takes the wakers of all tasks that wait. To be called under the lock of the log, so that no
    /// task begins to wait in between.
    pub(super) fn take(&self) -> Woken {
        let wakers = std::mem::take(&mut self.0.lock().wakers);
        Woken(wakers.into_values().collect())
    }

    /// Ends all watches.
    pub(super) fn end(&self) {
        self.0.lock().has_ended = true;
        drop(self.take());
    }
}

/// A watch on the events of a log, until it is dropped.
#[derive(Debug)]
pub(crate) struct Watch {
    waiting: Arc<Mutex<WaitList>>,
    ticket: u64,
    /// The last event that it has seen or skipped.
    pub(crate) after: u64,
}

impl Watch {
    /// Waits for the next event. `None` when no event will come any more.
    fn wait<T>(&self, context: &Context<'_>) -> Poll<Option<T>> {
        let mut waiting = self.waiting.lock();
        if waiting.has_ended {
            return Poll::Ready(None);
        }
        let waker = context.waker().clone();
        let replaced = waiting.wakers.insert(self.ticket, waker);
        // A waker is dropped without the lock: its drop may do anything.
        drop(waiting);
        drop(replaced);
        Poll::Pending
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let waker = self.waiting.lock().wakers.remove(&self.ticket);
        drop(waker);
    }
}

/// Wakers that are called on drop, which is after the lock is free.
#[derive(Debug, Default)]
pub(super) struct Woken(Vec<Waker>);

impl Drop for Woken {
    fn drop(&mut self) {
        self.0.drain(..).for_each(Waker::wake);
    }
}

impl World {
    /// A watch on the events after this one; without one, on the events from now on.
    pub(crate) fn watch(&self, after: Option<u64>) -> Watch {
        let state = self.read();
        state
            .log
            .waiters
            .watch(after.unwrap_or(state.log.last_sequence()))
    }

    /// The next events of a watch, which has then seen them. The page may be empty if the log has
    /// dropped events that the watch has not seen. `None` when no event will come any more.
    pub(crate) fn poll_events(
        &self,
        watch: &mut Watch,
        limit: usize,
        matches: impl Fn(&Event) -> bool,
        context: &Context<'_>,
    ) -> Poll<Option<EventPage>> {
        // No event can come between the look at the log and the wait: a write needs this lock.
        let state = self.read();
        let page = state.log.page(watch.after, limit, matches);
        let has_missed = watch.after < page.dropped;
        // A full page may not be the last.
        let is_full = page.events.len() == limit;
        let seen = page
            .events
            .last()
            .filter(|_| is_full)
            .map_or(page.last, |event| event.sequence);
        watch.after = watch.after.max(seen);
        if has_missed || !page.events.is_empty() {
            Poll::Ready(Some(page))
        } else {
            watch.wait(context)
        }
    }

    /// At most `most` of the events after this one: the newest, as a page without a gap.
    pub(crate) fn newest_events(&self, after: u64, most: usize) -> EventPage {
        let state = self.read();
        let earliest = state.log.last_sequence().saturating_sub(most as u64);
        state.log.page(after.max(earliest), most, |_| true)
    }

    /// Waits until there is an event that the watch has not seen, which stays unseen. `None` when no
    /// event will come any more.
    pub(crate) fn poll_newer(&self, watch: &Watch, context: &Context<'_>) -> Poll<Option<()>> {
        // No event can come between the look at the log and the wait: a write needs this lock.
        let state = self.read();
        if state.log.last_sequence() > watch.after {
            Poll::Ready(Some(()))
        } else {
            watch.wait(context)
        }
    }

    /// Ends all watches: no event will come any more.
    pub(crate) fn end_watches(&self) {
        self.read().log.waiters.end();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::Wake;

    use jiff::Timestamp;

    use super::*;
    use crate::world::{Contents, Directory, StatusCatalog, TalkQueue};

    /// Counts how often it is woken.
    #[derive(Default)]
    struct Counter(AtomicUsize);

    impl Wake for Counter {
        fn wake(self: Arc<Self>) {
            self.0.fetch_add(1, Ordering::Relaxed);
        }
    }

    fn world() -> World {
        let contents = Contents {
            directory: Directory::default(),
            statuses: StatusCatalog::default(),
            omnichannel_routing: false,
            talk_queue: TalkQueue::new(),
        };
        World::new(contents, [])
    }

    /// Polls for the sequence numbers of events; `None` at the end of all watches.
    fn poll(world: &World, watch: &mut Watch, counter: &Arc<Counter>) -> Poll<Option<Vec<u64>>> {
        let waker = Waker::from(Arc::clone(counter));
        let page = world.poll_events(watch, 10, |_| true, &Context::from_waker(&waker));
        page.map(|page| page.map(|page| page.events.iter().map(|event| event.sequence).collect()))
    }

    /// By design: a write wakes each task that waits, once, and the task sees what it wrote.
    #[test]
    fn an_event_wakes_the_tasks_that_wait() {
        let (world, counter) = (world(), Arc::new(Counter::default()));
        let woken = || counter.0.load(Ordering::Relaxed);
        let switch = |on| world.set_omnichannel_routing(on, false, Timestamp::UNIX_EPOCH);
        let mut watch = world.watch(None);
        for _ in 0..2 {
            assert_eq!(poll(&world, &mut watch, &counter), Poll::Pending);
        }
        assert!(!switch(false));
        assert_eq!(woken(), 0, "nothing happened");
        assert!(switch(true));
        assert_eq!(woken(), 1);
        assert!(switch(false));
        assert_eq!(woken(), 1, "it does not wait any more");
        assert_eq!(
            poll(&world, &mut watch, &counter),
            Poll::Ready(Some(vec![1, 2]))
        );
        assert_eq!(poll(&world, &mut watch, &counter), Poll::Pending);
        drop(watch);
        assert!(switch(true));
        assert_eq!(woken(), 1, "it is gone");
        let mut watch = world.watch(None);
        assert_eq!(poll(&world, &mut watch, &counter), Poll::Pending);
        world.end_watches();
        assert_eq!(woken(), 2);
        assert_eq!(poll(&world, &mut watch, &counter), Poll::Ready(None));
        assert_eq!(Arc::strong_count(&counter), 1, "no waker is left");
    }
}
