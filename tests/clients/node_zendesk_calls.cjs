// What a program does with node-zendesk: its methods where it has them, and its generic request for the rest.
const { createClient } = require("node-zendesk");

const { ZENDESK_URL, ZENDESK_EMAIL, ZENDESK_TOKEN } = process.env;
const login = { username: ZENDESK_EMAIL, token: ZENDESK_TOKEN };
// `endpointUri` stands in for the address of one API, and Talk is another one.
const support = createClient({ ...login, endpointUri: `${ZENDESK_URL}/api/v2` });
const talk = createClient({ ...login, endpointUri: `${ZENDESK_URL}/api/v2/channels/voice` });

const STATUSES = ["agent_availabilities", "agent_statuses"];

async function people() {
  const { result: me } = await support.users.me();
  console.log(`${me.name} <${me.email}> ${me.role}, active ${me.active}, photo ${me.photo}`);
  const users = await support.users.listWithFilter("role", "admin");
  console.log(users.map((user) => user.name).join(", "));
  const found = await support.users.search({ query: "email:agent@example.com" });
  console.log(found.map((user) => user.id).join(", "));
  const { result: several } = await support.users.showMany([10011, 10012]);
  console.log(several.map((user) => user.email).join(", "));
}

async function groups() {
  for (const group of await support.groups.list()) {
    const users = await support.users.listByGroup(group.id);
    console.log(`${group.name}: ${users.length} users`);
  }
  const memberships = await support.groupmemberships.listByGroup(44);
  console.log(memberships.map((membership) => membership.user_id).join(", "));
}

async function calls() {
  const { result: availability } = await talk.availabilities.show(10022);
  console.log(`${availability.agent_state}, ${availability.call_status}, ${availability.via}`);
  const { result: updated } = await talk.availabilities.update(10022, { availability: { via: "phone" } });
  console.log(`${updated.agent_state}, ${updated.via}`);
  const { result: activity } = await talk.voice.currentqueueactivity.show();
  console.log(`${activity.agents_online} online`);
}

async function statuses() {
  const { result: list } = await support.users.request("GET", STATUSES);
  console.log([...list.default, ...list.custom].map((status) => status.attributes.name).join(", "));
  const { result: update } = await support.users.request("PUT", [...STATUSES, "agents", 10023], { id: 123 });
  console.log(update.data.attributes.agent_status.name);
  const { result: agent } = await support.users.request("GET", ["agent_availabilities", 10023]);
  console.log(`${agent.data.attributes.agent_status.name}, ${agent.included[0].attributes.status}`);
  const refused = await support.users.request("PUT", [...STATUSES, "agents", 10023], { id: 999 }).catch((error) => error);
  console.log(refused.message);
}

async function main() {
  for (const part of [people, groups, statuses, calls]) await part();
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
