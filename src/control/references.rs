//! What documents of agents and of unified statuses can refer to.

use std::sync::Arc;

use crate::account::Account;
use crate::seed::KnownToWorld;
use crate::world::{Directory, StatusCatalog};

/// What there is to refer to at one instant.
pub(super) struct References {
    directory: Arc<Directory>,
    pub(super) statuses: StatusCatalog,
}

impl References {
    pub(super) fn of(account: &Account) -> Self {
        Self {
            directory: account.world.directory(),
            statuses: account.world.catalog(),
        }
    }

    pub(super) fn known(&self) -> KnownToWorld<'_> {
        KnownToWorld {
            directory: &self.directory,
            statuses: &self.statuses,
        }
    }
}
