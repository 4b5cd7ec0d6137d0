//! That the document's grades are these, wherever they could differ.

use super::object;
use crate::harness::{P, document};

/// Names with this grade, of one kind of component.
type Graded = (&'static str, &'static str, &'static [&'static str]);

const GRADES: &[Graded] = &[
    (
        "securitySchemes",
        "documented",
        &["basicAuth", "bearerAuth"],
    ),
    ("securitySchemes", "observed", &["accessToken"]),
    (
        "parameters",
        "documented",
        &[
            "AgentId",
            "AgentPageAfter",
            "AgentPageBefore",
            "AssigneePageAfter",
            "AssigneePageBefore",
            "AssigneePageSize",
            "Channel",
            "ClientIdentifier",
            "CodeChallenge",
            "CodeChallengeMethod",
            "FilterAgentId",
            "FilterAgentStatusId",
            "FilterAgentStatusName",
            "FilterAssigneeIds",
            "FilterChannelStatus",
            "FilterGroupId",
            "FilterRemainingCapacity",
            "FilterSkill",
            "FilterWorkItemsCount",
            "GroupId",
            "Ids",
            "JobId",
            "OauthClientId",
            "OauthTokenId",
            "OauthTokensOfAll",
            "OauthTokensOfClient",
            "OauthTokensOfGlobalClient",
            "OffsetPage",
            "PageSize",
            "PerPage",
            "RecordsPageAfter",
            "RecordsPageBefore",
            "RecordsPageSize",
            "RedirectUri",
            "ResponseType",
            "RuleId",
            "Scope",
            "SearchPageNumber",
            "SearchQuery",
            "SelectChannel",
            "State",
            "StatusPageAfter",
            "StatusPageBefore",
            "TalkAgentId",
            "TalkAgentIds",
            "TalkGroupIds",
            "UserExternalId",
            "UserId",
            "UserIds",
            "UserRole",
            "UserRoles",
            "WorkItemPageAfter",
            "WorkItemPageBefore",
            "WorkItemSort",
            "ZendeskApiVersion",
        ],
    ),
    (
        "parameters",
        "observed",
        &["FilterSelectChannel", "Include"],
    ),
    (
        "parameters",
        "assumed",
        &[
            "FilterAgentIds",
            "FilterAgentStatusIds",
            "FilterGroupIds",
            "FilterSkillId",
            "FilterSkillIds",
            "XOnBehalfOf",
        ],
    ),
    (
        "requestBodies",
        "documented",
        &[
            "GrantRequest",
            "NewOauthClient",
            "OauthClientChanges",
            "OauthTokenRequest",
            "StatusChoice",
            "TalkUpdate",
        ],
    ),
    ("requestBodies", "assumed", &["AuthorizationDecision"]),
    (
        "headers",
        "documented",
        &[
            "AccessControlAllowOrigin",
            "AuthorizationLocation",
            "RetryAfter",
            "XRateLimit",
            "XRateLimitRemaining",
        ],
    ),
    ("headers", "observed", &["WwwAuthenticate"]),
    (
        "headers",
        "assumed",
        &[
            "AccessControlAllowHeaders",
            "AccessControlAllowMethods",
            "AccessControlMaxAge",
            "ClientChallenge",
            "NoStore",
            "Pragma",
            "Allow",
            "ContentLength",
            "ContentSecurityPolicy",
            "Date",
            "RatelimitLimit",
            "RatelimitRemaining",
            "RatelimitReset",
            "ReferrerPolicy",
            "XContentTypeOptions",
            "XEmulatorHint",
            "XRequestId",
            "XZendeskApiVersion",
            "XZendeskRequestId",
        ],
    ),
];

/// Schemas and headers of this grade.
const SCHEMAS: &[(&str, &[&str])] = &[
    (
        "documented",
        &[
            "InvalidToken",
            "RateLimitText",
            "StatusChoice",
            "StatusCursor",
            "TooManyJobsBody",
        ],
    ),
    (
        "documented",
        &[
            "IdList",
            "SkillIdList",
            "SkillObjects",
            "StatusReason",
            "WorkItemReason",
            "Ulid",
        ],
    ),
    (
        "documented",
        &[
            "AgentStatusList",
            "JobStatusDocument",
            "MicrosecondTime",
            "SecondTime",
            "AbsoluteUrl",
        ],
    ),
    (
        "observed",
        &[
            "InvalidEndpointBody",
            "NotAuthenticated",
            "RateLimitBody",
            "RoleForbidden",
            "ScopeForbidden",
        ],
    ),
    (
        "observed",
        &[
            "AgentStatusListFlat",
            "Id",
            "JobQueuedDocument",
            "NextFollowsHasMore",
        ],
    ),
    (
        "assumed",
        &[
            "ApiError",
            "BadRequestBody",
            "RecordNotFoundBody",
            "RoutingDisabledBody",
            "UnprocessableBody",
        ],
    ),
    (
        "assumed",
        &[
            "MethodNotAllowedBody",
            "PayloadTooLargeBody",
            "UnsupportedMediaTypeBody",
        ],
    ),
    (
        "assumed",
        &["CursorsFollowData", "JobFailure", "JobSuccess", "SkillIds"],
    ),
];

/// Documented, observed and assumed, each as in these tables, which have every parameter,
/// header and scheme.
#[test]
fn grades_are_those_of_the_tables() {
    let components = &document()["components"];
    for (kind, grade, names) in GRADES {
        for name in *names {
            assert_eq!(
                components[kind][name]["x-evidence"], *grade,
                "{kind}/{name}"
            );
        }
    }
    for (grade, names) in SCHEMAS {
        for name in *names {
            assert_eq!(
                components["schemas"][name]["x-evidence"], *grade,
                "schemas/{name}"
            );
        }
    }
    for kind in ["securitySchemes", "parameters", "requestBodies", "headers"] {
        for (name, _) in object(&components[kind]) {
            let is_named = |(of, _, names): &&Graded| *of == kind && names.contains(&name);
            assert_eq!(GRADES.iter().filter(is_named).count(), 1, "{kind}/{name}");
        }
    }
}

/// Documented: each of the eleven operations of the two APIs exists, and so does each of the
/// Ticketing API that is here.
#[test]
fn all_operations_are_documented() {
    let of_zendesk = super::operations()
        .into_iter()
        .filter(|operation| operation.path.starts_with("/api/v2/"));
    let (of_availability, of_ticketing): (Vec<_>, Vec<_>) =
        of_zendesk.partition(|operation| operation.path.starts_with(P));
    assert_eq!(of_availability.len(), 11);
    for operation in of_availability.iter().chain(&of_ticketing) {
        assert_eq!(
            operation.value["x-evidence"],
            "documented",
            "{}",
            operation.id()
        );
    }
}
