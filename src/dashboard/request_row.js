// A request in the list.
import { button, el } from "./dom.js";
import { micros } from "./format.js";
import { cell, row, timeCell } from "./list.js";

export const statusKind = (status) => `code c${Math.floor(status / 100)}`;

export function callerName({ caller }) {
	if (!caller) return "unknown";
	return caller.email ?? (caller.user_id === null ? "admin" : `user ${caller.user_id}`);
}

export function createRow(request, open) {
	const path = button(request.path, open, { class: "open", tabindex: "-1" });
	const query = Object.entries(request.query).map(([name, value]) =>
		el("span", "parameter", `${name}=`, el("b", {}, value)),
	);
	const unread = request.unread.map((part) => el("span", { class: "parameter unread", title: "Nothing reads it" }, part));
	const notes = [];
	if (request.fault) notes.push(el("span", "fault", `fault: ${request.fault}`));
	if (request.hint && request.hint !== `fault: ${request.fault}`) notes.push(el("span", {}, request.hint));
	return row(
		{},
		cell("number", request.sequence),
		timeCell(request),
		cell("code", el("span", statusKind(request.status), request.status)),
		cell("method", request.method),
		cell("path", el("div", {}, path, " ", ...query, ...unread), notes.length ? el("small", "hint", notes) : null),
		cell("caller", callerName(request)),
		cell("took", micros(request.duration_us)),
	);
}
