//! The control API from Rust. Zendesk has no such API, so every test is assumed.
//!
//! Tests of the calls themselves go over HTTP and are elsewhere. These tests show that a method
//! makes the call that it is named after, in process and over HTTP, and reads the whole answer.

mod accounts;
mod agents;
mod clock;
mod durations;
mod events;
mod faults;
mod journal;
mod operations;
mod recorder;
mod statuses;
mod tokens;
mod words;

use axum::body::{Body, Bytes};
use axum::http::header::{AUTHORIZATION, HOST};
use axum::http::{Request, request};
use http_body_util::{BodyExt, Collected};
use serde_json::Value;
use tower::ServiceExt;
use zendesk_availability_emulator::client::{Client, ClientError, NewAccount, TemporaryAccount};
use zendesk_availability_emulator::clock::Clock;
use zendesk_availability_emulator::config::SettingsPatch;
use zendesk_availability_emulator::{Builder, Emulator};

use crate::harness::{P, START};

fn builder() -> Builder {
    Emulator::builder().clock(Clock::frozen(START.parse().expect("a time")))
}

/// Runs the test in process and over HTTP.
fn in_both_ways(check: impl Fn(&Client)) {
    with_requests_in_both_ways(|client, _| check(client));
}

/// Runs the test in process and over HTTP, with a function that makes a GET of a path below the
/// agents in Zendesk's API, in the default account, and returns the status.
fn with_requests_in_both_ways(check: impl Fn(&Client, &dyn Fn(&str) -> u16)) {
    let emulator = builder().build().expect("valid settings");
    check(emulator.client(), &|path| get(&emulator, path));
    let emulator = builder().subdomain("desk").start().expect("a port");
    let client = Emulator::connect(&emulator.url(), None).expect("it runs");
    check(&client, &|path| get(&emulator, path));
}

/// A GET by the demo's admin.
fn get(emulator: &Emulator, path: &str) -> u16 {
    send(emulator, Request::get(format!("{P}{path}")), "")
}

/// A PUT by the demo's admin.
fn put(emulator: &Emulator, path: &str, body: &'static str) -> u16 {
    send(emulator, Request::put(format!("{P}{path}")), body)
}

fn send(emulator: &Emulator, request: request::Builder, body: &'static str) -> u16 {
    let request = request.header(AUTHORIZATION, "Bearer demo-oauth-admin");
    answer(emulator, request, body).0
}

/// The status of the answer and its body, which is empty if a fault has damaged it.
fn answer(emulator: &Emulator, request: request::Builder, body: &'static str) -> (u16, Bytes) {
    let request = request.header(HOST, "localhost").body(Body::from(body));
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let response = emulator.router().oneshot(request.expect("a request")).await;
        let (head, body) = response.expect("the service is infallible").into_parts();
        let body = body.collect().await.map(Collected::to_bytes);
        (head.status.as_u16(), body.unwrap_or_default())
    })
}

fn account(client: &Client, settings: SettingsPatch) -> TemporaryAccount {
    client
        .create_account(&NewAccount::new().settings(settings))
        .expect("a free name")
}

fn refusal(refused: &ClientError) -> (u16, &str) {
    let refusal = refused
        .refusal()
        .unwrap_or_else(|| panic!("no refusal: {refused}"));
    (refusal.status, &refusal.error)
}

/// The answer of the control API at a path of the default account.
fn show(emulator: &Emulator, path: &str) -> Value {
    let target = format!(
        "/_emulator/accounts/{}{path}",
        emulator.default_account().subdomain()
    );
    let (_, body) = answer(emulator, Request::get(target), "");
    serde_json::from_slice(&body).expect("JSON")
}
