//! Values that have to be unique in a document.

use std::collections::BTreeSet;
use std::fmt::Display;
use std::hash::{DefaultHasher, Hash, Hasher};

use super::reader::{Node, Shortened};

/// Values that have to be unique.
pub(crate) struct Unique<T> {
    what: &'static str,
    seen: BTreeSet<T>,
}

impl<T: Ord> Unique<T> {
    pub(crate) fn new(what: &'static str) -> Self {
        Self {
            what,
            seen: BTreeSet::new(),
        }
    }

    /// Notes a problem if the value was there before. `shown` is the value in the text of the
    /// problem.
    pub(crate) fn check_as(&mut self, value: T, shown: impl Display, node: &Node<'_>) {
        if !self.seen.insert(value) {
            node.problem(format_args!("{} {shown} is there twice", self.what));
        }
    }
}

impl<T: Ord + Display + Copy> Unique<T> {
    /// Notes a problem if the value was there before.
    pub(crate) fn check(&mut self, value: T, node: &Node<'_>) {
        self.check_as(value, value, node);
    }
}

impl Unique<Digest> {
    /// The same for a text.
    pub(crate) fn check_text(&mut self, text: &str, node: &Node<'_>) {
        self.check_as(Digest::of(text), Shortened(text), node);
    }
}

/// The digest of a text that has to be unique. A million of them can be in memory, so it is small.
#[derive(PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Digest(u64, u64);

impl Digest {
    pub(crate) fn of(text: &str) -> Self {
        let half = |which: u8| {
            let mut hasher = DefaultHasher::new();
            (which, text).hash(&mut hasher);
            hasher.finish()
        };
        Self(half(0), half(1))
    }
}
