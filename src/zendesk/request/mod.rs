//! A request to Zendesk's API: what is known of it before its answer.

pub(crate) mod api_request;
pub(crate) mod body;
pub(crate) mod context;
pub(crate) mod credentials;
pub(crate) mod grant_request;
pub(crate) mod journal_metadata;
pub(crate) mod oauth_body;
pub(crate) mod operation;
pub(crate) mod query;
pub(crate) mod quoted_list;
pub(crate) mod talk_body;
