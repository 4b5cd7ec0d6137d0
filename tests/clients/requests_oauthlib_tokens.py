"""A program with requests-oauthlib: for itself by client credentials, and for a user by a code with PKCE and refreshes."""

import os
import time

# Both libraries want https, also on this machine.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

import requests
from oauthlib.oauth2 import BackendApplicationClient, InvalidGrantError
from requests_oauthlib import OAuth2Session

URL = os.environ["ZENDESK_URL"]
TOKENS = f"{URL}/oauth/tokens"
CLIENT = os.environ["ZENDESK_CLIENT_ID"]
SECRET = os.environ["ZENDESK_CLIENT_SECRET"]
# A program on a user's machine cannot keep a secret. It has a client of its own.
PUBLIC_CLIENT = "demo-cli"
REDIRECT = "http://localhost:19186/"

stored = {}


def store(token):
    """Keeps the newest pair. A refresh token works once, so this comes before the next call."""
    stored.clear()
    stored.update(token)


def me(session):
    answer = session.get(f"{URL}/api/v2/users/me.json", timeout=10)
    answer.raise_for_status()
    return answer.json()["user"]["name"]


def for_itself():
    session = OAuth2Session(client=BackendApplicationClient(CLIENT, scope=["read"]))
    token = session.fetch_token(TOKENS, client_id=CLIENT, client_secret=SECRET)
    print(f"itself: {me(session)}, {token['expires_in']} s, refresh token: {'refresh_token' in token}")


def consent(address):
    """What a browser does once the user has allowed it: it follows the redirect to the program."""
    answer = requests.get(address, allow_redirects=False, timeout=10)
    assert answer.status_code == 302, answer.text
    return answer.headers["Location"]


def for_a_user():
    session = OAuth2Session(
        PUBLIC_CLIENT,
        redirect_uri=REDIRECT,
        scope=["read", "write"],
        pkce="S256",
        auto_refresh_url=TOKENS,
        auto_refresh_kwargs={"client_id": PUBLIC_CLIENT},
        token_updater=store,
    )
    address, _ = session.authorization_url(f"{URL}/oauth/authorizations/new")
    store(session.fetch_token(TOKENS, authorization_response=consent(address), include_client_id=True))
    print(f"a user: {me(session)}, {stored['expires_in']} s")
    return session


def renew(session):
    first = dict(stored)
    real = time.time
    time.time = lambda: real() + 1801  # half an hour later, for the library
    print(f"renewed: {me(session)}, another pair: {stored['refresh_token'] != first['refresh_token']}")
    restarted = OAuth2Session(PUBLIC_CLIENT, token=stored)
    print(f"restarted: {me(restarted)}")
    old = OAuth2Session(PUBLIC_CLIENT, token={**first, "expires_in": 1800, "expires_at": time.time() + 1800})
    print(f"the old token: {old.get(f'{URL}/api/v2/users/me.json', timeout=10).json()['error']}")
    try:
        old.refresh_token(TOKENS, client_id=PUBLIC_CLIENT)
    except InvalidGrantError as refusal:
        print(f"the old refresh token: {refusal.error}")


def main():
    for_itself()
    renew(for_a_user())


main()
