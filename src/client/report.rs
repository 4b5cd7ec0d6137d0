//! The report: how clients behaved.

use super::account::Account;
use super::error::ClientError;
use crate::wire::report::Report;

impl Account {
    /// How the clients of the account behaved, as far as the journal goes back.
    pub fn report(&self) -> Result<Report, ClientError> {
        self.get("/report")
    }
}
