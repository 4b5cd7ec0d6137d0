//! Requests that no client should send, with parts of good ones among them so that they get far
//! enough.

use axum::http::{Method, Uri};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::sample::select;

use crate::harness::P;
use crate::property;

/// One of several texts, written with ` ~ ` between them.
fn one_of(texts: &'static str) -> impl Strategy<Value = &'static str> + Clone {
    let texts = texts.split(" ~ ").map(str::trim_start);
    select(
        texts
            .map(|text| if text == "(nothing)" { "" } else { text })
            .collect::<Vec<_>>(),
    )
}

fn text(texts: &'static str) -> impl Strategy<Value = String> + Clone {
    one_of(texts).prop_map(str::to_owned)
}

fn encoded() -> impl Strategy<Value = String> {
    vec(any::<u8>(), 0..10).prop_map(|bytes| property::encoded(&bytes))
}

pub(super) fn methods() -> impl Strategy<Value = Method> {
    let other =
        one_of("HEAD ~ POST ~ DELETE ~ PATCH ~ OPTIONS ~ TRACE ~ CONNECT ~ BREW ~ get ~ M-SEARCH");
    let method = prop_oneof![4 => Just("GET"), 3 => Just("PUT"), 2 => other];
    method.prop_map(|name| Method::from_bytes(name.as_bytes()).expect("a method"))
}

/// A documented route with ids that exist.
pub(super) fn routes() -> impl Strategy<Value = (Method, String)> {
    let read = one_of(
        "(nothing) ~ /10011 ~ /me ~ /10011/channels/messaging/relationships/work_items ~ \
         /me/channels/support/relationships/work_items ~ /agent_statuses ~ /agent_statuses/me ~ \
         /agent_statuses/job_statuses/0",
    );
    let own = one_of("healthz ~ readyz ~ openapi.json ~ openapi.yaml");
    let write = one_of("10011 ~ me ~ update_many");
    let read = prop_oneof![
        8 => read.prop_map(|path| format!("{P}{path}")),
        1 => own.prop_map(|path| format!("/_emulator/{path}")),
    ];
    let reader = prop_oneof![3 => Just(Method::GET), 1 => Just(Method::HEAD)];
    let write = write.prop_map(|path| (Method::PUT, format!("{P}/agent_statuses/agents/{path}")));
    prop_oneof![(reader, read), write]
}

/// Paths that a request line can hold.
pub(super) fn paths() -> impl Strategy<Value = String> {
    let start = prop_oneof![
        8 => Just(P),
        4 => one_of("(nothing) ~ /api/v2 ~ /_emulator ~ //api/v2/agent_availabilities"),
        1 => Just("/api/v2/agent_availabilities/agent_statuses/agents"),
    ];
    let end = prop_oneof![
        2 => Just(""),
        3 => one_of("/ ~ // ~ .json ~ .json/ ~ /.json ~ .json.json ~ %2ejson ~ # ~ ;x=1"),
    ];
    let whole = (start, vec(segment(), 0..6), end).prop_map(|(start, segments, end)| {
        format!(
            "{start}{}{end}",
            segments
                .iter()
                .fold(String::new(), |path, it| path + "/" + it)
        )
    });
    whole.prop_filter("no target of a request", |path| {
        path.starts_with('/') && path.parse::<Uri>().is_ok()
    })
}

fn segment() -> impl Strategy<Value = String> {
    prop_oneof![
        5 => text(
            "me ~ ME ~ 10011 ~ 10019 ~ 10001 ~ agent_statuses ~ agents ~ update_many ~ job_statuses ~ channels ~ \
             messaging ~ support ~ fax ~ relationships ~ work_items ~ healthz ~ openapi.json ~ me.json"
        ),
        3 => text(
            "(nothing) ~ . ~ .. ~ 0 ~ -1 ~ +1 ~ 1.0 ~ 1e3 ~ 00010011 ~ 18446744073709551615 ~ 18446744073709551616 ~ \
             %00 ~ %FF ~ %2F ~ %2e%2e ~ % ~ %f ~ %zz ~ %31%30%30%31%31 ~ %6d%65 ~ ä ~ {agent_id} ~ * ~ :id ~ | ~ \" ~ \
             10011|channels"
        ),
        1 => encoded(),
        1 => "[!-~]{0,12}",
        1 => "[0-9]{1,400}",
    ]
}

pub(super) fn queries() -> impl Strategy<Value = String> {
    let name = prop_oneof![
        6 => text(
            "filter[channel_status] ~ filter[agent_status_id] ~ filter[agent_status_ids] ~ filter[agent_id] ~ \
             filter[agent_ids] ~ filter[group_id] ~ filter[group_ids] ~ filter[skill_id] ~ filter[skill_ids] ~ \
             filter[remaining_capacity] ~ select_channel ~ filter[select_channel] ~ include ~ page[size] ~ \
             page[after] ~ page[before] ~ page ~ per_page ~ ids ~ access_token ~ filter[] ~ page[] ~ filter ~ (nothing)"
        ),
        2 => text(
            "filter%5Bchannel_status%5D ~ filter%5bagent_id%5d ~ page%5Bsize%5D ~ page%5Bafter%5D ~ page[before%5D ~ \
             %69ds"
        ),
        1 => encoded(),
    ];
    let value = prop_oneof![
        4 => text(
            "messaging:online ~ support:away,talk:offline ~ messaging:1 ~ 3 ~ 1,42 ~ 10011,10012 ~ messaging ~ end ~ \
             2 ~ 100 ~ 203 ~ Mjpvbm ~ 1ae11c11-9993-49f8-9850-c2dc096badd1 ~ demo-oauth-agent ~ demo-oauth-read"
        ),
        4 => text(
            "(nothing) ~ , ~ ,,1,, ~ : ~ messaging: ~ :online ~ messaging:online:1 ~ fax:online ~ messaging:busy ~ \
             -1 ~ 0 ~ 101 ~ 1.5 ~ 1e3 ~ +1 ~ %2B1 ~ 18446744073709551615 ~ 18446744073709551616 ~ messaging:-1 ~ \
             messaging:18446744073709551616 ~ %00 ~ %FF%FE ~ % ~ %2 ~ %zz ~ null ~ true ~ [] ~ a=b=c ~ %0d%0aX:1 ~ \
             %E2%80%AE ~ \"'` ~ END"
        ),
        1 => encoded(),
        1 => "[0-9]{1,400}",
        1 => "[!$-~]{0,12}",
        1 => (1..9_000_usize).prop_map(|length| "1,".repeat(length)),
    ];
    let pair = (
        name,
        prop_oneof![8 => Just("="), 1 => Just(""), 1 => Just("==")],
        value,
    );
    let pair = pair.prop_map(|(name, equals, value)| {
        if equals.is_empty() {
            name
        } else {
            name + equals + &value
        }
    });
    let queries =
        (vec(pair, 0..6), one_of("& ~ & ~ & ~ ; ~ &&")).prop_map(|(pairs, and)| pairs.join(and));
    queries.prop_filter("no target of a request", |query| {
        format!("/?{query}").parse::<Uri>().is_ok()
    })
}

/// A header that replaces those of its name or is added to them.
type Header = (bool, &'static str, Vec<u8>);

pub(super) fn headers() -> impl Strategy<Value = Vec<Header>> {
    let name = one_of(
        "host ~ x-forwarded-host ~ x-forwarded-proto ~ authorization ~ accept ~ accept-encoding ~ content-type ~ \
         content-length ~ content-encoding ~ transfer-encoding ~ connection ~ upgrade ~ expect ~ te ~ cookie ~ \
         origin ~ range ~ if-none-match ~ zendesk-api-version ~ x-http-method-override ~ x-request-id",
    );
    let value = one_of(
        "(nothing) ~ localhost ~ localhost:8080 ~ localhost:99999 ~ localhost: ~ :80 ~ [::1]:80 ~ [::1 ~ a b ~ a/b ~ \
         user@host ~ a,b ~ http ~ https ~ gopher ~ * ~ */*;q=0 ~ application/json ~ application/vnd.api+json ~ \
         application/vnd.api+json; charset=utf-8 ~ APPLICATION/JSON ; x ~ text/html ~ multipart/form-data ~ ; ~ \
         Basic ~ Basic !!! ~ Basic Og== ~ Basic YTpi ~ Basic /////w== ~ \
         Basic YWRtaW5AZXhhbXBsZS5jb20vdG9rZW46ZGVtby1hcGktdG9rZW4 ~ \
         basic  YWdlbnRAZXhhbXBsZS5jb206ZGVtby1wYXNzd29yZA== ~ Bearer ~ Bearer demo-oauth-agent ~ \
         BEARER demo-oauth-read ~ Digest x ~ 0 ~ -1 ~ 1048577 ~ 18446744073709551616 ~ 100-continue ~ gzip ~ chunked ~ \
         close ~ bytes=0-1 ~ DELETE",
    );
    let value = prop_oneof![
        6 => value.prop_map(|value| value.as_bytes().to_vec()),
        2 => vec(prop_oneof![0x20..=0x7e_u8, 0x80..=0xff_u8, Just(b'\t')], 0..24),
        1 => (one_of("a ~ ä"), 0..40_000_usize).prop_map(|(letter, length)| letter.repeat(length).into_bytes()),
    ];
    vec((any::<bool>(), name, value), 0..5)
}

pub(super) fn bodies() -> impl Strategy<Value = Vec<u8>> {
    let id = || {
        prop_oneof![
            2 => text("2 ~ 3 ~ 4 ~ 5 ~ 123 ~ 124"),
            2 => text(
                "(nothing) ~ -1 ~ 0 ~ 4.0 ~ 1e3 ~ 1e400 ~ 18446744073709551616 ~ null ~ true ~ \"4\" ~ [4] ~ {} ~ NaN"
            ),
            1 => "[0-9]{1,400}",
        ]
    };
    let member = prop_oneof![
        4 => id().prop_map(|id| format!("\"id\":{id}")),
        1 => ("\"[a-zA-Z~/_\\x00-\\x1fä]{0,8}\"", id()).prop_map(|(name, value)| format!("{name}:{value}")),
        1 => text(
            r#""Id":4 ~ "reason":"X" ~ "a/b~c":1 ~ "\u0000":1 ~ "\ud800":1 ~ id:4 ~ 'id':4"#
        ),
    ];
    let object =
        vec(member, 0..4).prop_map(|members| format!("{{{}}}", members.join(",")).into_bytes());
    let deep = (1..300_usize, one_of(r#"[ ~ {"id": ~ [{"a":"#));
    let other = one_of(
        "(nothing) ~ null ~ [] ~ 4 ~ \"id\" ~ id=4 ~ {\"id\":4}\0 ~ \u{feff}{\"id\":4} ~ {\"id\":4} x",
    );
    prop_oneof![
        6 => object,
        1 => deep.prop_map(|(depth, open)| open.repeat(depth).into_bytes()),
        1 => vec(any::<u8>(), 0..40),
        1 => other.prop_map(|text| text.as_bytes().to_vec()),
        1 => any::<String>().prop_map(String::into_bytes),
    ]
}
