//! The accounts of a server, by subdomain.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use dashmap::DashMap;
use dashmap::mapref::entry::Entry;
use foldhash::fast::RandomState;
use parking_lot::Mutex;

use super::Account;

/// The number of the first account: that of the documented events.
const FIRST_NUMBER: u64 = 2;

/// The accounts of a server. Empty until the default account has been seeded.
#[derive(Debug)]
pub(crate) struct Registry {
    accounts: DashMap<String, Arc<Account>, RandomState>,
    default_subdomain: String,
    /// Held while an account is added, so that there are never more than allowed.
    adding: Mutex<()>,
    next_number: AtomicU64,
}

/// Why there is no new account, or why one stays.
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
    pub(crate) fn new(default_subdomain: String) -> Self {
        Self {
            accounts: DashMap::default(),
            default_subdomain,
            adding: Mutex::new(()),
            next_number: AtomicU64::new(FIRST_NUMBER),
        }
    }

    /// Adds an account, unless there are so many already.
    pub(crate) fn add(&self, account: Arc<Account>, most: usize) -> Result<(), RegistryError> {
        let _adding = self.adding.lock();
        let full = self.accounts.len() >= most;
        match self.accounts.entry(account.subdomain.clone()) {
            Entry::Occupied(taken) => Err(RegistryError::Taken(taken.key().clone())),
            Entry::Vacant(_) if full => Err(RegistryError::Full(most)),
            Entry::Vacant(place) => {
                account.number.get_or_init(|| self.next_number.fetch_add(1, Ordering::Relaxed));
                place.insert(account);
                Ok(())
            }
        }
    }

    /// The account with this subdomain.
    pub(crate) fn account(&self, subdomain: &str) -> Option<Arc<Account>> {
        self.accounts.get(subdomain).map(|account| Arc::clone(&account))
    }

    /// The account of requests that name no other.
    pub(crate) fn default_account(&self) -> Option<Arc<Account>> {
        self.account(&self.default_subdomain)
    }

    /// Whether this is the account of requests that name no other.
    pub(crate) fn is_default(&self, subdomain: &str) -> bool {
        self.default_subdomain == subdomain
    }

    /// Every account, by subdomain.
    pub(crate) fn accounts(&self) -> Vec<Arc<Account>> {
        let mut accounts: Vec<_> = self.accounts.iter().map(|account| Arc::clone(&account)).collect();
        accounts.sort_by(|a, b| a.subdomain.cmp(&b.subdomain));
        accounts
    }

    /// Makes an account what it was at first. Calls that are under way end with what they began with.
    pub(crate) fn reset(&self, subdomain: &str) -> Option<Arc<Account>> {
        loop {
            let old = self.account(subdomain)?;
            let anew = Arc::new(old.anew());
            let mut place = self.accounts.get_mut(subdomain)?;
            // It may be another account by now, which has another beginning.
            if Arc::ptr_eq(&place, &old) {
                *place = Arc::clone(&anew);
                drop(place);
                old.retire();
                return Some(anew);
            }
        }
    }

    /// Forgets an account, and says whether there was one.
    pub(crate) fn remove(&self, subdomain: &str) -> Result<bool, RegistryError> {
        if self.is_default(subdomain) {
            return Err(RegistryError::Default(subdomain.to_owned()));
        }
        let removed = self.accounts.remove(subdomain);
        Ok(removed.is_some_and(|(_, account)| {
            account.retire();
            true
        }))
    }
}
