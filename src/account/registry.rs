//! The accounts of a server, by subdomain.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use dashmap::DashMap;
use foldhash::fast::RandomState;
use parking_lot::Mutex;

use super::Account;
use crate::clock::Stopwatch;

/// The id of the first account, as in the documented events.
const FIRST_ID: u64 = 2;

/// The accounts of a server. Empty until the default account has been seeded.
#[derive(Debug)]
pub(crate) struct Registry {
    accounts: DashMap<String, Arc<Account>, RandomState>,
    default_subdomain: String,
    /// Held while an account is added, so that there are never more than allowed.
    adding: Mutex<()>,
    next_id: AtomicU64,
    next_name: AtomicU64,
    idle: Option<Idle>,
}

/// How long idle accounts are kept.
#[derive(Debug)]
struct Idle {
    life: Duration,
    /// Runs since the server began.
    stopwatch: Stopwatch,
}

impl Idle {
    fn now(&self) -> u64 {
        u64::try_from(self.stopwatch.elapsed().as_millis()).unwrap_or(u64::MAX)
    }

    fn is_over(&self, account: &Account) -> bool {
        // In this order: `called_at` is written before `waiting` gets 0.
        let is_called = account.waiting.load(Ordering::Acquire) > 0;
        let idle = self
            .now()
            .saturating_sub(account.called_at.load(Ordering::Relaxed));
        !is_called && Duration::from_millis(idle) >= self.life
    }
}

/// Counts a call that waits for events of an account, until it is dropped.
#[must_use]
pub(crate) struct WaitingCall<'a> {
    registry: &'a Registry,
    account: &'a Account,
}

impl Drop for WaitingCall<'_> {
    fn drop(&mut self) {
        self.registry.note_call(self.account);
        self.account.waiting.fetch_sub(1, Ordering::Release);
    }
}

/// Why an account cannot be added or deleted.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub(crate) enum RegistryError {
    #[error("there already is an account {0}")]
    Taken(String),
    #[error("there already are {0} accounts, the most that this server holds")]
    Full(usize),
    #[error("{0} is the default account, which stays; reset it instead")]
    Default(String),
}

impl Registry {
    /// No accounts. Each account but the default one is deleted when it has been idle for
    /// `idle_life`.
    pub(crate) fn new(default_subdomain: String, idle_life: Option<Duration>) -> Self {
        let idle = idle_life.map(|life| Idle {
            life,
            stopwatch: Stopwatch::start(),
        });
        Self {
            accounts: DashMap::default(),
            default_subdomain,
            adding: Mutex::new(()),
            next_id: AtomicU64::new(FIRST_ID),
            next_name: AtomicU64::new(1),
            idle,
        }
    }

    /// A subdomain for an account without one. It is returned once only, but an account may have
    /// been created with it.
    pub(crate) fn next_name(&self) -> String {
        format!("t{}", self.next_name.fetch_add(1, Ordering::Relaxed))
    }

    /// Whether an account could be added now, with this subdomain or with a free one. Another call
    /// may still be faster.
    pub(crate) fn check_room(
        &self,
        subdomain: Option<&str>,
        most: usize,
    ) -> Result<(), RegistryError> {
        self.delete_idle();
        if let Some(taken) = subdomain.filter(|subdomain| self.accounts.contains_key(*subdomain)) {
            return Err(RegistryError::Taken(taken.to_owned()));
        }
        if self.accounts.len() >= most {
            Err(RegistryError::Full(most))
        } else {
            Ok(())
        }
    }

    /// Adds an account, unless there are already `most`.
    pub(crate) fn add(&self, account: Arc<Account>, most: usize) -> Result<(), RegistryError> {
        let _adding = self.adding.lock();
        self.check_room(Some(&account.subdomain), most)?;
        self.note_call(&account);
        account
            .id
            .get_or_init(|| self.next_id.fetch_add(1, Ordering::Relaxed));
        self.accounts.insert(account.subdomain.clone(), account);
        Ok(())
    }

    /// The account with this subdomain, for a call to it.
    pub(crate) fn account(&self, subdomain: &str) -> Option<Arc<Account>> {
        let account = self
            .accounts
            .get(subdomain)
            .map(|account| Arc::clone(&account))?;
        if self.idle.is_some() {
            if self.has_ended(&account) {
                // To delete it can take long. `delete_idle` does that.
                return None;
            }
            self.note_call(&account);
        }
        Some(account)
    }

