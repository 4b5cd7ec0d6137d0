// The control calls that the page made for its user.
import { call, Refused } from "./api.js";
import { ofControlCall } from "./curl.js";
import { copyButton } from "./dialogs.js";
import { debounce, el, quiet, write } from "./dom.js";
import { pretty, timeOfDay } from "./format.js";

const KEPT = 30;
const SHOWN = 4_000;

export class CallLog {
	constructor() {
		this.list = el("ol", "calls");
		this.empty = quiet("Use a control, and the call that it makes appears here.");
		this.said = el("p", { class: "said", role: "status" });
		this.clear = debounce(8_000, () => write(this.said, ""));
		const title = el("h2", {}, "Calls");
		this.element = el("aside", { class: "log", "aria-label": "Calls" }, title, this.said, this.empty, this.list);
	}

	/** The document of the answer, or undefined if it was refused. */
	async make(method, path, document) {
		const body = document === undefined || typeof document === "string" ? document : JSON.stringify(document);
		const shown = { method, path, body };
		try {
			const answer = await call(method, path, body);
			this.add(shown, "done", "");
			return answer ?? null;
		} catch (problem) {
			if (!(problem instanceof Refused)) throw problem;
			this.add(shown, problem.status ? String(problem.status) : "no answer", problem.message);
			return undefined;
		}
	}

	add({ method, path, body }, result, problem) {
		const time = timeOfDay(new Date());
		const isGood = result === "done";
		const head = el("div", "row",
			el("span", `verdict ${isGood ? "good" : "bad"}`, result),
			el("time", {}, time),
			copyButton("Copy as curl", () => ofControlCall({ method, path, body })),
		);
		const line = el("code", "line", el("b", {}, method), ` /_emulator${path}`);
		const shown = body && pretty(body);
		const text = shown && shown.length > SHOWN ? `${shown.slice(0, SHOWN)}\n…` : shown;
		const parts = [head, line, text ? el("pre", { tabindex: "0" }, text) : null];
		this.list.prepend(el("li", {}, ...parts.filter(Boolean), problem ? el("p", "problem", problem) : ""));
		while (this.list.children.length > KEPT) this.list.lastChild.remove();
		this.empty.hidden = true;
		this.said.className = isGood ? "said" : "said problem";
		write(this.said, `${method} ${path}: ${problem || result}`);
		this.clear();
	}
}
