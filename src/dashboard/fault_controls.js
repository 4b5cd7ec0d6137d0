// Rules by name, on and off, and how many requests each has hit.
import { button, card, el, field, refresher, set, write } from "./dom.js";
import { counted, number } from "./format.js";

const PRESETS = {
	"unavailable-retry-after": "A 503 with Retry-After: 1",
	"rate-limit-text-body": "A 429 with text",
	"rate-limit-json-body": "A 429 with JSON",
	"edge-rate-limit": "A 429 without Retry-After",
	"html-error-page": "A 502 with a proxy's page",
	"truncated-json": "Ends after 64 bytes",
	"reset-mid-body": "A reset within the body",
	"slow-first-byte": "A body that is 2 s late",
	"expired-cursor": "A 400 for pages by cursor",
	"stuck-cursor": "The same page again",
	"missing-cursor": "More, but no cursor",
	tickets: "Takes and updates tickets",
	"oauth-omits-expires-in": "No expires_in",
	"oauth-lost-answer": "A token that does not arrive",
	"oauth-invalid-grant": "A 400 for a grant",
};

export class FaultControls {
	constructor(context, log) {
		Object.assign(this, { context, log });
		this.first = el("input", { type: "number", min: "1", placeholder: "all", onchange: () => this.resend() });
		this.off = button("All off", () => this.put([]));
		this.rows = new Map(Object.keys(PRESETS).map((preset) => [preset, this.row(preset)]));
		this.others = el("ul", "faults");
		this.element = card("Faults",
			el("div", "row", field("Hit only this many requests", this.first)),
			el("ul", "faults", [...this.rows.values()].map(({ element }) => element)),
			this.others,
			el("div", "row", this.off),
		);
		this.rules = [];
		this.refresh = refresher(500, () => this.read());
	}

	row(preset) {
		const hits = el("span", "hits quiet");
		const label = [el("b", {}, preset), el("small", {}, PRESETS[preset])];
		const control = button(label, () => this.toggle(preset), { role: "switch", "aria-checked": "false" });
		return { element: el("li", {}, control, hits), control, hits };
	}

	async read() {
		const rules = await this.context.read((account) => account.faults());
		if (rules) this.show(rules);
	}

	show(rules) {
		this.rules = rules;
		this.off.disabled = !rules.length;
		for (const [preset, { control, hits }] of this.rows) {
			const rule = rules.find((rule) => rule.preset === preset);
			set(control, { "aria-checked": String(Boolean(rule) && !isUsedUp(rule)) });
			write(hits, rule ? said(rule) : "");
		}
		const others = rules.filter(({ preset }) => !this.rows.has(preset));
		this.others.replaceChildren(...others.map((rule) => this.other(rule)));
	}

	other(rule) {
		const name = rule.name ?? `Rule ${rule.id}`;
		return el("li", {}, el("span", {}, el("b", {}, name), ` ${JSON.stringify(rule.fault ?? rule.answer).slice(0, 99)}`),
			el("span", "hits quiet", said(rule)), button("Remove", () => this.put(this.rules.filter((it) => it !== rule)), { class: "plain" }));
	}

	toggle(preset) {
		const others = this.rules.filter((rule) => rule.preset !== preset);
		const isOn = this.rules.some((rule) => rule.preset === preset && !isUsedUp(rule));
		return this.put(isOn ? others : [...others, this.limited({ preset })]);
	}

	/** A rule for as many requests as the field says. */
	limited({ when: { first, ...when } = {}, ...rule }) {
		if (this.first.value > 0) when.first = +this.first.value;
		return Object.keys(when).length ? { ...rule, when } : rule;
	}

	/** Presets that are on follow the field. */
	resend() {
		const isPreset = (rule) => this.rows.has(rule.preset) && !isUsedUp(rule);
		if (this.rules.some(isPreset)) this.put(this.rules.map((rule) => (isPreset(rule) ? this.limited(rule) : rule)));
	}

	/** Sets all rules. They begin to count again, so presets that are used up are left out. */
	async put(rules) {
		this.rules = rules.filter((rule) => !this.rows.has(rule.preset) || !isUsedUp(rule));
		const faults = this.rules.map(({ id, matched, hits, ...rule }) => rule);
		const answer = await this.log.make("PUT", this.context.account.path("/faults"), { faults });
		if (answer) this.show(answer.faults);
		else this.refresh();
	}
}

const isUsedUp = ({ matched, when }) => matched >= (when?.after ?? 0) + (when?.first ?? Infinity);
const said = (rule) =>
	`${isUsedUp(rule) ? "used up: " : ""}hit ${number(rule.hits)} of ${counted(rule.matched, "request")}`;
