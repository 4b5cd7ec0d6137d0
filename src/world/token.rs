//! API tokens, and when a token was last used.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use jiff::Timestamp;

/// The id of an API token or an OAuth token, unique among the tokens of its kind.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct TokenId(pub u64);

/// An API token of the account. Any user can sign in with it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ApiToken {
    /// Its id.
    pub id: TokenId,
    /// The token itself, unique among all tokens.
    pub token: String,
    /// What it is for.
    pub description: Option<String>,
    /// Whether it can be used. An admin may switch it off and on again.
    pub active: bool,
    /// When it was made. None only in a seed: then it is made when the account begins.
    pub created_at: Option<Timestamp>,
    /// When it was activated again, if it was.
    pub activated_at: Option<Timestamp>,
    /// When it was last used.
    pub last_use: LastUse,
}

impl ApiToken {
    /// From when on the days without use count. None in a seed that does not say.
    pub(crate) fn idle_since(&self) -> Option<Timestamp> {
        let last_use = self.last_use.time();
        self.created_at.max(self.activated_at).max(last_use)
    }
}

/// When a token was last used, to the second. Clones share it: a call with the token notes its use,
/// and changes nothing else of the account.
#[derive(Clone, Debug)]
pub struct LastUse(Arc<AtomicI64>);

impl LastUse {
    /// Stands for a token that was not used yet.
    const NEVER: i64 = i64::MIN;

    /// A token that was last used then.
    pub fn at(time: Option<Timestamp>) -> Self {
        let second = time.map_or(Self::NEVER, Timestamp::as_second);
        Self(Arc::new(AtomicI64::new(second)))
    }

    /// When it was last used, if it was.
    pub fn time(&self) -> Option<Timestamp> {
        let second = self.0.load(Ordering::Relaxed);
        Timestamp::from_second(second).ok()
    }

    /// Notes a use.
    pub(crate) fn note(&self, now: Timestamp) {
        let second = now.as_second();
        // Threads that only read do not take the memory from each other.
        if self.0.load(Ordering::Relaxed) != second {
            self.0.store(second, Ordering::Relaxed);
        }
    }
}

impl Default for LastUse {
    fn default() -> Self {
        Self::at(None)
    }
}

impl PartialEq for LastUse {
    fn eq(&self, other: &Self) -> bool {
        self.time() == other.time()
    }
}

impl Eq for LastUse {}
