//! A whole account as one document.

use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::account::Account;
use super::error::ClientError;

/// A whole account as a document, which is also a seed: see `openapi/seed.schema.json`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct SnapshotDocument(pub Value);

impl Account {
    /// Everything that the account holds at one instant.
    pub fn snapshot(&self) -> Result<SnapshotDocument, ClientError> {
        self.get("/snapshot")
    }

    /// Replaces everything in the account, in one write.
    pub fn replace_snapshot(
        &self,
        snapshot: &SnapshotDocument,
    ) -> Result<SnapshotDocument, ClientError> {
        self.put("/snapshot", snapshot)
    }

    /// Changes the account by a JSON merge patch of its snapshot, in one write.
    pub fn update_snapshot(&self, patch: &Value) -> Result<SnapshotDocument, ClientError> {
        self.patch("/snapshot", patch)
    }
}
