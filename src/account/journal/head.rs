//! The text of a request as it came, in one piece of memory. Secrets are masked where it is shown.
//!
//! It is a copy. The request's own text is a view into the buffer of the connection: a hundred
//! bytes of it would keep all eight kilobytes in memory, and hyper would allocate a new buffer.

use http::HeaderMap;

/// Most requests fit into this. To count the bytes first would cost as much as to copy them.
const ROOM: usize = 512;

/// The longest body that fits into it too, such as that of a status update.
const SHORT_BODY: usize = 128;

/// Target, headers and body of a request, and the e-mail address of the caller.
#[derive(Debug, Default)]
pub(crate) struct Head {
    /// Target, e-mail address and body without separators, then the headers, each as `name:value`
    /// and a line feed, which names and values cannot have.
    bytes: Vec<u8>,
    target: usize,
    email: usize,
    body: usize,
}

impl Head {
    /// Copies a request into the memory of an older one.
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

    /// The headers. Values of one name are in the order in which they came. The order of names is
    /// not defined.
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
