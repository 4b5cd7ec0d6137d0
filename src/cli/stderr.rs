//! Standard error behind a queue. If the process that started the server does not read the pipe,
//! the pipe gets full, and a write blocks for ever. So one thread writes, and the other threads
//! only add lines to its queue.

use std::io::{self, ErrorKind, Write};
use std::sync::Arc;
use std::time::Duration;

use parking_lot::{Condvar, Mutex};

/// The most lines in the queue. More are dropped and counted.
const MOST_LINES: usize = 4_096;
/// The most bytes of these lines, since a line can have a path of 64 KiB.
const MOST_BYTES: usize = 16 << 20;
/// The pause between two writes, so that the thread does not wake up for each request.
const REST: Duration = Duration::from_millis(1);
/// The pause before the next try if a non-blocking terminal or pipe is full.
const RETRY: Duration = Duration::from_millis(10);
/// How much memory the thread keeps for later lines.
const KEPT_BYTES: usize = 64 << 10;

/// Standard error for all threads.
#[derive(Debug, Default)]
pub(super) struct Stderr {
    queue: Mutex<Queue>,
    filled: Condvar,
    emptied: Condvar,
}

#[derive(Debug, Default)]
struct Queue {
    text: Vec<u8>,
    /// How many lines the text has.
    lines: usize,
    /// How many lines are being written.
    writing: usize,
    /// How many lines were dropped. From the first of them on, all are dropped until everything
    /// before it is written, so that each gap is reported once, at its place.
    dropped: u64,
}

impl Queue {
    fn is_full(&self, more: usize) -> bool {
        self.dropped > 0
            || self.lines + self.writing >= MOST_LINES
            || self.text.len() + more > MOST_BYTES
    }

    fn is_empty(&self) -> bool {
        self.lines + self.writing == 0 && self.dropped == 0
    }
}

impl Stderr {
    /// Starts the thread that writes. It lives as long as the process.
    pub(super) fn start() -> io::Result<Arc<Self>> {
        let stderr = Arc::new(Self::default());
        let written = Arc::clone(&stderr);
        std::thread::Builder::new()
            .name("stderr".to_owned())
            .spawn(move || written.write_for_ever())?;
        Ok(stderr)
    }

    /// Queues a line, or drops it.
    pub(super) fn add_line(&self, line: &[u8]) {
        let mut queue = self.queue.lock();
        if queue.is_full(line.len()) {
            queue.dropped += 1;
        } else {
            queue.text.extend_from_slice(line);
            queue.lines += 1;
        }
        drop(queue);
        self.filled.notify_one();
    }

    /// Waits until everything is written, or until the limit.
    pub(super) fn finish(&self, limit: Duration) {
        let mut queue = self.queue.lock();
        self.emptied
            .wait_while_for(&mut queue, |queue| !queue.is_empty(), limit);
    }

    /// The next text to write.
    #[cfg(test)]
    pub(super) fn take(&self) -> String {
        let mut text = Vec::new();
        self.next(&mut text);
        String::from_utf8_lossy(&text).into_owned()
    }

    fn write_for_ever(&self) {
        let mut text = Vec::new();
        loop {
            if let Some(dropped) = self.next(&mut text) {
                // In the format of the log, directly after the lines before the gap.
                tracing::warn!(target: super::log::OWN, dropped, "log lines were dropped: stderr was not read in time");
            }
            write_all(&text);
            text.clear();
            text.shrink_to(KEPT_BYTES);
            std::thread::sleep(REST);
        }
    }

    /// Waits for what to write next: lines, or the number of dropped lines at this place.
    fn next(&self, text: &mut Vec<u8>) -> Option<u64> {
        let mut queue = self.queue.lock();
        queue.writing = 0;
        while queue.lines == 0 {
            if queue.dropped > 0 {
                // The line about the gap.
                queue.writing = 1;
                return Some(std::mem::take(&mut queue.dropped));
            }
            self.emptied.notify_all();
            self.filled.wait(&mut queue);
        }
        std::mem::swap(&mut queue.text, text);
        queue.writing = std::mem::take(&mut queue.lines);
        None
    }
}

impl Write for &Stderr {
    /// Takes one whole line.
    fn write(&mut self, line: &[u8]) -> io::Result<usize> {
        self.add_line(line);
        Ok(line.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Writes to the process's stderr. If it is closed, the text is lost.
fn write_all(mut text: &[u8]) {
    let mut stderr = io::stderr();
    while !text.is_empty() {
        match stderr.write(text) {
            Ok(written) => text = text.get(written..).unwrap_or_default(),
            Err(error) if error.kind() == ErrorKind::Interrupted => {}
            Err(error) if error.kind() == ErrorKind::WouldBlock => std::thread::sleep(RETRY),
            Err(_) => return,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The next text, and how many lines were dropped after it.
    fn next(stderr: &Stderr) -> (String, Option<u64>) {
        let mut text = Vec::new();
        let dropped = stderr.next(&mut text);
        (String::from_utf8_lossy(&text).into_owned(), dropped)
    }

    /// By design: 4,096 lines wait, those being written included. More are counted and
    /// reported once.
    #[test]
    fn lines_without_room_are_dropped_and_counted() {
        let stderr = Stderr::default();
        stderr.add_line(b"0\n");
        assert_eq!(next(&stderr), ("0\n".to_owned(), None));
        for number in 1..MOST_LINES + 10 {
            stderr.add_line(format!("{number}\n").as_bytes());
        }
        let (text, dropped) = next(&stderr);
        assert_eq!(
            (text.lines().next(), text.lines().last(), dropped),
            (Some("1"), Some("4095"), None)
        );
        stderr.add_line(b"in the gap\n");
        assert_eq!(next(&stderr), (String::new(), Some(11)));
        stderr.add_line(b"after\n");
        assert_eq!(next(&stderr), ("after\n".to_owned(), None));
    }

    /// Assumed: long lines take as much memory at most as many short ones.
    #[test]
    fn long_lines_find_no_room_either() {
        let stderr = Stderr::default();
        let half = vec![b'x'; MOST_BYTES / 2];
        for _ in 0..3 {
            stderr.add_line(&half);
        }
        let (text, _) = next(&stderr);
        assert_eq!((text.len(), next(&stderr).1), (MOST_BYTES, Some(1)));
    }

    /// Assumed: the wait at the end has a limit, and ends at once when nothing is left.
    #[test]
    fn the_end_waits_for_lines_but_not_for_ever() {
        let stderr = Stderr::default();
        stderr.finish(Duration::from_hours(1));
        stderr.add_line(b"never written\n");
        stderr.finish(Duration::from_millis(1));
        assert_eq!(stderr.queue.lock().lines, 1);
    }
}
