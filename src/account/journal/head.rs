//! The text of a request, in one piece of memory, as it came: secrets are masked where it is shown.
//!
//! Copied, and not taken from the request: what hyper read is a view into the buffer of its
//! connection, so to keep a hundred bytes of it would be to keep all eight kilobytes, and to have
//! hyper ask for new ones each time.

use http::HeaderMap;

/// Most requests have room in this. To count first what a request takes would cost as much as to
/// copy it.
const ROOM: usize = 512;

/// The longest body that has its place in this room, as that of a status update has.
const SHORT_BODY: usize = 128;

/// Target, headers and body of a request, and the e-mail address of who called.
#[derive(Debug, Default)]
pub(crate) struct Head {
    /// Target, e-mail address and body, one after the other without anything between them; then the
    /// headers, each as `name:value` and the end of a line, which neither a name nor a value can
    /// have.
    bytes: Vec<u8>,
    target: usize,
    email: usize,
    body: usize,
}

impl Head {
    /// Copies it to where another one was.
    pub(crate) fn copy(
        old: Self,
        target: &str,
        email: Option<&str>,
        headers: &HeaderMap,
        body: &[u8],
    ) -> Self {
        let email = email.unwrap_or_default();
        let mut bytes = old.bytes;
        let room = if body.len() <= SHORT_BODY {
            ROOM
        } else {
            ROOM + body.len()
        };
        if bytes.capacity() == room {
            bytes.clear();
        } else {
            bytes = Vec::with_capacity(room);
        }
        bytes.extend_from_slice(target.as_bytes());
        bytes.extend_from_slice(email.as_bytes());
        bytes.extend_from_slice(body);
        for (name, value) in headers {
            bytes.extend_from_slice(name.as_str().as_bytes());
            bytes.push(b':');
            bytes.extend_from_slice(value.as_bytes());
            bytes.push(b'\n');
        }
        Self {
            bytes,
            target: target.len(),
            email: email.len(),
            body: body.len(),
        }
    }

    /// Path and query, as they were routed.
    pub(super) fn target(&self) -> &str {
        text(self.bytes.get(..self.target))
    }

    /// The e-mail address, if there is one.
    pub(super) fn email(&self) -> Option<&str> {
        let email = text(self.bytes.get(self.target..self.target + self.email));
        Some(email).filter(|email| !email.is_empty())
    }

    /// The body, which is empty if there was none.
    pub(super) fn body(&self) -> &[u8] {
        let start = self.target + self.email;
        self.bytes.get(start..start + self.body).unwrap_or_default()
    }

    /// The headers. Values of one name are in the order in which they came; names are in none that
    /// is promised.
    pub(super) fn headers(&self) -> impl Iterator<Item = (&str, &[u8])> {
        let headers = self
            .bytes
            .get(self.target + self.email + self.body..)
            .unwrap_or_default();
        headers.split(|byte| *byte == b'\n').filter_map(|line| {
            let colon = line.iter().position(|byte| *byte == b':')?;
            let (name, value) = line.split_at(colon);
            Some((text(Some(name)), value.get(1..).unwrap_or_default()))
        })
    }

    pub(super) fn size(&self) -> usize {
        self.bytes.capacity()
    }
}

/// What was text when it was copied.
fn text(bytes: Option<&[u8]>) -> &str {
    bytes
        .and_then(|bytes| std::str::from_utf8(bytes).ok())
        .unwrap_or_default()
}
