//! `seed check`.

use zendesk_availability_emulator::seed::DEMO;

use super::{File, refused, run, run_with_input};

/// The lines about a seed that is wrong, without the name of its file.
fn problems_of(bad: &File) -> Vec<String> {
    let checked = run(&["seed", "check", bad.path()], &[]);
    assert_eq!(checked.code, Some(2));
    checked
        .stderr
        .lines()
        .map(|line| line.rsplit_once(".yaml: ").expect("the file").1.to_owned())
        .collect()
}

/// `seed check` names every problem, each on a line with its place.
#[test]
fn seed_check_lists_every_problem() {
    let good = File::new("good.yaml", DEMO);
    let checked = run(&["seed", "check", good.path()], &[]);
    assert_eq!(
        (checked.code, checked.stdout.contains("is a valid seed")),
        (Some(0), true),
        "{}",
        checked.stderr
    );

    let bad = File::new(
        "bad.yaml",
        "agents:\n  - { id: 1, version: 0 }\n  - { id: 1, channels: { fax: {} } }\n",
    );
    let lines = problems_of(&bad);
    assert_eq!(
        lines,
        [
            "agents[0].version: expected a whole number from 1 to 18446744073709551615, found 0",
            "agents[1].id: agent 1 is there twice",
            "agents[1].channels: unknown channel \"fax\", expected one of chat, messaging, support, talk",
        ]
    );
}

/// By design: if there are more than a hundred problems, the first hundred are named, and all are
/// counted.
#[test]
fn seed_check_names_a_hundred_problems() {
    let bad = File::new(
        "worse.yaml",
        &format!("agents: [{}]", vec!["1"; 250].join(", ")),
    );
    let lines = problems_of(&bad);
    assert_eq!(
        (lines.len(), &*lines[99]),
        (101, "agents[99]: expected an object, found 1")
    );
    assert_eq!(lines[100], "and 150 more problems, 250 in all");
}

/// By design: `-` is standard input. Its problems have a place as well.
#[test]
fn seed_check_reads_standard_input() {
    let good = run_with_input(&["seed", "check", "-"], &[], DEMO);
    assert_eq!(
        (good.code, good.stdout.as_str(), good.stderr.as_str()),
        (Some(0), "standard input is a valid seed\n", "")
    );
    let bad = run_with_input(
        &["seed", "check", "-"],
        &[],
        "agents: [{ id: 1, version: 0 }]",
    );
    refused(&bad, "error: standard input: agents[0].version: ");
}

/// By design: a seed with which every call is a 401 is valid, and a warning says so.
#[test]
fn seed_check_warns_of_a_seed_without_a_login() {
    let admin = "users: [{ id: 1, name: A, email: a@example.com, role: admin }]\n";
    let light =
        "users: [{ id: 1, name: A, email: a@example.com, role: light_agent, password: p }]\n";
    let with_password =
        "users: [{ id: 1, name: A, email: a@example.com, role: agent, password: p }]\n";
    for (seed, lets_in) in [
        ("agents: []\n".to_owned(), false),
        (admin.to_owned(), false),
        ("api_tokens: [{ token: t }]\n".to_owned(), false),
        (light.to_owned(), false),
        (
            format!(
                "{light}api_tokens: [{{ token: t }}]\noauth_tokens: [{{ token: o, user_id: 1 }}]\n"
            ),
            false,
        ),
        (
            format!(
                "{admin}oauth_tokens: [{{ token: t, user_id: 1, expires_at: 2020-01-01T00:00:00Z }}]\n"
            ),
            false,
        ),
        (
            format!("{admin}oauth_tokens: [{{ token: t, user_id: 1 }}]\n"),
            true,
        ),
        (format!("{admin}api_tokens: [{{ token: t }}]\n"), true),
        (
            format!("{admin}api_tokens: [{{ token: t, active: false }}]\n"),
            false,
        ),
        (
            format!("{admin}oauth_tokens: [{{ token: t, user_id: 1, expires_in: 30m }}]\n"),
            true,
        ),
        // A refresh token is as good.
        (
            format!(
                "{admin}oauth_tokens: [{{ token: t, user_id: 1, expires_at: 2020-01-01T00:00:00Z, refresh_token: r }}]\n"
            ),
            true,
        ),
        // A client acts as its user, or asks a user.
        (
            format!("{admin}oauth_clients: [{{ id: 1, identifier: c, secret: s, user_id: 1 }}]\n"),
            true,
        ),
        (
            format!("{light}oauth_clients: [{{ id: 1, identifier: c, secret: s, user_id: 1 }}]\n"),
            false,
        ),
        (
            format!(
                "{admin}oauth_clients: [{{ id: 1, identifier: c, kind: public, user_id: 1 }}]\n"
            ),
            false,
        ),
        (
            format!(
                "{admin}oauth_clients: [{{ id: 1, identifier: c, kind: public, user_id: 1, redirect_uri: ['https://a'] }}]\n"
            ),
            true,
        ),
        (with_password.to_owned(), true),
        ("settings: { auth: any }\n".to_owned(), true),
        (format!("{admin}settings: {{ auth: strict }}\n"), false),
    ] {
        let checked = run_with_input(&["seed", "check", "-"], &[], &seed);
        assert_eq!(
            (checked.code, checked.stdout.as_str()),
            (Some(0), "standard input is a valid seed\n"),
            "{seed}"
        );
        let warning = "warning: standard input: no admin or agent can sign in";
        assert_eq!(
            (
                checked.stderr.starts_with(warning),
                checked.stderr.is_empty()
            ),
            (!lets_in, lets_in),
            "{seed}"
        );
    }
}
