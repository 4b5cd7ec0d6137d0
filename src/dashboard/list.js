// Rows in a table, one for each item. Rows that stay are not made again.
import { el } from "./dom.js";
import { timeOfDay } from "./format.js";

/** With roles: CSS that changes the layout removes those of a table. */
export function table(name, columns) {
	const cells = columns.map(([title, kind]) => el("th", { role: "columnheader", scope: "col", class: kind }, title));
	const body = el("tbody", { role: "rowgroup" });
	const head = el("thead", { role: "rowgroup" }, el("tr", { role: "row" }, cells));
	return { element: el("table", { class: `list ${name}`, role: "table", "aria-label": name }, head, body), body };
}

export const row = (attributes, ...cells) => el("tr", { role: "row", ...attributes }, ...cells);
export const cell = (kind, ...children) => el("td", { role: "cell", class: kind }, ...children);

export const timeCell = ({ time }) =>
	cell("time", el("time", { datetime: time, title: time }, timeOfDay(time, { millis: true })));

export class List {
	/** `create(item)` makes a row; `update(row, item)` changes it. A row has one `.open` to focus. */
	constructor(body, { key, create, update = () => {} }) {
		Object.assign(this, { body, key, create, update, rows: new Map() });
		body.addEventListener("focusin", ({ target }) => {
			if (target.matches(".open")) this.makeCurrent((this.chosen = target));
		});
		body.addEventListener("click", ({ target }) => {
			if (!target.closest("button, a")) target.closest("tr").querySelector(".open").click();
		});
	}

	show(items) {
		const keys = new Set(items.map(this.key));
		for (const [key, row] of this.rows) {
			if (keys.has(key)) continue;
			row.remove();
			this.rows.delete(key);
		}
		let place = this.body.firstElementChild;
		for (const item of items) {
			const key = this.key(item);
			let row = this.rows.get(key);
			if (row) this.update(row, item);
			else this.rows.set(key, (row = this.create(item)));
			if (row === place) place = place.nextElementSibling;
			else this.body.insertBefore(row, place);
		}
		// One row can be reached with the tab key, and the others from it.
		if (!this.chosen?.isConnected) this.makeCurrent(this.body.querySelector(".open"));
	}

	makeCurrent(target) {
		this.current?.setAttribute("tabindex", "-1");
		this.current = target;
		target?.setAttribute("tabindex", "0");
	}

	move(step) {
		const all = [...this.body.querySelectorAll(".open")];
		const at = all.indexOf(this.current);
		const isInside = this.body.contains(document.activeElement) || this.body.querySelector("[aria-current]");
		const next = all[isInside ? Math.min(Math.max(at + step, 0), all.length - 1) : Math.max(at, 0)];
		next?.focus();
		next?.scrollIntoView({ block: "nearest" });
		return next;
	}

	mark(key) {
		this.body.querySelector("[aria-current]")?.removeAttribute("aria-current");
		const row = this.rows.get(key);
		if (!row) return;
		row.setAttribute("aria-current", "true");
		this.makeCurrent(row.querySelector(".open"));
	}
}
