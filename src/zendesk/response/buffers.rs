//! Memory for small answers, used again and again: the allocator would take it apart and put it
//! together each time.

use std::sync::Arc;

use axum::body::Bytes;
use parking_lot::Mutex;

/// How many are kept, and how large they may be: together a mebibyte.
const MOST: usize = 64;
const LARGEST: usize = 16 * 1024;

/// Buffers that wait for the next answer.
#[derive(Debug, Default)]
pub(crate) struct Buffers(Mutex<Vec<Vec<u8>>>);

/// A buffer on its way to the client, after which it comes back.
struct Lent {
    bytes: Vec<u8>,
    home: Arc<Buffers>,
}

impl Buffers {
    /// An empty buffer, which mostly has room.
    pub(crate) fn take(&self) -> Vec<u8> {
        self.0.lock().pop().unwrap_or_default()
    }

    /// What was written into a buffer, as a body.
    pub(crate) fn lend(self: &Arc<Self>, bytes: Vec<u8>) -> Bytes {
        Bytes::from_owner(Lent {
            bytes,
            home: Arc::clone(self),
        })
    }
}

impl AsRef<[u8]> for Lent {
    fn as_ref(&self) -> &[u8] {
        &self.bytes
    }
}

impl Drop for Lent {
    fn drop(&mut self) {
        let mut bytes = std::mem::take(&mut self.bytes);
        let mut waiting = self.home.0.lock();
        if waiting.len() < MOST && bytes.capacity() <= LARGEST {
            bytes.clear();
            waiting.push(bytes);
        }
    }
}
