// The journal as it grows.
import { filter } from "./address.js";
import { button, el, options, set, write } from "./dom.js";
import { Feed } from "./feed.js";
import { counted, number } from "./format.js";
import { Limit } from "./limit.js";
import { Report } from "./report.js";
import { createDetails, createRow } from "./request.js";

const COLUMNS = [
	["No.", "number"], ["Time", "time"], ["Status", "code"], ["Method", "method"], ["Path", "path"],
	["Caller", "caller"], ["Duration", "took"],
];
const CLASSES = [["", "Any status"], ["2", "2xx"], ["3", "3xx"], ["4", "4xx"], ["5", "5xx"]];

export class Requests extends Feed {
	constructor(context) {
		super(context, {
			view: "requests",
			noun: "request",
			columns: COLUMNS,
			searched: "path",
			placeholder: "Search paths",
			none: () => `No requests yet. Point a client at ${context.document?.urls.path}, and they appear here.`,
		});
		this.limit = new Limit(context);
		this.report = new Report(context);
		this.parts[0].append(this.limit.element);
		this.parts.unshift(this.report.element);
	}

	tools() {
		const choose = (name, label) =>
			el("select", { "aria-label": label, onchange: ({ target }) => filter("requests", { [name]: target.value }) });
		this.kind = choose("status", "Status");
		this.operation = choose("operation", "Operation");
		this.only = button("", () => filter("requests", { only: "" }), { class: "chip", hidden: true });
		this.pause = button("Pause", () => this.setPaused(!this.isPaused), { "aria-pressed": "false" });
		return [this.kind, this.operation, this.only, this.pause, this.count];
	}

	get last() {
		return this.all[0]?.sequence ?? 0;
	}

	createRow(request) {
		return createRow(request, () => this.open(request));
	}

	async createDetails(sequence) {
		const [request] = await this.read({ after: sequence - 1, limit: 1 }).catch(() => []);
		return String(request?.sequence) === sequence ? createDetails(request, this.context) : null;
	}

	read(query) {
		return this.context.account.requests(query).then(({ requests }) => requests);
	}

	fits({ sequence, status, operation, path }, chosen) {
		return (
			(!chosen.status || String(status).startsWith(chosen.status)) &&
			(!chosen.operation || operation === chosen.operation) &&
			(!chosen.path || path.toLowerCase().includes(chosen.path.toLowerCase())) &&
			(!chosen.only || chosen.only.split(",").includes(String(sequence))) &&
			(!this.isPaused || sequence <= this.shownUpTo)
		);
	}

	async start(last) {
		await super.start(last);
		this.shownUpTo = this.last;
	}

	show() {
		const { chosen } = this;
		const operations = new Set(this.all.map(({ operation }) => operation).filter(Boolean));
		if (chosen.operation) operations.add(chosen.operation);
		const known = [...operations].sort().map((name) => [name, name]);
		options(this.operation, [["", "Any operation"], ...known], chosen.operation ?? "");
		options(this.kind, CLASSES, chosen.status ?? "");
		this.only.hidden = !chosen.only;
		if (chosen.only) write(this.only, `${counted(chosen.only.split(",").length, "request")} of the report ×`);
		const waiting = this.all.filter(({ sequence }) => sequence > this.shownUpTo).length;
		write(this.pause, this.isPaused ? `Resume (${number(waiting)})` : "Pause");
		super.show();
		this.limit.refresh();
		this.report.refresh();
	}

	setPaused(isPaused) {
		Object.assign(this, { isPaused, shownUpTo: this.last });
		set(this.pause, { "aria-pressed": String(isPaused) });
		this.show();
		this.context.showNew();
	}
}
