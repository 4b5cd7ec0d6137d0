//! The settings of the account, as far as they are here.
//!
//! <https://developer.zendesk.com/api-reference/ticketing/account-configuration/account_settings/>

use axum::response::Response;
use serde::Serialize;

use super::error::ApiError;
use super::request::api_request::ApiRequest;
use super::response;

#[derive(Serialize)]
struct SettingsDocument {
    settings: AccountSettings,
}

#[derive(Serialize)]
struct AccountSettings {
    agents: AgentSettings,
}

#[derive(Serialize)]
struct AgentSettings {
    agent_workspace: bool,
    unified_agent_statuses: bool,
}

/// `GET /api/v2/account/settings`
pub(crate) async fn show_account_settings(mut request: ApiRequest) -> Result<Response, ApiError> {
    request.finish_query()?;
    let agents = AgentSettings {
        agent_workspace: true,
        unified_agent_statuses: request.world().routing().on,
    };
    let settings = AccountSettings { agents };
    Ok(response::ok(&SettingsDocument { settings }))
}
