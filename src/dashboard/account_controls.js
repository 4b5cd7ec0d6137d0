// The account as a whole: routing, reset, snapshots, and accounts made and deleted.
import { change } from "./address.js";
import { accountPath } from "./api.js";
import { ask, confirmed } from "./dialogs.js";
import { button, card, el, options, set } from "./dom.js";

export class AccountControls {
	constructor(context, log) {
		Object.assign(this, { context, log });
		this.routing = button(el("b", {}, "Omnichannel routing"), () => this.setRouting(), { role: "switch" });
		const load = () => this.load(file);
		const file = el("input", { type: "file", accept: ".json", hidden: true, "aria-label": "Snapshot", onchange: load });
		this.remove = button("Delete account", () => this.delete(), { class: "danger" });
		this.element = card("Account",
			el("ul", "faults", el("li", {}, this.routing)),
			el("div", "row",
				button("Save snapshot", () => this.save()),
				button("Load snapshot", () => file.click()),
				file,
			),
			el("div", "row",
				button("New account", () => this.create()),
				button("Reset", () => this.reset(), { class: "danger" }),
				this.remove,
			),
		);
	}

	async read() {
		const document = await this.context.read((account) => account.show());
		if (document) this.context.showDocument(document);
	}

	show() {
		const { document } = this.context;
		if (!document) return;
		set(this.routing, { "aria-checked": String(document.settings.omnichannel_routing) });
		this.remove.hidden = document.default;
	}

	path(rest = "") {
		return this.context.account.path(rest);
	}

	async setRouting() {
		const settings = { omnichannel_routing: this.routing.getAttribute("aria-checked") !== "true" };
		const answer = await this.log.make("PATCH", this.path(), { settings });
		if (answer) this.context.showDocument(answer);
	}

	async reset() {
		const { subdomain } = this.context.account;
		const text = "Agents, settings, faults and requests become as they were when the account was made.";
		if (!(await confirmed(`Reset ${subdomain}?`, text, "Reset"))) return;
		if (await this.log.make("POST", this.path("/reset"), {})) this.context.reload();
	}

	async save() {
		const snapshot = await this.log.make("GET", this.path("/snapshot"));
		if (!snapshot) return;
		const url = URL.createObjectURL(new Blob([JSON.stringify(snapshot, null, 2)], { type: "application/json" }));
		el("a", { href: url, download: `${this.context.account.subdomain}.json` }).click();
		setTimeout(() => URL.revokeObjectURL(url), 60_000);
	}

	async load(file) {
		const [chosen] = file.files;
		if (!chosen) return;
		const text = await chosen.text();
		file.value = "";
		if (await this.log.make("PUT", this.path("/snapshot"), text)) this.context.reload();
	}

	async create() {
		const name = el("input", { type: "text", placeholder: "a free name", autocomplete: "off" });
		const seed = options(el("select"), [["default", "Same as the server"], ["demo", "The demo team"], ["empty", "Empty"]]);
		const fields = [["subdomain", "Subdomain", name], ["seed", "Agents", seed]];
		const answer = await ask({ title: "New account", fields, yes: "Create" });
		if (!answer) return;
		const body = { seed: answer.seed };
		if (answer.subdomain) body.subdomain = answer.subdomain;
		const made = await this.log.make("POST", "/accounts", body);
		if (made) change({ account: made.subdomain, "controls.agent": "" }, { isStep: true });
	}

	async delete() {
		const { context } = this;
		const { subdomain } = context.account;
		if (!(await confirmed(`Delete ${subdomain}?`, "Its agents, requests and events are gone then.", "Delete"))) return;
		// Nothing is read from it any more.
		context.leave();
		const answer = await this.log.make("DELETE", accountPath(subdomain));
		if (answer === undefined) context.open();
		else change({ account: "", "controls.agent": "" });
	}
}
