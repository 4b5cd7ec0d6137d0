//! `env`.

use super::{File, refused, run};

/// By design: exports for clients, from the same flags as `serve` and without a running server.
#[test]
fn env_prints_what_a_client_needs() {
    let demo = run(&["env"], &[]);
    assert_eq!(demo.code, Some(0));
    assert_eq!(
        demo.stdout,
        "export ZENDESK_URL=http://127.0.0.1:8080\n\
         export ZENDESK_BASE_URL=http://127.0.0.1:8080\n\
         export ZENDESK_SUBDOMAIN=example\n\
         export ZENDESK_EMAIL=admin@example.com\n\
         export ZENDESK_TOKEN=demo-api-token\n\
         export ZENDESK_API_TOKEN=demo-api-token\n\
         export ZENDESK_ACCESS_TOKEN=demo-oauth-admin\n\
         export ZENDESK_CLIENT_ID=demo-app\n\
         export ZENDESK_CLIENT_SECRET=demo-app-secret\n"
    );
    let elsewhere = run(
        &[
            "env",
            "--host",
            "0.0.0.0",
            "--port",
            "9000",
            "--subdomain",
            "acme",
        ],
        &[],
    );
    assert!(
        elsewhere
            .stdout
            .contains("ZENDESK_URL=http://127.0.0.1:9000\n"),
        "{}",
        elsewhere.stdout
    );
    assert!(
        elsewhere.stdout.contains("ZENDESK_SUBDOMAIN=acme\n"),
        "{}",
        elsewhere.stdout
    );
    let public = run(
        &["env", "--public-url", "https://desk.example/zendesk/"],
        &[],
    );
    assert!(
        public
            .stdout
            .contains("ZENDESK_URL=https://desk.example/zendesk\n"),
        "{}",
        public.stdout
    );
}

/// By design: the access token belongs to an admin, has both scopes and does not expire. For a seed
/// without such a token the line is left out.
#[test]
fn env_names_an_access_token_that_can_do_everything() {
    let users = "users:\n  - { id: 1, name: A, email: a@example.com, role: admin }\n  - { id: 2, name: B, email: b@example.com, \
                 role: agent }\n  - { id: 3, name: C, email: c@example.com, role: admin }\napi_tokens: [{ token: t }]\n";
    for (name, tokens, expected) in [
        ("none", "", None),
        ("agent", "{ token: a, user_id: 2 }", None),
        (
            "read",
            "{ token: a, user_id: 1, scopes: [read, Write] }",
            None,
        ),
        (
            "short",
            "{ token: a, user_id: 1, expires_at: 2100-01-01T00:00:00Z }",
            None,
        ),
        (
            "pair",
            "{ token: a, user_id: 1, expires_in: 30m, refresh_token: r }, { token: b, user_id: 1 }",
            Some("b"),
        ),
        (
            "other",
            "{ token: a, user_id: 2 }, { token: b, user_id: 3, scopes: [write, x, read] }",
            Some("b"),
        ),
        (
            "own",
            "{ token: a, user_id: 3 }, { token: b, user_id: 1 }",
            Some("b"),
        ),
    ] {
        let seed = File::new(
            &format!("access-{name}.yaml"),
            &format!("{users}oauth_tokens: [{tokens}]\n"),
        );
        let printed = run(&["env", "--seed", seed.path()], &[]).stdout;
        let line = printed
            .lines()
            .find_map(|line| line.strip_prefix("export ZENDESK_ACCESS_TOKEN="));
        assert_eq!(line, expected, "{name}: {printed}");
        assert!(
            printed.contains("export ZENDESK_TOKEN=t\n"),
            "{name}: {printed}"
        );
    }
}

/// Values with a special meaning in a shell are quoted.
#[test]
fn env_quotes_for_the_shell() {
    let seed = File::new(
        "quoted.yaml",
        "users: [{ id: 1, name: A, email: \"o'neil $x@example.com\", role: admin }]\napi_tokens: [{ token: t }]\n",
    );
    let printed = run(&["env", "--seed", seed.path()], &[]).stdout;
    assert!(
        printed.contains(r"export ZENDESK_EMAIL='o'\''neil $x@example.com'"),
        "{printed}"
    );
}

/// Only the running server knows a port that it picked itself, unless the server wrote it to a
/// file.
#[test]
fn env_finds_a_picked_port_in_the_port_file() {
    refused(&run(&["env", "--port", "0"], &[]), "--port 0");
    let file = File::new("port", "45678\n");
    let printed = run(&["env", "--port", "0", "--port-file", file.path()], &[]).stdout;
    assert!(printed.contains(":45678\n"), "{printed}");
}

/// A seed without users, and one whose only login is a public client, have nothing to export.
#[test]
fn env_is_refused_without_a_login() {
    for (name, seed) in [
        ("nobody", "agents: []\n"),
        (
            "public",
            "users: [{ id: 1, name: A, email: a@x, role: admin }]\n\
             oauth_clients: [{ id: 1, identifier: c, kind: public, secret: s, user_id: 1 }]\n",
        ),
    ] {
        let seed = File::new(&format!("{name}.yaml"), seed);
        refused(&run(&["env", "--seed", seed.path()], &[]), "--seed");
    }
}

/// By design: the client is the first one that can keep a secret. An account without API tokens, as
/// all of Zendesk's will be, has the client alone.
#[test]
fn env_names_a_client_that_can_keep_a_secret() {
    let seed = File::new(
        "clients.yaml",
        "users: [{ id: 1, name: A, email: a@x, role: admin }]
oauth_clients:
  - { id: 3, identifier: third, secret: s3, user_id: 1 }
  - { id: 2, identifier: second, kind: unknown, secret: s2, user_id: 1 }
  - { id: 1, identifier: first, kind: public, secret: s1, user_id: 1 }
",
    );
    let printed = run(&["env", "--seed", seed.path()], &[]).stdout;
    assert_eq!(
        printed,
        "export ZENDESK_URL=http://127.0.0.1:8080\n\
         export ZENDESK_BASE_URL=http://127.0.0.1:8080\n\
         export ZENDESK_SUBDOMAIN=example\n\
         export ZENDESK_CLIENT_ID=second\n\
         export ZENDESK_CLIENT_SECRET=s2\n"
    );
}
