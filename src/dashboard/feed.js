// What arrives one after the other: the newest in a table, and the details of one beside it.
import { filter, filters, get } from "./address.js";
import { button, debounce, el, searchField, write } from "./dom.js";
import { counted, number } from "./format.js";
import { List, table } from "./list.js";

const NEWEST = 500;

/** A view has `createRow`, `fits(item, filters)`, `read(query)`, `createDetails` and `tools`. */
export class Feed {
	constructor(context, { view, noun, columns, searched, placeholder, none }) {
		Object.assign(this, { context, view, noun, searched, none });
		const { element, body } = table(view, columns);
		this.list = new List(body, { key: ({ sequence }) => String(sequence), create: (item) => this.createRow(item) });
		this.details = el("aside", { class: "details", "aria-label": `The ${noun}`, hidden: true });
		this.empty = el("p", { class: "empty", hidden: true });
		this.search = searchField(() => filter(view, { [searched]: this.search.value.trim() }), placeholder);
		this.count = el("span", "quiet");
		// Once the stream can follow, what it left out is read from the list.
		this.catchUp = debounce(500, async () => {
			const items = await context.read(() => this.readNewest(this.all[0]?.sequence ?? 0));
			if (!items) return;
			this.skipped = 0;
			this.add(items);
			if (get("view") === view) this.show();
		});
		const beside = el("div", "beside", el("div", "rows", element, this.empty), this.details);
		this.parts = [el("div", "tools", this.search, ...this.tools()), beside];
		this.clear();
	}

	get chosen() {
		return filters(this.view);
	}

	clear() {
		this.all = [];
		this.skipped = 0;
		this.detailed = null;
	}

	readNewest(last) {
		return this.read({ after: Math.max(0, last - NEWEST), limit: NEWEST });
	}

	/** Reads the list again, up to the item with this number. */
	async start(last) {
		const { account } = this.context;
		const items = await this.readNewest(last);
		if (account !== this.context.account) return;
		this.clear();
		this.list.show([]);
		this.add(items);
	}

	add(items) {
		if (!items.length) return;
		const known = new Map([...this.all, ...items].map((item) => [item.sequence, item]));
		this.all = [...known.values()].sort((a, b) => b.sequence - a.sequence).slice(0, NEWEST);
	}

	/** What came while the view is shown. */
	take() {
		this.show();
	}

	/** The stream left out this many. */
	skip(count) {
		this.skipped += count;
		if (count) this.catchUp();
	}

	show() {
		const { chosen } = this;
		if (document.activeElement !== this.search) this.search.value = chosen[this.searched] ?? "";
		const shown = this.all.filter((item) => this.fits(item, chosen));
		this.list.show(shown);
		const isAll = shown.length === this.all.length;
		const parts = [isAll ? counted(shown.length, this.noun) : `${number(shown.length)} of ${counted(this.all.length, this.noun)}`];
		if (this.skipped) parts.push(`${number(this.skipped)} came too fast to be shown`);
		write(this.count, parts.join(", "));
		this.empty.hidden = shown.length > 0;
		write(this.empty, this.all.length ? `No ${this.noun} fits these filters.` : this.none());
		this.showDetails(chosen.open ?? null);
	}

	open({ sequence }) {
		filter(this.view, { open: sequence }, { isStep: !this.chosen.open });
	}

	close() {
		if (!this.chosen.open) return false;
		filter(this.view, { open: "" });
		this.list.current?.focus();
		return true;
	}

	async showDetails(sequence) {
		this.list.mark(sequence);
		if (this.detailed === sequence) return;
		this.detailed = sequence;
		const parts = sequence && (await this.createDetails(sequence));
		if (this.detailed !== sequence) return;
		this.details.hidden = !sequence;
		if (!sequence) return;
		const gone = [[], el("p", "empty", `There is no ${this.noun} ${sequence} any more.`)];
		const [buttons, ...rest] = parts ?? gone;
		const close = button("Close", () => this.close(), { class: "plain" });
		this.details.replaceChildren(el("header", {}, el("h2", {}, `No. ${sequence}`), buttons, close), ...rest);
		this.details.scrollTop = 0;
	}

	move(step) {
		const next = this.list.move(step);
		if (this.chosen.open) next?.click();
	}
}
