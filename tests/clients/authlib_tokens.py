"""A program with Authlib: for itself by client credentials, and for a user by a code with PKCE and refreshes."""

import os
import time

# The library wants https, also on this machine.
os.environ["AUTHLIB_INSECURE_TRANSPORT"] = "1"

import requests
from authlib.common.security import generate_token
from authlib.integrations.requests_client import OAuth2Session

URL = os.environ["ZENDESK_URL"]
TOKENS = f"{URL}/oauth/tokens"
CLIENT = os.environ["ZENDESK_CLIENT_ID"]
SECRET = os.environ["ZENDESK_CLIENT_SECRET"]
REDIRECT = "http://localhost:3000/callback"

stored = {}


def store(token, refresh_token=None, access_token=None):
    stored.clear()
    stored.update(token)


def me(session):
    answer = session.get(f"{URL}/api/v2/users/me.json", timeout=10)
    answer.raise_for_status()
    return answer.json()["user"]["name"]


def half_an_hour_later():
    now = time.time
    time.time = lambda: now() + 1801


def for_itself():
    session = OAuth2Session(CLIENT, SECRET, scope="read", token_endpoint=TOKENS, grant_type="client_credentials")
    first = session.fetch_token(TOKENS)["access_token"]
    print(f"itself: {me(session)}")
    half_an_hour_later()  # there is no refresh token: the library asks for another access token
    print(f"minted anew: {me(session)}, another token: {session.token['access_token'] != first}")


def for_a_user():
    verifier = generate_token(48)
    session = OAuth2Session(
        CLIENT,
        SECRET,
        scope="read write",
        redirect_uri=REDIRECT,
        code_challenge_method="S256",
        token_endpoint=TOKENS,
        update_token=store,
    )
    address, state = session.create_authorization_url(f"{URL}/oauth/authorizations/new", code_verifier=verifier)
    answer = requests.get(address, allow_redirects=False, timeout=10)
    location = answer.headers["Location"]
    session.fetch_token(TOKENS, authorization_response=location, state=state, code_verifier=verifier)
    first = session.token["refresh_token"]
    print(f"a user: {me(session)}")
    half_an_hour_later()
    print(f"renewed: {me(session)}, another pair: {stored['refresh_token'] != first}")


def main():
    for_itself()
    for_a_user()


main()
