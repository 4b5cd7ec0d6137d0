//! OAuth tokens that expire. Documented: Zendesk's OAuth tokens can have a lifetime, and the answer
//! to an expired one.

use std::time::Duration;

use zendesk_availability_emulator::config::{AuthMode, SettingsPatch};
use zendesk_availability_emulator::seed::Seed;

use crate::harness::{Account, Ask};

const SEED: &str = "
users:
  - { id: 1, name: Admin, email: admin@example.com, role: admin }
  - { id: 2, name: Agent, email: agent@example.com, role: agent }
api_tokens: [{ token: demo-api-token }]
oauth_tokens:
  - { token: short, user_id: 2, expires_at: 2026-01-21T10:30:05.5Z }
  - { token: long, user_id: 2 }
agents: [{ id: 1 }, { id: 2 }]
";

/// After it has expired by the account's clock, a token is unknown, and a hint says why.
/// Documented: the body says `invalid_token`.
#[test]
fn an_expired_token_is_unknown() {
    let account = Account::seeded(SEED);
    let me = |token: &str| account.send(&Ask::get("/me").bearer(token));
    assert_eq!(me("short").status, 200);
    account.advance(Duration::from_nanos(5_499_999_999));
    assert_eq!(me("short").status, 200, "the last nanosecond");
    account.advance(Duration::from_nanos(1));
    for ask in [
        Ask::get("/me").bearer("short"),
        Ask::get("/me?access_token=short").anonymous(),
    ] {
        let refused = account.send(&ask);
        assert_eq!(refused.status, 401);
        let (body, challenge) = super::invalid_token();
        assert_eq!(
            (refused.json(), refused.header("www-authenticate")),
            (body, Some(challenge))
        );
        assert!(
            refused.hint().contains("this OAuth token has expired"),
            "{}",
            refused.hint()
        );
    }
    assert_eq!(me("long").status, 200);
    assert!(!me("another").hint().contains("expired"));
}

/// Where every credential is accepted, this one still names its user.
#[test]
fn auth_any_accepts_an_expired_token() {
    let seed = Seed::parse(SEED).expect("a seed");
    let settings = SettingsPatch::new().auth(AuthMode::Any);
    let account = Account::with(|builder| builder.seed(seed).settings(settings));
    account.advance(Duration::from_mins(1));
    assert_eq!(
        account
            .send(&Ask::get("/me").bearer("short"))
            .at("/data/attributes/agent_id"),
        2
    );
    assert_eq!(account.send(&Ask::get("/1").bearer("short")).status, 403);
}
