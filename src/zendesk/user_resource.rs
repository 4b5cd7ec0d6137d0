//! A user as answers show it. What a seed does not say has a default, the same on every start.

use serde::Serialize;

use super::error::ApiError;
use super::request::api_request::ApiRequest;
use crate::world::{Role, User, UserId};

/// When users, groups and memberships were made.
pub(super) const CREATED_AT: &str = "2020-01-01T00:00:00Z";

#[derive(Serialize)]
#[expect(clippy::struct_excessive_bools, reason = "Zendesk's users have them")]
pub(super) struct UserResource {
    id: u64,
    url: String,
    name: String,
    email: String,
    created_at: &'static str,
    updated_at: &'static str,
    time_zone: &'static str,
    iana_time_zone: &'static str,
    phone: Option<String>,
    shared_phone_number: Option<bool>,
    photo: Option<()>,
    locale_id: u64,
    locale: &'static str,
    organization_id: Option<u64>,
    role: &'static str,
    verified: bool,
    external_id: Option<String>,
    tags: Vec<String>,
    alias: Option<String>,
    active: bool,
    shared: bool,
    shared_agent: bool,
    last_login_at: Option<String>,
    two_factor_auth_enabled: Option<bool>,
    signature: Option<String>,
    details: Option<String>,
    notes: Option<String>,
    role_type: Option<u8>,
    custom_role_id: Option<u64>,
    is_billing_admin: bool,
    moderator: bool,
    ticket_restriction: Option<&'static str>,
    only_private_comments: bool,
    restricted_agent: bool,
    suspended: bool,
    default_group_id: Option<u64>,
    report_csv: bool,
    user_fields: NoFields,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) result_type: Option<&'static str>,
}

/// An empty object.
#[derive(Serialize)]
struct NoFields {}

/// The word for a role.
pub(super) fn role_word(role: Role) -> &'static str {
    match role {
        Role::Admin => "admin",
        Role::Agent | Role::LightAgent => "agent",
        Role::EndUser => "end-user",
    }
}

/// The roles that a word stands for.
pub(super) fn roles_of(word: &str) -> Option<Vec<Role>> {
    let roles = Role::ALL.iter().copied();
    let roles: Vec<_> = roles.filter(|role| role_word(*role) == word).collect();
    (!roles.is_empty()).then_some(roles)
}

impl UserResource {
    pub(super) fn new(request: &ApiRequest, user: &User) -> Result<Self, ApiError> {
        let User {
            id,
            name,
            email,
            role,
            external_id,
            phone,
            active,
            suspended,
            tags,
            ..
        } = user.clone();
        let agent = request.world().record(id.as_agent());
        let default_group = agent.and_then(|agent| agent.groups()?.next());
        Ok(Self {
            id: id.0,
            url: request.api_url(&format!("/users/{}.json", id.0))?,
            name,
            email,
            created_at: CREATED_AT,
            updated_at: CREATED_AT,
            time_zone: "UTC",
            iana_time_zone: "Etc/UTC",
            phone,
            shared_phone_number: None,
            photo: None,
            locale_id: 1,
            locale: "en-US",
            organization_id: None,
            role: role_word(role),
            verified: true,
            external_id,
            tags,
            alias: None,
            active,
            shared: false,
            shared_agent: false,
            last_login_at: None,
            two_factor_auth_enabled: None,
            signature: None,
            details: None,
            notes: None,
            role_type: match role {
                Role::Admin => Some(4),
                Role::Agent => Some(0),
                Role::LightAgent => Some(1),
                Role::EndUser => None,
            },
            custom_role_id: None,
            is_billing_admin: false,
            moderator: role == Role::Admin,
            ticket_restriction: (role == Role::EndUser).then_some("requested"),
            only_private_comments: role == Role::LightAgent,
            restricted_agent: !role.has_availability(),
            suspended,
            default_group_id: default_group.map(|group| group.0),
            report_csv: role == Role::Admin,
            user_fields: NoFields {},
            result_type: None,
        })
    }

    /// The users with these ids, without those that have been removed meanwhile.
    pub(super) fn of_ids(
        request: &ApiRequest,
        ids: impl IntoIterator<Item = UserId>,
    ) -> Result<Vec<Self>, ApiError> {
        let directory = &request.context.directory;
        ids.into_iter()
            .filter_map(|id| request.world().user_in(directory, id))
            .map(|user| Self::new(request, &user))
            .collect()
    }
}
