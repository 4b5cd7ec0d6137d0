// How many agents are in each status, and in each status of each channel. Each count is a filter.
import { filter, filters } from "./address.js";
import { CHANNELS, statusClass } from "./agent_row.js";
import { button, el, set, write } from "./dom.js";
import { number, statusName, words } from "./format.js";

const STATES = ["online", "away", "transfers_only", "offline"];
const NONE = { status: "", channel: "", channel_status: "" };

export class Counts {
	constructor() {
		this.element = el("div", "counts");
		this.tiles = [];
	}

	show(counts) {
		this.counts = counts;
		const { agents, agent_statuses: statuses, channels } = counts;
		const rank = ({ standard }) => (STATES.indexOf(standard) + 1 || STATES.length + 1);
		const sorted = [...statuses].sort((a, b) => rank(a) - rank(b));
		const byStatus = sorted.map((status) => ({
			label: statusName(status),
			kind: statusClass(status),
			filter: { status: String(status.id) },
			agents: status.agents,
		}));
		const ofChannel = (channel) =>
			STATES.map((state) => ({
				label: words(state),
				kind: state,
				filter: { channel, channel_status: state },
				agents: channels[channel][state] ?? 0,
			}));
		const groups = [["", [{ label: "All", kind: "none", filter: {}, agents }, ...byStatus]]];
		CHANNELS.filter((name) => channels[name]).forEach((name) => groups.push([words(name), ofChannel(name)]));
		const tiles = groups.flatMap(([, all]) => all);
		// The buttons stay, so that the focus does.
		const labels = JSON.stringify(groups.map(([name, all]) => [name, all.map(({ label, kind }) => [label, kind])]));
		if (labels !== this.labels) this.make(groups);
		this.labels = labels;
		tiles.forEach((tile, place) => write(this.tiles[place].it.lastChild, number(tile.agents)));
		this.mark();
	}

	make(groups) {
		this.tiles = [];
		const boxes = groups.map(([name, all]) => {
			const buttons = all.map((tile) => this.tile(tile));
			const label = name ? `${name}: agents by status` : "Agents by status";
			const title = name ? el("h2", {}, name) : null;
			return el("div", { class: name ? "by" : "tiles", role: "group", "aria-label": label }, title, buttons);
		});
		this.element.replaceChildren(boxes[0], el("div", "channels", boxes.slice(1)));
	}

	tile({ label, kind, filter: own }) {
		const isAll = Object.keys(own).length === 0;
		const choose = () => {
			const isOn = it.getAttribute("aria-pressed") === "true";
			const off = Object.fromEntries(Object.keys(own).map((name) => [name, ""]));
			filter("team", { ...(isAll ? NONE : isOn ? off : own), after: "" });
		};
		const text = el("span", { class: `status ${kind}`, dir: "auto" }, label);
		const it = button([text, el("b")], choose);
		this.tiles.push({ it, own: isAll ? NONE : own });
		return it;
	}

	mark() {
		const now = { ...NONE, ...filters("team") };
		for (const { it, own } of this.tiles) {
			const isOn = Object.entries(own).every(([name, value]) => now[name] === value);
			set(it, { "aria-pressed": String(isOn) });
		}
	}

	/** How many agents fit the filter, if one of the counts says so. */
	get chosen() {
		const { status, channel, channel_status: state } = filters("team");
		const { agents, agent_statuses: statuses = [], channels = {} } = this.counts ?? {};
		if (channel) return status ? undefined : channels[channel]?.[state];
		return status ? statuses.find(({ id }) => String(id) === status)?.agents : agents;
	}
}
