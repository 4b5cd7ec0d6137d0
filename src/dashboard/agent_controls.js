// What an agent does: sets a status, signs in and out, loses the connection, gets and gives work.
import { statusClass } from "./agent_row.js";
import { filter, filters } from "./address.js";
import { button, card, el, field, options, quiet, refresher, searchField, write } from "./dom.js";
import { statusName, words } from "./format.js";
import { WorkControls } from "./work_controls.js";

const HELP = "Find an agent here, or choose one in the team.";
const PRESENCE = ["Sign in", "Sign out", "Disconnect", "Reconnect", "Go idle"];
const HINT = "Sign out and Disconnect set Offline, Go idle sets Away.";
const FOUND = 8;

export class AgentControls {
	constructor(context, log) {
		Object.assign(this, { context, log });
		this.input = searchField(() => this.find(), undefined, "Find an agent");
		this.found = el("ul", { class: "found", hidden: true });
		this.name = el("h3", { dir: "auto" });
		this.state = el("p", "quiet agent-state");
		this.status = el("select", { "aria-label": "Status" });
		this.work = new WorkControls(context, (...call) => this.make(...call));
		const set = button("Set status", () => this.setStatus(), { class: "main" });
		const presence = PRESENCE.map((name) => {
			const path = name.toLowerCase().replace("go ", "").replace(" ", "-");
			return button(name, () => this.make("POST", `/${path}`, {}));
		});
		this.chosen = el("div", { class: "chosen", hidden: true },
			this.name,
			this.state,
			el("div", "row", field("Unified status", this.status), set),
			el("div", { class: "row presence", role: "group", "aria-label": "Presence" }, presence, el("small", {}, HINT)),
			this.work.element,
		);
		this.none = quiet(HELP);
		const picker = el("div", "picker", this.input, this.found);
		this.element = card("Agent", picker, this.none, this.chosen);
		this.refresh = refresher(250, () => this.read());
	}

	get id() {
		return filters("controls").agent;
	}

	async read() {
		const { account } = this.context;
		const { id } = this;
		if (!account) return;
		this.chosen.hidden = !id;
		this.none.hidden = Boolean(id);
		if (!id) return;
		const agent = await account.agent(id).catch((problem) => problem);
		if (account !== this.context.account || id !== this.id) return;
		if (agent instanceof Error) {
			this.chosen.hidden = true;
			this.none.hidden = false;
			write(this.none, agent.status === 404 ? `This account has no agent ${id}.` : agent.message);
			return;
		}
		this.show(agent);
	}

	show(agent) {
		const { context } = this;
		write(this.none, HELP);
		context.names.find(agent.id, (name) => write(this.name, name ?? `Agent ${agent.id}`));
		const { id, reason } = agent.agent_status;
		const status = context.status(id);
		const badge = el("span", { class: `status ${statusClass(status)}`, dir: "auto" }, statusName(status));
		const parts = [badge, ` · ${words(reason)} · id ${agent.id} · version ${agent.version}`];
		const key = JSON.stringify([agent.id, agent.version, badge.textContent]);
		if (key === this.shown) return;
		this.shown = key;
		this.state.replaceChildren(...parts);
		options(this.status, context.statuses.map((it) => [it.id, statusName(it)]), id);
		this.work.show(agent);
	}

	setStatus() {
		const { value } = this.status;
		// An id beyond JavaScript's numbers stays as it is.
		return this.make("PATCH", "", `{"agent_status":{"id":${value}}}`);
	}

	async make(method, rest, document) {
		const answer = await this.log.make(method, this.context.account.path(`/agents/${this.id}${rest}`), document);
		this.refresh();
		return answer;
	}

	async find() {
		const text = this.input.value.trim();
		this.found.hidden = text === "";
		if (!text) return;
		const page = await this.context.read((account) => account.agents({ text, limit: FOUND }));
		if (!page || text !== this.input.value.trim()) return;
		this.context.names.learn(page.users);
		const none = el("li", "quiet", "No agent matches.");
		this.found.replaceChildren(...(page.agents.length ? page.agents.map((agent) => this.choice(agent)) : [none]));
	}

	choice({ id }) {
		const choose = () => {
			this.input.value = "";
			this.found.hidden = true;
			filter("controls", { agent: id }, { isStep: true });
		};
		const name = el("bdi", {}, this.context.names.get(id) ?? `Agent ${id}`);
		return el("li", {}, button([name, el("small", {}, id)], choose));
	}
}
