// The verdicts of the report, each with the requests that show it.
import { filter, filters } from "./address.js";
import { button, el, marked, refresher } from "./dom.js";
import { counted, words } from "./format.js";

export class Report {
	constructor(context) {
		this.context = context;
		this.list = el("ul", {});
		this.summary = el("summary", {});
		this.element = el("details", { class: "report", open: innerWidth > 700, hidden: true }, this.summary, this.list);
		this.refresh = refresher(2_000, () => this.read());
	}

	async read() {
		const report = await this.context.read((account) => account.report());
		if (report) this.show(report.findings);
	}

	show(findings) {
		const text = JSON.stringify(findings);
		this.element.hidden = findings.length === 0;
		if (text === this.shown) return;
		this.shown = text;
		const count = (verdict) => findings.filter((finding) => finding.verdict === verdict).length;
		const said = (verdict) => (verdict === "note" ? counted(count(verdict), verdict) : `${count(verdict)} ${verdict}`);
		const parts = ["bad", "note", "good"].filter(count).map((verdict) => el("span", verdict, said(verdict)));
		this.summary.replaceChildren("Report ", ...parts);
		const order = { bad: 0, note: 1, good: 2 };
		const sorted = [...findings].sort((a, b) => order[a.verdict] - order[b.verdict]);
		this.list.replaceChildren(...sorted.map((finding) => item(finding)));
	}
}

function item({ rule, verdict, description, requests }) {
	const only = requests.join(",");
	const choose = () => filter("requests", { only: filters("requests").only === only ? "" : only }, { isStep: true });
	return el("li", {},
		el("span", `verdict ${verdict}`, verdict),
		el("span", {}, el("b", {}, words(rule)), " ", el("span", {}, marked(description))),
		button(counted(requests.length, "request"), choose, { class: "plain" }),
	);
}
