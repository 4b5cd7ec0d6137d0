// A program with simple-oauth2. It takes a 401 with `invalid_token` as the sign to renew its token, and stores the new
// pair before it uses it.
const { AuthorizationCode, ClientCredentials } = require("simple-oauth2");

const { ZENDESK_URL, ZENDESK_CLIENT_ID, ZENDESK_CLIENT_SECRET } = process.env;
const host = new URL(ZENDESK_URL);
const path = (end) => `${host.pathname.replace(/\/$/, "")}${end}`;
const config = {
  client: { id: ZENDESK_CLIENT_ID, secret: ZENDESK_CLIENT_SECRET },
  auth: { tokenHost: host.origin, tokenPath: path("/oauth/tokens") },
  // Zendesk documents the client's secret among the parameters.
  options: { authorizationMethod: "body" },
};
const redirect = "http://localhost:3000/callback";

function call(token) {
  const headers = { authorization: `Bearer ${token.token.access_token}` };
  return fetch(`${ZENDESK_URL}/api/v2/users/me.json`, { headers });
}

async function name(answer) {
  if (!answer.ok) throw new Error(`${answer.status} ${await answer.text()}`);
  return (await answer.json()).user.name;
}

async function forItself() {
  const token = await new ClientCredentials(config).getToken({ scope: "read" });
  console.log(`itself: ${await name(await call(token))}, refresh token: ${"refresh_token" in token.token}`);
}

async function forAUser() {
  const auth = { ...config.auth, authorizePath: path("/oauth/authorizations/new") };
  const client = new AuthorizationCode({ ...config, auth });
  const address = client.authorizeURL({ redirect_uri: redirect, scope: "read write", state: "a state" });
  const answer = await fetch(address, { redirect: "manual" });
  const back = new URL(answer.headers.get("location")).searchParams;
  console.log(`back with the state: ${back.get("state")}`);
  return client.getToken({ code: back.get("code"), redirect_uri: redirect });
}

// Works until the token ends, and then renews it once.
async function work(token) {
  console.log(`a user: ${await name(await call(token))}`);
  console.log("half an hour passes");
  let answer = await call(token);
  while (answer.ok) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    answer = await call(token);
  }
  console.log(`${answer.status} ${(await answer.json()).error}`);
  const renewed = await token.refresh();
  console.log(`renewed: ${await name(await call(renewed))}`);
  try {
    await token.refresh();
  } catch (refusal) {
    console.log(`a second time: ${refusal.output.statusCode} ${refusal.data.payload.error}`);
  }
}

async function main() {
  await forItself();
  await work(await forAUser());
}

main();
