// The account's clock: stopped, moved, and back on the machine's time.
import { button, card, el, field, form, write } from "./dom.js";
import { words } from "./format.js";

export class ClockControls {
	constructor(context, log) {
		Object.assign(this, { context, log });
		this.state = el("p", "quiet");
		this.by = el("input", { type: "text", value: "60s", size: "6" });
		const advance = () => this.make("POST", "/clock/advance", { by: this.by.value.trim() });
		this.element = card("Clock",
			this.state,
			el("div", "row",
				button("Freeze", () => this.make("PUT", "/clock", { mode: "frozen" })),
				button("Real time", () => this.make("PUT", "/clock", { mode: "real" })),
			),
			form("row", advance, field("Advance by", this.by), el("button", { type: "submit" }, "Advance")),
		);
		setInterval(() => this.show(), 1_000);
	}

	async make(method, rest, document) {
		const state = await this.log.make(method, this.context.account.path(rest), document);
		if (state) this.context.clock.set(state);
		this.show();
		this.context.moved();
	}

	show() {
		const now = this.context.clock.now();
		if (now === null) return;
		const time = new Date(now).toISOString().slice(0, 19).replace("T", " ");
		write(this.state, `${words(this.context.clock.mode)}, ${time} UTC`);
	}
}