    /// Notes a call to an account. The account is idle from now on.
    fn note_call(&self, account: &Account) {
        if let Some(idle) = &self.idle {
            account.called_at.store(idle.now(), Ordering::Relaxed);
        }
    }

    /// Keeps an account from being deleted while a call waits for its events. It is idle from the
    /// end of that call on.
    pub(crate) fn wait_at<'a>(&'a self, account: &'a Account) -> WaitingCall<'a> {
        account.waiting.fetch_add(1, Ordering::Relaxed);
        WaitingCall {
            registry: self,
            account,
        }
    }

    /// Whether an account has been idle for too long.
    fn has_ended(&self, account: &Account) -> bool {
        self.idle
            .as_ref()
            .is_some_and(|idle| !self.is_default(&account.subdomain) && idle.is_over(account))
    }

    /// How long idle accounts are kept, if not for ever.
    pub(crate) fn idle_life(&self) -> Option<Duration> {
        self.idle.as_ref().map(|idle| idle.life)
    }

    /// Deletes the accounts that have been idle for too long.
    pub(crate) fn delete_idle(&self) {
        if self.idle.is_none() {
            return;
        }
        let ended = self
            .accounts
            .iter()
            .filter(|account| self.has_ended(account));
        let ended: Vec<_> = ended.map(|account| account.key().clone()).collect();
        for subdomain in ended {
            // It may have been called since.
            let removed = self
                .accounts
                .remove_if(&subdomain, |_, account| self.has_ended(account));
            if let Some((_, account)) = removed {
                account.world.end_watches();
            }
        }
    }

    /// The account of requests that do not name one.
    pub(crate) fn default_account(&self) -> Option<Arc<Account>> {
        self.account(&self.default_subdomain)
    }

    /// Whether it is the account of requests that do not name one.
    pub(crate) fn is_default(&self, subdomain: &str) -> bool {
        self.default_subdomain == subdomain
    }

    /// Every account, by subdomain.
    pub(crate) fn accounts(&self) -> Vec<Arc<Account>> {
        self.delete_idle();
        let mut accounts: Vec<_> = self
            .accounts
            .iter()
            .map(|account| Arc::clone(&account))
            .collect();
        accounts.sort_by(|a, b| a.subdomain.cmp(&b.subdomain));
        accounts
    }

    /// Replaces an account by one in the initial state. Calls that are under way end on the old one.
    /// Returns the new account and the old one.
    pub(crate) fn reset(&self, subdomain: &str) -> Option<[Arc<Account>; 2]> {
        loop {
            let old = self.account(subdomain)?;
            let restarted = Arc::new(old.restart());
            self.note_call(&restarted);
            let mut place = self.accounts.get_mut(subdomain)?;
            // It may be another account by now, which starts with something else.
            if Arc::ptr_eq(&place, &old) {
                *place = Arc::clone(&restarted);
                drop(place);
                old.world.end_watches();
                return Some([restarted, old]);
            }
        }
    }

    /// Removes an account, and returns it if there was one.
    pub(crate) fn remove(&self, subdomain: &str) -> Result<Option<Arc<Account>>, RegistryError> {
        if self.is_default(subdomain) {
            return Err(RegistryError::Default(subdomain.to_owned()));
        }
        let removed = self.accounts.remove(subdomain);
        Ok(removed.map(|(_, account)| {
            account.world.end_watches();
            account
        }))
    }
}

#[cfg(test)]
mod tests {
    use std::task::{Context, Poll, Waker};

    use parking_lot::RwLock;

    use super::*;
    use crate::account::{InitialConfig, JournalLimits};
    use crate::clock::Clock;
    use crate::config::Settings;
    use crate::ids::Ids;
    use crate::seed::Seed;

    fn account(subdomain: &str) -> Arc<Account> {
        let clock = Clock::real();
        let initial = InitialConfig {
            seed: Arc::new(Seed::empty()),
            generated: 0,
            settings: Settings::default(),
            clock_mode: clock.mode(),
            clock,
            ids: Ids::sequential(),
            journal: JournalLimits {
                requests: 0,
                bytes: 0,
            },
        };
        Arc::new(Account::new(subdomain.to_owned(), initial))
    }

