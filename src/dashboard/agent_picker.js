// Finds an agent by name, e-mail address or id.
import { filter } from "./address.js";
import { button, debounce, el } from "./dom.js";

const MOST = 8;

export class AgentPicker {
	constructor(context) {
		this.context = context;
		const search = debounce(150, () => this.find());
		this.input = el("input", {
			type: "search", placeholder: "Name, e-mail or id", "aria-label": "Find an agent", oninput: search,
		});
		this.found = el("ul", { class: "found", hidden: true });
		this.element = el("div", "picker", this.input, this.found);
	}

	async find() {
		const text = this.input.value.trim();
		this.found.hidden = text === "";
		if (!text) return;
		const page = await this.context.read((account) => account.agents({ text, limit: MOST }));
		if (!page || text !== this.input.value.trim()) return;
		this.context.names.learn(page.users);
		const none = el("li", "quiet", "No agent is called like this.");
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
