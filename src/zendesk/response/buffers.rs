//! Buffers for answers of a few kilobytes, used again once an answer was sent. A new allocation of
//! that size makes the allocator tidy up: 2 % of a call that shows an agent.

use std::sync::Arc;

use axum::body::Bytes;
use parking_lot::Mutex;

/// How many unused buffers are kept, and how large they may be: together at most a mebibyte.
const MOST: usize = 64;
const LARGEST: usize = 16 * 1024;

/// The unused buffers. Clones share them.
#[derive(Clone, Debug, Default)]
pub(crate) struct Buffers(Arc<Mutex<Vec<Vec<u8>>>>);

/// The bytes of an answer, whose buffer is used again when they are dropped.
struct Sent {
    bytes: Vec<u8>,
    buffers: Buffers,
}

impl Buffers {
    /// An empty buffer. One that was used before has room.
    pub(crate) fn take(&self) -> Vec<u8> {
        self.0.lock().pop().unwrap_or_default()
    }

    /// The bytes in a buffer, for an answer.
    pub(crate) fn send(&self, bytes: Vec<u8>) -> Bytes {
        let buffers = self.clone();
        Bytes::from_owner(Sent { bytes, buffers })
    }
}

impl AsRef<[u8]> for Sent {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Sent {
    fn drop(&mut self) {
        let mut bytes = std::mem::take(&mut self.bytes);
        let mut unused = self.buffers.0.lock();
        if unused.len() < MOST && bytes.capacity() <= LARGEST {
            bytes.clear();
            unused.push(bytes);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Assumed: a buffer serves one answer at a time, is empty when it is taken again, and large
    /// ones and those beyond the limit are freed.
    #[test]
    fn a_buffer_is_used_again_when_its_answer_was_sent() {
        let buffers = Buffers::default();
        let unused = || buffers.0.lock().len();
        let mut buffer = buffers.take();
        buffer.extend_from_slice(b"an answer");
        let answer = buffers.send(buffer);
        assert_eq!((&*answer, unused()), (&b"an answer"[..], 0));
        let copy = answer.clone();
        drop(answer);
        assert_eq!((&*copy, unused()), (&b"an answer"[..], 0));
        drop(copy);
        assert_eq!(unused(), 1);
        let buffer = buffers.take();
        assert!(buffer.is_empty() && buffer.capacity() > 0, "{buffer:?}");
        drop(buffers.send(vec![0; LARGEST + 1]));
        assert_eq!(unused(), 0);
        let answers: Vec<_> = (0..=MOST).map(|_| buffers.send(vec![0; 10])).collect();
        drop(answers);
        assert_eq!(unused(), MOST);
    }
}
