//! The groups of an account.

use super::account::Account;
use super::error::ClientError;
use crate::wire::group::{GroupDocument, GroupList};

impl Account {
    /// All groups, by id.
    pub fn groups(&self) -> Result<Vec<GroupDocument>, ClientError> {
        let list: GroupList = self.get("/groups")?;
        Ok(list.groups)
    }
}
