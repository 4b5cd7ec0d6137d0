// The account in the head of the page, its time, and the state of the stream.
import { change } from "./address.js";
import { listAccounts } from "./api.js";
import { el, options, write } from "./dom.js";
import { timeOfDay } from "./format.js";

const LINK = {
	connecting: ["Connecting…", "away"],
	live: ["Live", "online"],
	waiting: ["No answer, trying again…", "error"],
	paused: ["Paused", "offline"],
	refused: ["Refused", "error"],
};

export class AccountBar {
	constructor(context) {
		this.context = context;
		this.select = document.getElementById("account");
		this.now = document.getElementById("now");
		this.link = document.getElementById("link");
		const choose = () => change({ account: this.select.value, "controls.agent": "" }, { isStep: true });
		this.select.addEventListener("change", choose);
		this.select.addEventListener("focus", () => this.read().catch(() => {}));
		setInterval(() => this.showTime(), 1_000);
	}

	async read() {
		this.accounts = await listAccounts();
		this.show();
	}

	/** The account that is shown if the address names none. */
	get usual() {
		return this.accounts?.find((account) => account.default)?.subdomain;
	}

	show() {
		const chosen = this.context.account?.subdomain;
		const names = this.accounts.map(({ subdomain }) => subdomain);
		if (chosen && !names.includes(chosen)) names.push(chosen);
		options(this.select, names.map((name) => [name, name]), chosen);
	}

	showLink(state) {
		document.body.classList.toggle("refused", state === "refused" && !this.accounts);
		const [text, kind] = LINK[state];
		const dot = el("span", `status ${kind}`, text);
		this.link.replaceChildren(dot);
	}

	showTime() {
		const { clock } = this.context;
		const now = clock.now();
		if (now === null) return;
		write(this.now, `${timeOfDay(now)} UTC${clock.difference && ` · ${clock.difference}`}`);
	}
}
