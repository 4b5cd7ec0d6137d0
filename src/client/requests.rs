//! The journal: the requests of clients.

use axum::http::Method;

use super::account::Account;
use super::criteria::{criteria, parameters};
use super::error::ClientError;
use crate::wire::criteria::Criteria;
use crate::wire::journal::Journal;

/// A filter for the requests of a journal.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct RequestFilter {
    criteria: Criteria,
    after: Option<u64>,
    limit: Option<u32>,
}

impl RequestFilter {
    criteria!(criteria and status);

    /// Only requests after the one with this number.
    #[must_use]
    pub fn after(mut self, sequence: u64) -> Self {
        self.after = Some(sequence);
        self
    }

    /// At most this many, up to 10,000. Default: 1,000.
    #[must_use]
    pub fn limit(mut self, requests: u32) -> Self {
        self.limit = Some(requests);
        self
    }

    fn query(&self) -> String {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(parameters(&self.criteria));
        query.extend_pairs(self.after.map(|after| ("after", after.to_string())));
        query.extend_pairs(self.limit.map(|limit| ("limit", limit.to_string())));
        query.finish()
    }
}

impl Account {
    /// The requests in the journal.
    pub fn requests(&self, filter: &RequestFilter) -> Result<Journal, ClientError> {
        self.get(&format!("/requests?{}", filter.query()))
    }

    /// Drops the requests so far. The numbers go on.
    pub fn clear_requests(&self) -> Result<(), ClientError> {
        self.tell(self.call(Method::DELETE, "/requests"))
    }
}
