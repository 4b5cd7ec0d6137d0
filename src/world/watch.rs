//! Waiting for events. A write wakes those who wait for one, without knowing who they are: this is
//! all that the world knows of whatever runs it.

use std::collections::BTreeMap;
use std::sync::Arc;
use std::task::Waker;

use parking_lot::Mutex;

/// Those who wait for the next event of a log.
#[derive(Debug, Default)]
pub(super) struct Waiters(Arc<Mutex<Waiting>>);

#[derive(Debug, Default)]
struct Waiting {
    /// No event will come any more.
    is_over: bool,
    next_ticket: u64,
    wakers: BTreeMap<u64, Waker>,
}

impl Waiters {
    /// Another one, who has seen all events up to this one.
    pub(super) fn watch(&self, after: u64) -> Watch {
        let mut waiting = self.0.lock();
        waiting.next_ticket += 1;
        Watch {
            waiting: Arc::clone(&self.0),
            ticket: waiting.next_ticket,
            after,
        }
    }

    /// All who wait, each once. To be called under the log's lock, so that nobody begins to wait in
    /// between.
    pub(super) fn take(&self) -> Woken {
        Woken(
            std::mem::take(&mut self.0.lock().wakers)
                .into_values()
                .collect(),
        )
    }

    /// Lets nobody wait any longer.
    pub(super) fn end(&self) {
        let woken = {
            let mut waiting = self.0.lock();
            waiting.is_over = true;
            Woken(std::mem::take(&mut waiting.wakers).into_values().collect())
        };
        drop(woken);
    }
}

/// Somebody who waits for events, until it is dropped.
#[derive(Debug)]
pub(crate) struct Watch {
    waiting: Arc<Mutex<Waiting>>,
    ticket: u64,
    /// The last event that it has seen, or has no interest in.
    pub(crate) after: u64,
}

impl Watch {
    /// Has this one woken by the next event, and says whether there may be one.
    pub(super) fn wait(&self, waker: &Waker) -> bool {
        let mut waiting = self.waiting.lock();
        if waiting.is_over {
            return false;
        }
        let replaced = waiting.wakers.insert(self.ticket, waker.clone());
        // Whatever a waker does when it is dropped, it does without the lock.
        drop(waiting);
        drop(replaced);
        true
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let waker = self.waiting.lock().wakers.remove(&self.ticket);
        drop(waker);
    }
}

/// Wakes when it is dropped: after the lock under which it was taken.
#[derive(Debug, Default)]
pub(super) struct Woken(Vec<Waker>);

impl Drop for Woken {
    fn drop(&mut self) {
        self.0.drain(..).for_each(Waker::wake);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::task::{Context, Poll, Wake};

    use jiff::Timestamp;

    use super::*;
    use crate::world::{Contents, Directory, StatusCatalog, World};

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
        };
        World::new(contents, [])
    }

    /// Polls, and says what came: the sequence numbers of events, none at the end of all.
    fn poll(world: &World, watch: &mut Watch, counter: &Arc<Counter>) -> Poll<Option<Vec<u64>>> {
        let waker = Waker::from(Arc::clone(counter));
        let page = world.poll_events(watch, 10, |_| true, &Context::from_waker(&waker));
        page.map(|page| page.map(|page| page.events.iter().map(|event| event.sequence).collect()))
    }

    /// The design: a write wakes those who wait, once each, and they see what it wrote.
    #[test]
    fn an_event_wakes_who_waits() {
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
        assert_eq!(Arc::strong_count(&counter), 1, "nobody keeps a waker");
    }
}
