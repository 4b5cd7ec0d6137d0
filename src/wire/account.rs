//! Accounts.

use serde::{Deserialize, Serialize};

use crate::config::Settings;

/// An account.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccountDocument {
    /// Its subdomain.
    pub subdomain: String,
    /// Whether requests that name no account are for this one.
    pub default: bool,
    /// Its number, by which its events name it.
    pub account_id: u64,
    /// Its settings as they are now.
    pub settings: Settings,
    /// An admin to sign in as, if there is an admin and an API token.
    pub credentials: Option<Credentials>,
    /// An admin and a plain agent to sign in as, each with everything that they sign in with.
    pub logins: Logins,
    /// The first OAuth client with a secret, if there is one.
    pub oauth_client: Option<ClientCredentials>,
    /// Where clients reach it.
    pub urls: AccountUrls,
}

/// Where clients reach an account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AccountUrls {
    /// By its own host, where names below `localhost` resolve.
    pub host: String,
    /// By path, which works everywhere.
    pub path: String,
}

/// The answer that lists accounts.
#[derive(Debug, Serialize, Deserialize)]
pub(crate) struct AccountList {
    pub(crate) accounts: Vec<AccountDocument>,
}

/// What a client signs in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Credentials {
    /// The e-mail address of an admin.
    pub email: String,
    /// An API token of the account.
    pub api_token: String,
}

/// What an OAuth client asks for tokens with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct ClientCredentials {
    /// Its identifier.
    pub client_id: String,
    /// Its secret.
    pub client_secret: String,
}

/// Two users to sign in as.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Logins {
    /// The admin with the lowest id. Admins who are agents come first, because `/me` answers them.
    pub admin: Option<Login>,
    /// A plain agent, found in the same way.
    pub agent: Option<Login>,
}

/// A user, and everything that it signs in with.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Login {
    /// The id of the user.
    pub user_id: u64,
    /// The e-mail address.
    pub email: String,
    /// The password, if the user has one.
    pub password: Option<String>,
    /// An API token, if the account has one.
    pub api_token: Option<String>,
    /// An OAuth token of the user that may read and write and does not expire, if there is one.
    pub oauth_token: Option<String>,
    /// A value for the header `Authorization`: with the first there is of API token, OAuth token
    /// and password.
    pub authorization: Option<String>,
}
