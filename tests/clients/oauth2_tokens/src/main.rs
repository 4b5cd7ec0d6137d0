//! A program with the `oauth2` crate: a code with PKCE, and a refresh when the token has ended.

use std::env;
use std::error::Error;
use std::thread::sleep;
use std::time::Duration;

use oauth2::basic::BasicClient;
use oauth2::reqwest::blocking::{Client, Response};
use oauth2::reqwest::redirect::Policy;
use oauth2::{
    AuthUrl, AuthorizationCode, ClientId, CsrfToken, PkceCodeChallenge, RedirectUrl, Scope,
    TokenResponse, TokenUrl,
};
use serde_json::Value;

type Result<T> = std::result::Result<T, Box<dyn Error>>;

/// A program on a user's machine cannot keep a secret: it has PKCE instead.
const CLIENT: &str = "demo-cli";
const REDIRECT: &str = "http://localhost:19187/";

fn main() -> Result<()> {
    let zendesk = env::var("ZENDESK_URL")?;
    let http = Client::builder().redirect(Policy::none()).build()?;
    let client = BasicClient::new(ClientId::new(CLIENT.to_owned()))
        .set_auth_uri(AuthUrl::new(format!("{zendesk}/oauth/authorizations/new"))?)
        .set_token_uri(TokenUrl::new(format!("{zendesk}/oauth/tokens"))?)
        .set_redirect_uri(RedirectUrl::new(REDIRECT.to_owned())?);

    let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
    let (address, state) = client
        .authorize_url(CsrfToken::new_random)
        .add_scope(Scope::new("read".to_owned()))
        .set_pkce_challenge(challenge)
        .url();
    let answer = http.get(address).send()?;
    let location = answer.headers()["location"].to_str()?.to_owned();
    println!(
        "the same state: {}",
        parameter(&location, "state") == *state.secret()
    );

    let code = AuthorizationCode::new(parameter(&location, "code"));
    let exchange = client.exchange_code(code).set_pkce_verifier(verifier);
    let token = exchange.request(&http)?;
    let me = |access: &str| -> Result<Response> {
        let address = format!("{zendesk}/api/v2/users/me.json");
        Ok(http.get(address).bearer_auth(access).send()?)
    };
    println!("a user: {}", name(me(token.access_token().secret())?)?);

    println!("half an hour passes");
    let mut answer = me(token.access_token().secret())?;
    while answer.status().is_success() {
        sleep(Duration::from_millis(20));
        answer = me(token.access_token().secret())?;
    }
    let status = answer.status().as_u16();
    println!("{status} {}", document(answer)?["error"]);

    let refresh = token.refresh_token().ok_or("there is no refresh token")?;
    let renewed = client.exchange_refresh_token(refresh).request(&http)?;
    println!("renewed: {}", name(me(renewed.access_token().secret())?)?);
    let again = client.exchange_refresh_token(refresh).request(&http);
    println!("a second time is refused: {}", again.is_err());
    Ok(())
}

/// A parameter of an address. Codes and states need no decoding.
fn parameter(address: &str, name: &str) -> String {
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let pairs = query.split('&').filter_map(|pair| pair.split_once('='));
    let mut values = pairs.filter(|(other, _)| *other == name);
    values
        .next()
        .map_or_else(String::new, |(_, value)| value.to_owned())
}

fn document(answer: Response) -> Result<Value> {
    Ok(serde_json::from_str(&answer.text()?)?)
}

fn name(answer: Response) -> Result<Value> {
    Ok(document(answer)?["user"]["name"].take())
}
