//! The accounts of a server, by subdomain.

use std::sync::Arc;

use dashmap::DashMap;
use foldhash::fast::RandomState;

use super::Account;

/// The accounts of a server. Empty until the default account has been seeded.
#[derive(Debug)]
pub(crate) struct Registry {
    accounts: DashMap<String, Arc<Account>, RandomState>,
    default_subdomain: String,
}

impl Registry {
    pub(crate) fn new(default_subdomain: String) -> Self {
        Self { accounts: DashMap::default(), default_subdomain }
    }

    /// Adds an account, or replaces the one with its subdomain.
    pub(crate) fn insert(&self, account: Arc<Account>) {
        self.accounts.insert(account.subdomain.clone(), account);
    }

    /// The account of requests that name no other.
    pub(crate) fn default_account(&self) -> Option<Arc<Account>> {
        self.accounts.get(&self.default_subdomain).map(|account| Arc::clone(&account))
    }
}
