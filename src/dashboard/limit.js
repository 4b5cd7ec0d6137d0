// What is left of the rate limit, as a gauge that runs down with the account's clock.
import { el, refresher, write } from "./dom.js";
import { number, span } from "./format.js";

export class Limit {
	constructor(context) {
		this.context = context;
		this.bar = el("span", { class: "bar", "aria-hidden": "true" }, el("span"));
		this.text = el("span", {});
		this.element = el("div", { class: "limit", title: "The rate limit of the account" }, this.bar, this.text);
		this.refresh = refresher(500, () => this.read());
		setInterval(() => this.show(), 1_000);
	}

	async read() {
		this.reading = (await this.context.read((account) => account.limit())) ?? this.reading;
		this.show();
	}

	show() {
		if (!this.reading || this.context.clock.now() === null) return;
		const { limit, remaining, reset_at: end } = this.reading;
		this.bar.hidden = limit === null;
		if (limit === null) {
			write(this.text, "No rate limit");
			return;
		}
		const left = end ? Math.ceil((Date.parse(end) - this.context.clock.now()) / 1_000) : 0;
		// The window has ended: the next call begins another one.
		const now = end && left <= 0 ? limit : remaining;
		this.element.classList.toggle("over", now === 0);
		this.bar.style.setProperty("--part", limit ? now / limit : 0);
		const rest = now < limit && left > 0 ? `, resets in ${span(left)}` : "";
		write(this.text, `${number(now)} of ${number(limit)} calls left${rest}`);
	}
}