    /// Three accounts, one of them the default one, and a function that moves the time.
    fn registry(life: Option<Duration>) -> (Registry, impl Fn(u64)) {
        let time = Arc::new(RwLock::new(Duration::ZERO));
        let mut registry = Registry::new("default".to_owned(), life);
        registry.idle = life.map(|life| Idle {
            life,
            stopwatch: Stopwatch::moved(Arc::clone(&time)),
        });
        for subdomain in ["default", "a", "b"] {
            assert_eq!(registry.add(account(subdomain), 3), Ok(()));
        }
        (registry, move |millis| {
            *time.write() += Duration::from_millis(millis);
        })
    }

    fn names(registry: &Registry) -> Vec<String> {
        registry
            .accounts()
            .iter()
            .map(|account| account.subdomain.clone())
            .collect()
    }

    /// By design: an idle life ends to the millisecond, and a call starts it again.
    #[test]
    fn an_account_without_calls_is_deleted() {
        let (registry, pass) = registry(Some(Duration::from_mins(10)));
        pass(599_999);
        assert!(registry.account("a").is_some());
        pass(1);
        assert_eq!(names(&registry), ["a", "default"]);
        pass(599_998);
        assert!(registry.reset("a").is_some(), "a reset is a call");
        pass(599_999);
        assert_eq!(names(&registry), ["a", "default"]);
        pass(1);
        assert!(registry.account("a").is_none());
        assert!(
            registry.account("default").is_some() && registry.default_account().is_some(),
            "it stays for ever"
        );
    }

    /// Assumed: a call that waits for events of an idle account is told when the account is
    /// deleted.
    #[test]
    fn waiting_ends_with_an_idle_account() {
        let (registry, pass) = registry(Some(Duration::from_mins(10)));
        let accounts = ["a", "default"].map(|name| registry.account(name));
        let poll = |account: &Option<Arc<Account>>| {
            let world = account.as_ref().map(|account| &account.world)?;
            let context = Context::from_waker(Waker::noop());
            Some(world.poll_events(&mut world.watch(None), 1, |_| true, &context))
        };
        assert_eq!(
            accounts.each_ref().map(poll),
            [Some(Poll::Pending), Some(Poll::Pending)]
        );
        pass(600_000);
        registry.delete_idle();
        assert_eq!(
            accounts.each_ref().map(poll),
            [Some(Poll::Ready(None)), Some(Poll::Pending)]
        );
    }

    /// Assumed: an account is not idle while a call waits there. It is idle from the end of that
    /// call on.
    #[test]
    fn an_account_stays_while_a_call_waits_there() {
        let (registry, pass) = registry(Some(Duration::from_mins(10)));
        let account = registry.account("a").unwrap_or_else(|| account("a"));
        let (first, second) = (registry.wait_at(&account), registry.wait_at(&account));
        pass(600_000);
        assert_eq!(names(&registry), ["a", "default"]);
        drop(first);
        pass(600_000);
        assert_eq!(names(&registry), ["a", "default"], "another one waits");
        drop(second);
        pass(599_999);
        assert_eq!(names(&registry), ["a", "default"]);
        pass(1);
        assert_eq!(names(&registry), ["default"]);
    }

    /// Assumed: to list all accounts is not a call to them, and a deleted account makes room for
    /// another.
    #[test]
    fn an_account_that_has_ended_makes_room() {
        let (registry, pass) = registry(Some(Duration::from_secs(1)));
        pass(999);
        assert_eq!(names(&registry), ["a", "b", "default"]);
        assert_eq!(registry.add(account("c"), 3), Err(RegistryError::Full(3)));
        pass(1);
        assert_eq!(registry.add(account("a"), 3), Ok(()));
        assert_eq!(names(&registry), ["a", "default"]);
    }

    /// Assumed: by default accounts live for ever.
    #[test]
    fn without_an_idle_life_accounts_stay() {
        let (registry, pass) = registry(None);
        pass(u64::from(u32::MAX));
        assert_eq!(names(&registry), ["a", "b", "default"]);
    }
}
