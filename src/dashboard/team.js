// The team: agents as they are, a hundred at a time.
import { filter, filters } from "./address.js";
import { CHANNELS, createRow, showAge, updateRow } from "./agent_row.js";
import { Counts } from "./counts.js";
import { button, el, options, refresher, searchField, write } from "./dom.js";
import { agentOf } from "./event_text.js";
import { counted, number, words } from "./format.js";
import { List, table } from "./list.js";

const PAGE = 100;
/** If more have changed, their page is read. */
const ONE_BY_ONE = 4;

export class Team {
	constructor(context) {
		this.context = context;
		this.counts = new Counts();
		this.search = searchField(() => filter("team", { text: this.search.value.trim(), after: "" }));
		const choose = ({ target }) => filter("team", { group: target.value, after: "" });
		this.group = el("select", { "aria-label": "Group", onchange: choose });
		const columns = [["Agent", "who"], ["Status", "unified"], ["Since", "since"]];
		const { element, body } = table("Agents", [...columns, ...CHANNELS.map((name) => [words(name), "channel"])]);
		this.list = new List(body, {
			key: ({ id }) => String(id),
			create: (agent) => createRow(agent, context),
			update: (row, agent) => updateRow(row, agent, context),
		});
		this.empty = el("p", { class: "empty", hidden: true });
		this.first = button("First page", () => filter("team", { after: "" }, { isStep: true }));
		this.next = button("Next page", () => filter("team", { after: this.after }, { isStep: true }));
		this.place = el("span", "quiet");
		const tools = el("div", "tools", this.search, this.group, this.place, this.first, this.next);
		this.parts = [this.counts.element, tools, element, this.empty];
		this.agents = new Map();
		this.changed = new Set();
		this.refresh = refresher(250, () => this.read(), 500);
		this.recount = refresher(1_000, () => this.count());
		setInterval(() => this.showAges(), 1_000);
	}

	get query() {
		const { status: agent_status_id, channel, channel_status, group: group_id, text } = filters("team");
		return { agent_status_id, channel, channel_status, group_id, text };
	}

	get isFiltered() {
		return Object.values(this.query).some(Boolean);
	}

	show() {
		const { group = "", text = "" } = filters("team");
		if (document.activeElement !== this.search) this.search.value = text;
		options(this.group, [["", "Any group"], ...this.context.groups.map(({ id, name }) => [id, name])], group);
		this.counts.mark();
		this.missed();
	}

	/** Any agent may have changed. */
	missed() {
		this.isStale = true;
		this.refresh();
		this.recount();
	}

	take(events) {
		events.forEach((event) => this.happened(event));
	}

	happened(event) {
		const id = agentOf(event);
		this.recount();
		// With a filter, any agent can come or leave. If all are shown, another is new.
		const isOnePage = this.after === null && !filters("team").after;
		if (id !== null && this.agents.has(id) && !this.isFiltered) this.changed.add(id);
		else if (this.isFiltered || isOnePage) this.isStale = true;
		else return;
		this.refresh();
	}

	async read() {
		const { account } = this.context;
		if (!account) return;
		const changed = [...this.changed];
		this.changed.clear();
		const isWhole = this.isStale || changed.length > ONE_BY_ONE;
		this.isStale = false;
		try {
			if (isWhole) await this.readPage(account);
			else await Promise.all(changed.map((id) => this.readAgent(account, id)));
		} catch (problem) {
			if (account === this.context.account) this.context.report(problem);
			return;
		}
		if (account === this.context.account) this.showAgents();
	}

	async readPage(account) {
		const page = await account.agents({ ...this.query, after: filters("team").after, limit: PAGE });
		if (account !== this.context.account) return;
		this.context.names.learn(page.users);
		this.agents = new Map(page.agents.map((agent) => [String(agent.id), agent]));
		this.after = page.next;
	}

	async readAgent(account, id) {
		const agent = await account.agent(id).catch((problem) => {
			if (problem.status !== 404) throw problem;
		});
		if (agent) this.agents.set(id, agent);
		else this.agents.delete(id);
	}

	async count() {
		const { group_id, text } = this.query;
		const counts = await this.context.read((account) => account.counts({ group_id, text }));
		if (!counts) return;
		// No event says that agents were added or deleted.
		this.isStale ||= counts.agents !== this.counts.counts?.agents;
		if (this.isStale) this.refresh();
		// Another client may have made a status, or deleted one.
		if (counts.agent_statuses.length !== this.context.statuses.length) {
			await this.context.readStatuses();
			this.showAgents();
		}
		const statuses = counts.agent_statuses.map((counted) => ({ ...this.context.status(counted.id), ...counted }));
		this.counts.show({ ...counts, agent_statuses: statuses });
		this.showPlace();
	}

	showAgents() {
		const agents = [...this.agents.values()];
		this.list.show(agents);
		this.empty.hidden = agents.length > 0;
		const none = "This account has no agents. Make some with a seed or a control call.";
		write(this.empty, this.isFiltered ? "No agent fits these filters." : none);
		this.showPlace();
	}

	showPlace() {
		this.first.hidden = !filters("team").after;
		this.next.hidden = !this.after;
		const total = this.counts.chosen;
		const shown = this.agents.size;
		write(this.place, total > shown ? `${number(shown)} of ${counted(total, "agent")}` : counted(shown, "agent"));
	}

	showAges() {
		const now = this.context.clock.now();
		this.list.rows.forEach((row) => showAge(row, now));
	}

	move(step) {
		this.list.move(step);
	}
}
