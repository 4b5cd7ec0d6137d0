//! Filters that are refused or ignored.

use serde_json::json;
use zendesk_availability_emulator::config::SettingsPatch;

use super::check;
use crate::harness::{Account, elements};

/// Assumed: an unknown channel, an unknown status or a value that is not a number is a 400 that
/// lists the allowed values, at the parameter as it was spelt.
#[test]
fn a_value_that_cannot_be_is_refused_with_what_can() {
    let channels = "chat, messaging, support, talk";
    let statuses = "online, away, transfers_only, offline";
    let cases = [
        ("filter[channel_status]=fax:online", channels),
        ("filter[channel_status]=Messaging:online", channels),
        ("filter[channel_status]=:online", channels),
        ("filter[channel_status]=messaging:busy", statuses),
        ("filter[channel_status]=messaging:ONLINE", statuses),
        ("filter[channel_status]=messaging:", statuses),
        ("filter[channel_status]=messaging:online:online", statuses),
        ("filter[channel_status]=messaging:online,fax:away", channels),
        ("filter[channel_status]=messaging", "channel:status"),
        ("filter[channel_status]=online", "channel:status"),
        ("filter[agent_status_id]=online", "number"),
        ("filter[agent_status_ids]=3,away", "number"),
        ("filter[agent_id]=-1", "number"),
        ("filter[agent_id]=%2B1", "number"),
        ("filter[agent_id]=1.5", "number"),
        ("filter[agent_ids]=10011;10012", "number"),
        ("filter[agent_id]=%D9%A1", "number"),
        ("filter[agent_id]=%00", "number"),
        ("filter[agent_id]=%FF", "number"),
        ("filter[group_id]=Support", "number"),
        ("filter[group_ids]=1,,x", "number"),
        ("filter[remaining_capacity]=fax:1", channels),
        ("filter[remaining_capacity]=messaging:-1", "number"),
        ("filter[remaining_capacity]=messaging:", "number"),
        ("filter[remaining_capacity]=messaging:all", "number"),
        ("filter[remaining_capacity]=messaging", "channel:number"),
        ("filter[remaining_capacity]=3", "channel:number"),
        ("filter[work_items_count]=fax:1", channels),
        ("filter[work_items_count]=messaging:-1", "number"),
        ("filter[work_items_count]=messaging:few", "number"),
        ("filter[work_items_count]=messaging", "channel:number"),
        ("filter[work_items_count]=2", "channel:number"),
        ("select_channel=fax", channels),
        ("filter[select_channel]=messaging,talk", channels),
        ("select_channel=,", channels),
    ];
    let account = Account::demo();
    for (query, expected) in cases {
        let answer = account.get(&format!("?{query}"));
        assert_eq!(answer.status, 400, "{query}: {}", answer.text());
        let error = answer.at("/errors/0");
        assert_eq!(
            (&error["status"], &error["code"]),
            (&json!("400"), &json!("InvalidParameter")),
            "{query}"
        );
        let parameter = query.split('=').next().unwrap_or_default();
        assert_eq!(
            error["source"],
            json!({ "parameter": parameter }),
            "{query}"
        );
        let detail = error["detail"].as_str().unwrap_or_default();
        assert!(detail.contains(expected), "{query}: {detail}");
        assert_eq!(answer.errors("code").len(), 1, "{query}");
    }
}

/// Assumed: all wrong parameters are listed at once.
#[test]
fn all_wrong_parameters_are_listed_at_once() {
    let answer = Account::demo().get(
        "?filter[channel_status]=fax:online&filter[agent_id]=x&filter[group_id]=1&select_channel=email&page[size]=0",
    );
    assert_eq!(answer.status, 400);
    let errors = answer.json();
    let sources = elements(&errors["errors"])
        .iter()
        .map(|error| &error["source"]["parameter"]);
    let sources: Vec<_> = sources.collect();
    assert_eq!(
        sources,
        [
            "page[size]",
            "filter[channel_status]",
            "filter[agent_id]",
            "select_channel"
        ]
    );
}

/// Assumed: an unknown `filter[…]` name is ignored by default and refused in strict mode.
#[test]
fn an_unknown_filter_is_ignored_unless_validation_is_strict() {
    use zendesk_availability_emulator::config::Validation;
    let query = "?filter[chanel_status]=messaging:online&filter[agent_id]=10011,10013";
    for (validation, hinted) in [(Validation::Warn, true), (Validation::Off, false)] {
        let account = Account::demo_with(SettingsPatch::new().validation(validation));
        check(&account, query, &[10011, 10013]);
        let hint = account.get(query).hint().to_owned();
        assert_eq!(
            hint.contains("did you mean `filter[channel_status]`?"),
            hinted,
            "{validation:?}: {hint}"
        );
    }
    let settings = SettingsPatch::new().validation(Validation::Strict);
    let refused = Account::demo_with(settings).get(query);
    assert_eq!(refused.refusal(), "400 UnknownParameter");
    assert_eq!(
        refused.at("/errors/0/source/parameter"),
        "filter[chanel_status]"
    );
}
